//! Hot keys and hot partitions: what one partition takes, how it splits, how an item gets one of its own.

use simcap::outcome::Outcome;

use super::{WRITES, asked};

/// One key for all: 1,500 a second ask a partition that takes 1,000, of a table that takes 4,000. A second of it was saved up.
#[test]
fn a_hot_key_has_what_one_partition_takes() {
    let step = "{ put_item = \"baskets\", keys = { count = 1, zipf = 0 } }";
    let outcome = asked("\"1500/s\"", "20s", step, "split = \"never\"");
    let table = &outcome.dynamo_tables[0];
    assert!((table.throttled_by_partition - (500.0 * 20.0 - 1_000.0)).abs() <= 1.0, "{table:?}");
    assert_eq!((table.throttled_by_table, table.partitions), (0.0, 4.0));
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(WRITES), true));
    assert_eq!(
        link.text,
        "write units of `baskets` full (1,000 a second in one of 4 partitions, and 4,000 in all, up to 500 a second throttled)"
    );
    // The same of many keys is no trouble.
    let many =
        asked("\"1500/s\"", "20s", &step.replace("count = 1,", "count = 100000,"), "split = \"never\"");
    assert_eq!(many.dynamo_tables[0].throttled_by_partition, 0.0);
    // Of reads it takes 3,000 units, which are 6,000 eventually consistent reads.
    let read = "{ get_item = \"baskets\", keys = { count = 1, zipf = 0 } }";
    let reads =
        |rate: &str| asked(rate, "10s", read, "split = \"never\"").dynamo_tables[0].throttled_by_partition;
    assert_eq!(reads("\"5900/s\""), 0.0);
    assert!((reads("\"7000/s\"") - (1_000.0 * 10.0 - 6_000.0)).abs() <= 2.0);
}

/// Storage has partitions too: 35 GB are four, however little is provisioned; 25,000 write units need 25.
#[test]
fn partitions_follow_units_and_storage() {
    let partitions =
        |table: &str| asked("\"1/s\"", "2s", "{ put_item = \"baskets\" }", table).dynamo_tables[0].partitions;
    assert_eq!(partitions("read_units = 1\nwrite_units = 1"), 1.0);
    assert_eq!(partitions("read_units = 1\nwrite_units = 1\nstorage = \"35 GiB\""), 4.0);
    assert_eq!(partitions("read_units = 6001\nwrite_units = 1"), 3.0);
    assert_eq!(partitions("warm_throughput = { write = 25000 }"), 25.0);
    assert_eq!(partitions("read_units = 1\nwrite_units = 10\nwarm_throughput = { write = 2500 }"), 3.0);
}

const SPLIT: &str = "warm_throughput = { read = 3000, write = 2000 }\npartition = { write = 1000 }\n\
                     split = { after = \"10s\", window = \"1s\" }";

/// 1,500 a second for the keys of one partition of two: it throttles from 2 s on, when what was saved up is gone, and splits 10 s later.
#[test]
fn a_partition_that_throttles_for_long_becomes_two() {
    // One partition of 1,000 for a thousand keys.
    let table = "read_units = 1\nwrite_units = 1000\npartition = { write = 500 }\nburst = \"300s\"\n\
                 split = { after = \"10s\", window = \"1s\" }";
    let step = "{ put_item = \"baskets\", keys = { count = 1000, zipf = 0 } }";
    // Two partitions of 500; 1,200 a second are 600 for each on the mean, and both throttle after about 5 s.
    let outcome = asked("\"1200/s\"", "60s", step, table);
    let rows = &outcome.timeline.dynamo_tables[0];
    assert_eq!((rows.partitions[5], outcome.dynamo_tables[0].partitions), (2.0, 4.0));
    assert!(rows.writes_throttled[10] > 0.0);
    assert!(
        rows.writes_throttled[25..].iter().all(|throttled| *throttled == 0.0),
        "{:?}",
        rows.writes_throttled
    );
    // Heat that does not last splits nothing: for a window nothing is throttled.
    let pulses = "[[\"0s\", \"1200/s\"], [\"12s\", \"1200/s\"], [\"12s\", \"10/s\"], [\"60s\", \"10/s\"]]";
    assert_eq!(asked(pulses, "60s", step, table).dynamo_tables[0].partitions, 2.0);
}

/// Two keys share a partition with others, and one of them gets nearly everything: after 10 s it has a partition of its own. It is throttled as before; the
/// others are not any more.
#[test]
fn a_hot_item_gets_a_partition_of_its_own() {
    let table = "read_units = 1\nwrite_units = 3000\npartition = { write = 1000 }\nwarm_throughput = { write = 3000 }\n\
                 split = { after = \"10s\", window = \"1s\" }";
    let steps = |step: &str| {
        format!(
            "duration = \"60s\"\nbucket = \"1s\"\n[traffic.hot]\nrate = \"1500/s\"\ninterarrival = \"1s\"\nrequests = \"hot\"\n\
             [traffic.others]\nrate = \"400/s\"\ninterarrival = \"1s\"\nrequests = \"others\"\n\
             [client]\nround_trip = \"0s\"\nretries = 0\n[request.hot]\nsteps = [{{ put_item = \"baskets\", keys = {{ count = 1, zipf = 0 }} }}]\n\
             [request.others]\nsteps = [{step}]\n[dynamodb.baskets]\nretries = 0\nread_time = \"0s\"\nwrite_time = \"0s\"\nhop = \"0s\"\n{table}\n"
        )
    };
    let failed = |outcome: &Outcome| {
        outcome.classes.iter().find(|class| class.name == "others").unwrap().requests.failed
    };
    let apart = crate::run::run(&steps("{ put_item = \"baskets\", keys = { count = 300, zipf = 0 } }"), 1);
    assert_eq!(apart.dynamo_tables[0].partitions, 4.0, "three and one of its own: an item is not split");
    // A third of the others share the partition: they are throttled with it until it leaves.
    let never = table.replace("{ after = \"10s\", window = \"1s\" }", "\"never\"");
    let together = crate::run::run(
        &steps("{ put_item = \"baskets\", keys = { count = 300, zipf = 0 } }").replace(table, &never),
        1,
    );
    assert!(failed(&together) > 3.0 * failed(&apart), "{} {}", failed(&together), failed(&apart));
    // The hot one has 1,000 a second of 1,500 all the time.
    let hot = apart.classes.iter().find(|class| class.name == "hot").unwrap();
    assert!(hot.requests.failed >= 500.0 * 60.0 - 2_100.0, "{:?}", hot.requests);
    // From 13 s on nobody else is throttled.
    let rows = &apart.timeline.dynamo_tables[0];
    assert!(
        rows.writes_throttled[14..].iter().all(|throttled| (throttled - 500.0).abs() <= 1.0),
        "{:?}",
        rows.writes_throttled
    );
}

/// Any item is no hot one: what has no key is split in halves.
#[test]
fn a_partition_without_a_hot_item_is_halved() {
    let outcome = asked(
        "\"1500/s\"",
        "40s",
        "{ put_item = \"baskets\" }",
        &SPLIT.replace("write = 2000", "write = 1000"),
    );
    // The table takes 1,000 by itself: nothing is throttled by a partition.
    assert_eq!(outcome.dynamo_tables[0].partitions, 1.0);
    let wide = "read_units = 1\nwrite_units = 2000\npartition = { write = 2000 }\nquota = { write = 40000 }";
    assert_eq!(asked("\"1500/s\"", "20s", "{ put_item = \"baskets\" }", wide).dynamo_tables[0].given_up, 0.0);
}
