//! What the counters of a name were at the end of the last row. In: counters. Out: [`Marks`], from which rows are read.

use crate::flow::mark::Mark;

/// Counters at the end of the last row.
#[derive(Debug)]
pub(super) struct Marks {
    pub queries: Mark,
    pub requests: Mark,
    pub old: Mark,
    pub unanswered: Mark,
    pub went: Vec<Mark>,
}

impl Marks {
    /// Of a name with so many records.
    pub fn new(records: usize) -> Marks {
        let went = (0..records).map(|_| Mark::default()).collect();
        let none = Mark::default;
        Marks { queries: none(), requests: none(), old: none(), unanswered: none(), went }
    }
}
