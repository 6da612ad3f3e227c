//! Warm pools: what a scale-out takes from one, when it is empty, how it is filled again, and what it costs.

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::kind::{activities, decisions, hundred_a_second, incidents};
use crate::run::run;

/// 5.5 s to decide, 17 s to launch, 13 s for the system, 198.2 s to install, 9.3 s for the application: 243 s. Of these
/// the first three are the means of the defaults. The last two are what is left of what aws-samples has published, 36 s
/// from a stopped pool and 243 s without one, with 21.2 s for the start of a stopped instance: 36 - 5.5 - 21.2 = 9.3.
const BOOT: &str = "boot = { decision = \"5500ms\", launch = \"17s\", system = \"13s\", bootstrap = \"198200ms\", \
                    application = \"9300ms\" }";
const HOOK: &str = "launch_hook = {}\n";

/// A group with nearly nothing to do, in rows of 5 s.
fn group(seconds: u32, fleet: &str) -> Outcome {
    let text = hundred_a_second("\"1/h\"", seconds, &format!("{BOOT}\n{fleet}"));
    run(&text.replace("bucket = \"60s\"", "bucket = \"5s\""), 1)
}

/// Ready and pending instances of the pool at the end of the row that ends at an instant.
fn pool(run: &Outcome, second: usize) -> (f64, f64) {
    let pool = &run.timeline.kinds.fleets[0].warm_pool[0];
    (pool.ready[second / 5 - 1], pool.pending[second / 5 - 1])
}

fn causes(run: &Outcome) -> Vec<&str> {
    run.scaling.iter().map(|activity| activity.cause.as_str()).collect()
}

/// One instance more at 100 s: when it is in service, with a pool or without.
fn in_service_after(pool: &str) -> f64 {
    let fleet = format!("min = 2\nmax = 6\n{HOOK}{pool}\nschedule = [{{ at = \"100s\", desired = 3 }}]");
    let span = group(500, &fleet).scaling[0].done_s.unwrap() - 100.0;
    (span * 1e3).round() / 1e3
}

/// aws-samples/amazon-ec2-auto-scaling-group-examples, warm pools: 243 s without a pool, 36 s from a stopped one.
#[test]
fn a_launch_takes_243_seconds_without_a_pool_and_36_from_a_stopped_one() {
    assert_eq!(in_service_after(""), 243.0);
    assert_eq!(in_service_after("warm_pool = {}"), 36.0);
    // What a hibernated one has in memory it goes on with: 5.5 and 20.7. A running one has nothing to wait for.
    assert_eq!(in_service_after("warm_pool = { state = \"hibernated\" }"), 26.2);
    assert_eq!(in_service_after("warm_pool = { state = \"running\" }"), 5.5);
    assert_eq!(in_service_after("warm_pool = { start = \"60s\" }"), 74.8);
    // Nothing but the default application, 6.5 s on the mean: 33.2.
    let usual =
        format!("min = 2\nmax = 6\n{HOOK}warm_pool = {{}}\nschedule = [{{ at = \"100s\", desired = 3 }}]")
            + "\nboot = { decision = \"5500ms\", application = \"6500ms\" }";
    let run = run(&hundred_a_second("\"1/h\"", 200, &usual), 1);
    assert_eq!(run.scaling[0].done_s, Some(133.2));
}

/// Three are prepared for a group of two, so one waits. Of two launches the second finds nothing: it takes 243 s.
#[test]
fn a_pool_that_is_used_up_falls_back_to_cold_launches() {
    let fleet = format!(
        "min = 2\nmax = 6\n{HOOK}warm_pool = {{ max_prepared = 3 }}\nschedule = [{{ at = \"100s\", desired = 4 }}]"
    );
    let run = group(500, &fleet);
    assert_eq!(activities(&run), [(100.0, Some(343.0), 2, 4)]);
    assert_eq!(causes(&run), ["a scheduled action; 1 of 2 from the warm pool"]);
    let fleet = &run.timeline.kinds.fleets[0];
    let in_service = |second: usize| fleet.in_service[second / 5 - 1] + fleet.warming[second / 5 - 1];
    assert_eq!([130, 140, 340, 345].map(in_service), [2.0, 3.0, 3.0, 4.0]);
    assert_eq!([pool(&run, 95), pool(&run, 105), pool(&run, 500)], [(1.0, 0.0), (0.0, 0.0), (0.0, 0.0)]);
    assert_eq!((run.kinds.fleets[0].launched, run.kinds.fleets[0].from_pool), (2.0, 1.0));
    // Two for 500 s, one from its start call at 105.5 s, one from its launch at 105.5 s. What was stopped costs nothing.
    assert_eq!(run.kinds.fleets[0].instance_seconds, 2.0 * 500.0 + 2.0 * 394.5);
}

