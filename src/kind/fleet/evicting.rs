//! Instances of a cluster that are drained: their tasks leave first.
//!
//! In: instances that are to end, and tasks that come into service. Out: tasks that end and are launched elsewhere, no more at once than
//! their budget allows, and the end of the instance once it is empty. (Kubernetes documentation, "Safely Drain a Node", "Disruptions";
//! Amazon ECS developer guide, "Draining Amazon ECS container instances".)

use super::model::Fleets;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;

impl Fleets<'_> {
    /// An instance of a cluster begins to leave: its tasks are evicted.
    pub(super) fn drain_node(&mut self, node: u32, flow: &mut Flow) {
        if !self.instances[node as usize].carries.is_empty() && !self.drains.contains(&node) {
            self.drains.push(node);
            self.evict_next(flow);
        }
    }

    /// Whether an instance still carries tasks that have to leave before it ends.
    pub(super) fn carries_tasks(&self, node: u32, flow: &Flow) -> bool {
        let is_gone = flow.hosts[node as usize].is_lost() || self.is_gone(node, flow);
        !is_gone && !self.instances[node as usize].carries.is_empty()
    }

    /// As many tasks of instances that drain are evicted as their budgets allow.
    pub(super) fn evict_next(&mut self, flow: &mut Flow) {
        if self.drains.is_empty() {
            return;
        }
        for node in self.drains.clone() {
            for task in self.instances[node as usize].carries.clone() {
                let host = &flow.hosts[task as usize];
                let fleet = host.group;
                if host.lifecycle.is_terminating() || host.lifecycle == Lifecycle::Terminated {
                    continue;
                }
                if self.may_evict(fleet, task, flow) {
                    self.terminate(task, None, flow);
                    self.launch_missing(fleet, "tasks of an instance that is drained".into(), flow);
                }
            }
        }
    }

    /// Whether one more of a fleet may be missing. One that does not serve is not missed.
    fn may_evict(&self, fleet: usize, task: u32, flow: &Flow) -> bool {
        let Some(most) = self.on_nodes(fleet).and_then(|of| of.max_unavailable) else { return true };
        let serving =
            flow.groups[fleet].alive.iter().filter(|&&it| self.is_available(it, flow)).count() as u32;
        let missing = flow.groups[fleet].desired.saturating_sub(serving);
        !self.is_available(task, flow) || missing < most
    }

    /// Whether a task is in service and answers, and passes its checks if it has some.
    fn is_available(&self, task: u32, flow: &Flow) -> bool {
        let host = &flow.hosts[task as usize];
        let is_well = !self.each[host.group].checked
            || host.seasoned
            || self.instances[task as usize].passes == Some(true);
        host.lifecycle == Lifecycle::InService && host.is_running() && !host.does_nothing() && is_well
    }

    /// No task is left on an instance: it ends if it was to, and its group may have it too many.
    pub(super) fn is_empty_node(&mut self, node: u32, flow: &mut Flow) {
        self.drains.retain(|&other| other != node);
        let host = &flow.hosts[node as usize];
        let (nodes, lifecycle) = (host.group, host.lifecycle);
        match lifecycle {
            Lifecycle::TerminatingWait => self.emptied(node, flow),
            Lifecycle::InService => self.end_surplus(nodes, "an instance has no tasks any more", flow),
            _ => {}
        }
    }
}
