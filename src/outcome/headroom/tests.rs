//! The headroom of runs whose demand is known, and of rows made by hand.

mod absent;
mod bursts;
mod chance;
mod moment;
mod retries;
mod short;
mod size;
mod unequal;

use std::path::Path;

use super::*;
use crate::kind::fleet::language::limits::{can_grow, most_at};
use crate::outcome::runs::Runs;
use crate::outcome::{Outcome, simulate};
use crate::units::Time;

fn run(text: &str) -> Outcome {
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    simulate(&scenario, 1, &mut |_| {})
}

/// The outcome of some runs together.
fn runs(text: &str, count: u64) -> Outcome {
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let mut all = Runs::new(&scenario, &[]);
    (1..=count).for_each(|seed| all.add(seed, crate::model::run(&scenario, seed, &mut |_| {})));
    all.outcome()
}

fn of<'a>(outcome: &'a Outcome, resource: &str) -> &'a Headroom {
    outcome.headroom.iter().find(|it| it.resource == resource).unwrap_or_else(|| {
        panic!("no {resource} among {:?}", outcome.headroom.iter().map(|it| &it.resource).collect::<Vec<_>>())
    })
}

/// Services of exactly 10 ms leave the Poisson noise of the arrivals: 1/√n of n requests in the busiest rows.
#[test]
fn a_station_saturates_at_servers_over_demand() {
    let outcome =
        run("duration = \"10m\"\ntraffic.all.rate = \"250/s\"\nrequest.a.steps = [{ service = \"near\" }, \
                       { service = \"far\" }]\nservice.near = { servers = 4, time = \"10ms\" }\n\
                       service.far = { servers = 40, time = \"10ms\" }");
    // 250/s × 10 ms = 2.5 busy servers.
    for (name, servers) in [("near", 4.0), ("far", 40.0)] {
        let exact = servers / 2.5;
        let found = of(&outcome, name);
        let rows = busiest_rows(&outcome.timeline);
        let requests = rows as f64 * outcome.timeline.bucket_s * 250.0;
        // In the busiest rows some more come than on the mean.
        assert!(requests >= REQUESTS.value * (1.0 - 5.0 / REQUESTS.value.sqrt()), "{rows} rows");
        // All rows are alike, so all 150,000 requests count: five standard deviations.
        let off = found.as_it_stood.multiplier.unwrap() / exact;
        assert!((off - 1.0).abs() < 5.0 / 150_000_f64.sqrt(), "{name}: {off}");
        assert!(!found.saturated && found.at_maximum.is_none());
        assert_eq!(found.limit(), found.as_it_stood.multiplier);
    }
    assert_eq!(outcome.headroom[0].resource, "near", "the nearest comes first");
}

#[test]
fn what_is_overloaded_is_saturated_and_no_more_traffic_fits() {
    let outcome = run("duration = \"5m\"\ntraffic.all.rate = \"150/s\"\n\
                       request.a.steps = [{ service = \"desk\" }]\nservice.desk = { servers = 1, time = \"10ms\" }");
    let desk = of(&outcome, "desk");
    assert!(desk.saturated);
    assert!(desk.limit().unwrap() <= 1.0);
}

/// Answers of 100 ms and clients that wait for 50 ms: each request is three attempts, whatever the load. 30/s × 3 × 100 ms keep 9
/// of 10 servers busy, and 40/s ask for 12.
#[test]
fn retries_that_no_queue_causes_belong_to_the_traffic() {
    let text = |rate: &str| {
        format!(
            "duration = \"10m\"\n[traffic.all]\nrate = {rate}\ninterarrival = \"10ms\"\n\
             client = {{ timeout = \"50ms\", retries = {{ max = 2, backoff = \"100ms\", jitter = \"none\" }} }}\n\
             [request.a]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = 10\ntime = \"100ms\""
        )
    };
    let calm = run(&text("\"30/s\""));
    let calm = of(&calm, "desk");
    assert!(!calm.saturated);
    // All rows are alike: 18,000 requests, of a number of attempts that is not left to chance.
    let off = calm.limit().unwrap() * 0.9;
    assert!((off - 1.0).abs() < 0.01, "{off}");
    let full =
        run(&text("[[\"0s\", \"20/s\"], [\"5m\", \"20/s\"], [\"5m\", \"40/s\"], [\"10m\", \"40/s\"]]"));
    let full = of(&full, "desk");
    assert!(full.saturated);
    let off = full.limit().unwrap() * 1.2;
    assert!((off - 1.0).abs() < 0.01, "{off}");
}

