//! Processes of a group that are suspended, and resumed.
//!
//! In: the spans of the file. Out: whether a process does something now; and at the end of a span, what it has not done
//! meanwhile. (EC2 Auto Scaling user guide, "Suspending and resuming a process for an Auto Scaling group".)

use super::language::suspend::Process;
use super::model::Fleets;
use crate::flow::Flow;
use crate::number::things;
use crate::units::Time;

impl Fleets<'_> {
    /// Whether a process of a group is suspended.
    pub(super) fn is_suspended(&self, fleet: usize, process: Process, flow: &Flow) -> bool {
        self.settings[fleet].suspend.iter().any(|span| span.holds(process, Time(flow.now)))
    }

    /// Whether one of some processes of a group is suspended.
    pub(super) fn is_any_suspended(&self, fleet: usize, all: [Process; 3], flow: &Flow) -> bool {
        all.into_iter().any(|process| self.is_suspended(fleet, process, flow))
    }

    /// Whether instances that are unhealthy stay as they are.
    pub(super) fn leaves_unhealthy(&self, fleet: usize, flow: &Flow) -> bool {
        let all = [Process::HealthCheck, Process::ReplaceUnhealthy, Process::Terminate];
        self.is_any_suspended(fleet, all, flow)
    }

    /// Whether a group does not spread its instances again.
    pub(super) fn leaves_uneven(&self, fleet: usize, flow: &Flow) -> bool {
        let all = [Process::AzRebalance, Process::Launch, Process::Terminate];
        self.is_any_suspended(fleet, all, flow)
    }

    /// A span has ended: the group comes to its desired capacity, and is spread evenly if a zone was lost meanwhile.
    pub(super) fn resume(&mut self, fleet: u16, flow: &mut Flow) {
        let fleet = usize::from(fleet);
        self.launch_missing(fleet, "launches that were suspended".into(), flow);
        self.end_surplus(fleet, "terminations that were suspended", flow);
        self.go_on_ahead(fleet, flow);
        self.fit_pool(fleet, flow);
        if self.each[fleet].uneven {
            self.rebalance(fleet, flow);
        }
        self.go_on_refreshing(fleet, flow);
    }

    /// Ends the instances that a group has beyond its desired capacity, as far as it may.
    pub(super) fn end_surplus(&mut self, fleet: usize, cause: &str, flow: &mut Flow) {
        let desired = flow.groups[fleet].desired;
        if self.is_mixed(fleet) {
            let held = self.is_suspended(fleet, Process::Terminate, flow);
            let warmup = self.settings[fleet].warmup;
            return self.fit_mixed(fleet, (desired, desired), (cause, (true, held)), warmup, flow);
        }
        let surplus = (self.staying(fleet, flow).count() as u32).saturating_sub(desired);
        let surplus = surplus.min(self.unprotected(fleet, flow).count() as u32);
        if surplus == 0 || self.is_suspended(fleet, Process::Terminate, flow) {
            return;
        }
        let verb = if surplus == 1 { "ends" } else { "end" };
        let cause = format!("{cause}: {} {verb}", things(surplus.into(), "instance"));
        let name = &self.settings[fleet].name;
        let activity =
            flow.journal.activity(flow.now, (fleet, name), (desired, desired), cause, (0, surplus));
        flow.groups[fleet].under_way += 1;
        for _ in 0..surplus {
            self.end_one(fleet, activity, flow);
        }
    }
}
