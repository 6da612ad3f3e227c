//! Instances that a scale-in may not end.
//!
//! In: the settings of a group. Out: which of its instances are protected, and the end of that. (EC2 Auto Scaling user guide, "Use
//! instance scale-in protection".)

use super::model::Fleets;
use crate::flow::Flow;
use crate::units::Time;

impl Fleets<'_> {
    /// Whether a scale-in may not end an instance.
    pub(super) fn is_protected(&self, instance: u32, flow: &Flow) -> bool {
        let host = &flow.hosts[instance as usize];
        let settings = &self.settings[host.group];
        // Managed termination protection; and scalers of nodes choose what they end.
        if settings.cluster.is_some() && !self.instances[instance as usize].carries.is_empty() {
            return true;
        }
        let Some(protection) = &settings.protect else { return false };
        let holds = protection.until.is_none_or(|until| Time(flow.now) < until);
        // Those of the start have the first numbers.
        let initial = match self.is_mixed(host.group) {
            true => host.seasoned,
            false => host.number <= settings.desired,
        };
        let kept = match initial {
            true => host.number <= protection.initial,
            false => protection.new,
        };
        holds && kept
    }

    /// Instances that a scale-in may end.
    pub(super) fn unprotected<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = u32> + 'a {
        self.staying(fleet, flow).filter(|&instance| !self.is_protected(instance, flow))
    }

    /// The protection is over: what is too much ends, and a refresh goes on.
    pub(super) fn unprotect(&mut self, fleet: usize, flow: &mut Flow) {
        self.end_surplus(fleet, "protection from scale-in is over", flow);
        self.go_on_refreshing(fleet, flow);
    }
}
