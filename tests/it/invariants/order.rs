//! The order of service: replayed traces, compared with the recursion of Kiefer and Wolfowitz; merged percentiles.

use std::fmt::Write;
use std::fs;

use proptest::prelude::*;
use simcap::measure::histogram::Histogram;
use simcap::outcome::Outcome;
use simcap::scenario;

use super::fixed;

/// Replays (arrival, service) pairs, in microseconds, at a station.
fn replay(trace: &[(u64, u64)], servers: usize) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::from("at_us,service_us\n");
    trace.iter().for_each(|(at, service)| writeln!(table, "{at},{service}").unwrap());
    fs::write(folder.path().join("trace.csv"), table).unwrap();
    let text = format!(
        "duration = \"1000s\"\n[traffic.all]\nreplay = {{ file = \"trace.csv\", column = \"at_us\", unit = \"us\" }}\n\
         [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {servers}\n\
         time = \"replay trace.csv column service_us unit us\"\n"
    );
    let scenario = scenario::parse("trace.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

/// Waits in order of arrival, with one queue for all servers: the next request takes the server that is free first.
fn waits(trace: &[(u64, u64)], servers: usize) -> Vec<u64> {
    let mut free = vec![0u64; servers];
    let wait = |&(at, service): &(u64, u64)| {
        let first = free.iter_mut().min().unwrap();
        let begin = at.max(*first);
        *first = begin + service;
        begin - at
    };
    trace.iter().map(wait).collect()
}

proptest! {
    #![proptest_config(fixed(64))]

    /// First come, first served on c servers, to the nanosecond: no server works on two requests, no request overtakes,
    /// and none is done before arrival plus service. Gaps and services are whole milliseconds, so ties are frequent.
    #[test]
    fn a_trace_is_served_in_order_by_servers_that_do_one_thing_at_a_time(
        gaps in prop::collection::vec((0u64..40, 0u64..100), 1..300), servers in 1usize..5,
    ) {
        let mut now = 0;
        let trace: Vec<(u64, u64)> = gaps.into_iter().map(|(gap, service)| { now += gap; (now * 1_000, service * 1_000) }).collect();
        let waits = waits(&trace, servers);
        let run = replay(&trace, servers);
        let desk = &run.services[0];
        prop_assert_eq!(desk.served, trace.len() as f64);
        prop_assert_eq!(desk.delayed, waits.iter().filter(|&&wait| wait > 0).count() as f64);
        let mean = |sum: u64| sum as f64 / trace.len() as f64 / 1e3;
        prop_assert!((desk.mean_wait_ms - mean(waits.iter().sum())).abs() < 1e-9 + 1e-12 * desk.mean_wait_ms);
        prop_assert_eq!(desk.wait_ms.max, *waits.iter().max().unwrap() as f64 / 1e3);
        let sojourns: Vec<u64> = waits.iter().zip(&trace).map(|(wait, (_, service))| wait + service).collect();
        prop_assert!((run.latency_ms.mean - mean(sojourns.iter().sum())).abs() < 1e-9 + 1e-12 * run.latency_ms.mean);
        prop_assert_eq!(run.latency_ms.max, *sojourns.iter().max().unwrap() as f64 / 1e3);
    }

    /// The percentile of all requests is that of the merged sample, however it was spread over instances.
    #[test]
    fn a_percentile_of_all_is_that_of_the_merged_samples(
        values in prop::collection::vec((1u64..10_000_000_000, 0usize..5), 1..500), quantile in 0.01f64..0.999,
    ) {
        let mut parts = vec![Histogram::default(); 5];
        let mut all = Histogram::default();
        for &(value, part) in &values {
            parts[part].record(value);
            all.record(value);
        }
        let mut merged = Histogram::default();
        parts.iter().for_each(|part| merged.merge(part));
        prop_assert_eq!(merged.quantile(quantile), all.quantile(quantile));
        let mut sorted: Vec<u64> = values.iter().map(|&(value, _)| value).collect();
        sorted.sort_unstable();
        let rank = (quantile * sorted.len() as f64).ceil().max(1.0) as usize - 1;
        let found = merged.quantile(quantile).unwrap() as f64;
        prop_assert!((found - sorted[rank] as f64).abs() <= 0.0005 * sorted[rank] as f64 + 64.0, "{found} {}", sorted[rank]);
    }
}
