//! How long files take, and what a volume passes.

use super::{asked, text};
use crate::run::run;

fn close(ms: f64, by_hand: f64) -> bool {
    (ms - by_hand).abs() < 1e-3
}

/// 600 KiB are two I/Os of 256 KiB and one of 88. Each takes 4 ms to read; 100 MiB/s take 5.859375 ms for their bytes. io2 takes half a millisecond for an I/O.
#[test]
fn a_file_takes_its_ios_and_its_bytes() {
    let took = |step: &str, ebs: &str| {
        let latency = asked(2.0, "10s", "instances = 1", step, ebs).classes[0].latency_ms.clone();
        assert!(close(latency.mean, latency.max), "{step}");
        latency.max
    };
    let ebs =
        "read_latency = \"4ms\"\nwrite_latency = \"5ms\"\ninstance_limit = \"100 MiB/s\"\nfile = \"600 KiB\"";
    assert!(close(took("{ read_volume = \"disk\" }", ebs), 12.0 + 5.859_375));
    assert!(close(took("{ write_volume = \"disk\" }", ebs), 15.0 + 5.859_375));
    assert!(close(took("{ read_volume = \"disk\", size = \"0 B\" }", ebs), 4.0));
    // 16 KiB at 0.25 MiB for each of 4,000 I/Os: 1,000 MiB/s.
    let io2 = "type = \"io2\"\niops = 4000";
    assert!(close(took("{ read_volume = \"disk\", size = \"16 KiB\" }", io2), 0.5 + 0.015_625));
}

/// A gp3 volume does 3,000 I/Os a second. One instance is asked for 3,600 and does 3,000, so that a second more of I/Os waits after five; two instances do all of them at
/// once.
#[test]
fn each_instance_has_its_own_ios() {
    let of = |instances: u32| {
        let ebs = "read_latency = \"0s\"";
        asked(
            3_600.0,
            "5s",
            &format!("instances = {instances}"),
            "{ read_volume = \"disk\", size = \"1 KiB\" }",
            ebs,
        )
    };
    let one = of(1);
    assert!((one.block_volumes[0].files_read - 15_000.0).abs() <= 3.0, "{:?}", one.block_volumes[0]);
    assert!(one.timeline.block_volumes[0].busy_percent[3] > 99.9);
    let two = of(2);
    assert!((two.block_volumes[0].files_read - 18_000.0).abs() <= 3.0, "{:?}", two.block_volumes[0]);
    assert!(two.classes[0].latency_ms.max < 1.0);
    assert!((two.timeline.block_volumes[0].busy_percent[3] - 60.0).abs() < 1.0);
    assert_eq!(two.timeline.block_volumes[0].volumes[3], 2.0);
}

/// gp2 of 50 GiB earns 150 credits a second. 0.1 % of 5.4 million are 5,400: at 1,000 I/Os a second 850 are spent more than earned, so that they last for 6.353 s; then 150
/// are done. In 20 s that makes 6,353 + 13.647 x 150 = 8,400.
#[test]
fn credits_of_gp2_are_spent_and_then_the_baseline_is_left() {
    let ebs = "type = \"gp2\"\nsize = \"50 GiB\"\ncredits = \"0.1%\"\nwrite_latency = \"0s\"";
    let run = asked(1_000.0, "20s", "instances = 1", "{ write_volume = \"disk\", size = \"1 KiB\" }", ebs);
    let lasts = 5_400.0 / 850.0;
    let by_hand = 1_000.0 * lasts + 150.0 * (20.0 - lasts);
    let done = run.block_volumes[0].files_written;
    assert!((done - by_hand).abs() <= 3.0, "{done} {by_hand}");
    let series = &run.timeline.block_volumes[0];
    // With credits it is busy for 1,000 of 3,000.
    assert!((series.busy_percent[3] - 100.0 / 3.0).abs() < 1.0, "{series:?}");
    assert!(series.busy_percent[12] > 99.9);
    assert!((series.writes[12] - 150.0).abs() <= 1.0);
    assert!(run.incidents.iter().any(|it| it.text.contains("does 150 I/Os a second")));
}

/// A volume of 125 MiB/s at an instance of 20 MiB/s: of 25 files of 1 MiB a second 20 are begun.
#[test]
fn an_instance_passes_no_more_than_its_limit() {
    let step = "{ read_volume = \"disk\", size = \"1 MiB\" }";
    let done = |ebs: &str| asked(25.0, "20s", "instances = 1", step, ebs).block_volumes[0].read_gb * 1_024.0;
    let limited = done("instance_limit = \"20 MiB/s\"");
    assert!((limited - 400.0).abs() <= 2.0, "{limited}");
    let free = done("");
    assert!((free - 500.0).abs() <= 2.0, "{free}");
    // More than the volume passes is no limit.
    assert_eq!(done("instance_limit = \"1000 MiB/s\""), free);
}

/// What gp3 passes where more is provisioned: 300 MiB/s, so that 250 files of 1 MiB a second pass.
#[test]
fn throughput_that_is_provisioned_is_there() {
    let step = "{ read_volume = \"disk\", size = \"1 MiB\" }";
    let done = |ebs: &str| asked(250.0, "10s", "instances = 1", step, ebs).block_volumes[0].read_gb * 1_024.0;
    let usual = done("read_latency = \"0s\"");
    assert!((usual - 1_250.0).abs() <= 5.0, "{usual}");
    let more = done("read_latency = \"0s\"\nthroughput = \"300 MiB/s\"");
    assert!((more - 2_500.0).abs() <= 5.0, "{more}");
}

/// Poisson arrivals of I/Os at one volume of 100 a second are an M/D/1: at 80 a second the mean wait is rho / (2 (1 - rho)) of 10 ms = 20 ms.
#[test]
fn waits_are_those_of_a_queue_with_one_server() {
    let ebs = "type = \"io1\"\niops = 100\nread_latency = \"0s\"";
    let text = text(80.0, "20m", "instances = 1", "{ read_volume = \"disk\", size = \"1 KiB\" }", ebs);
    let text = text.replace("interarrival = \"12500us\"\n", "");
    let means: Vec<f64> = (1..=10).map(|seed| run(&text, seed).block_volumes[0].wait_ms).collect();
    let mean = means.iter().sum::<f64>() / 10.0;
    let deviation = (means.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / 9.0).sqrt();
    // 4.78 is the 99.9 % quantile of Student's t of nine degrees, two sides.
    assert!((mean - 20.0).abs() < 4.78 * deviation / 10.0f64.sqrt(), "{mean} {deviation}");
}
