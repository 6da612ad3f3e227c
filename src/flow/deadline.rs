//! Deadlines of attempts: the timeout of a client, of a balancer, and the limit of a wait.
//!
//! In: when a wait must have ended. Out: the order of such deadlines. Deadlines rarely expire, so each is a number in
//! the record of its attempt and not an event. For each record one event is planned at the earliest deadline; by then
//! the record mostly belongs to a later attempt, and the event is planned again for that one. A deadline comes last at
//! its instant: a wait that ends exactly then has ended in time.

/// When a wait must have ended, and the order of the deadline among the events of that instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// The time.
    pub time: u64,
    /// Its number in the calendar.
    pub number: u64,
}

impl Deadline {
    /// No deadline.
    pub const NEVER: Deadline = Deadline { time: u64::MAX, number: u64::MAX };
}
