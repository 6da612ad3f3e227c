//! The whole validation. In: which families or cases, and the depth. Out: a [`Report`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;
use serde::Serialize;

use super::case::{Case, Expected, Family, Trust, families};
use super::metric::{Metric, Reading, Run, activities, read_all};
use super::statistics::{Estimate, RARE, holm};
use super::trace;
use crate::guard::Guard;
use crate::model;
use crate::outcome::runs::Runs;
use crate::scenario::{self, Scenario, ScenarioError};

/// How many times longer a full comparison is than a quick one: in simulated time, or in seeds where time does not
/// help.
const FULL: u32 = 10;

/// How thorough it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// One or two minutes.
    Quick,
    /// Ten times that, for intervals a third as wide.
    Full,
}

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "why")]
pub enum Verdict {
    /// The difference can be chance.
    Holds,
    /// The difference is too large for chance.
    Misses,
    /// The difference is too large, for a known reason.
    MissesAsKnown(String),
    /// Too few events to judge.
    TooRare,
    /// Shown beside a measurement, without a verdict.
    Shown,
}

/// One expected number and what the model gave.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What is compared.
    pub metric: String,
    /// The origin of the answer.
    pub trust: Trust,
    /// The answer.
    pub expected: f64,
    /// Standard error of a simulated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_error: Option<f64>,
    /// Smallest and largest repetition of a measured answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_range: Option<(f64, f64)>,
    /// Mean over the seeds.
    pub simulated: f64,
    /// Half the width of its 95 % interval, including the error of the answer.
    pub half_width: f64,
    /// Probability of such a difference if the model is true.
    pub p_value: f64,
    /// The verdict.
    pub verdict: Verdict,
}

/// A case and its comparisons.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    /// Name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Number of runs.
    pub seeds: u64,
    /// One for each metric.
    pub comparisons: Vec<Comparison>,
}

/// A family and its cases.
#[derive(Clone, Debug, Serialize)]
pub struct FamilyReport {
    /// Short name.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Where its answers come from.
    pub origin: String,
    /// Other notes for the reader.
    pub notes: String,
    /// The cases.
    pub cases: Vec<CaseReport>,
}

/// All that was compared.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The depth.
    pub depth: Depth,
    /// The families.
    pub families: Vec<FamilyReport>,
    /// What is missing if the validation was interrupted: then only cases with all runs complete are included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
}

/// Why a report has fewer cases than asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Partial {
    /// The reason, in words.
    pub reason: String,
    /// Cases that were judged.
    pub cases: usize,
    /// Cases that were asked for.
    pub cases_planned: usize,
}

impl Comparison {
    /// Whether the 95 % interval holds the answer; `None` if there is no verdict or no randomness.
    pub fn inside(&self) -> Option<bool> {
        let judged =
            self.trust != Trust::Measured && self.verdict != Verdict::TooRare && self.half_width > 0.0;
        judged.then_some(self.p_value >= 0.05)
    }

    /// Difference from the answer over the answer.
    pub fn relative(&self) -> f64 {
        (self.simulated - self.expected) / self.expected.abs().max(f64::MIN_POSITIVE)
    }

    /// Half the range of a measurement's repetitions over their mean.
    pub fn spread(&self) -> f64 {
        let (min, max) = self.expected_range.unwrap_or_default();
        if max == min { 0.0 } else { (max - min) / (max + min).abs() }
    }

    /// Whether it is a miss, known or not.
    pub fn misses(&self) -> bool {
        matches!(self.verdict, Verdict::Misses | Verdict::MissesAsKnown(_))
    }
}

impl Report {
    /// Every comparison with its case.
    pub fn comparisons(&self) -> impl Iterator<Item = (&CaseReport, &Comparison)> {
        let cases = self.families.iter().flat_map(|family| &family.cases);
        cases.flat_map(|case| case.comparisons.iter().map(move |comparison| (case, comparison)))
    }

    /// Whether there are no misses except known ones.
    pub fn passed(&self) -> bool {
        self.comparisons().all(|(_, comparison)| comparison.verdict != Verdict::Misses)
    }
}

/// One run to make.
struct Task {
    case: usize,
    seed: u64,
}

/// One case in progress.
struct Work<'a> {
    family: &'a Family,
    case: &'a Case,
    scenario: Scenario,
    seeds: u64,
}

