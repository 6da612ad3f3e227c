//! The bill of streams, by hand.

use simcap::outcome::Outcome;

use super::put;

/// (unit price, quantity) of a line.
fn line(outcome: &Outcome, what: &str) -> (f64, f64) {
    let item = outcome.bill.items.iter().find(|item| item.service == "Kinesis" && item.what == what);
    item.map_or((0.0, 0.0), |item| (item.unit_price_usd, item.quantity))
}

fn close(found: f64, by_hand: f64) -> bool {
    (found - by_hand).abs() <= 1e-3 * by_hand.max(1e-9)
}

/// An hour with two shards, and four from 30 minutes on: 3 shard-hours. A record of 30 KiB each second is two payload units: 7,200.
#[test]
fn shards_and_payload_units_are_billed() {
    let step = "{ put_record = \"scores\", size = \"30 KiB\" }";
    let stream = "shards = 2\nreshard = [[\"30m\", 4]]\nreshard_time = \"0s\"";
    let outcome = put("1s", "1h", step, stream);
    let (price, quantity) = line(&outcome, "shards");
    assert_eq!(price, 0.015);
    assert!(close(quantity, 3.0), "{quantity}");
    let (price, quantity) = line(&outcome, "PUT payload units");
    assert_eq!(price, 0.014);
    assert!(close(quantity, 7_200e-6), "{quantity}");
    // Calls that read are free, and so is a day of retention.
    assert_eq!(outcome.bill.items.iter().filter(|item| item.service == "Kinesis").count(), 2);
    let longer = put("1s", "1h", step, &format!("{stream}\nretention = \"48h\""));
    assert!(close(line(&longer, "extended retention").1, 3.0));
}

/// A year: 3,600 records of 30 KiB are kept for 358 days beyond the first seven, beside the extended retention of the shard. On demand, for 30 days, 23 of them and six.
#[test]
fn what_is_kept_for_long_is_billed_by_the_gigabyte_and_month() {
    let step = "{ put_record = \"scores\", size = \"30 KiB\" }";
    let gb = 3_600.0 * 30.0 / 1_048_576.0;
    let year = put("1s", "1h", step, "shards = 1\nretention = \"8760h\"");
    let (price, quantity) = line(&year, "long-term retention");
    assert_eq!(price, 0.023);
    assert!(close(quantity, gb * 358.0 * 24.0 / 730.0), "{quantity}");
    let (price, quantity) = line(&year, "extended retention");
    assert!(price == 0.02 && close(quantity, 1.0), "{quantity}");
    let month = put("1s", "1h", step, "retention = \"720h\"");
    assert!(close(line(&month, "long-term retention").1, gb * 23.0 * 24.0 / 730.0));
    let (price, quantity) = line(&month, "extended retention");
    assert!(price == 0.1 && close(quantity, gb * 6.0 * 24.0 / 730.0), "{quantity}");
    // Seven days are no long term.
    assert_eq!(line(&put("1s", "1h", step, "retention = \"168h\""), "long-term retention"), (0.0, 0.0));
}

/// A function and two readers with fan-outs: three consumers at two shards for an hour; each gets 3,600 records of 1 MiB, 10.55 GB in all.
#[test]
fn fan_outs_are_billed() {
    let step = "{ put_record = \"scores\", size = \"1 MiB\" }";
    let stream = "shards = 2\nworkers = \"update\"\ntime = \"1ms\"\nfan_out = true\nreaders = { count = 2, fan_out = true }";
    let outcome = put("1s", "1h", step, stream);
    let (price, quantity) = line(&outcome, "shards with enhanced fan-out");
    assert_eq!(price, 0.015);
    assert!(close(quantity, 6.0), "{quantity}");
    let (price, quantity) = line(&outcome, "data of enhanced fan-out");
    assert_eq!(price, 0.013);
    assert!(close(quantity, 3.0 * 3_600.0 / 1_024.0), "{quantity}");
}

/// On demand: an hour, 36,000 records of 1.5 KiB that count as 2 KiB, and 1.5 KiB of each are read once.
#[test]
fn on_demand_capacity_is_billed_by_the_gigabyte() {
    let step = "{ put_record = \"scores\", size = \"1536 B\" }";
    let outcome = put("100ms", "1h", step, "readers = 1");
    assert_eq!(line(&outcome, "on-demand stream-hours"), (0.04, 1.0));
    let (price, quantity) = line(&outcome, "data put");
    assert_eq!(price, 0.08);
    assert!(close(quantity, 36_000.0 * 2.0 / 1_048_576.0), "{quantity}");
    let (price, quantity) = line(&outcome, "data read");
    assert_eq!(price, 0.04);
    assert!(close(quantity, 36_000.0 * 1_536.0 / 1_073_741_824.0), "{quantity}");
    // A stream that nothing uses is billed too.
    let idle = put("1s", "1h", "{ delay = \"1ms\" }", "");
    assert_eq!(line(&idle, "on-demand stream-hours"), (0.04, 1.0));
}

/// The example of AWS (Amazon Kinesis pricing): 100 records of 35 KB a second need four shards, 1.44 USD a day, and are 17.28 million payload units, 0.24 USD: 1.68 USD.
#[test]
fn the_example_of_aws_costs_what_aws_says() {
    let step = "{ put_record = \"scores\", size = \"35 KiB\" }";
    let outcome = put("10ms", "1h", step, "shards = 4\nretries = 0");
    // By chance a shard gets more than its fourth for some seconds.
    assert!(outcome.streams[0].throttled < 0.002 * outcome.streams[0].records);
    let kinesis = outcome.bill.items.iter().filter(|item| item.service == "Kinesis");
    let day: f64 = kinesis.map(|item| 24.0 * item.usd).sum();
    assert!((day - 1.68).abs() < 0.005, "{day}");
}
