//! What a run records while it goes: counts, latencies, stages of time, and the rows of the timeline.
//!
//! In: what happens to requests and attempts. Out: tallies that are conserved, histograms of every request, and
//! for each row the latencies and where the time of its slow requests went. Memory grows with the number of
//! rows, never with the number of requests. Runs of other seeds can be added, exactly (`merge`).

pub mod bounded;
pub mod capacity;
pub mod chart;
pub mod coarse;
pub mod column;
pub mod deployment;
pub mod figure;
pub mod gaps;
pub mod histogram;
pub mod latency;
pub mod load;
pub mod lost;
pub mod member;
mod merge;
pub mod octaves;
pub mod part;
pub mod percentile;
pub mod pool;
pub mod recovery;
pub mod resource;
pub mod rows;
pub mod stage;
pub mod stays;
pub mod strike;
pub mod timeline;
pub mod totals;
pub mod unit;
pub mod unserved;
pub mod users;
pub mod wanted;
pub mod watched;
pub mod word;
pub mod writes;
pub mod zones;

use coarse::CoarseRows;
use histogram::{Histogram, Packed};
use rows::ClassRows;
use stage::{Cause, NEAR, Spent, Times};
use stays::AllStays;
use timeline::Timeline;
use unserved::Unserved;
use zones::Zones;

/// Counts that must add up with what is still there: arrived = completed + failed + in flight.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Entered.
    pub arrived: u64,
    /// Ended well.
    pub completed: u64,
    /// Ended badly, by cause.
    pub failed: [u64; Cause::ALL.len()],
}

/// Arrays of more than 32 have no default of their own.
impl Default for Tally {
    fn default() -> Tally {
        Tally { arrived: 0, completed: 0, failed: [0; Cause::ALL.len()] }
    }
}

impl Tally {
    /// All failures.
    pub fn failures(&self) -> u64 {
        self.failed.iter().sum()
    }

    /// Neither completed nor failed, by what came and went.
    pub fn in_flight(&self) -> u64 {
        self.arrived - self.completed - self.failures()
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Tally) {
        self.arrived += other.arrived;
        self.completed += other.completed;
        for (sum, more) in self.failed.iter_mut().zip(other.failed) {
            *sum += more;
        }
    }
}

/// What one class recorded.
#[derive(Clone, Debug)]
pub struct ClassRecord {
    /// Its requests.
    pub requests: Tally,
    /// Latencies of its completed requests after the warm-up.
    pub latency: Histogram,
    /// How many of them had been answered, and had failed, by the end of each row.
    pub ended_by: Vec<(u64, u64)>,
    /// Its rows, if they are kept.
    pub rows: Option<Box<ClassRows>>,
    /// Its latencies row by row for a chart, if it is one of several classes.
    pub curve: Option<Box<CoarseRows>>,
}

/// The recorder of a run.
#[derive(Debug)]
pub struct Recorder {
    /// By class.
    pub classes: Vec<ClassRecord>,
    /// Attempts of all classes.
    pub attempts: Tally,
    /// Attempts that ended in the system after their client had gone.
    pub abandoned: u64,
    /// CPU nanoseconds that instances spent on attempts after their clients had gone.
    pub abandoned_cpu: f64,
    /// The rows so far.
    pub timeline: Timeline,
    /// The latencies of each row, for the percentiles of several runs together.
    pub rows: Vec<Packed>,
    /// How long requests waited that came to nothing.
    pub unserved: Unserved,
    /// How long things stayed that objectives bound.
    pub stays: AllStays,
    /// In which zones requests were, if that is counted.
    pub zones: Option<Box<Zones>>,
    warmup: u64,
    row: Row,
}

/// The row being filled.
#[derive(Debug)]
struct Row {
    start: u64,
    latency: Histogram,
    before: (Tally, u64),
    bands: Bands,
}

/// Sums of stage times by band of latency: an octave has eight bands.
#[derive(Debug)]
struct Bands {
    /// The place of each stage.
    places: Vec<u16>,
    /// Lines of a band.
    lines: usize,
    /// The lines of each band. In the first one are the times of the near stages, the number of requests and the sum of their
    /// latencies; so most requests touch one line. In the others are those of the other stages.
    sums: Vec<Spent>,
}

const BANDS: usize = 64 * 8;

/// The place of the number of requests in the first line of a band.
const COUNT: usize = NEAR;
/// The place of the sum of their latencies.
const TOTAL: usize = NEAR + 1;

impl Bands {
    fn new(places: Vec<u16>) -> Bands {
        let most = places.iter().max().map_or(0, |place| usize::from(*place) + 1);
        let lines = 1 + Spent::lines(most.saturating_sub(NEAR));
        Bands { places, lines, sums: vec![Spent::NOTHING; BANDS * lines] }
    }

    #[inline]
    fn band(latency: u64) -> usize {
        let latency = latency.max(8);
        let octave = 63 - latency.leading_zeros();
        (octave as usize) * 8 + (latency >> (octave - 3)) as usize % 8
    }

