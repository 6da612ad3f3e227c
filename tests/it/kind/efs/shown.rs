//! What is said of a file system that is full.

use simcap::outcome::Resource;

use super::asked;

/// 8 MiB/s are written of 10 that are provisioned, and 25 would be ten times what is read: the throughput is full at 1.25 times the traffic.
#[test]
fn what_it_passes_is_what_limits_the_event_first() {
    let efs = "throughput = \"provisioned\"\nprovisioned = \"10 MiB/s\"\nfile = \"1 MiB\"";
    let run = asked("8/s", "5m", "{ write_file = \"uploads\" }", efs);
    let first = &run.headroom[0];
    assert_eq!(first.of, Resource::FileThroughput { efs: 0 });
    let limit = first.limit().unwrap();
    assert!((limit - 1.25).abs() < 0.02, "{first:?}");
}

/// 100 GiB have a baseline of 4.883 MiB/s, and 0.01 % of the credits are 220.2 MiB. Read are 10 MiB a second, which count 3.333, and written is 1: nothing is spent. With k times as
/// much for ten minutes, (4.333 k - 4.883) x 600 = 220.2 at k = 1.21.
#[test]
fn credits_that_more_traffic_would_spend_are_the_limit() {
    let efs = "throughput = \"bursting\"\nstorage = \"100 GiB\"\ncredits = \"0.01%\"";
    let steps =
        "{ read_file = \"uploads\", size = \"10 MiB\" }, { write_file = \"uploads\", size = \"1 MiB\" }";
    let run = asked("1/s", "10m", steps, efs);
    let of = Resource::FileThroughput { efs: 0 };
    let found = run.headroom.iter().find(|it| it.of == of).unwrap();
    let by_hand = (2.1 * 1_048_576.0 * 1e-4 / 600.0 + 100.0 * 50.0 / 1_024.0) / (10.0 / 3.0 + 1.0);
    let limit = found.limit().unwrap();
    assert!((limit / by_hand - 1.0).abs() < 0.02, "{limit} {by_hand}");
    // With twice as much they are spent, and it is the throughput that is busy, not writes that wait behind it.
    let run = asked("2/s", "10m", steps, efs);
    let told: Vec<&str> =
        run.phases.iter().flat_map(|phase| &phase.chain).map(|link| link.text.as_str()).collect();
    assert!(!told.iter().any(|text| text.contains("writes of `uploads` full")), "{told:?}");
    let series = &run.timeline.file_systems[0];
    assert!(series.writes_busy_percent.iter().all(|busy| *busy < 1.0));
    assert!(series.throughput_busy_percent[300..].iter().all(|busy| *busy > 95.0));
}

/// At 20 a second it is full from the start, and the page says so.
#[test]
fn a_full_file_system_is_the_cause() {
    let efs = "throughput = \"bursting\"\ncredits = \"0.02%\"\nfile = \"1 MiB\"";
    let run = asked("20/s", "5m", "{ write_file = \"uploads\" }", efs);
    let told: Vec<&str> =
        run.phases.iter().flat_map(|phase| &phase.chain).map(|link| link.text.as_str()).collect();
    assert!(
        told.iter()
            .any(|text| text.contains("throughput of `uploads` full")
                && text.contains("no burst credits left")),
        "{told:?}"
    );
    let codes: Vec<_> = simcap::warning::of_scenario(
        &crate::run::scenario(
            "duration = \"5m\"\ntraffic.a.rate = \"20/s\"\nrequest.r.steps = [{ write_file = \"uploads\" }]\n[efs.uploads]\nthroughput = \"bursting\"\nfile = \"1 MiB\"\n",
        ),
        1,
    );
    let told = codes
        .iter()
        .find(|it| it.code == simcap::warning::Code::DemandAboveCapacity)
        .map(|it| it.message.clone());
    assert_eq!(
        told.as_deref(),
        Some(
            "the traffic at 0s asks for 20 times the throughput that file system `uploads` can pass, once its burst credits are spent"
        )
    );
}
