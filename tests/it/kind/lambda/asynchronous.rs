//! Events: asynchronous invocations that wait in the queue of Lambda, are tried again, dropped, and sent on.

use simcap::outcome::LambdaOutcome;
use simcap::outcome::Outcome;

use super::folder;
use crate::run::run;

/// Requests at these milliseconds, each of which invokes `f` by an event. Nothing takes time beside what the function says.
fn events(name: &str, millis: &[u64], duration: &str, bucket: &str, function: &str) -> Outcome {
    let lines: Vec<String> = millis.iter().map(u64::to_string).collect();
    let folder = folder(name, "trace.csv", &format!("at\n{}\n", lines.join("\n")));
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"{bucket}\"\n[traffic.all]\n\
         replay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{{ invoke = \"f\" }}]\n\
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

/// The rows in which a column is not zero.
fn rows(column: &[f64]) -> Vec<usize> {
    column.iter().enumerate().filter(|(_, value)| **value > 0.0).map(|(row, _)| row).collect()
}

/// What came has succeeded, was dropped, or is still there.
fn is_conserved(of: &LambdaOutcome) {
    let went = of.events_done + of.events_dropped + of.events_too_old;
    assert_eq!(of.events, went + of.events_there, "{of:?}");
}

/// Work of five seconds in a function that has one. The event comes at 0.1 s, and its invocation fails at 1.1 s. It is tried again a minute later, at 61.1 s, and two minutes
/// after that has failed, at 182.1 s. At 183.1 s it is dropped.
#[test]
fn an_event_is_tried_again_after_one_minute_and_after_two() {
    let outcome = events("retries", &[100], "200s", "100ms", "timeout = \"1s\"\ntime = \"5s\"");
    let (told, series) = (&outcome.lambdas[0], &outcome.timeline.lambdas[0]);
    assert_eq!(rows(&series.invocations), [1, 611, 1_821]);
    assert_eq!(rows(&series.events_dropped), [1_831]);
    assert_eq!((told.events, told.events_dropped, told.events_retried, told.timeouts), (1.0, 1.0, 2.0, 3.0));
    assert_eq!((told.events_done, told.events_too_old, told.events_there), (0.0, 0.0, 0.0));
    // Each try is paid for, and the age is that at which each began: 0 s, 61 s and 182 s.
    assert_eq!((told.billed_s, told.event_age_ms.count), (3.0, 3));
    assert!((told.event_age_ms.max / 182_000.0 - 1.0).abs() < 2e-3, "{:?}", told.event_age_ms);
    // The caller was answered at once.
    assert_eq!((outcome.requests.completed, outcome.latency_ms.max), (1.0, 0.0));
    assert_eq!(series.event_age_s[1_830], 183.0);
}

/// With one retry, and with none.
#[test]
fn there_are_as_many_retries_as_the_file_says() {
    for (retries, invoked, dropped) in [(0, vec![0], 1), (1, vec![0, 61], 62)] {
        let function = format!("timeout = \"1s\"\ntime = \"5s\"\nasynchronous = {{ retries = {retries} }}");
        let outcome = events(&format!("few-{retries}"), &[100], "200s", "1s", &function);
        let series = &outcome.timeline.lambdas[0];
        assert_eq!((rows(&series.invocations), rows(&series.events_dropped)), (invoked, vec![dropped]));
        is_conserved(&outcome.lambdas[0]);
    }
}

/// A function without concurrency throttles each try. Pauses double from a second to five minutes: tries at 0.1 s, 1.1 s, 3.1 s, 7.1 s, and so on, at 511.1 s and
/// 811.1 s. After fifteen minutes the event is too old.
#[test]
fn a_throttled_event_is_tried_again_after_pauses_that_double() {
    let function = "time = \"1s\"\nreserved_concurrency = 0\nasynchronous = { maximum_event_age = \"15m\", retries = 0 }";
    let outcome = events("throttled", &[100], "20m", "1s", function);
    let (told, series) = (&outcome.lambdas[0], &outcome.timeline.lambdas[0]);
    assert_eq!(rows(&series.throttled), [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811]);
    assert_eq!(rows(&series.events_dropped), [900]);
    assert_eq!((told.events_too_old, told.events_dropped, told.invocations), (1.0, 0.0, 0.0));
    is_conserved(told);
}

/// Two events and one environment: the second one is throttled at 0.1 s and at 1.1 s, and runs at 3.1 s, when the first one has ended at 2.1 s.
#[test]
fn a_throttle_is_no_failure() {
    let function = "time = \"2s\"\nreserved_concurrency = 1\nasynchronous = { retries = 0 }";
    let outcome = events("waits", &[100, 100], "10s", "100ms", function);
    let (told, series) = (&outcome.lambdas[0], &outcome.timeline.lambdas[0]);
    assert_eq!((rows(&series.invocations), rows(&series.throttled)), (vec![1, 31], vec![1, 11]));
    assert_eq!((told.events_done, told.over_concurrency, told.events_retried), (2.0, 2.0, 0.0));
}

/// An event may be 60 s old. Its invocation fails at 1.1 s, and would be tried again at 61.1 s: at 60.1 s it is dropped. One that may be 61 s old is in time then, and
/// is dropped when that has failed as well.
#[test]
fn an_event_that_is_too_old_is_dropped() {
    for (age, invoked, dropped) in [("60s", vec![1], 601), ("61s", vec![1, 611], 621)] {
        let function =
            format!("timeout = \"1s\"\ntime = \"5s\"\nasynchronous = {{ maximum_event_age = \"{age}\" }}");
        let outcome = events(&format!("old-{age}"), &[100], "200s", "100ms", &function);
        let (told, series) = (&outcome.lambdas[0], &outcome.timeline.lambdas[0]);
        assert_eq!(
            (rows(&series.invocations), rows(&series.events_dropped)),
            (invoked, vec![dropped]),
            "{age}"
        );
        assert_eq!((told.events_too_old, told.events_dropped), (1.0, 0.0));
    }
}

/// What was dropped goes to a queue, and what succeeded to two queues of a topic and to another function.
#[test]
fn destinations_are_told_of_what_failed_and_of_what_succeeded() {
    let rest = "[queue.dead]\nlatency = \"20ms\"\n[queue.a]\n[queue.b]\n[topic.done]\nqueues = [\"a\", \"b\"]\n\
                [lambda.g]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntime = \"1s\"\n";
    let fails = format!(
        "timeout = \"1s\"\ntime = \"5s\"\nasynchronous = {{ on_failure = \"dead\", on_success = \"done\" }}\n{rest}"
    );
    let outcome = events("fails", &[100, 700], "200s", "10ms", &fails);
    let sent = |name: &str| outcome.queues.iter().find(|it| it.name == name).unwrap().sent;
    assert_eq!((sent("dead"), sent("a"), sent("b")), (2.0, 0.0, 0.0));
    // Half of the time of the call after it was dropped, at 183.1 s and 183.7 s.
    assert_eq!(rows(&outcome.timeline.queues[0].sent), [18_311, 18_371]);
    let works =
        format!("time = \"1s\"\nasynchronous = {{ on_failure = \"dead\", on_success = \"done\" }}\n{rest}");
    let outcome = events("works", &[100, 700], "10s", "10ms", &works);
    let sent = |name: &str| outcome.queues.iter().find(|it| it.name == name).unwrap().sent;
    assert_eq!((sent("dead"), sent("a"), sent("b")), (0.0, 2.0, 2.0));
    let chained = format!("time = \"1s\"\nasynchronous = {{ on_success = \"g\" }}\n{rest}");
    let outcome = events("chained", &[100, 700], "10s", "100ms", &chained);
    let series = |name: &str| outcome.timeline.lambdas.iter().find(|it| it.name == name).unwrap();
    assert_eq!((rows(&series("f").invocations), rows(&series("g").invocations)), (vec![1, 7], vec![11, 17]));
    outcome.lambdas.iter().for_each(is_conserved);
}

/// The limit of ten requests a second for each environment is for callers that wait: of 20 in 0.2 s eleven get through, and all events do.
#[test]
fn events_have_no_limit_of_requests_a_second() {
    let millis: Vec<u64> = (0..20).map(|at| 100 + 10 * at).collect();
    let limited = "timeout = \"1s\"\ninit = \"0s\"\nreserved_concurrency = 1";
    let waiting = super::at("rate", &millis, "2s", "{ delay = \"1ms\" }", limited);
    assert_eq!(waiting.lambdas[0].over_rate, 9.0);
    let outcome = events("no-rate", &millis, "2s", "1s", "time = \"1ms\"\nreserved_concurrency = 1");
    assert_eq!((outcome.lambdas[0].over_rate, outcome.lambdas[0].events_done), (0.0, 20.0));
}

/// An event waits for a cold start as a request does, and its caller does not: it takes the way to Lambda and back.
#[test]
fn the_caller_does_not_wait_for_the_function() {
    let text = "duration = \"20s\"\nbucket = \"100ms\"\n[traffic.all]\nrate = \"1/h\"\ninterarrival = \"5s\"\n[client]\nround_trip = \"0s\"\n\
                [request.page]\nsteps = [{ invoke = \"f\" }]\n[lambda.f]\nhop = \"7ms\"\nplacement = \"100ms\"\ninit = \"200ms\"\ntime = \"1s\"\n";
    let text = text.replace("rate = \"1/h\"\n", "");
    let outcome = run(&text, 1);
    assert_eq!(outcome.latency_ms.max, 14.0);
    let told = &outcome.lambdas[0];
    assert_eq!((told.cold, told.events_done), (1.0, outcome.requests.arrived));
}

/// An invocation fails as well where its work does: a service that refuses. What it did elsewhere is done again.
#[test]
fn a_step_that_fails_is_a_failed_invocation() {
    let function = "steps = [{ service = \"a\" }, { service = \"none\" }]\n[service.a]\nservers = 9\ntime = \"0s\"\n\
                    [service.none]\nservers = 1\nqueue = 0\ntime = \"1h\"\n";
    // The first event takes the only server of `none`, and fails after the three seconds that the function has; the second one is refused.
    let outcome = events("refused", &[100, 200], "10m", "100ms", function);
    let told = &outcome.lambdas[0];
    assert_eq!((told.events_dropped, told.timeouts, told.invocations), (2.0, 1.0, 6.0));
    assert_eq!(outcome.services[0].arrived, 6.0);
    is_conserved(told);
}

/// Everything at once: throttles, failures, time outs, cold starts, chains of functions, destinations, old events.
#[test]
fn events_are_conserved_whatever_happens_to_them() {
    let text = r#"
        duration = "40m"
        bucket = "10s"
        [traffic.all]
        rate = [["0m", "5/s"], ["5m", "60/s"], ["10m", "2/s"], ["40m", "8/s"]]
        requests = { one = 3, two = 1 }
        [request.one]
        steps = [{ invoke = "first" }]
        [request.two]
        via = "second"
        steps = [{ cpu = "exponential 50ms" }, { invoke = "third" }]
        [lambda.first]
        steps = [{ cpu = "exponential 100ms" }, { service = "pay" }, { invoke = "third" }]
        asynchronous = { on_success = "second", on_failure = "dead", maximum_event_age = "3m" }
        [lambda.second]
        timeout = "300ms"
        time = "exponential 150ms"
        asynchronous = { retries = 1, on_failure = "third" }
        [lambda.third]
        time = "exponential 400ms"
        reserved_concurrency = 5
        asynchronous = { maximum_event_age = "70s", on_success = "done" }
        [account]
        lambda_concurrency = 130
        [service.pay]
        servers = 4
        queue = 5
        time = "exponential 200ms"
        [queue.dead]
        [queue.done]
        workers = "fourth"
        time = "100ms"
        [lambda.fourth]
    "#;
    for seed in 1..=3 {
        let outcome = run(text, seed);
        outcome.lambdas.iter().for_each(is_conserved);
        let [first, second, third, _] = &outcome.lambdas[..] else { panic!() };
        assert!(first.events_dropped + first.events_too_old > 10.0, "{first:?}");
        assert!(second.timeouts > 10.0 && second.events_retried > 10.0, "{second:?}");
        assert!(third.over_concurrency > 10.0 && third.events_too_old > 10.0, "{third:?}");
        let [dead, done] = &outcome.queues[..] else { panic!() };
        // What is on its way to a queue at the end is not there yet.
        let lost = first.events_dropped + first.events_too_old;
        assert!(lost - dead.sent <= 1.0 && dead.sent <= lost, "{dead:?} {first:?}");
        assert!(third.events_done - done.sent <= 5.0 && done.sent <= third.events_done, "{done:?} {third:?}");
    }
}

/// One of two events is dropped, which an objective can bound.
#[test]
fn an_objective_bounds_dropped_events() {
    let met = |bound: &str| {
        let function = format!(
            "timeout = \"1s\"\ntime = \"2s\"\nasynchronous = {{ retries = 0 }}\n[lambda.g]\n[objectives]\ndropped_events = \"{bound}\"\n"
        );
        events("bound", &[100, 9_500], "10s", "1s", &function).objectives_met()
    };
    // One of the two is still worked on at the end.
    assert!(met("<= 50%") && met("f <= 50%") && !met("< 50%"));
}

/// Most events are dropped: that is trouble, and what there is of it is said.
#[test]
fn dropped_events_are_told() {
    let function = "timeout = \"1s\"\ntime = \"5s\"\nasynchronous = { retries = 0 }";
    let millis: Vec<u64> = (0..60).map(|at| 60_000 + 1_000 * at).collect();
    let outcome = events("told", &millis, "5m", "1s", function);
    let page = simcap::report::page(&outcome, &[]);
    assert!(page.contains("events of function `f`"), "{page}");
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |functions: &str| {
        let text = format!(
            "duration = \"1m\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nsteps = [{{ invoke = \"f\" }}]\n\
             [queue.fifo]\ntype = \"fifo\"\n{functions}"
        );
        match simcap::scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]) {
            Err(simcap::scenario::ScenarioError::Invalid(report)) => report.render(false),
            other => panic!("{other:?}"),
        }
    };
    assert!(refused("[lambda.f]\n").contains("function `f` has nothing to do with an event"));
    assert!(
        refused("[lambda.f]\nasynchronous = { retries = 1 }\n").contains("has nothing to do with an event")
    );
    let with = |asynchronous: &str| {
        format!("[lambda.f]\ntime = \"1s\"\nasynchronous = {{ {asynchronous} }}\n[lambda.g]\n")
    };
    assert!(refused(&with("on_failure = \"fifo\"")).contains("is a FIFO queue"));
    assert!(refused(&with("on_success = \"g\"")).contains("`g`, has nothing to do with an event"));
    assert!(refused(&with("on_success = \"f\"")).contains("is the function itself"));
    assert!(refused(&with("retries = 3")).contains("retries"));
    assert!(refused(&with("maximum_event_age = \"59s\"")).contains("maximum_event_age"));
    assert!(refused(&with("maximum_event_age = \"7h\"")).contains("maximum_event_age"));
}

