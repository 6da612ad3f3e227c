//! Weighted target groups: the parts of the traffic that fleets get, and when these change.

use simcap::outcome::{Outcome, Resource};

use crate::kind::incidents;
use crate::run::{run, scenario};

/// So many requests, 10 ms apart, of which each takes 10 ms at `blue` and 20 ms at `green`: nothing waits.
fn split(requests: u32, lb: &str) -> Outcome {
    run(&text(requests, lb), 1)
}

fn text(requests: u32, lb: &str) -> String {
    let ms = requests * 10 + 5;
    format!(
        "duration = \"{ms}ms\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"10ms\"\n[request.page]\nvia = \"public\"\n\
         path = \"/new/cart\"\nsteps = [{{ cpu = \"10ms\" }}]\n[balancer.public]\nhop = \"0s\"\nhealth_check = {{ cpu = \"0s\" }}\n{lb}\n\
         {}{}",
        fleet("blue", 1.0),
        fleet("green", 0.5)
    )
}

fn fleet(name: &str, speed: f64) -> String {
    format!(
        "[fleet.{name}]\ninstance = {{ vcpus = 64, memory = \"8 GiB\" }}\ninstances = 1\nthreads = \"unlimited\"\nspeeds = [{speed}]\n"
    )
}

/// A rule that every request fits, because they have a path and a balancer without rules does not read it.
const ANY: &str = "rules = [{ path = \"/none\", targets = \"blue\" }]";

/// The part of the requests that `green` answered.
fn green(run: &Outcome) -> f64 {
    assert_eq!(run.requests.failed, 0.0);
    (run.latency_ms.mean - 10.0) / 10.0
}

/// Of n requests a share p goes to a group, within 4 · sqrt(p (1 - p) / n); the same by a rule, and from the weights of one call to another.
#[test]
fn groups_get_requests_by_their_weights() {
    const GROUPS: &str = "targets = [{ fleet = \"blue\", weight = 90 }, { fleet = \"green\", weight = 10 }]";
    let by_rule = format!("targets = \"blue\"\nrules = [{{ path = \"/new/*\", {GROUPS} }}]");
    for lb in [format!("{GROUPS}\n{ANY}"), by_rule] {
        let run = split(20_000, &lb);
        let off = green(&run) - 0.1;
        assert!(off.abs() <= 4.0 * (0.1 * 0.9 / 20_000f64).sqrt(), "{lb}: {off}");
    }
}

/// Everything goes to `blue` until 30.005 s, which are 3,000 requests, and then everything to `green`.
#[test]
fn weights_change_at_their_instant() {
    let lb = format!(
        "targets = [{{ fleet = \"blue\", weight = 1 }}, {{ fleet = \"green\", weight = 0 }}]\n\
         weights = {{ at = \"30005ms\", blue = 0, green = 7 }}\n{ANY}"
    );
    let run = split(10_000, &lb);
    let answered = run.requests.completed;
    assert!((green(&run) * answered - (answered - 3_000.0)).abs() < 1e-3, "{} of {answered}", green(&run));
    assert_eq!(incidents(&run), [(30.005, "weights of target groups: blue 0, green 7")]);
    // What each fleet is asked for, row by row, is what it did: nothing of it is taken as lost.
    let of = |fleet| run.timeline.loads.iter().find(|load| load.of == Resource::Cpu { fleet }).unwrap();
    let asked = |fleet, row: usize| of(fleet).asked[row] / 1e9;
    assert_eq!([asked(0, 10), asked(1, 10), asked(0, 50), asked(1, 50)], [1.0, 0.0, 0.0, 1.0]);
}

/// The same by DNS, where a client keeps what the name said for 60 s: nobody at `green` before 30 s, half of the clients at 60 s, all after 90 s.
/// With exponential times a part exp(-1) is left at `blue` after a minute. Of a thousand clients within four standard deviations.
#[test]
fn clients_move_as_their_copies_of_the_name_run_out() {
    let moved = |ttl: &str| {
        let lb = format!(
            "targets = [{{ fleet = \"blue\", weight = 1 }}, {{ fleet = \"green\", weight = 0 }}]\n\
             weights = {{ at = \"30s\", blue = 0, green = 1 }}\nttl = \"{ttl}\"\n{ANY}"
        );
        let run = split(10_000, &lb);
        assert_eq!(run.requests.failed, 0.0);
        let green = run.timeline.loads.iter().find(|load| load.of == Resource::Cpu { fleet: 1 }).unwrap();
        [25..30, 43..47, 58..62, 88..92, 92..99].map(|rows| {
            let count = rows.len() as f64;
            green.asked[rows].iter().sum::<f64>() / count / 1e9
        })
    };
    let near = |found: [f64; 5], expected: [f64; 5]| {
        assert!(
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.08),
            "{found:?} {expected:?}"
        );
    };
    near(moved("60s"), [0.0, 0.25, 0.5, 1.0, 1.0]);
    near(moved("exponential 60s"), [0.0, 0.221, 0.393, 0.632, 0.66]);
}

