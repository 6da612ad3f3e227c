//! Which alarm. In: positions in the file. Out: an [`AlarmOf`].

/// An alarm, by what it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmOf {
    /// An `[alarm.NAME]`, by its position.
    Own(usize),
    /// The alarm of a policy.
    OfPolicy {
        /// The fleet, by its position.
        fleet: usize,
        /// The policy.
        policy: usize,
        /// Whether it is its low alarm.
        low: bool,
    },
}
