//! Runs of one scenario under different seeds, added up.
//!
//! In: the records and totals of another run. Out: sums of counts, histograms of the requests of both, and sums of
//! columns, which [`Timeline::mean`] turns into means. Whole numbers add up exactly; sums of fractions depend on the
//! order in which they are added, so runs are added in the order of their seeds.

use super::Recorder;
use super::histogram::{Histogram, Packed};
use super::load::LoadSeries;
use super::timeline::{CacheSeries, DatabaseSeries, FleetSeries, PoolSeries, ServiceSeries, Timeline};
use super::totals::{CacheTotals, DatabaseTotals, FleetTotals, ServiceTotals, Work};

impl Recorder {
    /// Adds another run.
    pub fn add(&mut self, other: Recorder) {
        for (class, more) in self.classes.iter_mut().zip(&other.classes) {
            class.requests.add(&more.requests);
            class.latency.merge(&more.latency);
            if let (Some(rows), Some(more)) = (&mut class.rows, &more.rows) {
                rows.add(more);
            }
        }
        self.attempts.add(&other.attempts);
        self.abandoned += other.abandoned;
        self.abandoned_cpu += other.abandoned_cpu;
        self.timeline.add(other.timeline);
        let mut both = Histogram::default();
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            row.add_to(&mut both);
            more.add_to(&mut both);
            *row = Packed::of(&both);
            both.clear();
        }
    }

    /// The timeline of one event: means over so many runs, percentiles of all their requests.
    pub fn mean_timeline(&self, runs: usize) -> Timeline {
        let mut timeline = self.timeline.clone();
        if runs > 1 {
            timeline.mean(runs as f64);
            timeline.begin_percentiles();
            let mut latency = Histogram::default();
            for row in &self.rows {
                row.add_to(&mut latency);
                timeline.push_percentiles(&latency);
                latency.clear();
            }
        }
        timeline
    }
}

/// Adds a column.
fn add(sum: &mut [f64], more: &[f64]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}

/// Draws the mean of a column towards another run's, by the weight of each row in that run and in all of them.
fn draw<'a>(
    mean: impl Iterator<Item = &'a mut f64>,
    more: &[f64],
    weights: impl Iterator<Item = (f64, f64)>,
) {
    for ((mean, more), (weight, all)) in mean.zip(more).zip(weights) {
        if weight > 0.0 {
            *mean += (more - *mean) * (weight / all);
        }
    }
}

impl Timeline {
    /// Columns whose mean over runs is a plain one.
    fn plain(&mut self) -> impl Iterator<Item = &mut Vec<f64>> {
        let own = [
            &mut self.offered,
            &mut self.completed,
            &mut self.attempts,
            &mut self.in_flight,
            &mut self.cost_usd,
        ];
        own.into_iter()
            .chain(self.failed.values_mut())
            .chain(self.fleets.iter_mut().flat_map(FleetSeries::plain))
            .chain(self.caches.iter_mut().flat_map(CacheSeries::plain))
            .chain(self.databases.iter_mut().flat_map(DatabaseSeries::plain))
            .chain(self.services.iter_mut().flat_map(ServiceSeries::plain))
            .chain(self.loads.iter_mut().flat_map(LoadSeries::plain))
    }

