//! Warm pools: prepared instances beside a group, which a scale-out takes before it launches others.
//!
//! In: sizes of the group, launches, instances that come back. Out: hosts that begin with what their preparation has left to
//! do. What waits in a pool is no host: nothing of the group counts it.
//! (EC2 Auto Scaling user guide, "Warm pools for Amazon EC2 Auto Scaling", "Using lifecycle hooks with a warm pool".)

use super::language::{DefaultResult, Fleet as Settings, Process, Waiting};
use super::model::{Fleets, Timer};
use super::record::WarmPoolSeries;
use crate::catalog::zone::{Place, Zone};
use crate::dist::Sampler;
use crate::flow::{Flow, number};
use crate::id;
use crate::rng::{Stream, stream};
use crate::units::Time;

/// The pool of a fleet.
#[derive(Debug)]
pub struct Pool {
    members: Vec<Member>,
    /// Instances that have been prepared or have come back so far.
    count: u32,
    /// Taken by launches.
    pub(super) taken: u64,
    /// Billed spans of those that have stopped, or are gone.
    billed: Vec<(u64, u64)>,
    /// Random numbers of the stages of booting, of the hook, of a start and of a stop.
    boot: [Stream; 5],
    hook: Stream,
    start: Stream,
    stop: Stream,
}

/// An instance on its way into the pool, or in it.
#[derive(Clone, Copy, Debug)]
struct Member {
    number: u32,
    place: Place,
    /// When it was launched, or came back: it is billed from then on.
    called: u64,
    /// When EC2 ran it.
    runs: u64,
    /// How long its system, its bootstrap and its application take to start.
    spans: [u64; 3],
    /// When its preparation ends, and when it has stopped.
    prepared: u64,
    ready: u64,
}

/// When an instance of a pool begins each stage of its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) place: Place,
    /// From when on it is billed, beside what its pool has billed.
    pub(super) billed: u64,
    /// When EC2 runs it.
    pub(super) runs: u64,
    /// When its system, its bootstrap and its application begin to start, and when that one answers.
    pub(super) stages: [u64; 3],
    pub(super) answers: u64,
}

/// What is left of some spans, one after the other, when this much of them is done.
fn rest(spans: [u64; 3], mut done: u64) -> [u64; 3] {
    spans.map(|span| {
        let left = span.saturating_sub(done);
        done = done.saturating_sub(span);
        left
    })
}

impl Member {
    fn is_ready(&self, now: u64) -> bool {
        self.ready <= now
    }

    /// What it was billed for before it stopped, up to now.
    fn billed(&self, state: Waiting, now: u64) -> (u64, u64) {
        let until = if state == Waiting::Running { now } else { self.prepared.min(now) };
        (self.called, until.max(self.called))
    }
}

impl Pool {
    /// The empty pool of a fleet, if it has one.
    pub(super) fn new(settings: &Settings, seed: u64) -> Option<Pool> {
        settings.warm_pool.as_ref()?;
        let purpose = |purpose: &str| stream(seed, &format!("fleet.{}/warm pool/{purpose}", settings.name));
        Some(Pool {
            members: Vec::new(),
            count: 0,
            taken: 0,
            billed: Vec::new(),
            boot: ["decision", "launch", "system", "bootstrap", "application"].map(purpose),
            hook: purpose("launch hook"),
            start: purpose("start"),
            stop: purpose("stop"),
        })
    }

