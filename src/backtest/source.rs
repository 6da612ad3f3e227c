//! Where a run has what was measured. In: a figure, and a scenario. Out: its [`Source`] in a run, and its values there.

use crate::kind;
use crate::measured::{Figure, What};
use crate::model::Measured as Recorded;
use crate::scenario::Scenario;

/// What the replicas of a database are called.
const REPLICAS: &str = " (replicas)";

/// Where a run has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Among the requests of a class, or of all.
    Requests(Option<usize>),
    /// Of a fleet: CPU or instances.
    Fleet(usize),
    /// Of the writer of a database, or of its replicas.
    Database(usize, bool),
    /// Of a cache.
    Cache(usize),
    /// Of a service.
    Service(usize),
}

/// Why a run does not have a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The scenario has nothing of that name.
    Unknown(String),
    /// The model does not tell such a figure.
    Untold,
}

impl Source {
    /// Of a figure.
    ///
    /// # Errors
    /// A run does not have it.
    pub fn of(figure: &Figure, scenario: &Scenario) -> Result<Source, Absent> {
        let name = figure.name.as_deref().unwrap_or_default();
        let find = |names: Vec<&str>| names.iter().position(|it| *it == name);
        let unknown = |known: &str| Absent::Unknown(format!("no {known} is called `{name}`"));
        match figure.what {
            What::Aborted | What::Service => Err(Absent::Untold),
            what if what.is_of_requests() => match figure.name {
                None => Ok(Source::Requests(None)),
                Some(_) => {
                    let classes = scenario.classes.iter().map(|it| it.name.as_str()).collect();
                    find(classes).map(|at| Source::Requests(Some(at))).ok_or_else(|| unknown("request class"))
                }
            },
            What::Instances => {
                let fleets = scenario.fleets.iter().map(|it| it.name.as_str()).collect();
                find(fleets).map(Source::Fleet).ok_or_else(|| unknown("fleet"))
            }
            What::Cpu => {
                let fleets = scenario.fleets.iter().map(|it| it.name.as_str()).collect();
                let fleet = find(fleets).map(Source::Fleet);
                let found = fleet.or_else(|| database(name, scenario));
                found.ok_or_else(|| unknown("fleet or database"))
            }
            What::Connections => database(name, scenario).ok_or_else(|| unknown("database")),
            What::Hit => {
                let caches = scenario.caches.iter().map(|it| it.name.as_str()).collect();
                find(caches).map(Source::Cache).ok_or_else(|| unknown("cache"))
            }
            _ => {
                let services = scenario.services.iter().map(|it| it.name.as_str()).collect();
                find(services).map(Source::Service).ok_or_else(|| unknown("service"))
            }
        }
    }

    /// The values of a figure of a resource, row by row; nothing of requests, which are counted by class.
    pub(super) fn rows(self, what: What, run: &Recorded) -> Vec<Option<f64>> {
        let series: &kind::Series = &run.series;
        let known = |values: &[f64]| values.iter().copied().map(Some).collect();
        match self {
            Source::Requests(_) => Vec::new(),
            Source::Fleet(index) => {
                let fleet = &series.fleets[index];
                match what {
                    What::Instances => fleet
                        .in_service
                        .iter()
                        .zip(&fleet.warming)
                        .map(|(one, more)| Some(one + more))
                        .collect(),
                    // A row in which nothing served says nothing of its CPU.
                    _ => {
                        let rows = fleet.cpu_percent.iter().zip(&fleet.serving);
                        rows.map(|(cpu, serving)| (*serving > 0.0).then_some(*cpu)).collect()
                    }
                }
            }
            Source::Database(index, replicas) => {
                let database = &series.databases[index];
                match (what, replicas) {
                    (What::Connections, false) => known(&database.writer_connections),
                    (What::Connections, true) => known(&database.replica_connections),
                    (_, false) => known(&database.writer_cpu_percent),
                    (_, true) => known(&database.replica_cpu_percent),
                }
            }
            Source::Cache(index) => {
                series.caches[index].hit_ratio.iter().map(|it| it.map(|share| 100.0 * share)).collect()
            }
            Source::Service(index) => known(&series.services[index].busy_percent),
        }
    }
}

fn database(name: &str, scenario: &Scenario) -> Option<Source> {
    let (name, replicas) = match name.strip_suffix(REPLICAS) {
        Some(name) => (name, true),
        None => (name, false),
    };
    let index = scenario.databases.iter().position(|it| it.name == name)?;
    Some(Source::Database(index, replicas))
}
