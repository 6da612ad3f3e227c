//! A request through seven tiers: what they add, whose timeout comes, and which threads are held meanwhile.

use simcap::outcome::Outcome;

use crate::run::run;

/// The tiers, the outermost first.
const TIERS: [&str; 7] = ["edge", "utm", "web", "api", "was", "core", "store"];

/// A path through seven tiers: a Network Load Balancer, then Application Load Balancers, each 1 ms away. Each tier works for 10 ms before it
/// calls the next one, and the last one for as long as it says.
fn chain(last: &str, lb: &[(usize, &str)], fleet: &[(usize, &str)], client: &str) -> Outcome {
    let mut steps = format!("{{ delay = \"{last}\" }}");
    for tier in TIERS[1..].iter().rev() {
        steps = format!("{{ delay = \"10ms\" }}, {{ call = \"to-{tier}\", steps = [{steps}] }}");
    }
    let mut text = format!(
        "duration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"0s\", \"1/s\"], [\"10500ms\", \"1/s\"], [\"10500ms\", \"0/s\"]]\n\
         interarrival = \"1s\"\n[client]\nretries = 0\n{client}\n[request.page]\nvia = \"to-edge\"\nsteps = [{steps}]\n"
    );
    for (index, tier) in TIERS.iter().enumerate() {
        let own = |of: &[(usize, &str)]| -> String {
            of.iter().filter(|(tier, _)| *tier == index).map(|(_, text)| *text).collect()
        };
        let kind = if index == 0 { "kind = \"nlb\"\ncross_zone = true" } else { "" };
        text += &format!(
            "[balancer.to-{tier}]\ntargets = \"{tier}\"\n{kind}\nhop = \"1ms\"\n\
             health_check = {{ interval = \"300s\", timeout = \"5s\", cpu = \"0s\" }}\n{}\n\
             [fleet.{tier}]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{}\n",
            own(lb),
            own(fleet)
        );
    }
    run(&text, 1)
}

/// Ten requests. Each of seven tiers is a way of 1 ms there and back, and six of them work for 10 ms, the last for 100 ms: 174 ms.
#[test]
fn each_tier_adds_its_way_and_its_work() {
    let run = chain("100ms", &[], &[], "");
    assert_eq!((run.requests.completed, run.requests.failed), (10.0, 0.0));
    assert!(
        (run.latency_ms.mean - 174.0).abs() < 1e-6 && (run.latency_ms.max - 174.0).abs() < 1e-6,
        "{:?}",
        run.latency_ms
    );
    // The thread of each tier is held from when the request comes there to when its answer leaves: less for the inner ones, by two ways and
    // 10 ms each.
    for (tier, series) in run.timeline.fleets.iter().enumerate() {
        let held: f64 = series.threads_busy.iter().sum();
        let expected = 10.0 * (0.172 - 0.012 * tier as f64);
        assert!((held - expected).abs() < 1e-6, "tier {tier}: {held}, expected {expected}");
    }
}

/// The last tier takes 70 s. The sixth balancer waits for 20 s for an answer, and its caller passes the 504 on: the client has it 20 s after
/// the request came there, and threads of the five tiers before are held for that long. Those inside go on.
#[test]
fn the_innermost_timeout_that_comes_first_ends_the_call() {
    let run = chain("70s", &[(6, "idle_timeout = \"20s\"")], &[], "");
    assert_eq!(run.requests.failed_by_cause["http_504"], 10.0);
    assert_eq!(run.balancers[6].own_504, 10.0);
    assert_eq!(run.balancers[5].target_5xx, 10.0);
    assert_eq!(run.balancers[1].target_5xx, 10.0);
    // The outermost knows no HTTP.
    assert_eq!(run.balancers[0].target_5xx, 0.0);
    let held = |tier: usize| run.timeline.fleets[tier].threads_busy.iter().sum::<f64>();
    for tier in 0..6 {
        let expected = 10.0 * (20.0 + 0.01 * (6 - tier) as f64 + 0.001 * (5 - tier) as f64);
        assert!((held(tier) - expected).abs() < 0.2, "tier {tier}: {}, expected {expected}", held(tier));
    }
    assert!((held(6) - 700.0).abs() < 0.2, "{}", held(6));
    // A shorter timeout further out comes first: the fourth balancer gives up after 5 s, and the tiers inside wait on.
    let outer = chain("70s", &[(6, "idle_timeout = \"20s\""), (3, "idle_timeout = \"5s\"")], &[], "");
    assert_eq!((outer.balancers[3].own_504, outer.requests.failed_by_cause["http_504"]), (10.0, 10.0));
    let held = |tier: usize| outer.timeline.fleets[tier].threads_busy.iter().sum::<f64>();
    assert!((held(2) - 50.1).abs() < 0.3 && (held(4) - 200.3).abs() < 0.3, "{} {}", held(2), held(4));
}

