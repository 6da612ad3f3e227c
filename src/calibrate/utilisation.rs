//! The first step: demands by the utilisation law. In: CPU and requests, period by period. Out: of each resource a [`Utilisation`]: by how
//! many times the demands of the file are off, with intervals, and what it uses in the background.
//!
//! The utilisation law (Denning and Buzen 1978, The operational analysis of queueing network models, Computing Surveys 10): how busy a
//! resource is, is the sum over the classes of their rate times their demand. It needs no model of queues. So the busy part of each period
//! is a regression on what the requests of the period ask for. Demands whose requests come and go together cannot be told apart by it: they
//! get one factor.

use serde::{Deserialize, Serialize};

use super::dial::Dial;
use super::influence::Influence;
use super::regression::{Fitted, fit, inflation};
use crate::backtest::Source;
use crate::interval::student_t;
use crate::kind::fleet::language::limits::size_at;
use crate::measure::resource::{Node, Resource};
use crate::measured::{Figure, Measured, What};
use crate::number::all_of;
use crate::scenario::Scenario;
use crate::units::Time;

/// Variance inflation from which columns may not be told apart (Marquardt 1970, Technometrics 12, has 10 at most; this is stricter because
/// it counts only where the coefficient is not known either).
const INFLATED: f64 = 5.0;
/// Relative standard error from which a coefficient is not known.
const VAGUE: f64 = 0.25;
/// Variance inflation from which no number of periods helps.
const HOPELESS: f64 = 10_000.0;
/// Spread over mean of what is asked for, below which nobody can tell it from what is always there.
const STEADY: f64 = 0.05;
/// Percent busy from which on a resource may be asked for more than it shows.
const FULL: f64 = 99.5;
/// Periods for each unknown, at least.
const ENOUGH: usize = 3;

/// An estimate with its interval at 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimated {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Dials that act together, and by how many times they are off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Paths of the numbers: several where only their sum is known.
    pub paths: Vec<String>,
    /// So many times what the file has.
    pub factor: Estimated,
}

/// What the utilisation of a resource tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Utilisation {
    /// The figure that was measured.
    pub of: Figure,
    /// What was found.
    pub groups: Vec<Group>,
    /// Percent busy without any request; absent where that cannot be told from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<Estimated>,
    /// Periods that it is found from.
    pub periods: usize,
    /// The part of the spread that is explained.
    pub explained: f64,
    /// Standard deviation of what is left, in percentage points.
    pub left: f64,
    /// What cannot be told, in sentences.
    pub notes: Vec<String>,
}

/// What the step works with.
pub(super) struct Given<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) measured: &'a Measured,
    pub(super) dials: &'a [Dial],
    pub(super) influence: &'a Influence,
    /// Whether a period is fitted to.
    pub(super) fitted: &'a dyn Fn(usize) -> bool,
}

/// Of each resource whose utilisation was measured what it tells, or why it tells nothing.
pub(super) fn all(given: &Given<'_>) -> Vec<Result<Utilisation, String>> {
    let columns = given.measured.columns.iter().map(|it| &it.of);
    let busy = columns.filter(|it| matches!(it.what, What::Cpu | What::Busy));
    busy.filter_map(|of| Some((of, Source::of(of, given.scenario).ok()?)))
        .map(|(of, source)| utilisation(given, of, source).map_err(|why| format!("{}: {why}", of.words())))
        .collect()
}

/// A resource, and what it can do in a second in each period.
struct Machine<'a> {
    of: Resource,
    /// Seconds of work of strength 1 in a second, by period; nothing where it is not known.
    able: Box<dyn Fn(usize) -> Option<f64> + 'a>,
    /// The part of that which a busy part is.
    work: Box<dyn Fn(f64) -> f64 + 'a>,
}

