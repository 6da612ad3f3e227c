//! What tables take a second, and what becomes of the rest.

use proptest::prelude::*;
use simcap::outcome::Outcome;

use super::{WRITES, asked, full_at};

/// Rows in which all has settled.
fn settled(column: &[f64]) -> &[f64] {
    &column[2..column.len() - 1]
}

/// 100 write units are provisioned, and 300 s of them are saved up: 30,000. At 200 a second 100 of them are used beyond what comes, for 300 s; from then on
/// 100 a second are throttled.
#[test]
fn provisioned_capacity_saves_up_300_seconds() {
    let outcome =
        asked("\"200/s\"", "400s", "{ put_item = \"baskets\" }", "read_units = 1\nwrite_units = 100");
    let rows = &outcome.timeline.dynamo_tables[0];
    assert!(rows.writes_throttled[..299].iter().all(|throttled| *throttled == 0.0));
    assert!(
        rows.writes_throttled[301..].iter().all(|it| (it - 100.0).abs() <= 1.0),
        "{:?}",
        &rows.writes_throttled[295..]
    );
    let table = &outcome.dynamo_tables[0];
    let by_hand = 200.0 * 400.0 - 30_000.0 - 100.0 * 400.0;
    assert!((table.given_up - by_hand).abs() <= 1.0, "{} of {by_hand}", table.given_up);
    assert_eq!((table.throttled_by_table, table.throttled_by_partition), (table.given_up, 0.0));
    let failed: f64 = outcome.requests.failed_by_cause.values().sum();
    assert_eq!(failed, table.given_up);
    assert!(outcome.requests.failed_by_cause.keys().all(|cause| cause.name() == "throughput_exceeded"));
    // What is saved up comes back at the rate of what is not used.
    let idle = "[[\"0s\", \"200/s\"], [\"300s\", \"200/s\"], [\"300s\", \"0/s\"], [\"350s\", \"0/s\"], [\"350s\", \"1000/s\"]]";
    let outcome = asked(idle, "370s", "{ put_item = \"baskets\" }", "read_units = 1\nwrite_units = 100");
    let table = &outcome.dynamo_tables[0];
    // 50 s of 100 a second are 5,000, and 20 s more are 2,000.
    assert!((table.given_up - (20_000.0 - 7_000.0)).abs() <= 2.0, "{table:?}");
}

/// It is blamed when it is full, and its headroom is the multiple at which it is.
#[test]
fn a_full_table_is_named() {
    let table = "read_units = 1\nwrite_units = 100\nburst = \"1s\"";
    let outcome = asked("\"125/s\"", "60s", "{ put_item = \"baskets\" }", table);
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(WRITES), true), "{:#?}", outcome.phases);
    assert_eq!(link.text, "write units of `baskets` full (100 a second, up to 25 a second throttled)");
    assert!((full_at(&outcome, WRITES) - 0.8).abs() < 0.01, "{:?}", outcome.headroom);
    let calm = asked("\"80/s\"", "60s", "{ put_item = \"baskets\" }", table);
    assert!(calm.phases.iter().all(|phase| !phase.trouble));
    assert!((full_at(&calm, WRITES) - 1.25).abs() < 0.02, "{:?}", calm.headroom);
}

/// A new on-demand table takes 4,000 write units a second, and has four partitions for them. At 5,000 a second 1,000 are throttled; a second of what it
/// takes was saved up.
#[test]
fn a_new_on_demand_table_takes_4000_writes_and_12000_reads() {
    let outcome = asked("\"5000/s\"", "10s", "{ put_item = \"baskets\" }", "partition = { write = 40000 }");
    let table = &outcome.dynamo_tables[0];
    assert!((table.throttled_by_table - (10_000.0 - 4_000.0)).abs() <= 1.0, "{table:?}");
    let whole = asked("\"3500/s\"", "10s", "{ put_item = \"baskets\" }", "");
    assert_eq!((whole.dynamo_tables[0].partitions, whole.dynamo_tables[0].given_up), (4.0, 0.0));
    // A read of 4 KiB is half a unit: 26,000 a second are 13,000 units.
    let item = "item = \"4 KiB\"\npartition = { read = 40000 }";
    let reads = asked("\"26000/s\"", "10s", "{ get_item = \"baskets\" }", item);
    let rows = &reads.timeline.dynamo_tables[0];
    assert!(settled(&rows.read_limit).iter().all(|units| *units == 12_000.0));
    let by_hand = 2.0 * (13_000.0 * 10.0 - 12_000.0 * 11.0);
    assert!(
        (reads.dynamo_tables[0].given_up - f64::max(by_hand, 0.0)).abs() <= 2.0,
        "{:?}",
        reads.dynamo_tables[0]
    );
    let reads = asked("\"26000/s\"", "20s", "{ get_item = \"baskets\" }", item);
    let by_hand = 2.0 * (13_000.0 * 20.0 - 12_000.0 * 21.0);
    assert!((reads.dynamo_tables[0].given_up - by_hand).abs() <= 2.0, "{:?}", reads.dynamo_tables[0]);
}

