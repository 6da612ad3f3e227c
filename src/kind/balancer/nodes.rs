//! Nodes of a balancer: one in each of its zones, each with health checks and verdicts of its own.
//!
//! In: the answers to checks, and zones that are lost. Out: which targets are healthy at all nodes, and at some. With cross-zone load balancing
//! each node checks every target; without, those of its own zone. Where all nodes agree a request needs no node; else it comes to one of them
//! by DNS, evenly, and goes to a target that this one finds healthy.

use super::targets::{Balancer, Target};
use crate::catalog::zone::{Place, Zone};
use crate::dist::below;
use crate::flow::NONE;
use crate::rng::{Stream, stream};

/// Redraws after which a request goes to what was drawn last: with so many it matters no more.
const REDRAWS: u32 = 64;

/// What one node knows of one target.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub healthy: bool,
    /// Not yet judged: checks have neither passed once nor failed as often as makes it unhealthy. One pass makes it healthy.
    pub initial: bool,
    /// It has never been healthy.
    pub new: bool,
    pub passes: u32,
    pub failures: u32,
    /// The check in progress.
    pub probe: u32,
    /// It has become unhealthy while it did nothing, because of what struck it, and has not been healthy since.
    pub struck: bool,
}

impl Verdict {
    /// Of a target that is registered: whether it has been in service for long, and whether its application is up.
    pub fn first(seasoned: bool, runs: bool) -> Verdict {
        Verdict {
            healthy: seasoned && runs,
            initial: !seasoned,
            new: !(seasoned && runs),
            passes: 0,
            failures: 0,
            probe: NONE,
            struck: false,
        }
    }
}

/// The nodes of one balancer.
#[derive(Debug)]
pub(super) struct Nodes {
    /// Whether each target is checked by all nodes.
    all_check: bool,
    /// The zone of each, and whether it is lost.
    each: Vec<(Zone, bool)>,
    /// Of each target in turn, that of each node that checks it.
    verdicts: Vec<Verdict>,
    /// Whether they differ about a target.
    pub disagree: bool,
    /// Of each, whether it finds no target healthy.
    none_healthy: Vec<bool>,
    /// The node to which the next request comes, if it has been drawn.
    next: Option<usize>,
    /// To which of them a request comes.
    choice: Stream,
    /// When checks of further nodes begin.
    phases: Stream,
}

impl Nodes {
    /// One in each zone.
    pub fn new(zones: &[Zone], all_check: bool, seed: u64, name: &str) -> Nodes {
        let each: Vec<(Zone, bool)> = zones.iter().map(|&zone| (zone, false)).collect();
        let none_healthy = vec![false; each.len()];
        Nodes {
            all_check,
            each,
            verdicts: Vec::new(),
            disagree: false,
            none_healthy,
            next: None,
            choice: stream(seed, &format!("balancer.{name}/node")),
            phases: stream(seed, &format!("balancer.{name}/health check phase of nodes")),
        }
    }

    /// How many of them check each target.
    pub fn checkers(&self) -> usize {
        if self.all_check { self.each.len().max(1) } else { 1 }
    }

    /// A random moment of the first interval of a check by a further node.
    pub fn phase(&mut self, interval: u64) -> u64 {
        below(&mut self.phases, interval.max(1))
    }

    /// A target is registered, as each of them knows it.
    pub fn register(&mut self, first: Verdict) {
        self.verdicts.extend(std::iter::repeat_n(first, self.checkers()));
    }

    /// A zone is lost with its node, or both are back; returns the node that changes.
    pub fn set_lost(&mut self, place: Place, lost: bool) -> Option<usize> {
        let node = self.each.iter().position(|(zone, _)| Place::at_home(*zone) == place)?;
        (std::mem::replace(&mut self.each[node].1, lost) != lost).then_some(node)
    }

    /// Whether a node takes part: those that are lost do not, unless all are.
    pub fn takes_part(&self, node: usize) -> bool {
        self.each.get(node).is_none_or(|node| !node.1) || self.are_all_lost()
    }

    fn are_all_lost(&self) -> bool {
        !self.each.is_empty() && self.each.iter().all(|(_, lost)| *lost)
    }

    /// Whether the node of a zone is lost, by its position.
    pub fn is_lost(&self, node: usize) -> bool {
        self.each.get(node).is_some_and(|node| node.1)
    }
}

impl Balancer {
    /// The target of a check, and the node that makes it.
    pub(super) fn of_check(&self, check: u32) -> (u32, usize) {
        let checkers = self.nodes.checkers() as u32;
        let target = check / checkers;
        let node = match self.nodes.all_check {
            true => (check % checkers) as usize,
            false => self.targets.get(target as usize).map_or(0, |it| it.picker),
        };
        (target, node)
    }

    /// The checks of a target.
    pub(super) fn checks_of(&self, target: u32) -> std::ops::Range<u32> {
        let checkers = self.nodes.checkers() as u32;
        target * checkers..(target + 1) * checkers
    }