fn machine<'a>(given: &Given<'a>, source: Source) -> Result<Machine<'a>, String> {
    let (scenario, measured) = (given.scenario, given.measured);
    let same = Box::new(|busy: f64| busy);
    match source {
        Source::Fleet(fleet) => {
            let settings = &scenario.fleets[fleet];
            let instances = Figure::of(What::Instances, &settings.name);
            let is_measured = measured.column(&instances).is_some();
            if !is_measured && settings.scales() {
                return Err(format!("`{instances}` was not measured, and the group scales"));
            }
            let time = |period: usize| Time::from_secs_f64(measured.start_s(period));
            let able = move |period: usize| {
                let count = match is_measured {
                    true => measured.at(&instances, period)?,
                    false => f64::from(size_at(settings, time(period))),
                };
                (count > 0.0).then(|| count * settings.hardware_at(time(period)).work())
            };
            let work = |busy: f64| settings.hardware_at(Time::ZERO).share_of_work(busy);
            Ok(Machine { of: Resource::Cpu { fleet }, able: Box::new(able), work: Box::new(work) })
        }
        Source::Database(database, replicas) => {
            let settings = &scenario.databases[database];
            if settings.serverless.is_some() {
                return Err("its capacity follows the load: only runs can tell".into());
            }
            let (node, class, count) = match replicas {
                true => (Node::Reader, &settings.replica, f64::from(settings.replicas)),
                false => (Node::Writer, &settings.writer, 1.0),
            };
            let able = count * f64::from(class.vcpus) * class.strength;
            let of = Resource::Database { database, node };
            Ok(Machine { of, able: Box::new(move |_| (able > 0.0).then_some(able)), work: same })
        }
        Source::Service(service) => {
            let settings = &scenario.services[service];
            let time = |period: usize| Time::from_secs_f64(measured.start_s(period));
            let able = move |period: usize| {
                let past = settings.changes.iter().take_while(|it| it.0 <= time(period)).last();
                Some(f64::from(past.map_or(settings.servers, |it| it.1)))
            };
            Ok(Machine { of: Resource::Service { service }, able: Box::new(able), work: same })
        }
        Source::Requests(_) | Source::Cache(_) => Err("it has no demands".into()),
    }
}

/// Requests of each class in a period; nothing where one of those that matter is not known.
fn requests(given: &Given<'_>, period: usize, matter: &[usize]) -> Option<Vec<f64>> {
    let classes = &given.scenario.classes;
    let count = |class: usize| {
        let own = given.measured.at(&Figure::of(What::Requests, &classes[class].name), period);
        let only =
            || given.measured.at(&Figure::of_all(What::Requests), period).filter(|_| classes.len() == 1);
        own.or_else(only)
    };
    (0..classes.len())
        .map(|class| match matter.contains(&class) {
            true => count(class),
            false => Some(0.0),
        })
        .collect()
}

/// The columns of a regression.
struct Columns {
    /// The dials of each column.
    dials: Vec<Vec<usize>>,
    /// Period by period, percent that each dial makes busy as the file has it.
    rows: Vec<Vec<f64>>,
    /// Percent busy without what nothing of it explains.
    y: Vec<f64>,
}

impl Columns {
    /// Rows with one column for each group, and one for the background at the end.
    fn grouped(&self, background: bool) -> Vec<Vec<f64>> {
        let row = |row: &Vec<f64>| {
            let columns = self.dials.iter().map(|dials| dials.iter().map(|at| row[*at]).sum());
            columns.chain(background.then_some(1.0)).collect()
        };
        self.rows.iter().map(row).collect()
    }

    fn merge(&mut self, one: usize, other: usize) {
        let (first, second) = (one.min(other), one.max(other));
        let dials = self.dials.remove(second);
        self.dials[first].extend(dials);
    }
}

