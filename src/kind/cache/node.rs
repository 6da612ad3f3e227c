//! The nodes of the shards of a cache: command threads, links, which is the primary.
//!
//! In: commands with their bytes. Out: when each has executed, and when its answer is back. A command takes the thread that is free
//! first; values pass a link one after the other, in the order in which they come to it.

use std::collections::VecDeque;

use super::language::{Cache as Settings, FLOW};
use crate::catalog::zone::Zone;
use crate::dist::rounded;

/// What bytes take, in nanoseconds each.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// On the link of a node.
    link: f64,
    /// On one connection.
    flow: f64,
    /// On a command thread.
    copy: f64,
    /// A value of so many bytes takes none.
    free: u64,
}

impl Pace {
    pub fn new(settings: &Settings) -> Pace {
        let each = |bits: f64| 8e9 / bits;
        let flow = each(FLOW.0);
        Pace {
            link: settings.bandwidth().map_or(flow, |bandwidth| each(bandwidth.0)),
            flow,
            copy: each(settings.copy.0),
            free: settings.free_bytes(),
        }
    }

    fn of(bytes: u64, each: f64) -> u64 {
        rounded(bytes as f64 * each)
    }

    /// Bytes of a value that take time: all of them, or none of a small one.
    fn counted(self, bytes: u64) -> u64 {
        if bytes > self.free { bytes } else { 0 }
    }
}

/// What does one thing after the other, a command thread or one direction of a link: when it will have done all so far, and its runs without
/// a pause that are not over.
#[derive(Clone, Debug, Default)]
struct Server {
    free: u64,
    runs: VecDeque<(u64, u64)>,
}

impl Server {
    /// Does something that is there at an instant, as soon as it is free; at the present instant what is over is forgotten.
    fn run(&mut self, from: u64, span: u64, now: u64) {
        while self.runs.front().is_some_and(|run| run.1 <= now) {
            self.runs.pop_front();
        }
        let start = self.free.max(from);
        self.free = start.saturating_add(span);
        match self.runs.back_mut() {
            Some(run) if run.1 == start => run.1 = self.free,
            _ => self.runs.push_back((start, self.free)),
        }
    }

    /// What is left to do at an instant.
    fn left(&self, now: u64) -> u64 {
        self.runs.iter().map(|&(start, end)| end.saturating_sub(start.max(now))).sum()
    }
}

/// A node.
#[derive(Clone, Debug)]
pub struct Node {
    threads: Vec<Server>,
    /// Where values come in, and where they go out.
    links: [Server; 2],
    /// For how long so far they have carried what look-ups and writes sent, or will have.
    carried: [u64; 2],
    /// How many times it is lost at present: with its zone, and by faults of its own. Then it answers nothing.
    pub lost: u32,
    /// How many times as long its threads take.
    factor: f64,
    /// A fault strikes it, or what that has left is not done yet.
    unwell: bool,
}

/// A command that has executed.
#[derive(Clone, Copy, Debug)]
pub struct Executed {
    shard: usize,
    node: usize,
    thread: usize,
    /// When the command came.
    arrival: u64,
    /// When it was done.
    pub at: u64,
}

/// The nodes of a shard.
#[derive(Clone, Debug)]
pub struct Shard {
    pub nodes: Vec<Node>,
    /// Which of them is the primary; after a loss there is none until another is promoted.
    pub primary: Option<usize>,
    /// What became of the last primary, while there is none.
    pub loss: Option<Loss>,
    /// Whether clients have left it out: of Memcached.
    pub left_out: bool,
    /// The replica that answered last.
    turn: usize,
    /// Time that threads for look-ups have executed, or will have.
    busy: u64,
}

/// The loss of a primary.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// Which node it was.
    pub node: usize,
    pub at: u64,
    /// The zone with which it was lost; none of a fault of its own.
    pub zone: Option<Zone>,
}

/// All shards of a cache.
#[derive(Debug)]
pub struct Nodes {
    pub shards: Vec<Shard>,
    pub pace: Pace,
    reads_from_replicas: bool,
    lookup_threads: u64,
    /// What commands so far take without their bytes, and with them, nanoseconds of a thread of a node that is well.
    taken: (u64, u64),
}

