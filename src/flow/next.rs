//! Where the walk of an attempt continues. In: the result of a step. Out: the next op, or the event to wait for.

use crate::measure::stage::Cause;

/// Where the walk of an attempt continues.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// At the next op.
    Op,
    /// At that op, now.
    At(u32),
    /// After this op, when an event comes.
    Wait,
    /// At that op, when an event comes.
    WaitThen(u32),
    /// That attempt goes on at once, where its record says. This one does not: it has ended, or waits as its own record says.
    Hand(u32),
    /// Nowhere: the attempt has ended.
    Gone,
    /// Nowhere: the attempt fails here.
    Fail(Cause),
}

impl Next {
    /// When an event comes, at an op if there is one, and else after this one.
    #[inline]
    pub fn wait(then: Option<u32>) -> Next {
        then.map_or(Next::Wait, Next::WaitThen)
    }
}
