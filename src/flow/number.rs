//! Numbers of things in lists. In: a place. Out: the number that is kept of it, or [`NONE`] of nothing.

/// Nothing: no instance, no station, no lock.
pub const NONE: u32 = u32::MAX;

/// The place of something in a list, as the type that is kept of it. The limits of the language keep every list of a
/// scenario within its type; a place beyond it would stand for another one, so it ends the run instead.
pub fn number<T: TryFrom<usize>>(place: usize) -> T {
    T::try_from(place).unwrap_or_else(|_| panic!("place {place} of a list is beyond what a run can number"))
}
