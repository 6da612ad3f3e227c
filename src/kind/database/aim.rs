//! To which nodes the connections of a caller lead. In: how many nodes there are. Out: those to write on, and those to read by.

use std::ops::Range;

/// The nodes to which the connections of a caller lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Those on which it writes: to the writer, or to a node that forwards what it writes.
    pub writer: u32,
    /// Those to the reader endpoint.
    pub readers: Range<usize>,
    /// It reads by that endpoint.
    pub has_readers: bool,
}

impl Aim {
    /// To a database in one Region, of so many nodes.
    pub fn at(nodes: usize) -> Aim {
        Aim { writer: 0, readers: 1..nodes.max(1), has_readers: true }
    }

    /// Whether its reader endpoint leads to the writer while there is no replica.
    pub fn falls_back(&self) -> bool {
        self.readers.start == 1
    }
}
