//! How many pollers a group may have: as many as its instances that can serve.
//!
//! In: groups whose new instances never serve, and one whose do. Out: the headroom of pollers at the largest size.

use simcap::outcome::{Headroom, Outcome, Resource};

use crate::run::run;

/// A message a second, each of 500 ms, and two instances that may become ten. At 2:00 the group wants six.
fn outcome(fleet: &str, work: &str, rest: &str) -> Outcome {
    let text = format!(
        "duration = \"20m\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.order]\nsteps = [{{ send = \"orders\" }}]\n\
         [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nsteps = [{work}]\n\
         [fleet.worker]\ninstance = \"m5.large\"\nmin = 2\nmax = 10\nschedule = [{{ at = \"2m\", desired = 6 }}]\n\
         scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n{fleet}\n{rest}"
    );
    run(&text, 1)
}

fn headroom(outcome: &Outcome, of: Resource) -> &Headroom {
    outcome.headroom.iter().find(|it| it.of == of).unwrap_or_else(|| panic!("{:#?}", outcome.headroom))
}

/// The largest size that counts, for pollers and for the CPU of the same instances.
fn largest(outcome: &Outcome) -> [Option<f64>; 2] {
    [Resource::Pollers { queue: 0 }, Resource::Cpu { fleet: 0 }]
        .map(|of| headroom(outcome, of).at_maximum.and_then(|load| load.instances))
}

#[test]
fn pollers_of_a_group_that_can_grow_count_at_its_largest_size() {
    let grown = outcome("", "{ cpu = \"500ms\" }", "");
    assert_eq!(grown.fleets[0].never_served, 0.0);
    assert_eq!(largest(&grown), [Some(10.0); 2]);
}

/// Every launch is abandoned after the 30 s of its hook, so the group stays at two.
#[test]
fn pollers_of_a_group_whose_launches_are_abandoned_do_not_grow() {
    let hook = "launch_hook = { heartbeat = \"30s\", complete = \"1h\" }";
    let stuck = outcome(hook, "{ cpu = \"500ms\" }", "");
    assert!(stuck.fleets[0].never_served > 3.0, "{}", stuck.fleets[0].never_served);
    assert_eq!(largest(&stuck), [None; 2]);
    let pollers = headroom(&stuck, Resource::Pollers { queue: 0 });
    // A message a second of 500 ms, for two pollers: a quarter of them is busy.
    assert!((pollers.limit().unwrap() - 4.0).abs() < 0.1, "{pollers:?}");
}

/// The database has connections for three instances of 20: more are in service, and their applications cannot start.
#[test]
fn pollers_on_instances_that_cannot_start_do_not_count() {
    let database = "pools = { db = 20 }\n[database.db]\nengine = \"mysql\"\nwriter = \"db.m5.large\"\nmax_connections = 60\n";
    let stuck = outcome("", "{ cpu = \"500ms\" }, { read = \"db\", demand = \"1ms\" }", database);
    assert!(stuck.fleets[0].never_served > 0.0);
    assert_eq!(largest(&stuck), [Some(3.0); 2]);
}

/// Four pollers do four a second of the three that come, and of ten from 5:00 to 6:00. What is left then, 360, takes until 12:00. The objective
/// allows that, so the run held: but they were full, and the page says when.
#[test]
fn pollers_that_are_full_within_the_objective_are_said() {
    let outcome = |limit: &str| {
        let text = format!(
            "duration = \"20m\"\n[traffic.all]\nrate = [[\"0m\", \"3/s\"], [\"5m\", \"3/s\"], [\"5m\", \"10/s\"], [\"6m\", \"10/s\"], \
             [\"6m\", \"3/s\"]]\n[request.job]\nsteps = [{{ send = \"q\" }}]\n[queue.q]\nworkers = \"w\"\npollers = 2\ntime = \"1s\"\n\
             wait = \"10s\"\n[fleet.w]\ninstance = \"m5.large\"\ninstances = 2\n[objectives]\nage = \"p99 < {limit}\"\n"
        );
        run(&text, 1)
    };
    let held = outcome("10m");
    let [phase] = &held.phases[..] else { panic!("{:#?}", held.phases) };
    assert!(!phase.trouble && phase.sentence.starts_with("held: "), "{}", phase.sentence);
    let said =
        phase.sentence.split("pollers of `q` full (").nth(1).unwrap_or_else(|| panic!("{}", phase.sentence));
    // What fills them by chance before the rise is no part of that.
    assert!(
        said.contains(" from 5:0") && (said.contains(" to 11:") || said.contains(" to 12:")),
        "{}",
        phase.sentence
    );
    // Where it is too long, that is a trouble.
    let missed = outcome("1m");
    assert!(missed.phases.iter().any(|phase| phase.trouble), "{:#?}", missed.phases);
}
