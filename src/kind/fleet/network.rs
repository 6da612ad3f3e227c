//! Answers on the links of instances: all that an instance sends at once shares its bandwidth, which is that of its burst while it
//! has network credits.
//!
//! In: answers with their size. Out: when the last byte of each is sent. An account is looked at when it can first be empty, and each
//! second while it is.

use super::account::Account;
use super::link::{Link, terms};
use super::model::{Fleets, Timer};
use crate::flow::Flow;
use crate::flow::draws::DrawId;
use crate::flow::host::Withheld;
use crate::flow::next::Next;
use crate::id;
use crate::measure::column::the_one;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::resource::Resource;
use crate::units::Time;

/// Time with credits after which an instance without any is news again. Assumption: credits that are spent in less than a minute are those of
/// a moment in which nothing was sent.
const SAME_LACK: Time = Time::from_secs(60);

impl Fleets<'_> {
    /// The application of an instance answers for the first time: from now on it sends.
    pub(super) fn open_link(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let (fleet, seasoned) = (host.group, host.seasoned);
        let Some(network) = self.hardware_of(instance, flow).network.copied() else { return };
        if self.instances[instance as usize].link.is_some() {
            return;
        }
        let part = if seasoned { network.initial } else { 1.0 };
        let account = Account {
            earned: part * terms(&network).most,
            settled: flow.now,
            opened: flow.now,
            ..Account::default()
        };
        let burst = self.settings[fleet].link().map_or(1.0, |link| network.burst.0 / link.0);
        let processor = flow.add_processor(1, burst);
        self.instances[instance as usize].link =
            Some(Link { processor, burst, account, withheld: Withheld::default() });
        self.look_at_link(instance, flow);
    }

    /// An answer begins to be sent.
    pub(super) fn send(&mut self, id: u32, tier: u8, draw: DrawId, flow: &mut Flow) -> Next {
        let Some(processor) = self.link_of(id, tier, flow).map(|link| link.processor) else {
            return Next::Op;
        };
        let demand = flow.draws.of(draw).nanos();
        flow.begin(processor, id, demand);
        Next::Wait
    }

    /// The link over which an attempt sends the answer of a tier.
    pub(super) fn link_of(&self, id: u32, tier: u8, flow: &Flow) -> Option<&Link> {
        self.instances[flow.attempts.tier(id, tier).instance as usize].link.as_ref()
    }

    /// The credits of a link may be spent, or no longer: it sends at its baseline, or at its burst.
    pub(super) fn look_at_link(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let Some(network) = self.hardware_of(instance, flow).network.copied() else { return };
        let Some(link) = &mut self.instances[instance as usize].link else { return };
        let terms = terms(&network);
        link.settle(&terms, flow);
        let is_empty = link.account.is_empty(&terms);
        let changed = std::mem::replace(&mut link.account.held, is_empty) != is_empty;
        let next = link.account.next_look(&terms);
        if changed {
            let share = if is_empty { terms.earning } else { 1.0 };
            let busy = flow.processors[link.processor as usize].busy_area(flow.now);
            link.withheld.change(1.0 - share, busy);
            let (processor, speed) = (link.processor, share * link.burst);
            flow.set_speed(processor, speed);
            self.note_throttled(fleet, is_empty, flow);
            let before = self.each[fleet].throttled_at;
            self.each[fleet].throttled_at = Some(flow.now);
            // A little is earned while nothing is sent, and spent at once: that is the same lack of credits.
            let is_new = before.is_none_or(|before| flow.now - before > SAME_LACK.0);
            if is_empty && is_new && self.each[fleet].throttled == 1 {
                let baseline = network.baseline;
                let text = format!("network credits of an instance are spent: it sends {baseline}");
                flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
            }
        }
        if let Some(next) = next {
            flow.set(Timer::Link { instance }, next);
        }
    }

    /// The instance ends, and with it its link.
    pub(super) fn close_link(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let Some(network) = self.hardware_of(instance, flow).network.copied() else { return };
        let Some(mut link) = self.instances[instance as usize].link.take() else { return };
        flow.cancel(Timer::Link { instance });
        link.settle(&terms(&network), flow);
        let state = &mut self.each[fleet];
        state.throttled_for += link.account.held_for as f64;
        state.sent += link.sent(flow) * link.burst;
        if link.account.held {
            self.note_throttled(fleet, false, flow);
        }
    }

    /// One instance more is held to its baseline, or one less.
    fn note_throttled(&mut self, fleet: usize, more: bool, flow: &mut Flow) {
        let throttled = &mut self.each[fleet].throttled;
        *throttled = if more { *throttled + 1 } else { throttled.saturating_sub(1) };
        flow.note_lost(Resource::Throttled { fleet }, None, *throttled);
    }

    /// A row of the links of a fleet, if it has some.
    pub(super) fn read_links(&mut self, fleet: usize, span: f64, flow: &mut Flow) {
        let Some(unit) = self.settings[fleet].link() else { return };
        let serving = self.series[fleet].serving.last().copied().unwrap_or(0.0);
        let (mut busy, mut waiting, mut sent, mut credits, mut count) =
            (0.0, 0.0, self.each[fleet].sent, 0.0, 0.0);
        let mut members = Vec::new();
        for &instance in &flow.groups[fleet].alive.clone() {
            let Some(terms) = self.hardware_of(instance, flow).network.map(terms) else { continue };
            let Some(link) = &mut self.instances[instance as usize].link else { continue };
            link.settle(&terms, flow);
            let (of_it, jobs) = flow.processor_in_row(link.processor);
            (busy, waiting) = (busy + of_it, waiting + jobs - of_it);
            (credits, count) = (credits + link.account.left().max(0.0) / terms.most.max(1.0), count + 1.0);
            sent += link.sent(flow) * link.burst;
            let host = &flow.hosts[instance as usize];
            members.push(Noted {
                zone: Some(host.place.zone.0.into()),
                ..Noted::new(Part::Instance(host.number), of_it, span.min((flow.now - host.running) as f64))
            });
        }
        flow.note_members(Resource::Network { fleet }, members.into_iter());
        let state = &mut self.each[fleet];
        let grown = sent - std::mem::replace(&mut state.sent_mark, sent);
        let series = the_one(&mut self.series[fleet].network);
        series.busy_percent.push(100.0 * (busy / (serving * span).max(1.0)).min(1.0));
        series.waiting.push(waiting.max(0.0) / span);
        series.mbit_per_s.push(grown * unit.0 / 1e6 / span);
        series.credits_percent.push(if count > 0.0 { 100.0 * credits / count } else { 0.0 });
        series.throttled.push(state.throttled.into());
    }

    /// The links of the instances of a fleet that are there.
    fn links<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = &'a Link> {
        let alive = flow.groups[fleet].alive.iter();
        alive.filter_map(|&instance| self.instances[instance as usize].link.as_ref())
    }

    /// What the links of a fleet have sent so far, in nanoseconds at the burst of its first type.
    pub(super) fn sent(&self, fleet: usize, flow: &Flow) -> f64 {
        self.each[fleet].sent + self.links(fleet, flow).map(|link| link.sent(flow) * link.burst).sum::<f64>()
    }

    /// Instance-nanoseconds for which instances of a fleet had no network credits.
    pub(super) fn throttled_for(&self, fleet: usize, flow: &Flow) -> f64 {
        self.links(fleet, flow)
            .fold(self.each[fleet].throttled_for, |sum, link| sum + link.account.held_for as f64)
    }
}
