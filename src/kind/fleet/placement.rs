//! Tasks and pods on the instances of a cluster.
//!
//! In: launches of tasks, instances that come, go and die. Out: tasks that are placed where there is room, wait until there is, and end
//! with their instance. What a task requests is reserved on its instance from its placement to its end. (Amazon ECS developer guide, "Task
//! placement"; Kubernetes documentation, "Kubernetes Scheduler".)

use super::language::{OnNodes, Placement};
use super::model::{Fleets, Timer};
use crate::catalog::zone::Place;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, NONE};
use crate::id;
use crate::units::Time;

/// Thousandths of a vCPU, and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub(super) milli: u64,
    pub(super) memory: u64,
}

impl Room {
    /// What a task asks for.
    pub(super) fn of(task: &OnNodes) -> Room {
        Room { milli: task.milli.into(), memory: task.memory.0 }
    }

    /// What is left once something is placed there; nothing if it does not fit.
    pub(super) fn less(self, other: Room) -> Option<Room> {
        let (milli, memory) = (self.milli.checked_sub(other.milli)?, self.memory.checked_sub(other.memory)?);
        Some(Room { milli, memory })
    }

    /// How many of them fit.
    pub(super) fn times(self, each: Room) -> u64 {
        (self.milli / each.milli.max(1)).min(self.memory / each.memory.max(1))
    }

    /// The larger part of it that something takes.
    pub(super) fn share(self, taken: Room) -> f64 {
        let of = |taken: u64, all: u64| taken as f64 / all.max(1) as f64;
        of(taken.milli, self.milli).max(of(taken.memory, self.memory))
    }
}