    /// What a node knows of the target of a check.
    pub(super) fn verdict(&mut self, check: u32) -> &mut Verdict {
        &mut self.nodes.verdicts[check as usize]
    }

    /// A node is back from the loss of its zone. It knows of targets what another one knows that was there all the time, if both check them; else it
    /// knows nothing, and a target must pass one check.
    pub(super) fn node_is_back(&mut self, node: usize) {
        let count = self.nodes.each.len();
        let other = (0..count).find(|&other| other != node && !self.nodes.each[other].1);
        let other = other.filter(|_| self.nodes.all_check);
        for target in 0..self.targets.len() {
            let at = match self.nodes.all_check {
                true => target * count + node,
                false if self.targets[target].picker == node => target,
                false => continue,
            };
            let known = other
                .map_or(Verdict::first(false, false), |other| self.nodes.verdicts[target * count + other]);
            let probe = self.nodes.verdicts[at].probe;
            self.nodes.verdicts[at] = Verdict { probe, ..known };
        }
    }

    /// What the nodes think of a target, taken together.
    pub(super) fn sum_up(&mut self, target: u32) {
        let range = self.checks_of(target);
        let own =
            range.filter(|&check| !self.nodes.all_check || self.nodes.takes_part(self.of_check(check).1));
        let all: Vec<Verdict> = own.map(|check| self.nodes.verdicts[check as usize]).collect();
        let every = |is: fn(&Verdict) -> bool| all.iter().all(is);
        let state = &mut self.targets[target as usize];
        *state = Target {
            healthy: every(|it| it.healthy),
            at_some: !every(|it| !it.healthy),
            initial: every(|it| it.initial || it.healthy) && !every(|it| it.healthy),
            new: every(|it| it.new),
            struck: every(|it| it.struck),
            ..*state
        };
    }

    /// What the nodes think of all targets.
    pub(super) fn sum_up_all(&mut self) {
        (0..self.targets.len()).for_each(|target| self.sum_up(target as u32));
    }

    /// Whether nodes differ, and which of them find no target healthy.
    pub(super) fn compare(&mut self) {
        if self.nodes.checkers() == 1 {
            return;
        }
        self.nodes.next = None;
        self.nodes.disagree = self.targets.iter().any(|it| it.registered && it.healthy != it.at_some);
        if self.nodes.disagree {
            for node in 0..self.nodes.each.len() {
                let is_healthy = |(index, it): (usize, &Target)| {
                    it.registered && self.nodes.verdicts[index * self.nodes.checkers() + node].healthy
                };
                self.nodes.none_healthy[node] = !self.targets.iter().enumerate().any(is_healthy);
            }
        }
    }

    /// Whether a node that takes part finds no target healthy, and sends to all, while others do not.
    pub(super) fn is_open_at_some(&self) -> bool {
        let nodes = self.nodes.none_healthy.iter().enumerate();
        self.nodes.disagree && nodes.into_iter().any(|(node, none)| *none && self.nodes.takes_part(node))
    }

    /// The fewest targets that a node finds healthy.
    pub(super) fn fewest_healthy(&self) -> u32 {
        let at = |node: usize| {
            let own = self.targets.iter().enumerate().filter(|(index, it)| {
                it.registered && self.nodes.verdicts[index * self.nodes.checkers() + node].healthy
            });
            own.count() as u32
        };
        (0..self.nodes.each.len()).filter(|&node| self.nodes.takes_part(node)).map(at).min().unwrap_or(0)
    }

    /// Whether the node to which a request comes sends it to a target. It comes to that node until it has gone on.
    pub(super) fn node_takes(&mut self, target: u32) -> bool {
        if !self.nodes.disagree {
            return true;
        }
        let node = match self.nodes.next {
            Some(node) => node,
            None => {
                let nodes: Vec<usize> =
                    (0..self.nodes.each.len()).filter(|&node| self.nodes.takes_part(node)).collect();
                let node = nodes[below(&mut self.nodes.choice, nodes.len() as u64) as usize];
                self.nodes.next = Some(node);
                node
            }
        };
        let verdict = self.nodes.verdicts[target as usize * self.nodes.checkers() + node];
        verdict.healthy || self.nodes.none_healthy[node]
    }

    /// A request has gone on to a target.
    pub(super) fn node_is_done(&mut self) {
        self.nodes.next = None;
    }

    /// A target that was drawn gets the request if the node to which it comes finds it healthy; else another is drawn.
    #[cold]
    pub(super) fn draw_for_node(&mut self, mut target: u32) -> u32 {
        let mut passed = Vec::new();
        for _ in 0..REDRAWS {
            if self.node_takes(target) {
                break;
            }
            let Some(next) = self.pickers[0].pick() else { break };
            passed.push(std::mem::replace(&mut target, next));
        }
        // The last one that was drawn has the request; those before it have not.
        passed.into_iter().for_each(|other| self.pickers[0].put_back(other));
        self.node_is_done();
        target
    }
}
