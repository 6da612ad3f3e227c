//! Which runs a study has. In: a scenario file or a study file, axes, a seed and a number of runs. Out: a [`Study`]: every point with its
//! overrides, and an ordered list of runs.
//!
//! A study file says the same as the command line, so that it can be kept:
//!
//! ```toml
//! scenario = "shop.toml"
//! axes = ["fleet.was.min=4..14", "fleet.was.instance=c7g.large,c7g.xlarge"]
//! variants = ["today: fleet.was.max=20", "large: fleet.was.max=80"]
//! set = ["duration=1h"]
//! runs = 4
//! seed = 1
//! ```

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::axis::{Axis, VARIANT};
use super::error::StudyError;
use super::key::{Key, SOURCES};
use super::variant::Variant;
use crate::language::overrides::keys;
use crate::rng::seed_of_run;
use crate::scenario::runs::RUNS_MAX;
use crate::scenario::{self, Scenario, ScenarioError};

/// Most points of a study.
pub const MOST_POINTS: usize = 100_000;
/// The table of which a run knows nothing.
pub(super) const PLAN: &str = "plan";
/// Largest study file, in bytes.
const FILE_MAX: u64 = 4 << 20;

/// What is asked for: a file, and what the command line adds to it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A scenario, or a study file.
    pub file: PathBuf,
    /// Overrides and axes, as `--set` has them.
    pub set: Vec<String>,
    /// Whole variants of the file.
    pub variants: Vec<Variant>,
    /// The seed of the first run of each point, if it is not the scenario's.
    pub seed: Option<u64>,
    /// Runs of each point, if it is not the scenario's number.
    pub runs: Option<u32>,
}

/// One scenario at many points, each under the same seeds.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario file, as it was named.
    pub file: PathBuf,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What is varied; without an axis there is one point.
    pub axes: Vec<Axis>,
    /// Every point of the grid; the last axis varies fastest.
    pub points: Vec<Point>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
    /// The scenario of the first point that has one.
    pub first: Box<Scenario>,
    id: Key,
}

/// A point of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Of each axis, the position of its value.
    pub choices: Vec<usize>,
    /// The key of its scenario, or why its values make none.
    pub key: Result<Key, String>,
}

/// A study without its scenarios: all that is needed where its results are put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version and sources of the simcap that laid it out.
    pub simcap: String,
    /// What identifies the study.
    pub study: Key,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What is varied.
    pub axes: Vec<Axis>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
    /// Each point; the last axis varies fastest.
    pub points: Vec<HeadPoint>,
}

/// A point without its scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadPoint {
    /// Of each axis, the position of its value.
    pub choices: Vec<usize>,
    /// Why it makes no scenario, and has no runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Head {
    /// How many runs it has.
    pub fn runs(&self) -> usize {
        self.able().count() * self.seeds.len()
    }

    /// The positions of the points that have runs.
    pub fn able(&self) -> impl Iterator<Item = usize> {
        self.points.iter().enumerate().filter(|(_, it)| it.problem.is_none()).map(|(at, _)| at)
    }
}

/// A study file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    scenario: PathBuf,
    #[serde(default)]
    axes: Vec<String>,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    set: Vec<String>,
    runs: Option<u32>,
    seed: Option<u64>,
}

impl Study {
    /// Lays a study out.
    ///
    /// # Errors
    /// The file cannot be read, an axis cannot be understood, or no point is a scenario.
    pub fn of(asked: Asked) -> Result<Study, StudyError> {
        let Asked { file, set, variants, seed, runs } = with_file(asked)?;
        let (mut axes, mut overrides) = (Vec::new(), Vec::new());
        for text in &set {
            match Axis::parse(text)? {
                Some(axis) => axes.push(axis),
                None => overrides.push(text.clone()),
            }
        }
        axes.extend(Axis::of_variants(&variants));
        check(&axes)?;
        check_keys(&axes, &overrides)?;
        let choices = grid(&axes);
        let load = |choices: &Vec<usize>| scenario::load(&file, &of_point(&overrides, &axes, choices));
        let read = |choices: Vec<usize>| match load(&choices) {
            Ok(scenario) => Point { choices, key: Ok(Key::of_scenario(&scenario)) },
            Err(error) => Point { choices, key: Err(first_line(&error)) },
        };
        let points: Vec<Point> = choices.into_par_iter().map(read).collect();
        let known = points.iter().find(|it| it.key.is_ok()).unwrap_or(&points[0]);
        let first = Box::new(load(&known.choices).map_err(|error| StudyError::NoPoint(Box::new(error)))?);
        let seed = seed.unwrap_or(first.seed);
        let runs = runs.unwrap_or(first.runs).clamp(1, RUNS_MAX);
        let seeds = (0..runs as usize).map(|run| seed_of_run(seed, run)).collect();
        let id = Key::of(&[]);
        let mut study = Study { file, overrides, axes, points, seeds, first, id };
        study.id = study.address();
        Ok(study)
    }

