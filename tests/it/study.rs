//! A scenario at many points: what is kept of runs says what an outcome says; whatever ends a sweep, and however it is shared out, its
//! bytes are the same.

mod ended;
mod refused;
mod shared;
mod simulated;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use simcap::ensemble::Ensemble;
use simcap::outcome::digest::{Digest, Together, digest};
use simcap::outcome::estimate::Quantity;
use simcap::outcome::{Outcome, Verdict};
use simcap::rng::seed_of_run;
use simcap::scenario::Scenario;
use tempfile::TempDir;

use crate::determinism::short_forms;

/// A shop with one tier; what it takes to meet the objective depends on both axes of its grid.
const SHOP: &str = r#"
duration = "2m"
traffic.all = { rate = "90/s", requests = { home = 3, order = 1 } }
request.home.steps = [{ service = "desk" }]
request.order.steps = [{ service = "desk" }, { delay = "exponential 20ms" }]
service.desk = { servers = 3, time = "exponential 30ms", queue = 50 }
[objectives]
latency = "p99 < 250ms"
errors = "< 0.1%"
"#;

/// A folder with the shop.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("shop.toml"), SHOP).unwrap();
        Place { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn simcap(&self) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("simcap"));
        command.current_dir(self.dir.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    /// Sweeps the shop over its grid, with further arguments.
    fn sweep(&self, args: &[&str]) -> Output {
        self.simcap().args(GRID).args(args).output().unwrap()
    }
}

const GRID: [&str; 8] = [
    "sweep",
    "shop.toml",
    "--set",
    "service.desk.servers=2..5",
    "--set",
    "service.desk.time=exponential 20ms,exponential 30ms",
    "--runs",
    "3",
];

/// What a sweep has written, without what is kept of runs, and without files that have no name yet, which are all that a process that is
/// killed leaves half done.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let has_name = |path: &PathBuf| path.extension().is_none_or(|it| it != "partial");
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.is_file() && !is_shard(path)).filter(has_name).collect();
    files.sort();
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), bytes)
    };
    files.into_iter().map(read).collect()
}

fn is_shard(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(".json.gz"))
}

fn text(bytes: &[u8]) -> String {
    anstream::adapter::strip_str(std::str::from_utf8(bytes).unwrap()).to_string()
}

fn digests(scenario: &Scenario, runs: usize) -> Vec<Digest> {
    let seeds = (0..runs).map(|run| seed_of_run(1, run));
    let kept = seeds.map(|seed| digest(scenario, seed, &mut |_| ControlFlow::Continue(())).unwrap());
    // Through a file and back.
    serde_json::from_str(&serde_json::to_string(&kept.collect::<Vec<_>>()).unwrap()).unwrap()
}

fn outcome(scenario: &Scenario, runs: usize) -> Outcome {
    let mut ensemble = Ensemble::new(scenario, 1, None, &[], &|_| {}).unwrap();
    ensemble.extend_to(runs);
    ensemble.outcome()
}

/// Every scenario there is: each figure and each verdict of a run, to the last bit.
#[test]
fn what_is_kept_of_a_run_says_what_its_outcome_says() {
    let mut judged = 0;
    for (file, scenario) in short_forms() {
        let (outcome, together) = (outcome(&scenario, 1), Together::of(&digests(&scenario, 1)).unwrap());
        assert_eq!(together.figures.len(), outcome.estimates.len(), "{file}");
        for (ours, theirs) in together.figures.iter().zip(&outcome.estimates) {
            assert_eq!((&ours.name, ours.value), (&theirs.name, theirs.value), "{file}");
            assert_eq!((&ours.of, ours.interval), (&theirs.of, theirs.interval), "{file}");
        }
        for (ours, theirs) in together.objectives.iter().zip(&outcome.objectives) {
            assert_eq!(*ours, Verdict { cause: None, ..theirs.clone() }, "{file}");
            judged += 1;
        }
        let full = outcome.headroom.iter().filter(|it| it.saturated).map(|it| it.resource.clone());
        assert_eq!(together.full, full.collect::<Vec<_>>(), "{file}");
    }
    assert!(judged > 100, "{judged}");
}

/// Of several runs, what can be added up is added up: latencies, counts, and the ages that objectives bound. Only shares of resources
/// are means of the runs'.
#[test]
fn what_is_kept_of_several_runs_says_what_their_outcome_says() {
    let wanted =
        ["orders-fifo", "leaderboard", "flash-sale", "fan-out", "reference/three-tier", "serverless"];
    let is_wanted = |file: &str| wanted.iter().any(|name| file == format!("scenarios/{name}.toml"));
    let (mut judged, mut ages) = (0, 0);
    for (file, scenario) in short_forms().into_iter().filter(|(file, _)| is_wanted(file)) {
        let (outcome, together) = (outcome(&scenario, 3), Together::of(&digests(&scenario, 3)).unwrap());
        for (ours, theirs) in together.objectives.iter().zip(&outcome.objectives) {
            assert_eq!(
                (ours.standing, ours.met, &ours.by_runs),
                (theirs.standing, theirs.met, &theirs.by_runs)
            );
            let of = &theirs.bound.as_ref().unwrap().of;
            let is_share = matches!(of, Quantity::Figure(figure) if figure.quantile().is_none());
            // Rows of all runs together are only in an outcome.
            let is_row = matches!(of, Quantity::Worst { .. } | Quantity::Headroom(_));
            if !is_share && !is_row {
                assert_eq!(ours.observed, theirs.observed, "{file}: {}", theirs.objective);
                judged += 1;
                ages += usize::from(matches!(of, Quantity::Figure(_)));
            }
        }
    }
    assert!(judged > 8 && ages > 0, "{judged} {ages}");
}

