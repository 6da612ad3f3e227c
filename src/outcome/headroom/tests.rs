//! The headroom of runs whose demand is known, and of rows made by hand.

use std::path::Path;

use super::*;
use crate::outcome::{Outcome, sample, simulate};

fn run(text: &str) -> Outcome {
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    simulate(&scenario, 1, &mut |_| {})
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
        let rows = busiest_rows(&outcome.timeline, 1);
        let requests = rows as f64 * outcome.timeline.bucket_s * 250.0;
        assert!(requests >= REQUESTS.value, "{rows} rows");
        // The busiest of ten times as many rows: five standard deviations hold it, and chance alone makes it higher.
        let off = found.as_it_stood.multiplier.unwrap() / exact;
        assert!((1.0 - 5.0 / requests.sqrt()..=1.0).contains(&off), "{name}: {off}");
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
    assert_eq!([0.0, 599.0, 600.0, 1_500.0, 1_800.0].map(|time| most_at(fleet, time)), [4, 4, 9, 9, 5]);
    assert!(!can_grow(fleet), "a timetable does not answer to load");
}

#[test]
fn the_busiest_rows_are_neighbours() {
    assert_eq!(peak(&[0.1, 0.9, 0.1, 0.4, 0.5, 0.6], 3), (3, 0.5));
    assert_eq!(peak(&[], 3), (0, 0.0));
    let mut timeline = sample::timeline();
    assert_eq!(busiest_rows(&timeline, 1), FEWEST_ROWS, "10,000 requests in each row");
    timeline.completed.iter_mut().for_each(|rate| *rate = 0.1);
    assert_eq!(busiest_rows(&timeline, 1), FEWEST_ROWS, "a tenth of twelve rows is less than three");
    assert_eq!(busiest_rows(&Timeline::default(), 1), 0);
}
