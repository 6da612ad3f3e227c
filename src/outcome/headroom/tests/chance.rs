//! What chance brings about is no limit: stations and fleets with exact answers, near a limit and at it.

use super::*;

/// One server of 100 ms, exponential, and so many requests a second for ten minutes.
fn desk(rate: f64) -> String {
    format!(
        "duration = \"10m\"\ntraffic.all.rate = \"{rate}/s\"\nrequest.a.steps = [{{ service = \"s\" }}]\n\
         service.s = {{ servers = 1, time = \"exponential 100ms\" }}\n"
    )
}

/// M/M/1: 9/s × 100 ms are 90 % of one server, so it carries 1 / 0.9 of that.
#[test]
fn a_server_at_nine_tenths_has_a_ninth_of_room() {
    let outcome = runs(&desk(9.0), 8);
    let server = of(&outcome, "s");
    assert!(!server.saturated);
    // Of 8 × 5,400 requests, each of a drawn time, five standard deviations are 3.4 %.
    let off = 5.0 * (2.0 / (8.0 * 5_400.0_f64)).sqrt();
    assert!((server.limit().unwrap() * 0.9 - 1.0).abs() < off, "{server:?}");
    // The mean of single runs is no other figure: at 99.9 % of Student's t it would be within twice its 95 % interval.
    let single = server.by_runs.unwrap();
    let middle = (single.low + single.high) / 2.0;
    assert!((middle - 1.0 / 0.9).abs() < 2.0 * single.half_width && single.half_width < 0.05, "{single:?}");
    assert!(runs(&desk(9.0), 1).headroom[0].by_runs.is_none(), "one run has no spread");
}

/// At 85 % a server is busy for a minute without a break in many runs of ten minutes: no limit, and no trouble.
#[test]
fn a_busy_spell_of_a_server_with_room_is_no_limit() {
    let mut spells = 0;
    for seed in 1..=12 {
        let scenario = crate::scenario::parse("a.toml", desk(8.5).as_bytes(), Path::new(""), &[]).unwrap();
        let outcome = simulate(&scenario, seed, &mut |_| {});
        let server = of(&outcome, "s");
        assert!(!server.saturated && server.limit().unwrap() > 1.0, "seed {seed}: {server:?}");
        let of_full = outcome.phases.iter().flat_map(|phase| &phase.chain).any(|link| link.cause);
        assert!(outcome.objectives.is_empty() && !of_full, "seed {seed}: {:?}", outcome.phases);
        // Thirty rows of a second in which it was never idle.
        let busy = &outcome.timeline.services[0].busy_percent;
        spells += usize::from(busy.windows(30).any(|rows| rows.iter().all(|busy| *busy > 99.9)));
    }
    assert!(spells >= 6, "{spells} of 12 runs have a spell: without any, this test says nothing");
}

/// 10.5/s are 105 %: the queue grows by 30 requests a minute, and that is no chance.
#[test]
fn a_server_asked_for_more_than_it_can_do_is_saturated() {
    for seed in 1..=4 {
        let scenario = crate::scenario::parse("a.toml", desk(10.5).as_bytes(), Path::new(""), &[]).unwrap();
        let outcome = simulate(&scenario, seed, &mut |_| {});
        let server = of(&outcome, "s");
        assert!(server.saturated && server.limit().unwrap() < 1.0, "seed {seed}: {server:?}");
    }
}

/// M/M/c: 100/s × 20 ms are two of four cores, whatever the busiest minute was.
#[test]
fn cores_at_one_half_carry_twice_as_much() {
    let outcome = run("duration = \"20m\"\ntraffic.all.rate = \"100/s\"\n[request.a]\nvia = \"f\"\n\
         steps = [{ cpu = \"exponential 20ms\" }]\n[fleet.f]\ninstance = { vcpus = 2, memory = \"4 GiB\" }\n\
         instances = 2\n");
    let cpu = of(&outcome, "CPU of f");
    // 120,000 requests.
    assert!((cpu.limit().unwrap() / 2.0 - 1.0).abs() < 5.0 * (2.0 / 120_000_f64).sqrt(), "{cpu:?}");
}

/// A minute at twice the rate is in the file: it is no chance, and its own rows count. So are two of three servers that go.
#[test]
fn what_the_file_changes_is_no_chance() {
    let peak = run(
        "duration = \"10m\"\ntraffic.all.rate = [[\"0s\", \"4/s\"], [\"5m\", \"4/s\"], [\"5m\", \"8/s\"], \
         [\"6m\", \"8/s\"], [\"6m\", \"4/s\"]]\nrequest.a.steps = [{ service = \"s\" }]\n\
         service.s = { servers = 1, time = \"100ms\" }\n",
    );
    let server = of(&peak, "s");
    assert!((290.0..=300.0).contains(&server.as_it_stood.at_s), "{server:?}");
    // 480 requests of 100 ms are 80 % of a minute.
    assert!((server.as_it_stood.busy / 0.8 - 1.0).abs() < 5.0 / 480_f64.sqrt(), "{server:?}");
    let fewer =
        run("duration = \"10m\"\ntraffic.all.rate = \"8/s\"\nrequest.a.steps = [{ service = \"s\" }]\n\
         service.s = { servers = [[\"0s\", 3], [\"5m\", 1], [\"6m\", 3]], time = \"100ms\" }\n");
    let server = of(&fewer, "s");
    assert!((298.0..=302.0).contains(&server.as_it_stood.at_s), "{server:?}");
    assert!((server.as_it_stood.busy / 0.8 - 1.0).abs() < 5.0 / 480_f64.sqrt(), "{server:?}");
}