    #[inline]
    fn add(&mut self, latency: u64, Times { near, far }: Times<'_>) {
        let band = Bands::band(latency);
        let Some(([first], others)) =
            self.sums[band * self.lines..(band + 1) * self.lines].split_first_chunk_mut()
        else {
            return;
        };
        let Some(total) = first.0[TOTAL].checked_add(latency) else {
            // A band ends at 584 years of latency. What its requests spent in a stage is a part of that.
            *near = [0; NEAR];
            return far.fill(Spent::NOTHING);
        };
        (first.0[COUNT], first.0[TOTAL]) = (first.0[COUNT] + 1, total);
        for (sum, more) in first.0.iter_mut().zip(near) {
            *sum += std::mem::take(more);
        }
        for (sum, more) in others.iter_mut().zip(far) {
            for (sum, more) in sum.0.iter_mut().zip(&mut more.0) {
                *sum += std::mem::take(more);
            }
        }
    }

    /// Mean milliseconds in each stage over the bands from the one that holds `low` to the one that holds `high`.
    fn mean_ms(&self, low: u64, high: u64) -> Vec<f64> {
        let bands = Bands::band(low)..Bands::band(high) + 1;
        let (mut count, mut sums) = (0, vec![0u64; self.places.len()]);
        for band in self.sums[bands.start * self.lines..bands.end * self.lines].chunks(self.lines) {
            count += band[0].0[COUNT];
            for (sum, &place) in sums.iter_mut().zip(&self.places) {
                let place = usize::from(place);
                let more = match place.checked_sub(NEAR) {
                    None => band[0].0[place],
                    Some(far) => band[1 + far / Spent::STAGES].0[far % Spent::STAGES],
                };
                *sum = sum.saturating_add(more);
            }
        }
        sums.iter().map(|&sum| sum as f64 / count.max(1) as f64 / 1e6).collect()
    }

    /// Forgets what lies between the latencies `low` and `high`.
    fn clear(&mut self, low: u64, high: u64) {
        let bands = Bands::band(low)..Bands::band(high) + 1;
        self.sums[bands.start * self.lines..bands.end * self.lines].fill(Spent::NOTHING);
    }
}

impl Recorder {
    /// An empty record of so many classes, and of stages with these places.
    pub fn new(classes: usize, places: Vec<u16>, warmup: u64, bucket_s: f64) -> Self {
        let stages = places.len();
        let mut timeline: Timeline = Timeline {
            bucket_s,
            slow_ms: vec![Vec::new(); stages],
            mean_ms: vec![Vec::new(); stages],
            ..Timeline::default()
        };
        timeline.begin_percentiles();
        Recorder {
            classes: vec![
                ClassRecord {
                    requests: Tally::default(),
                    latency: Histogram::default(),
                    ended_by: Vec::new(),
                    rows: None,
                    curve: (classes > 1).then(Box::default)
                };
                classes
            ],
            attempts: Tally::default(),
            abandoned: 0,
            abandoned_cpu: 0.0,
            timeline,
            rows: Vec::new(),
            unserved: Unserved::default(),
            stays: AllStays::default(),
            zones: None,
            warmup,
            row: Row {
                start: 0,
                latency: Histogram::default(),
                before: (Tally::default(), 0),
                bands: Bands::new(places),
            },
        }
    }

    /// Keeps the rows of a class from now on.
    pub fn keep_rows(&mut self, class: usize) {
        self.classes[class].rows = Some(Box::default());
    }

    /// A request arrived.
    #[inline]
    pub fn arrived(&mut self, class: u16) {
        self.classes[usize::from(class)].requests.arrived += 1;
    }

    /// A request was answered in time: its latency and the time it spent in each stage, which is taken and set to zero.
    #[inline]
    pub fn completed(&mut self, class: u16, sent: u64, latency: u64, times: Times<'_>) {
        let class = &mut self.classes[usize::from(class)];
        class.requests.completed += 1;
        match sent >= self.warmup {
            true => Histogram::record_twice(&mut class.latency, &mut self.row.latency, latency),
            false => self.row.latency.record(latency),
        }
        if let Some(rows) = &mut class.rows {
            rows.record(latency);
        }
        if let Some(curve) = &mut class.curve {
            curve.record(latency);
        }
        self.row.bands.add(latency, times);
    }

    /// A request came to nothing after so many nanoseconds.
    pub fn failed(&mut self, class: u16, cause: Cause, waited: u64) {
        self.classes[usize::from(class)].requests.failed[cause as usize] += 1;
        self.unserved.failed(waited);
    }

    /// Requests of all classes.
    pub fn requests(&self) -> Tally {
        let mut sum = Tally::default();
        for class in &self.classes {
            sum.add(&class.requests);
        }
        sum
    }

    /// Latencies of all classes.
    pub fn latency(&self) -> Histogram {
        let mut all = Histogram::default();
        for class in &self.classes {
            all.merge(&class.latency);
        }
        all
    }

