//! On-demand capacity that follows the traffic: up to twice the peak of 30 minutes ago.

use super::asked;

/// Ten minutes of 80 a second, then 300: a table that was warmed for 100 throttles what is more than that for 31 minutes, what is more than twice 80 until the
/// minute that took 100 and what was saved up is 30 minutes old, and so on.
#[test]
fn a_table_takes_twice_its_peak_of_30_minutes_ago() {
    let rate = "[[\"0m\", \"80/s\"], [\"10m\", \"80/s\"], [\"10m\", \"300/s\"], [\"120m\", \"300/s\"]]";
    let table = "warm_throughput = { read = 100, write = 100 }";
    let outcome = asked(rate, "120m", "{ put_item = \"baskets\" }", table);
    let limit = &outcome.timeline.dynamo_tables[0].write_limit;
    let at = |minute: usize| limit[60 * minute];
    assert_eq!((at(0), limit[60 * 31 - 2]), (100.0, 100.0));
    // The first minute counts 30 minutes after its end. Its last arrival is the first one of the next.
    assert!((at(31) - 2.0 * 80.0).abs() < 0.05 && (limit[60 * 31 - 2] - 100.0).abs() < 1e-9, "{}", at(31));
    // The eleventh minute took 100 a second and 100 that were saved up.
    let eleventh = 2.0 * (100.0 * 60.0 + 100.0) / 60.0;
    assert!((at(41) - eleventh).abs() < 0.1, "{} and not {eleventh}", at(41));
    // From 31 to 41 minutes it took 160, so that nearly 320 can be taken from 62 minutes on: nothing is throttled any more.
    assert!(
        (limit[60 * 62 - 2] - at(41)).abs() < 1e-9 && at(62) >= 319.0,
        "{} {}",
        limit[60 * 62 - 2],
        at(62)
    );
    let throttled = &outcome.timeline.dynamo_tables[0].writes_throttled;
    assert!(throttled[60 * 62 + 1..].iter().all(|it| *it == 0.0));
    assert!((throttled[60 * 20] - 200.0).abs() <= 1.0 && (throttled[60 * 35] - 140.0).abs() <= 1.0);
    // There are more partitions for it: each takes 1,000.
    assert_eq!(outcome.dynamo_tables[0].partitions, 1.0);
}

/// Traffic that doubles each 30 minutes is never throttled; that which triples is.
#[test]
fn traffic_may_double_within_30_minutes() {
    let growing = |times: f64| {
        let steps: Vec<String> = (0..5)
            .flat_map(|step| {
                let rate = 90.0 * times.powi(step);
                [31 * step, 31 * (step + 1)].map(|minute| format!("[\"{minute}m\", \"{rate}/s\"]"))
            })
            .collect();
        let rate = format!("[{}]", steps.join(", "));
        let table = "warm_throughput = { read = 100, write = 100 }\nburst = \"2s\"";
        asked(&rate, "155m", "{ put_item = \"baskets\" }", table).dynamo_tables[0].given_up
    };
    assert_eq!(growing(1.9), 0.0);
    assert!(growing(3.0) > 1_000.0);
}

/// A table grows as far as its quota, and its partitions with it, all at once.
#[test]
fn a_table_grows_as_far_as_its_quota() {
    let rate = "[[\"0m\", \"4000/s\"], [\"3m\", \"4000/s\"], [\"3m\", \"100/s\"], [\"12m\", \"100/s\"]]";
    let growth = "growth = { after = \"5m\" }";
    let grown = |quota: &str| {
        let outcome = asked(rate, "10m", "{ put_item = \"baskets\" }", &format!("{growth}\n{quota}"));
        let rows = &outcome.timeline.dynamo_tables[0];
        (
            rows.write_limit[30],
            *rows.write_limit.last().unwrap(),
            rows.partitions[30],
            outcome.dynamo_tables[0].partitions,
        )
    };
    let (before, after, few, many) = grown("");
    assert_eq!((before, few, many), (4_000.0, 4.0, 8.0));
    assert!((after - 8_000.0).abs() < 140.0, "{after}");
    let (_, after, _, many) = grown("quota = { write = 5000 }");
    assert_eq!((after, many), (5_000.0, 8.0));
    let (before, after, ..) = grown("max_throughput = { write = 4000 }");
    assert_eq!((before, after), (4_000.0, 4_000.0));
    // Three times the peak, after a shorter window.
    let outcome = asked(
        "\"100/s\"",
        "5m",
        "{ put_item = \"baskets\" }",
        "warm_throughput = { write = 120 }\ngrowth = { factor = 3, after = \"1m\", window = \"10s\" }",
    );
    let limit = &outcome.timeline.dynamo_tables[0].write_limit;
    assert_eq!((limit[68], limit[71].round()), (120.0, 300.0));
}