    /// Adds another run; percentiles stay those of the first one.
    fn add(&mut self, mut other: Timeline) {
        let rows = self.time_s.len();
        for cause in other.failed.keys() {
            self.failed.entry(cause.clone()).or_insert_with(|| vec![0.0; rows]);
        }
        for cause in self.failed.keys() {
            other.failed.entry(cause.clone()).or_insert_with(|| vec![0.0; rows]);
        }
        self.plain().zip(other.plain()).for_each(|(sum, more)| add(sum, more));
        let completed = || other.completed.iter().copied().zip(self.completed.iter().copied());
        let stages = self.slow_ms.iter_mut().chain(&mut self.mean_ms);
        for (mean, more) in stages.zip(other.slow_ms.iter().chain(&other.mean_ms)) {
            draw(mean.iter_mut(), more, completed());
        }
        for (fleet, more) in self.fleets.iter_mut().zip(&other.fleets) {
            // Of groups of unequal size, the share of all capacity that was busy. The sizes are added up by now.
            let serving = || more.serving.iter().copied().zip(fleet.serving.iter().copied());
            draw(fleet.cpu_percent.iter_mut(), &more.cpu_percent, serving());
            draw(fleet.threads_busy.iter_mut(), &more.threads_busy, serving());
            for (pool, more) in fleet.pools.iter_mut().zip(&more.pools) {
                draw(pool.used_percent.iter_mut(), &more.used_percent, serving());
            }
        }
        for (cache, more) in self.caches.iter_mut().zip(&other.caches) {
            let lookups = more.lookups.iter().copied().zip(cache.lookups.iter().copied());
            draw_where_known(&mut cache.hit_ratio, &more.hit_ratio, lookups);
        }
        for (database, more) in self.databases.iter_mut().zip(&other.databases) {
            // Those who lock rows write.
            let writes = more.writes.iter().copied().zip(database.writes.iter().copied());
            draw_where_known(&mut database.lock_wait_ms, &more.lock_wait_ms, writes);
            // The worst of a row, and so the worst of all runs.
            let lags = database.lag_ms.iter_mut().zip(&more.lag_ms);
            lags.for_each(|(worst, more)| *worst = worst.max(*more));
        }
    }

    /// Makes sums over so many runs means.
    fn mean(&mut self, runs: f64) {
        self.plain().flatten().for_each(|value| *value /= runs);
    }
}

/// As [`draw`], of a column with gaps.
fn draw_where_known(
    mean: &mut [Option<f64>],
    more: &[Option<f64>],
    weights: impl Iterator<Item = (f64, f64)>,
) {
    for ((mean, more), weights) in mean.iter_mut().zip(more).zip(weights) {
        match (mean.as_mut(), more) {
            (Some(mean), Some(more)) => draw(std::iter::once(mean), &[*more], std::iter::once(weights)),
            (None, Some(_)) => *mean = *more,
            (_, None) => {}
        }
    }
}

impl FleetSeries {
    fn plain(&mut self) -> impl Iterator<Item = &mut Vec<f64>> {
        let own = [
            &mut self.pending,
            &mut self.warming,
            &mut self.in_service,
            &mut self.terminating,
            &mut self.desired,
            &mut self.unhealthy,
            &mut self.serving,
            &mut self.cpu_waiting,
            &mut self.backlog,
            &mut self.refused,
        ];
        own.into_iter().chain(self.pools.iter_mut().flat_map(PoolSeries::plain))
    }
}

impl PoolSeries {
    fn plain(&mut self) -> [&mut Vec<f64>; 1] {
        [&mut self.waiting]
    }
}

impl CacheSeries {
    fn plain(&mut self) -> [&mut Vec<f64>; 4] {
        [&mut self.lookups, &mut self.evictions, &mut self.fill_percent, &mut self.busy_percent]
    }
}

impl DatabaseSeries {
    fn plain(&mut self) -> [&mut Vec<f64>; 12] {
        [
            &mut self.writer_cpu_percent,
            &mut self.replica_cpu_percent,
            &mut self.writer_waiting,
            &mut self.replica_waiting,
            &mut self.writer_connections,
            &mut self.replica_connections,
            &mut self.refused,
            &mut self.writer_active,
            &mut self.lock_waiting,
            &mut self.reads,
            &mut self.writes,
            &mut self.stale_reads,
        ]
    }
}