    /// Billed spans, up to now.
    pub(super) fn spans<'a>(
        &'a self,
        settings: &'a Settings,
        now: u64,
    ) -> impl Iterator<Item = (u64, u64)> + 'a {
        let state = settings.warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let members = self.members.iter().map(move |member| member.billed(state, now));
        self.billed.iter().copied().chain(members).filter(|(from, to)| from < to)
    }

    fn add(&mut self, member: Member) {
        self.members.push(Member { number: self.count, ..member });
        self.count += 1;
    }

    /// Launches an instance into the pool; returns when its hook gives it up, if it does.
    fn prepare(&mut self, settings: &Settings, place: Place, now: u64) -> Option<u64> {
        let boot = &settings.boot;
        let laws = [&boot.decision, &boot.launch, &boot.system, &boot.bootstrap, &boot.application];
        let mut streams = self.boot.iter_mut();
        let [decision, launch, spans @ ..] =
            laws.map(|law| streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0));
        let called = now.saturating_add(decision);
        let runs = called.saturating_add(launch);
        let (span, is_given_up) = self.waits_in_hook(settings, spans);
        let prepared = runs.saturating_add(span);
        let ready = prepared.saturating_add(self.stop_span(settings));
        self.add(Member { number: 0, place, called, runs, spans, prepared, ready });
        is_given_up.then_some(prepared)
    }

    /// How long an instance stays in `Warmed:Pending:Wait`, and whether its launch is abandoned then. Without a launch hook
    /// nothing waits for what it installs.
    fn waits_in_hook(&mut self, settings: &Settings, spans: [u64; 3]) -> (u64, bool) {
        let Some(hook) = &settings.launch_hook else { return (0, false) };
        let span = match &hook.complete {
            Some(law) => Sampler::new(law).time(&mut self.hook).0,
            None => spans.iter().copied().fold(0, u64::saturating_add),
        };
        let late = span > hook.heartbeat.0;
        (span.min(hook.heartbeat.0), late && hook.default_result == DefaultResult::Abandon)
    }

    fn stop_span(&mut self, settings: &Settings) -> u64 {
        let pool = settings.warm_pool.as_ref().filter(|pool| pool.state != Waiting::Running);
        pool.map_or(0, |pool| Sampler::new(&pool.stop).time(&mut self.stop).0)
    }

    /// Starts an instance that waits here.
    fn start(&mut self, member: Member, settings: &Settings, now: u64) -> Start {
        let state = settings.warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let called = now.saturating_add(Sampler::new(&settings.boot.decision).time(&mut self.boot[0]).0);
        let span =
            settings.warm_pool.as_ref().map_or(0, |pool| Sampler::new(&pool.start).time(&mut self.start).0);
        let runs = called.saturating_add(span);
        let on_the_machine = member.prepared.saturating_sub(member.runs);
        let (begins, left) = match state {
            // The start has its system up; memory is lost, so the application starts from the beginning.
            Waiting::Stopped => {
                let application = Sampler::new(&settings.boot.application).time(&mut self.boot[4]).0;
                (runs, [0, rest(member.spans, on_the_machine)[1], application])
            }
            Waiting::Hibernated => (runs, rest(member.spans, on_the_machine)),
            // It has never stopped.
            Waiting::Running => (member.runs, member.spans),
        };
        let mut at = begins;
        let [installs, starts, answers] = left.map(|span| {
            at = at.saturating_add(span);
            at
        });
        let billed = if state == Waiting::Running { member.called } else { called };
        if state != Waiting::Running {
            self.billed.push(member.billed(state, now));
        }
        let stages = [begins, installs, starts];
        Start { place: member.place, billed, runs, stages, answers: answers.max(runs) }
    }
}

