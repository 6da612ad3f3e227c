//! Sums over neighbouring rows, in time that grows with the rows and not with the width of a window.
//!
//! In: a column and the width of a window. Out: the sum of any window of that width, or of one that an end of the
//! column cuts off. The column is cut into blocks as wide as a window. A window is the end of one block and the
//! beginning of the next, so its sum is one addition. Nothing is ever subtracted, so nothing cancels out.

use std::ops::Range;

/// Sums of the rows of a column up to the ends of their blocks.
#[derive(Debug)]
pub(super) struct Windows {
    width: usize,
    /// From the start of the block up to each row, the row included.
    from_start: Vec<f64>,
    /// From each row to the end of its block.
    to_end: Vec<f64>,
}

impl Windows {
    /// Sums for windows of at most `width` rows.
    pub fn new(column: impl Iterator<Item = f64>, width: usize) -> Windows {
        let width = width.max(1);
        let mut from_start: Vec<f64> = column.collect();
        let mut to_end = from_start.clone();
        from_start.chunks_mut(width).for_each(|block| {
            (1..block.len()).for_each(|row| block[row] += block[row - 1]);
        });
        to_end.chunks_mut(width).for_each(|block| {
            (1..block.len()).rev().for_each(|row| block[row - 1] += block[row]);
        });
        Windows { width, from_start, to_end }
    }

    /// The sum of a window that is as wide as promised, or that begins or ends with the column; 0 of no rows.
    pub fn sum(&self, rows: &Range<usize>) -> f64 {
        if rows.is_empty() {
            return 0.0;
        }
        let last = rows.end - 1;
        match (rows.start / self.width == last / self.width, rows.start % self.width) {
            (true, 0) => self.from_start[last],
            (true, _) => self.to_end[rows.start],
            (false, _) => self.to_end[rows.start] + self.from_start[last],
        }
    }

    /// The sums of all whole windows, by their first row.
    pub fn whole(&self) -> impl Iterator<Item = f64> {
        (0..(self.from_start.len() + 1).saturating_sub(self.width))
            .map(|start| self.sum(&(start..start + self.width)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_is_the_sum_of_its_rows() {
        let column: Vec<f64> = (0..23).map(|row| f64::from(row * row % 17)).collect();
        for width in 1..=25 {
            let windows = Windows::new(column.iter().copied(), width);
            let sums: Vec<f64> = column.windows(width).map(|rows| rows.iter().sum()).collect();
            assert_eq!(windows.whole().collect::<Vec<_>>(), sums, "width {width}");
            for row in 0..column.len() {
                let cut = row.saturating_sub(width / 2)..(row + width.div_ceil(2)).min(column.len());
                assert_eq!(
                    windows.sum(&cut),
                    column[cut.clone()].iter().sum::<f64>(),
                    "width {width}, row {row}"
                );
            }
        }
    }

    /// Running sums that add what comes and subtract what goes would keep the rounding error of the large row.
    #[test]
    fn a_huge_row_leaves_no_trace_in_later_windows() {
        let column = [1e17, 0.1, 0.2, 0.3, 0.4, 0.5];
        let windows = Windows::new(column.iter().copied(), 2);
        assert_eq!(windows.whole().skip(1).collect::<Vec<_>>(), [0.1 + 0.2, 0.2 + 0.3, 0.3 + 0.4, 0.4 + 0.5]);
    }
}
