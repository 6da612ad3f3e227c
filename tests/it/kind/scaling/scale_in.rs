//! A scale-in after which too few are left is the cause of what fills then.

use simcap::outcome::{Outcome, Resource};

use crate::phases::{kinds, troubles};
use crate::run::run;

const SCALED_IN: (Option<Resource>, bool) = (Some(Resource::ScaledIn { fleet: 0 }), true);

/// Four instances of which a policy ends all but `left` once, in the first minutes.
fn fleet(left: u32, more: &str) -> String {
    let change = 4 - left;
    format!(
        "[fleet.app]\ninstance = \"m5.large\"\nmin = {left}\nmax = 4\ndesired = 4\n{more}\n\
         scaling = [{{ simple = {{ metric = \"cpu\", below = 70, delay = \"0s\", change = \"-{change}\", cooldown = \"1h\" }} }}]\n"
    )
}

/// 40/s of 100 ms are four vCPUs of eight, and two instances would be full of them.
fn targets(left: u32) -> Outcome {
    run(
        &format!(
            "duration = \"8m\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"40/s\"\nclient = {{ timeout = \"5s\" }}\n[request.page]\n\
             via = \"door\"\nsteps = [{{ cpu = \"100ms\" }}]\n[balancer.door]\ntargets = \"app\"\nderegistration_delay = \"5s\"\n{}",
            fleet(left, "")
        ),
        1,
    )
}

#[test]
fn targets_that_a_policy_takes_away_are_why_those_that_are_left_fill() {
    let run = targets(1);
    let phase = troubles(&run)[0];
    let links = kinds(phase);
    assert_eq!(links[..2], [SCALED_IN, (Some(Resource::Cpu { fleet: 0 }), false)], "{}", phase.sentence);
    assert!(phase.chain[0].text.starts_with("`app` scaled in from 4 to 1 instance"), "{}", phase.sentence);
    let decided = run.scaling[0].at_s;
    assert!((phase.chain[0].at_s - decided).abs() <= 5.0, "{} of {decided}", phase.sentence);
    let text = serde_json::to_value(phase.chain[0].resource).unwrap();
    assert_eq!(text["part"], "scaled_in");
}

/// The same by a scheduled action, and what is said of it before the run.
#[test]
fn instances_that_a_schedule_takes_away_are_why_those_that_are_left_fill() {
    let run = run(
        "duration = \"8m\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"40/s\"\nclient = { timeout = \"5s\" }\n[request.page]\n\
         via = \"door\"\nsteps = [{ cpu = \"100ms\" }]\n[balancer.door]\ntargets = \"app\"\nderegistration_delay = \"5s\"\n\
         [fleet.app]\ninstance = \"m5.large\"\nmin = 1\nmax = 4\ndesired = 4\nschedule = [{ at = \"3m\", desired = 1 }]",
        1,
    );
    let phase = troubles(&run)[0];
    assert_eq!(kinds(phase)[0], SCALED_IN, "{}", phase.sentence);
    assert!((phase.chain[0].at_s - 180.0).abs() <= 5.0, "{}", phase.sentence);
    let hint = run.warnings.iter().find_map(|it| it.hint.contains("schedule").then_some(it.hint.as_str()));
    assert!(
        hint.is_some_and(|hint| hint.ends_with("its schedule takes it from 4 to 1 instance at 3m")),
        "{hint:?}"
    );
}

#[test]
fn a_scale_in_that_leaves_enough_is_said_nowhere() {
    let run = targets(3);
    assert_eq!(run.scaling.len(), 1, "{:?}", run.scaling);
    assert!(
        run.phases.iter().all(|phase| !phase.trouble && !phase.sentence.contains("scaled in")),
        "{:?}",
        run.phases
    );
}

/// Two messages a second of one second each take two pollers of four; one is left, and the queue grows.
#[test]
fn pollers_that_a_policy_takes_away_are_why_a_queue_grows() {
    let run = run(
        &format!(
            "duration = \"12m\"\nbucket = \"5s\"\n[traffic.jobs]\nrate = \"2/s\"\n[request.job]\nsteps = [{{ send = \"jobs\" }}]\n\
             [queue.jobs]\nworkers = \"app\"\npollers = 1\nwait = \"20s\"\nsteps = [{{ delay = \"1s\" }}]\n{}",
            fleet(1, "")
        ),
        1,
    );
    let links: Vec<_> = troubles(&run).into_iter().flat_map(kinds).collect();
    let at = links.iter().position(|link| *link == SCALED_IN).unwrap_or_else(|| panic!("{:#?}", run.phases));
    assert_eq!(links[at + 1], (Some(Resource::Pollers { queue: 0 }), false), "{:#?}", run.phases);
}