    /// Ends the row at `now`: what concerns requests goes to the timeline.
    pub fn end_row(&mut self, now: u64) {
        let requests = self.requests();
        let (before, attempts_before) =
            std::mem::replace(&mut self.row.before, (requests.clone(), self.attempts.arrived));
        let secs = ((now - self.row.start) as f64 / 1e9).max(1e-9);
        let per_s = |count: u64| count as f64 / secs;
        let timeline = &mut self.timeline;
        let rows = timeline.time_s.len();
        timeline.time_s.push(self.row.start as f64 / 1e9);
        timeline.offered.push(per_s(requests.arrived - before.arrived));
        timeline.completed.push(per_s(requests.completed - before.completed));
        timeline.attempts.push(per_s(self.attempts.arrived - attempts_before));
        timeline.in_flight.push(requests.in_flight() as f64);
        for cause in Cause::ALL {
            let failed = requests.failed[cause as usize];
            if failed > 0 {
                let series = timeline.failed.entry(cause).or_insert_with(|| vec![0.0; rows]);
                series.push(per_s(failed - before.failed[cause as usize]));
            }
        }
        lost::end_row(&mut timeline.lost, now);
        for class in &mut self.classes {
            class.ended_by.push((class.requests.completed, class.requests.failures()));
            if let Some(rows) = &mut class.rows {
                rows.end_row(&class.requests);
            }
            if let Some(curve) = &mut class.curve {
                curve.end_row();
            }
        }
        self.end_row_of_latencies();
        self.row.start = now;
    }

    /// Percentiles of the row, and where the time of its requests went.
    fn end_row_of_latencies(&mut self) {
        let Row { latency, bands, .. } = &mut self.row;
        let timeline = &mut self.timeline;
        let (low, high) = (latency.min().min(latency.max()), latency.max());
        let found = timeline.push_percentiles(latency);
        self.rows.push(Packed::of(latency));
        self.unserved.end_row();
        self.stays.end_row();
        let slow = bands.mean_ms(found.map_or(high, |values| values[timeline::SLOW]), high);
        let mean = bands.mean_ms(low, high);
        for (series, value) in timeline.slow_ms.iter_mut().zip(slow) {
            series.push(value);
        }
        for (series, value) in timeline.mean_ms.iter_mut().zip(mean) {
            series.push(value);
        }
        bands.clear(low, high);
        latency.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_rise_with_latency() {
        let bands: Vec<usize> = (3..60).map(|bit| Bands::band((1 << bit) + (1 << (bit - 3)))).collect();
        assert!(bands.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Bands::band(0), Bands::band(8));
        assert!(Bands::band(u64::MAX) < BANDS);
    }

    #[test]
    fn the_slow_requests_of_a_row_tell_where_their_time_went() {
        let mut recorder = Recorder::new(1, vec![0, 5], 0, 1.0);
        for _ in 0..99 {
            recorder.arrived(0);
            recorder.completed(0, 0, 10_000_000, Times { near: &mut [10_000_000, 0, 0, 0], far: &mut [] });
        }
        recorder.arrived(0);
        let far = &mut [Spent([0, 490_000_000, 0, 0, 0, 0, 0, 0])];
        recorder.completed(0, 0, 500_000_000, Times { near: &mut [10_000_000, 0, 0, 0], far });
        recorder.row.latency.record(500_000_000); // two of 101: the 99th percentile is a slow one
        recorder.end_row(1_000_000_000);
        assert_eq!(recorder.timeline.slow_ms, [[10.0], [490.0]]);
        assert_eq!(recorder.timeline.mean_ms, [[10.0], [4.9]]);
        assert_eq!(recorder.timeline.offered, [100.0]);
    }

    /// Fourteen stages, the last of them at the first place; the times of a request are zero once they are recorded.
    #[test]
    fn times_are_recorded_once_and_in_every_line() {
        let places = (1..14).chain([0]).collect();
        let mut recorder = Recorder::new(1, places, 0, 1.0);
        let (mut near, mut far) = (
            [1_500_000, 1_000_000, 1_000_000, 1_000_000],
            [Spent([1_000_000; 8]), Spent([2_000_000, 3_000_000, 0, 0, 0, 0, 0, 0])],
        );
        for latency in [17_500_000, 0] {
            recorder.arrived(0);
            recorder.completed(0, 0, latency, Times { near: &mut near, far: &mut far });
            assert_eq!((near, far), ([0; 4], [Spent::NOTHING; 2]));
        }
        recorder.end_row(1_000_000_000);
        let means: Vec<f64> = recorder.timeline.mean_ms.iter().map(|stage| stage[0]).collect();
        assert_eq!(means, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.5, 0.75]);
    }

    #[test]
    fn a_cause_that_comes_late_has_zeros_before() {
        let mut recorder = Recorder::new(1, Vec::new(), 0, 1.0);
        recorder.end_row(1_000_000_000);
        recorder.arrived(0);
        recorder.failed(0, Cause::PoolTimeout, 0);
        recorder.end_row(2_000_000_000);
        assert_eq!(recorder.timeline.failed["pool_timeout"], [0.0, 1.0]);
        assert_eq!(recorder.requests().in_flight(), 0);
    }
}
