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