/// Two servers of 480 ms turn away every other one of 8/s, which come in step: they are idle now and then, and asked for 192 %.
#[test]
fn a_station_that_turns_half_of_all_away_is_saturated() {
    let text = |servers: &str| {
        format!(
            "duration = \"5m\"\n[traffic.all]\nrate = \"8/s\"\ninterarrival = \"1ms\"\n[request.a]\n\
             steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {servers}\ntime = \"480ms\"\nqueue = 0"
        )
    };
    let outcome = run(&text("2"));
    let desk = of(&outcome, "desk");
    let off = desk.limit().unwrap() * 8.0 * 0.48 / 2.0;
    assert!(desk.saturated && (off - 1.0).abs() < 0.01, "{desk:?}");
    let link = &outcome.phases[0].chain[0];
    assert_eq!(link.resource, Some(Resource::Service { service: 0 }), "{:?}", outcome.phases);
    // Without servers there is nothing of it.
    let outcome = run(&text("[[\"0s\", 20], [\"2m\", 0], [\"4m\", 20]]"));
    let desk = of(&outcome, "desk");
    assert!(desk.saturated && desk.absent, "{desk:?}");
}

/// For 15 seconds 20/s hold ten threads for a second each: twice as many as there are, and the backlog refuses what is too much.
#[test]
fn threads_that_refuse_for_some_seconds_are_saturated() {
    let outcome = run(
        "duration = \"5m\"\nbucket = \"5s\"\n[traffic.all]\nrate = [[\"0s\", \"5/s\"], [\"60s\", \"5/s\"], [\"60s\", \"20/s\"], \
         [\"75s\", \"20/s\"], [\"75s\", \"5/s\"]]\ninterarrival = \"1ms\"\n[request.a]\nvia = \"web\"\nsteps = [{ delay = \"1s\" }]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 10\nbacklog = 5\n",
    );
    let threads = of(&outcome, "threads of web");
    assert!(threads.saturated && (0.4..0.65).contains(&threads.limit().unwrap()), "{threads:?}");
}

/// All look-ups of a cold cache miss: 300/s × 20 ms are 300 % of two servers. Once it is warm hardly any does.
#[test]
fn what_misses_a_cold_cache_is_no_more_than_all_of_it() {
    let outcome = run("duration = \"8m\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"300/s\"\n[request.a]\n\
         steps = [{ cache = \"c\", keys = { count = 2000, zipf = 0 }, miss = { service = \"desk\" } }]\n[cache.c]\n\
         node = \"cache.r6g.large\"\n[service.desk]\nservers = 2\ntime = \"20ms\"");
    let desk = of(&outcome, "desk");
    // Five standard deviations of 1,500 requests in a row are 13 %.
    assert!(desk.saturated && (1.5..3.0 * 1.13).contains(&desk.as_it_stood.busy), "{desk:?}");
}

#[test]
fn a_fleet_that_can_grow_has_a_second_limit_at_its_largest() {
    let text = |scaling: &str| {
        format!(
            "duration = \"20m\"\ntraffic.all.rate = \"100/s\"\n[request.a]\nvia = \"web\"\n\
             steps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 2\nmax = 8\nthreads = 50\n\
             {scaling}"
        )
    };
    // One core of work on two instances of two cores, however strong those are.
    let still = run(&text(""));
    let cpu = of(&still, "CPU of web");
    assert_eq!((cpu.at_maximum, cpu.as_it_stood.instances), (None, Some(2.0)));
    let busy = cpu.as_it_stood.busy;
    let scaling = run(&text("scaling = [{ target_tracking = { metric = \"cpu\", target = 90 } }]"));
    let cpu = of(&scaling, "CPU of web");
    let most = cpu.at_maximum.unwrap();
    assert_eq!(most.instances, Some(8.0));
    assert!((most.busy / (busy * 2.0 / 8.0) - 1.0).abs() < 1e-9, "{most:?} of {busy}");
    assert_eq!(cpu.limit(), most.multiplier);
    assert!(of(&scaling, "threads of web").limit() > cpu.limit());
}