/// `green` has no instance: its tenth of the requests is answered by 503, and none of it goes to `blue`.
#[test]
fn a_group_without_targets_keeps_its_share() {
    let lb =
        format!("targets = [{{ fleet = \"blue\", weight = 9 }}, {{ fleet = \"green\", weight = 1 }}]\n{ANY}");
    let text = text(20_000, &lb)
        .replace("instances = 1\nthreads = \"unlimited\"\nspeeds = [0.5]", "min = 0\nmax = 1\ndesired = 0\n");
    let run = run(&text, 1);
    let off = run.requests.failed_by_cause["http_503"] / run.requests.arrived - 0.1;
    assert!(off.abs() <= 4.0 * (0.1 * 0.9 / 20_000f64).sqrt(), "{off}");
    assert_eq!(run.requests.failed, run.requests.failed_by_cause["http_503"]);
}

/// A tier that is called is split as well, and goes on behind it: the last step is of the caller.
#[test]
fn a_call_is_split_and_goes_on_behind_it() {
    let lb = "targets = \"front\"\n[balancer.inner]\nhop = \"1ms\"\n\
              targets = [{ fleet = \"blue\", weight = 1 }, { fleet = \"green\", weight = 1 }]";
    let text = text(20_000, lb)
        .replace("path = \"/new/cart\"\n", "")
        .replace("steps = [{ cpu", "steps = [{ call = \"inner\", steps = [{ cpu")
        .replace("\"10ms\" }]", "\"10ms\" }] }, { delay = \"5ms\" }]");
    let run = run(&(text + &fleet("front", 1.0)), 1);
    assert_eq!(run.requests.failed, 0.0);
    // 10 or 20 ms, 2 ms on the way, and 5 ms.
    let off = (run.latency_ms.mean - 17.0) / 10.0 - 0.5;
    assert!(off.abs() <= 4.0 * (0.25 / 20_000f64).sqrt(), "{off}");
    assert_eq!(run.latency_ms.max, 27.0);
}

/// Fifty users, who all began at `blue`, when the weights change: those with a cookie stay.
#[test]
fn users_stay_at_their_group() {
    let of = |lb: &str| {
        let groups = "targets = [{ fleet = \"blue\", weight = 1 }, { fleet = \"green\", weight = 0 }]\n\
                      weights = { at = \"50s\", blue = 0, green = 1 }";
        let text = text(10_000, &format!("{groups}\n{lb}\n{ANY}"))
            .replace("[traffic.all]\ninterarrival = \"10ms\"", "[users.all]\ncount = 50\nthink = \"5s\"");
        let run = run(&text, 1);
        assert_eq!(run.requests.failed, 0.0);
        run.latency_ms.max
    };
    assert_eq!(of("group_stickiness = \"6s\""), 10.0);
    assert_eq!([of(""), of("group_stickiness = \"4s\"")], [20.0, 20.0]);
}

#[test]
fn what_is_felt_nowhere_is_warned_of() {
    let warned = |lb: &str| {
        let found = scenario(&text(1_000, &format!("{lb}\n{ANY}")));
        let warnings = simcap::simulate(&found, 1, &mut |_| {}).warnings;
        let own = warnings.iter().filter(|it| it.code.name() == "setting-without-effect");
        own.map(|it| it.path()).collect::<Vec<_>>()
    };
    const GROUPS: &str = "targets = [{ fleet = \"blue\", weight = 90 }, { fleet = \"green\", weight = 10 }]";
    assert_eq!(warned(&format!("{GROUPS}\nweights = {{ at = \"9s\", blue = 1 }}")), [""; 0]);
    assert_eq!(
        warned(&format!("{GROUPS}\nweights = {{ at = \"1h\", blue = 1 }}")),
        ["balancer.public.weights"]
    );
    let never = GROUPS.replace("weight = 10", "weight = 0");
    assert_eq!(warned(&never), ["balancer.public.targets"]);
    assert_eq!(warned(&format!("{never}\nweights = {{ at = \"9s\", green = 1 }}")), [""; 0]);
    assert_eq!(warned(&format!("{GROUPS}\ngroup_stickiness = \"1h\"")), ["balancer.public.group_stickiness"]);
}

/// A call that is tried four times draws a group for each try: half of them find no target, so one of sixteen calls fails.
#[test]
fn each_try_of_a_call_draws_a_group() {
    let lb = "targets = \"front\"\n[balancer.inner]\nhop = \"0s\"\n\
              targets = [{ fleet = \"blue\", weight = 1 }, { fleet = \"green\", weight = 1 }]";
    let text = text(20_000, lb)
        .replace("path = \"/new/cart\"\n", "")
        .replace(
            "steps = [{ cpu",
            "steps = [{ call = \"inner\", retries = { max = 3, backoff = \"1ms\" }, steps = [{ cpu",
        )
        .replace("\"10ms\" }]", "\"10ms\" }] }]")
        .replace("instances = 1\nthreads = \"unlimited\"\nspeeds = [0.5]", "min = 0\nmax = 1\ndesired = 0\n");
    let run = run(&(text + &fleet("front", 1.0)), 1);
    let share = run.requests.failed / run.requests.arrived;
    let off = share - 1.0 / 16.0;
    assert!(off.abs() <= 4.0 * (15.0 / 256.0 / 20_000f64).sqrt(), "{share}");
    // What was sent to a target is answered, or still there at the end.
    let sent = run.balancers[1].requests - run.requests.completed;
    assert!((0.0..=run.requests.in_flight).contains(&sent), "{sent}");
}
