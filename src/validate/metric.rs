//! The metrics that can be compared. In: a metric by name, a run. Out: its value, in seconds, shares and counts.
//!
//! `wait_p95` is of the only station, `wait_p95 of desk` of a named one; `present at 65` is taken from the row of the
//! timeline that ends then; `COLUMN_mean of RESOURCE` is the mean of any column of the timeline; `FIGURE of RESOURCE` is any
//! figure of its end by its field, and `lag_p99 of RESOURCE` one of the times in the field `lag_ms`; `usd of storage` adds
//! up the items of the bill whose text has the word. Averages over time leave out the rows of the warm-up, as percentiles do
//! its requests.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::id::Owner;
use crate::kind::record::EachKind;
use crate::measure::column::Values;
use crate::measure::figure::{Figure, Totals};
use crate::measure::unit::Unit;
use crate::outcome::{Latency, Outcome, Timeline};
use crate::scenario::Scenario;

/// Percentiles are read from a histogram that keeps three significant digits.
const RESOLUTION: f64 = 0.000_5;

/// One number of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reading {
    pub value: f64,
    /// For a share: the number that it is a share of.
    pub trials: Option<u64>,
}

/// `NAME`, `NAME of RESOURCE`, `NAME at SECONDS`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Metric<'a> {
    name: &'a str,
    of: Option<&'a str>,
    at: Option<f64>,
}

/// A run and its scenario.
pub(super) struct Run<'a> {
    pub scenario: &'a Scenario,
    pub outcome: &'a Outcome,
}