#[test]
fn the_largest_size_is_that_of_the_time() {
    let text = "duration = \"1h\"\ntraffic.all.rate = \"1/s\"\n[request.a]\nvia = \"web\"\nsteps = [{ cpu = \"1ms\" }]\n\
                [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 4\n\
                schedule = [{ at = \"10m\", max = 9 }, { at = \"20m\", min = 2 }, { at = \"30m\", max = 5 }]\n";
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let fleet = &scenario.fleets[0];
    assert_eq!(
        [0.0, 599.0, 600.0, 1_500.0, 1_800.0].map(|time| most_at(fleet, Time::from_secs_f64(time))),
        [4, 4, 9, 9, 5]
    );
    assert!(!can_grow(fleet), "a timetable does not answer to load");
}

#[test]
fn the_busiest_rows_hold_enough_requests() {
    let mut timeline = Timeline {
        bucket_s: 10.0,
        time_s: (0..12).map(|row| f64::from(row) * 10.0).collect(),
        offered: vec![1_000.0; 12],
        ..Timeline::default()
    };
    assert_eq!(busiest_rows(&timeline), FEWEST_ROWS, "10,000 requests in each row");
    timeline.offered.iter_mut().for_each(|rate| *rate = 0.1);
    assert_eq!(busiest_rows(&timeline), FEWEST_ROWS, "a tenth of twelve rows is less than three");
    // Three rows of a peak over a quiet night hold enough: the night does not count.
    timeline = Timeline { bucket_s: 10.0, ..Timeline::default() };
    timeline.time_s = (0..1_000).map(|row| f64::from(row) * 10.0).collect();
    timeline.offered = vec![0.5; 1_000];
    timeline.offered[500..512].fill(285.0);
    assert_eq!(busiest_rows(&timeline), 4, "2,850 requests in each row of the peak");
    assert_eq!(busiest_rows(&Timeline::default()), 0);
}

/// 200/s × 100 ms ask for 20 cores. Two instances have four of them, so they carry a fifth; four carry two fifths. It
/// does not matter how the rest goes: refused at the backlog, after a wait in vain, with retries, or later than asked.
#[test]
fn what_was_asked_for_counts_and_not_what_was_served() {
    let refuse = "overflow = \"reset\"";
    for (client, fleet) in [
        ("", refuse),
        ("client = { timeout = \"5s\" }", ""),
        ("client = { timeout = \"5s\", retries = { max = 3, backoff = \"1s\" } }", refuse),
        ("client = { timeout = \"1h\" }", "discipline = \"fifo\"\nbacklog = 100000"),
        ("client = { timeout = \"1h\" }", "threads = \"unlimited\""),
    ] {
        let threads = if fleet.contains("threads") { "" } else { "threads = 16\n" };
        let outcome = run(&format!(
            "duration = \"12m\"\n[traffic.api]\nrate = [[\"0m\", \"10/s\"], [\"2m\", \"10/s\"], [\"2m\", \"200/s\"]]\n\
             {client}\n[request.call]\nvia = \"lb\"\nsteps = [{{ cpu = \"100ms\" }}]\n[balancer.lb]\n\
             targets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 2\nmax = 4\n{threads}{fleet}\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\nboot = {{ bootstrap = \"1h\" }}\n"
        ));
        let cpu = of(&outcome, "CPU of web");
        let (stood, most) =
            (cpu.as_it_stood.multiplier.unwrap(), cpu.at_maximum.unwrap().multiplier.unwrap());
        // Ten thousand requests and more: five deviations of √(1/n) are 5 %.
        assert!((stood / 0.2 - 1.0).abs() < 0.08, "{client} {fleet}: {stood}");
        assert!((most / 0.4 - 1.0).abs() < 0.08, "{client} {fleet}: {most}");
        assert!(cpu.saturated && cpu.limit() == Some(stood), "{client} {fleet}");
    }
}

