//! The words of what happened, with numbers of its rows. In: a full resource and its rows. Out: [`Link`]s.
//!
//! Every number is of the rows that it speaks of, so that no sentence says what a count contradicts.

use std::ops::Range;

use super::evidence::{failed, row_s};
use super::watched::{Watched, waiting_for_connections};
use crate::outcome::figure::{count, millis, number, percent, share};
use crate::outcome::timeline::FleetSeries;
use crate::outcome::{Link, Outcome, Part, ResourceKind, ResourceRef, Timeline};
use crate::scenario::Scenario;
use crate::scenario::fleet::Fleet;
use crate::scenario::scaling::{Metric, PolicyKind};

/// Attempts for each request that arrived, from which clients try again.
const RETRIES: f64 = 1.05;

/// Requests from which a rate is known to two or three percent.
const KNOWN_RATE: f64 = 2_000.0;

/// What is needed to speak of a run.
pub(super) struct Words<'a> {
    pub scenario: &'a Scenario,
    pub outcome: &'a Outcome,
    /// Rows without trouble: they show what a request asks for when it gets it.
    pub calm: &'a [bool],
}

impl Words<'_> {
    fn timeline(&self) -> &Timeline {
        &self.outcome.timeline
    }

    fn time(&self, row: usize) -> f64 {
        self.timeline().time_s.get(row).copied().unwrap_or(self.outcome.scenario.duration_s)
    }

    /// A resource that was full over `rows`.
    pub fn link(&self, resource: &Watched, rows: &Range<usize>, cause: bool) -> Link {
        let mut text = self.full(resource, rows, cause);
        if cause && rows.start == 0 {
            text.push_str(" from the start");
        }
        Link {
            at_s: self.time(rows.start),
            until_s: self.time(rows.end),
            resource: Some(resource.of),
            cause,
            text,
        }
    }

    /// `CPU of `was` full (10 instances; 9,000/s need about 19)`.
    fn full(&self, resource: &Watched, rows: &Range<usize>, cause: bool) -> String {
        let of = resource.of;
        let name = self.name(of);
        let waiting = peak(&resource.waiting, rows);
        let waiting = match waiting >= 1.0 {
            true => format!("up to {} waiting", number(waiting)),
            false => String::new(),
        };
        match of.kind {
            ResourceKind::Cpu => with(format!("{name} full"), &[self.instances(of.index, rows), self.needed(of.index, rows)]),
            ResourceKind::Threads => {
                let series = &self.timeline().fleets[of.index];
                let what = match peak(&series.refused, rows) > 0.0 {
                    true => format!("threads and accept backlog of `{}` full", series.name),
                    false => format!("{name} full"),
                };
                let cpu = match cause {
                    true => format!("CPU at {}", percent(mean(&series.cpu_percent, rows))),
                    false => String::new(),
                };
                with(what, &[waiting, cpu])
            }
            ResourceKind::Locks => {
                let series = &self.timeline().databases[of.index];
                let waits = rows.clone().filter_map(|row| series.lock_wait_ms.get(row).copied().flatten());
                let longest = waits.fold(0.0, f64::max);
                let wait = match longest > 0.0 {
                    true => format!("mean wait up to {}", millis(longest)),
                    false => String::new(),
                };
                let most = number(peak(&resource.waiting, rows));
                with(name, &[format!("up to {most} transactions waiting"), wait])
            }
            ResourceKind::Connections => {
                let refused: f64 = rows.clone().filter_map(|row| resource.waiting.get(row)).sum();
                let fleets = &self.timeline().fleets;
                let waiting = rows.clone().map(|row| waiting_for_connections(self.scenario, fleets, of.index, row));
                let waiting = match waiting.fold(0.0, f64::max) {
                    most if most >= 1.0 => format!("up to {} requests waiting for one", number(most)),
                    _ => String::new(),
                };
                let refused = format!("{} refused", number(refused.round()));
                with(name, &[self.limit(of.index), refused, waiting])
            }
            ResourceKind::Targets => {
                // Of several runs it is a mean; part of a target is none.
                let most = number(peak(&resource.waiting, rows).ceil());
                let noun = if most == "1" { "target" } else { "targets" };
                format!("up to {most} {noun} of {name} unhealthy")
            }
            ResourceKind::Service => {
                let refused = self.timeline().services.get(of.index).map_or(0.0, |it| peak(&it.refused, rows));
                let refusing = if refused > 0.0 { "its queue too".into() } else { String::new() };
                with(format!("{name} full"), &[waiting, refusing])
            }
            ResourceKind::Pool | ResourceKind::Node => with(format!("{name} full"), &[waiting]),
            ResourceKind::Cache => format!("{name} full"),
        }
    }

    /// What a resource is called: its kind, and the name that the file gives it.
    pub fn name(&self, of: ResourceRef) -> String {
        let fleet = || self.scenario.fleets.get(of.index).map_or("", |fleet| fleet.name.as_str());
        let database = || self.scenario.databases.get(of.index);
        let of_database = || database().map_or("", |database| database.name.as_str());
        match of.kind {
            ResourceKind::Cpu => format!("CPU of `{}`", fleet()),
            ResourceKind::Threads => format!("threads of `{}`", fleet()),
            ResourceKind::Targets => format!("`{}`", fleet()),
            ResourceKind::Pool => {
                let pools = self.scenario.fleets.get(of.index).map(|fleet| &fleet.pools);
                let pool = pools.and_then(|pools| pools.get(of.pool?));
                let to = pool.and_then(|pool| self.scenario.databases.get(pool.database.index()));
                let (to, replicas) = to.map_or(("", 0), |to| (to.name.as_str(), to.replicas));
                let side = match of.part {
                    _ if replicas == 0 => "",
                    Part::Reader => "reader ",
                    _ => "writer ",
                };
                format!("{side}pool of `{}` to `{to}`", fleet())
            }
            ResourceKind::Node => {
                let node = match (of.part, database().map_or(0, |database| database.replicas)) {
                    (Part::Reader, 1) => "the replica",
                    (Part::Reader, _) => "the replicas",
                    _ => "the writer",
                };
                format!("CPU of {node} of `{}`", of_database())
            }
            ResourceKind::Locks => format!("row locks of `{}` contended", of_database()),
            ResourceKind::Connections => format!("connections of `{}` at their limit", of_database()),
            ResourceKind::Cache => {
                let cache = self.scenario.caches.get(of.index);
                format!("command threads of `{}`", cache.map_or("", |cache| cache.name.as_str()))
            }
            ResourceKind::Service => {
                let service = self.scenario.services.get(of.index);
                format!("`{}`", service.map_or("", |service| service.name.as_str()))
            }
        }
    }

    /// `1,000 on the writer`.
    fn limit(&self, database: usize) -> String {
        let Some(database) = self.scenario.databases.get(database) else { return String::new() };
        match database.replicas {
            0 => count(database.writer_connections.into()),
            _ => format!("{} a node", count(database.writer_connections.into())),
        }
    }

    /// `10 instances`, and whether that is all that it may have.
    fn instances(&self, fleet: usize, rows: &Range<usize>) -> String {
        let (Some(settings), Some(series)) =
            (self.scenario.fleets.get(fleet), self.timeline().fleets.get(fleet))
        else {
            return String::new();
        };
        let serving = series.serving.get(rows.start).copied().unwrap_or(0.0);
        let most = peak(&series.desired, rows);
        let noun = if serving.round() == 1.0 { "instance" } else { "instances" };
        let text = format!("{} {noun}", number(serving.round()));
        match !settings.policies.is_empty() && most >= f64::from(settings.max) {
            true => format!("{text}, scaled to its largest size of {}", settings.max),
            false => text,
        }
    }

    /// How many instances the offered load needs: CPU per request where nothing was in trouble, times the largest
    /// rate, over what an instance has. Absent where no calm row tells what a request asks for.
    fn needed(&self, fleet: usize, rows: &Range<usize>) -> String {
        let timeline = self.timeline();
        let (Some(settings), Some(series)) = (self.scenario.fleets.get(fleet), timeline.fleets.get(fleet))
        else {
            return String::new();
        };
        let Some(each) = self.instances_per_request(series) else { return String::new() };
        let rate = self.busiest_rate(rows);
        let needed = each * rate;
        if needed <= series.serving.get(rows.start).copied().unwrap_or(0.0) {
            return String::new();
        }
        let text = format!("{}/s need about {}", number(two_digits(rate)), number(needed.ceil()));
        match cpu_target(settings) {
            Some(target) => {
                format!("{text}, or {} at {}", number((needed / target).ceil()), percent(100.0 * target))
            }
            None => text,
        }
    }

    /// Requests per second that arrived when most did, on the mean of as many rows as it takes to know.
    fn busiest_rate(&self, rows: &Range<usize>) -> f64 {
        let offered = &self.timeline().offered;
        let offered = offered.get(rows.start..rows.end.min(offered.len())).unwrap_or_default();
        let each = mean(offered, &(0..offered.len())) * self.timeline().bucket_s;
        let width = ((KNOWN_RATE / each.max(1.0)).ceil() as usize).clamp(1, offered.len().max(1));
        let mut sum: f64 = offered.iter().take(width).sum();
        let mut most = sum;
        for (row, next) in offered.iter().enumerate().skip(width) {
            sum += next - offered[row - width];
            most = most.max(sum);
        }
        most / width as f64
    }

    /// Instance-seconds of CPU for each request that arrives, in the rows without trouble.
    fn instances_per_request(&self, series: &FleetSeries) -> Option<f64> {
        let timeline = self.timeline();
        let calm = self.calm.iter().enumerate().filter(|(_, calm)| **calm).map(|(row, _)| row);
        let (busy, arrived) = calm.fold((0.0, 0.0), |(busy, arrived), row| {
            let at = |column: &[f64]| column.get(row).copied().unwrap_or(0.0);
            let span = row_s(self.outcome, row);
            (
                busy + at(&series.cpu_percent) / 100.0 * at(&series.serving) * span,
                arrived + at(&timeline.offered) * span,
            )
        });
        (arrived > 0.0 && busy > 0.0).then(|| busy / arrived)
    }

    /// What came of a trouble, each with the row in which it was first seen.
    pub fn symptoms(&self, rows: &Range<usize>) -> Vec<(usize, Link)> {
        let mut found = Vec::new();
        let timeline = self.timeline();
        let mut add = |seen: &dyn Fn(usize) -> bool, text: String| {
            let first = rows.clone().find(|&row| seen(row));
            let last = rows.clone().rev().find(|&row| seen(row));
            if let Some((first, last)) = first.zip(last) {
                let (at_s, until_s) = (self.time(first), self.time(last + 1));
                found.push((first, Link { at_s, until_s, resource: None, cause: false, text }));
            }
        };
        if let Some(text) = self.failures(rows) {
            add(&|row| failed(timeline, row) > 0.0, text);
        }
        let total = |series: &[f64]| rows.clone().filter_map(|row| series.get(row)).sum::<f64>();
        let (attempts, offered) = (total(&timeline.attempts), total(&timeline.offered));
        if offered > 0.0 && attempts > RETRIES * offered {
            let again = |row: usize| {
                let at = |series: &[f64]| series.get(row).copied().unwrap_or(0.0);
                at(&timeline.attempts) > RETRIES * at(&timeline.offered)
            };
            add(&again, format!("retries ×{}", number(attempts / offered)));
        }
        found
    }

    /// `3.2 % of requests failed, mostly client_timeout`, of those that ended in the rows.
    pub fn failures(&self, rows: &Range<usize>) -> Option<String> {
        let timeline = self.timeline();
        let total = |per_s: &dyn Fn(usize) -> f64| {
            rows.clone().map(|row| per_s(row) * row_s(self.outcome, row)).sum::<f64>()
        };
        let failed = total(&|row| failed(timeline, row));
        if failed <= 0.0 {
            return None;
        }
        let at = |series: &[f64], row: usize| series.get(row).copied().unwrap_or(0.0);
        let completed = total(&|row| at(&timeline.completed, row));
        let causes = timeline.failed.iter().map(|(cause, series)| (total(&|row| at(series, row)), cause));
        let (most, cause) = causes.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let all = most >= failed * (1.0 - 1e-9);
        let cause = if all { cause.clone() } else { format!("mostly {cause}") };
        Some(format!("{} of requests failed, {cause}", share(failed / (failed + completed))))
    }
}

