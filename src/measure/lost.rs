//! What is lost for a time, row by row. In: how many of something are lost, whenever that changes. Out: a column for each
//! resource of which some were ever lost, and for each zone that they were lost with. They are not part of `outcome.json`.
//!
//! Something can be lost and back within one row, and still be what a trouble came of: so a row has the most that were lost at
//! an instant in it. A row ends before anything else of that instant: what changes at its very end is of the
//! next one, and what is back then is not lost in the next one at all.

use super::resource::Resource;
use crate::catalog::zone::Zone;

/// How many of something were lost.
#[derive(Clone, Debug)]
pub struct LostSeries {
    /// Which.
    pub of: Resource,
    /// The zone that they were lost with; absent where it is one loss, whatever the zone.
    pub zone: Option<Zone>,
    /// Most that were lost at once, row by row; of several runs, the mean.
    pub rows: Vec<f64>,
    /// How many are lost since `at`, and the most before that in the present row.
    now: u32,
    at: u64,
    before: u32,
    /// How many happenings of an instant there were in the present row.
    happened: u32,
}

/// So many are lost from an instant on. Where none ever were, none are no news.
pub fn note(
    all: &mut Vec<LostSeries>,
    (of, zone): (Resource, Option<Zone>),
    count: u32,
    at: u64,
    rows: usize,
) {
    let known = all.iter().any(|series| (series.of, series.zone) == (of, zone));
    if !known && count == 0 {
        return;
    }
    let series = of_it(all, (of, zone), rows);
    if at > series.at {
        (series.before, series.at) = (series.before.max(series.now), at);
    }
    series.now = count;
}

/// So much of something happens at an instant, such as requests that are cut off: a row has the sum of what happened in it.
pub fn happens(all: &mut Vec<LostSeries>, of: Resource, count: u32, rows: usize) {
    of_it(all, (of, None), rows).happened += count;
}

/// The same of the row that has just ended.
pub fn happened(all: &mut Vec<LostSeries>, of: Resource, count: u32, rows: usize) {
    if let Some(last) = of_it(all, (of, None), rows).rows.last_mut() {
        *last += f64::from(count);
    }
}

fn of_it(all: &mut Vec<LostSeries>, (of, zone): (Resource, Option<Zone>), rows: usize) -> &mut LostSeries {
    let known = all.iter().position(|series| (series.of, series.zone) == (of, zone));
    let index = known.unwrap_or_else(|| {
        all.push(LostSeries { of, zone, rows: vec![0.0; rows], now: 0, at: 0, before: 0, happened: 0 });
        all.len() - 1
    });
    &mut all[index]
}

/// A row ends.
pub fn end_row(all: &mut [LostSeries], end: u64) {
    for series in all {
        let happened = std::mem::take(&mut series.happened);
        series.rows.push((series.before.max(series.now).saturating_add(happened)).into());
        (series.before, series.at) = (0, end);
    }
}

/// Adds another run, in which other things may have been lost.
pub fn add(sum: &mut Vec<LostSeries>, more: &[LostSeries]) {
    for one in more {
        match sum.iter_mut().find(|series| (series.of, series.zone) == (one.of, one.zone)) {
            Some(series) => series.rows.iter_mut().zip(&one.rows).for_each(|(sum, more)| *sum += more),
            None => sum.push(one.clone()),
        }
    }
}

/// Makes sums over so many runs means.
pub fn divide(sum: &mut [LostSeries], runs: f64) {
    sum.iter_mut().flat_map(|series| &mut series.rows).for_each(|value| *value /= runs);
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARDS: (Resource, Option<Zone>) = (Resource::LostShards { cache: 0 }, None);

    /// Rows of 10: two are lost from 10 to 12, one at 20 for the rest; nothing is known of the first row.
    #[test]
    fn a_row_has_the_most_that_were_lost_at_an_instant_in_it() {
        let mut all = Vec::new();
        note(&mut all, SHARDS, 0, 5, 0);
        assert!(all.is_empty());
        note(&mut all, SHARDS, 2, 10, 1);
        note(&mut all, SHARDS, 0, 12, 1);
        end_row(&mut all, 20);
        note(&mut all, SHARDS, 1, 25, 2);
        end_row(&mut all, 30);
        end_row(&mut all, 40);
        note(&mut all, SHARDS, 3, 40, 4);
        end_row(&mut all, 50);
        assert_eq!(all[0].rows, [0.0, 2.0, 1.0, 1.0, 3.0]);
    }

    /// The loss and the end of a row are of one instant: it is of the row that begins. So is being back.
    #[test]
    fn what_is_lost_at_the_end_of_a_row_is_of_the_next_one() {
        let mut all = Vec::new();
        note(&mut all, SHARDS, 1, 10, 1);
        end_row(&mut all, 20);
        end_row(&mut all, 30);
        note(&mut all, SHARDS, 0, 30, 3);
        end_row(&mut all, 40);
        assert_eq!(all[0].rows, [0.0, 1.0, 1.0, 0.0]);
    }

    /// Two and three in a row of which nothing was known before, four that are told of at its end, and none in the next one.
    #[test]
    fn a_row_has_the_sum_of_what_happened_in_it() {
        let mut all = Vec::new();
        [2, 3].into_iter().for_each(|count| happens(&mut all, SHARDS.0, count, 1));
        end_row(&mut all, 20);
        happened(&mut all, SHARDS.0, 4, 2);
        end_row(&mut all, 30);
        assert_eq!(all[0].rows, [0.0, 9.0, 0.0]);
    }

    #[test]
    fn runs_in_which_different_things_are_lost_add_up() {
        let run = |of| {
            let mut all = Vec::new();
            note(&mut all, of, 1, 5, 0);
            end_row(&mut all, 10);
            all
        };
        let in_zone = (SHARDS.0, Some(Zone(1)));
        let mut sum = run(SHARDS);
        add(&mut sum, &run(in_zone));
        add(&mut sum, &run(SHARDS));
        divide(&mut sum, 3.0);
        let rows: Vec<_> = sum.iter().map(|series| ((series.of, series.zone), series.rows[0])).collect();
        assert_eq!(rows, [(SHARDS, 2.0 / 3.0), (in_zone, 1.0 / 3.0)], "each zone by itself");
    }
}