impl<'a> Metric<'a> {
    pub fn new(text: &'a str) -> Metric<'a> {
        let (text, at) = match text.split_once(" at ") {
            Some((text, at)) => (text, at.parse().ok()),
            None => (text, None),
        };
        let (name, of) = match text.split_once(" of ") {
            Some((name, of)) => (name, Some(of)),
            None => (text, None),
        };
        Metric { name, of, at }
    }

    /// Order by name, then by time.
    pub fn order(&self, other: &Metric) -> Ordering {
        let at = |metric: &Metric| metric.at.unwrap_or(0.0);
        (self.name, self.of).cmp(&(other.name, other.of)).then(at(self).total_cmp(&at(other)))
    }

    /// How much two equal values may differ because of rounded text, or because a run has a whole number of events.
    pub fn grain(&self, answer: f64, seconds: f64) -> f64 {
        let percentile = self.name.rsplit_once("_p").is_some_and(|(_, rank)| rank.parse::<u32>().is_ok());
        match self.name {
            _ if percentile => RESOLUTION * answer.abs(),
            "fetch_rate" | "throughput" => 1.0 / seconds,
            _ => 0.0,
        }
    }

    /// Its value in a run, if the run has this metric.
    pub fn read(&self, run: &Run) -> Option<Reading> {
        let name = self.name;
        if let Some(figure) = name.strip_prefix("sojourn_") {
            return plain(latency(figure, self.sojourn(run)?)?);
        }
        if let Some(reading) = self.of_requests(run) {
            return Some(reading);
        }
        let outcome = run.outcome;
        let found = |names: &mut dyn Iterator<Item = &str>| match self.of {
            Some(of) => names.enumerate().find(|&(_, name)| name == of).map(|(position, _)| position),
            None => names.next().map(|_| 0),
        };
        let service = found(&mut outcome.services.iter().map(|service| service.name.as_str()));
        let fleet = found(&mut outcome.fleets.iter().map(|fleet| fleet.name.as_str()));
        let cache = found(&mut outcome.caches.iter().map(|cache| cache.name.as_str()));
        let database = found(&mut outcome.databases.iter().map(|database| database.name.as_str()));
        service
            .and_then(|position| of_service(name, run, position))
            .or_else(|| fleet.and_then(|position| of_fleet(name, run, position)))
            .or_else(|| cache.and_then(|position| of_cache(name, self.at, run, position)))
            .or_else(|| database.and_then(|position| of_database(name, run, position)))
            .or_else(|| self.of_column(run))
            .or_else(|| self.of_figure(run))
    }

    /// Any figure of a resource by its field, as the table of its kind has it; of times, which one: `lag_p99`.
    fn of_figure(&self, run: &Run) -> Option<Reading> {
        struct Search<'a> {
            metric: &'a Metric<'a>,
            found: Option<Reading>,
        }
        impl EachKind for Search<'_> {
            fn visit<T: Totals>(&mut self, _: fn(usize) -> Option<Owner>, all: &[T::Told]) {
                let is_meant = |told: &&T::Told| self.metric.of.is_none_or(|of| of == T::name(told));
                let mut found =
                    all.iter().filter(is_meant).filter_map(|told| figure::<T>(self.metric.name, told));
                self.found = self.found.or_else(|| found.next());
            }
        }
        let mut search = Search { metric: self, found: None };
        run.outcome.kinds.each(&mut search);
        search.found
    }

    /// `COLUMN_mean`: any column of a resource by its field, as in the table of its kind.
    fn of_column(&self, run: &Run) -> Option<Reading> {
        let field = self.name.strip_suffix("_mean")?;
        let columns = run.outcome.timeline.columns();
        let column = columns.iter().find(|column| {
            // Without the kind; empty of the whole system.
            let resource = column.path.iter().skip(1).map(|step| step.word).collect::<Vec<_>>().join(".");
            column.name == field && !resource.is_empty() && self.of.is_none_or(|of| of == resource)
        });
        match column?.values {
            Values::All(values) => plain(mean_of(values, run)),
            // A mean over rows would not equal the mean over the events in them.
            Values::Gaps(_) => None,
        }
    }

    /// Latencies of all requests or of a class.
    fn sojourn<'r>(&self, run: &Run<'r>) -> Option<&'r Latency> {
        match self.of {
            None => Some(&run.outcome.latency_ms),
            Some(of) => {
                run.outcome.classes.iter().find(|class| class.name == of).map(|class| &class.latency_ms)
            }
        }
    }

    fn of_requests(&self, run: &Run) -> Option<Reading> {
        let (requests, timeline) = (&run.outcome.requests, &run.outcome.timeline);
        let duration = run.outcome.scenario.duration_s;
        match self.name {
            "present" => plain(timeline.in_flight[row_ending(timeline, self.at?)?]),
            "present_mean" => plain(mean_of(&timeline.in_flight, run)),
            "throughput" => plain(mean_of(&timeline.completed, run)),
            "attempts_per_request" => plain(run.outcome.attempts.arrived / requests.arrived),
            "attempts_per_second" => plain(run.outcome.attempts.arrived / duration),
            "share_failed" => share(requests.failed, requests.arrived),
            "last_failure" => plain(last_failure(timeline)),
            "most_present" => plain(timeline.in_flight.iter().copied().fold(0.0, f64::max)),
            "usd" | "quantity" => {
                let all = &run.outcome.bill.items;
                let named = |of: &str| all.iter().any(|item| item.what == of);
                let items = all.iter().filter(|item| match self.of {
                    None => true,
                    Some(of) if named(of) => item.what == of,
                    Some(of) => item.what.contains(of),
                });
                plain(items.map(|item| if self.name == "usd" { item.usd } else { item.quantity }).sum())
            }
            _ => None,
        }
    }
}

/// Auto Scaling activities as text, for the label and the answer of a metric.
pub(super) fn activities(list: impl IntoIterator<Item = (f64, u32, u32)>) -> String {
    let list: Vec<String> = list.into_iter().map(|(at, from, to)| format!("{at} s {from} → {to}")).collect();
    if list.is_empty() { "never".into() } else { list.join(", ") }
}

fn plain(value: f64) -> Option<Reading> {
    Some(Reading { value, trials: None })
}

/// A share from a single run, whose counts are whole numbers.
fn share(part: f64, whole: f64) -> Option<Reading> {
    Some(Reading { value: part / whole.max(1.0), trials: Some(whole as u64) })
}

/// Seconds of a figure such as `p99`.
fn latency(figure: &str, latency: &Latency) -> Option<f64> {
    let millis = match figure {
        "mean" => latency.mean,
        "p50" => latency.p50,
        "p90" => latency.p90,
        "p95" => latency.p95,
        "p99" => latency.p99,
        "p999" => latency.p99_9,
        "max" => latency.max,
        _ => return None,
    };
    Some(millis / 1e3)
}

