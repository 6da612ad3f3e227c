//! Vertical resize: the instances of a fleet are stopped, become another type, and are started again.
//!
//! In: the changes of the file. Out: instances that cut off what they work on, are away, and come back with their number and their
//! place, as another host. While one is away callers without a balancer go on sending there, and nobody answers. (EC2 user guide,
//! "Change the instance type".)

use super::instance::Made;
use super::language::Hardware;
use super::model::{Fleets, Timer};
use crate::dist::Sampler;
use crate::flow::host::{Host, Lifecycle};
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::column::the_one;
use crate::measure::resource::Purpose;
use crate::number::things;

impl Fleets<'_> {
    /// What an instance is made of.
    pub(super) fn hardware_of(&self, instance: u32, flow: &Flow) -> Hardware<'_> {
        self.settings[flow.hosts[instance as usize].group].hardware(self.instances[instance as usize].model)
    }

    /// The changes of the file.
    pub(super) fn plan_resizes(&self, fleet: usize, flow: &mut Flow) {
        for (which, resize) in self.settings[fleet].resize.iter().enumerate() {
            flow.set(Timer::Resize { fleet: number(fleet), which: number(which) }, resize.at.0);
        }
    }

    /// From now on what is launched has another type, and what is there gets it.
    pub(super) fn begin_resize(&mut self, fleet: usize, which: usize, flow: &mut Flow) {
        self.each[fleet].model = which + 1;
        self.go_on_resizing(fleet, flow);
    }

    /// Stops the instances that still have another type: all of them, or one if none is away.
    pub(super) fn go_on_resizing(&mut self, fleet: usize, flow: &mut Flow) {
        let model = self.each[fleet].model;
        let Some(resize) = model.checked_sub(1).map(|which| &self.settings[fleet].resize[which]) else {
            return;
        };
        let is_under_way = |it: u32| {
            let (own, host) = (&self.instances[it as usize], &flow.hosts[it as usize]);
            own.resizes || own.model == model && !host.is_running() && !host.is_lost()
        };
        if resize.one_by_one && flow.groups[fleet].alive.iter().any(|&it| is_under_way(it)) {
            return;
        }
        let old = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            let is_there = host.lifecycle == Lifecycle::InService && !host.is_lost();
            is_there && self.instances[it as usize].model != model
        });
        let most = if resize.one_by_one { 1 } else { usize::MAX };
        let stopping: Vec<u32> = old.take(most).collect();
        if stopping.is_empty() {
            return;
        }
        let verb = if stopping.len() == 1 { "stops" } else { "stop" };
        let (count, to) = (things(stopping.len() as f64, "instance"), &resize.instance.name);
        self.tell_of_resize(fleet, format!("{count} {verb} to become {to}"), flow);
        for instance in stopping {
            let own = &mut self.instances[instance as usize];
            // Nothing waits for what drains.
            (own.resizes, own.ends_at) = (true, flow.now);
            own.taken_by = Some(Purpose::Resize);
            self.terminate(instance, None, flow);
        }
    }

    /// An instance has stopped. It comes back with its number and its place, and its address answers nobody until then.
    pub(super) fn is_stopped(&mut self, instance: u32, flow: &mut Flow) {
        let own = &mut self.instances[instance as usize];
        (own.resizes, own.resized) = (false, true);
        let account = own.brought.take();
        let (fleet, place) = {
            let host = &flow.hosts[instance as usize];
            (host.group, host.place)
        };
        let back = {
            let made = Made { model: self.each[fleet].model, ..self.made(instance, flow) };
            self.create_host(fleet, place, made, flow)
        };
        self.instances[back as usize].brought = account;
        let resize = &self.settings[fleet].resize[self.each[fleet].model - 1];
        let span = Sampler::new(&resize.downtime).time(&mut self.each[fleet].downtime);
        let at = flow.now.saturating_add(span.0);
        let host = &mut flow.hosts[back as usize];
        // It is billed again when it runs.
        (host.stopped, host.launched) = (true, at);
        self.each[fleet].in_turn.insert(back);
        flow.set(Timer::Resized { instance: back }, at);
    }

    /// EC2 runs an instance again, as another type: its application starts.
    pub(super) fn is_back(&mut self, instance: u32, flow: &mut Flow) {
        let host = &mut flow.hosts[instance as usize];
        host.stopped = false;
        if host.is_lost() || !host.lifecycle.is_pending() {
            // It was lost with its zone meanwhile, and never ran again.
            host.launched = u64::MAX;
            return;
        }
        let fleet = host.group;
        host.stages = [flow.now; 3];
        let boot = &self.settings[fleet].boot;
        let starts = Sampler::new(&boot.application).time(&mut self.each[fleet].restart) + boot.next_read();
        flow.set(Timer::Started { instance }, flow.now.saturating_add(starts.0));
        let to = self.hardware_of(instance, flow).instance.name.clone();
        self.tell_of_resize(fleet, format!("1 instance is back as {to}"), flow);
        self.start_account(instance, flow);
        self.open_account(instance, true, flow);
        self.put_in_service(instance, flow);
    }

    fn tell_of_resize(&self, fleet: usize, text: String, flow: &mut Flow) {
        flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
    }

    /// Whether an instance goes on in another record: as another type, or on standby.
    pub(super) fn goes_on(&self, instance: u32) -> bool {
        let own = &self.instances[instance as usize];
        own.went_on || own.resized
    }

    /// How many instances of a fleet are stopped to become another type.
    pub(super) fn away(&self, fleet: usize, flow: &Flow) -> u32 {
        match self.settings[fleet].resize.is_empty() {
            true => 0,
            false => {
                let alive = flow.groups[fleet].alive.iter();
                let is_away = |host: &Host| host.stopped && host.lifecycle.is_pending();
                alive.filter(|&&it| is_away(&flow.hosts[it as usize])).count() as u32
            }
        }
    }

    /// A row of the instances of a fleet that are away, if it is resized.
    pub(super) fn read_resizing(&mut self, fleet: usize, flow: &Flow) {
        if !self.settings[fleet].resize.is_empty() {
            let away = self.away(fleet, flow);
            the_one(&mut self.series[fleet].resizing).away.push(away.into());
        }
    }
}
