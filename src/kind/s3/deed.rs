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
