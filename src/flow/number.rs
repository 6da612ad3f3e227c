//! Numbers of items in lists. In: a position. Out: the number that is stored for it, or [`NONE`].

/// Nothing: no instance, no station, no lock.
pub const NONE: u32 = u32::MAX;

/// The position of an item in a list, as the type that stores it. The limits of the language keep every list of a
/// scenario within its type; a larger position would alias another item, so it ends the run instead.
pub fn number<T: TryFrom<usize>>(place: usize) -> T {
    T::try_from(place).unwrap_or_else(|_| panic!("place {place} of a list is beyond what a run can number"))
}