fn utilisation(given: &Given<'_>, of: &Figure, source: Source) -> Result<Utilisation, String> {
    let machine = machine(given, source)?;
    let classes = 0..given.scenario.classes.len();
    let acting: Vec<usize> = (0..given.dials.len())
        .filter(|dial| classes.clone().any(|class| given.influence.work_s(*dial, class, machine.of) > 0.0))
        .collect();
    if acting.is_empty() {
        return Err("no number that is fitted acts on it".into());
    }
    let matter: Vec<usize> =
        classes.filter(|class| given.influence.all_work_s(*class, machine.of) > 0.0).collect();
    let (mut rows, mut y) = (Vec::new(), Vec::new());
    let (mut full, mut unknown) = (0, 0);
    for period in (0..given.measured.periods).filter(|it| (given.fitted)(*it)) {
        let Some(busy) = given.measured.at(of, period) else { continue };
        let (Some(able), Some(requests)) = ((machine.able)(period), requests(given, period, &matter)) else {
            unknown += 1;
            continue;
        };
        if busy >= FULL {
            full += 1;
            continue;
        }
        let percent = 100.0 / (able * given.measured.width_s);
        let of_dial = |dial: &usize| {
            let work = |class: &usize| requests[*class] * given.influence.work_s(*dial, *class, machine.of);
            percent * matter.iter().map(work).sum::<f64>()
        };
        let row: Vec<f64> = acting.iter().map(of_dial).collect();
        let all =
            matter.iter().map(|class| requests[*class] * given.influence.all_work_s(*class, machine.of));
        // What no dial can change is as the file has it.
        let fixed = (percent * all.sum::<f64>() - row.iter().sum::<f64>()).max(0.0);
        y.push(100.0 * (machine.work)(busy / 100.0) - fixed);
        rows.push(row);
    }
    if rows.len() < ENOUGH * (acting.len() + 1) {
        let unknown = match unknown {
            0 => String::new(),
            _ => format!("; in {unknown} more the requests of a class or the instances are not known"),
        };
        return Err(format!("it is known in only {} periods that are fitted to{unknown}", rows.len()));
    }
    let mut notes = Vec::new();
    if full > 0 {
        notes.push(format!("{full} periods in which it was full say nothing and are left out"));
    }
    let asked = |at: usize| rows.iter().any(|row| row[at] > 0.0);
    let dials: Vec<Vec<usize>> = (0..acting.len()).filter(|at| asked(*at)).map(|at| vec![at]).collect();
    for dial in (0..acting.len()).filter(|at| !asked(*at)).map(|at| acting[at]) {
        notes.push(format!("no request asks for `{}`", given.dials[dial].input.path));
    }
    let (columns, found, background) = told_apart(Columns { dials, rows, y }, &mut notes)
        .ok_or("requests hardly come, or always in the same number")?;
    let paths = |dials: &Vec<usize>| -> Vec<String> {
        dials.iter().map(|at| given.dials[acting[*at]].input.path.clone()).collect()
    };
    for dials in columns.dials.iter().filter(|it| it.len() > 1) {
        let names: Vec<String> = paths(dials).iter().map(|it| format!("`{it}`")).collect();
        notes.push(format!(
            "{} cannot be told apart by it, because their requests come and go together: only their sum is known, and each keeps its \
             part of it",
            all_of(&names)
        ));
    }
    let t = student_t(found.freedom);
    let estimated = |at: usize| {
        let (value, off) = (found.coefficients[at], t * found.errors[at]);
        Estimated { value, low: (value - off).max(0.0), high: value + off }
    };
    let groups = columns.dials.iter().enumerate();
    Ok(Utilisation {
        of: of.clone(),
        groups: groups.map(|(at, dials)| Group { paths: paths(dials), factor: estimated(at) }).collect(),
        background: background.then(|| estimated(columns.dials.len())),
        periods: columns.y.len(),
        explained: found.explained,
        left: found.left,
        notes,
    })
}

/// Puts together what cannot be told apart, until the rest is known; says whether there is a background.
fn told_apart(mut columns: Columns, notes: &mut Vec<String>) -> Option<(Columns, Fitted, bool)> {
    let all: Vec<f64> = columns.rows.iter().map(|row| row.iter().sum()).collect();
    let mean = crate::interval::mean(&all);
    let spread = crate::interval::variance(&all).sqrt();
    let background = spread > STEADY * mean;
    if !background {
        notes.push(
            "requests come so evenly that what is always busy cannot be told from what they ask for".into(),
        );
    }
    loop {
        let rows = columns.grouped(background);
        let intercept = background.then_some(columns.dials.len());
        let found = fit(&rows, &columns.y);
        let vague = |at: usize| match &found {
            Some(found) => found.errors[at] > VAGUE * found.coefficients[at].max(1e-3),
            None => true,
        };
        let inflated = (0..columns.dials.len()).filter_map(|at| {
            let (times, partner) = inflation(&rows, at, intercept)?;
            (times > HOPELESS || times > INFLATED && vague(at)).then_some((times, at, partner))
        });
        match inflated.max_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((_, at, partner)) if partner < columns.dials.len() => columns.merge(at, partner),
            _ => return Some((columns, found?, background)),
        }
    }
}
