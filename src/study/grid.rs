//! Which runs a study has. In: a scenario file or a study file, axes, a seed and a number of runs. Out: a [`Study`]: every point with its
//! overrides, and an ordered list of runs.

use std::path::PathBuf;

use rayon::prelude::*;

use super::axis::Axis;
use super::check::{check, check_keys};
use super::error::StudyError;
use super::file::{Asked, with_file};
use super::head::{self, Head, address, choices};
use super::key::{Key, SOURCES};
use super::shard::Shard;
use crate::rng::seed_of_run;
use crate::scenario::runs::RUNS_MAX;
use crate::scenario::{self, Scenario, ScenarioError};

/// One scenario at many points, each under the same seeds.
#[derive(Clone, Debug)]
pub struct Study {
    /// The scenario file, as it was named.
    pub file: PathBuf,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What is varied; without an axis there is one point.
    pub axes: Vec<Axis>,
    /// Every point of the grid that is laid out; the last axis varies fastest.
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
    /// Its position in the grid.
    pub at: usize,
    /// Of each axis, the position of its value.
    pub choices: Vec<usize>,
    /// The key of its scenario, or why its values make none.
    pub key: Result<Key, String>,
}

impl Study {
    /// Lays a study out, with all of its points.
    ///
    /// # Errors
    /// The file cannot be read, an axis cannot be understood, or no point is a scenario.
    pub fn of(asked: Asked) -> Result<Study, StudyError> {
        Study::part(asked, Shard::WHOLE)
    }

    /// Lays out the points of which a shard has runs: those of others need not be read.
    ///
    /// # Errors
    /// As those of [`of`](Self::of).
    pub fn part(asked: Asked, shard: Shard) -> Result<Study, StudyError> {
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
        let load = |at: usize| scenario::load(&file, &of_point(&overrides, &axes, &choices(&axes, at)));
        let (origin, first) = first(head::count(&axes) as usize, &load)?;
        let seed = seed.unwrap_or(first.seed);
        let runs = runs.unwrap_or(first.runs).clamp(1, RUNS_MAX) as usize;
        let seeds: Vec<u64> = (0..runs).map(|run| seed_of_run(seed, run)).collect();
        let key = |at: usize| match load(at) {
            Ok(scenario) => Ok(Key::of_scenario(&scenario)),
            Err(error) => Err(first_line(&error)),
        };
        let mut mine: Vec<usize> =
            shard.of(head::count(&axes) as usize * runs).into_iter().map(|run| run / runs).collect();
        mine.dedup();
        let point = |at: usize| Point { at, choices: choices(&axes, at), key: key(at) };
        let points: Vec<Point> = mine.into_par_iter().map(point).collect();
        // What is known already is not read again.
        let known = |at: usize| points.binary_search_by_key(&at, |it| it.at).ok();
        let samples: Vec<Result<Key, String>> = head::samples(&axes, origin)
            .into_par_iter()
            .map(|at| known(at).map_or_else(|| key(at), |it| points[it].key.clone()))
            .collect();
        let id = address(&axes, &samples, &seeds);
        Ok(Study { file, overrides, axes, points, seeds, first: Box::new(first), id })
    }

    /// What identifies it: the same on every machine that is asked for the same, whichever part that lays out.
    pub fn id(&self) -> &Key {
        &self.id
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
        Head {
            simcap: SOURCES.into(),
            study: self.id.clone(),
            name: self.first.name.clone(),
            file: self.file.display().to_string(),
            overrides: self.overrides.clone(),
            axes: self.axes.clone(),
            seeds: self.seeds.clone(),
        }
    }

    /// How many runs it has, those among them that other shards make. In their order: all of the first point, then all of the next one.
    pub fn runs(&self) -> usize {
        head::count(&self.axes) as usize * self.seeds.len()
    }

    /// The point and the seed of a run, if the point is laid out.
    pub fn run(&self, at: usize) -> Option<(&Point, u64)> {
        let (point, seed) = (at / self.seeds.len(), at % self.seeds.len());
        Some((self.point(point)?, self.seeds[seed]))
    }

    /// The point at a position of the grid, if it is laid out.
    pub fn point(&self, at: usize) -> Option<&Point> {
        self.points.binary_search_by_key(&at, |it| it.at).ok().map(|it| &self.points[it])
    }
}

/// The first point that is a scenario, with its position.
fn first(
    points: usize,
    load: &(impl Fn(usize) -> Result<Scenario, ScenarioError> + Sync),
) -> Result<(usize, Scenario), StudyError> {
    let error = match load(0) {
        Ok(scenario) => return Ok((0, scenario)),
        Err(error) => error,
    };
    let found = (1..points).into_par_iter().find_map_first(|at| Some((at, load(at).ok()?)));
    found.ok_or_else(|| StudyError::NoPoint(Box::new(error)))
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
        assert_eq!(study.runs(), 48);
        assert_eq!(study.run(8), Some((&study.points[1], 5)));
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

    /// Each of seven machines lays out what it runs, and all of them know the study by one name.
    #[test]
    fn a_shard_lays_out_its_own_points() {
        let set = ["service.desk.servers=0..9", "service.desk.time=5ms,exponential 9ms"];
        let whole = study("", &set).unwrap();
        assert_eq!((whole.points.len(), whole.seeds.len(), whole.runs()), (20, 8, 160));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("shop.toml");
        std::fs::write(&file, SHOP).unwrap();
        let of = |index: usize, set: &[&str]| {
            let set = set.iter().map(|it| (*it).to_owned()).collect();
            let asked = Asked { file: file.clone(), set, runs: Some(1), ..Asked::default() };
            Study::part(asked, Shard { index, count: 7 }).unwrap()
        };
        let parts: Vec<Study> = (0..7).map(|index| of(index, &set)).collect();
        assert!(parts.iter().all(|it| it.id() == parts[0].id() && it.points.len() <= 3));
        assert_ne!(parts[0].id(), whole.id(), "other seeds");
        let mut all: Vec<Point> = parts.iter().flat_map(|it| it.points.clone()).collect();
        all.sort_by_key(|it| it.at);
        assert_eq!(all, whole.points);
        assert!(parts[1].run(1).is_some() && parts[1].run(2).is_none() && parts[1].point(0).is_none());
        // Another file under another value of a name alone is another study.
        std::fs::write(&file, SHOP.replace("servers = 2", "servers = 2, queue = 9")).unwrap();
        assert_ne!(of(3, &set).id(), parts[3].id());
    }

    #[test]
    fn values_that_make_no_scenario_are_told_and_the_others_run() {
        let study = study("", &["service.desk.servers=0..2"]).unwrap();
        let able: Vec<bool> = study.points.iter().map(|it| it.key.is_ok()).collect();
        assert_eq!(able, [false, true, true]);
        assert_eq!(study.points[0].key.as_ref().unwrap_err(), "0 is out of range");
        assert_eq!(study.first.services[0].servers, 1);
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
