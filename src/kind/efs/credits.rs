//! For how much more traffic the burst credits of a file system last. In: its settings and rows. Out: how much sooner than the burst they are its limit.
//!
//! As long as it has credits, a file system is full at its burst; but with more traffic they are spent sooner. So its limit is the multiple of the traffic at which
//! they are just spent while more than the baseline is asked for.

use super::language::{FileSystem, Mode};
use super::limits;

/// Halvings of the interval in which a multiple lies, until it is known to the last bit.
const HALVINGS: u32 = 60;

/// How many times sooner credits are the limit than the burst, by the busy part of each row and its length in seconds; 1 where they are not, or are spent already.
pub(super) fn sooner(of: &FileSystem, rows: &[(f64, f64)], is_spent: bool) -> f64 {
    let most = rows.iter().map(|(_, busy)| *busy).fold(0.0, f64::max);
    if of.mode != Mode::Bursting || is_spent || most <= 0.0 || !outlasts(of, rows, 1.0 / most) {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0 / most);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        *if outlasts(of, rows, middle) { &mut high } else { &mut low } = middle;
    }
    1.0 / (most * low)
}

/// Whether so many times the traffic of the rows spends all credits while it asks for more than the baseline.
fn outlasts(of: &FileSystem, rows: &[(f64, f64)], times: f64) -> bool {
    let (baseline, burst) = (limits::baseline(of.storage), limits::burst(of.storage));
    let all = limits::credits(of.storage);
    let mut left = of.credits * all;
    rows.iter().any(|&(seconds, busy)| {
        let more = (times * busy).min(1.0) * burst - baseline;
        left = (left - more * seconds).min(all);
        left < 0.0 && more > 0.0
    })
}
