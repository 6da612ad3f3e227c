//! What comes at one instant, and what is left of it: the same at every size.

use super::*;

/// So many users who ask once, ten seconds after the start, for 10 s of one server together.
fn burst(users: u32) -> Outcome {
    run(&format!(
        "duration = \"1m\"\n[users.u]\ncount = [[\"0s\", 0], [\"10s\", 0], [\"10s\", {users}]]\nthink = \"1h\"\n\
         start = \"request\"\n[request.r]\nsteps = [{{ service = \"s\" }}]\n[service.s]\nservers = 1\n\
         time = \"{}us\"\n",
        10_000_000 / users
    ))
}

/// 10 s of work at one instant are 10/3 of what a server does in the three rows of a second that count at least.
#[test]
fn a_burst_at_one_instant_is_told_alike_at_every_size() {
    for users in [10, 100, 1_000, 10_000] {
        let outcome = burst(users);
        let server = of(&outcome, "s");
        assert!(server.saturated, "{users}: {server:?}");
        assert!((server.as_it_stood.busy * 3.0 / 10.0 - 1.0).abs() < 0.02, "{users}: {server:?}");
        assert_eq!(server.as_it_stood.at_s, 10.0, "{users}: when they came");
        // Of ten, the last one waits for nothing while it is served.
        let end = if users == 10 { 19.0 } else { 20.0 };
        let spans: Vec<_> = outcome.phases.iter().map(|it| (it.from_s, it.to_s, it.trouble)).collect();
        assert_eq!(spans, [(0.0, 10.0, false), (10.0, end, true), (end, 60.0, false)], "{users}");
        assert!(outcome.phases[1].sentence.starts_with("0:10 `s` full (up to "), "{:?}", outcome.phases);
        // The last one ends at 20 s, but it did not come in the calm.
        assert_eq!(outcome.phases[2].sentence, "no requests", "{users}");
    }
}

/// 50/s and 11 times as many for three minutes: 10 servers of 50 ms carry 200/s, of which 50/s are a quarter.
#[test]
fn the_calm_after_a_trouble_says_what_is_asked_for_in_it() {
    let outcome = run(
        "duration = \"20m\"\n[traffic.a]\nrate = [[\"0m\", \"50/s\"], [\"5m\", \"50/s\"], [\"5m\", \"220/s\"], \
         [\"8m\", \"220/s\"], [\"8m\", \"50/s\"]]\nclient = { timeout = \"3s\" }\n[request.r]\nvia = \"w\"\n\
         steps = [{ cpu = \"exponential 2ms\" }, { service = \"pay\" }]\n[fleet.w]\ninstance = \"m5.large\"\n\
         instances = 2\nthreads = 20\nbacklog = 10\n[service.pay]\nservers = 10\ntime = \"exponential 50ms\"\n",
    );
    let pay = of(&outcome, "pay").as_it_stood;
    // 180 s × 220/s are 39,600 requests.
    assert!((pay.busy / 1.1 - 1.0).abs() < 3.0 * (2.0 / 39_600_f64).sqrt(), "{pay:?}");
    let calm = outcome.phases.last().unwrap();
    assert!(!calm.trouble && (480.0..495.0).contains(&calm.from_s), "{:?}", outcome.phases);
    let busy: f64 =
        calm.sentence.split("tightest: `pay` ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    // Twelve minutes of 50/s: 36,000 requests, of a drawn time each.
    assert!((busy / 25.0 - 1.0).abs() < 5.0 * (2.0 / 36_000_f64).sqrt() + 0.02, "{}", calm.sentence);
    let p99 = calm.sentence.split("p99 ").nth(1).unwrap();
    assert!(p99.starts_with("23") && p99.contains("ms;"), "{p99}");
}

/// A cycle without a pause asks for as much as it gets: no figure, but where one is found. With a pause there is one.
#[test]
fn users_without_a_pause_have_no_figure() {
    let text = |users: &str| {
        format!(
            "duration = \"10m\"\n[users.u]\n{users}\n[request.r]\nvia = \"w\"\nsteps = [{{ cpu = \"1s\" }}]\n\
             [fleet.w]\ninstance = {{ vcpus = 2, memory = \"4 GiB\" }}\ninstances = 1\n"
        )
    };
    let batch = run(&text("count = 8\nthink = \"0s\"\nstart = \"request\""));
    let cpu = of(&batch, "CPU of w");
    assert!(cpu.saturated && cpu.closed && cpu.limit() == Some(0.99), "{cpu:?}");
    // 12 users who think for 2 s and take 1 s of two cores: 12 / 3 s are 200 % of them.
    let thinks = run(&text("count = 12\nthink = \"exponential 2s\""));
    let cpu = of(&thinks, "CPU of w");
    assert!(cpu.saturated && !cpu.closed && (cpu.as_it_stood.busy / 2.0 - 1.0).abs() < 0.05, "{cpu:?}");
    // Nor has what other traffic asks too much of, which is no question of these users.
    let open = run(&(text("count = 8\nthink = \"0s\"") + "[traffic.a]\nrate = \"6/s\"\n"));
    let cpu = of(&open, "CPU of w");
    assert!(cpu.saturated && !cpu.closed && cpu.as_it_stood.busy > 2.0, "{cpu:?}");
}

/// Of two that are full at once the figure is the same by chance, and the one that filled the other is the limit. One that carries
/// less by itself comes first.
#[test]
fn the_nearest_limit_is_the_smallest_figure() {
    let text = |threads: u32, hold: &str| {
        format!(
            "duration = \"10m\"\ntraffic.a.rate = \"300/s\"\nclient = {{ timeout = \"5s\" }}\n[request.r]\nvia = \"w\"\n\
             steps = [{{ cpu = \"exponential 10ms\" }}, {{ delay = \"{hold}\" }}]\n[fleet.w]\n\
             instance = {{ vcpus = 2, memory = \"4 GiB\" }}\ninstances = 1\nthreads = {threads}\nbacklog = 20\n\
             [objectives]\nheadroom = \">= 1.3\"\n"
        )
    };
    let cores = run(&text(50, "1ms"));
    let names: Vec<_> = cores.headroom.iter().map(|it| it.resource.as_str()).take(2).collect();
    assert_eq!(names, ["CPU of w", "threads of w"]);
    assert!(cores.objectives[0].observed.ends_with("; of CPU of w"), "{:?}", cores.objectives);
    // 20 threads that are held for 110 ms and more carry 182/s at most, with the cores at 91 %.
    let threads = run(&text(20, "100ms"));
    assert_eq!(threads.headroom[0].resource, "threads of w", "{:?}", threads.headroom);
}
