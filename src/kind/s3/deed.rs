//! What a request does with an object. In: nothing. Out: [`Deed`], and which limit and which price it falls under.

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// `GetObject`, and `HeadObject` with nothing to send.
    Get,
    /// `PutObject`, `CopyObject`, or a part of an upload.
    Put,
    /// `ListObjects`.
    List,
    /// `DeleteObject`.
    Delete,
}

/// A number of two halves: steps of a program are small, and lie at addresses that are multiples of four.
#[derive(Clone, Copy, Debug)]
pub struct Wide([u32; 2]);

impl Wide {
    pub fn new(value: u64) -> Wide {
        Wide([(value >> 32) as u32, value as u32])
    }

    pub fn value(self) -> u64 {
        u64::from(self.0[0]) << 32 | u64::from(self.0[1])
    }
}

/// What a partition takes only so many of a second: requests that read, and requests that write.
pub const SORTS: usize = 2;

impl Deed {
    /// Whether it counts as one that reads. (S3 user guide, "Best practices design patterns: optimizing Amazon S3 performance":
    /// GET and HEAD, against PUT, COPY, POST and DELETE; a list is a GET of the bucket.)
    pub fn reads(self) -> bool {
        matches!(self, Deed::Get | Deed::List)
    }

    /// The place of its limit.
    pub fn sort(self) -> usize {
        usize::from(!self.reads())
    }
}
