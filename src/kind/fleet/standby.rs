//! Instances on standby: out of service for a while, and still in their group.
//!
//! In: the spans of the file. Out: instances that drain and leave, others in their place if asked for, and the same instances back.
//! What is on standby is no host: no balancer, metric or check of the group counts it. (EC2 Auto Scaling user guide, "Temporarily
//! remove instances from your Auto Scaling group"; API reference, EnterStandby, ExitStandby.)

use super::instance::{Made, Standing};
use super::language::Process;
use super::model::{Fleets, Timer};
use crate::measure::column::the_one;

use crate::catalog::zone::Place;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::Purpose;
use crate::number::things;

impl Fleets<'_> {
    /// The spans of the file.
    pub(super) fn plan_standby(&self, fleet: usize, flow: &mut Flow) {
        for (which, standby) in self.settings[fleet].standby.iter().enumerate() {
            let (fleet, which) = (number(fleet), number(which));
            flow.set(Timer::EnterStandby { fleet, which }, standby.at.0);
            if let Some(until) = standby.until {
                flow.set(Timer::ExitStandby { fleet, which }, until.0);
            }
        }
    }

    /// Instances in service leave it for standby, unless too few would be left.
    pub(super) fn enter_standby(&mut self, fleet: usize, which: usize, flow: &mut Flow) {
        let standby = self.settings[fleet].standby[which];
        let able = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            let noticed = self.instances[it as usize].ends_at != u64::MAX;
            host.lifecycle == Lifecycle::InService && !host.is_lost() && !noticed
        });
        let leaving: Vec<u32> = able.take(standby.count.map_or(usize::MAX, |count| count as usize)).collect();
        let (count, min, desired) = (leaving.len() as u32, self.each[fleet].min, flow.groups[fleet].desired);
        if count == 0 {
            return self.say("EnterStandby is refused: no instance is in service".into(), fleet, flow);
        }
        if !standby.replace && desired < min.saturating_add(count) {
            let left = desired.saturating_sub(count);
            let text =
                format!("EnterStandby is refused: {left} would be desired, below the minimum of {min}");
            return self.say(text, fleet, flow);
        }
        let instances = things(count.into(), "instance");
        let (wanted, launches, others) = match standby.replace {
            true => (desired, count, ", and others are launched in their place"),
            false => (desired - count, 0, ""),
        };
        let verb = if count == 1 { "enters" } else { "enter" };
        let cause = format!("EnterStandby: {instances} {verb} standby{others}");
        let cause = self.with_pool(fleet, launches, &cause, flow);
        self.say(format!("{instances} {verb} standby"), fleet, flow);
        let activity = self.begin_activity(fleet, (desired, wanted), cause, (launches, count), flow);
        // All of them first: the desired capacity has fallen for all.
        for &instance in &leaving {
            let own = &mut self.instances[instance as usize];
            (own.stands, own.replaced) = (Some(which), standby.replace);
            own.taken_by = Some(Purpose::Standby);
        }
        for instance in leaving {
            self.terminate(instance, Some(activity), flow);
        }
        self.fit_pool(fleet, flow);
    }

    /// An instance has drained: it is on standby. If it took longer than the span, it comes back at once.
    pub(super) fn is_on_standby(&mut self, instance: u32, flow: &mut Flow) {
        let own = &mut self.instances[instance as usize];
        let Some(which) = own.stands.take() else { return };
        own.went_on = true;
        let host = &flow.hosts[instance as usize];
        self.each[host.group].standing.push(Standing {
            which,
            made: Made {
                order: host.number,
                spot: own.spot,
                model: own.model,
                version: own.version,
                restarted_by: own.restarted_by,
            },
            place: host.place,
            launched: host.launched,
            lost: host.is_lost(),
            account: own.brought.take(),
        });
        let fleet = host.group;
        if self.settings[fleet].standby[which].until.is_some_and(|until| until.0 <= flow.now) {
            self.exit_standby(fleet, which, flow);
        }
    }

    /// The instances of a span come back, unless there would be too many.
    pub(super) fn exit_standby(&mut self, fleet: usize, which: usize, flow: &mut Flow) {
        let count = self.each[fleet].standing.iter().filter(|it| it.which == which).count() as u32;
        let (max, desired) = (self.each[fleet].max, flow.groups[fleet].desired);
        if count == 0 {
            return;
        }
        if self.is_suspended(fleet, Process::Launch, flow) {
            return self.say("ExitStandby is refused: launches are suspended".into(), fleet, flow);
        }
        let wanted = desired.saturating_add(count);
        if wanted > max {
            let text =
                format!("ExitStandby is refused: {wanted} would be desired, above the maximum of {max}");
            return self.say(text, fleet, flow);
        }
        let verb = if count == 1 { "comes" } else { "come" };
        let text = format!("{} {verb} back from standby", things(count.into(), "instance"));
        self.say(text.clone(), fleet, flow);
        let activity =
            self.begin_activity(fleet, (desired, wanted), format!("ExitStandby: {text}"), (count, 0), flow);
        while let Some(at) = self.each[fleet].standing.iter().position(|it| it.which == which) {
            let standing = self.each[fleet].standing.remove(at);
            self.come_back(standing, fleet, activity, flow);
        }
        self.fit_pool(fleet, flow);
    }

    /// An instance is pending again: EC2 runs it, and its application is about to open its connections.
    fn come_back(&mut self, standing: Standing, fleet: usize, activity: usize, flow: &mut Flow) {
        let instance = self.create_host(fleet, standing.place, standing.made, flow);
        let own = &mut self.instances[instance as usize];
        (own.activity, own.brought) = (Some(activity), standing.account);
        let host = &mut flow.hosts[instance as usize];
        (host.launched, host.stages) = (standing.launched, [flow.now; 3]);
        flow.set(Timer::Runs { instance }, flow.now);
        flow.set(Timer::Started { instance }, flow.now);
        if standing.lost {
            self.lose(instance, flow);
            self.note_lost(fleet, flow);
        }
    }

    fn begin_activity(
        &self,
        fleet: usize,
        (from, to): (u32, u32),
        cause: String,
        change: (u32, u32),
        flow: &mut Flow,
    ) -> usize {
        let group = &mut flow.groups[fleet];
        group.desired = to;
        group.under_way += 1;
        flow.journal.activity(flow.now, (fleet, &self.settings[fleet].name), (from, to), cause, change)
    }

    fn say(&self, text: String, fleet: usize, flow: &mut Flow) {
        flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
    }

    /// What is on standby in a zone that is lost does not work when it comes back. No check says so before.
    pub(super) fn standby_loses_zone(&mut self, fleet: usize, place: Place) {
        let standing = self.each[fleet].standing.iter_mut();
        standing.filter(|it| it.place == place).for_each(|it| it.lost = true);
    }

    /// The instances of a group that drain on their way to standby.
    fn entering<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = u32> + 'a {
        let alive = flow.groups[fleet].alive.iter().copied();
        alive.filter(|&it| self.instances[it as usize].stands.is_some())
    }

    /// Instances on standby and on their way there in whose place no others are wanted.
    pub(super) fn without_replacement(&self, fleet: usize, flow: &Flow) -> u32 {
        let spans = &self.settings[fleet].standby;
        if spans.is_empty() {
            return 0;
        }
        let entering = self.entering(fleet, flow).filter_map(|it| self.instances[it as usize].stands);
        let all = entering.chain(self.each[fleet].standing.iter().map(|it| it.which));
        all.filter(|&which| !spans[which].replace).count() as u32
    }

    /// How many they are.
    pub(super) fn entering_standby(&self, fleet: usize, flow: &Flow) -> u32 {
        match self.settings[fleet].standby.is_empty() {
            true => 0,
            false => self.entering(fleet, flow).count() as u32,
        }
    }

    /// As what the instances of a group on standby, and on their way there, were made.
    pub(super) fn made_on_standby<'a>(
        &'a self,
        fleet: usize,
        flow: &'a Flow,
    ) -> impl Iterator<Item = Made> + 'a {
        let entering = self.entering(fleet, flow).map(|it| self.made(it, flow));
        entering.chain(self.each[fleet].standing.iter().map(|it| it.made))
    }

    /// A row of the instances of a fleet on standby, if some are put there.
    pub(super) fn read_standby(&mut self, fleet: usize, flow: &Flow) {
        if self.settings[fleet].standby.is_empty() {
            return;
        }
        let (entering, there) = (self.entering_standby(fleet, flow), self.each[fleet].standing.len());
        let series = the_one(&mut self.series[fleet].standby);
        series.entering.push(entering.into());
        series.there.push(there as f64);
    }
}