/// The page and the table of a grid, by hand: two servers are too few for 30 ms, and 90 requests a second need 1.8 of 20 ms.
#[test]
fn a_sweep_names_the_cheapest_point_that_meets_everything() {
    let place = Place::new();
    let output = place.sweep(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    insta::assert_snapshot!(page);
    let folder = place.path("out/shop/sweep");
    let swept: simcap::study::Swept =
        serde_json::from_slice(&fs::read(folder.join("sweep.json")).unwrap()).unwrap();
    assert_eq!((swept.points.len(), swept.seeds.len()), (8, 3));
    // Erlang's loss is no matter: with 2 servers of 30 ms, 90/s bring 2.7 erlangs, and about a quarter is turned away.
    let errors = |at: usize| swept.points[at].figure("errors").unwrap().value;
    assert!((errors(1) - (1.0 - 2.0 / 2.7)).abs() < 0.02, "{}", errors(1));
    let table = fs::read_to_string(folder.join("sweep.csv")).unwrap();
    let mut rows = table.lines();
    assert!(
        rows.next().unwrap().starts_with(
            "service.desk.servers,service.desk.time,met,missed,cannot_tell,full,unpriced,problem,"
        )
    );
    assert_eq!(rows.count(), 8);
    // The same again is found and not simulated.
    let again = text(&place.sweep(&[]).stdout);
    assert!(again.contains("24 of 24 runs were kept from before."), "{again}");
    // A larger grid repeats nothing of the smaller one.
    let larger =
        place.simcap().args(&GRID[..3]).arg("service.desk.servers=2..6").args(&GRID[4..]).output().unwrap();
    assert!(
        text(&larger.stdout).contains("24 of 30 runs were kept from before."),
        "{}",
        text(&larger.stdout)
    );
}

#[test]
fn the_results_of_another_file_are_not_replaced() {
    let place = Place::new();
    fs::create_dir(place.path("other")).unwrap();
    fs::copy(place.path("shop.toml"), place.path("other/shop.toml")).unwrap();
    let sweep =
        |file: &str| place.simcap().args(["sweep", file, "--runs", "1", "--no-progress"]).output().unwrap();
    assert_eq!(sweep("shop.toml").status.code(), Some(99));
    assert_eq!(sweep("./shop.toml").status.code(), Some(99), "the same file");
    let before = written(&place.path("out/shop/sweep"));
    let output = sweep("other/shop.toml");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("has the results of ./shop.toml"), "{}", text(&output.stderr));
    assert_eq!(written(&place.path("out/shop/sweep")), before);
}

#[test]
fn where_no_point_meets_everything_the_exit_code_says_so() {
    let place = Place::new();
    let args = ["sweep", "shop.toml", "--set", "service.desk.servers=0..2", "--runs", "1", "--no-progress"];
    let output = place.simcap().args(args).output().unwrap();
    let page = text(&output.stdout);
    assert_eq!(output.status.code(), Some(99), "{page}");
    assert!(page.contains("No point meets every objective."), "{page}");
    assert!(page.contains("not possible: 0 is out of range"), "{page}");
}

#[test]
fn what_is_no_sweep_says_what_to_write() {
    let place = Place::new();
    for (args, code, why) in [
        (&["--set", "service.desk.servers=9..4"][..], 2, "a range goes upwards"),
        (&["--set", "service.desk.server=4..9"], 2, "did you mean `servers`?"),
        (
            &["--set", "service.desk.servers=1..999", "--set", "traffic.all.rate=1/s..999/s by 1/s"],
            2,
            "too many",
        ),
        (
            &["--set", "service.desk.servers=1..3", "--set", "service.desk.servers=9"],
            2,
            "are of the same key",
        ),
        (&["--set", "seed=1..3"], 2, "every point has the same seeds"),
        (&["--set", "service.desk.servers=1..3,5"], 2, "a range stands alone"),
        (&["--show", "p98.5 of nothing"], 2, "no figure is called"),
        (&["--show", "eror"], 2, "did you mean `errors`?"),
        (&["--shard", "8/8"], 2, "the last of 8 is 7"),
        (&["--shard", "auto/8"], 2, "none of AWS_BATCH_JOB_ARRAY_INDEX"),
    ] {
        let mut command = place.simcap();
        command.args(["sweep", "shop.toml"]).args(args);
        for name in ["AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(why), "{args:?}: {said}");
    }
}
