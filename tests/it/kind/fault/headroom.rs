//! How much traffic is carried while a fault strikes, worked out by hand: what is slower takes longer, what fails would have been work, and whoever
//! gives up has kept its place.

use simcap::outcome::Headroom;

use crate::run::run;

/// The headroom of a resource in one run.
fn headroom(text: &str, resource: &str) -> Headroom {
    let run = run(text, 1);
    let found = run.headroom.iter().find(|it| it.name() == resource);
    found.unwrap_or_else(|| panic!("no {resource} in {:?}", run.headroom)).clone()
}

/// That part of a resource is asked for, but for one request in a hundred: that of the instant with which a row ends.
fn asks_for(found: &Headroom, part: f64) {
    assert!((found.as_it_stood.busy / part - 1.0).abs() <= 0.01, "{found:?}");
}

/// A request each so many microseconds, of which each has a server for 100 ms, of so many; four times as long from 1:00 on.
fn slow_service(gap_us: u32, servers: u32) -> String {
    format!(
        "duration = \"3m\"\n[traffic.a]\ninterarrival = \"{gap_us}us\"\n[request.a]\nsteps = [{{ service = \"bank\" }}]\n\
         [service.bank]\nservers = {servers}\ntime = \"100ms\"\n[fault.slow]\nservice = \"bank\"\neffect = \"slow\"\nfactor = 4\n\
         at = \"1m\"\n"
    )
}

/// 100/s × 400 ms on 20 servers: 200 %, of which a half is carried. At 0.49 of it they are not full, and at 0.51 they are.
#[test]
fn a_slow_service_is_asked_for_as_many_times_as_much() {
    let bank = headroom(&slow_service(10_000, 20), "bank");
    asks_for(&bank, 2.0);
    assert!(bank.saturated && (bank.limit().unwrap() - 0.5).abs() <= 0.005, "{bank:?}");
    let at = |gap_us: u32| headroom(&slow_service(gap_us, 20), "bank").saturated;
    assert_eq!((at(20_400), at(19_600)), (false, true));
}

/// 100/s × 2 s on 1,000 servers for two minutes. Callers give up after one: each has its server for all of the time, as it would have had.
#[test]
fn callers_who_give_up_keep_their_servers() {
    let text = |timeout: &str| {
        format!(
            "duration = \"4m\"\n[traffic.a]\ninterarrival = \"10ms\"\n[request.a]\nvia = \"web\"\n\
             steps = [{{ service = \"bank\"{timeout} }}]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 10000\n\
             [service.bank]\nservers = 1000\ntime = \"100ms\"\n[fault.slow]\nservice = \"bank\"\neffect = \"slow\"\nfactor = 20\n\
             at = \"30s\"\nfor = \"2m\"\n"
        )
    };
    for timeout in ["", ", timeout = \"1s\""] {
        let bank = headroom(&text(timeout), "bank");
        asks_for(&bank, 0.2);
        assert!(!bank.saturated, "{bank:?}");
    }
}

/// 100/s × 10 ms on two vCPUs at a quarter of their speed: 200 %. What waits for them holds threads, of which no limit is known.
#[test]
fn a_slow_instance_is_asked_for_as_many_times_as_much() {
    let text = "duration = \"3m\"\n[traffic.a]\ninterarrival = \"10ms\"\n[request.a]\nvia = \"web\"\nsteps = [{ cpu = \"10ms\" }]\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 50000\n[fault.slow]\nfleet = \"web\"\n\
                effect = \"slow\"\nspeed = \"25%\"\nat = \"1m\"\n";
    asks_for(&headroom(text, "CPU of web"), 2.0);
    let run = run(text, 1);
    assert_eq!(run.headroom.len(), 1, "{:?}", run.headroom);
}

/// A quarter of 100/s × 10 ms on two vCPUs at a tenth of their speed: 125 %. What was left over is done after it, by the same instance.
#[test]
fn one_slow_instance_is_asked_for_its_part_at_its_speed() {
    let text = "duration = \"5m\"\n[traffic.a]\ninterarrival = \"10ms\"\n[client]\ntimeout = \"2s\"\n[request.a]\nvia = \"front\"\n\
                steps = [{ cpu = \"10ms\" }]\n[balancer.front]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
                instances = 4\nthreads = 5000\n[fault.slow]\nfleet = \"web\"\neffect = \"slow\"\nspeed = \"10%\"\nat = \"1m\"\nfor = \"1m\"\n";
    let run = run(text, 1);
    let cpu = run.headroom.iter().find(|it| it.resource == "CPU of web").unwrap();
    assert!(cpu.saturated && cpu.name().contains("instance"), "{cpu:?}");
    // The balancer looks at nothing but turns: 25 of a row, one more or less.
    assert!((cpu.as_it_stood.busy / 1.25 - 1.0).abs() <= 0.04, "{cpu:?}");
}

