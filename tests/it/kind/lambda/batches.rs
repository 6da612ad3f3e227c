//! Batches of a queue whose workers are a function: how they are gathered, and what becomes of messages that fail by themselves.

use simcap::outcome::Outcome;

use super::folder;

/// Requests at these milliseconds, each of which sends so many messages; nothing takes time beside the work of the function.
fn sent(
    name: &str,
    (millis, messages): (&[u64], u32),
    duration: &str,
    queue: &str,
    function: &str,
) -> Outcome {
    let lines: Vec<String> = millis.iter().map(u64::to_string).collect();
    let folder = folder(name, "trace.csv", &format!("at\n{}\n", lines.join("\n")));
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"100ms\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{{ send = \"jobs\", messages = {messages} }}]\n\
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

/// There are five pollers, and those that wait are served in turn: each of five messages goes to another one, and each invocation begins five seconds after its message came.
/// The sixth message goes to the first poller, which still gathers.
#[test]
fn a_window_gathers_from_the_first_message_on() {
    let millis = [1_050, 1_150, 1_250, 1_350, 1_450, 1_550];
    let queue = "batching_window = \"5s\"\ntime = \"10ms\"";
    let outcome = sent("window", (&millis, 1), "20s", queue, "");
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [60, 61, 62, 63, 64]);
    assert_eq!((outcome.lambdas[0].invocations, outcome.queues[0].deleted), (5.0, 6.0));
    // Without a window each message is invoked at once.
    let outcome = sent("no-window", (&millis, 1), "20s", "time = \"10ms\"", "");
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [10, 11, 12, 13, 14, 15]);
}

/// A batch of 25 that is full does not wait for the end of its window. Two pollers get 10 messages each in turn, at 1.05 s and so on: at 1.45 s the first one takes the five that it
/// lacks, and the second one the other five. What comes at 1.55 s waits for five seconds.
#[test]
fn a_full_batch_goes_at_once() {
    let millis = [1_050, 1_150, 1_250, 1_350, 1_450, 1_550];
    let queue = "batching_window = \"5s\"\nbatch = 25\nmaximum_concurrency = 2\ntime = \"1ms\"";
    let outcome = sent("full", (&millis, 10), "20s", queue, "");
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [14, 65]);
    let told = &outcome.queues[0];
    assert_eq!((outcome.lambdas[0].invocations, told.deleted), (3.0, 60.0));
    // Six calls that send, seven that receive something, and of those that delete, ten messages each, three and three and one.
    assert_eq!(told.requests, 6.0 + 7.0 + 7.0 + told.empty);
}

/// Work on each message takes 100 ms, and then it passes a gate.
const WORK: &str = "visibility_timeout = \"30s\"\nsteps = [{ delay = \"100ms\" }, { service = \"gate\" }]";
/// That refuses everything from 1.25 s to 1.35 s.
const GATE: &str = "timeout = \"20s\"\n[service.gate]\nservers = 1\ntime = \"0s\"\n\
                    [fault.shut]\nservice = \"gate\"\neffect = \"refuses\"\nshare = \"100%\"\nat = \"1250ms\"\nfor = \"100ms\"\n";
const REPORT: &str = "report_batch_item_failures = true\n";

/// Ten messages come at 1 s, and are at the gate at 1.1 s, 1.2 s, 1.3 s and so on: the third one fails. The invocation ends there, and all ten come back 30 s later. If the function
/// reports it, the other seven are done, nine are deleted at 2 s, and one comes back.
#[test]
fn only_what_failed_comes_back_where_the_function_reports_it() {
    let plain = sent("whole", (&[1_000], 10), "29s", WORK, GATE).queues.remove(0);
    assert_eq!((plain.deleted, plain.failed, plain.in_flight), (0.0, 10.0, 10.0));
    let outcome = sent("report", (&[1_000], 10), "40s", &format!("{REPORT}{WORK}"), GATE);
    let deleted = &outcome.timeline.queues[0].deleted;
    assert_eq!(rows(deleted), [20, 311]);
    assert_eq!([20, 311].map(|row| (deleted[row] * 0.1).round()), [9.0, 1.0]);
    let (report, function) = (&outcome.queues[0], &outcome.lambdas[0]);
    assert_eq!((report.deleted, report.failed, report.received, report.again), (10.0, 1.0, 11.0, 1.0));
    // An invocation of a second, and one of 100 ms.
    assert_eq!((function.invocations, function.billed_s), (2.0, 1.1));
}