/// A job of 90 s comes every 20 min, to a fleet of its own: five jobs end in two hours. No traffic makes one job wait for itself.
#[test]
fn a_single_long_job_is_no_limit() {
    let outcome = run(
        "duration = \"2h\"\n[traffic.page]\nrate = \"20/s\"\nrequests = \"page\"\n[traffic.batch]\n\
         interarrival = \"20m\"\nrequests = \"batch\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ cpu = \"exponential 10ms\" }]\n[request.batch]\nvia = \"w\"\nsteps = [{ cpu = \"90s\" }]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n[fleet.w]\n\
         instance = { vcpus = 1, memory = \"2 GiB\" }\ninstances = 1\n",
    );
    let cpu = of(&outcome, "CPU of w");
    assert!(!cpu.saturated, "{cpu:?}");
    let jobs = (outcome.classes[1].requests.completed + outcome.classes[1].requests.in_flight).floor();
    assert!((4.0..=6.0).contains(&jobs), "{jobs}");
    assert!((cpu.as_it_stood.busy / (jobs * 90.0 / 7_200.0) - 1.0).abs() < 0.01, "{jobs}: {cpu:?}");
    assert!(outcome.phases.iter().all(|phase| !phase.trouble), "{:?}", outcome.phases);
}

/// M/D/1 above its capacity: the figure is that of all requests that came, not of the rows in which most of them came by chance.
#[test]
fn what_a_saturated_server_is_asked_for_is_what_all_rows_ask_for() {
    for (rate, asked) in [(15.0, 1.5), (11.0, 1.1)] {
        let text = desk(rate).replace("exponential ", "");
        for seed in 1..=3 {
            let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
            let outcome = simulate(&scenario, seed, &mut |_| {});
            let server = of(&outcome, "s").as_it_stood;
            // Ten minutes have 600 × rate requests, of which three standard deviations are 3 / √n.
            let off = 3.0 / (600.0 * rate).sqrt();
            assert!((server.busy / asked - 1.0).abs() < off, "seed {seed} at {rate}/s: {server:?}");
            // Of those that came, it is all but exact: only the row in which the server fills is not one of them.
            let came = outcome.requests.arrived / 600.0 * 0.1;
            assert!((server.busy / came - 1.0).abs() < 0.01, "seed {seed}, {came} came: {server:?}");
        }
    }
}

/// 300/s × 10 ms on two cores are 150 % of them, and of the four threads that hold what waits for them.
#[test]
fn cores_and_threads_that_are_full_together_are_asked_for_as_much() {
    for threads in ["threads = 4\nbacklog = 100", "threads = 50\nbacklog = 20"] {
        let outcome = run(&format!(
            "duration = \"5m\"\ntraffic.a.rate = \"300/s\"\nclient = {{ timeout = \"5s\" }}\n[request.r]\n\
             via = \"w\"\nsteps = [{{ cpu = \"exponential 10ms\" }}]\n[fleet.w]\n\
             instance = {{ vcpus = 2, memory = \"4 GiB\" }}\ninstances = 1\n{threads}\n"
        ));
        for name in ["CPU of w", "threads of w"] {
            let found = of(&outcome, name).as_it_stood;
            // 90,000 requests of which two thirds are done: three standard deviations are 1.2 % of what came and of what is done.
            assert!((found.busy / 1.5 - 1.0).abs() < 0.02, "{threads}: {name} {found:?}");
        }
    }
}

/// A hundred seconds at 200 % among minutes at 105 %: those hundred are what the server must carry.
#[test]
fn a_saturated_peak_is_not_diluted_by_what_is_saturated_around_it() {
    let outcome = run(
        "duration = \"10m\"\ntraffic.all.rate = [[\"0s\", \"105/s\"], [\"5m\", \"105/s\"], [\"5m\", \"200/s\"], \
         [\"400s\", \"200/s\"], [\"400s\", \"105/s\"]]\nrequest.a.steps = [{ service = \"s\" }]\n\
         service.s = { servers = 1, time = \"10ms\" }\n",
    );
    let server = of(&outcome, "s").as_it_stood;
    assert!((298.0..=310.0).contains(&server.at_s), "{server:?}");
    assert!((server.busy / 2.0 - 1.0).abs() < 3.0 / 20_000_f64.sqrt(), "{server:?}");
}
