//! Events at one instant: what ends makes room for what begins.
//!
//! Traffic is never simultaneous, so ties are made in the system: all requests that wait for the fill of one cache
//! key resume at the same instant, and a station with a constant service time that always has work sends
//! requests on in step with the next one.

use std::fs;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::run::run;

/// About `count` requests come within 10 s, resume together, and then walk through `stations`.
fn together(rate: u32, steps: &str, stations: &str) -> Outcome {
    run(
        &format!(
            "duration = \"2h\"\n[traffic.all]\nrate = [[\"9s\", \"{rate}/s\"], [\"9s\", \"0/s\"]]\n[request.go]\n\
             steps = [{{ cache = \"gate\", keys = {{ count = 1, zipf = 0 }}, miss = {{ delay = \"10s\" }} }}, {steps}]\n\
             [cache.gate]\nnode = \"cache.r6g.large\"\ncommand = \"1ns\"\nhop = \"0s\"\ncoalesce = true\n{stations}\n"
        ),
        1,
    )
}

/// All at once on 3 servers of 1 s: request k waits floor(k / 3) s.
#[test]
fn simultaneous_requests_are_served_in_batches() {
    let run = together(3, "{ service = \"desk\" }", "[service.desk]\nservers = 3\ntime = \"1s\"");
    let station = &run.services[0];
    let waits: Vec<u64> = (0..station.arrived as u64).map(|k| k / 3).collect();
    assert!(waits.len() > 10);
    assert_eq!(station.delayed, waits.len() as f64 - 3.0);
    let mean = 1e3 * waits.iter().sum::<u64>() as f64 / waits.len() as f64;
    assert!((station.mean_wait_ms - mean).abs() < 1e-9, "{} against {mean}", station.mean_wait_ms);
    assert_eq!(station.wait_ms.max, 1e3 * *waits.last().unwrap() as f64);
}

/// Every half second one request leaves the first desk and one the second, which has no waiting place: the second's
/// request is done before the next one comes, so none is rejected.
#[test]
fn a_completion_makes_room_for_an_arrival_of_its_instant() {
    let stations = "[service.feed]\nservers = 1\ntime = \"500ms\"\n[service.desk]\nservers = 1\nqueue = 0\ntime = \"500ms\"";
    let run = together(11, "{ service = \"feed\" }, { service = \"desk\" }", stations);
    assert!(run.services[0].delayed > 80.0);
    assert_eq!((run.services[1].rejected, run.services[1].served), (0.0, run.requests.arrived));
}

/// One every quarter second on two servers of half a second: fully loaded, and no request waits.
#[test]
fn a_fully_loaded_pair_of_servers_never_makes_anyone_wait() {
    let stations =
        "[service.feed]\nservers = 1\ntime = \"250ms\"\n[service.desk]\nservers = 2\ntime = \"500ms\"";
    let run = together(110, "{ service = \"feed\" }, { service = \"desk\" }", stations);
    assert!(run.services[1].arrived > 900.0);
    assert_eq!((run.services[1].delayed, run.services[1].wait_ms.max), (0.0, 0.0));
}

/// One every quarter second on one server of half a second with four places: the queue fills, then every other one is
/// rejected. Of 1,000 requests 504 are accepted.
#[test]
fn an_overloaded_line_takes_every_other_request() {
    let taken = |count: u64| {
        // Times of completion of the requests inside, in quarters of a second.
        let mut inside: Vec<u64> = Vec::new();
        let mut taken = 0;
        for now in 0..count {
            inside.retain(|&done| done > now);
            if inside.len() < 5 {
                inside.push(inside.last().map_or(now, |&done| done) + 2);
                taken += 1;
            }
        }
        taken
    };
    assert_eq!(taken(1_000), 504);
    let stations = "[service.feed]\nservers = 1\ntime = \"250ms\"\n[service.desk]\nservers = 1\nqueue = 4\ntime = \"500ms\"";
    let run = together(110, "{ service = \"feed\" }, { service = \"desk\" }", stations);
    let desk = &run.services[1];
    assert!(desk.arrived > 900.0);
    let taken = taken(desk.arrived as u64) as f64;
    assert_eq!((desk.served, desk.rejected), (taken, desk.arrived - taken));
}

/// Two hosts of one core. The second one has a job of 30 ms from 1,000 ms on, the first one a job of 20 ms from 1,010 ms
/// on: both end at 1,030 ms, and both requests go to one desk of 5 ms. The end on the second host was planned first, but
/// the first host was added first, so its request is served first and takes 25 ms, the other 40 ms; the other way round
/// they would take 30 and 35 ms. The request of 1 ms that sends the first one to the first host takes 6 ms.
#[test]
fn of_hosts_whose_jobs_end_at_one_instant_the_one_added_first_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trace.csv"), "at,cpu\n1000,1\n1000,30\n1010,20\n").unwrap();
    let toml = "duration = \"10s\"\n[traffic.all]\n\
         replay = { file = \"trace.csv\", column = \"at\", unit = \"ms\" }\n[client]\nround_trip = \"0s\"\n\
         [request.go]\nvia = \"front\"\n\
         steps = [{ cpu = \"replay trace.csv column cpu unit ms\" }, { service = \"desk\" }]\n\
         [balancer.front]\nrouting = \"round_robin\"\ntargets = \"web\"\nhop = \"0s\"\n\
         health_check = { cpu = \"0s\" }\n\
         [fleet.web]\ninstance = { vcpus = 1, memory = \"4 GiB\" }\ninstances = 2\n\
         [service.desk]\nservers = 1\ntime = \"5ms\"\n";
    let scenario = scenario::parse("ties.toml", toml.as_bytes(), folder.path(), &[]).unwrap();
    let run = simcap::simulate(&scenario, 1, &mut |_| {});
    assert_eq!(run.requests.completed, 3.0);
    assert_eq!((run.latency_ms.max, run.latency_ms.mean), (40.0, 71.0 / 3.0));
}
