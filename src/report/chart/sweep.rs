//! Chart: what the points of a study came to. In: what it has found. Out: over one axis a panel for each figure; of two axes a map of
//! cells for each figure; of three such a map of one figure for each value of the third.

mod lines;
mod map;
mod sort;
#[cfg(test)]
mod tests;

use self::sort::Sorts;
use super::figure::Figure;
use crate::report::sweep::undrawn;
use crate::study::Swept;

pub use self::sort::{short, words_of};

/// The chart, if there are points to compare, and not more axes than it can show.
pub fn figure(found: &Swept) -> Option<Figure> {
    let open: Vec<usize> = (0..found.axes.len()).filter(|at| found.axes[*at].choices.len() > 1).collect();
    let sorts = Sorts::of(found);
    if sorts.shown.is_empty() || undrawn(found).is_some() {
        return None;
    }
    match *open.as_slice() {
        [only] => Some(lines::figure(found, only, &sorts)),
        [one, other] => Some(map::figure(found, (one, other), &sorts)),
        [_, _, _] => map::of_three(found, &open, &sorts),
        _ => None,
    }
}
