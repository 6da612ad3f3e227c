//! The bill of file systems, by hand.

use super::asked;
use crate::run::run;
use simcap::outcome::Outcome;

/// (unit price, quantity) of a line.
fn line(outcome: &Outcome, what: &str) -> (f64, f64) {
    let item = outcome.bill.items.iter().find(|item| item.service == "EFS" && item.what == what);
    item.map_or((0.0, 0.0), |item| (item.unit_price_usd, item.quantity))
}

/// For an hour 730 GiB are stored, 1 MiB is read each second and 1 KiB written: 3,600 MiB are 3.516 GB; a KiB is metered as 4, so that 14,400 KiB are 0.01373 GB. In Seoul
/// a GB-month is $0.33.
#[test]
fn storage_and_elastic_throughput_are_billed_to_the_cent() {
    let steps =
        "{ read_file = \"uploads\", size = \"1 MiB\" }, { write_file = \"uploads\", size = \"1 KiB\" }";
    let run = asked("1/s", "1h", steps, "storage = \"730 GiB\"");
    let (price, quantity) = line(&run, "storage");
    assert_eq!(price, 0.33);
    assert!((quantity - 1.0).abs() < 1e-5, "{quantity}");
    let (_, read) = line(&run, "elastic throughput, read");
    assert!((read - 3_600.0 / 1_024.0).abs() < 2e-3, "{read}");
    let (_, written) = line(&run, "elastic throughput, written");
    assert!((written - 14_400.0 / 1_048_576.0).abs() < 2e-5, "{written}");
}

/// 100 MiB/s provisioned beside 204.8 GiB, whose baseline of 10 MiB/s is free: 90 for an hour of 730 a month. In bursting mode nothing is.
#[test]
fn what_is_provisioned_above_the_baseline_is_billed() {
    let steps = "{ read_file = \"uploads\", size = \"1 KiB\" }";
    let storage = "storage = \"204.8 GiB\"\n";
    let run = asked(
        "1/s",
        "1h",
        steps,
        &format!("{storage}throughput = \"provisioned\"\nprovisioned = \"100 MiB/s\""),
    );
    let (_, quantity) = line(&run, "provisioned throughput");
    assert!((quantity - 90.0 / 730.0).abs() < 1e-6, "{quantity}");
    assert_eq!(line(&run, "elastic throughput, read"), (0.0, 0.0));
    let run = asked("1/s", "1h", steps, &format!("{storage}throughput = \"bursting\""));
    assert_eq!(run.bill.items.iter().filter(|item| item.service == "EFS").count(), 1);
}

/// A file system without use is billed too.
#[test]
fn storage_is_billed_without_use() {
    let text = "duration = \"1h\"\nregion = \"ap-northeast-2\"\ntraffic.a.rate = \"1/s\"\nrequest.r.steps = [{ delay = \"1ms\" }]\n[efs.idle]\nstorage = \"73 GiB\"\n";
    let (price, quantity) = line(&run(text, 1), "storage");
    assert_eq!(price, 0.33);
    assert!((quantity - 0.1).abs() < 1e-6);
}