/// A pool of at least one: what is taken at 100 s is made up for by 360 s, 260 s later (aws-samples: 260 s into the pool).
#[test]
fn what_is_taken_from_the_floor_of_a_pool_is_made_up_for() {
    let fleet = format!(
        "min = 2\nmax = 6\n{HOOK}warm_pool = {{ min = 1, max_prepared = 3 }}\nschedule = [{{ at = \"100s\", \
         desired = 3 }}, {{ at = \"200s\", desired = 4 }}, {{ at = \"400s\", desired = 5 }}]"
    );
    let run = group(700, &fleet);
    let expected = [(100.0, Some(136.0), 2, 3), (200.0, Some(443.0), 3, 4), (400.0, Some(436.0), 4, 5)];
    assert_eq!(activities(&run), expected);
    let pools = [95, 105, 110, 355, 360, 365, 405, 410, 660, 665].map(|second| pool(&run, second));
    let ready = pools.map(|(ready, _)| ready);
    let pending = pools.map(|(_, pending)| pending);
    assert_eq!((ready[0], pending[0]), (1.0, 0.0));
    assert_eq!((ready[1], pending[1]), (0.0, 0.0), "decided, and not yet launched");
    assert_eq!((ready[2], pending[2]), (0.0, 1.0));
    assert_eq!((ready[3], pending[3]), (0.0, 1.0));
    assert_eq!((ready[5], pending[5]), (1.0, 0.0));
    assert_eq!((ready[7], pending[7]), (0.0, 1.0));
    assert_eq!((ready[9], pending[9]), (1.0, 0.0));
    // Billed until it stops: 243 s less the 5.5 s before its launch, twice, beside the group.
    let group = 2.0 * 700.0 + 594.5 + 494.5 + 294.5;
    assert_eq!(run.kinds.fleets[0].instance_seconds, group + 2.0 * 237.5);
}

