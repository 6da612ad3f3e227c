//! Instance refresh, as a time line by hand.

use simcap::outcome::Outcome;

use crate::kind::{activities, hundred_a_second, incidents};
use crate::run::run;

/// Ten instances with nearly nothing to do. EC2 runs an instance 20 s after its launch, and it counts 30 s later: replacing one,
/// or several at once, takes 50 s.
fn refreshed(refresh: &str, fleet: &str) -> Outcome {
    let fleet = format!(
        "instances = 10\nwarmup = \"30s\"\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", \
         application = \"0s\" }}\nrefresh = [{{ at = \"100s\"{refresh} }}]\n{fleet}"
    );
    run(&hundred_a_second("\"1/h\"", 900, &fleet), 1)
}

const BEGINS: &str = "an instance refresh begins";
const DONE: &str = "the instance refresh has replaced every instance";

/// (decided, done) of each activity that replaces one of ten.
fn spans(run: &Outcome) -> Vec<(f64, f64)> {
    let all = activities(run);
    assert!(all.iter().all(|it| (it.2, it.3) == (10, 10)), "the desired capacity stays");
    all.into_iter().map(|(at, done, ..)| (at, done.unwrap())).collect()
}

/// With AWS's 90 % and 100 % one of ten ends, another comes in its place and warms up, and so on.
#[test]
fn one_of_ten_is_replaced_at_a_time() {
    let run = refreshed("", "");
    let expected: Vec<(f64, f64)> =
        (0..10).map(|it| (100.0 + 50.0 * f64::from(it), 120.0 + 50.0 * f64::from(it))).collect();
    assert_eq!(spans(&run), expected);
    assert_eq!(incidents(&run), [(100.0, BEGINS), (600.0, DONE)]);
    assert_eq!(run.scaling[0].cause, "an instance refresh replaces an instance");
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.instance_seconds), (10.0, 10.0, 9_000.0));
}

/// With half of them five end at once; with 100 % still one at a time, and no more.
#[test]
fn the_least_that_stays_decides_how_many_end_at_once() {
    let half = refreshed(", min_healthy = \"50%\"", "");
    assert_eq!(spans(&half), [[(100.0, 120.0); 5], [(150.0, 170.0); 5]].concat());
    assert_eq!(incidents(&half).last(), Some(&(200.0, DONE)));
    let all = refreshed(", min_healthy = \"100%\", warmup = \"10s\"", "");
    assert_eq!(spans(&all)[..3], [(100.0, 120.0), (130.0, 150.0), (160.0, 180.0)]);
    let none = refreshed(", min_healthy = \"0%\"", "");
    assert_eq!(spans(&none), [(100.0, 120.0); 10]);
}

/// With 120 % two come first, and two old ones end when those are warm: ten serve at every time, and five rounds take 50 s each.
#[test]
fn above_all_of_them_new_ones_come_first() {
    let run = refreshed(", min_healthy = \"100%\", max_healthy = \"120%\"", "");
    let expected: Vec<(f64, f64)> =
        (0..10).map(|it| 50.0 * f64::from(it / 2)).map(|at| (100.0 + at, 150.0 + at)).collect();
    assert_eq!(spans(&run), expected);
    assert_eq!(incidents(&run), [(100.0, BEGINS), (350.0, DONE)]);
    let fleet = &run.timeline.kinds.fleets[0];
    assert!(
        fleet.in_service.iter().zip(&fleet.warming).all(|(warm, warming)| warm + warming >= 10.0),
        "{fleet:?}"
    );
    // Two that drain at the instant at which the next two are launched do not count.
    assert_eq!(run.kinds.fleets[0].peak_instances, 12);
    assert_eq!(run.kinds.fleets[0].instance_seconds, 9_000.0 + 10.0 * 50.0);
}

/// Suspended from 200 s to 300 s: the third one begins then. A second refresh does not begin beside the first.
#[test]
fn a_refresh_waits_while_it_is_suspended_and_there_is_one_at_a_time() {
    let suspended =
        refreshed("", "suspend = [{ at = \"200s\", until = \"300s\", processes = [\"InstanceRefresh\"] }]");
    assert_eq!(spans(&suspended)[..4], [(100.0, 120.0), (150.0, 170.0), (300.0, 320.0), (350.0, 370.0)]);
    let two = refreshed(" }, { at = \"130s\"", "");
    let text = "an instance refresh is in progress: another one does not begin";
    assert_eq!(incidents(&two), [(100.0, BEGINS), (130.0, text), (600.0, DONE)]);
    assert_eq!(two.scaling.len(), 10);
}

/// The example of the EC2 Auto Scaling user guide, "Add checkpoints to an instance refresh", with 50 s for its ten minutes to warm up and
/// 75 s for its wait of fifteen: of ten, at 20 % and 50 % and with 80 % that stay, two are replaced at 0:00 and warm at 0:10; two at
/// 0:25 and warm at 0:35, when one is; it is warm at 0:45, and the other five stay.
#[test]
fn a_refresh_waits_at_its_checkpoints() {
    let at = |checkpoints: &str, delay: &str| {
        refreshed(&format!(", min_healthy = \"80%\", checkpoints = [{checkpoints}]{delay}"), "")
    };
    let run = at("\"20%\", \"50%\"", ", checkpoint_delay = \"75s\"");
    let expected = [(100.0, 120.0), (100.0, 120.0), (225.0, 245.0), (225.0, 245.0), (275.0, 295.0)];
    assert_eq!(spans(&run), expected);
    let waits = "the instance refresh waits 1m15s at a checkpoint: 20 % of the instances are replaced";
    let ends = "the instance refresh ends: 50 % of the instances are replaced";
    assert_eq!(incidents(&run), [(100.0, BEGINS), (150.0, waits), (325.0, ends)]);
    // A share is reached with no less than it: 25 % are three.
    let run = at("\"25%\", \"100%\"", ", checkpoint_delay = \"75s\"");
    assert_eq!(
        spans(&run)[..5],
        [(100.0, 120.0), (100.0, 120.0), (150.0, 170.0), (275.0, 295.0), (275.0, 295.0)]
    );
    assert_eq!(incidents(&run).last().map(|it| it.1), Some(DONE));
    // An hour is the default; 100 % alone is no checkpoint to wait at.
    assert_eq!(spans(&at("\"20%\", \"100%\"", "")).len(), 2);
    assert_eq!(spans(&at("\"100%\"", "")), spans(&refreshed(", min_healthy = \"80%\"", "")));
}

/// With 120 % two come first. At 30 % three are new: the third one comes alone, and all three are warm before the wait.
#[test]
fn a_checkpoint_counts_what_comes_first() {
    let run = refreshed(
        ", min_healthy = \"100%\", max_healthy = \"120%\", checkpoints = [\"30%\", \"100%\"], checkpoint_delay = \"60s\"",
        "",
    );
    assert_eq!(
        spans(&run)[..5],
        [(100.0, 150.0), (100.0, 150.0), (150.0, 200.0), (260.0, 310.0), (260.0, 310.0)]
    );
}