/// Reads and writes have limits of their own.
#[test]
fn reads_and_writes_do_not_count_together() {
    let steps = "{ get_item = \"baskets\", consistent = true }, { put_item = \"baskets\" }";
    let table = "read_units = 100\nwrite_units = 50\nburst = \"1s\"";
    let outcome = asked("\"100/s\"", "10s", steps, table);
    let rows = &outcome.timeline.dynamo_tables[0];
    assert!(rows.reads_throttled.iter().all(|throttled| *throttled == 0.0));
    assert!(
        settled(&rows.write_units).iter().all(|units| (units - 50.0).abs() <= 1.0),
        "{:?}",
        rows.write_units
    );
}

/// A maximum and a quota bound what an on-demand table takes, however warm it is.
#[test]
fn a_maximum_and_a_quota_bound_a_table() {
    let limit = |table: &str| {
        let outcome = asked("\"1/s\"", "2s", "{ put_item = \"baskets\" }", table);
        let rows = &outcome.timeline.dynamo_tables[0];
        (rows.read_limit[1], rows.write_limit[1])
    };
    assert_eq!(limit("max_throughput = { write = 100 }"), (12_000.0, 100.0));
    assert_eq!(limit("warm_throughput = { write = 70000 }"), (12_000.0, 40_000.0));
    assert_eq!(limit("warm_throughput = { write = 70000 }\nquota = { write = 60000 }"), (12_000.0, 60_000.0));
    assert_eq!(limit("read_units = 7\nwrite_units = 8"), (7.0, 8.0));
}

/// An item of 5 KiB takes five units where only one a second is provisioned: they are owed, so that the next one is taken 5 s later.
#[test]
fn what_takes_more_than_is_ever_there_is_owed() {
    let table = "read_units = 1\nwrite_units = 1\nburst = \"1s\"\nitem = \"5 KiB\"";
    let outcome = asked("\"1/s\"", "30.5s", "{ put_item = \"baskets\" }", table);
    // At 1 s, and then each five seconds later.
    assert_eq!((outcome.dynamo_tables[0].writes, outcome.dynamo_tables[0].write_units), (6.0, 30.0));
}

/// A transaction takes units for all of its items, or for none.
#[test]
fn a_transaction_is_taken_as_a_whole() {
    let step = "{ transact_write = \"baskets\", items = 3 }";
    let outcome = asked("\"10/s\"", "20s", step, "read_units = 1\nwrite_units = 30\nburst = \"1s\"");
    // Six units each, five a second; 30 are saved up at the start.
    let table = &outcome.dynamo_tables[0];
    assert!((table.writes - (100.0 + 5.0)).abs() <= 1.0, "{table:?}");
    assert_eq!(table.write_units, 6.0 * table.writes);
}

/// The same table, request by request: tokens as whole billionths of half a unit.
fn by_hand(rate: u64, duration: u64, units: u64, burst: u64, partition: u64, halves: u64) -> u64 {
    let (mut tokens, mut own) = (2 * units * burst * 1_000_000_000, 2 * partition * 1_000_000_000);
    let (most, most_own) = (tokens.max(2_000_000_000), own);
    tokens = most;
    let (mut last, mut taken) = (0, 0);
    for arrival in 1..=rate * duration {
        let now = arrival * 1_000_000_000 / rate;
        if now >= duration * 1_000_000_000 {
            break;
        }
        tokens = most.min(tokens + 2 * units * (now - last));
        own = most_own.min(own + 2 * partition * (now - last));
        last = now;
        let asked = halves * 1_000_000_000;
        if tokens >= asked && own >= asked {
            tokens -= asked;
            own -= asked;
            taken += 1;
        }
    }
    taken
}

fn writes(outcome: &Outcome) -> f64 {
    outcome.dynamo_tables[0].writes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Any provisioned table takes what one counted in whole numbers takes.
    #[test]
    fn a_table_takes_what_whole_numbers_say(
        rate in 1u64..400,
        duration in 1u64..40,
        units in 1u64..300,
        burst in 1u64..20,
        kib in 1u64..4,
        partition in 20u64..500,
    ) {
        // What one request takes is never more than can be saved up.
        prop_assume!(kib <= units && kib <= partition);
        let table = format!(
            "read_units = 1\nwrite_units = {units}\nburst = \"{burst}s\"\nitem = \"{kib} KiB\"\n\
             partition = {{ write = {partition} }}\nsplit = \"never\""
        );
        // One key is in one partition, however many the table has.
        let step = "{ put_item = \"baskets\", keys = { count = 1, zipf = 0 } }";
        let outcome = asked(&format!("\"{rate}/s\""), &format!("{duration}s"), step, &table);
        let expected = by_hand(rate, duration, units, burst, partition, 2 * kib) as f64;
        // The instant at which a token is there may be off by its rounding to a nanosecond.
        prop_assert!((writes(&outcome) - expected).abs() <= 1.0, "{} and not {expected}", writes(&outcome));
    }
}
