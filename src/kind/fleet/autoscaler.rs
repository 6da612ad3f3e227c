//! The scalers of the nodes of Kubernetes: the Cluster Autoscaler and Karpenter.
//!
//! In: pods that find no room, and nodes that are not needed. Out: further nodes, as many as the pods fill, and nodes that end. (Kubernetes
//! Cluster Autoscaler, FAQ; Karpenter, "Concepts", "Disruption".)

use super::language::cluster::{Scaler, UNNEEDED_BELOW};
use super::model::{Fleets, Timer};
use super::placement::Room;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::number::things;
use crate::units::Time;

/// How often Karpenter looks for nodes that are not needed: 10 s. Source: Karpenter, disruption controller, polling period.
const POLL: Time = Time::from_secs(10);

impl Fleets<'_> {
    fn scaler(&self, nodes: usize) -> Scaler {
        self.settings[nodes].cluster.as_ref().map_or(Scaler::None, |cluster| cluster.scaler)
    }

    /// Plans the first look of a scaler.
    pub(super) fn plan_scans(&mut self, nodes: usize, flow: &mut Flow) {
        let every = match self.scaler(nodes) {
            Scaler::ClusterAutoscaler { scan, .. } => scan,
            Scaler::Karpenter { .. } => POLL,
            Scaler::None | Scaler::CapacityProvider(_) => return,
        };
        flow.set(Timer::Scan { fleet: number(nodes) }, flow.now.saturating_add(every.0));
    }

    /// A scaler looks: what has no room, and what is not needed.
    pub(super) fn scan(&mut self, nodes: usize, flow: &mut Flow) {
        self.plan_scans(nodes, flow);
        let (unneeded, after_add, below) = match self.scaler(nodes) {
            Scaler::ClusterAutoscaler { unneeded, after_add, .. } => {
                self.add_nodes(nodes, flow);
                (unneeded, after_add, UNNEEDED_BELOW.value)
            }
            Scaler::Karpenter { unneeded, .. } => (unneeded, Time::ZERO, 1.0),
            Scaler::None | Scaler::CapacityProvider(_) => return,
        };
        self.note_unneeded(nodes, below, flow);
        let rests = self.each[nodes].watch.added.is_some_and(|at| flow.now < at.saturating_add(after_add.0));
        if rests || self.waiting.iter().any(|&pod| self.waits_for(pod, nodes, flow)) {
            return;
        }
        let is_due = |&&(_, since): &&(u32, u64)| flow.now >= since.saturating_add(unneeded.0);
        let due: Vec<u32> = self.each[nodes].watch.unneeded.iter().filter(is_due).map(|it| it.0).collect();
        let (empty, taken): (Vec<u32>, Vec<u32>) =
            due.into_iter().partition(|&node| self.instances[node as usize].carries.is_empty());
        // All that are empty at once, of the others one after the other.
        let one = taken.into_iter().take(usize::from(empty.is_empty() && self.drains.is_empty()));
        for node in empty.into_iter().chain(one) {
            self.remove_node(nodes, node, flow);
        }
    }

    /// A pod finds no room: Karpenter begins a batch, or goes on with it.
    pub(super) fn pods_wait(&mut self, nodes: usize, flow: &mut Flow) {
        if let Scaler::Karpenter { idle, most, .. } = self.scaler(nodes) {
            let began = *self.each[nodes].watch.batch.get_or_insert(flow.now);
            let at = flow.now.saturating_add(idle.0).min(began.saturating_add(most.0));
            flow.set(Timer::Batch { fleet: number(nodes) }, at);
        }
    }

    /// A batch of Karpenter is over.
    pub(super) fn end_batch(&mut self, nodes: usize, flow: &mut Flow) {
        self.each[nodes].watch.batch = None;
        self.add_nodes(nodes, flow);
    }

    /// Launches as many nodes as those that wait fill, beside those that are on their way.
    fn add_nodes(&mut self, nodes: usize, flow: &mut Flow) {
        let waiting: Vec<Room> = (self.waiting.iter())
            .filter_map(|&pod| self.on_nodes(flow.hosts[pod as usize].group))
            .filter(|of| of.fleet.index() == nodes)
            .map(Room::of)
            .collect();
        if waiting.is_empty() {
            return;
        }
        let ready: Vec<u32> = self.ready_nodes(nodes, flow).collect();
        let coming =
            self.staying(nodes, flow).filter(|it| !ready.contains(it) && !flow.hosts[*it as usize].is_lost());
        let whole = self.whole_room(nodes);
        let coming = coming.count();
        let used = fill(whole, coming, &waiting);
        if used > coming {
            let more = (used - coming) as u32;
            self.each[nodes].watch.added = Some(flow.now);
            let wanted = flow.groups[nodes].desired.saturating_add(more);
            let cause = format!("{} without room", things(waiting.len() as f64, "pod"));
            self.set_desired(nodes, wanted, &cause, self.settings[nodes].warmup, flow);
        }
    }

    /// Which nodes are not needed: so little of them is requested, and what they carry finds room on the others.
    fn note_unneeded(&mut self, nodes: usize, below: f64, flow: &Flow) {
        let whole = self.whole_room(nodes);
        let ready: Vec<(u32, Room)> =
            self.ready_nodes(nodes, flow).map(|node| (node, self.room_left(node, flow))).collect();
        let before = std::mem::take(&mut self.each[nodes].watch.unneeded);
        // What is moved away takes room where it goes, so that two nodes do not count on the same.
        let mut room: Vec<(u32, Room)> = ready.clone();
        let mut now = Vec::new();
        for (node, left) in ready {
            let taken = Room {
                milli: whole.milli - left.milli.min(whole.milli),
                memory: whole.memory - left.memory.min(whole.memory),
            };
            if whole.share(taken) >= below && taken.milli > 0 {
                continue;
            }
            let pods = self.instances[node as usize].carries.iter();
            let pods: Vec<Room> =
                pods.filter_map(|&pod| self.on_nodes(flow.hosts[pod as usize].group)).map(Room::of).collect();
            let mut others: Vec<(u32, Room)> = room.iter().copied().filter(|other| other.0 != node).collect();
            if pods.iter().all(|pod| take(&mut others, *pod)) {
                room = others;
                let since = before.iter().find(|other| other.0 == node).map_or(flow.now, |other| other.1);
                now.push((node, since));
            }
        }
        self.each[nodes].watch.unneeded = now;
    }

    /// A node that is not needed ends, if its group may be smaller.
    fn remove_node(&mut self, nodes: usize, node: u32, flow: &mut Flow) {
        let desired = flow.groups[nodes].desired;
        let is_there = flow.hosts[node as usize].lifecycle == Lifecycle::InService;
        if desired <= self.each[nodes].min || !is_there {
            return;
        }
        let name = self.settings[nodes].name.as_str();
        let cause = "a node is not needed".to_owned();
        flow.groups[nodes].desired = desired - 1;
        let sizes = (desired, desired - 1);
        let activity = flow.journal.activity(flow.now, (nodes, name), sizes, cause, (0, 1));
        flow.groups[nodes].under_way += 1;
        self.terminate(node, Some(activity), flow);
    }
}

