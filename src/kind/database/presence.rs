//! Who could be read from. In: which replicas are lost, whenever that changes. Out: for how long each was there in a row, and what
//! was done there by a node that has another role now.

use super::node::Node;

/// The places of the replicas of a database, in the order of its nodes.
#[derive(Debug, Default)]
pub struct Presence {
    /// When it was noted last.
    at: u64,
    replicas: Vec<Place>,
    /// Busy-core and job nanoseconds of the present row on a node of the writer's role, when it gave that role away.
    writer: (f64, f64),
}

/// The place of one replica.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Whether somebody is there who answers.
    is_there: bool,
    /// Nanoseconds of the present row in which somebody was.
    there: u64,
    /// Busy-core and job nanoseconds of the present row, of who was there before.
    before: (f64, f64),
}

/// What a role did in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Nanoseconds in which somebody had it.
    pub there: f64,
    /// Busy-core nanoseconds.
    pub busy: f64,
    /// Job nanoseconds.
    pub jobs: f64,
}

impl Presence {
    /// At most so many replicas, of which the first are there.
    pub fn of(most: usize, replicas: usize) -> Presence {
        let place = |index| Place { is_there: index < replicas, there: 0, before: (0.0, 0.0) };
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
    pub fn exchange(&mut self, replica: usize, did: [(f64, f64); 2]) {
        let add = |sum: &mut (f64, f64), more: (f64, f64)| *sum = (sum.0 + more.0, sum.1 + more.1);
        add(&mut self.writer, did[0]);
        add(&mut self.replicas[replica].before, did[1]);
    }

    /// A row ends: what the writer and each replica did in it, with what their nodes did since they have that role.
    pub fn read(&mut self, now: u64, span: f64, did: &[(f64, f64)]) -> Vec<Row> {
        self.pass(now);
        let row = |there: f64, one: (f64, f64), other: (f64, f64)| Row {
            there,
            busy: one.0 + other.0,
            jobs: one.1 + other.1,
        };
        let writer = row(span, did[0], std::mem::take(&mut self.writer));
        let replicas = self.replicas.iter_mut().zip(&did[1..]).map(|(it, did)| {
            let there = std::mem::take(&mut it.there) as f64;
            row(there, *did, std::mem::take(&mut it.before))
        });
        std::iter::once(writer).chain(replicas).collect()
    }
}
