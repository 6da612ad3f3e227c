//! The signs beside the numbers of a page. In: nothing. Out: each sign with its meaning, for `simcap explain`.

use crate::text::Word;

/// The signs beside numbers, on every part of a page.
pub(in crate::report) const SIGNS: &[Word] = &[
    Word::new(
        "±",
        "Half the width of a 95 % interval around the figure before it, in the same unit: with other seeds it would be as near as that nearly always. It takes several runs.",
    ),
    Word::new("(a–b)", "A whole 95 % interval, from a to b, where the figure is not in the middle of it."),
    Word::new(
        "–",
        "Between two numbers: from the first to the second. Alone in a cell: there is no value, as nothing happened that it is about.",
    ),
    Word::new("…", "Something is left out here: what, and where all of it is, stands behind it."),
    Word::new("×", "Times as much: ×1.4 is 40 % more."),
    Word::new("≤", "At most: no more is known than this bound."),
    Word::new("≥", "At least: no more is known than this bound."),
    Word::new("<", "Less than this, and more than nothing."),
    Word::new("−", "Less than nothing, or less than before."),
];