/// Takes room for a pod of the first node that has it.
fn take(nodes: &mut [(u32, Room)], pod: Room) -> bool {
    let first = nodes.iter_mut().find_map(|(_, left)| Some((left.less(pod)?, left)));
    first.map(|(less, left)| *left = less).is_some()
}

/// How many nodes pods fill, each the first with room, of which so many come anyway. What fits on none is left out.
fn fill(whole: Room, coming: usize, pods: &[Room]) -> usize {
    let mut left = vec![(0, whole); coming];
    let mut used = coming;
    for &pod in pods.iter().filter(|pod| whole.less(**pod).is_some()) {
        if !take(&mut left, pod) {
            left.extend(whole.less(pod).map(|less| (0, less)));
            used += 1;
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes of 2 vCPUs: five pods of 0.5 fill one and a quarter, so two; with one on its way, one more.
    #[test]
    fn pods_fill_nodes() {
        let whole = Room { milli: 2_000, memory: 8 << 30 };
        let pod = Room { milli: 500, memory: 1 << 30 };
        assert_eq!(fill(whole, 0, &[pod; 5]), 2);
        assert_eq!(fill(whole, 1, &[pod; 4]), 1);
        assert_eq!(fill(whole, 1, &[pod; 5]), 2);
        // Memory can be what is scarce, and what is too large for a node adds none.
        assert_eq!(fill(whole, 0, &[Room { memory: 3 << 30, ..pod }; 4]), 2);
        assert_eq!(fill(whole, 0, &[Room { milli: 3_000, ..pod }; 4]), 0);
    }
}
