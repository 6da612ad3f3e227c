//! What is gone in a moment, and what is left over: how much more of it would be too much.

use super::*;

/// All look-ups of a cold cache miss at first: 60/s × 20 ms are 120 % of the one server. Of 1,000 keys, 1 − e^(−0.06 t) are in it after
/// `t` seconds, so 9.02 s of work come in the first ten seconds, and 18.7 s in 45.
#[test]
fn a_cold_start_is_not_levelled_by_the_warm_time_after_it() {
    for (bucket, exact) in [("5s", 10.0 / 9.02), ("10s", 10.0 / 9.02)] {
        let text = format!(
            "duration = \"8m\"\nbucket = \"{bucket}\"\n[traffic.all]\nrate = \"60/s\"\n[request.a]\n\
             steps = [{{ cache = \"c\", keys = {{ count = 1000, zipf = 0 }}, miss = {{ service = \"desk\" }} }}]\n[cache.c]\n\
             node = \"cache.r6g.large\"\n[service.desk]\nservers = 1\ntime = \"20ms\""
        );
        let outcome = runs(&text, 8);
        let desk = of(&outcome, "desk");
        // 8 × 451 misses: five standard deviations are 8 %.
        assert!((desk.limit().unwrap() / exact - 1.0).abs() < 0.08, "{bucket}: {desk:?}");
        assert!(!desk.saturated, "{bucket}: {desk:?}");
        assert_eq!(desk.as_it_stood.at_s, 0.0, "{bucket}: {desk:?}");
    }
}

/// So many users who ask once for 10 ms of five servers: 2.5 s of work for 1,250 of them. Three seconds are more than a moment, whoever
/// brings the work: rows of a second that are full for three of them, or a file that says that it comes at once.
#[test]
fn a_burst_that_is_gone_in_a_moment_is_told_by_its_part_of_one_that_is_not() {
    for (count, exact) in [(500, 3.0), (1_250, 1.2), (1_450, 1.5 / 1.45)] {
        let users = format!(
            "[users.u]\ncount = [[\"0s\", 0], [\"30s\", 0], [\"30s\", {count}]]\nthink = \"1h\"\nstart = \"request\"\n"
        );
        let rate = format!(
            "[traffic.u]\ninterarrival = \"1us\"\nrate = [[\"0s\", \"0/s\"], [\"30s\", \"0/s\"], [\"30s\", \"{0}/s\"], \
             [\"30.001s\", \"{0}/s\"], [\"30.001s\", \"0/s\"]]\n",
            count * 1_000
        );
        for (traffic, bucket) in [(&users, "1s"), (&rate, "1s"), (&rate, "5s"), (&rate, "10s")] {
            let outcome = run(&format!(
                "duration = \"2m\"\nbucket = \"{bucket}\"\n{traffic}[request.r]\nsteps = [{{ service = \"s\" }}]\n\
                 [service.s]\nservers = 5\ntime = \"10ms\"\n"
            ));
            let server = of(&outcome, "s");
            let off = server.limit().unwrap() / exact - 1.0;
            assert!(!server.saturated && off.abs() < 0.01, "{count} in {bucket}: {server:?}");
        }
    }
}

/// Two pollers of 80 ms do 25 messages a second. 20/s, then for a minute 100/s, then so many: of what comes from 2:00 on until the end.
#[test]
fn a_backlog_that_stays_is_told_by_what_comes_until_the_end() {
    let text = |duration: u32, after: u32| {
        format!(
            "duration = \"{duration}s\"\nbucket = \"5s\"\n[traffic.shop]\nrate = [[\"0m\", \"20/s\"], [\"2m\", \"20/s\"], \
             [\"2m\", \"100/s\"], [\"3m\", \"100/s\"], [\"3m\", \"{after}/s\"]]\ninterarrival = \"10ms\"\n[request.buy]\n\
             steps = [{{ send = \"jobs\" }}]\n[queue.jobs]\nworkers = \"crew\"\nvisibility_timeout = \"5m\"\nlatency = \"0ms\"\n\
             steps = [{{ cpu = \"80ms\" }}]\n[fleet.crew]\ninstance = \"m5.large\"\ninstances = 2\n"
        )
    };
    for (duration, after) in [(480, 20), (390, 5), (420, 5), (480, 5), (480, 40)] {
        let outcome = run(&text(duration, after));
        let left = f64::from(duration) - 120.0;
        let came = 60.0 * 100.0 + (left - 60.0) * f64::from(after);
        // Where more comes to the end than can be done, that alone is the limit.
        let exact = (25.0 * left / came).min(25.0 / f64::from(after));
        let pollers = of(&outcome, "pollers of jobs");
        assert!(
            (pollers.limit().unwrap().min(exact) / exact - 1.0).abs() < 0.02,
            "{duration} s, {after}/s: {pollers:?}, not {exact}"
        );
        assert_eq!(pollers.saturated, exact < 1.0, "{duration} s, {after}/s: {pollers:?}");
    }
    // What is too much from some time on: 26/s hardly, and 100/s clearly.
    let later = text(480, 20).replace("[\"0m\", \"20/s\"], [\"2m\", \"20/s\"], [\"2m\", \"100/s\"], [\"3m\", \"100/s\"], [\"3m\", \"20/s\"]", "[\"0m\", \"26/s\"], [\"6m\", \"26/s\"], [\"6m\", \"100/s\"], [\"8m\", \"100/s\"]");
    let outcome = run(&later);
    let pollers = of(&outcome, "pollers of jobs");
    assert!((pollers.limit().unwrap() / 0.25 - 1.0).abs() < 0.02, "{pollers:?}");
}

