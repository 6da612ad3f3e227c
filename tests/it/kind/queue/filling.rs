//! Receives that are not full: with more traffic they fill, so what they hold for their calls is no limit.

use simcap::outcome::{Action, Headroom, Outcome, Resource};
use simcap::warning::{Code, of_scenario};

use crate::run::{run, scenario};

const GROUPS: Resource = Resource::Groups { queue: 0 };
const POLLERS: Resource = Resource::Pollers { queue: 0 };
const SENDS: Resource = Resource::Calls { queue: 0, action: Action::Send };

/// Messages at equal intervals, worked on for a millisecond each in batches of ten. A call takes 10 ms.
fn text(interval: &str, messages: u32, queue: &str) -> String {
    format!(
        "duration = \"1m\"\n[traffic.t]\ninterarrival = \"{interval}\"\n[request.o]\n\
         steps = [{{ send = \"q\", messages = {messages} }}]\n[queue.q]\nworkers = \"w\"\ntime = \"1ms\"\nwait = \"20s\"\n\
         batch = 10\ndelete = \"batch\"\n{queue}\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 1\n"
    )
}

fn limit(outcome: &Outcome, of: Resource) -> f64 {
    let found = outcome.headroom.iter().find(|it| it.of == of);
    found.and_then(Headroom::limit).unwrap_or_else(|| panic!("{:#?}", outcome.headroom))
}

fn is_near(value: f64, expected: f64) {
    assert!((value / expected - 1.0).abs() < 0.03, "{value}, not {expected}");
}

/// 290/s in one group, which is held nearly all of the time by receives of three or four. With full ones a message takes 1 ms of
/// work and a tenth of the 10 ms of its calls: of 500/s it has 58 %. The calls that send have 290 of 300.
#[test]
fn a_group_that_is_held_by_small_receives_has_room() {
    let queue = "type = \"fifo\"\nhigh_throughput = true\npollers = 50";
    let outcome = run(&text("3448us", 1, queue), 1);
    is_near(limit(&outcome, GROUPS), 500.0 / 290.0);
    is_near(limit(&outcome, SENDS), 300.0 / 290.0);
    assert_eq!(outcome.headroom[0].of, SENDS, "{:#?}", outcome.headroom);
    // A poller hears for 10 ms and deletes for 10 ms: 3 ms a message.
    is_near(limit(&outcome, POLLERS), 50.0 / (290.0 * 0.003));
    assert!(outcome.phases.iter().all(|phase| phase.chain.is_empty()), "{:#?}", outcome.phases);
}

/// 600/s in one group, ten with a call: full.
#[test]
fn a_group_whose_receives_are_full_is_full() {
    let queue = "type = \"fifo\"\nhigh_throughput = true\npollers = 50";
    let outcome = run(&text("16667us", 10, queue), 1);
    is_near(limit(&outcome, GROUPS), 500.0 / 600.0);
    let first = &outcome.phases.iter().find(|phase| !phase.chain.is_empty()).unwrap().chain[0];
    assert_eq!((first.resource, first.cause), (Some(GROUPS), true), "{first:?}");
}

/// One poller of a standard queue is busy nearly always with 100/s, and has room for 333/s. Deleted each by itself, a message takes
/// 1 ms of work, 10 ms of its own delete and 1 ms of a full receive: 83/s.
#[test]
fn a_poller_that_asks_again_and_again_has_room() {
    let outcome = run(&text("10ms", 1, ""), 1);
    is_near(limit(&outcome, POLLERS), 10.0 / 3.0);
    assert!(outcome.phases.iter().all(|phase| phase.chain.is_empty()), "{:#?}", outcome.phases);
    let each = text("20ms", 1, "").replace("delete = \"batch\"", "delete = \"each\"");
    is_near(limit(&run(&each, 1), POLLERS), 50.0 / 30.0);
}

/// Of two groups the first gets 2/3 of 150/s: 100/s of 500/s, though it waits for the other in the same receive.
#[test]
fn a_group_that_waits_for_another_in_its_receive_has_room() {
    let queue = "type = \"fifo\"\ngroups = { count = 2, zipf = 1 }\npollers = 1\ncalls = \"unlimited\"";
    let outcome = run(&text("6667us", 1, queue), 1);
    assert!((limit(&outcome, GROUPS) / 5.0 - 1.0).abs() < 0.1, "{:#?}", outcome.headroom);
}

/// 500 calls a second send to one group, which takes 300: they are the cause, and a warning says so before.
#[test]
fn the_calls_of_a_group_are_a_limit() {
    let queue = "type = \"fifo\"\nhigh_throughput = true\npollers = 50";
    let outcome = run(&text("2ms", 1, queue), 1);
    assert_eq!(outcome.headroom[0].of, SENDS, "{:#?}", outcome.headroom);
    is_near(limit(&outcome, SENDS), 300.0 / 500.0);
    let first = &outcome.phases.iter().find(|phase| !phase.chain.is_empty()).unwrap().chain[0];
    assert_eq!(first.resource, Some(SENDS), "{first:?}");
    assert!(first.text.contains("300 a second to each message group"), "{}", first.text);
    let warned = |interval: &str, messages: u32, groups: &str| {
        let found = of_scenario(&scenario(&text(interval, messages, &format!("{queue}\n{groups}"))), 1);
        let found = found
            .into_iter()
            .filter(|it| it.code == Code::DemandAboveCapacity && it.path() == "queue.q.calls");
        found.map(|it| it.message).collect::<Vec<_>>()
    };
    let found = warned("2ms", 1, "");
    assert!(found[0].contains("calls that queue `q` takes to the message group that gets most"), "{found:?}");
    assert_eq!(warned("4ms", 1, ""), [""; 0]);
    assert_eq!(warned("2ms", 1, "groups = { count = 10, zipf = 0 }"), [""; 0]);
    // A call with ten messages has one of the group that gets 2/3 of them nearly always.
    assert_eq!(warned("2ms", 10, "groups = { count = 2, zipf = 1 }").len(), 1);
}
