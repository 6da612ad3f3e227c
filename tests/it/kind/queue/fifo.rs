//! FIFO queues: order inside a group, limits of calls.

use simcap::outcome::{Action, Resource};

use super::{left, sent, waiting};
use crate::run::run;

/// A message a second, worked on for 2.5 s by three pollers. Of one group only one is in flight: done at 3.5, 6 and 8.5 s.
/// A standard queue gives each poller one, and three are worked on at once.
#[test]
fn one_group_is_worked_on_one_after_the_other() {
    let queue = |kind: &str| {
        let text = waiting(&format!("type = \"{kind}\"\npollers = 3\ntime = \"2500ms\""));
        run(&sent("1s", "11s", 1, &text), 1).queues.remove(0)
    };
    let fifo = queue("fifo");
    assert_eq!((fifo.received, fifo.deleted, left(&fifo)), (4.0, 3.0, (0.0, 6.0, 1.0)));
    let standard = queue("standard");
    assert_eq!((standard.received, standard.deleted), (10.0, 8.0));
}

/// Many groups are worked on side by side.
#[test]
fn other_groups_do_not_wait() {
    let text =
        waiting("type = \"fifo\"\ngroups = { count = 1000000, zipf = 0 }\npollers = 3\ntime = \"2500ms\"");
    let queue = &run(&sent("1s", "11s", 1, &text), 1).queues[0];
    assert_eq!((queue.received, queue.deleted), (10.0, 8.0));
}

/// The work on the first message fails, so those of its group that came with it are not worked on before it: all come back
/// 5 s later, in order.
#[test]
fn a_failure_holds_the_rest_of_its_group_back() {
    let text = format!(
        "{}[service.pay]\nservers = [[\"0s\", 0], [\"12s\", 1]]\nqueue = 0\ntime = \"1s\"",
        waiting("type = \"fifo\"\nbatch = 10\nvisibility_timeout = \"5s\"\nsteps = [{ service = \"pay\" }]")
    );
    let queue = &run(&sent("10s", "19s", 3, &text), 1).queues[0];
    assert_eq!((queue.failed, queue.received, queue.again), (1.0, 6.0, 3.0));
    // From 15 s on, a second each.
    assert_eq!((queue.deleted, queue.age_ms.mean, queue.age_ms.max), (3.0, 7000.0, 8000.0));
}

/// Ten calls a second and a burst of as many; a hundred a second come, and each is tried three times. What is completed has
/// sent its message, the rest fails as throttled.
#[test]
fn calls_beyond_the_limit_are_throttled() {
    let text = sent("10ms", "60s", 1, "type = \"fifo\"\ncalls = \"10/s\"");
    let run = run(&text, 1);
    let queue = &run.queues[0];
    assert!((queue.sent - 610.0).abs() <= 1.0, "{}", queue.sent);
    assert_eq!(run.requests.completed, queue.sent);
    assert_eq!(run.requests.failed_by_cause["throttled"], run.requests.failed);
    assert_eq!(run.requests.arrived - run.requests.in_flight, run.requests.completed + run.requests.failed);
    assert!(queue.throttled >= 3.0 * run.requests.failed);
    assert_eq!(queue.requests, queue.sent, "what is throttled is not billed");
}

/// In high-throughput mode the limit is that of each group: a hundred groups take a hundred times as much.
#[test]
fn high_throughput_limits_each_group() {
    let groups = "groups = { count = 100, zipf = 0 }";
    let sent = |mode: &str| {
        let text = sent("10ms", "60s", 1, &format!("type = \"fifo\"\ncalls = \"10/s\"\n{groups}\n{mode}"));
        run(&text, 1).requests.failed
    };
    assert_eq!(sent("high_throughput = true"), 0.0);
    assert!(sent("") > 1_000.0);
}

/// A hundred calls of each action a second; 150 sends come, and what is let in is received and deleted at the same pace with
/// nothing waiting. Only sends are throttled, so only these are full.
#[test]
fn only_the_calls_that_are_throttled_are_full() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"6666us\"\n[client]\ntimeout = \"5s\"\n\
                [request.page]\nsteps = [{ send = \"jobs\" }]\n[queue.jobs]\ntype = \"fifo\"\ncalls = \"100/s\"\nbatch = 10\n\
                delete = \"batch\"\ngroups = { count = 100, zipf = 0 }\nworkers = \"w\"\npollers = 10\ntime = \"10ms\"\n\
                poll_interval = \"500ms\"\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 1\n";
    let run = run(text, 1);
    let queue = &run.timeline.queues[0];
    let sum = |column: &[f64]| column.iter().sum::<f64>();
    assert!(sum(&queue.sends_throttled) > 500.0, "{:?}", queue.sends_throttled);
    let all = sum(&queue.sends_throttled) + sum(&queue.receives_throttled) + sum(&queue.deletes_throttled);
    assert!((all - run.queues[0].throttled).abs() < 1.0 && (all - sum(&queue.throttled)).abs() < 1.0);
    let calls: Vec<_> = run
        .phases
        .iter()
        .flat_map(|phase| &phase.chain)
        .filter_map(|link| match link.resource {
            Some(Resource::Calls { action, .. }) => Some(action),
            _ => None,
        })
        .collect();
    assert_eq!(calls, [Action::Send], "{:#?}", run.phases);
}

/// Ten messages of one call, each of a group of its own: as many pollers work on them side by side, and all are done a second
/// after they were sent. Of one group they take a second each, ten in all.
#[test]
fn each_message_of_a_call_has_its_own_group() {
    let last = |groups: &str, calls: &str| {
        let text = waiting(&format!("type = \"fifo\"\n{groups}\npollers = 20\ntime = \"1s\"\n{calls}"));
        let queue = run(&sent("10s", "29s", 10, &text), 1).queues.remove(0);
        assert_eq!(queue.sent, 20.0);
        (queue.deleted, queue.age_ms.max)
    };
    let many = "groups = { count = 1000000, zipf = 0 }";
    assert_eq!(last(many, ""), (20.0, 1_000.0));
    assert_eq!(last("", ""), (18.0, 10_000.0));
    // A call that was throttled sends to the groups that it was for: half a call a second of each group is enough for these.
    assert_eq!(last(many, "high_throughput = true\ncalls = \"0.5/s\""), (20.0, 1_000.0));
}

/// A call is one of each group that its messages are of: two of ten messages, in two groups, are two of each group. A call a
/// second of each group is taken, and as many come.
#[test]
fn a_call_counts_once_in_each_of_its_groups() {
    let of = |rate: &str, groups: u32| {
        let queue = format!(
            "type = \"fifo\"\nhigh_throughput = true\ncalls = \"{rate}\"\ngroups = {{ count = {groups}, zipf = 0 }}"
        );
        let run = run(&sent("1s", "101s", 10, &queue), 1);
        (run.queues[0].sent, run.requests.failed)
    };
    assert_eq!(of("1/s", 2), (1_000.0, 0.0));
    // Of half of that, half of the calls get through at the third try at last.
    let (sent, failed) = of("0.1/s", 2);
    assert!(failed > 50.0 && sent < 200.0, "{sent} {failed}");
}
