//! Faults of instances: they die, crash, hang, are slow, answer with errors, or lose their network.
//!
//! In: strikes, and their ends. Out: instances that stop without a word, whose application ends and is started again, that
//! stand still, or that work at another pace. Whatever comes of it, such as failed checks, a replacement or requests that time out, comes by
//! itself.

use super::model::{Fleets, Timer};
use crate::dist::Sampler;
use crate::engine::station::UNLIMITED;
use crate::flow::fact::{Blow, Fact};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, NONE};

/// Part of its CPU that an instance gets that does nothing: next to none, so that no time is endless. A year of it is less than a
/// tenth of a millisecond.
const NEXT_TO_NOTHING: f64 = 1e-12;

impl Fleets<'_> {
    /// A fault strikes an instance.
    pub(super) fn struck(&mut self, instance: u32, strike: u32, blow: Blow, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        if host.lifecycle != Lifecycle::InService || host.is_lost() {
            return;
        }
        match blow {
            Blow::Dies => {
                self.instances[instance as usize].died = true;
                self.lose(instance, flow);
                self.note_lost(fleet, flow);
            }
            Blow::Crashes if host.is_running() => self.crash(instance, flow),
            // It is starting already.
            Blow::Crashes => {}
            Blow::Hangs | Blow::Slow(_) | Blow::Unreachable | Blow::Fails => {
                let was_cut_off = self.instances[instance as usize].blows.is_cut_off();
                self.instances[instance as usize].blows.add(strike, blow);
                self.feel_blows(instance, flow);
                if blow == Blow::Unreachable && !was_cut_off {
                    flow.tell(Fact::CutOff(instance));
                    self.watch_status(instance, flow);
                }
            }
        }
    }

    /// A strike at an instance is over.
    pub(super) fn relieved(&mut self, instance: u32, strike: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let blows = &mut self.instances[instance as usize].blows;
        let was_cut_off = blows.is_cut_off();
        blows.remove(strike);
        let is_back = was_cut_off && !blows.is_cut_off();
        if host.is_lost() || host.lifecycle == Lifecycle::Terminated {
            return;
        }
        self.feel_blows(instance, flow);
        if is_back {
            flow.cancel(Timer::Noticed { instance });
        }
    }

    /// The application of an instance ends; a supervisor starts it again.
    fn crash(&mut self, instance: u32, flow: &mut Flow) {
        flow.hosts[instance as usize].down = true;
        self.instances[instance as usize].gaps.goes(true, flow.now);
        flow.tell(Fact::Crashed(instance));
        self.start_again(instance, flow);
    }

    /// The application of an instance has crashed and is up again. It is as new: what was cold once is cold again.
    pub(super) fn is_up_again(&mut self, instance: u32, flow: &mut Flow) {
        flow.hosts[instance as usize].down = false;
        let own = &mut self.instances[instance as usize];
        own.restarted = Some(flow.now);
        own.gaps.goes(false, flow.now);
        self.begin_cold(instance, flow);
        self.open_threads(instance, flow);
    }

    /// An instance works as what strikes it lets it: it takes what is to be done and does nothing of it, or nothing reaches it.
    fn feel_blows(&mut self, instance: u32, flow: &mut Flow) {
        let host = &mut flow.hosts[instance as usize];
        let blows = &self.instances[instance as usize].blows;
        let (is_still, is_cut_off) = (blows.is_still(), blows.is_cut_off());
        host.stopped = is_cut_off;
        let version = self.instances[instance as usize].version;
        host.ails = blows.is_failing() || !self.settings[host.group].version_passes(version);
        let (cores, vcpus) = (host.cores, host.vcpus);
        if cores != NONE {
            // Whoever has a core ends its step, and nobody gets one.
            let free = if is_still { 0 } else { vcpus };
            flow.station_mut(cores).open(free, UNLIMITED);
            flow.resize(cores, free);
        }
        if cores == NONE {
            let busy = flow.busy_cores(instance);
            self.instances[instance as usize].gaps.stands(is_still, busy);
        }
        self.hold(instance, flow);
        self.find_pace(instance, flow);
        if flow.hosts[instance as usize].is_running() {
            self.open_threads(instance, flow);
        }
        self.note_in_service(flow.hosts[instance as usize].group, flow);
    }

    /// From now on an instance gets the part of its CPU that its credits and what strikes it leave it.
    pub(super) fn hold(&mut self, instance: u32, flow: &mut Flow) {
        let own = &self.instances[instance as usize];
        let moves = if own.blows.is_still() { NEXT_TO_NOTHING } else { 1.0 };
        flow.hold_back(instance, own.earned * moves * self.unthrottled(instance));
    }

    /// Threads and waiting places of an instance of which the application runs.
    pub(super) fn threads_of(&self, instance: u32, flow: &Flow) -> (u32, u32) {
        let settings = &self.settings[flow.hosts[instance as usize].group];
        let blows = &self.instances[instance as usize].blows;
        match (blows.is_cut_off(), blows.is_still()) {
            (true, _) => (0, 0),
            (false, true) => (0, settings.backlog),
            (false, false) => (settings.threads.unwrap_or(UNLIMITED), settings.backlog),
        }
    }

    /// Nothing comes from an instance: it fails its EC2 status checks if that lasts.
    pub(super) fn watch_status(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let law = &self.settings[fleet].status_check;
        let span = Sampler::new(law).time(&mut self.each[fleet].status_check);
        flow.set(Timer::Noticed { instance }, flow.now.saturating_add(span.0));
    }
}
