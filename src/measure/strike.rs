//! Strikes of faults: when each began, when something noticed it, and when requests and what was lost were as before.
//!
//! In: what a fault struck, and the rows of a run. Out: entries for the outcome. Requests are as before when they fail no more often and take no
//! longer than before: see [`Rows::mitigated`]. `share`: how many failed meanwhile.

mod share;

use serde::{Deserialize, Serialize};

/// A strike of a fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Strike {
    /// The name of the fault.
    pub name: String,
    /// What the strike did, in words.
    pub what: String,
    /// When the strike began.
    pub at_s: f64,
    /// When the strike was over; absent if not before the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_s: Option<f64>,
    /// How long after its begin something noticed that something is wrong; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_after_s: Option<f64>,
    /// What noticed it; the words end with `after its end` where it did so later than `until_s`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detected_by: Option<String>,
    /// How long after the begin of the strike requests were as before, to the row; zero where they always were; absent if not before the end of the
    /// run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigated_after_s: Option<f64>,
    /// How long after its begin it was over and all that it took, or as much in its place, served and passed its checks; absent if not before the end of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered_after_s: Option<f64>,
    /// Requests that failed at what it held: because of it.
    pub failed: u64,
    /// Requests that failed while it was felt, at nothing that a strike held: because of it, or of something else.
    #[serde(default)]
    pub failed_meanwhile: u64,
}

/// The rows of a run, as far as requests are concerned.
#[derive(Clone, Debug)]
pub struct Rows<'r> {
    /// When each begins, seconds.
    pub time_s: &'r [f64],
    /// When the last one ends.
    pub end_s: f64,
    /// Requests that came, per second.
    pub offered: &'r [f64],
    /// Requests that were answered, per second.
    pub completed: &'r [f64],
    /// Requests that failed, per second.
    pub failed: Vec<f64>,
    /// Of these, those that failed at what other strikes held.
    pub of_others: Vec<f64>,
    /// 99th percentile of the latency.
    pub p99: &'r [Option<f64>],
    /// Requests that are under way at its end.
    pub in_flight: &'r [f64],
    /// Those in which an earlier strike was felt: they do not say how it was before another one.
    pub felt: Vec<bool>,
}

/// Rows before a strike that say how it was before. Assumption: enough to even out chance, few enough to be of the same traffic.
const BEFORE: usize = 10;
/// More of the requests that fail than before: this part of all. Assumption.
const MORE_FAIL: f64 = 0.01;
/// So many times the slowest 99th percentile of before is slow, and so many times the requests under way of before are held up. Assumption.
const SLOWER: f64 = 2.0;
/// Rows after a strike in which it may be felt first. Assumption.
const FELT: usize = 3;
/// Rows must be as before for so long, seconds, and be at least so many. Assumption: what comes back sooner has not been away.
const CALM_S: f64 = 60.0;
const CALM: usize = 3;

/// How it was before a strike.
#[derive(Clone, Copy, Debug)]
struct Level {
    failed: f64,
    p99: f64,
    /// The most seconds of traffic that were under way.
    held_s: f64,
}