/// On a FIFO queue what follows the message that failed comes back with it, and is not worked on before.
#[test]
fn on_a_fifo_queue_what_follows_comes_back_too() {
    let outcome = sent("fifo", (&[1_000], 10), "29s", &format!("type = \"fifo\"\n{REPORT}{WORK}"), GATE);
    let told = &outcome.queues[0];
    assert_eq!((told.deleted, told.failed, told.in_flight), (2.0, 1.0, 8.0));
    assert_eq!(outcome.lambdas[0].billed_s, 0.3);
}

/// Where all messages of a batch fail, nothing is deleted: there is no call for that.
#[test]
fn where_all_fail_nothing_is_deleted() {
    let outcome = sent("none", (&[1_180], 1), "29s", &format!("{REPORT}{WORK}"), GATE);
    let told = &outcome.queues[0];
    assert_eq!((told.deleted, told.failed, told.in_flight), (0.0, 1.0, 1.0));
    assert_eq!(told.requests, 1.0 + 1.0 + told.empty);
}

/// What takes too long ends with its environment, and all of its batch comes back, reported or not.
#[test]
fn a_timeout_is_that_of_the_whole_batch() {
    for report in ["", REPORT] {
        let queue = format!("{report}visibility_timeout = \"30s\"\nsteps = [{{ delay = \"400ms\" }}]");
        let name = format!("late-{}", report.len());
        let outcome = sent(&name, (&[1_000], 10), "20s", &queue, "timeout = \"1s\"");
        let (queue, function) = (&outcome.queues[0], &outcome.lambdas[0]);
        assert_eq!((function.invocations, function.timeouts, function.billed_s), (1.0, 1.0, 1.0));
        assert_eq!((queue.deleted, queue.failed, queue.in_flight), (0.0, 10.0, 10.0));
    }
}

/// Messages are conserved, whatever fails: work, batches that take too long, calls of a FIFO queue that are throttled.
#[test]
fn messages_of_batches_are_conserved() {
    let text = r#"
        duration = "20m"
        [traffic.all]
        rate = [["0m", "20/s"], ["5m", "90/s"], ["10m", "5/s"], ["20m", "40/s"]]
        requests = { one = 1, two = 1 }
        [request.one]
        steps = [{ send = "a", messages = 3 }]
        [request.two]
        steps = [{ send = "b", messages = 2 }]
        [queue.a]
        workers = "f"
        batch = 100
        batching_window = "3s"
        report_batch_item_failures = true
        visibility_timeout = "20s"
        dead_letter = "dead"
        max_receive_count = 2
        steps = [{ cpu = "exponential 5ms" }, { service = "pay" }, { send = "b" }]
        [queue.b]
        type = "fifo"
        groups = { count = 20, zipf = 0.5 }
        workers = "f"
        report_batch_item_failures = true
        visibility_timeout = "10s"
        retention = "5m"
        steps = [{ service = "pay" }, { delay = "exponential 60ms" }]
        [queue.dead]
        [service.pay]
        servers = 5
        queue = 3
        time = "exponential 30ms"
        [lambda.f]
        timeout = "2s"
        [account]
        lambda_concurrency = 150
    "#;
    for seed in 1..=2 {
        let outcome = crate::run::run(text, seed);
        for queue in &outcome.queues {
            let went = queue.deleted + queue.dead_lettered + queue.expired;
            let there = queue.delayed + queue.visible + queue.in_flight;
            assert_eq!(queue.sent + queue.taken_over, went + there, "{queue:?}");
        }
        let [a, b, dead] = &outcome.queues[..] else { panic!() };
        assert!(a.failed > 50.0 && b.failed > 50.0 && outcome.lambdas[0].timeouts > 5.0, "{a:?} {b:?}");
        assert!(a.deleted > 1_000.0 && b.deleted > 1_000.0 && dead.taken_over > 10.0, "{a:?} {b:?}");
    }
}
