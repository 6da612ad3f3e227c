//! A connection pool: what is open to each node of a database, and whose turn it is.
//!
//! In: how many connections a side wants, connections that are made, closed or broken. Out: connections at nodes, as far as
//! these have room; the node of the next one.

use super::aim::Aim;
use super::node::Node;
use crate::engine::station::{Integral, UNLIMITED};
use crate::flow::{Flow, NONE, number};
use crate::measure::resource::Node as Side;

/// The side of a pool by its number.
pub const SIDES: [Side; 2] = [Side::Writer, Side::Reader];

/// A station of a pool: it has no connection yet, and any number of requests may wait.
pub fn station(flow: &mut Flow) -> u32 {
    flow.add_station(0, UNLIMITED)
}

/// Which node takes the next connection of a side: of those that are not lost the one with the fewest of this pool. While every
/// replica is lost the reader endpoint leads to the writer.
pub fn node_for(side: usize, to: &Aim, open: &[u32], nodes: &[Node]) -> Option<usize> {
    let here = |node: &usize| !nodes[*node].lost;
    let replica = || to.readers.clone().filter(here).min_by_key(|node| open[*node]);
    match side {
        0 => Some(to.writer as usize).filter(here),
        _ => replica().or_else(|| Some(0).filter(here).filter(|_| to.falls_back())),
    }
}

/// A connection pool of a host: stations of connections to the writer and to the replicas.
#[derive(Debug)]
pub struct Pool {
    /// Station of the writer's connections.
    pub writer: u32,
    /// Station of the replicas' connections.
    pub reader: u32,
    /// Connections open to each node: the writer first. With replicas, the last are those of readers to the writer, which are
    /// there while every replica is lost.
    pub open: Vec<u32>,
    /// Replica of the next borrowed connection.
    pub turn: u32,
    /// How many connections of each replica have had their turn.
    round: u32,
    /// Where its connections are to lead.
    pub(super) to: Aim,
    /// The machine that its host takes for the writer, as long as it has an old address.
    pub astray: Option<u32>,
    /// The node to which its connections for the writer lead: the writer, 0, but for an old address.
    pub leads: u32,
    /// Connections that nodes refused when it was filled last, since connections of it broke.
    pub(super) refused: u32,
    /// What makes connections of each side during the run, if it grows.
    pub(super) adders: [u32; 2],
    /// Open connections over time: to the writer, and to the replicas.
    opened: [Opened; 2],
}

/// Open connections over time.
#[derive(Clone, Copy, Debug, Default)]
struct Opened {
    present: u32,
    area: Integral,
    /// The integral when it was last read, connection nanoseconds.
    read: f64,
}

impl Pool {
    /// A pool without connections, of these two stations, to this many nodes.
    pub fn new(writer: u32, reader: u32, nodes: usize) -> Pool {
        let places = nodes + usize::from(nodes > 1);
        Pool {
            writer,
            reader,
            open: vec![0; places],
            turn: 0,
            round: 0,
            to: Aim::at(nodes),
            astray: None,
            leads: 0,
            refused: 0,
            adders: [NONE; 2],
            opened: Default::default(),
        }
    }

    /// The same, to some of the nodes.
    pub(super) fn to(self, to: Aim) -> Pool {
        Pool { leads: to.writer, to, ..self }
    }

    /// The same, with adders that make its connections.
    pub(super) fn with(self, adders: [u32; 2]) -> Pool {
        Pool { adders, ..self }
    }

