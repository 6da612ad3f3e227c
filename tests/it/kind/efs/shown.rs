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

/// At 12 a second it is full from the start, and the page says so.
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
