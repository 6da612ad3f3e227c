//! What comes at one instant, and what is left of it: the same at every size.

use super::*;
use crate::objective::Standing;

/// So many users who ask once, ten seconds after the start, for 10 s of one server together.
fn burst(users: u32) -> Outcome {
    run(&format!(
        "duration = \"1m\"\n[users.u]\ncount = [[\"0s\", 0], [\"10s\", 0], [\"10s\", {users}]]\nthink = \"1h\"\n\
         start = \"request\"\n[request.r]\nsteps = [{{ service = \"s\" }}]\n[service.s]\nservers = 1\n\
         time = \"{}us\"\n",
        10_000_000 / users
    ))
}

/// 10 s of work at one instant take 10 s, however many requests bring it; no part of the traffic is what fits.
#[test]
fn a_burst_at_one_instant_is_told_alike_at_every_size() {
    for users in [10, 100, 1_000, 10_000] {
        let outcome = burst(users);
        let server = of(&outcome, "s");
        assert!(server.saturated, "{users}: {server:?}");
        assert!((server.at_once_s.unwrap() / 10.0 - 1.0).abs() < 0.02, "{users}: {server:?}");
        assert!(server.is_open() && server.as_it_stood.multiplier.is_none(), "{users}: {server:?}");
        assert_eq!(server.as_it_stood.at_s, 10.0, "{users}: when they came");
        let spans: Vec<_> = outcome.phases.iter().map(|it| (it.from_s, it.to_s, it.trouble)).collect();
        assert_eq!(spans, [(0.0, 10.0, false), (10.0, 20.0, true), (20.0, 60.0, false)], "{users}");
        assert!(outcome.phases[1].sentence.starts_with("0:10 `s` full (up to "), "{:?}", outcome.phases);
        // The last one ends at 20 s, but it did not come in the calm.
        assert_eq!(outcome.phases[2].sentence, "no requests", "{users}");
    }
}

/// Four servers of 50 ms at a quarter, and a thousand requests within a millisecond: 50 s of work for four of them.
fn thousand(duration: &str, bucket: &str, bound: &str) -> Outcome {
    run(&format!(
        "duration = \"{duration}\"\nbucket = \"{bucket}\"\n[traffic.base]\nrate = \"20/s\"\n[traffic.burst]\n\
         interarrival = \"1us\"\nrate = [[\"0m\", \"0/s\"], [\"5m\", \"0/s\"], [\"5m\", \"1000000/s\"], \
         [\"5m0.001s\", \"1000000/s\"], [\"5m0.001s\", \"0/s\"]]\n[request.r]\nsteps = [{{ service = \"s\" }}]\n\
         [service.s]\nservers = 4\ntime = \"50ms\"\n[objectives]\nheadroom = \"{bound}\"\n"
    ))
}

#[test]
fn a_burst_has_no_multiple_and_takes_as_long_in_any_rows() {
    for duration in ["10m", "1h", "4h"] {
        for bucket in ["1s", "5s", "10s", "30s"] {
            let outcome = thousand(duration, bucket, ">= 1.3");
            let server = of(&outcome, "s");
            let place = format!("{bucket} in {duration}: {server:?}");
            assert!(server.saturated && server.limit() == Some(0.99), "{place}");
            // Of what comes in 30 s at 20/s, five standard deviations are 122: 1.5 s of work for four.
            assert!((server.at_once_s.unwrap() - 12.5).abs() < 1.6, "{place}");
            assert_eq!((server.as_it_stood.at_s, server.as_it_stood.multiplier), (300.0, None), "{place}");
            assert_eq!(outcome.objectives[0].standing, Standing::Missed, "{place}");
        }
    }
    let open = &thousand("10m", "1s", ">= 0.5").objectives[0];
    assert_eq!((open.standing, open.met), (Standing::CannotTell, false), "{open:?}");
    assert!(open.observed.starts_with("at most ×0.99"), "{open:?}");
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
    // 8 who think for 100 ms and take 1 s of two cores: 8 / (1.1 × 2) is the most that they would ask for.
    let short = run(&text("count = 8\nthink = \"exponential 100ms\"\n[objectives]\nheadroom = \">= 0.9\""));
    let cpu = of(&short, "CPU of w");
    assert!(cpu.saturated && !cpu.closed && (cpu.as_it_stood.busy * 2.2 / 8.0 - 1.0).abs() < 0.03, "{cpu:?}");
    assert_eq!(short.objectives[0].standing, Standing::Missed);
    // What is at most 0.99 misses 1, and nobody knows whether it is 0.9.
    let of_bound = |bound: &str| {
        let objectives = format!("count = 8\nthink = \"0s\"\n[objectives]\nheadroom = \"{bound}\"");
        run(&text(&objectives)).objectives[0].standing
    };
    assert_eq!([">= 1", ">= 0.9"].map(of_bound), [Standing::Missed, Standing::CannotTell]);
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