/// The row that ends at a given time.
fn row_ending(timeline: &Timeline, at: f64) -> Option<usize> {
    let ends = |start: &f64| (start + timeline.bucket_s - at).abs() < timeline.bucket_s / 1e3;
    timeline.time_s.iter().position(ends)
}

/// Mean of the rows after the warm-up.
fn mean_of(series: &[f64], run: &Run) -> f64 {
    let first = run.outcome.timeline.time_s.partition_point(|&start| start < run.outcome.scenario.warmup_s);
    let rows = &series[first.min(series.len())..];
    rows.iter().sum::<f64>() / rows.len().max(1) as f64
}

/// The middle of the last row in which a request failed; 0 if none did.
fn last_failure(timeline: &Timeline) -> f64 {
    let last = |series: &Vec<f64>| series.iter().rposition(|&rate| rate > 0.0);
    let row = timeline.failed.values().filter_map(last).max();
    row.map_or(0.0, |row| timeline.time_s[row] + timeline.bucket_s / 2.0)
}

fn of_service(name: &str, run: &Run, position: usize) -> Option<Reading> {
    let totals = &run.outcome.services[position];
    let series = &run.outcome.timeline.services[position];
    let servers = f64::from(run.scenario.services[position].servers);
    let busy = || mean_of(&series.busy_percent, run) / 100.0;
    match name {
        "wait_mean" => plain(totals.mean_wait_ms / 1e3),
        "p_wait" => share(totals.delayed, totals.arrived),
        "p_wait_served" => share(totals.delayed - totals.abandoned, totals.served),
        "p_blocked" => share(totals.rejected, totals.arrived),
        "p_abandon" => share(totals.abandoned, totals.arrived),
        "p_served" => share(totals.served, totals.arrived),
        "utilisation" => plain(busy()),
        "in_queue_mean" => plain(mean_of(&series.waiting, run)),
        "in_system_mean" => plain(mean_of(&series.waiting, run) + servers * busy()),
        name => plain(latency(name.strip_prefix("wait_")?, &totals.wait_ms)?),
    }
}

fn of_fleet(name: &str, run: &Run, position: usize) -> Option<Reading> {
    let series = &run.outcome.timeline.fleets[position];
    let totals = &run.outcome.fleets[position];
    let through = || mean_of(&run.outcome.timeline.completed, run);
    match name {
        // Little's law: waiting requests over throughput.
        "thread_wait_mean" => plain(mean_of(&series.backlog, run) / through()),
        "connection_wait_mean" => plain(mean_of(&series.pools.first()?.waiting, run) / through()),
        "connections_busy_share" => plain(mean_of(&series.pools.first()?.used_percent, run) / 100.0),
        "cpu_mean" => plain(mean_of(&series.cpu_percent, run) / 100.0),
        "instance_seconds" => plain(totals.instance_seconds),
        "final_instances" => plain(*series.desired.last()?),
        _ => None,
    }
}

fn of_cache(name: &str, at: Option<f64>, run: &Run, position: usize) -> Option<Reading> {
    let totals = &run.outcome.caches[position];
    let series = &run.outcome.timeline.caches[position];
    let timeline = &run.outcome.timeline;
    match (name, at) {
        ("hit_ratio", Some(at)) => plain(series.hit_ratio[row_ending(timeline, at)?].unwrap_or(0.0)),
        ("hit_ratio", None) => {
            let pairs = series.lookups.iter().zip(&series.hit_ratio);
            let hits: Vec<f64> = pairs.map(|(lookups, ratio)| lookups * ratio.unwrap_or(0.0)).collect();
            plain(mean_of(&hits, run) / mean_of(&series.lookups, run))
        }
        ("hit_ratio_from_cold", None) => plain(totals.hit_ratio),
        ("hit_ratio_from_cold", Some(at)) => {
            let rows = ..=row_ending(timeline, at)?;
            let hits = series.lookups[rows].iter().zip(&series.hit_ratio[rows]);
            let hits: f64 = hits.map(|(lookups, ratio)| lookups * ratio.unwrap_or(0.0)).sum();
            plain(hits / series.lookups[rows].iter().sum::<f64>())
        }
        ("fetch_rate", None) => {
            let fetched = totals.lookups - totals.hits - totals.coalesced;
            plain(fetched / run.outcome.scenario.duration_s)
        }
        _ => None,
    }
}