/// A queue to which nothing is sent is polled all the same: that is no part of the traffic.
#[test]
fn what_nothing_is_asked_of_has_no_multiple() {
    let outcome = run(
        "duration = \"10m\"\ntraffic.all.rate = \"10/s\"\n[request.page]\nvia = \"app\"\nsteps = [{ cpu = \"20ms\" }]\n\
         [fleet.app]\ninstance = \"m5.large\"\ninstances = 2\n[queue.q]\nworkers = \"app\"\nsteps = [{ cpu = \"1ms\" }]\n",
    );
    let pollers = of(&outcome, "pollers of q");
    assert_eq!((pollers.as_it_stood.multiplier, pollers.limit()), (None, None), "{pollers:?}");
    assert!(of(&outcome, "CPU of app").limit().is_some());
}

/// Five pollers of 980 ms do 5.1 messages a second. For a minute 5.5/s come, so it takes a quarter of a minute until messages of a second
/// wait; then 2/s. From 5:00 on 60 × 5.5 + 840 × 2 messages come until the end, for which there are 900 s of five pollers.
#[test]
fn what_keeps_workers_busy_before_a_backlog_counts_with_the_backlog() {
    let outcome = run(
        "duration = \"20m\"\n[traffic.t]\nrate = [[\"0m\", \"2/s\"], [\"5m\", \"2/s\"], [\"5m\", \"5.5/s\"], [\"6m\", \"5.5/s\"], \
         [\"6m\", \"2/s\"]]\ninterarrival = \"constant 100ms\"\n[request.order]\nsteps = [{ send = \"z\" }]\n[queue.z]\n\
         workers = \"crew\"\ntime = \"constant 970ms\"\npollers = 5\nwait = \"20s\"\n[fleet.crew]\ninstance = \"c6i.large\"\n\
         instances = 1\n",
    );
    let pollers = of(&outcome, "pollers of z");
    let exact = 5.0 * 900.0 / (0.98 * (60.0 * 5.5 + 840.0 * 2.0));
    assert!(
        !pollers.saturated && (pollers.limit().unwrap() / exact - 1.0).abs() < 0.04,
        "{pollers:?}, not {exact}"
    );
}

/// One of two zones is lost with five of ten pollers, which do 6/s × 0.98 s; within two minutes others are there. In each run they have
/// room for more than half as much again, and so they have in the rows of all runs.
#[test]
fn the_rows_of_all_runs_say_of_a_backlog_what_each_run_says() {
    let text = "duration = \"20m\"\n[traffic.t]\nrate = \"6/s\"\ninterarrival = \"constant 166666667ns\"\n[request.order]\n\
                steps = [{ send = \"z\" }]\n[queue.z]\nworkers = \"crew\"\ntime = \"constant 970ms\"\npollers = 5\nwait = \"20s\"\n\
                visibility_timeout = \"2m\"\n[fleet.crew]\ninstance = \"c6i.large\"\ninstances = 2\nazs = [\"a\", \"b\"]\n\
                [fault.f]\nzone = \"b\"\nat = \"5m\"\nfor = \"5m\"\n";
    let outcome = runs(text, 8);
    let pollers = of(&outcome, "pollers of z");
    let (limit, single) = (pollers.limit().unwrap(), pollers.by_runs.unwrap());
    assert!((limit / single.low.midpoint(single.high) - 1.0).abs() < 0.03 && limit > 1.5, "{pollers:?}");
}