    /// Opens its missing connections, as far as the nodes allow; returns how many they refuse at their limits. A lost node
    /// refuses nothing: nobody answers there.
    pub(super) fn fill(&mut self, (writer, reader): (u32, u32), nodes: &mut [Node]) -> u32 {
        let reader = if self.to.has_readers { reader } else { 0 };
        let readers = nodes[self.to.readers.clone()].iter().filter(|node| !node.lost).count() as u32;
        let mut rank = 0;
        let mut refused = 0;
        // What is open stays where it is: the reader endpoint chooses a replica for each connection, once.
        let mut lacking = reader.saturating_sub(self.open[1..].iter().sum());
        for place in 0..self.open.len() {
            let node = self.node_of(place, nodes.len());
            let wanted = match place {
                0 if self.writer_node(nodes).is_none() => 0,
                0 => writer,
                place if place == nodes.len() => {
                    if readers == 0 && self.to.falls_back() {
                        reader
                    } else {
                        0
                    }
                }
                place if nodes[place].lost || !self.to.readers.contains(&place) => 0,
                // The reader endpoint spreads connections over the replicas.
                _ => {
                    rank += 1;
                    (reader + readers - rank) / readers
                }
            };
            let state = &mut nodes[node];
            let mut missing = wanted.saturating_sub(self.open[place]);
            if place > 0 {
                missing = missing.min(lacking);
                lacking -= missing;
            }
            let opened = missing.min(state.room());
            (0..opened).for_each(|_| state.accept());
            self.open[place] += opened;
            refused += if state.lost { 0 } else { missing - opened };
        }
        refused
    }

    /// It leads to a proxy, which takes any number of connections.
    pub(super) fn fill_to_proxy(&mut self, (writer, reader): (u32, u32)) {
        self.open[0] = writer;
        if let Some(first) = self.open.get_mut(1) {
            *first = reader;
        }
    }

    /// Its connections are to lead to other nodes: those that do not are closed.
    pub(super) fn aim(&mut self, to: Aim, nodes: &mut [Node], now: u64) {
        if self.to.writer != to.writer && self.astray.is_none() {
            nodes[self.leads as usize].open -= std::mem::take(&mut self.open[0]);
            self.leads = to.writer;
        }
        if self.to.readers != to.readers {
            for place in 1..self.open.len() {
                let node = self.node_of(place, nodes.len());
                nodes[node].open -= std::mem::take(&mut self.open[place]);
            }
        }
        self.to = to;
        self.changed(now);
    }

    /// Its connections to a node have broken.
    pub(super) fn break_off(&mut self, node: usize, nodes: usize, now: u64) {
        if node > 0 {
            self.open[node] = 0;
        }
        if self.leads as usize == node {
            self.open[0] = 0;
        }
        // Those of readers that go to the writer.
        if node == 0 && self.open.len() > nodes {
            self.open[nodes] = 0;
        }
        self.refused = 0;
        self.changed(now);
    }

    /// The node that takes its next connection of a side, if one is there.
    pub(super) fn place_for(&self, side: usize, nodes: &[Node]) -> Option<usize> {
        if side == 0 && self.astray.is_some() {
            return self.writer_node(nodes);
        }
        node_for(side, &self.to, &self.open, nodes)
    }

    /// The node that its host takes for the writer; none where nothing answers at an old address.
    pub(super) fn writer_node(&self, nodes: &[Node]) -> Option<usize> {
        match self.astray {
            None => Some(self.to.writer as usize),
            Some(old) => nodes.iter().position(|node| node.processor == old && !node.lost),
        }
    }

    /// The node to which the connections of a place lead. Without a replica the reader endpoint leads to the writer.
    pub(super) fn node_of(&self, place: usize, nodes: usize) -> usize {
        match place {
            0 => self.leads as usize,
            place if place < nodes => place,
            _ => 0,
        }
    }

    /// A connection of a side to a node has been made.
    pub(super) fn add(&mut self, side: usize, node: usize, now: u64) {
        // That of a reader to the writer has the last place.
        let place = match side {
            0 => 0,
            _ if node == 0 => self.open.len() - 1,
            _ => node,
        };
        self.open[place] += 1;
        self.changed(now);
    }

    /// Closes a connection of a side: of readers, first those to the writer, else where there are most; returns its node.
    pub(super) fn remove(&mut self, side: usize, nodes: usize, now: u64) -> Option<usize> {
        let places = if side == 0 { 0..1 } else { 1..self.open.len() };
        let open = places.filter(|place| self.open[*place] > 0);
        // Readers go back from the writer to the replicas.
        let place = match side == 1 && self.open.len() > nodes && self.open[nodes] > 0 {
            true => nodes,
            false => open.max_by_key(|place| self.open[*place])?,
        };
        self.open[place] -= 1;
        self.changed(now);
        Some(self.node_of(place, nodes))
    }

