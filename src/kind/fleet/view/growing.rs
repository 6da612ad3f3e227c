//! Pools that open connections as they are asked for. In: the rows of a pool, and how many connections it may have. Out: the part of
//! these that was in use, and the rows in which requests waited while it grew.
//!
//! Of what such a pool has open, all may be in use though it would open more. So its limit is that of the connections that it may have,
//! unless requests wait and it gets no more: then what it has is all that there is.

use super::FULL;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::record::FleetSeries;
use crate::kind::view::at;
use crate::measure::pool::PoolSeries;
use crate::measure::watched::WAITING;

/// Part of the connections that it may have from which on it has all of them: of several runs, means are compared.
const ALL: f64 = 0.99;

/// The percentage of what it may have that was in use, and the rows in which it grew while requests waited; nothing of a pool that keeps all
/// of its connections open.
pub(super) fn of(
    fleet: &Fleet,
    column: usize,
    (series, pool): (&FleetSeries, &PoolSeries),
) -> Option<(Vec<f64>, Vec<bool>)> {
    let settings = fleet.pools.get(column / 2)?;
    let each = if column.is_multiple_of(2) { settings.writer } else { settings.reader };
    let most: Vec<f64> = series.serving.iter().map(|serving| serving * f64::from(each)).collect();
    (settings.kept(each) < each).then(|| used(&most, pool))
}

/// The same of a pool that may have so many connections in each row.
fn used(most: &[f64], pool: &PoolSeries) -> (Vec<f64>, Vec<bool>) {
    let rows = pool.open.len();
    let may_grow = |row: usize| at(&pool.open, row) < ALL * at(most, row);
    let waits = |row: usize| at(&pool.waiting, row) >= WAITING;
    // From the last row on: the most that it has open while those who wait now still do.
    let mut later = vec![0.0; rows + 1];
    for row in (0..rows).rev() {
        later[row] = if waits(row) { pool.open[row].max(later[row + 1]) } else { pool.open[row] };
    }
    let grows = |row: usize| waits(row) && may_grow(row) && later[row + 1] > pool.open[row];
    let is_stuck = |row: usize| {
        let is_full = pool.used_percent[row] >= 100.0 * FULL;
        is_full && waits(row) && may_grow(row) && !grows(row)
    };
    let used = (0..rows).map(|row| match at(most, row) {
        most if most <= 0.0 || is_stuck(row) => pool.used_percent[row],
        most => (pool.used_percent[row] * pool.open[row] / most).min(100.0),
    });
    (used.collect(), (0..rows).map(grows).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten connections at most: one at first, of which all is in use, then four, then ten; and four of ten in the end, while nobody waits.
    #[test]
    fn a_pool_that_grows_is_as_full_as_what_it_may_have() {
        let pool = |open: [f64; 4], waiting: [f64; 4]| PoolSeries {
            open: open.to_vec(),
            used_percent: vec![100.0; 4],
            waiting: waiting.to_vec(),
            ..PoolSeries::default()
        };
        let of = |open, waiting| used(&[10.0; 4], &pool(open, waiting));
        let (used, growing) = of([1.0, 4.0, 10.0, 4.0], [9.0, 9.0, 9.0, 0.0]);
        assert_eq!((used, growing), (vec![10.0, 40.0, 100.0, 40.0], vec![true, true, false, false]));
        // It gets no more than four, though requests wait.
        let (used, growing) = of([1.0, 4.0, 4.0, 4.0], [9.0; 4]);
        assert_eq!((used, growing), (vec![10.0, 100.0, 100.0, 100.0], vec![true, false, false, false]));
    }
}
