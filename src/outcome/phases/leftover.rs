//! What a trouble leaves to the rows after it. In: the latencies of a phase, row by row. Out: [`Own`]: those of the requests that
//! came in it, and the rows until the others are gone.
//!
//! A request that ends in a row and took longer than it is since the phase began came before the phase: it is one of the trouble,
//! and says nothing of the calm.

use std::ops::Range;

use crate::measure::histogram::{Histogram, Packed};

/// Part of the requests that end in a row of which as many say nothing.
const FEW: f64 = 0.01;

/// What a phase says of itself.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The 99th percentile of the requests that came and ended in it: one of rows with few requests each says nothing.
    pub p99_ms: Option<f64>,
    /// The rows without those in which requests of the trouble before still ended; at least half of them.
    pub settled: Range<usize>,
}

impl Own {
    /// Of a phase that begins with the run, or after a trouble; rows are so many seconds long.
    pub fn of(rows: &Range<usize>, latencies: &[Packed], row_s: f64) -> Own {
        let mut own = Histogram::default();
        let mut settled = rows.clone();
        for row in rows.clone() {
            let Some(ended) = latencies.get(row) else { continue };
            let since = match rows.start {
                0 => u64::MAX,
                start => ((row + 1 - start) as f64 * row_s * 1e9) as u64,
            };
            let before = ended.above(since);
            if before as f64 > FEW * ended.count() as f64 {
                settled.start = row + 1;
            }
            match before {
                0 => ended.add_to(&mut own),
                _ => ended.add_up_to(since, &mut own),
            }
        }
        settled.start = settled.start.min(rows.start + rows.len() / 2);
        Own { p99_ms: own.quantile(0.99).map(|nanos| nanos as f64 / 1e6), settled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seconds: &[f64]) -> Packed {
        let mut all = Histogram::default();
        seconds.iter().for_each(|took| all.record((took * 1e9) as u64));
        Packed::of(&all)
    }

    /// A calm of six rows of 10 s. In the first three of them requests of 60 s end, which came in the trouble.
    #[test]
    fn requests_of_the_trouble_say_nothing_of_the_calm() {
        let late = row(&[60.0, 0.1, 0.2]);
        let rows = [late.clone(), late.clone(), late, row(&[0.2]), row(&[0.1]), row(&[0.2])];
        let all: Vec<Packed> = [row(&[50.0])].into_iter().chain(rows.iter().cloned()).collect();
        let own = Own::of(&(1..7), &all, 10.0);
        assert!((own.p99_ms.unwrap() / 200.0 - 1.0).abs() < 0.001, "{own:?}");
        assert_eq!(own.settled, 4..7);
        // From the start of the run, they are its own.
        let own = Own::of(&(0..6), &rows, 10.0);
        assert!((own.p99_ms.unwrap() / 60_000.0 - 1.0).abs() < 0.001 && own.settled == (0..6), "{own:?}");
        // A request of 25 s that ends in the fourth row came in the calm.
        let own = Own::of(&(1..3), &[row(&[]), row(&[]), row(&[25.0])], 20.0);
        assert!((own.p99_ms.unwrap() / 25_000.0 - 1.0).abs() < 0.001, "{own:?}");
        assert!(Own::of(&(1..2), &[row(&[]), row(&[25.0])], 20.0).p99_ms.is_none());
    }
}