impl Nodes {
    pub fn new(settings: &Settings) -> Nodes {
        let node = Node {
            threads: vec![Server::default(); settings.threads.max(1) as usize],
            links: Default::default(),
            carried: [0; 2],
            lost: 0,
            factor: 1.0,
            unwell: false,
        };
        let shard = Shard {
            nodes: vec![node; settings.nodes()],
            primary: Some(0),
            loss: None,
            left_out: false,
            turn: 0,
            busy: 0,
        };
        Nodes {
            shards: vec![shard; settings.shards.max(1) as usize],
            pace: Pace::new(settings),
            reads_from_replicas: settings.reads_from_replicas,
            lookup_threads: settings.lookup_threads().max(1).into(),
            taken: (0, 0),
        }
    }

    /// The node that answers a look-up at a shard, if one does: each replica in turn, and the primary where there is none.
    pub fn reader(&mut self, shard: usize) -> Option<usize> {
        let shard = &mut self.shards[shard];
        if self.reads_from_replicas {
            let count = shard.nodes.len();
            let turns = (1..=count).map(|step| (shard.turn + step) % count);
            let found =
                turns.into_iter().find(|&node| Some(node) != shard.primary && !shard.nodes[node].is_lost());
            if let Some(node) = found {
                shard.turn = node;
                return Some(node);
            }
        }
        shard.primary
    }

    /// Executes a command that arrives at a node at an instant with so many bytes. A write is executed at the replicas as well, after
    /// that, and nobody waits for it.
    pub fn execute(
        &mut self,
        (shard, node): (usize, usize),
        span: u64,
        bytes: u64,
        arrival: u64,
        is_write: bool,
    ) -> Executed {
        let pace = self.pace;
        let counted = pace.counted(bytes);
        self.taken.0 = self.taken.0.saturating_add(span);
        let span = span.saturating_add(Pace::of(counted, pace.copy));
        self.taken.1 = self.taken.1.saturating_add(span);
        let arrived = self.shards[shard].nodes[node].pass(0, counted, pace, (arrival, arrival));
        let (thread, at) = self.run(shard, node, span, (arrived, arrival));
        if is_write {
            let replicas = 0..self.shards[shard].nodes.len();
            for replica in replicas.filter(|&other| other != node) {
                if !self.shards[shard].nodes[replica].is_lost() {
                    self.run(shard, replica, span, (at, arrival));
                }
            }
        }
        Executed { shard, node, thread, arrival, at }
    }

    /// A command has found a value of so many bytes: its thread writes them out, and they pass the link. Returns when they have.
    pub fn answer(&mut self, of: Executed, bytes: u64) -> u64 {
        let pace = self.pace;
        let counted = pace.counted(bytes);
        if counted == 0 {
            return of.at;
        }
        let counts = self.counts(of.shard, of.node);
        let shard = &mut self.shards[of.shard];
        let copy = Pace::of(counted, pace.copy);
        self.taken.1 = self.taken.1.saturating_add(copy);
        let copy = shard.nodes[of.node].takes(copy);
        shard.busy += if counts { copy } else { 0 };
        let node = &mut shard.nodes[of.node];
        node.threads[of.thread].run(of.at, copy, 0);
        node.pass(1, counted, pace, (of.at.saturating_add(copy), of.arrival))
    }

    fn run(&mut self, shard: usize, node: usize, span: u64, (from, now): (u64, u64)) -> (usize, u64) {
        let counts = self.counts(shard, node);
        let shard = &mut self.shards[shard];
        let span = shard.nodes[node].takes(span);
        shard.busy += if counts { span } else { 0 };
        let threads = &mut shard.nodes[node].threads;
        let thread = (0..threads.len()).min_by_key(|&thread| threads[thread].free).unwrap_or(0);
        threads[thread].run(from, span, now);
        (thread, threads[thread].free)
    }

    /// Whether a node is one of those that look-ups go to: replicas, if they are read from and there is one.
    fn counts(&self, shard: usize, node: usize) -> bool {
        let shard = &self.shards[shard];
        let is_replica = |node: usize| Some(node) != shard.primary && !shard.nodes[node].is_lost();
        match self.reads_from_replicas && (0..shard.nodes.len()).any(is_replica) {
            true => is_replica(node),
            false => Some(node) == shard.primary,
        }
    }