    /// What identifies it: the same on every machine that is asked for the same.
    pub fn id(&self) -> &Key {
        &self.id
    }

    fn address(&self) -> Key {
        let labels = self.axes.iter().flat_map(|axis| {
            std::iter::once(axis.name.as_str()).chain(axis.choices.iter().map(|it| it.label.as_str()))
        });
        let points = self.points.iter().map(|it| match &it.key {
            Ok(key) => key.text(),
            Err(problem) => problem.as_str(),
        });
        let seeds: Vec<String> = self.seeds.iter().map(u64::to_string).collect();
        let parts = [SOURCES].into_iter().chain(labels).chain(points).chain(seeds.iter().map(String::as_str));
        Key::of(&parts.collect::<Vec<_>>())
    }

    /// The overrides of a point.
    pub fn overrides_of(&self, point: &Point) -> Vec<String> {
        of_point(&self.overrides, &self.axes, &point.choices)
    }

    /// The values of a point, one of each axis, for people.
    pub fn labels(&self, point: &Point) -> Vec<&str> {
        self.axes.iter().zip(&point.choices).map(|(axis, at)| axis.choices[*at].label.as_str()).collect()
    }

    /// The scenario of a point.
    ///
    /// # Errors
    /// Its values make none, or its files have changed since the study was laid out.
    pub fn scenario(&self, point: &Point) -> Result<Scenario, ScenarioError> {
        scenario::load(&self.file, &self.overrides_of(point))
    }

    /// What is to be known of it where its results are put together.
    pub fn head(&self) -> Head {
        let point = |it: &Point| HeadPoint { choices: it.choices.clone(), problem: it.key.clone().err() };
        Head {
            simcap: SOURCES.into(),
            study: self.id.clone(),
            name: self.first.name.clone(),
            file: self.file.display().to_string(),
            overrides: self.overrides.clone(),
            axes: self.axes.clone(),
            seeds: self.seeds.clone(),
            points: self.points.iter().map(point).collect(),
        }
    }

    /// Every run, in the order of the study: all of the first point, then all of the next one. Points that are no scenario have none.
    pub fn runs(&self) -> Vec<(usize, u64)> {
        let able = self.points.iter().enumerate().filter(|(_, point)| point.key.is_ok());
        able.flat_map(|(at, _)| self.seeds.iter().map(move |seed| (at, *seed))).collect()
    }
}

/// With what the file says, if it is a study file: the command line replaces it or adds to it.
fn with_file(asked: Asked) -> Result<Asked, StudyError> {
    let path = &asked.file;
    let Some(text) = study_text(path)? else { return Ok(asked) };
    let invalid = |message: String| StudyError::Invalid { path: path.clone(), message };
    let written: Written = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map_or(String::new(), |line| format!("line {line}: "));
        invalid(place + error.message())
    })?;
    if let Some(plain) = written.axes.iter().find(|text| matches!(Axis::parse(text), Ok(None))) {
        return Err(invalid(format!("the axis `{plain}` has one value; it belongs to `set`")));
    }
    if written.runs.is_some_and(|runs| !(1..=RUNS_MAX).contains(&runs)) {
        return Err(invalid(format!("`runs` lies between 1 and {RUNS_MAX}")));
    }
    let variants = written.variants.iter().map(|text| text.parse().map_err(invalid));
    let variants = variants.collect::<Result<Vec<Variant>, _>>()?;
    Ok(Asked {
        file: path.parent().unwrap_or(Path::new("")).join(&written.scenario),
        set: [written.set, written.axes, asked.set].concat(),
        variants: [variants, asked.variants].concat(),
        seed: asked.seed.or(written.seed),
        runs: asked.runs.or(written.runs),
    })
}

