//! How long files take, and what a file system passes.

use simcap::outcome::Outcome;

use super::asked;
use crate::run::run;

fn latency(outcome: &Outcome) -> (f64, f64) {
    let latency = &outcome.classes[0].latency_ms;
    (latency.mean, latency.max)
}

fn close(ms: f64, by_hand: f64) -> bool {
    (ms - by_hand).abs() < 1e-3
}

/// 2.5 MiB are two operations of 1 MiB and one of a half. Each takes 4 ms; a client of 100 MiB/s takes 25 ms for their bytes: 37 ms. A file without bytes is one operation.
/// A millisecond each way comes on top.
#[test]
fn a_file_takes_its_operations_and_its_bytes() {
    let efs = "read_latency = \"4ms\"\nwrite_latency = \"5ms\"\nclient = \"100 MiB/s\"\nfile = \"2.5 MiB\"\nhop = \"1ms\"";
    let took = |step: &str| {
        let (mean, max) = latency(&asked("2/s", "10s", step, efs));
        assert!(close(mean, max), "{step}");
        max
    };
    assert!(close(took("{ read_file = \"uploads\" }"), 39.0));
    assert!(close(took("{ write_file = \"uploads\" }"), 42.0));
    assert!(close(took("{ read_file = \"uploads\", size = \"0 B\" }"), 6.0));
    assert!(close(took("{ write_file = \"uploads\", size = \"1 MiB\" }"), 17.0));
}

/// 12 MiB/s are provisioned. Of 1 MiB files 20 a second are written: 12 pass, so that after 10 s 200 have been asked for and 120 are begun. Reads count a third: 30 a second take
/// 10 MiB/s, and pass without waiting.
#[test]
fn provisioned_throughput_counts_reads_as_a_third() {
    let efs = "throughput = \"provisioned\"\nprovisioned = \"12 MiB/s\"\nfile = \"1 MiB\"\nread_latency = \"0s\"\nwrite_latency = \"0s\"\nclient = \"100000 MiB/s\"";
    let writes = asked("20/s", "10s", "{ write_file = \"uploads\" }", efs);
    let done = writes.file_systems[0].writes;
    assert!((done - 120.0).abs() <= 1.0, "{done}");
    assert!(writes.timeline.file_systems[0].throughput_busy_percent[5] > 99.9);
    let reads = asked("30/s", "10s", "{ read_file = \"uploads\" }", efs);
    let (_, max) = latency(&reads);
    assert!(max < 1.0, "{max}");
    let busy = reads.timeline.file_systems[0].throughput_busy_percent[5];
    assert!((busy - 100.0 * 10.0 / 12.0).abs() < 3.0, "{busy}");
}

/// A tenth of a percent of the credits of 2.1 TiB are 2,202.0 MiB. Written are 60 MiB/s, earned 1: they last for 37.32 s, and then 1 MiB/s is left. In 60 s 60 x 37.32 + 22.68 = 2,262 files
/// of 1 MiB are begun.
#[test]
fn credits_are_spent_and_then_the_baseline_is_left() {
    let efs = "throughput = \"bursting\"\ncredits = \"0.1%\"\nfile = \"1 MiB\"\nwrite_latency = \"0s\"\nclient = \"100000 MiB/s\"";
    let run = asked("60/s", "60s", "{ write_file = \"uploads\" }", efs);
    let credits = 0.001 * 2.1 * 1_048_576.0;
    let lasts: f64 = credits / 59.0;
    let by_hand = 60.0 * lasts + (60.0 - lasts);
    let done = run.file_systems[0].writes;
    assert!((done - by_hand).abs() <= 2.0, "{done} {by_hand}");
    let series = &run.timeline.file_systems[0];
    // As long as there are credits, it is busy for 60 of 100 MiB/s.
    assert!((series.throughput_busy_percent[20] - 60.0).abs() < 2.0, "{series:?}");
    assert!(series.throughput_busy_percent[50] > 99.9);
    assert!((series.written_mib[50] - 1.0).abs() <= 1.0);
    assert_eq!(series.credits_percent[50].round(), 0.0);
}

/// 100 operations that read a second: of 200 files half wait. The others pass as before.
#[test]
fn operations_a_second_have_an_end() {
    let efs = "read_iops = \"100/s\"\nread_latency = \"0s\"\nfile = \"1 KiB\"\nclient = \"100000 MiB/s\"";
    let run = asked("200/s", "10s", "{ read_file = \"uploads\" }", efs);
    let done = run.file_systems[0].reads;
    assert!((done - 1_000.0).abs() <= 1.0, "{done}");
    assert!(run.timeline.file_systems[0].reads_busy_percent[5] > 99.9);
    let writes = asked("200/s", "10s", "{ write_file = \"uploads\" }", efs);
    assert!((writes.file_systems[0].writes - 2_000.0).abs() <= 1.0);
}

/// Two instances of 10 MiB/s each, and 15 files of 1 MiB a second for both: they pass. For one alone it is too much.
#[test]
fn a_client_passes_only_so_much() {
    let of = |instances: u32| {
        let text = format!(
            "duration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"15/s\"\ninterarrival = \"66666667ns\"\n[client]\nround_trip = \"0s\"\n\
             [request.page]\nvia = \"front\"\nsteps = [{{ read_file = \"uploads\" }}]\n[balancer.front]\ntargets = \"web\"\nhop = \"0s\"\n\
             [fleet.web]\ninstance = \"m6i.large\"\ninstances = {instances}\nazs = 1\nthreads = 1000\n\
             [efs.uploads]\nfile = \"1 MiB\"\nread_latency = \"0s\"\nclient = \"10 MiB/s\"\n"
        );
        run(&text, 1)
    };
    let two = of(2);
    let (_, max) = latency(&two);
    // A tenth of a second each, and at most one before it.
    assert!(max <= 200.1, "{max}");
    let one = of(1);
    assert!((one.file_systems[0].reads - 200.0).abs() <= 2.0, "{:?}", one.file_systems[0]);
}

/// Poisson arrivals of files of 1 MiB at a file system that passes 10 MiB/s are an M/D/1: at 8 a second the mean wait is rho / (2 (1 - rho)) of 100 ms = 200 ms.
#[test]
fn waits_are_those_of_a_queue_with_one_server() {
    let text = "duration = \"2h\"\nbucket = \"1m\"\n[traffic.all]\nrate = \"8/s\"\n[client]\nround_trip = \"0s\"\ntimeout = \"10m\"\n\
                [request.page]\nsteps = [{ write_file = \"uploads\" }]\n\
                [efs.uploads]\nthroughput = \"provisioned\"\nprovisioned = \"10 MiB/s\"\nfile = \"1 MiB\"\nwrite_latency = \"0s\"\nclient = \"1000000 MiB/s\"\n";
    let means: Vec<f64> = (1..=10).map(|seed| run(text, seed).file_systems[0].wait_ms).collect();
    let mean = means.iter().sum::<f64>() / 10.0;
    let deviation = (means.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 9.0).sqrt();
    // 4.78 is the 99.9 % quantile of Student's t of nine degrees, two sides.
    assert!((mean - 200.0).abs() < 4.78 * deviation / 10.0f64.sqrt(), "{mean} {deviation}");
}
