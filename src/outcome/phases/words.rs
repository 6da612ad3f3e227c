//! The words of what happened, with numbers of its rows. In: a full resource and its rows. Out: [`Link`]s.
//!
//! Every number is of the rows that it speaks of, so that no sentence says what a count contradicts.

use std::ops::Range;

use super::watched::{Watched, waiting_for_connections};
use crate::number::{count, millis, number, percent, things};
use crate::outcome::headroom::Part;
use crate::outcome::{Link, Node, Outcome, Resource, Timeline};
use crate::scenario::Scenario;

/// What is needed to speak of a run.
pub(super) struct Words<'a> {
    pub scenario: &'a Scenario,
    pub outcome: &'a Outcome,
    /// Rows without trouble: they show what a request asks for when it gets it.
    pub calm: &'a [bool],
    /// Rows in which a resource must be busy all the time before it has nothing left to give.
    pub window: usize,
}

impl Words<'_> {
    pub fn timeline(&self) -> &Timeline {
        &self.outcome.timeline
    }

    pub fn time(&self, row: usize) -> f64 {
        self.timeline().time_s.get(row).copied().unwrap_or(self.outcome.scenario.duration_s)
    }

    /// A resource that was full over `rows`.
    pub fn link(&self, resource: &Watched<'_>, rows: &Range<usize>, cause: bool) -> Link {
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

    /// `CPU of `was` full (10 instances, its load needs about 19)`.
    fn full(&self, resource: &Watched<'_>, rows: &Range<usize>, cause: bool) -> String {
        let of = resource.of;
        // The member that was full first: others may have come later, and the sentence begins with the time.
        let first = rows.start..rows.end.min(rows.start + self.window);
        let part = resource.fullest(rows, &first, self.requests(&first));
        let name = part.map_or_else(|| self.name(of), |part| self.name_of_member(of, part));
        let waiting = peak(&resource.waiting, rows);
        // Waiting requests are counted of all members together.
        let waiting = match (waiting >= 1.0, part) {
            (false, _) => String::new(),
            (true, None) => format!("up to {} waiting", number(waiting.round())),
            (true, Some(part)) => {
                format!("up to {} waiting at all {}", number(waiting.round()), part.plural())
            }
        };
        match of {
            Resource::Cpu { fleet } => {
                with(format!("{name} full"), &[self.instances(fleet, rows), self.needed(fleet, rows)])
            }
            Resource::Threads { fleet } => {
                let series = &self.timeline().fleets[fleet];
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
            Resource::Locks { database } => {
                let series = &self.timeline().databases[database];
                let waits = rows.clone().filter_map(|row| series.lock_wait_ms.get(row).copied().flatten());
                let longest = waits.fold(0.0, f64::max);
                let wait = match longest > 0.0 {
                    true => format!("mean wait up to {}", millis(longest)),
                    false => String::new(),
                };
                let most = things(peak(&resource.waiting, rows).round(), "transaction");
                with(name, &[format!("up to {most} waiting"), wait])
            }
            Resource::Connections { database, .. } => {
                let refused: f64 = rows.clone().filter_map(|row| resource.waiting.get(row)).sum();
                let fleets = &self.timeline().fleets;
                let waiting =
                    rows.clone().map(|row| waiting_for_connections(self.scenario, fleets, database, row));
                let waiting = match waiting.fold(0.0, f64::max) {
                    most if most >= 1.0 => {
                        format!("up to {} waiting for one", things(most.round(), "request"))
                    }
                    _ => String::new(),
                };
                // What is refused in some runs is not none of it.
                let refused = format!("{} refused", number(refused.round().max(1.0)));
                with(name, &[self.limit(database), refused, waiting])
            }
            Resource::Targets { fleet } => {
                // Of several runs it is a mean; part of a target is none.
                let most = things(peak(&resource.waiting, rows).ceil(), "target");
                let text = format!("up to {most} of {name} unhealthy");
                match self.fails_open(fleet, rows) {
                    true => format!("{text}, all of them at times: its balancer fails open"),
                    false => text,
                }
            }
            Resource::Service { service } => {
                let refused = self.timeline().services.get(service).map_or(0.0, |it| peak(&it.refused, rows));
                let refusing = if refused > 0.0 { "its queue too".into() } else { String::new() };
                with(format!("{name} full"), &[waiting, refusing])
            }
            Resource::Pool { .. } | Resource::Database { .. } => with(format!("{name} full"), &[waiting]),
            Resource::Cache { .. } => format!("{name} full"),
            Resource::Instances { fleet } => match peak(&resource.waiting, rows) {
                stuck if stuck > 0.0 => {
                    let fleet = self.scenario.fleets.get(fleet).map_or("", |it| it.name.as_str());
                    format!("up to {} of `{fleet}` cannot start", things(stuck.ceil(), "instance"))
                }
                _ => name,
            },
        }
    }

    /// What a resource is called: its kind, and the name that the file gives it.
    pub fn name(&self, of: Resource) -> String {
        let fleet_name = |fleet: usize| self.scenario.fleets.get(fleet).map_or("", |it| it.name.as_str());
        let database = |database: usize| self.scenario.databases.get(database);
        let database_name = |index: usize| database(index).map_or("", |it| it.name.as_str());
        match of {
            Resource::Cpu { fleet } => format!("CPU of `{}`", fleet_name(fleet)),
            Resource::Threads { fleet } => format!("threads of `{}`", fleet_name(fleet)),
            Resource::Instances { fleet } => format!("no instance of `{}` in service", fleet_name(fleet)),
            Resource::Targets { fleet } => format!("`{}`", fleet_name(fleet)),
            Resource::Pool { fleet, pool, node } => {
                let pools = self.scenario.fleets.get(fleet).map(|fleet| &fleet.pools);
                let to = pools.and_then(|pools| database(pools.get(pool)?.database.index()));
                let (to, replicas) = to.map_or(("", 0), |to| (to.name.as_str(), to.replicas));
                let side = match node {
                    _ if replicas == 0 => "",
                    Node::Reader => "reader ",
                    Node::Writer => "writer ",
                    Node::All => "",
                };
                format!("{side}pool of `{}` to `{to}`", fleet_name(fleet))
            }
            Resource::Database { database: index, node } => {
                let nodes = match (node, database(index).map_or(0, |it| it.replicas)) {
                    (Node::Reader, 1) => "the replica of ",
                    (Node::Reader, _) => "the replicas of ",
                    (Node::Writer, _) => "the writer of ",
                    (Node::All, _) => "",
                };
                format!("CPU of {nodes}`{}`", database_name(index))
            }
            Resource::Locks { database } => format!("row locks of `{}` contended", database_name(database)),
            Resource::Connections { database, .. } => {
                format!("connections of `{}` at their limit", database_name(database))
            }
            Resource::Cache { cache } => {
                let cache = self.scenario.caches.get(cache);
                format!("command threads of `{}`", cache.map_or("", |cache| cache.name.as_str()))
            }
            Resource::Service { service } => {
                let service = self.scenario.services.get(service);
                format!("`{}`", service.map_or("", |service| service.name.as_str()))
            }
        }
    }

    /// `command threads of shard 2 of `store``, `CPU of replica 1 of `orders``.
    pub fn name_of_member(&self, of: Resource, part: Part) -> String {
        let name = match of {
            // A replica says by itself that it is one.
            Resource::Database { database, .. } => {
                self.name(Resource::Database { database, node: Node::All })
            }
            of => self.name(of),
        };
        name.replacen(" of ", &format!(" of {part} of "), 1)
    }

    /// Requests that arrived in some rows.
    pub fn requests(&self, rows: &Range<usize>) -> f64 {
        let offered = rows.clone().filter_map(|row| self.timeline().offered.get(row));
        offered.sum::<f64>() * self.timeline().bucket_s
    }

    /// `1,000 on the writer`.
    fn limit(&self, database: usize) -> String {
        let Some(database) = self.scenario.databases.get(database) else { return String::new() };
        match database.replicas {
            0 => count(database.writer_connections.into()),
            _ => format!("{} a node", count(database.writer_connections.into())),
        }
    }

    /// Whether in some row every target was held for unhealthy.
    fn fails_open(&self, fleet: usize, rows: &Range<usize>) -> bool {
        let Some(series) = self.timeline().fleets.get(fleet) else { return false };
        let at = |column: &[f64], row: usize| column.get(row).copied().unwrap_or(0.0);
        rows.clone().any(|row| {
            let targets = at(&series.in_service, row) + at(&series.warming, row);
            targets > 0.0 && at(&series.unhealthy, row) >= targets
        })
    }
}

/// A text with its numbers in brackets; empty ones are left out.
fn with(text: String, numbers: &[String]) -> String {
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    match numbers.is_empty() {
        true => text,
        false => format!("{text} ({})", numbers.join(", ")),
    }
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