/// A number to two significant digits.
fn two_digits(value: f64) -> f64 {
    let scale = libm::pow(10.0, libm::log10(value.max(1e-9)).floor() - 1.0);
    (value / scale).round() * scale
}

/// A text with its numbers in brackets; empty ones are left out.
fn with(text: String, numbers: &[String]) -> String {
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    match numbers.is_empty() {
        true => text,
        false => format!("{text} ({})", numbers.join(", ")),
    }
}

/// The CPU share that target tracking holds, 0 to 1.
fn cpu_target(fleet: &Fleet) -> Option<f64> {
    fleet.policies.iter().find_map(|policy| match (policy.metric, &policy.kind) {
        (Metric::Cpu, PolicyKind::TargetTracking { target, .. }) => Some(target / 100.0),
        _ => None,
    })
}

/// Mean of a series over `rows`, 0 where it has none of them.
pub(super) fn mean(series: &[f64], rows: &Range<usize>) -> f64 {
    let (sum, values) =
        finite(series, rows).fold((0.0, 0.0), |(sum, values), value| (sum + value, values + 1.0));
    if values > 0.0 { sum / values } else { 0.0 }
}

/// Largest value of a series over `rows`, 0 where it has none of them.
pub(super) fn peak(series: &[f64], rows: &Range<usize>) -> f64 {
    finite(series, rows).fold(0.0, f64::max)
}

fn finite(series: &[f64], rows: &Range<usize>) -> impl Iterator<Item = f64> {
    series.iter().copied().take(rows.end).skip(rows.start).filter(|value| value.is_finite())
}