impl ServiceSeries {
    fn plain(&mut self) -> [&mut Vec<f64>; 3] {
        [&mut self.busy_percent, &mut self.waiting, &mut self.refused]
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

/// Adds the counters of another run's totals.
macro_rules! sum {
    ($sum:expr, $other:expr; $($counter:ident),* $(,)?) => { $($sum.$counter += $other.$counter;)* };
}

impl FleetTotals {
    /// Adds another run; of peaks the higher one.
    pub fn add(&mut self, other: &FleetTotals) {
        self.peak_instances = self.peak_instances.max(other.peak_instances);
        sum!(self, other; launched, terminated, never_served, instance_seconds, cpu_busy, cpu_there);
    }
}

impl CacheTotals {
    /// Adds another run.
    pub fn add(&mut self, other: &CacheTotals) {
        sum!(self, other; lookups, hits, evictions, expirations, invalidations, coalesced, items);
    }
}

impl DatabaseTotals {
    /// Adds another run; of peaks the higher one.
    pub fn add(&mut self, other: &DatabaseTotals) {
        self.peak_connections = self.peak_connections.max(other.peak_connections);
        sum!(self, other; reads, writes, commits, lock_timeouts, deadlocks, connections_refused, replica_reads,
            stale_reads, lock_waits, lock_waited, pages_hit, pages);
        self.lag.merge(&other.lag);
    }
}

impl ServiceTotals {
    /// Adds another run.
    pub fn add(&mut self, other: &ServiceTotals) {
        sum!(self, other; arrived, served, rejected, abandoned, delayed, utilisation, mean_in_station);
        self.wait.merge(&other.wait);
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::Cause;
    use super::*;

    /// One row of as many requests as latencies, in milliseconds, the last one failed by `cause`.
    fn run(latencies: &[u64], cause: Cause) -> Recorder {
        let mut recorder = Recorder::new(1, 1, 0, 1.0);
        for &millis in latencies {
            recorder.arrived(0);
            recorder.completed(0, 0, millis * 1_000_000, &[millis * 1_000_000]);
        }
        recorder.arrived(0);
        recorder.failed(0, cause);
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
        assert_eq!(format!("{:?}", one.mean_timeline(1)), format!("{:?}", one.timeline));
    }

    #[test]
    fn a_ratio_weighs_a_run_by_what_it_is_a_ratio_of() {
        let cache = |lookups: f64, hit_ratio| CacheSeries {
            lookups: vec![lookups],
            hit_ratio: vec![hit_ratio],
            ..CacheSeries::default()
        };
        let of = |series| Timeline { time_s: vec![0.0], caches: vec![series], ..Timeline::default() };
        let mut both = of(cache(300.0, Some(1.0)));
        both.add(of(cache(100.0, Some(0.0))));
        both.add(of(cache(0.0, None)));
        assert_eq!(both.caches[0].hit_ratio, [Some(0.75)]);
        let mut late = of(cache(0.0, None));
        late.add(of(cache(10.0, Some(0.4))));
        assert_eq!(late.caches[0].hit_ratio, [Some(0.4)]);
    }

    #[test]
    fn the_busy_share_of_groups_of_unequal_size_is_that_of_all_capacity() {
        let fleet = |serving: f64, busy: f64| FleetSeries {
            serving: vec![serving],
            cpu_percent: vec![busy],
            threads_busy: vec![busy / 10.0],
            ..FleetSeries::default()
        };
        let of = |series| Timeline { time_s: vec![0.0], fleets: vec![series], ..Timeline::default() };
        // One instance that is busy all the time, and three that are half busy: 2.5 of 4.
        let mut both = of(fleet(1.0, 100.0));
        both.add(of(fleet(3.0, 50.0)));
        both.add(of(fleet(0.0, 0.0)));
        assert_eq!((both.fleets[0].cpu_percent[0], both.fleets[0].threads_busy[0]), (62.5, 6.25));
    }

    #[test]
    fn the_worst_lag_of_a_row_is_that_of_the_worst_run() {
        let lag = |lag| DatabaseSeries { lag_ms: vec![lag], ..DatabaseSeries::default() };
        let of = |series| Timeline { time_s: vec![0.0], databases: vec![series], ..Timeline::default() };
        let mut both = of(lag(20.0));
        both.add(of(lag(304.0)));
        both.mean(2.0);
        assert_eq!(both.databases[0].lag_ms, [304.0]);
    }
}