impl Fleets<'_> {
    /// Where the tasks of a fleet are placed, if it is some on instances.
    pub(super) fn on_nodes(&self, fleet: usize) -> Option<&OnNodes> {
        self.settings[fleet].tasks.as_ref()?.nodes()
    }

    /// What an instance of a cluster has for tasks.
    pub(super) fn whole_room(&self, nodes: usize) -> Room {
        let settings = &self.settings[nodes];
        let (milli, memory) = settings
            .cluster
            .as_ref()
            .map_or((0, 0), |it| (u64::from(it.reserved_milli), it.reserved_memory.0));
        let all = u64::from(settings.instance.vcpus) * 1_000;
        Room { milli: all.saturating_sub(milli), memory: settings.instance.memory.0.saturating_sub(memory) }
    }

    /// What is left of it on one.
    pub(super) fn room_left(&self, node: u32, flow: &Flow) -> Room {
        let mut left = self.whole_room(flow.hosts[node as usize].group);
        for &task in &self.instances[node as usize].carries {
            let Some(of) = self.on_nodes(flow.hosts[task as usize].group) else { continue };
            left.milli = left.milli.saturating_sub(of.milli.into());
            left.memory = left.memory.saturating_sub(of.memory.0);
        }
        left
    }

    /// The instances of a cluster that take tasks.
    pub(super) fn ready_nodes<'a>(&'a self, nodes: usize, flow: &'a Flow) -> impl Iterator<Item = u32> + 'a {
        flow.groups[nodes].alive.iter().copied().filter(|&node| {
            let host = &flow.hosts[node as usize];
            host.lifecycle == Lifecycle::InService && host.is_running() && !host.does_nothing()
        })
    }

    /// The instance that a task of a fleet is placed on, if one has room.
    fn node_for(&self, fleet: usize, flow: &Flow) -> Option<u32> {
        let of = self.on_nodes(fleet)?;
        let asks = Room::of(of);
        let own = |node: u32| {
            let carries = &self.instances[node as usize].carries;
            carries.iter().filter(|&&task| flow.hosts[task as usize].group == fleet).count()
        };
        let able = self.ready_nodes(of.fleet.index(), flow);
        let able = able.filter_map(|node| Some((node, self.room_left(node, flow).less(asks)?)));
        match of.placement {
            Placement::Binpack => {
                able.min_by_key(|&(node, left)| (left.milli, left.memory, node)).map(|(node, _)| node)
            }
            Placement::Spread => {
                let zone = |node: u32| flow.hosts[node as usize].place;
                let in_zone = |place: Place| {
                    let there = self.ready_nodes(of.fleet.index(), flow).filter(|&node| zone(node) == place);
                    there.map(own).sum::<usize>()
                };
                let key = |node: u32, left: u64| (in_zone(zone(node)), own(node), u64::MAX - left, node);
                able.min_by_key(|&(node, left)| key(node, left.milli)).map(|(node, _)| node)
            }
        }
    }

    /// Launches a task on an instance: the scheduler looks for one after a while.
    pub(super) fn launch_on_nodes(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        place: Place,
        warmup: Time,
        flow: &mut Flow,
    ) -> u32 {
        let spans = self.stages_of_task(fleet);
        let task = self.create_instance_at(fleet, place, flow);
        let own = &mut self.instances[task as usize];
        (own.activity, own.spans) = (activity, spans);
        let at = flow.now.saturating_add(spans[0]);
        let host = &mut flow.hosts[task as usize];
        (host.warmup, host.launched) = (warmup.0, at);
        self.each[fleet].launched += 1;
        flow.set(Timer::Place { task }, at);
        task
    }

    /// The scheduler looks for an instance for a task, which waits if none has room.
    pub(super) fn place(&mut self, task: u32, flow: &mut Flow) {
        let fleet = flow.hosts[task as usize].group;
        // Those that came first are placed first.
        let Some(nodes) = self.on_nodes(fleet).map(|of| of.fleet.index()) else { return };
        let is_first = !self.waiting.iter().any(|&other| self.waits_for(other, nodes, flow));
        match self.node_for(fleet, flow).filter(|_| is_first) {
            Some(node) => self.start_on(task, node, flow),
            None => {
                self.waiting.push(task);
                self.pods_wait(nodes, flow);
            }
        }
    }

    /// Whether a task waits for the instances of a cluster.
    pub(super) fn waits_for(&self, task: u32, nodes: usize, flow: &Flow) -> bool {
        self.on_nodes(flow.hosts[task as usize].group).is_some_and(|of| of.fleet.index() == nodes)
    }

    /// There may be room again: those that wait are placed in the order in which they came. One that does not fit lets others pass.
    pub(super) fn place_waiting(&mut self, nodes: usize, flow: &mut Flow) {
        for task in self.waiting.clone() {
            if !self.waits_for(task, nodes, flow) {
                continue;
            }
            if let Some(node) = self.node_for(flow.hosts[task as usize].group, flow) {
                self.waiting.retain(|&other| other != task);
                self.start_on(task, node, flow);
            }
        }
    }

    /// A task has its instance: the image is pulled if no task before it has, and its container starts.
    fn start_on(&mut self, task: u32, node: u32, flow: &mut Flow) {
        self.assign(task, node, flow);
        let [_, attaches, pull, starts, application] = self.instances[task as usize].spans;
        let image = (flow.hosts[task as usize].group, self.instances[task as usize].version);
        let pulled = &mut self.instances[node as usize].pulled;
        let has = pulled.contains(&image);
        if !has {
            pulled.push(image);
        }
        let pull = if has { 0 } else { pull };
        let runs = [attaches, pull, starts].iter().fold(flow.now, |at, span| at.saturating_add(*span));
        flow.hosts[task as usize].stages = [runs; 3];
        flow.set(Timer::Runs { instance: task }, runs);
        flow.set(Timer::Started { instance: task }, runs.saturating_add(application));
    }

    /// What a task asks for is reserved on an instance from now on.
    fn assign(&mut self, task: u32, node: u32, flow: &mut Flow) {
        self.instances[task as usize].node = node;
        self.instances[node as usize].carries.push(task);
        flow.hosts[task as usize].place = flow.hosts[node as usize].place;
    }

    /// The tasks that a run begins with are on the instances that it begins with. Those without room there wait.
    pub(super) fn assign_all(&mut self, flow: &mut Flow) {
        for fleet in 0..self.each.len() {
            if self.on_nodes(fleet).is_none() {
                continue;
            }
            let mut homeless = 0;
            for task in flow.groups[fleet].alive.clone() {
                match self.node_for(fleet, flow) {
                    Some(node) => {
                        self.assign(task, node, flow);
                        let image = (fleet, self.instances[task as usize].version);
                        let pulled = &mut self.instances[node as usize].pulled;
                        if !pulled.contains(&image) {
                            pulled.push(image);
                        }
                    }
                    None => {
                        homeless += 1;
                        self.terminate(task, None, flow);
                    }
                }
            }
            if homeless > 0 {
                let text =
                    format!("{homeless} tasks of the start find no room on the instances of their cluster");
                flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
                self.launch_missing(fleet, "tasks that found no room".into(), flow);
            }
        }
    }

    /// A task that waits, or is about to be placed, is called off.
    pub(super) fn wait_no_more(&mut self, task: u32, flow: &mut Flow) {
        if self.on_nodes(flow.hosts[task as usize].group).is_some() {
            flow.cancel(Timer::Place { task });
            self.waiting.retain(|&other| other != task);
        }
    }

    /// A task has ended: there is room on its instance again, which ends if it was only waiting for that.
    pub(super) fn leave_node(&mut self, task: u32, flow: &mut Flow) {
        let node = std::mem::replace(&mut self.instances[task as usize].node, NONE);
        if node == NONE {
            return;
        }
        self.instances[node as usize].carries.retain(|&other| other != task);
        self.evict_next(flow);
        let nodes = flow.hosts[node as usize].group;
        self.place_waiting(nodes, flow);
        if self.instances[node as usize].carries.is_empty() {
            self.is_empty_node(node, flow);
        }
    }

    /// What an instance carries dies with it.
    pub(super) fn lose_carried(&mut self, node: u32, flow: &mut Flow) {
        for task in self.instances[node as usize].carries.clone() {
            if !flow.hosts[task as usize].is_lost() {
                self.lose(task, flow);
                self.note_lost(flow.hosts[task as usize].group, flow);
            }
        }
    }

    /// `M / N × 100` of a capacity provider: how many instances its tasks need, of those that there are. (Amazon ECS developer guide,
    /// "Automatically manage Amazon ECS capacity with cluster auto scaling"; aws.amazon.com/blogs/containers, "Deep dive on Amazon ECS cluster
    /// auto scaling".)
    pub(super) fn needed_nodes(&self, nodes: usize, flow: &Flow) -> u64 {
        let there = flow.groups[nodes].alive.iter().filter(|&&node| {
            let host = &flow.hosts[node as usize];
            host.lifecycle == Lifecycle::InService && !host.is_lost()
        });
        let (all, taken) = there.fold((0u64, 0u64), |(all, taken), &node| {
            (all + 1, taken + u64::from(!self.instances[node as usize].carries.is_empty()))
        });
        let whole = self.whole_room(nodes);
        let more = (0..self.each.len()).filter_map(|fleet| {
            let of = self.on_nodes(fleet).filter(|of| of.fleet.index() == nodes)?;
            let waits =
                self.waiting.iter().filter(|&&task| flow.hosts[task as usize].group == fleet).count() as u64;
            (waits > 0).then(|| waits.div_ceil(whole.times(Room::of(of)).max(1)))
        });
        // One that is there and does not take tasks yet will have room for some.
        let coming = all.saturating_sub(self.ready_nodes(nodes, flow).count() as u64);
        more.max().map_or(taken, |more| all + more.saturating_sub(coming))
    }
}
