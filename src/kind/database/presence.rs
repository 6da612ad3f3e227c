//! Who could be read from. In: which replicas are lost, whenever that changes. Out: for how long each was there in a row, and what
//! was done there by a node that has another role now.

use super::node::Node;

/// The places of the replicas of a database, in the order of its nodes.
#[derive(Debug, Default)]
pub struct Presence {
    /// When it was noted last.
    at: u64,
    replicas: Vec<Place>,
    /// What a node of the writer's role did in the present row, when it gave that role away.
    writer: Did,
}

/// The place of one replica.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Whether somebody is there who answers.
    is_there: bool,
    /// Nanoseconds of the present row in which somebody was.
    there: u64,
    /// What was done in the present row by who was there before.
    before: Did,
}

/// What a node did in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Did {
    /// Busy-core nanoseconds, as a part of the cores that it has at its largest capacity.
    pub used: f64,
    /// Busy-core nanoseconds.
    pub busy: f64,
    /// Job nanoseconds.
    pub jobs: f64,
}

impl Did {
    pub(super) fn and(self, more: Did) -> Did {
        Did { used: self.used + more.used, busy: self.busy + more.busy, jobs: self.jobs + more.jobs }
    }
}

/// What a role did in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Nanoseconds in which somebody had it.
    pub there: f64,
    /// What was done.
    pub did: Did,
}

impl Presence {
    /// At most so many replicas, of which the first are there.
    pub fn of(most: usize, replicas: usize) -> Presence {
        let place = |index| Place { is_there: index < replicas, there: 0, before: Did::default() };
        Presence { replicas: (0..most).map(place).collect(), ..Presence::default() }
    }

    fn pass(&mut self, now: u64) {
        let span = now - std::mem::replace(&mut self.at, now);
        self.replicas.iter_mut().filter(|it| it.is_there).for_each(|it| it.there += span);
    }

    /// From now on those are there that are not lost.
    pub fn note(&mut self, replicas: &[Node], now: u64) {
        self.pass(now);
        self.replicas.iter_mut().zip(replicas).for_each(|(it, node)| it.is_there = !node.lost);
    }

    /// The writer and a replica exchange their roles: what each did in this row so far belongs to the role that it had.
    pub fn exchange(&mut self, replica: usize, did: [Did; 2]) {
        self.writer = self.writer.and(did[0]);
        let before = &mut self.replicas[replica].before;
        *before = before.and(did[1]);
    }

    /// All nodes give their roles away, the writer first: what each did in this row so far belongs to the role that it had.
    pub fn leave(&mut self, did: &[Did]) {
        if let Some((writer, replicas)) = did.split_first() {
            self.writer = self.writer.and(*writer);
            self.replicas.iter_mut().zip(replicas).for_each(|(it, did)| it.before = it.before.and(*did));
        }
    }

    /// A row ends: what the writer and each replica did in it, with what their nodes did since they have that role.
    pub fn read(&mut self, now: u64, span: f64, did: &[Did]) -> Vec<Row> {
        self.pass(now);
        let row = |there: f64, one: Did, other: Did| Row { there, did: one.and(other) };
        let writer = row(span, did[0], std::mem::take(&mut self.writer));
        let replicas = self.replicas.iter_mut().zip(&did[1..]).map(|(it, did)| {
            let there = std::mem::take(&mut it.there) as f64;
            row(there, *did, std::mem::take(&mut it.before))
        });
        std::iter::once(writer).chain(replicas).collect()
    }
}