impl Rows<'_> {
    /// The end of a row.
    fn end(&self, row: usize) -> f64 {
        self.time_s.get(row + 1).copied().unwrap_or(self.end_s)
    }

    /// How long a row is, seconds.
    pub fn width(&self, row: usize) -> f64 {
        (self.end(row) - self.time_s[row]).max(1e-9)
    }

    /// The row in which an instant is.
    fn row_at(&self, at_s: f64) -> usize {
        self.time_s.partition_point(|start| *start <= at_s).saturating_sub(1)
    }

    fn before(&self, at_s: f64) -> Level {
        let calm = (0..self.row_at(at_s)).rev().filter(|&row| !self.felt[row]);
        let rows: Vec<usize> = calm.take(BEFORE).collect();
        let failed: f64 = rows.iter().map(|&row| self.own(row)).sum();
        let ended: f64 = rows.iter().map(|&row| self.failed[row] + self.completed[row]).sum();
        let p99 = rows.iter().filter_map(|&row| self.p99[row]).reduce(f64::max);
        let failed = if ended > 0.0 { failed / ended } else { 0.0 };
        let busy = rows.iter().filter(|&&row| self.offered[row] > 0.0);
        let held_s = busy.map(|&row| self.in_flight[row] / self.offered[row]).fold(0.0, f64::max);
        Level { failed, p99: p99.unwrap_or(f64::INFINITY), held_s }
    }

    /// Requests of a row that failed, but not at what other strikes held.
    fn own(&self, row: usize) -> f64 {
        (self.failed[row] - self.of_others[row]).max(0.0)
    }

    /// Whether so many requests wait in a row for longer than before that it would be bad if they failed: they may yet.
    fn holds_up(&self, row: usize, before: Level) -> bool {
        let of_row = MORE_FAIL * (self.end(row) - self.time_s[row]);
        self.in_flight[row] > (SLOWER * before.held_s + of_row) * self.offered[row]
    }

    /// Whether more fail in a row than before, or they are slower, or nothing ends though some come.
    fn is_bad(&self, row: usize, before: Level) -> bool {
        let ended = self.failed[row] + self.completed[row];
        match ended > 0.0 {
            true => {
                self.own(row) / ended > before.failed + MORE_FAIL
                    || self.p99[row].is_some_and(|p99| p99 > SLOWER * before.p99)
            }
            false => self.offered[row] > 0.0,
        }
    }

    /// How long after a strike requests are as they were before it, without those that fail at what other strikes hold: the begin of the first of the rows of a minute, at least three, in which the share that
    /// fails is at most one point above that of the ten rows before the strike, and the 99th percentile of the latency at most twice the
    /// largest of those rows. Zero if no row was worse until three rows after `over_s`, when the fault was over and all was back, or until three
    /// rows after those from then on in which requests were held up: what waits for a timeout fails late. Such rows do not end what is felt
    /// if worse ones follow. Rows in which a strike of before was felt are none of the ten: strikes are asked for in the order in which they
    /// began.
    pub fn mitigated(&mut self, at_s: f64, over_s: Option<f64>) -> Option<f64> {
        let mitigated = self.calm_again(at_s, over_s);
        if mitigated != Some(0.0) {
            let rows = self.row_at(at_s)..self.rows_until(at_s, mitigated);
            self.felt[rows].fill(true);
        }
        mitigated
    }

    fn calm_again(&self, at_s: f64, over_s: Option<f64>) -> Option<f64> {
        let before = self.before(at_s);
        let rows = self.time_s.len();
        let last = over_s.map_or(rows, |over| {
            let over = self.row_at(over);
            let freed = (over..rows).find(|&row| !self.holds_up(row, before)).unwrap_or(rows);
            (freed.max(over) + 1 + FELT).min(rows)
        });
        let Some(first) = (self.row_at(at_s)..last).find(|&row| self.is_bad(row, before)) else {
            return Some(0.0);
        };
        let width_s = self.end(0) - self.time_s[0];
        let calm = ((CALM_S / width_s.max(1e-9)).ceil() as usize).max(CALM);
        // The run of rows that are bad, with those between them, ends before so many that are calm.
        let is_bad = |row: &usize| self.is_bad(*row, before);
        let is_calm = |row: usize| !is_bad(&row) && !self.holds_up(row, before);
        let ends = |row: &usize| (*row..(row + calm).min(rows)).all(is_calm);
        let end = (first + 1..rows).find(ends).unwrap_or(rows);
        let worst = (first..end).rev().find(is_bad).unwrap_or(first);
        (worst + 1 < rows).then(|| (self.time_s[worst + 1] - at_s).max(0.0))
    }

    /// How many rows there are up to so long after an instant, the last one as a whole; all of them without an end.
    fn rows_until(&self, at_s: f64, after_s: Option<f64>) -> usize {
        let until = after_s.map_or(f64::INFINITY, |after| at_s + after);
        self.time_s.partition_point(|start| *start < until - 1e-6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of 10 s with a hundred requests each: how many fail, and the percentile.
    fn rows<'r>(
        time_s: &'r [f64],
        offered: &'r [f64],
        ok: &'r [f64],
        failed: &[f64],
        p99: &'r [Option<f64>],
    ) -> Rows<'r> {
        let end_s = time_s.len() as f64 * 10.0;
        Rows {
            time_s,
            end_s,
            offered,
            completed: ok,
            of_others: vec![0.0; failed.len()],
            failed: failed.to_vec(),
            p99,
            in_flight: &[0.0; 32][..time_s.len()],
            felt: vec![false; time_s.len()],
        }
    }

    #[test]
    fn requests_are_as_before_when_three_rows_are() {
        let time: Vec<f64> = (0..10).map(|row| f64::from(row) * 10.0).collect();
        let offered = [10.0; 10];
        // From 35 s on; one good row at 60 s is no end.
        let failed = [0.0, 0.5, 0.0, 0.0, 5.0, 5.0, 0.0, 5.0, 0.0, 0.0];
        let ok: Vec<f64> = failed.iter().map(|failed| 10.0 - failed).collect();
        let p99 = [Some(100.0); 10];
        let mut all = rows(&time, &offered, &ok, &failed, &p99);
        assert_eq!(all.mitigated(35.0, Some(45.0)), Some(45.0), "at 80 s, and to the end");
        // Five of 300 fail before: one point more is no trouble.
        let little = [0.0, 0.5, 0.0, 0.0, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0];
        let ok: Vec<f64> = little.iter().map(|failed| 10.0 - failed).collect();
        assert_eq!(rows(&time, &offered, &ok, &little, &p99).mitigated(35.0, Some(45.0)), Some(0.0));
    }

    /// Forty good seconds are no minute.
    #[test]
    fn what_comes_back_within_a_minute_was_not_over() {
        let time: Vec<f64> = (0..20).map(|row| f64::from(row) * 10.0).collect();
        let (offered, p99) = ([10.0; 20], [Some(100.0); 20]);
        let mut failed = [0.0; 20];
        (failed[3], failed[8], failed[9]) = (5.0, 5.0, 5.0);
        let ok: Vec<f64> = failed.iter().map(|failed| 10.0 - failed).collect();
        assert_eq!(rows(&time, &offered, &ok, &failed, &p99).mitigated(30.0, Some(40.0)), Some(70.0));
    }

    #[test]
    fn what_is_slow_or_never_ends_is_not_as_before() {
        let time: Vec<f64> = (0..8).map(|row| f64::from(row) * 10.0).collect();
        let (offered, ok, failed) = ([10.0; 8], [10.0; 8], [0.0; 8]);
        let p99 = [100.0, 100.0, 100.0, 250.0, 199.0, 201.0, 200.0, 100.0].map(Some);
        let mut slow = rows(&time, &offered, &ok, &failed, &p99);
        assert_eq!(slow.mitigated(30.0, Some(40.0)), Some(30.0), "twice as slow is not slower than that");
        let hung = [10.0, 10.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let none = [Some(100.0), Some(100.0), Some(100.0), None, None, None, None, None];
        assert_eq!(rows(&time, &offered, &hung, &failed, &none).mitigated(30.0, None), None);
        let nobody = [10.0, 10.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(rows(&time, &nobody, &hung, &failed, &none).mitigated(30.0, None), Some(0.0));
    }

    /// Ten requests a second, each under way for a tenth of one. A strike at 30 s is over at 35 s. Its fifty requests wait for 100 s and fail then, from
    /// 130 s to 135 s; a row that was bad at once, at 30 s, does not end what is felt. Where nothing waits, those failures are of something else.
    #[test]
    fn what_waits_for_a_timeout_is_felt_when_it_fails() {
        let time: Vec<f64> = (0..24).map(|row| f64::from(row) * 10.0).collect();
        let (offered, p99) = ([10.0; 24], [Some(100.0); 24]);
        let of = |first: f64, waiting: f64| {
            let mut failed = [0.0; 24];
            (failed[3], failed[13]) = (first, 5.0);
            let ok: Vec<f64> = failed.iter().map(|failed| 10.0 - failed).collect();
            let held: Vec<f64> =
                (0..24).map(|row| if (3..13).contains(&row) { waiting } else { 1.0 }).collect();
            let mut all = rows(&time, &offered, &ok, &failed, &p99);
            all.in_flight = &held;
            all.mitigated(30.0, Some(35.0))
        };
        assert_eq!(of(0.0, 51.0), Some(110.0));
        assert_eq!(of(5.0, 51.0), Some(110.0));
        // Twice as many as before and a hundredth of those of a row, 2 + 1, are not held up.
        assert_eq!((of(0.0, 3.0), of(5.0, 3.0)), (Some(0.0), Some(10.0)));
        assert_eq!(of(0.0, 3.1), Some(110.0));
    }

    /// Half fail from 30 s to 150 s. Strikes at 30 s and at 135 s: how it was before the second is how it was before the first.
    #[test]
    fn rows_in_which_another_strike_was_felt_are_no_level() {
        let time: Vec<f64> = (0..24).map(|row| f64::from(row) * 10.0).collect();
        let (offered, p99) = ([10.0; 24], [Some(100.0); 24]);
        let failed: Vec<f64> = (0..24).map(|row| if (3..15).contains(&row) { 5.0 } else { 0.0 }).collect();
        let ok: Vec<f64> = failed.iter().map(|failed| 10.0 - failed).collect();
        let mut all = rows(&time, &offered, &ok, &failed, &p99);
        assert_eq!(all.clone().mitigated(135.0, Some(140.0)), Some(0.0), "alone it would not be felt");
        assert_eq!(all.mitigated(30.0, None), Some(120.0));
        assert_eq!(all.mitigated(135.0, Some(140.0)), Some(15.0));
        // Two rows after that the level is still that of good rows alone.
        assert_eq!(all.before(170.0).failed, 0.0);
    }
}