/// Half of the requests wait for a desk that serves a tenth of them, and leave after a second; then they would ask
/// a service for 40 ms each, 10 ms for those of the other class. 100/s × 40 ms + 100/s × 10 ms are 5 of its 20 servers.
#[test]
fn what_never_got_there_would_have_asked_for_as_much() {
    let outcome = run(
        "duration = \"30m\"\n[traffic.slow]\nrate = \"100/s\"\nrequests = \"heavy\"\n[traffic.fast]\n\
         rate = \"100/s\"\nrequests = \"light\"\n[request.heavy]\n\
         steps = [{ service = \"desk\" }, { service = \"far\", time = \"40ms\" }]\n[request.light]\n\
         steps = [{ service = \"far\", time = \"10ms\" }]\n\
         [service.desk]\nservers = 1\ntime = \"100ms\"\nqueue = 5\n[service.far]\nservers = 20\ntime = \"1ms\"\n",
    );
    let far = of(&outcome, "far").as_it_stood;
    assert!((far.busy / (5.0 / 20.0) - 1.0).abs() < 0.08, "{far:?}");
    let desk = of(&outcome, "desk");
    assert!((desk.limit().unwrap() / 0.1 - 1.0).abs() < 0.08, "{desk:?}");
}

/// A third of the look-ups goes on: of 300/s, 100/s ask the database for 20 ms each, on two of its cores. All wait for
/// a desk before that serves 150/s.
#[test]
fn what_follows_a_miss_is_asked_for_by_those_that_miss() {
    let outcome = run(
        "duration = \"20m\"\ntraffic.all.rate = \"300/s\"\n[request.a]\nsteps = [{ service = \"desk\" }, \
         { cache = \"c\", keys = \"k\", hit_ratio = \"66.6667%\", miss = [{ service = \"store\" }] }]\n\
         [service.desk]\nservers = 3\ntime = \"20ms\"\nqueue = 5\n\
         [service.store]\nservers = 20\ntime = \"20ms\"\n[keys.k]\ncount = 1000\n[cache.c]\nnode = \"cache.m6g.large\"\n",
    );
    let store = of(&outcome, "store").as_it_stood;
    assert!((store.busy / (2.0 / 20.0) - 1.0).abs() < 0.08, "{store:?}");
}

/// Twenty instances of 50 connections want 1,000, and the writer takes 682.
#[test]
fn connections_count_at_the_largest_size() {
    let text = |limit: u32| {
        format!(
            "duration = \"10m\"\n[traffic.a]\nrate = \"20/s\"\n[request.r]\nvia = \"app\"\n\
             steps = [{{ cpu = \"1ms\" }}, {{ read = \"db\", demand = \"1ms\" }}]\n[fleet.app]\n\
             instance = \"m5.large\"\nmin = 3\nmax = 20\npools = {{ db = 50 }}\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n[database.db]\n\
             engine = \"mysql\"\nwriter = \"db.m7g.xlarge\"\nmax_connections = {limit}\n"
        )
    };
    let outcome = run(&text(682));
    let writer = of(&outcome, "connections of db (writer)");
    let most = writer.at_maximum.unwrap();
    assert_eq!(
        (writer.as_it_stood.busy, most.busy, most.instances),
        (150.0 / 682.0, 1000.0 / 682.0, Some(20.0))
    );
    // The 14th instance is one too many. It comes when 13 would be busier than 60 %.
    let cpu = of(&outcome, "CPU of app").as_it_stood;
    let times = 13.0 * 0.6 / (cpu.instances.unwrap() * cpu.busy);
    assert!(
        (writer.limit().unwrap() / times - 1.0).abs() < 1e-9 && !writer.saturated,
        "{writer:?}, not {times}"
    );
    let enough = run(&text(1_000));
    assert!(enough.headroom.iter().all(|it| !matches!(it.of, Resource::Connections { .. })));
    // What three instances want is more than there is.
    let few = run(&text(100));
    assert!(of(&few, "connections of db (writer)").saturated);
}

