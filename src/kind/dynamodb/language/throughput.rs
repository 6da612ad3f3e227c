//! Read and write units a second. In: `{ read = …, write = … }`. Out: a [`Throughput`].

use crate::kind::dynamodb::deed::SORTS;
use crate::language::shape::{Given, Shape, Show};
use crate::language::value::Value;

/// Read units and write units a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// Read units a second.
    pub read: u32,
    /// Write units a second.
    pub write: u32,
}

/// Most units a second. More are a slip.
const UNITS_MAX: u32 = 100_000_000;

impl Throughput {
    /// `{ read = …, write = … }`: what it does not say is as usual.
    pub(super) fn read(value: Value, shape: &'static Shape, usual: Throughput) -> Option<Throughput> {
        value.table(shape, |reader| Throughput {
            read: reader.or("read", units, usual.read),
            write: reader.or("write", units, usual.write),
        })
    }

    /// Of reads and of writes.
    pub fn each(self) -> [f64; SORTS] {
        [self.read.into(), self.write.into()]
    }
}

impl Show for Throughput {
    fn show(&self) -> String {
        format!("{{ read = {}, write = {} }}", self.read, self.write)
    }
}

/// A whole number of units a second.
pub(super) fn units(value: Value) -> Option<u32> {
    value.count(1..=UNITS_MAX)
}

/// A default of two numbers.
pub(super) const fn given(read: u32, write: u32, source: &'static str) -> Given<Throughput> {
    Given { value: Throughput { read, write }, source }
}
