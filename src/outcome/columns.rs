//! What many look for in a column of rows. In: marks, or values. Out: the stretches of equal marks; the middle value.

use std::ops::Range;

/// The stretches of rows with equal marks, each with its mark.
pub(super) fn stretches(marks: &[bool]) -> impl Iterator<Item = (Range<usize>, bool)> {
    let mut start = 0;
    marks.chunk_by(|one, next| one == next).map(move |stretch| {
        start += stretch.len();
        (start - stretch.len()..start, stretch[0])
    })
}

/// The middle one of some values, the larger one of two; nothing if there are none.
pub(super) fn middle(mut values: Vec<f64>) -> Option<f64> {
    let at = values.len() / 2;
    (!values.is_empty()).then(|| *values.select_nth_unstable_by(at, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_stretch() {
        let found: Vec<_> = stretches(&[true, false, false, true]).collect();
        assert_eq!(found, [(0..1, true), (1..3, false), (3..4, true)]);
        assert_eq!(stretches(&[]).count(), 0);
    }

    #[test]
    fn the_middle_is_that_of_the_order() {
        assert_eq!((middle(vec![3.0, 1.0, 2.0]), middle(vec![4.0, 1.0])), (Some(2.0), Some(4.0)));
        assert_eq!(middle(Vec::new()), None);
    }
}
