//! For what an attempt waits that does not come. In: nothing. Out: [`Missed`].

/// For what an attempt waits in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// For nothing.
    Nothing,
    /// For a connection.
    Connection,
    /// For an answer.
    Answer,
}
