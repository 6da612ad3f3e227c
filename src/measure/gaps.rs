//! Gaps in what comes every so often. In: rows in which something was seen. Out: the same, with the gaps that are as long as is usual.
//!
//! What comes at random leaves gaps of which the length is exponential: of `n` of them, the longest is below their mean times
//! ln(n / α) but for a chance of α, and their median is their mean times ln 2. What comes at equal spans leaves equal gaps.

use std::ops::Range;

/// Chance that a gap of those that are usual is found to be longer than that.
const FALSE_ALARM: f64 = 0.01;

/// Fills the gaps between marks that are no longer than the others explain, and what comes after the last mark while it is no longer.
/// Of a single gap nothing is known.
pub fn fill_usual(marks: &mut [bool]) {
    let Some(first) = marks.iter().position(|mark| *mark) else { return };
    let mut gaps: Vec<Range<usize>> = Vec::new();
    for row in (first + 1..marks.len()).filter(|&row| !marks[row]) {
        match gaps.last_mut() {
            Some(gap) if gap.end == row => gap.end += 1,
            _ => gaps.push(row..row + 1),
        }
    }
    let last = gaps.pop_if(|gap| gap.end == marks.len());
    let mut lengths: Vec<usize> = gaps.iter().map(Range::len).collect();
    lengths.sort_unstable();
    let count = lengths.len();
    if count < 2 {
        return;
    }
    let is_usual = |gap: &Range<usize>, middle: usize| {
        let mean = lengths[middle] as f64 / std::f64::consts::LN_2;
        gap.len() as f64 <= mean * libm::log(count as f64 / FALSE_ALARM)
    };
    for gap in gaps {
        // The middle of the others.
        let middle = (count - 1) / 2 + usize::from(gap.len() <= lengths[(count - 1) / 2]);
        if is_usual(&gap, middle) {
            marks[gap].fill(true);
        }
    }
    if let Some(last) = last.filter(|last| is_usual(last, count / 2)) {
        marks[last].fill(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(length: usize, seen: &[usize]) -> Vec<usize> {
        let mut marks: Vec<bool> = (0..length).map(|row| seen.contains(&row)).collect();
        fill_usual(&mut marks);
        (0..length).filter(|row| marks[*row]).collect()
    }

    #[test]
    fn what_comes_every_twenty_rows_goes_on_and_what_ends_is_over() {
        let seen = [35, 55, 75, 95];
        assert_eq!(
            filled(100, &seen),
            (35..100).collect::<Vec<_>>(),
            "nothing is known of what comes after the end"
        );
        // Three gaps of 19: their mean may be 27.4, and the longest of three 156. One of 904 is another thing.
        assert_eq!(filled(1_000, &seen), (35..96).collect::<Vec<_>>());
    }

    #[test]
    fn two_bursts_are_two() {
        assert_eq!(
            filled(60, &[1, 3, 5, 50, 52, 54]),
            [1, 2, 3, 4, 5, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]
        );
        assert_eq!(filled(60, &[1, 50]), [1, 50]);
    }
}
