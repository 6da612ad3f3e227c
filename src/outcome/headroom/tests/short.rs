//! A short peak is not levelled by the minutes around it, and its figure does not depend on the rows.

use super::*;

/// One server of 10 ms at one half, with a hill of five minutes at 90 % and before it a short peak.
fn hill(peak: &str, seconds: u32, bucket: &str) -> String {
    format!(
        "duration = \"30m\"\nbucket = \"{bucket}\"\n[traffic.t]\nrate = [[\"0m\", \"50/s\"], [\"5m\", \"50/s\"], \
         [\"5m\", \"{peak}\"], [\"{end}s\", \"{peak}\"], [\"{end}s\", \"50/s\"], [\"15m\", \"50/s\"], \
         [\"15m\", \"90/s\"], [\"20m\", \"90/s\"], [\"20m\", \"50/s\"]]\n[request.r]\n\
         steps = [{{ service = \"s\" }}]\n[service.s]\nservers = 1\ntime = \"10ms\"\n[objectives]\n\
         headroom = \">= 0.9\"\n",
        end = 300 + seconds
    )
}

/// 150/s × 10 ms are 150 % of one server: it carries two thirds of that, however short.
#[test]
fn a_short_peak_above_the_capacity_is_the_limit_before_a_long_hill_below_it() {
    for (seconds, bucket) in [(30, "1s"), (60, "1s"), (60, "10s"), (60, "30s"), (30, "30s"), (10, "1s")] {
        let text = hill("150/s", seconds, bucket);
        let outcome = run(&text);
        let server = of(&outcome, "s");
        let requests = 150.0 * f64::from(seconds);
        let off = 5.0 / requests.sqrt();
        assert!(server.saturated && server.at_once_s.is_none(), "{seconds} s in {bucket}: {server:?}");
        assert!((server.as_it_stood.busy / 1.5 - 1.0).abs() < off, "{seconds} s in {bucket}: {server:?}");
        assert!((300.0..=300.0 + 5.0).contains(&server.as_it_stood.at_s), "{server:?}");
        assert!(!outcome.objectives[0].met, "{:?}", outcome.objectives);
        // Gaps of 10 ms in place of a Poisson process leave no chance at all.
        let even = run(&text.replace("[traffic.t]", "[traffic.t]\ninterarrival = \"10ms\""));
        let server = of(&even, "s");
        assert!((server.as_it_stood.busy / 1.5 - 1.0).abs() < 0.01, "{seconds} s in {bucket}: {server:?}");
    }
}

/// 80/s for half a minute are fewer than the 90/s of five, and no chance makes them more.
#[test]
fn a_short_peak_below_the_hill_changes_nothing() {
    let server = &run(&hill("80/s", 30, "1s")).headroom[0];
    assert!(
        !server.saturated && (server.as_it_stood.busy / 0.9 - 1.0).abs() < 5.0 / 27_000_f64.sqrt(),
        "{server:?}"
    );
}

/// What the file does not say, as a slope, is no stretch: saturated, it is asked for at least all of it.
#[test]
fn what_was_full_never_stands_beside_room() {
    for top in [110, 130, 200] {
        let text = format!(
            "duration = \"40m\"\n[traffic.t]\nrate = [[\"0m\", \"40/s\"], [\"5m\", \"40/s\"], [\"6m\", \"{top}/s\"], \
             [\"7m\", \"40/s\"], [\"20m\", \"40/s\"], [\"20m\", \"93/s\"], [\"30m\", \"93/s\"], [\"30m\", \"40/s\"]]\n\
             [request.r]\nsteps = [{{ service = \"s\" }}]\n[service.s]\nservers = 1\ntime = \"10ms\"\n"
        );
        let server = &run(&text).headroom[0];
        assert!(!server.saturated || server.as_it_stood.busy >= 0.99, "{top}: {server:?}");
        assert!(server.saturated || top == 110, "{top}: {server:?}");
    }
}

/// 60/s × 100 ms for five minutes are 6 of 4 cores, of 16 messages that workers hold. With 10/s after it all 2,400 s of work are
/// done within 900 s of four cores: 2/3 of them.
#[test]
fn cores_that_a_queue_keeps_full_for_a_time_have_the_room_of_all_the_time() {
    for (pollers, workers) in
        [(8, "cpu = \"100ms\""), (2, "cpu = \"100ms\""), (20, "cpu = \"exponential 100ms\"")]
    {
        let outcome = run(&format!(
            "duration = \"20m\"\n[traffic.t]\nrate = [[\"0m\", \"10/s\"], [\"5m\", \"10/s\"], [\"5m\", \"60/s\"], \
             [\"10m\", \"60/s\"], [\"10m\", \"10/s\"]]\n[request.r]\nsteps = [{{ send = \"q\" }}]\n[queue.q]\n\
             workers = \"w\"\npollers = {pollers}\nsteps = [{{ {workers} }}]\nwait = \"20s\"\n\
             visibility_timeout = \"5m\"\n[fleet.w]\ninstance = {{ vcpus = 2, memory = \"4 GiB\" }}\ninstances = 2\n"
        ));
        let cpu = of(&outcome, "CPU of w");
        // 24,000 messages of which each may take a drawn time.
        let off = (cpu.as_it_stood.busy * 1.5 - 1.0).abs();
        assert!(!cpu.saturated && off < 5.0 * (2.0 / 24_000_f64).sqrt() + 0.01, "{pollers}: {cpu:?}");
    }
}
