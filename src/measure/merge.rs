//! Runs of one scenario under different seeds, added up.
//!
//! In: the records and totals of another run. Out: sums of counts, histograms of the requests of both, and sums of
//! columns, which [`column::divide`] turns into means. Whole numbers add up exactly; sums of fractions depend on the
//! order in which they are added, so runs are added in the order of their seeds.

use super::Recorder;
use super::column;
use super::histogram::{Histogram, Packed};
use super::timeline::Timeline;
use super::totals::Work;

impl Recorder {
    /// Adds another run.
    pub fn add(&mut self, other: Recorder) {
        for (class, more) in self.classes.iter_mut().zip(&other.classes) {
            class.requests.add(&more.requests);
            class.latency.merge(&more.latency);
            for (sum, more) in class.ended_by.iter_mut().zip(&more.ended_by) {
                *sum = (sum.0 + more.0, sum.1 + more.1);
            }
            if let (Some(rows), Some(more)) = (&mut class.rows, &more.rows) {
                rows.add(more);
            }
            if let (Some(curve), Some(more)) = (&mut class.curve, &more.curve) {
                curve.add(more);
            }
        }
        self.attempts.add(&other.attempts);
        self.abandoned += other.abandoned;
        self.abandoned_cpu += other.abandoned_cpu;
        column::add(&mut self.timeline, &other.timeline);
        Packed::add_all(&mut self.rows, &other.rows);
        self.unserved.add(&other.unserved);
        self.stays.add(&other.stays);
        if let (Some(zones), Some(more)) = (&mut self.zones, &other.zones) {
            zones.add(more);
        }
    }

    /// The timeline of one event: means over so many runs, percentiles of all their requests.
    pub fn mean_timeline(&self, runs: usize) -> Timeline {
        let mut timeline = self.timeline.clone();
        if runs > 1 {
            column::divide(&mut timeline, runs as f64);
            timeline.begin_percentiles();
            let mut latency = Histogram::default();
            for row in &self.rows {
                row.add_to(&mut latency);
                timeline.push_percentiles(&latency);
                latency.clear();
            }
        }
        timeline.derive();
        timeline
    }
}

impl Work {
    /// Adds another run; of peaks the higher one.
    pub fn add(&mut self, other: &Work) {
        self.events += other.events;
        self.peak_pending = self.peak_pending.max(other.peak_pending);
        self.peak_in_flight = self.peak_in_flight.max(other.peak_in_flight);
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Cause, Times};
    use super::*;

    /// One row of as many requests as latencies, in milliseconds, the last one failed by `cause`.
    fn run(latencies: &[u64], cause: Cause) -> Recorder {
        let mut recorder = Recorder::new(1, vec![0], 0, 1.0);
        for &millis in latencies {
            recorder.arrived(0);
            let near = &mut [millis * 1_000_000, 0, 0, 0];
            recorder.completed(0, 0, millis * 1_000_000, Times { near, far: &mut [] });
        }
        recorder.arrived(0);
        recorder.failed(0, cause, 0);
        recorder.end_row(1_000_000_000);
        recorder
    }

    #[test]
    fn rows_are_means_and_their_percentiles_those_of_all_requests() {
        let mut both = run(&[10; 30], Cause::Deadlock);
        both.add(run(&[500; 10], Cause::QueueFull));
        let row = both.mean_timeline(2);
        assert_eq!((row.offered[0], row.completed[0], row.in_flight[0]), (21.0, 20.0, 0.0));
        assert_eq!((row.failed["deadlock"][0], row.failed["queue_full"][0]), (0.5, 0.5));
        // Thirty of 10 ms and ten of 500 ms.
        assert_eq!(row.mean_ms[0][0], (30.0 * 10.0 + 10.0 * 500.0) / 40.0);
        let p50 = row.latency_ms["p50"][0].unwrap();
        let p90 = row.latency_ms["p90"][0].unwrap();
        assert!((p50 - 10.0).abs() < 0.01 && (p90 - 500.0).abs() < 0.5, "{p50} {p90}");
        assert_eq!(row.latency_ms["max"][0], Some(500.0));
    }

    #[test]
    fn of_one_run_everything_stays_as_it_is() {
        let one = run(&[7, 9, 11], Cause::Deadlock);
        let mut derived = one.timeline.clone();
        derived.derive();
        assert_eq!(derived.availability, [Some(0.75)]);
        assert_eq!(format!("{:?}", one.mean_timeline(1)), format!("{derived:?}"));
    }
}
