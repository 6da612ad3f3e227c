//! The instance maintenance policy: in which order instances are replaced, and how many at once.

use simcap::outcome::Outcome;

use crate::kind::{activities, hundred_a_second};
use crate::run::run;

/// Four instances that are a day old at 86,400 s; EC2 runs another one 20 s after its launch.
fn aged(fleet: &str) -> Outcome {
    let fleet = format!(
        "instances = 4\nwarmup = \"0s\"\nmax_lifetime = \"86400s\"\nboot = {{ decision = \"0s\", launch = \"20s\", system = \
         \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n{fleet}"
    );
    run(&hundred_a_second("\"1/h\"", 86_760, &fleet), 1)
}

fn spans(run: &Outcome) -> Vec<(f64, f64)> {
    activities(run).into_iter().map(|(at, done, ..)| (at - 86_400.0, done.unwrap() - 86_400.0)).collect()
}

/// Without a policy a tenth of four is one at a time, and the others look again each minute.
#[test]
fn the_least_that_stays_decides_how_many_are_replaced_at_once() {
    let one_by_one: Vec<(f64, f64)> = [0.0, 60.0, 120.0, 180.0].map(|at| (at, at + 20.0)).to_vec();
    assert_eq!(spans(&aged("")), one_by_one);
    assert_eq!(spans(&aged("maintenance = { min_healthy = \"100%\", max_healthy = \"100%\" }")), one_by_one);
    let half = aged("maintenance = { min_healthy = \"50%\", max_healthy = \"100%\" }");
    assert_eq!(spans(&half), [(0.0, 20.0), (0.0, 20.0), (60.0, 80.0), (60.0, 80.0)]);
    assert_eq!(half.kinds.fleets[0].instance_seconds, 4.0 * 86_760.0, "none overlap");
}

/// With 150 % two come first, and each old one ends when its successor is in service: four are there at any time.
#[test]
fn above_all_of_them_the_new_ones_come_first() {
    let run = aged("maintenance = { min_healthy = \"100%\", max_healthy = \"150%\" }");
    assert_eq!(spans(&run), [(0.0, 20.0), (0.0, 20.0), (60.0, 80.0), (60.0, 80.0)]);
    let fleet = &run.kinds.fleets[0];
    assert_eq!(fleet.peak_instances, 6);
    assert_eq!(fleet.instance_seconds, 4.0 * 86_760.0 + 4.0 * 20.0, "each overlaps for 20 s");
}