/// One row takes one transaction in 10 ms; the pool fills with those that wait for it.
#[test]
fn a_pool_that_row_locks_keep_full_is_not_to_be_enlarged() {
    let outcome = run(
        "duration = \"10m\"\n[keys.item]\ncount = 1\n[traffic.a]\nrate = \"150/s\"\nclient = { timeout = \"3s\" }\n\
         [request.r]\nvia = \"app\"\nsteps = [{ transaction = \"db\", steps = [{ write = \"1ms\", rows = \"item\" }] }]\n\
         [fleet.app]\ninstance = \"m5.large\"\ninstances = 2\nthreads = 200\npools = { db = 20 }\n[database.db]\n\
         engine = \"mysql\"\nwriter = \"db.m7g.xlarge\"\ncommit = \"10ms\"\n",
    );
    let pool = of(&outcome, "pool of app to db (writer)");
    assert_eq!((pool.saturated, pool.held_by), (true, Some(Resource::Locks { database: 0 })));
}

/// All look-ups are for one key, so one shard of three executes them all: 600/s of 1 ms each.
#[test]
fn the_fullest_shard_is_named() {
    let outcome = run("duration = \"20m\"\ntraffic.all.rate = \"600/s\"\n[request.a]\n\
         steps = [{ cache = \"redis\", keys = \"hot\", miss = [{ delay = \"1ms\" }] }]\n[keys.hot]\ncount = 1\n\
         [cache.redis]\nnode = \"cache.r6g.large\"\nshards = 3\ncommand = \"1ms\"\n");
    let redis = of(&outcome, "command threads of redis");
    assert!(matches!(redis.fullest, Some(Part::Shard(_))), "{redis:?}");
    // One of three has it all; the mean of them is at a third of it.
    let strength = crate::catalog::cache_node("cache.r6g.large").unwrap().strength;
    assert!((redis.as_it_stood.busy * strength / 0.6 - 1.0).abs() < 0.08, "{redis:?}");
    assert!(redis.name().starts_with("command threads of shard ") && redis.name().ends_with(" of redis"));
}

/// 8,000/s for 2,000 threads that each request holds for 501 ms: 3,992/s. While they fill, none is given back yet.
#[test]
fn threads_that_fill_count_as_taken() {
    let outcome = run("duration = \"2m\"\ntraffic.a.rate = \"8000/s\"\n[request.r]\nvia = \"app\"\n\
         steps = [{ cpu = \"1ms\" }, { delay = \"500ms\" }]\n[fleet.app]\ninstance = \"m5.4xlarge\"\n\
         instances = 10\n");
    let threads = of(&outcome, "threads of app");
    // Three rows have 24,000 requests: five standard deviations are 3 %, and the busiest of 120 rows is above the mean.
    let off = threads.limit().unwrap() / (2_000.0 / 0.501 / 8_000.0);
    assert!(threads.saturated && (0.96..=1.01).contains(&off), "{off}: {threads:?}");
}

/// 900 users who think for 2 s ask for 891/s of 20 ms each, on four cores: 1.94 of them, at however slow an answer.
#[test]
fn users_who_are_kept_waiting_count_with_what_they_would_ask_for() {
    let outcome = run("duration = \"10m\"\n[users.p]\nthink = \"exponential 2s\"\n\
         count = [[\"0m\", 100], [\"2m\", 100], [\"2m\", 900], [\"7m\", 900], [\"7m\", 100]]\n[request.page]\n\
         via = \"web\"\nsteps = [{ cpu = \"exponential 20ms\" }]\n[fleet.web]\ninstance = \"c5.large\"\n\
         instances = 2\n");
    let warned = &outcome.warnings[0].message;
    let times: f64 = warned.split(" times ").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    let cpu = of(&outcome, "CPU of web");
    assert!((cpu.as_it_stood.busy / times - 1.0).abs() < 0.05, "{times} by the warning, {cpu:?}");
    let trouble = outcome.phases.iter().find(|phase| phase.trouble).unwrap();
    assert!(trouble.sentence.contains("2 instances, its load needs about 4"), "{}", trouble.sentence);
}

