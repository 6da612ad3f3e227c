//! Which version an instance runs, and what that means for its requests.
//!
//! In: launches, and attempts that are about to begin. Out: the version of a launch, and attempts that fail. What a version does to the
//! strength, the checks and the start of an instance is set when that one is made.

use super::instance::{Made, Refreshing, Stage};
use super::language::Strategy;
use super::model::Fleets;
use crate::dist::uniform;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::measure::stage::Cause;

impl Fleets<'_> {
    /// The version of what is launched now: that of the refresh in progress, else that of the group. While a canary is watched it stays
    /// as large as it is.
    pub(super) fn wanted_version(&self, fleet: usize) -> usize {
        let own = &self.each[fleet];
        match own.refreshing {
            None => own.version,
            Some(Refreshing { stage: Stage::Waits, .. })
                if self.strategy(fleet) == Some(Strategy::Canary) =>
            {
                own.version
            }
            Some(refreshing) => refreshing.version,
        }
    }

    /// As what an instance was made.
    pub(super) fn made(&self, instance: u32, flow: &Flow) -> Made {
        let own = &self.instances[instance as usize];
        let order = flow.hosts[instance as usize].number;
        let restarted_by = own.restarted_by;
        Made { order, spot: own.spot, model: own.model, version: own.version, restarted_by }
    }

    /// An instance runs another version from now on.
    pub(super) fn becomes(&mut self, instance: u32, version: usize, flow: &mut Flow) {
        let done = self.work_done(instance, flow);
        let work = self.work(instance, flow);
        let host = &flow.hosts[instance as usize];
        let (settings, order) = (&self.settings[host.group], host.number as usize);
        let factor = settings.speeds.get(order - 1).copied().unwrap_or(1.0);
        let strength = self.hardware_of(instance, flow).instance.strength;
        let own = &mut self.instances[instance as usize];
        (own.version, own.done_before) = (version, (done, work));
        let host = &mut flow.hosts[instance as usize];
        host.strength = strength * factor * settings.version_speed(version);
        host.ails = !settings.version_passes(version) || own.blows.is_failing();
        self.find_pace(instance, flow);
    }

    /// The work that an instance has done, in that of a vCPU of strength 1.
    pub(super) fn work_done(&self, instance: u32, flow: &Flow) -> f64 {
        let (done, before) = self.instances[instance as usize].done_before;
        done + (self.work(instance, flow) - before) * flow.hosts[instance as usize].strength
    }

    /// An attempt has a thread of the instance of a tier: it fails there, or begins.
    pub(super) fn may_fail(&mut self, id: u32, tier: u8, flow: &mut Flow) -> Next {
        let instance = flow.attempts.tier(id, tier).instance as usize;
        let fleet = flow.hosts[instance].group;
        let own = &self.instances[instance];
        if own.blows.is_failing() {
            return Next::Fail(Cause::InternalError);
        }
        let settings = &self.settings[fleet];
        let (errors, malformed) =
            (settings.version_errors(own.version), settings.version_malformed(own.version));
        let mut falls_on = |share: f64| share > 0.0 && uniform(&mut self.each[fleet].failures) < share;
        if falls_on(errors) {
            return Next::Fail(Cause::InternalError);
        }
        if falls_on(malformed) {
            flow.garbled = id;
            return Next::Fail(Cause::InternalError);
        }
        Next::Op
    }
}
