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

/// A new one is warm two minutes after it is in service, at 140 s: the next ones follow when it is looked again, at 180 s. With a new
/// one first, the old one stays until then.
#[test]
fn an_old_one_stays_until_its_successor_is_warm() {
    let aged = |policy: &str| {
        let fleet = format!(
            "instances = 4\nwarmup = \"120s\"\nmax_lifetime = \"86400s\"\nboot = {{ decision = \"0s\", launch = \"20s\", system \
             = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\nmaintenance = {{ {policy} }}"
        );
        run(&hundred_a_second("\"1/h\"", 86_760, &fleet), 1)
    };
    let first = aged("min_healthy = \"100%\", max_healthy = \"150%\"");
    assert_eq!(spans(&first), [(0.0, 140.0), (0.0, 140.0), (180.0, 320.0), (180.0, 320.0)]);
    assert_eq!(first.kinds.fleets[0].instance_seconds, 4.0 * 86_760.0 + 4.0 * 140.0);
    let half = aged("min_healthy = \"50%\", max_healthy = \"100%\"");
    assert_eq!(spans(&half), [(0.0, 20.0), (0.0, 20.0), (180.0, 200.0), (180.0, 200.0)]);
}

/// Ten instances with nearly nothing to do, five in each zone. Zone `a` is lost at 100 s and the checks of its five fail at 130 s.
fn lost(fleet: &str, more: &str) -> Vec<(f64, f64)> {
    let fleet = format!(
        "instances = 10\nwarmup = \"60s\"\nazs = [\"a\", \"c\"]\nstatus_check = \"30s\"\nboot = {{ decision = \"0s\", launch = \
         \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n{fleet}\n[fault.outage]\nzone = \"a\"\nat = \
         \"100s\"\n{more}"
    );
    let run = run(&hundred_a_second("\"1/h\"", 600, &fleet), 1);
    activities(&run).into_iter().map(|(at, done, ..)| (at, done.unwrap())).collect()
}

/// Without a policy a tenth of ten is one at a time. With one, five are healthy, and up to ten, eleven or twenty may be: all five are
/// launched at once. Where more than ten may be, the lost ones end when the new ones are warm; else they end first.
#[test]
fn what_is_lost_is_replaced_at_once_where_there_is_room() {
    assert_eq!(lost("", "")[..2], [(130.0, 150.0), (190.0, 210.0)]);
    let policy = |min: u32, max: u32| {
        lost(&format!("maintenance = {{ min_healthy = \"{min}%\", max_healthy = \"{max}%\" }}"), "")
    };
    assert_eq!(policy(100, 200), [(130.0, 210.0); 5]);
    assert_eq!(policy(90, 110), [(130.0, 210.0); 5]);
    assert_eq!(policy(90, 100), [(130.0, 150.0); 5]);
}

/// The successors come up in zone `c`, which is lost at 160 s, when they are in service and not warm; zone `a` is back at 161 s. At
/// 190 s all ten in `c` fail their checks: the lost ones of `a` are noticed again a minute later, and have successors in `a`.
#[test]
fn one_whose_successor_is_lost_is_replaced_again() {
    let policy = "maintenance = { min_healthy = \"100%\", max_healthy = \"200%\" }";
    let all = lost(policy, "for = \"61s\"\n[fault.second]\nzone = \"c\"\nat = \"160s\"");
    let again: Vec<_> = all.into_iter().filter(|(at, _)| *at == 250.0).collect();
    assert_eq!(again, [(250.0, 330.0); 5]);
}
