//! Service stations whose number of servers changes, and the order of service, instant by instant.

use simcap::outcome::Outcome;

use crate::run::run;

fn station(seconds: &str, source: &str, service: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}\"\n{source}\n[request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\n{service}\n"
        ),
        1,
    )
}

/// One request each second, two seconds of work. One server falls behind by a second with each request; from 10 s on
/// three catch up.
#[test]
fn servers_that_join_take_those_who_wait() {
    let desk = "servers = [[\"0s\", 1], [\"10s\", 3]]\ntime = \"2s\"";
    let run = station("100s", "[traffic.all]\ninterarrival = \"1s\"", desk);
    // Request k comes at k s; the first is served from 1 s on, the others begin when the one before ends. At 10 s two
    // servers join and take the 6th and the 7th, and from 11 s on there is a server for each arrival.
    let mut free = vec![0u64];
    let mut waits = Vec::new();
    for k in 1..=97u64 {
        let mut begin = k.max(*free.iter().min().unwrap());
        if free.len() == 1 && begin > 10 {
            free.extend([10, 10]);
            begin = k.max(10);
        }
        let server = (0..free.len()).min_by_key(|&server| free[server]).unwrap();
        free[server] = begin + 2;
        waits.push(begin - k);
    }
    let mean = 1e3 * waits.iter().sum::<u64>() as f64 / waits.len() as f64;
    // The requests of 98 and 99 s have a server at once, and are still inside at the end.
    let expected = mean * 97.0 / 99.0;
    assert!(
        (run.services[0].mean_wait_ms - expected).abs() < 1e-6,
        "{} {expected}",
        run.services[0].mean_wait_ms
    );
    assert_eq!(run.services[0].wait_ms.max, 1e3 * *waits.iter().max().unwrap() as f64);
}

/// Two requests at once, 10 s each, on two servers of which one leaves at 5 s: both are done at 11 s, the next one at
/// 21 s.
#[test]
fn a_server_that_leaves_finishes_its_request() {
    for discipline in ["fifo", "priority"] {
        let desk =
            format!("servers = [[\"0s\", 2], [\"5s\", 1]]\ntime = \"10s\"\ndiscipline = \"{discipline}\"");
        let users = "[users.all]\ncount = 3\nthink = \"1s\"";
        let run = station("20.5s", users, &desk);
        assert_eq!((run.services[0].served, run.services[0].arrived), (2.0, 5.0), "{discipline}");
        assert_eq!(run.services[0].delayed, 3.0, "{discipline}: the third at 1 s, the others again at 12 s");
        // Servers: 2 for 5 s and 1 for 15.5 s. Busy: two for 10 s, one for 9.5 s.
        assert!((run.services[0].utilisation - 29.5 / 25.5).abs() < 1e-9, "{}", run.services[0].utilisation);
    }
}

/// A request every 10 ms takes 1 ms; from 10 s to 11 s there is no server. The backlog of 100 is worked off at 900 a
/// second.
#[test]
fn a_server_that_stalls_leaves_a_backlog() {
    let desk = "servers = [[\"0s\", 1], [\"9.9995s\", 0], [\"11s\", 1]]\ntime = \"1ms\"";
    let run = station("100s", "[traffic.all]\ninterarrival = \"10ms\"", desk);
    // Request k of the backlog comes at 10 s + 10 k ms and begins at 11 s + k ms.
    let waits: Vec<f64> =
        (0..).map(|k| 1_000.0 - 9.0 * f64::from(k)).take_while(|wait| *wait > 0.0).collect();
    assert_eq!(run.services[0].delayed, waits.len() as f64);
    let mean = waits.iter().sum::<f64>() / run.services[0].arrived;
    assert!((run.services[0].mean_wait_ms - mean).abs() < 1e-6);
    assert_eq!(run.latency_ms.max, 1_001.0);
}

/// Three gold and three plain users send a request at 1 s; one server, a second each: gold first, although plain came
/// first. When a client gives up, its place in the queue is free.
#[test]
fn a_line_serves_by_priority_and_forgets_who_has_left() {
    let text = |client: &str| {
        format!(
            "duration = \"6.5s\"\n[users.plain]\ncount = 3\nthink = \"1s\"\nrequests = \"plain\"\n{client}\n\
             [users.gold]\ncount = 3\nthink = \"1001ms\"\nrequests = \"gold\"\n\
             [request.plain]\nsteps = [{{ service = \"desk\" }}]\n\
             [request.gold]\npriority = 7\nsteps = [{{ service = \"desk\" }}]\n\
             [service.desk]\nservers = 1\ntime = \"1s\"\ndiscipline = \"priority\"\n"
        )
    };
    let completed = |run: &Outcome| {
        run.classes.iter().map(|class| (class.requests.completed, class.latency_ms.max)).collect::<Vec<_>>()
    };
    // The first plain one ends at 2 s, then the gold ones at 3, 4, 5 s and, the first of them again, at 6 s.
    assert_eq!(completed(&run(&text(""), 1)), [(1.0, 1_000.0), (4.0, 3_999.0)]);
    let impatient = "client = { timeout = \"1.5s\", on_timeout = \"cancel\" }";
    let outcome = run(&text(impatient), 1);
    // Two plain ones gave up at 2.5 s and came again; they were never served.
    assert_eq!(outcome.services[0].served, 5.0);
    assert_eq!(
        (outcome.attempts.failed, outcome.abandoned.ended),
        (5.0, 0.0),
        "who leaves a line is worked for no more"
    );
}

/// A message takes one of two servers for 480 ms: 8/s are 192 % over the run, and 4/s are 96 %.
#[test]
fn messages_that_ask_for_more_than_all_servers_are_warned_of() {
    let warned = |rate: &str| {
        let text = format!(
            "duration = \"10m\"\n[traffic.all]\nrate = \"{rate}\"\n[request.put]\nsteps = [{{ send = \"jobs\" }}]\n[queue.jobs]\n\
             workers = \"crew\"\nsteps = [{{ service = \"desk\" }}]\npollers = 20\nwait = \"20s\"\n[fleet.crew]\n\
             instance = \"m5.large\"\ninstances = 1\n[service.desk]\nservers = 2\ntime = \"480ms\"\n"
        );
        let warnings = crate::run::run(&text, 1).warnings;
        warnings.into_iter().find(|it| it.at == ["service", "desk", "servers"]).map(|it| it.message)
    };
    let message = "over the whole run messages ask for 1.92 times the servers of service `desk`";
    assert_eq!(warned("8/s").as_deref(), Some(message));
    assert_eq!(warned("4/s"), None);
}