fn of_database(name: &str, run: &Run, position: usize) -> Option<Reading> {
    let totals = &run.outcome.databases[position];
    let series = &run.outcome.timeline.databases[position];
    match name {
        "stale_share" => share(totals.stale_reads, totals.replica_reads),
        "lag_peak" => plain(series.lag_ms.iter().fold(0.0, |most: f64, &lag| most.max(lag)) / 1e3),
        name => plain(latency(name.strip_prefix("lag_")?, &totals.lag_ms)?),
    }
}

/// A figure of a resource by its field, in seconds where it is a time.
fn figure<T: Totals>(name: &str, told: &T::Told) -> Option<Reading> {
    let fields = serde_json::to_value(told).ok()?;
    let scale = |figure: &Figure<T>| if figure.unit == Unit::Millis { 1e-3 } else { 1.0 };
    T::FIGURES.iter().find_map(|figure| {
        let value = &fields[figure.name];
        if figure.name == name {
            return plain(value.as_f64()? * scale(figure));
        }
        let which = name.strip_prefix(figure.name.strip_suffix("_ms")?)?.strip_prefix('_')?;
        plain(latency(which, &Latency::deserialize(value).ok()?)?)
    })
}

/// Reads every metric of a case from one run, by name.
pub(super) fn read_all<'a>(
    names: impl Iterator<Item = &'a String>,
    run: &Run,
) -> Result<BTreeMap<String, Reading>, String> {
    names
        .map(|name| match Metric::new(name).read(run) {
            Some(reading) => Ok((name.clone(), reading)),
            None => Err(format!("no metric `{name}`")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::database::record::DatabaseTotals;
    use crate::outcome::sample;

    #[test]
    fn a_name_says_what_of_what_and_when() {
        assert_eq!(Metric::new("wait_p95 of desk"), Metric { name: "wait_p95", of: Some("desk"), at: None });
        assert_eq!(Metric::new("present at 65.5"), Metric { name: "present", of: None, at: Some(65.5) });
        assert_eq!(Metric::new("wait_p95").grain(2.0, 10.0), 0.001);
        assert_eq!(Metric::new("wait_mean").grain(2.0, 10.0), 0.0);
        assert_eq!(Metric::new("fetch_rate").grain(2.0, 10.0), 0.1);
    }

    #[test]
    fn any_column_of_a_resource_can_be_read_by_its_field() {
        let outcome = sample::several();
        let scenario = crate::bill::sample::shop();
        let run = Run { scenario: &scenario, outcome: &outcome };
        let read = |text: &str| Metric::new(text).read(&run).map(|reading| reading.value);
        let fleet = &outcome.timeline.fleets[0];
        assert_eq!(read("threads_busy_mean of web"), Some(mean_of(&fleet.threads_busy, &run)));
        let pool = &fleet.pools[1];
        assert_eq!(
            read("used_percent_mean of web.pool.orders.reader"),
            Some(mean_of(&pool.used_percent, &run))
        );
        assert_eq!(read("backlog_mean"), Some(mean_of(&fleet.backlog, &run)));
        let database = &outcome.databases[0];
        assert_eq!(read("peak_connections of orders"), Some(f64::from(database.peak_connections)));
        assert_eq!(read("mean_lock_wait_ms of orders"), Some(database.mean_lock_wait_ms * 1e-3));
        assert_eq!(figure::<DatabaseTotals>("lag_p99", database), plain(database.lag_ms.p99 / 1e3));
        assert_eq!(read("peak_connections of nothing"), None);
        assert_eq!(read("engine of orders"), None, "a name is no number");
        assert_eq!(read("backlog_mean of nothing"), None);
        assert_eq!(read("hit_ratio_mean of catalog"), None, "a ratio is not averaged over rows");
    }
}
