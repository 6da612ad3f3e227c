//! Batches of a queue whose workers are a function: how they are gathered, and what becomes of messages that fail by themselves.

use simcap::outcome::Outcome;

use super::folder;

/// Requests at these milliseconds, each of which sends a message; nothing takes time beside the work of the function.
fn sent(name: &str, millis: &[u64], duration: &str, queue: &str, function: &str) -> Outcome {
    let lines: Vec<String> = millis.iter().map(u64::to_string).collect();
    let folder = folder(name, "trace.csv", &format!("at\n{}\n", lines.join("\n")));
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"100ms\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{{ send = \"jobs\" }}]\n\
         [queue.jobs]\nworkers = \"f\"\nlatency = \"0s\"\n{queue}\n\
         [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n{function}\n"
    );
    let scenario = match simcap::scenario::parse("test.toml", text.as_bytes(), &folder, &[]) {
        Ok(scenario) => scenario,
        Err(simcap::scenario::ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    };
    std::fs::remove_dir_all(folder).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

fn rows(column: &[f64]) -> Vec<usize> {
    column.iter().enumerate().filter(|(_, value)| **value > 0.0).map(|(row, _)| row).collect()
}

/// A message at 1.05 s is gathered with what comes within five seconds. There are five pollers, and those that wait are served in turn: each of five messages has a poller of
/// its own, and each invocation begins five seconds after its message came. The sixth one goes to the first poller, which still gathers.
#[test]
fn a_window_gathers_from_the_first_message_on() {
    let millis = [1_050, 1_150, 1_250, 1_350, 1_450, 1_550];
    let queue = "batching_window = \"5s\"\ntime = \"10ms\"";
    let outcome = sent("window", &millis, "20s", queue, "");
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [60, 61, 62, 63, 64]);
    assert_eq!((outcome.lambdas[0].invocations, outcome.queues[0].deleted), (5.0, 6.0));
    // Without a window each message is invoked at once.
    let outcome = sent("no-window", &millis, "20s", "time = \"10ms\"", "");
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [10, 11, 12, 13, 14, 15]);
}

/// A batch that is full does not wait for the end of its window: 60 messages in a tenth of a second are two batches of 25, and ten that wait for five seconds.
#[test]
fn a_full_batch_goes_at_once() {
    let millis: Vec<u64> = (0..60).map(|_| 1_050).collect();
    let queue = "batching_window = \"5s\"\nbatch = 25\ntime = \"1ms\"";
    let outcome = sent("full", &millis, "20s", queue, "");
    let told = &outcome.lambdas[0];
    assert_eq!(outcome.queues[0].deleted, 60.0);
    let at_once = outcome.timeline.lambdas[0].invocations[10] * 0.1;
    // Pollers take what comes in turn: five calls that wait get the first five messages, and gather on.
    assert!(told.invocations >= 3.0 && told.invocations <= 6.0, "{told:?}");
    assert!(at_once >= 1.0 && rows(&outcome.timeline.lambdas[0].invocations).last() == Some(&60), "{told:?}");
    // A call deletes ten.
    assert!(outcome.queues[0].requests >= 60.0 + 6.0 + 6.0, "{:?}", outcome.queues[0]);
}

/// Of ten messages that come together, work on each takes 100 ms, and a service refuses the third one: `gate` has one server, which the first message of a second queue holds.
const GATED: &str = "batch = 10\nvisibility_timeout = \"30s\"\nsteps = [{ delay = \"100ms\" }, { service = \"gate\" }]";
/// A station that refuses whoever comes while another one is served, for 150 ms.
const GATE: &str = "timeout = \"20s\"\n[service.gate]\nservers = 1\nqueue = 0\ntime = \"0s\"\n\
                    [fault.shut]\nservice = \"gate\"\neffect = \"refuses\"\nat = \"1250ms\"\nfor = \"100ms\"\n";

/// The work on ten messages begins at 1 s, and each is at the gate after 100 ms: at 1.1 s, 1.2 s, 1.3 s and so on. It is shut from 1.25 s to 1.35 s, so that the third one fails.
/// Without a report the invocation ends there, and all ten come back 30 s later. With it, the other seven are done, nine are deleted at 2 s, and one comes back.
#[test]
fn only_what_failed_comes_back_where_the_function_reports_it() {
    let millis: Vec<u64> = (0..10).map(|_| 1_000).collect();
    // One poller takes all of them: they are sent while the others wait in line, so that each gets one; a window gathers nothing more, but lets a batch be delayed. So they are
    // delayed by the queue until all can be received at once.
    let plain = sent("whole", &millis, "29s", GATED, GATE);
    let report = sent("report", &millis, "29s", &format!("{GATED}\nreport_batch_item_failures = true"), GATE);
    let (all, some) = (&plain.queues[0], &report.queues[0]);
    assert!(all.failed > some.failed, "{all:?} {some:?}");
    assert_eq!(some.deleted + some.in_flight, 10.0);
    assert_eq!(all.deleted + all.in_flight, 10.0);
    assert!(some.deleted > all.deleted, "{all:?} {some:?}");
    assert_eq!(some.failed, some.in_flight);
}

/// On a FIFO queue what follows the message that failed comes back with it.
#[test]
fn on_a_fifo_queue_what_follows_comes_back_too() {
    let text = |kind: &str| {
        format!(
            "duration = \"20s\"\nbucket = \"100ms\"\n[traffic.all]\ninterarrival = \"1h\"\nrate = [[\"0s\", \"1/s\"], [\"1s\", \"1/s\"], [\"1s\", \"0/s\"], [\"20s\", \"0/s\"]]\n\
             [request.page]\nsteps = [{{ send = \"jobs\", messages = 10 }}]\n\
             [queue.jobs]\n{kind}workers = \"f\"\nlatency = \"0s\"\n{GATED}\nreport_batch_item_failures = true\n\
             [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n{GATE}"
        )
    };
    let of = |kind: &str| crate::run::run(&text(kind).replace("interarrival = \"1h\"\n", "interarrival = \"1s\"\n"), 1).queues.remove(0);
    let (standard, fifo) = (of(""), of("type = \"fifo\"\n"));
    assert_eq!(standard.sent, fifo.sent);
    assert!(standard.failed <= 1.0 && fifo.failed <= 1.0, "{standard:?} {fifo:?}");
    if fifo.failed == 1.0 {
        assert!(fifo.in_flight > standard.in_flight, "{standard:?} {fifo:?}");
    }
}

/// What takes too long ends with its environment, and all of its batch comes back, reported or not.
#[test]
fn a_timeout_is_that_of_the_whole_batch() {
    let queue = "batch = 10\nvisibility_timeout = \"30s\"\nsteps = [{ delay = \"400ms\" }]\nreport_batch_item_failures = true";
    let outcome = crate::run::run(
        &format!(
            "duration = \"20s\"\n[traffic.all]\nrate = [[\"0s\", \"2/s\"], [\"1s\", \"2/s\"], [\"1s\", \"0/s\"], [\"20s\", \"0/s\"]]\ninterarrival = \"1s\"\n\
             [request.page]\nsteps = [{{ send = \"jobs\", messages = 10 }}]\n[queue.jobs]\nworkers = \"f\"\nlatency = \"0s\"\n{queue}\n\
             [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntimeout = \"1s\"\n"
        ),
        1,
    );
    let (queue, function) = (&outcome.queues[0], &outcome.lambdas[0]);
    assert!(function.timeouts >= 1.0 && function.timeouts == function.invocations, "{function:?}");
    assert_eq!((queue.deleted, queue.failed, queue.in_flight), (0.0, queue.sent, queue.sent));
}