/// No key, and no key of a table, has values of two axes, or of an axis and of all points: one of them would not count. A plain
/// override after another one has the last word, as in a run.
fn check_keys(axes: &[Axis], all: &[String]) -> Result<(), StudyError> {
    let of_axes = axes.iter().enumerate().flat_map(|(axis, it)| {
        it.choices.iter().flat_map(move |choice| choice.overrides.iter().map(move |text| (axis, text)))
    });
    let mut known: Vec<(usize, &String, Vec<String>)> = Vec::new();
    for (axis, text) in of_axes {
        let Some(keys) = keys(text) else { continue };
        if let [key] = keys.as_slice()
            && ["seed", "runs"].contains(&key.as_str())
        {
            return Err(StudyError::Common { key: key.clone() });
        }
        // A run knows nothing of a plan, so all points would be the same.
        if keys.first().is_some_and(|it| it == PLAN) {
            return Err(StudyError::Common { key: keys.join(".") });
        }
        if known.iter().any(|(other, _, known)| *other == axis && *known == keys) {
            continue;
        }
        known.push((axis, text, keys));
    }
    let of_all = all.iter().filter_map(|text| Some((axes.len(), text, keys(text)?)));
    let of_all: Vec<_> = of_all.collect();
    let overlap = |one: &[String], other: &[String]| one.iter().zip(other).all(|(one, other)| one == other);
    for (at, (axis, one, keys)) in known.iter().enumerate() {
        // A variant has its values after those of all, as in a comparison: its name does not say that they are others.
        let of_all = if axes[*axis].name == VARIANT { &[][..] } else { &of_all };
        let others = known[..at].iter().chain(of_all);
        if let Some((_, other, _)) = others.into_iter().find(|it| it.0 != *axis && overlap(keys, &it.2)) {
            return Err(StudyError::Overlapping { one: (*one).clone(), other: (*other).clone() });
        }
    }
    Ok(())
}

/// The text of a study file; nothing if the file is something else, which the reader of scenarios will tell about.
fn study_text(path: &Path) -> Result<Option<String>, StudyError> {
    let unreadable = |source| StudyError::Unreadable { path: path.to_owned(), source };
    let metadata = path.metadata().map_err(unreadable)?;
    if !metadata.is_file() || metadata.len() > FILE_MAX {
        return Ok(None);
    }
    let Ok(text) = String::from_utf8(std::fs::read(path).map_err(unreadable)?) else { return Ok(None) };
    let is_study = toml::from_str::<toml::Table>(&text).is_ok_and(|it| it.contains_key("scenario"));
    Ok(is_study.then_some(text))
}

/// No key twice, and not too many points.
fn check(axes: &[Axis]) -> Result<(), StudyError> {
    for (at, axis) in axes.iter().enumerate() {
        let labels = axis.choices.iter().enumerate();
        let mut twice =
            labels.filter(|(at, it)| axis.choices[..*at].iter().any(|other| other.label == it.label));
        if let Some((_, choice)) = twice.next() {
            return Err(StudyError::Twice { name: choice.label.clone() });
        }
        if axes[..at].iter().any(|other| other.name == axis.name) {
            return Err(StudyError::Twice { name: axis.name.clone() });
        }
    }
    let points: u128 = axes.iter().map(|axis| axis.choices.len() as u128).product();
    if points > MOST_POINTS as u128 { Err(StudyError::TooMany { points }) } else { Ok(()) }
}

/// Every combination of positions; the last axis varies fastest.
fn grid(axes: &[Axis]) -> Vec<Vec<usize>> {
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        let longer =
            |point: Vec<usize>| (0..axis.choices.len()).map(move |at| [point.as_slice(), &[at]].concat());
        points.into_iter().flat_map(longer).collect()
    })
}

fn of_point(all: &[String], axes: &[Axis], choices: &[usize]) -> Vec<String> {
    let chosen = axes.iter().zip(choices).flat_map(|(axis, at)| axis.choices[*at].overrides.clone());
    all.iter().cloned().chain(chosen).collect()
}