/// Compares the families and cases that `chosen` holds, in parallel on all cores; `done` is called for every run. If
/// `guard` interrupts it, the report has the complete cases.
///
/// # Errors
/// A case of the suite is no valid scenario, or asks for a metric that its run does not have.
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub fn run(
    chosen: &(dyn Fn(&Family, &Case) -> bool + Sync),
    depth: Depth,
    guard: &Guard,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, String> {
    run_of(families(), chosen, depth, guard, done)
}

fn run_of(
    families: &[Family],
    chosen: &(dyn Fn(&Family, &Case) -> bool + Sync),
    depth: Depth,
    guard: &Guard,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, String> {
    let pairs = families.iter().flat_map(|family| family.cases.iter().map(move |case| (family, case)));
    let folder = tempfile::tempdir().map_err(|error| format!("no folder for traces: {error}"))?;
    let mut work: Vec<Work> = pairs
        .filter(|(family, case)| chosen(family, case))
        .map(|(family, case)| prepare(family, case, depth, folder.path()))
        .collect::<Result<_, _>>()?;
    let tasks: Vec<Task> = work
        .iter()
        .enumerate()
        .flat_map(|(case, work)| (1..=work.seeds).map(move |seed| Task { case, seed }))
        .collect();
    let total = tasks.len();
    let readings: Vec<Option<BTreeMap<String, Reading>>> = tasks
        .par_iter()
        .with_max_len(1)
        .map(|task| {
            let readings = one(&work[task.case], task.seed, guard);
            done(1, total);
            readings
        })
        .collect::<Result<_, _>>()?;

    let planned = work.len();
    let mut comparisons: Vec<Vec<Comparison>> = Vec::new();
    let mut readings = readings.into_iter();
    work.retain(|work| {
        let runs: Vec<_> = readings.by_ref().take(work.seeds as usize).collect();
        let complete: Option<Vec<_>> = runs.into_iter().collect();
        comparisons.extend(complete.as_deref().map(|runs| work.compare(runs)));
        complete.is_some()
    });
    judge(&work, &mut comparisons);
    let partial = guard.reason().filter(|_| work.len() < planned);
    let partial = partial.map(|reason| Partial {
        reason: reason.to_string(),
        cases: work.len(),
        cases_planned: planned,
    });
    Ok(report(depth, &work, comparisons, partial))
}

/// Writes a case as a scenario file, with the traces that it replays, into a folder.
///
/// # Errors
/// The folder cannot be written.
pub fn export(family: &Family, case: &Case, folder: &Path) -> io::Result<PathBuf> {
    let text = case.scenario(family, 1);
    fs::create_dir_all(folder)?;
    trace::write_named(&text, folder)?;
    let path = folder.join(format!("{}.toml", case.id));
    fs::write(&path, text)?;
    Ok(path)
}

fn prepare<'a>(family: &'a Family, case: &'a Case, depth: Depth, folder: &Path) -> Result<Work<'a>, String> {
    let seeds = case.seeds.unwrap_or(family.seeds);
    let (longer, seeds) = match (depth, family.stationary) {
        (Depth::Full, true) => (FULL, seeds),
        (Depth::Full, false) if seeds > 1 => (1, seeds * u64::from(FULL)),
        _ => (1, seeds),
    };
    let text = case.scenario(family, longer);
    trace::write_named(&text, folder).map_err(|error| format!("{}: {error}", case.id))?;
    match scenario::parse(&format!("{}.toml", case.id), text.as_bytes(), folder, &[]) {
        Ok(scenario) => Ok(Work { family, case, scenario, seeds }),
        Err(ScenarioError::Invalid(problems)) => Err(format!("{}:\n{}", case.id, problems.render(false))),
        Err(error) => Err(format!("{}: {error}", case.id)),
    }
}

/// The metrics of one run of a case; `None` if interrupted.
fn one(work: &Work, seed: u64, guard: &Guard) -> Result<Option<BTreeMap<String, Reading>>, String> {
    if guard.stops() {
        return Ok(None);
    }
    let seed = first_seed(&work.case.id) + seed;
    let (measured, cut) = model::run_while(&work.scenario, seed, &mut |_| guard.flow());
    if cut.is_some() {
        return Ok(None);
    }
    let mut runs = Runs::new(&work.scenario, &[]);
    runs.add(seed, measured);
    let outcome = runs.outcome();
    let names = work.case.expect.iter().filter(|(_, answer)| !matches!(answer, Expected::Activities(_)));
    let run = Run { scenario: &work.scenario, outcome: &outcome };
    let mut readings =
        read_all(names.map(|(name, _)| name), &run).map_err(|why| format!("{}: {why}", work.case.id))?;
    for (name, answer) in &work.case.expect {
        if let Expected::Activities(expected) = answer {
            let done = outcome.scaling.iter().map(|activity| (activity.at_s, activity.from, activity.to));
            let equal = done.eq(expected.iter().copied());
            readings.insert(name.clone(), Reading { value: f64::from(u8::from(equal)), trials: None });
        }
    }
    Ok(Some(readings))
}

/// Each case has its own seeds, so that chance in one is independent of the others (FNV-1a of the name).
fn first_seed(id: &str) -> u64 {
    let hash =
        id.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u64::from(hash) << 16
}

impl Work<'_> {
    fn compare(&self, runs: &[BTreeMap<String, Reading>]) -> Vec<Comparison> {
        let seconds = (self.scenario.duration - self.scenario.warmup).as_secs_f64();
        let mut answers: Vec<_> = self.case.expect.iter().collect();
        answers.sort_by(|(one, _), (two, _)| Metric::new(one).order(&Metric::new(two)));
        answers.into_iter().map(|(name, answer)| compare(name, answer, runs, seconds)).collect()
    }
}

fn compare(name: &str, answer: &Expected, runs: &[BTreeMap<String, Reading>], seconds: f64) -> Comparison {
    let values: Vec<f64> = runs.iter().map(|readings| readings[name].value).collect();
    let estimate = Estimate::of(&values);
    let (expected, error, range) = match answer {
        Expected::Exact(value) => (*value, None, None),
        Expected::Simulated([value, error]) => (*value, Some(*error), None),
        Expected::Measured { value, min, max } => (*value, None, Some((*min, *max))),
        Expected::Activities(_) => (1.0, None, None),
    };
    let metric = match answer {
        Expected::Activities(list) => format!("{name}: {}", activities(list.iter().copied())),
        _ => name.into(),
    };
    let trials: Option<u64> = runs.iter().map(|readings| readings[name].trials).sum();
    let rare = trials.is_some_and(|trials| {
        let events = expected * trials as f64;
        expected > 0.0 && events.min(trials as f64 - events) < RARE
    });
    let verdict = match (answer.trust(), rare) {
        (Trust::Measured, _) => Verdict::Shown,
        (_, true) => Verdict::TooRare,
        (_, false) => Verdict::Holds, // until it is judged with all the others
    };
    let error_or_none = error.unwrap_or(0.0);
    Comparison {
        metric,
        trust: answer.trust(),
        expected,
        expected_error: error,
        expected_range: range,
        simulated: estimate.mean,
        half_width: estimate.half_width(error_or_none),
        p_value: estimate.p_value(expected, error_or_none, Metric::new(name).grain(expected, seconds)),
        verdict,
    }
}

/// Applies Holm's rule to everything that is judged.
fn judge(work: &[Work], comparisons: &mut [Vec<Comparison>]) {
    let mut judged: Vec<(&Case, &mut Comparison)> = work
        .iter()
        .zip(comparisons)
        .flat_map(|(work, comparisons)| comparisons.iter_mut().map(|comparison| (work.case, comparison)))
        .filter(|(_, comparison)| comparison.verdict == Verdict::Holds)
        .collect();
    let p_values: Vec<f64> = judged.iter().map(|(_, comparison)| comparison.p_value).collect();
    for ((case, comparison), missed) in judged.iter_mut().zip(holm(&p_values)) {
        if missed {
            comparison.verdict = match case.known.get(&comparison.metric) {
                Some(why) => Verdict::MissesAsKnown(why.clone()),
                None => Verdict::Misses,
            };
        }
    }
}

fn report(
    depth: Depth,
    work: &[Work],
    comparisons: Vec<Vec<Comparison>>,
    partial: Option<Partial>,
) -> Report {
    let mut families: Vec<FamilyReport> = Vec::new();
    for (work, comparisons) in work.iter().zip(comparisons) {
        if families.last().is_none_or(|family| family.id != work.family.id) {
            let Family { id, title, origin, notes, .. } = work.family;
            families.push(FamilyReport {
                id: (*id).into(),
                title: title.clone(),
                origin: origin.clone(),
                notes: notes.clone(),
                cases: Vec::new(),
            });
        }
        let Case { id, name, .. } = work.case;
        let case = CaseReport { id: id.clone(), name: name.clone(), seeds: work.seeds, comparisons };
        families.last_mut().expect("one was pushed").cases.push(case);
    }
    Report { depth, families, partial }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// M/M/1 at 80 %, with a mean sojourn time of 250 ms, and the other verdicts.
    fn verdicts(expect: &str) -> Vec<Comparison> {
        let text = format!(
            "title = \"\"\norigin = \"\"\nseeds = 10\ntemplate = \"\"\"\nduration = \"2000s\"\nwarmup = \"50s\"\n\
             traffic.callers.rate = \"{{rate}}/s\"\nrequest.call.steps = [{{ service = \"desk\" }}]\n\
             service.desk = {{ servers = 1, time = \"exponential 50ms\" }}\n\"\"\"\n\
             [[case]]\nid = \"T.1\"\nname = \"\"\nwith = {{ rate = 16 }}\n{expect}\n"
        );
        let family: Family = toml::from_str(&text).unwrap();
        let report =
            run_of(&[family], &|_, _| true, Depth::Quick, &Guard::new(None, None), &|_, _| {}).unwrap();
        report.families.into_iter().next().unwrap().cases.into_iter().next().unwrap().comparisons
    }

    #[test]
    fn a_true_answer_holds_and_one_that_is_a_third_off_misses() {
        let found = verdicts(
            "expect = { sojourn_mean = 0.25, wait_mean = [0.27, 0.001], p_wait = 0.8, p_blocked = 1e-9 }",
        );
        let verdict =
            |metric: &str| found.iter().find(|found| found.metric == metric).unwrap().verdict.clone();
        assert_eq!(verdict("sojourn_mean"), Verdict::Holds);
        assert_eq!(verdict("wait_mean"), Verdict::Misses);
        assert_eq!(verdict("p_wait"), Verdict::Holds);
        assert_eq!(verdict("p_blocked"), Verdict::TooRare);
    }

    #[test]
    fn a_miss_that_is_understood_is_told_as_such_and_a_measurement_is_not_judged() {
        let found = verdicts(
            "expect = { wait_mean = 0.3, utilisation = { value = 0.5, min = 0.4, max = 0.6 } }\n\
             known = { wait_mean = \"on purpose\" }",
        );
        assert_eq!(found[1].verdict, Verdict::MissesAsKnown("on purpose".into()));
        assert_eq!((found[0].verdict.clone(), found[0].inside()), (Verdict::Shown, None));
        assert!(found[0].relative() > 0.5 && (found[0].spread() - 0.2).abs() < 1e-12);
    }

    /// The first case, of ten short runs, is over before the signal; the second is not.
    #[test]
    fn what_is_ended_is_judged_by_its_complete_cases() {
        let text = "title = \"\"\norigin = \"\"\ntemplate = \"\"\"\nduration = \"{long}\"\n\
             traffic.callers.rate = \"2000/s\"\nrequest.call.steps = [{ delay = \"1ms\" }]\n\"\"\"\n\
             [[case]]\nid = \"T.1\"\nname = \"\"\nseeds = 3\nwith = { long = \"10s\" }\nexpect = { sojourn_mean = 0.001 }\n\
             [[case]]\nid = \"T.2\"\nname = \"\"\nseeds = 2\nwith = { long = \"365d\" }\nexpect = { sojourn_mean = 0.002 }\n";
        let family: Family = toml::from_str(text).unwrap();
        let guard = Guard::new(None, None);
        let runs = AtomicUsize::new(0);
        let done = |count: usize, _: usize| {
            if runs.fetch_add(count, Ordering::Relaxed) + count == 3 {
                guard.signal().store(15, Ordering::Relaxed);
            }
        };
        // On one thread the runs come in the order of the cases.
        let threads = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let report =
            threads.install(|| run_of(&[family], &|_, _| true, Depth::Quick, &guard, &done)).unwrap();
        let cases: Vec<&str> = report.families[0].cases.iter().map(|case| &*case.id).collect();
        assert_eq!(cases, ["T.1"]);
        assert_eq!(report.families[0].cases[0].comparisons[0].verdict, Verdict::Holds);
        let partial = report.partial.unwrap();
        assert_eq!((partial.cases, partial.cases_planned), (1, 2));
        assert!(partial.reason.contains("SIGTERM"));
    }

    #[test]
    fn cases_have_names_of_their_own() {
        let mut ids: Vec<&str> =
            families().iter().flat_map(|family| &family.cases).map(|case| &*case.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert!(count > 250 && ids.len() == count);
    }
}
