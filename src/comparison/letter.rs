//! What the scenarios of a comparison are called. In: positions. Out: letters.

/// Most scenarios of a comparison: each has a letter.
pub const MOST_SIDES: usize = 26;

/// The letter of the scenario at a position: `A` is the first.
pub fn letter(at: usize) -> char {
    char::from(b'A' + (at % MOST_SIDES) as u8)
}