/// What is wrong first, in a line.
pub(crate) fn first_line(error: &ScenarioError) -> String {
    match error {
        ScenarioError::Invalid(report) => {
            report.problems().first().map_or_else(|| error.to_string(), |it| it.message.clone())
        }
        ScenarioError::Unreadable { .. } => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = r#"
        duration = "1m"
        seed = 5
        traffic.all.rate = "20/s"
        request.r.steps = [{ service = "desk" }]
        service.desk = { servers = 2, time = "10ms" }
    "#;

    fn study(text: &str, set: &[&str]) -> Result<Study, StudyError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.toml");
        std::fs::write(&file, SHOP).unwrap();
        let of = folder.path().join("study.toml");
        std::fs::write(&of, text).unwrap();
        let set = set.iter().map(|it| (*it).to_owned()).collect();
        Study::of(Asked { file: if text.is_empty() { file } else { of }, set, ..Asked::default() })
    }

    #[test]
    fn every_combination_is_a_point() {
        let study =
            study("", &["service.desk.servers=1..3", "duration=10s", "service.desk.time=5ms,9ms"]).unwrap();
        let choices: Vec<&[usize]> = study.points.iter().map(|it| it.choices.as_slice()).collect();
        assert_eq!(choices, [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]);
        let last = study.overrides_of(&study.points[5]);
        assert_eq!(last, ["duration=10s", "service.desk.servers=3", "service.desk.time=9ms"]);
        assert_eq!((study.seeds.len(), study.seeds[0]), (8, 5));
        assert_eq!(study.runs().len(), 48);
        assert_eq!(study.runs()[8], (1, 5));
    }

    #[test]
    fn a_study_file_says_what_the_command_line_says() {
        let text = r#"
            scenario = "shop.toml"
            axes = ["service.desk.servers=1..3"]
            variants = ["slow: service.desk.time=9ms", "fast: service.desk.time=5ms, duration=30s"]
            set = ["duration=20s"]
            runs = 3
        "#;
        let of_file = study(text, &[]).unwrap();
        assert_eq!((of_file.points.len(), of_file.seeds.len()), (6, 3));
        assert_eq!(of_file.overrides_of(&of_file.points[1])[0], "duration=20s");
        let shorter = study(text, &["duration=5s"]).unwrap();
        assert_eq!(shorter.overrides, ["duration=20s", "duration=5s"], "the command line has the last word");
        for (wrong, why) in [
            ("scenario = \"shop.toml\"\naxis = []", "line 2"),
            ("scenario = \"shop.toml\"\naxes = [\"a=4\"]", "has one value"),
            ("scenario = \"shop.toml\"\nvariants = [\"large\"]", "no PATH=VALUE"),
        ] {
            let error = study(wrong, &[]).unwrap_err();
            assert!(error.to_string().contains(why) && error.hint().is_some(), "{error}");
        }
    }

    #[test]
    fn the_same_study_has_the_same_name_everywhere() {
        let id = |set: &[&str]| study("", set).unwrap().id().clone();
        assert_eq!(id(&["service.desk.servers=1..3"]), id(&["service.desk.servers=1,2,3"]));
        assert_ne!(id(&["service.desk.servers=1..3"]), id(&["service.desk.servers=1..4"]));
        assert_ne!(id(&["service.desk.servers=1..3"]), id(&["service.desk.servers=1..3", "duration=59s"]));
    }

    #[test]
    fn values_that_make_no_scenario_are_told_and_the_others_run() {
        let study = study("", &["service.desk.servers=0..2"]).unwrap();
        let able: Vec<bool> = study.points.iter().map(|it| it.key.is_ok()).collect();
        assert_eq!(able, [false, true, true]);
        assert_eq!(study.points[0].key.as_ref().unwrap_err(), "0 is out of range");
        assert_eq!(study.runs()[0].0, 1);
    }

    #[test]
    fn what_is_no_study_says_why() {
        let wrong = |set: &[&str]| study("", set).unwrap_err().to_string();
        assert!(wrong(&["service.desk.servers=1,2", "service.desk.servers=3,4"]).contains("varied twice"));
        let desk = "service.desk.servers";
        for (one, other) in [
            ("service.desk.servers=1,2", "service.\"desk\".servers=3,4"),
            ("service.desk.servers=1,2", "service.desk={servers=5,time=\"9ms\"}, {servers=6,time=\"9ms\"}"),
            ("service.desk.servers=1..3", "service.desk.servers=9"),
        ] {
            assert!(wrong(&[one, other]).contains("are of the same key"), "{one} {other}");
        }
        assert!(study("", &["service.desk.servers=1..3", "service.desk.time=9ms"]).is_ok(), "{desk}");
        assert!(wrong(&["seed=1..3"]).contains("the same for all points"));
        assert!(wrong(&["plan.headroom=1,2"]).contains("`plan.headroom` is the same for all points"));
        assert!(wrong(&["a=1..1000", "b=1..1000"]).contains("1000000 points are too many"));
        assert!(matches!(study("", &["service.desk.server=1,2"]), Err(StudyError::NoPoint(_))));
    }
}