/// 100/s × 10 ms on two vCPUs of a writer at a quarter of its speed: 200 %.
#[test]
fn a_slow_database_is_asked_for_as_many_times_as_much() {
    let text = "duration = \"3m\"\n[traffic.a]\ninterarrival = \"10ms\"\n[request.a]\nvia = \"web\"\n\
                steps = [{ read = \"db\", demand = \"10ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 50000\n\
                pools = { db = 500 }\n[database.db]\nwriter = \"db.r6g.large\"\n[fault.slow]\ndatabase = \"db\"\neffect = \"slow\"\n\
                factor = 4\nat = \"1m\"\n";
    asks_for(&headroom(text, "CPU of db (writer)"), 2.0);
}

/// 40/s × 10 ms on one shard are 40 % at its usual speed, and 160 % at a quarter of it. Its node is 1.25 times as fast as that of the demand.
#[test]
fn a_slow_shard_is_asked_for_as_many_times_as_much() {
    let text = "duration = \"3m\"\n[traffic.a]\ninterarrival = \"25ms\"\n[request.a]\n\
                steps = [{ cache = \"store\", keys = { count = 1, zipf = 0 }, miss = { delay = \"1ms\" } }]\n[cache.store]\n\
                node = \"cache.r6g.large\"\nhop = \"0s\"\ncommand = \"12500us\"\nwarm = \"100%\"\ntimeout = \"10m\"\n[fault.slow]\ncache = \"store\"\n\
                effect = \"slow\"\nfactor = 4\nat = \"1m\"\n";
    let run = run(text, 1);
    let store = &run.headroom[0];
    assert!(store.saturated && (store.as_it_stood.busy / 1.6 - 1.0).abs() <= 0.025, "{:?}", run.headroom);
}

/// 100/s × 10 ms on as many instances of two vCPUs, of which one answers with errors and does nothing: as much of all as if it did its part.
#[test]
fn one_that_answers_errors_would_have_worked() {
    let text = |instances: u32| {
        format!(
            "duration = \"3m\"\n[traffic.a]\ninterarrival = \"10ms\"\n[request.a]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = {instances}\n[fault.bad]\nfleet = \"web\"\neffect = \"fails\"\nat = \"0s\"\n"
        )
    };
    asks_for(&headroom(&text(2), "CPU of web"), 0.25);
    asks_for(&headroom(&text(4), "CPU of web"), 0.125);
}

/// One of two instances crashes, and is back at 5 % of its speed, with which it gets warm in a minute: 50/s × 10 ms fill its two vCPUs for 12.6 s, and
/// until what waited is done. In nine seconds it does 2 × (0.05 × 9 + 0.95 × 81 / 120) of the 4.5 that are asked for: of 27 /s it is full for as
/// long. (A run at 0.53 of the traffic has them full for nine rows.)
#[test]
fn a_cold_instance_is_asked_for_what_it_is_sent_while_it_is_slowest() {
    let text = |gap_us: u32| {
        format!(
            "duration = \"5m\"\n[traffic.a]\ninterarrival = \"{gap_us}us\"\n[request.a]\nvia = \"front\"\nsteps = [{{ cpu = \"10ms\" }}]\n\
             [balancer.front]\ntargets = \"web\"\nhealth_check = {{ interval = \"10s\", timeout = \"5s\", unhealthy = 2, healthy = 2 }}\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nthreads = 5000\nboot = {{ application = \"5s\" }}\n\
             cold = {{ speed = \"5%\", for = \"60s\" }}\n[fault.c]\nfleet = \"web\"\neffect = \"crashes\"\nat = \"1m\"\n"
        )
    };
    let cpu = |gap_us: u32| {
        let found =
            run(&text(gap_us), 1).headroom.into_iter().find(|it| it.resource == "CPU of web").unwrap();
        (found.saturated, found.limit().unwrap())
    };
    let (saturated, limit) = cpu(10_000);
    let done = 2.0 * (0.05 * 9.0 + 0.95 * 81.0 / 120.0);
    // It is back within a row of 1:05, and rows are a second.
    assert!(saturated && (limit / (done / 4.5) - 1.0).abs() < 0.15, "{limit}");
    assert_eq!((cpu(25_000).0, cpu(16_667).0), (false, true));
}
