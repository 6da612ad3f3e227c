//! Retries that belong to the traffic, and those that come of what is full or lost.

use super::*;

/// 12.5/s whose clients give up after 300 ms, three times each, of what takes 400 ms: 15 of 8 servers. 40 users who think for 2 s send
/// one request each 2 s + 3 × 300 ms + 100 ms + 200 ms.
#[test]
fn what_an_impatient_client_tries_again_whatever_the_load_belongs_to_the_traffic() {
    let text = |traffic: &str, time: &str| {
        format!(
            "duration = \"6m\"\n{traffic}\nclient = {{ timeout = \"300ms\", retries = {{ max = 2, backoff = \"100ms\", \
             jitter = \"none\" }} }}\n[request.buy]\nsteps = [{{ service = \"gate\" }}]\n[service.gate]\nservers = 8\n\
             time = \"{time}\"\n"
        )
    };
    let open = run(&text("[traffic.people]\nrate = \"12.5/s\"\ninterarrival = \"10ms\"", "400ms"));
    let gate = of(&open, "gate");
    assert!(gate.saturated && (gate.limit().unwrap() / (8.0 / 15.0) - 1.0).abs() < 0.02, "{gate:?}");
    let closed = run(&text("[users.people]\ncount = 40\nthink = \"exponential 2s\"", "400ms"));
    let gate = of(&closed, "gate");
    let exact = 8.0 / (40.0 / 3.2 * 3.0 * 0.4);
    assert!(gate.saturated && (gate.limit().unwrap() / exact - 1.0).abs() < 0.08, "{gate:?}, not {exact}");
    // Of exponential answers e^(−0.75) are late, and so many of those again.
    let late = libm::exp(-0.75);
    let open = run(&text("[traffic.people]\nrate = \"20/s\"", "exponential 400ms"));
    let exact = 8.0 / (20.0 * 0.4 * (1.0 + late + late * late));
    let gate = of(&open, "gate");
    // Of 7,200 requests, five standard deviations are 8 %; of 4,000 that are drawn, 4 %.
    assert!(gate.saturated && (gate.limit().unwrap() / exact - 1.0).abs() < 0.12, "{gate:?}, not {exact}");
}

/// For a minute one of two instances is lost, and half of the attempts wait there in vain. Each is tried again by way of the desk, which
/// one request in 20 ms keeps busy for 10 ms: a twentieth of its ten servers.
#[test]
fn what_is_tried_again_because_something_is_lost_counts_once() {
    let outcome = run(
        "duration = \"300s\"\n[traffic.all]\nrate = \"50/s\"\ninterarrival = \"20ms\"\nclient = { timeout = \"500ms\", \
         retries = { max = 3, backoff = \"100ms\", jitter = \"none\" } }\n[request.page]\nsteps = [{ service = \"desk\" }, \
         { call = \"lb\", steps = [{ cpu = \"2ms\" }] }]\n[service.desk]\nservers = 10\ntime = \"10ms\"\n[balancer.lb]\n\
         targets = \"web\"\nhealth_check = { interval = \"300s\" }\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n\
         [fault.outage]\nzone = \"a\"\nat = \"60s\"\nfor = \"60s\"\n",
    );
    assert!(outcome.requests.failed > 100.0, "{:?}", outcome.requests);
    let desk = of(&outcome, "desk");
    assert!((desk.limit().unwrap() / 20.0 - 1.0).abs() < 0.03, "{desk:?}");
}

/// 40 users in step: each asks three times within 2 s of thinking, 3 × 300 ms and 300 ms of pauses, for 400 ms of eight servers. What
/// comes at once comes again before it is worked off: that is no question of how long may be waited.
#[test]
fn users_in_step_who_never_let_it_be_worked_off_have_a_figure() {
    let text = |count: u32, servers: u32, think: &str| {
        format!(
            "duration = \"6m\"\n[users.people]\ncount = {count}\nthink = \"{think}\"\nclient = {{ timeout = \"300ms\", \
             retries = {{ max = 2, backoff = \"100ms\", jitter = \"none\" }} }}\n[request.buy]\n\
             steps = [{{ service = \"gate\" }}]\n[service.gate]\nservers = {servers}\ntime = \"400ms\"\n"
        )
    };
    for (count, servers, think, think_s) in [(40, 8, "2s", 2.0), (60, 8, "2s", 2.0), (100, 10, "5s", 5.0)] {
        let outcome = run(&text(count, servers, think));
        let gate = of(&outcome, "gate");
        let exact = f64::from(servers) / (f64::from(count) / (think_s + 1.2) * 1.2);
        let off = gate.limit().unwrap() / exact - 1.0;
        assert!(gate.saturated && !gate.is_open() && off.abs() < 0.04, "{count}: {gate:?}, not {exact}");
    }
    // 16 s of work for eight servers each 11 s are worked off before the next.
    let outcome = run(&text(40, 4, "10s").replace("max = 2", "max = 0"));
    assert!(of(&outcome, "gate").is_open(), "{:?}", outcome.headroom);
}
