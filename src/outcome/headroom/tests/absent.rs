//! Stations that turn requests away by chance, and stations without a server for a time.

use super::*;

/// M/M/4/4 at 2 of 4 servers: by Erlang's formula B = (2⁴/4!) / (1 + 2 + 2 + 4/3 + 2/3) = 2/3 / 7 = 9.5 % are turned away, and twice as
/// much fills it.
#[test]
fn a_station_that_turns_some_away_by_chance_has_room_in_each_run_and_in_all() {
    let text = |rate: &str| {
        format!(
            "duration = \"20m\"\ntraffic.all.rate = \"{rate}\"\nrequest.a.steps = [{{ service = \"s\" }}]\n\
             service.s = {{ servers = 4, queue = 0, time = \"exponential 200ms\" }}\n"
        )
    };
    for seed in 1..=8 {
        let scenario = crate::scenario::parse("a.toml", text("10/s").as_bytes(), Path::new(""), &[]).unwrap();
        let outcome = simulate(&scenario, seed, &mut |_| {});
        let station = of(&outcome, "s");
        // Of 12,000 requests with drawn times five standard deviations are 6.5 %.
        let off = station.limit().unwrap() / 2.0 - 1.0;
        assert!(!station.saturated && off.abs() < 0.065, "seed {seed}: {station:?}");
        let link = outcome.phases.iter().flat_map(|phase| &phase.chain).next().unwrap();
        assert_eq!(
            link.resource,
            Some(Resource::Service { service: 0 }),
            "seed {seed}: {:?}",
            outcome.phases
        );
    }
    let outcome = runs(&text("10/s"), 8);
    let station = of(&outcome, "s");
    let (limit, single) = (station.limit().unwrap(), station.by_runs.unwrap());
    assert!((single.low..=single.high).contains(&limit) && single.half_width < 0.05, "{station:?}");
    // Four times as much as it can do half of.
    let outcome = run(&text("40/s"));
    let station = of(&outcome, "s");
    assert!(station.saturated && (station.limit().unwrap() / 0.5 - 1.0).abs() < 0.05, "{station:?}");
}

/// Workers of a queue that call a station of so many servers, 2/s × 400 ms, which has none from 10:00 to 13:00.
fn mail(servers: &str, queue: &str) -> String {
    format!(
        "duration = \"30m\"\n[traffic.t]\nrate = \"2/s\"\ninterarrival = \"constant 500ms\"\n[request.order]\n\
         steps = [{{ send = \"mail\" }}]\n[queue.mail]\nworkers = \"crew\"\nsteps = [{{ service = \"smtp\" }}]\npollers = 6\n\
         wait = \"20s\"\nvisibility_timeout = \"1m\"\nmax_receive_count = 4\ndead_letter = \"lost\"\n[queue.lost]\n\
         [service.smtp]\nservers = {servers}\ntime = \"constant 400ms\"\n{queue}\n[fleet.crew]\ninstance = \"c6i.large\"\n\
         instances = 1\n"
    )
}

/// Of three servers 0.8 are busy, of one too: what is asked for in rows without any, and what comes back after them, says nothing.
#[test]
fn rows_without_a_server_say_nothing_of_the_multiple() {
    for (servers, exact) in [
        ("[[\"0s\", 3], [\"10m\", 0], [\"13m\", 3]]", 3.0 / 0.8),
        ("[[\"0s\", 1], [\"10m\", 0], [\"13m\", 1]]", 1.0 / 0.8),
    ] {
        let outcome = run(&mail(servers, "queue = 0"));
        let station = of(&outcome, "smtp");
        assert!(station.saturated && station.absent && station.limit().unwrap() < 1.0, "{station:?}");
        let off = station.as_it_stood.multiplier.unwrap() / exact - 1.0;
        assert!(off.abs() < 0.02, "{servers}: {station:?}");
        assert_eq!(outcome.headroom[0].resource, "smtp");
    }
    // It never has one.
    let outcome = run(&mail("[[\"0s\", 0]]", "queue = 0"));
    let station = of(&outcome, "smtp");
    assert!(station.absent && station.as_it_stood.multiplier.is_none(), "{station:?}");
}

/// What pollers hold while there is no server is no work of theirs. From 10:00 to 30:00 come 2,400 messages of 400 ms and the travel, for
/// 17 minutes of three servers: 960 of 3,060 seconds.
#[test]
fn workers_that_wait_for_a_station_without_a_server_are_not_busy_by_that() {
    let outcome = run(&mail("[[\"0s\", 3], [\"10m\", 0], [\"13m\", 3]]", ""));
    let station = of(&outcome, "smtp");
    assert!((station.as_it_stood.busy / (960.0 / 3_060.0) - 1.0).abs() < 0.02, "{station:?}");
    let pollers = of(&outcome, "pollers of mail");
    // Six of them: less than that of the three servers.
    assert!(pollers.as_it_stood.busy < station.as_it_stood.busy, "{pollers:?}");
    assert_eq!(outcome.headroom[0].resource, "smtp");
}

/// Ten servers of 100 ms (exponential), of which 70/s ask for seven: 10 / 7 of that fills them, however few may wait. In each run and in
/// all together the objective is judged by that.
#[test]
fn an_objective_on_a_station_with_a_short_queue_goes_by_what_is_asked_for() {
    for queue in [0, 1, 5] {
        let text = format!(
            "duration = \"20m\"\ntraffic.all.rate = \"70/s\"\nrequest.a.steps = [{{ service = \"s\" }}]\n\
             service.s = {{ servers = 10, queue = {queue}, time = \"exponential 100ms\" }}\n\
             objectives.headroom = [\">= 1.3\", \">= 1.55\"]\n"
        );
        let outcome = runs(&text, 8);
        let [met, missed] = &outcome.objectives[..] else { panic!("{:?}", outcome.objectives) };
        assert_eq!((met.runs_met, missed.runs_met), (8, 0), "{queue}: {:?}", outcome.objectives);
        // Of 84,000 requests with drawn times in a run, five standard deviations are 2.4 %, and of eight runs 0.9 %.
        let exact = 10.0 / 7.0;
        let is_near = |value: f64, off: f64| (value / exact - 1.0).abs() < off;
        assert!(met.min.is_some_and(|it| is_near(it, 0.024)), "{queue}: {met:?}");
        assert!(met.max.is_some_and(|it| is_near(it, 0.024)), "{queue}: {met:?}");
        let limit = of(&outcome, "s").limit().unwrap();
        assert!(is_near(limit, 0.009), "{queue}: {limit}");
        let (all, table) = (met.interval.unwrap(), of(&outcome, "s").by_runs.unwrap());
        assert!(all.holds(limit) && table.holds(limit), "{queue}: {limit}, {all:?}, {table:?}");
    }
}
