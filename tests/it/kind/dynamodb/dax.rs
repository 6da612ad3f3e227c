//! DAX in front of a table: what it answers itself, what it holds, for how long.

use simcap::outcome::Outcome;

use super::text;

/// One a second does something with a key, with 1 ms at DAX, 10 ms at the table and 2 ms on each way.
fn once_a_second(steps: &str, duration: &str, dax: &str) -> Outcome {
    let table = format!("dax = {{ time = \"1ms\"{dax} }}");
    let file = text("rate = \"1/s\"", duration, steps, &table);
    let file = file.replace(
        "read_time = \"0s\"\nwrite_time = \"0s\"\nhop = \"0s\"",
        "read_time = \"10ms\"\nwrite_time = \"20ms\"\nhop = \"2ms\"",
    );
    crate::run::run(&file, 1)
}

const GET: &str = "{ get_item = \"baskets\", keys = { count = 1, zipf = 0 } }";

/// The first read misses: 1 ms at DAX, 10 ms at the table, four ways of 2 ms. It is there for 5 minutes from then on, and read in 5 ms. So of 601 reads, those at 1 s and at 302 s miss.
#[test]
fn a_hit_does_not_come_to_the_table() {
    let outcome = once_a_second(GET, "601.5s", "");
    let table = &outcome.dynamo_tables[0];
    assert_eq!((table.dax_lookups, table.reads), (601.0, 2.0), "{table:?}");
    let latency = &outcome.latency_ms;
    assert!((latency.max - 19.0).abs() < 1e-6 && (latency.p50 - 5.0).abs() < 0.01, "{latency:?}");
    assert!((table.dax_hit_ratio - 599.0 / 601.0).abs() < 1e-9);
    assert_eq!(table.read_units, 0.5 * table.reads);
}

#[test]
fn an_item_is_there_until_its_time_is_over() {
    let reads = |ttl: &str| once_a_second(GET, "20.5s", &format!(", ttl = \"{ttl}\"")).dynamo_tables[0].reads;
    // It came 13 ms after its second, and is good for 4.5 s: four more reads find it.
    assert_eq!(reads("4.5s"), 4.0);
    assert_eq!(reads("500ms"), 20.0);
}

/// A write goes through DAX to the table, and is read from there: 20 ms, and four ways. A deletion takes the item away.
#[test]
fn what_is_written_through_it_is_there() {
    let keys = "keys = { count = 1, zipf = 0 }";
    let both = |verb: &str| once_a_second(&format!("{{ {verb} = \"baskets\", {keys} }}, {GET}"), "10.5s", "");
    for verb in ["put_item", "update_item"] {
        let outcome = both(verb);
        assert_eq!((outcome.dynamo_tables[0].writes, outcome.dynamo_tables[0].reads), (10.0, 0.0), "{verb}");
        assert!((outcome.latency_ms.max - (28.0 + 5.0)).abs() < 1e-6, "{:?}", outcome.latency_ms);
    }
    let outcome = both("delete_item");
    assert_eq!((outcome.dynamo_tables[0].writes, outcome.dynamo_tables[0].reads), (10.0, 10.0));
}

/// Strongly consistent reads, queries, transactions and what has no key pass it by, in the time that they take without it.
#[test]
fn what_it_cannot_answer_passes_it_by() {
    let keys = "keys = { count = 1, zipf = 0 }";
    for (step, ms) in [
        (format!("get_item = \"baskets\", consistent = true, {keys}"), 14.0),
        (format!("query = \"baskets\", {keys}"), 14.0),
        (format!("transact_get = \"baskets\", {keys}"), 24.0),
        (format!("transact_write = \"baskets\", {keys}"), 44.0),
        ("get_item = \"baskets\"".into(), 14.0),
        ("put_item = \"baskets\"".into(), 24.0),
    ] {
        let outcome = once_a_second(&format!("{{ {step} }}"), "5.5s", "");
        assert_eq!(outcome.dynamo_tables[0].dax_lookups, 0.0, "{step}");
        assert!((outcome.latency_ms.max - ms).abs() < 1e-6, "{step}: {:?}", outcome.latency_ms);
    }
}

/// Memory for 500 of 1,000 equally popular items: half of the reads find theirs. With memory for all nearly all do.
#[test]
fn the_hit_ratio_follows_from_memory_and_keys() {
    let ratio = |kib: u32| {
        let table = format!("dax = {{ memory = \"{kib} KiB\", ttl = \"1h\" }}\nitem = \"1 KiB\"");
        let step = "{ get_item = \"baskets\", keys = { count = 1000, zipf = 0 } }";
        let outcome = crate::run::run(&text("rate = \"1000/s\"", "60s", step, &table), 1);
        let rows = &outcome.timeline.dynamo_tables[0].dax_hit_ratio;
        let late: Vec<f64> = rows[20..].iter().flatten().copied().collect();
        late.iter().sum::<f64>() / late.len() as f64
    };
    // Five standard deviations of 40,000 reads.
    assert!((ratio(500) - 0.5).abs() < 5.0 * 0.5 / 200.0, "{}", ratio(500));
    assert_eq!(ratio(1_000), 1.0);
    // One item is there: the last one, which is the next one again once in a thousand times.
    assert!(ratio(1) < 0.001 + 5.0 * (0.001f64 / 40_000.0).sqrt(), "{}", ratio(1));
}

/// A table that one reader in two thousand could fill is spared by DAX: the headroom knows how many reads come to it.
#[test]
fn the_headroom_goes_by_what_misses() {
    let table = |dax: &str| format!("read_units = 200\nwrite_units = 1\nburst = \"1s\"\n{dax}");
    let step = "{ get_item = \"baskets\", keys = { count = 1000, zipf = 0 } }";
    let limit = |dax: &str| {
        let outcome = crate::run::run(&text("rate = \"200/s\"", "120s", step, &table(dax)), 1);
        super::full_at(&outcome, super::READS)
    };
    assert!((limit("") - 2.0).abs() < 0.05, "{}", limit(""));
    // Half of the reads miss.
    let half = "dax = { memory = \"500 KiB\", ttl = \"1h\" }";
    assert!(limit(half) > 2.5, "{}", limit(half));
}