/// Instances launched at different times are unequal for a while; that says nothing of the largest size.
#[test]
fn the_largest_size_is_as_far_with_one_run_as_with_two() {
    let text = "duration = \"16m\"\nbucket = \"10s\"\n[client]\ntimeout = \"10s\"\n[traffic.a]\n\
         rate = [[\"0m\", \"8/s\"], [\"2m\", \"8/s\"], [\"2m\", \"70/s\"]]\n[request.r]\nvia = \"lb\"\n\
         steps = [{ cpu = \"exponential 20ms\" }]\n[balancer.lb]\ntargets = \"f\"\n\
         health_check = { interval = \"10s\" }\n[fleet.f]\ninstance = \"t2.micro\"\nmin = 1\nmax = 3\n\
         warmup = \"10s\"\ngrace = \"10s\"\n\
         scaling = [{ target_tracking = { metric = \"cpu\", target = 70 } }]\n";
    let limits = [1, 2, 3].map(|count| {
        let outcome = runs(text, count);
        assert_eq!(outcome.headroom[0].of, Resource::Cpu { fleet: 0 }, "{:?}", outcome.headroom);
        outcome.headroom[0].at_largest().unwrap()
    });
    // 70/s × 20 ms are 1.4 of three cores: ×2.14 but for the strength of a vCPU and for the busiest of 70 windows.
    for limit in limits {
        assert!((limit / limits[0] - 1.0).abs() < 0.06, "{limits:?}");
    }
}

/// Two zones have half of the traffic each. The one instance of the second is full, the two of the first are half busy.
#[test]
fn a_saturated_resource_names_the_member_that_was_full() {
    let outcome = run("duration = \"4m\"\n[traffic.a]\nrate = \"230/s\"\n[request.r]\nvia = \"lb\"\n\
         steps = [{ cpu = \"20ms\" }]\n[balancer.lb]\ntargets = \"f\"\ncross_zone = false\nhealth_check = { unhealthy = 10, interval = \"60s\" }\n[fleet.f]\n\
         instance = \"m5.large\"\ninstances = 3\nazs = 2\n");
    let cpu = of(&outcome, "CPU of f");
    assert!(cpu.saturated && cpu.fullest == Some(Part::Instance(2)), "{cpu:?}");
    assert!(cpu.as_it_stood.busy > 0.95, "{cpu:?}");
}

/// The writer takes 100 connections; twelve instances want 20 each, and five get them.
#[test]
fn what_instances_want_that_cannot_start_is_asked_for() {
    let outcome = run(
        "duration = \"12m\"\n[traffic.a]\nrate = [[\"0m\", \"20/s\"], [\"1m\", \"20/s\"], [\"1m\", \
         \"300/s\"]]\n[request.order]\nvia = \"lb\"\nsteps = [{ cpu = \"5ms\" }, { read = \"db\", demand = \"1ms\" }]\n\
         [balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 2\nmax = 12\n\
         warmup = \"60s\"\npools = { db = 20 }\nschedule = [{ at = \"4m\", desired = 12 }]\n[database.db]\n\
         engine = \"mysql\"\nwriter = \"db.m5.large\"\nmax_connections = 100\n",
    );
    let writer = of(&outcome, "connections of db (writer)");
    assert!(writer.saturated && writer.as_it_stood.busy == 2.4, "{writer:?}");
    // The five that are there have enough room: nobody feels it, and the phase says since when it is so.
    let [calm] = &outcome.phases[..] else { panic!("{:?}", outcome.phases) };
    assert!(!calm.trouble, "{}", calm.sentence);
    for said in
        ["connections of `db` (writer) 100 % busy from 4:", "up to 7 instances of `web` cannot start from 4:"]
    {
        assert!(calm.sentence.contains(said), "{}", calm.sentence);
    }
}

fn replicated(rate: &str, replicas: u32) -> Outcome {
    run(&format!(
        "duration = \"6m\"\n[traffic.a]\nrate = {rate}\n[request.r]\nvia = \"app\"\n\
         steps = [{{ write = \"db\", demand = \"200us\" }}]\n[fleet.app]\ninstance = \"m5.xlarge\"\ninstances = 1\n\
         pools = {{ db = 50 }}\n[database.db]\nengine = \"mysql\"\nwriter = \"db.m5.xlarge\"\n\
         replicas = {replicas}\nreplication = {{ apply = \"2ms\" }}\n"
    ))
}

/// 400 commits/s of 2 ms are 80 % of one applier of each replica, however many replicas there are.
#[test]
fn appliers_of_replicas_have_headroom() {
    for replicas in [1, 3] {
        let outcome = replicated("\"400/s\"", replicas);
        let appliers = of(&outcome, "appliers of db (replicas)");
        assert_eq!(appliers.of, Resource::Appliers { database: 0 });
        assert_eq!(outcome.headroom[0].of, appliers.of, "the nearest limit");
        let off = appliers.limit().unwrap() / 1.25;
        assert!((0.95..=1.0).contains(&off) && !appliers.saturated, "{replicas}: {appliers:?}");
    }
}