    /// Connections open to the writer, and to the replicas together.
    pub fn sides(&self) -> [u32; 2] {
        [self.open[0], self.open[1..].iter().sum()]
    }

    /// Connections have been opened or closed.
    pub fn changed(&mut self, now: u64) {
        for (present, opened) in self.sides().into_iter().zip(&mut self.opened) {
            opened.area.change(i64::from(present) - i64::from(opened.present), now);
            opened.present = present;
        }
    }

    /// Connection nanoseconds since the last call: to the writer, and to the replicas.
    pub fn open_in_row(&mut self, now: u64) -> [f64; 2] {
        self.opened.each_mut().map(|opened| {
            let area = opened.area.up_to(now, opened.present);
            area - std::mem::replace(&mut opened.read, area)
        })
    }

    /// The place of the next read: that of the next connection, or where there is none yet, of the one that will be made for it.
    pub fn next_reader(&mut self, nodes: &[Node]) -> u32 {
        match self.open[1..].iter().all(|open| *open == 0) {
            true => node_for(1, &self.to, &self.open, nodes).map_or(self.to.readers.start as u32, number),
            false => self.next_replica(),
        }
    }

    /// The replica of the next connection: each connection in turn, so that one with more connections has more turns.
    pub fn next_replica(&mut self) -> u32 {
        let replicas = self.open.len() as u32 - 1;
        let mut replica = self.turn;
        // A round in which nobody has a connection left is followed by the first one.
        for _ in 0..2 * replicas {
            replica = self.turn;
            let round = self.round;
            self.turn = if replica + 1 < replicas { replica + 1 } else { 0 };
            if self.turn == 0 {
                let is_more = self.open[1..].iter().any(|open| *open > round + 1);
                self.round = if is_more { round + 1 } else { 0 };
            }
            if self.open[1 + replica as usize] > round {
                break;
            }
        }
        1 + replica
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(pool: &mut Pool, count: usize) -> Vec<u32> {
        (0..count).map(|_| pool.next_replica()).collect()
    }

    /// Three replicas are the nodes 1 to 3.
    #[test]
    fn the_turns_of_replicas_begin_with_the_first_and_keep_their_place() {
        let mut pool = Pool::new(0, 1, 4);
        pool.open = vec![1, 1, 1, 1];
        assert_eq!(nodes(&mut pool, 4), [1, 2, 3, 1]);
        // The replica whose turn it is loses its connections: the next one gets the turn, and the lost one comes again
        // in the next round.
        pool.open[2] = 0;
        assert_eq!(nodes(&mut pool, 2), [3, 1]);
        pool.open[2] = 1;
        assert_eq!(nodes(&mut pool, 2), [2, 3]);
        assert_eq!(pool.next_replica(), 1);
        // A request while no replica has a connection takes no turn.
        pool.open = vec![1, 0, 0, 0];
        nodes(&mut pool, 5);
        pool.open = vec![1, 1, 1, 1];
        assert_eq!(nodes(&mut pool, 3), [2, 3, 1]);
    }

    /// Of the connections of a pool three lead to the first replica, one to the second and none to the third: each of them has its turn.
    #[test]
    fn a_replica_has_as_many_turns_as_connections() {
        let mut pool = Pool::new(0, 1, 4);
        pool.open = vec![1, 3, 1, 0, 0];
        assert_eq!(nodes(&mut pool, 9), [1, 2, 1, 1, 1, 2, 1, 1, 1]);
        // One that loses its connections has no turn.
        pool.open = vec![1, 0, 1, 0, 0];
        assert_eq!(nodes(&mut pool, 3), [2, 2, 2]);
    }

    #[test]
    fn connections_count_for_as_long_as_they_are_open() {
        let mut pool = Pool::new(0, 1, 3);
        pool.open = vec![2, 1, 0];
        pool.changed(10);
        pool.open = vec![2, 1, 3];
        pool.changed(15);
        assert_eq!(pool.open_in_row(20), [20.0, 25.0]);
        pool.open = vec![0; 3];
        pool.changed(27);
        assert_eq!((pool.open_in_row(30), pool.open_in_row(40)), ([14.0, 28.0], [0.0, 0.0]));
    }
}