/// A Region is lost while an event is worked on, from 10 s to 30 s: the event is tried again when it is back, and has not failed.
#[test]
fn events_wait_for_their_region() {
    let text = "region = \"ap-northeast-2\"\nduration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"9s\"\n\
                rate = [[\"0s\", \"1/s\"], [\"9500ms\", \"1/s\"], [\"9500ms\", \"0/s\"], [\"60s\", \"0/s\"]]\n[client]\nround_trip = \"0s\"\n\
                [request.page]\nsteps = [{ invoke = \"f\" }]\n[lambda.f]\nregion = \"us-east-1\"\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntime = \"2500ms\"\n\
                asynchronous = { retries = 0 }\n[fault.gone]\nregion = \"us-east-1\"\nat = \"10s\"\nfor = \"20s\"\n";
    let text = text.replace("interarrival = \"9s\"\n", "interarrival = \"1s\"\n");
    let outcome = run(&text, 1);
    let (told, series) = (&outcome.lambdas[0], &outcome.timeline.lambdas[0]);
    is_conserved(told);
    assert_eq!((told.events_done, told.events_dropped, told.events_there), (told.events, 0.0, 0.0));
    // Those of the last two and a half seconds were worked on when it was lost.
    let again: f64 = series.invocations[30];
    assert!((2.0..=3.0).contains(&again) && rows(&series.invocations).last() == Some(&30), "{series:?}");
    assert_eq!(told.invocations, told.events + again);
    assert_eq!(told.events_retried, 0.0);
}

/// Fifty events a second of a second each are half of a hundred: their function is full at twice the traffic.
#[test]
fn the_headroom_of_a_function_counts_its_events() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"50/s\"\ninterarrival = \"1s\"\n[request.page]\nsteps = [{ invoke = \"f\" }]\n\
                [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntime = \"1s\"\nreserved_concurrency = 100\n";
    let calm = run(text, 1);
    let limit = |outcome: &Outcome| {
        let of = simcap::outcome::Resource::Concurrency { lambda: 0 };
        outcome.headroom.iter().find(|it| it.of == of).unwrap().limit().unwrap()
    };
    assert!((limit(&calm) / 2.0 - 1.0).abs() < 0.05, "{:?}", calm.headroom);
    // With a third of that it has no room: what was asked for is three halves of what there is, however often it was tried.
    let tight = run(&text.replace("concurrency = 100", "concurrency = 33"), 1);
    assert!((limit(&tight) / (33.0 / 50.0) - 1.0).abs() < 0.1, "{:?}", tight.headroom);
}