/// 600 commits/s are 120 % of them for two minutes: 24 s of work too much. That makes replicas late, and no request.
#[test]
fn appliers_that_fall_behind_are_the_cause_of_lag() {
    let outcome = replicated(
        "[[\"0m\", \"100/s\"], [\"1m\", \"100/s\"], [\"1m\", \"600/s\"], [\"3m\", \"600/s\"], [\"3m\", \"100/s\"]]",
        1,
    );
    let appliers = of(&outcome, "appliers of db (replicas)");
    assert!(appliers.saturated, "{appliers:?}");
    assert!((appliers.limit().unwrap() * 1.2 - 1.0).abs() < 0.04, "{appliers:?}");
    let troubles: Vec<_> = outcome.phases.iter().filter(|phase| phase.trouble).collect();
    let [trouble] = troubles[..] else { panic!("{:?}", outcome.phases) };
    let [cause] = &trouble.chain[..] else { panic!("{trouble:?}") };
    assert_eq!((cause.resource, cause.cause), (Some(appliers.of), true));
    // They are busy until the last of 24 s of work is done, at 100/s: 24 / 0.8 = 30 s later.
    assert!((58.0..=64.0).contains(&trouble.from_s), "{trouble:?}");
    assert!((205.0..=220.0).contains(&trouble.to_s), "{trouble:?}");
    assert!(
        trouble.sentence.contains("appliers of `db` full (1 thread a replica, lag up to 2"),
        "{trouble:?}"
    );
    assert!(of(&outcome, "threads of app").held_by.is_none());
}

/// Round robin gives each of three instances 70 of 210 requests/s of 20 ms. Two cores of 0.6 of the pace do 60/s.
#[test]
fn a_slow_instance_counts_with_what_was_sent_to_it() {
    let outcome = run("duration = \"20m\"\nclient = { timeout = \"2s\" }\n[traffic.a]\nrate = \"210/s\"\n\
         [request.r]\nvia = \"lb\"\nsteps = [{ cpu = \"20ms\" }]\n[balancer.lb]\ntargets = \"f\"\n\
         health_check = { unhealthy = 10, interval = \"120s\" }\n[fleet.f]\ninstance = \"m5.large\"\ninstances = 3\n\
         speeds = [0.6]\n");
    let cpu = of(&outcome, "CPU of f");
    let strength = crate::catalog::instance_type("m5.large").unwrap().strength;
    let by_hand = 70.0 * 0.02 / (2.0 * 0.6 * strength);
    assert!(cpu.saturated && cpu.fullest == Some(Part::Instance(1)), "{cpu:?}");
    assert!((cpu.as_it_stood.busy / by_hand - 1.0).abs() < 0.04, "{by_hand}: {cpu:?}");
    assert_eq!(cpu.limit(), cpu.as_it_stood.multiplier, "that instance is what the fleet carries");
}

/// What was saturated did not carry its traffic, whatever it may grow to: `headroom >= 1` is missed.
#[test]
fn what_was_saturated_has_less_than_one() {
    let load =
        |busy: f64| Load { at_s: 0.0, until_s: None, busy, multiplier: Some(1.0 / busy), instances: None };
    let mut outcome =
        run("duration = \"1m\"\ntraffic.a.rate = \"1/s\"\n[request.r]\nsteps = [{ service = \"s\" }]\n\
                       [service.s]\nservers = 1\ntime = \"1ms\"\n");
    let headroom = &mut outcome.headroom[0];
    for (stood, largest, limit) in
        [(1.0, Some(0.2), 0.99), (0.98, None, 0.99), (1.25, Some(0.2), 0.8), (2.5, Some(2.0), 0.4)]
    {
        headroom.as_it_stood = load(stood);
        headroom.at_maximum = largest.map(load);
        headroom.saturated = true;
        assert_eq!(headroom.limit(), Some(limit));
        headroom.saturated = false;
        assert_eq!(headroom.limit(), Some(1.0 / largest.unwrap_or(stood)));
    }
}