impl Fleets<'_> {
    /// The pool of a group that has existed for long: full, and everything in it is ready.
    pub(super) fn fill_pool(&mut self, fleet: usize, flow: &Flow) {
        for _ in 0..self.pool_size(fleet, flow) {
            let Some(place) = self.pool_place(fleet, true, flow) else { return };
            let Some(pool) = &mut self.each[fleet].pool else { return };
            pool.add(Member { number: 0, place, called: 0, runs: 0, spans: [0; 3], prepared: 0, ready: 0 });
        }
    }

    /// How many instances the pool of a group is to have.
    fn pool_size(&self, fleet: usize, flow: &Flow) -> u32 {
        let pool = self.settings[fleet].warm_pool.as_ref();
        pool.map_or(0, |pool| pool.size(flow.groups[fleet].desired, self.each[fleet].max))
    }

    /// Where the next instance of a pool is launched: where it has the fewest; nothing if every zone is lost or lacks
    /// capacity. Those of the start were launched before.
    fn pool_place(&self, fleet: usize, at_start: bool, flow: &Flow) -> Option<Place> {
        let pool = self.each[fleet].pool.as_ref()?;
        let there = |zone: Zone| pool.members.iter().filter(|member| member.place.zone == zone).count();
        let zones =
            self.open_zones(fleet).filter(|&zone| at_start || !self.lacks_capacity(fleet, zone, flow));
        zones.min_by_key(|&zone| (there(zone), self.in_zone(fleet, zone, flow))).map(Place::at_home)
    }

    /// How many instances of a pool are ready to be taken.
    pub(super) fn ready_in_pool(&self, fleet: usize, flow: &Flow) -> u32 {
        let pool = self.each[fleet].pool.as_ref();
        pool.map_or(0, |pool| pool.members.iter().filter(|it| it.is_ready(flow.now)).count() as u32)
    }

    /// Takes an instance from the pool that is ready, in the zone where the group has the fewest.
    pub(super) fn take_from_pool(&mut self, fleet: usize, flow: &Flow) -> Option<Start> {
        let pool = self.each[fleet].pool.as_ref()?;
        let runs = self.settings[fleet].warm_pool.as_ref()?.state == Waiting::Running;
        // EC2 needs capacity to start an instance that is stopped.
        let able = |zone: Zone| runs || !self.lacks_capacity(fleet, zone, flow);
        let members = pool.members.iter().enumerate();
        let ready = members.filter(|(_, member)| member.is_ready(flow.now) && able(member.place.zone));
        let (at, _) = ready.min_by_key(|(_, member)| self.in_zone(fleet, member.place.zone, flow))?;
        let pool = self.each[fleet].pool.as_mut()?;
        pool.taken += 1;
        let member = pool.members.remove(at);
        Some(pool.start(member, &self.settings[fleet], flow.now))
    }

    /// Launches what the pool lacks, and ends what it has too many: first what is not ready.
    pub(super) fn fit_pool(&mut self, fleet: usize, flow: &mut Flow) {
        if self.each[fleet].pool.is_none() {
            return;
        }
        let wanted = self.pool_size(fleet, flow);
        let alive = flow.groups[fleet].alive.iter();
        let back = alive.filter(|&&it| self.instances[it as usize].returns).count() as u32;
        let there = |fleets: &Self| fleets.each[fleet].pool.as_ref().map_or(0, |it| it.members.len() as u32);
        while there(self) > 0 && there(self) + back > wanted {
            self.end_in_pool(fleet, flow);
        }
        let held = self.is_suspended(fleet, Process::Launch, flow);
        let lacks = wanted.saturating_sub(there(self) + back);
        for _ in 0..if held { 0 } else { lacks } {
            let place = self.pool_place(fleet, false, flow);
            let Some(place) = place.filter(|_| self.tokens.take(1.0, flow.now)) else {
                return self.try_later(fleet, flow);
            };
            let Some(pool) = &mut self.each[fleet].pool else { return };
            let member = pool.count;
            if let Some(at) = pool.prepare(&self.settings[fleet], place, flow.now) {
                flow.set(Timer::WarmHook { fleet: number(fleet), member }, at);
            }
        }
    }

    /// Ends the instance of a pool that has the longest way to go.
    fn end_in_pool(&mut self, fleet: usize, flow: &mut Flow) {
        let Some(pool) = &mut self.each[fleet].pool else { return };
        let last = pool.members.iter().enumerate().max_by_key(|(_, member)| member.ready);
        if let Some((at, _)) = last {
            self.drop_member(fleet, at, flow);
        }
    }

    fn drop_member(&mut self, fleet: usize, at: usize, flow: &mut Flow) {
        let state = self.settings[fleet].warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let Some(pool) = &mut self.each[fleet].pool else { return };
        let member = pool.members.remove(at);
        pool.billed.push(member.billed(state, flow.now));
        flow.cancel(Timer::WarmHook { fleet: number(fleet), member: member.number });
    }

    /// The launch hook of an instance that is prepared for a pool has timed out: the launch is abandoned, and made again.
    pub(super) fn abandon_in_pool(&mut self, fleet: u16, member: u32, flow: &mut Flow) {
        let index = usize::from(fleet);
        let Some(pool) = &self.each[index].pool else { return };
        let Some(at) = pool.members.iter().position(|it| it.number == member) else { return };
        self.drop_member(index, at, flow);
        let text = "launch hook timed out on the way into the warm pool: launch abandoned";
        flow.incident(id::Kind::Fleet, &self.settings[index].name, text.into());
        self.fit_pool(index, flow);
    }

    /// An instance that a scale-in has taken out of service goes back into the pool.
    pub(super) fn return_to_pool(&mut self, instance: u32, flow: &mut Flow) {
        let (fleet, now) = (flow.hosts[instance as usize].group, flow.now);
        let (place, is_lost) = (flow.hosts[instance as usize].place, flow.hosts[instance as usize].is_lost());
        if std::mem::take(&mut self.instances[instance as usize].returns)
            && !is_lost
            && let Some(pool) = &mut self.each[fleet].pool
        {
            let ready = now.saturating_add(pool.stop_span(&self.settings[fleet]));
            pool.add(Member {
                number: 0,
                place,
                called: now,
                runs: now,
                spans: [0; 3],
                prepared: now,
                ready,
            });
        }
        self.fit_pool(fleet, flow);
    }

    /// What waits in a zone that is lost is lost with it: the pool is filled in the others.
    pub(super) fn pool_loses_zone(&mut self, fleet: usize, place: Place, flow: &mut Flow) {
        let there = |fleets: &Self| {
            let pool = fleets.each[fleet].pool.as_ref();
            pool.and_then(|pool| pool.members.iter().position(|member| member.place == place))
        };
        while let Some(at) = there(self) {
            self.drop_member(fleet, at, flow);
        }
        self.fit_pool(fleet, flow);
    }

    /// A row of the pool of a fleet, if it has one.
    pub(super) fn read_pool(&mut self, fleet: usize, flow: &Flow) {
        let Some(pool) = &self.each[fleet].pool else { return };
        let launched = pool.members.iter().filter(|member| member.called <= flow.now).count();
        let ready = pool.members.iter().filter(|member| member.is_ready(flow.now)).count();
        let series = &mut self.series[fleet].warm_pool;
        if series.is_empty() {
            series.push(WarmPoolSeries::default());
        }
        series[0].pending.push((launched - ready) as f64);
        series[0].ready.push(ready as f64);
    }

    /// What the pool of a fleet is billed for, in a run up to an instant.
    pub(super) fn pool_spans(&self, fleet: usize, end: u64) -> impl Iterator<Item = (Time, Time)> + '_ {
        let pool = self.each[fleet].pool.as_ref();
        let spans = pool.into_iter().flat_map(move |pool| pool.spans(&self.settings[fleet], end));
        spans.map(|(from, to)| (Time(from), Time(to)))
    }
}

#[cfg(test)]
mod tests {
    use super::rest;

    #[test]
    fn what_is_done_is_done_in_order() {
        assert_eq!(rest([10, 20, 30], 0), [10, 20, 30]);
        assert_eq!(rest([10, 20, 30], 15), [0, 15, 30]);
        assert_eq!(rest([10, 20, 30], 45), [0, 0, 15]);
        assert_eq!(rest([10, 20, 30], 99), [0, 0, 0]);
    }
}