/// Four until 100 s, then two. With reuse the two that leave have stopped 17 s later and come back in 36 s; without, two are
/// launched into the pool, ready at 360 s, and what is wanted before is launched anew.
#[test]
fn a_scale_in_returns_instances_to_the_pool() {
    let with = |reuse: bool, again: u32| {
        let fleet = format!(
            "min = 2\nmax = 4\ndesired = 4\n{HOOK}warm_pool = {{ reuse = {reuse} }}\nschedule = [{{ at = \"100s\", \
             desired = 2 }}, {{ at = \"{again}s\", desired = 3 }}]"
        );
        group(500, &fleet)
    };
    let reused = with(true, 200);
    assert_eq!(activities(&reused), [(100.0, Some(100.0), 4, 2), (200.0, Some(236.0), 2, 3)]);
    let pools = [95, 110, 120, 205].map(|second| pool(&reused, second));
    assert_eq!(pools, [(0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (1.0, 0.0)]);
    assert_eq!(reused.kinds.fleets[0].instance_seconds, 2.0 * 500.0 + 2.0 * 100.0 + 294.5);
    // Wanted again while they still stop.
    let early = with(true, 110);
    assert_eq!(activities(&early)[1], (110.0, Some(353.0), 2, 3));
    assert_eq!(pool(&early, 120), (1.0, 0.0), "one is enough beside three");
    let ended = with(false, 200);
    assert_eq!(activities(&ended), [(100.0, Some(100.0), 4, 2), (200.0, Some(443.0), 2, 3)]);
    assert_eq!([110, 205, 365].map(|second| pool(&ended, second)), [(0.0, 2.0), (0.0, 1.0), (1.0, 0.0)]);
}

/// Without a launch hook nothing waits for what an instance installs: it is stopped as soon as EC2 runs it, at 122.5 s, and
/// installs when it is taken at 400 s. In service at 426.7 s, it answers 198.2 s and 9.3 s later.
#[test]
fn without_a_hook_an_instance_is_stopped_before_it_has_installed() {
    let fleet = |hook: &str| {
        let fleet = format!(
            "min = 2\nmax = 6\n{hook}warm_pool = {{ min = 1, max_prepared = 2 }}\nschedule = [{{ at = \"100s\", \
             desired = 3 }}, {{ at = \"400s\", desired = 4 }}]"
        );
        group(700, &fleet)
    };
    let answers = |run: &Outcome| {
        let serving = &run.timeline.kinds.fleets[0].serving;
        5 * serving.iter().position(|serving| *serving > 3.0).unwrap()
    };
    let (bare, hooked) = (fleet(""), fleet(HOOK));
    assert_eq!(pool(&bare, 145), (1.0, 0.0), "stopped at 139.5 s");
    assert_eq!(activities(&bare)[1], (400.0, Some(426.7), 3, 4), "in service when EC2 runs it");
    assert_eq!(answers(&bare), 630, "634.2 s");
    assert_eq!(activities(&hooked)[1], (400.0, Some(436.0), 3, 4));
    assert_eq!(answers(&hooked), 435);
    let warned = |run: &Outcome| run.warnings.iter().any(|it| it.code.name() == "warm-pool-without-hook");
    assert!(warned(&bare) && !warned(&hooked), "{:?}", bare.warnings);
}

/// The group's metric, its columns and its policies know nothing of what waits; the bill does where it runs.
#[test]
fn the_metrics_of_a_group_leave_its_pool_out() {
    let with = |pool: &str| {
        let fleet = format!(
            "{BOOT}\nmin = 1\nmax = 4\n{HOOK}{pool}\nscaling = [{{ simple = {{ metric = \"cpu\", above = 50, \
             change = \"+1\", periods = 3, delay = \"0s\" }} }}]"
        );
        run(&hundred_a_second("[[\"300s\", \"20/s\"], [\"300s\", \"70/s\"]]", 540, &fleet), 1)
    };
    let (without, running) = (with(""), with("warm_pool = { state = \"running\" }"));
    assert_eq!(decisions(&without)[0], (480.0, 1, 2));
    assert_eq!(decisions(&running)[0], (480.0, 1, 2));
    let columns = |run: &Outcome| {
        let fleet = run.timeline.kinds.fleets[0].clone();
        [fleet.pending, fleet.in_service, fleet.desired, fleet.serving, fleet.cpu_percent]
            .map(|it| it[..7].to_vec())
    };
    assert_eq!(columns(&without), columns(&running));
    let hours = |run: &Outcome| run.kinds.fleets[0].instance_seconds;
    assert_eq!((hours(&without), hours(&running)), (594.5, 4.0 * 540.0), "three run in the pool");
    assert_eq!(hours(&with("warm_pool = {}")), 594.5, "three are stopped");
}

/// A zone takes the half of a pool that waits there; the rest is filled up in the other one.
#[test]
fn a_pool_is_filled_again_in_the_zones_that_are_left() {
    let fleet = format!(
        "azs = [\"a\", \"c\"]\nmin = 2\nmax = 6\nstatus_check = \"10m\"\n{HOOK}warm_pool = {{}}\n\
         [fault.outage]\nzone = \"a\"\nat = \"100s\""
    );
    let run = group(500, &fleet);
    assert_eq!([95, 110, 365].map(|second| pool(&run, second)), [(4.0, 0.0), (2.0, 2.0), (4.0, 0.0)]);
}

/// The size of a pool follows the largest size of its group.
#[test]
fn a_scheduled_action_changes_the_size_of_a_pool() {
    let fleet = format!(
        "min = 2\nmax = 4\n{HOOK}warm_pool = {{}}\nschedule = [{{ at = \"100s\", max = 6 }}, {{ at = \"300s\", max = 5 }}]"
    );
    let run = group(500, &fleet);
    assert_eq!(
        [95, 110, 305, 365].map(|second| pool(&run, second)),
        [(2.0, 0.0), (2.0, 2.0), (2.0, 1.0), (3.0, 0.0)]
    );
}

/// The hook waits 60 s for an application that needs 220.5 s: launched at 105.5 s, running at 122.5 s, abandoned at 182.5 s,
/// and launched again.
#[test]
fn a_hook_abandons_what_is_prepared_too_late() {
    let fleet = "min = 2\nmax = 6\nlaunch_hook = { heartbeat = \"60s\" }\nwarm_pool = { min = 1, max_prepared = 2 }\n\
                 schedule = [{ at = \"100s\", desired = 3 }]";
    let run = group(300, fleet);
    let text = "launch hook timed out on the way into the warm pool: launch abandoned";
    assert_eq!(incidents(&run), [(182.5, text), (265.0, text)]);
    assert_eq!(pool(&run, 185), (0.0, 0.0));
    assert_eq!(pool(&run, 195), (0.0, 1.0));
}

#[test]
fn a_pool_that_is_always_empty_is_a_mistake() {
    let problem = |pool: &str| {
        let text = hundred_a_second("\"1/h\"", 60, &format!("min = 2\nmax = 6\nwarm_pool = {{ {pool} }}"));
        scenario::parse("pool.toml", text.as_bytes(), std::path::Path::new(""), &[])
            .err()
            .map(|it| format!("{it:?}"))
    };
    let empty = problem("max_prepared = 2").expect("a problem");
    assert!(empty.contains("the warm pool is always empty: it has 2 less the desired capacity"), "{empty}");
    assert_eq!(problem("max_prepared = 2, min = 1"), None);
    assert_eq!(problem("max_prepared = 3"), None);
}

/// Six until 100 s, then two: with room for three in the pool three go back, and one ends. Nothing ends without a place in the group:
/// what the pool launches and ends itself was never in it.
#[test]
fn what_goes_back_into_a_pool_is_not_terminated() {
    let terminated = |reuse: bool| {
        let fleet = format!(
            "min = 2\nmax = 6\ndesired = 6\n{HOOK}warm_pool = {{ max_prepared = 5, reuse = {reuse} }}\n\
             schedule = [{{ at = \"100s\", desired = 2 }}]"
        );
        let run = group(300, &fleet);
        (run.kinds.fleets[0].terminated, run.kinds.fleets[0].peak_instances)
    };
    assert_eq!([true, false].map(terminated), [(1.0, 6), (4.0, 6)]);
}