/// A slow tier inside fills the threads of every tier around it: with two threads in the fourth one, two requests of 30 s hold theirs, and
/// the others wait before it.
#[test]
fn a_tier_inside_holds_the_threads_around_it() {
    let run = chain("30s", &[], &[(3, "threads = 2")], "");
    let most = |tier: usize| run.timeline.fleets[tier].threads_busy.iter().copied().fold(0.0, f64::max);
    assert_eq!((most(6), most(3)), (2.0, 2.0));
    assert!(most(2) > 9.9 && most(0) > 9.9, "{} {}", most(2), most(0));
    // With a timeout of 60 s around the fourth tier, the requests of the third pair come to their end after it.
    assert!(run.requests.failed_by_cause["http_504"] >= 5.0, "{:?}", run.requests.failed_by_cause);
}

/// A client that gives up after 2 s has left every tier to go on.
#[test]
fn a_client_that_gives_up_leaves_all_tiers_working() {
    let run = chain("10s", &[], &[], "timeout = \"2s\"");
    assert_eq!(run.requests.failed_by_cause["client_timeout"], 10.0);
    assert_eq!(run.balancers[0].client_resets, 10.0);
    for (tier, series) in run.timeline.fleets.iter().enumerate() {
        let held: f64 = series.threads_busy.iter().sum();
        let expected = 10.0 * (10.072 - 0.012 * tier as f64);
        assert!((held - expected).abs() < 1e-3, "tier {tier}: {held}, expected {expected}");
    }
}

/// An appliance takes 1 ms of CPU for each request, and 10 us for each of the 99 kB that come and go: 1.99 ms.
#[test]
fn an_appliance_takes_cpu_for_requests_and_bytes() {
    let text = |forwards: &str| {
        format!(
            "duration = \"100s\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.page]\nvia = \"utm\"\nrequest_size = \"9 kB\"\n\
             response_size = \"90 kB\"\nsteps = [{{ call = \"web\", steps = [{{ delay = \"5ms\" }}] }}]\n[fleet.utm]\n\
             instance = {{ vcpus = 1, memory = \"4 GiB\" }}\ninstances = 1\n{forwards}\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n"
        )
    };
    let latency = |forwards: &str| run(&text(forwards), 1).latency_ms.mean;
    assert!((latency("") - 5.0).abs() < 1e-6);
    assert!((latency("forwards = { cpu = \"1ms\" }") - 6.0).abs() < 1e-6);
    assert!((latency("forwards = { cpu = \"1ms\", per_kb = \"10us\" }") - 6.99).abs() < 1e-6);
    // It counts as work of the appliance: 1.99 ms a second are full at 502 times as much.
    let run = run(&text("forwards = { cpu = \"1ms\", per_kb = \"10us\" }"), 1);
    let cpu = run.headroom.iter().find(|limit| limit.resource == "CPU of utm").unwrap();
    assert!((cpu.limit().unwrap() / 502.5 - 1.0).abs() < 0.02, "{cpu:?}");
}