    /// Times as long as without bytes commands take a thread with them, by those so far.
    pub fn with_bytes(&self) -> f64 {
        let (without, with) = self.taken;
        if without > 0 { with as f64 / without as f64 } else { 1.0 }
    }

    /// Busy nanoseconds of a shard up to an instant, as a mean over the threads that execute look-ups.
    pub fn busy(&self, shard: usize, arrival: u64) -> u64 {
        let nodes = 0..self.shards[shard].nodes.len();
        let nodes = nodes.filter(|&node| self.counts(shard, node));
        let state = &self.shards[shard];
        let threads = nodes.flat_map(|node| &state.nodes[node].threads);
        let left: u64 = threads.map(|thread| thread.left(arrival)).sum();
        state.busy.saturating_sub(left) / self.lookup_threads
    }

    /// Of each node of a shard, for how long up to an instant its link has carried values, in and out.
    pub fn carried(&self, shard: usize, arrival: u64) -> impl Iterator<Item = u64> {
        let links = self.shards[shard].nodes.iter().flat_map(|node| node.links.iter().zip(node.carried));
        links.map(move |(link, carried)| carried.saturating_sub(link.left(arrival)))
    }
}

/// Faults that strike nodes. Each node of a cache has a number: those of the first shard come first.
impl Nodes {
    /// The number of a node of a shard.
    pub fn member(&self, (shard, node): (usize, usize)) -> usize {
        shard * self.shards[shard].nodes.len() + node
    }

    /// The number of the primary of a shard, or, where there is none, of the node that was it last.
    pub fn primary(&self, shard: usize) -> usize {
        let state = &self.shards[shard];
        let last = state.loss.map_or(0, |loss| loss.node);
        self.member((shard, state.primary.unwrap_or(last)))
    }

    /// Those of some nodes that are of a shard.
    pub fn of_shard(&self, shard: usize, members: &[usize]) -> Vec<usize> {
        let all = 0..self.shards[shard].nodes.len();
        all.filter(|&node| members.contains(&self.member((shard, node)))).collect()
    }

    fn of_member(&mut self, member: usize) -> &mut Node {
        let count = self.shards[0].nodes.len();
        &mut self.shards[member / count].nodes[member % count]
    }

    /// A fault strikes a node, or no longer does: from now on it is so many times as slow, and does nothing until an instant if it hangs.
    /// Returns when what waits there now will be done.
    pub fn struck(&mut self, member: usize, factor: f64, hangs_until: Option<u64>) -> u64 {
        let node = self.of_member(member);
        (node.unwell, node.factor) = (true, factor);
        for thread in &mut node.threads {
            thread.free = thread.free.max(hangs_until.unwrap_or(0));
        }
        node.threads.iter().map(|thread| thread.free).max().unwrap_or(0)
    }

    /// Whether something may be wrong with a node.
    pub fn is_unwell(&self, (shard, node): (usize, usize)) -> bool {
        self.shards[shard].nodes[node].unwell
    }

    /// Nothing is, any more.
    pub fn recovers(&mut self, (shard, node): (usize, usize)) {
        self.shards[shard].nodes[node].unwell = false;
    }
}

impl Node {
    /// Whether it is lost.
    pub fn is_lost(&self) -> bool {
        self.lost > 0
    }

    /// How long its threads take over work of so long.
    fn takes(&self, span: u64) -> u64 {
        rounded(span as f64 * self.factor)
    }

    /// So many bytes pass a link from an instant on; returns when the last has. What is over by now is forgotten.
    fn pass(&mut self, link: usize, bytes: u64, pace: Pace, (from, now): (u64, u64)) -> u64 {
        if bytes == 0 {
            return from;
        }
        let span = Pace::of(bytes, pace.link);
        self.carried[link] += span;
        let link = &mut self.links[link];
        link.run(from, span, now);
        link.free.max(from.saturating_add(Pace::of(bytes, pace.flow)))
    }
}
