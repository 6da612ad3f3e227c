//! Auto scaling of provisioned capacity, minute by minute.

use simcap::outcome::Outcome;

use super::text;
use crate::kind::incidents;

/// Writes at these rates, from these minutes on, at a table of 100 write units that may have from 100 to 1,000.
fn writes(rates: &[(u32, f64)], minutes: u32, more: &str) -> Outcome {
    let mut knots = Vec::new();
    for (at, &(from, rate)) in rates.iter().enumerate() {
        let until = rates.get(at + 1).map_or(minutes, |next| next.0);
        knots.extend([format!("[\"{from}m\", \"{rate}/s\"]"), format!("[\"{until}m\", \"{rate}/s\"]")]);
    }
    let table = format!(
        "read_units = 1\nwrite_units = 100\nscaling = {{ write = {{ min = 100, max = 1000 }}{more} }}"
    );
    let file = text(
        &format!("rate = [{}]", knots.join(", ")),
        &format!("{minutes}m"),
        "{ put_item = \"baskets\" }",
        &table,
    );
    crate::run::run(&file, 1)
}

/// 50 a second, and from 5 minutes on 139.5: above 70 % of 100. The minutes that end at 6 and 7 are above; alarms see the second one at 8, and the table has
/// 139.5/0.7 units 30 s later. Down to ten at 20 minutes: the minute that ends at 35 is the fifteenth in a row below 50 % of 200, which alarms see at 36.
#[test]
fn two_minutes_above_the_target_add_units_and_fifteen_far_below_take_them_away() {
    let outcome = writes(&[(0, 50.0), (5, 139.5), (20, 10.0)], 40, "");
    assert_eq!(
        incidents(&outcome),
        [
            (510.0, "write capacity from 100 to 200 units a second"),
            (36.0 * 60.0 + 30.0, "write capacity from 200 to 100 units a second")
        ]
    );
    let limit = &outcome.timeline.dynamo_tables[0].write_limit;
    assert_eq!([limit[508], limit[510], limit[2_188], limit[2_190]], [100.0, 200.0, 200.0, 100.0]);
    let table = &outcome.dynamo_tables[0];
    assert_eq!(
        (table.increases, table.decreases, table.given_up),
        (1.0, 1.0, 0.0),
        "what was saved up bridges it"
    );
    // The bill: 100 units for 2,400 s, and 100 more for 1,680 s.
    let item = outcome.bill.items.iter().find(|item| item.what == "provisioned write units").unwrap();
    assert!((item.quantity - (100.0 * 2_400.0 + 100.0 * 1_680.0) / 3_600.0).abs() < 1e-6, "{item:?}");
}

#[test]
fn delays_and_updates_take_as_long_as_the_file_says() {
    let outcome = writes(&[(0, 50.0), (5, 139.5)], 10, ", delay = \"0s\", update = \"10s\"");
    assert_eq!(incidents(&outcome), [(430.0, "write capacity from 100 to 200 units a second")]);
    let outcome = writes(&[(0, 50.0), (5, 139.5)], 15, ", delay = \"150s\", update = \"1s\"");
    assert_eq!(incidents(&outcome), [(420.0 + 151.0, "write capacity from 100 to 200 units a second")]);
    // Nothing is changed while a table is updated. Then it is the throttled traffic that counts: 500 are asked for, and 200 consumed.
    let outcome = writes(&[(0, 50.0), (5, 139.5), (8, 500.0)], 20, ", delay = \"0s\", update = \"200s\"");
    assert_eq!(incidents(&outcome)[0], (620.0, "write capacity from 100 to 200 units a second"));
    assert_eq!(incidents(&outcome)[1], (920.0, "write capacity from 200 to 286 units a second"));
}

/// A minute above, or a burst within one, is no reason.
#[test]
fn one_minute_above_the_target_changes_nothing() {
    assert!(writes(&[(0, 50.0), (5, 139.5), (6, 50.0)], 12, "").incidents.is_empty());
}

/// More than `max` is throttled in the end.
#[test]
fn scaling_ends_at_its_max() {
    let outcome = writes(&[(0, 50.0), (5, 1_200.0)], 30, ", update = \"1s\"");
    let table = outcome.timeline.dynamo_tables[0].write_limit.last().copied();
    assert_eq!(table, Some(1_000.0));
    assert!(outcome.dynamo_tables[0].given_up > 0.0);
    // Two partitions would be needed for more than 1,000.
    assert_eq!(outcome.dynamo_tables[0].partitions, 1.0);
}

/// Waves of 4 minutes each 20: each ends with a decrease, until four of them are done in an hour. Then the quota allows one an hour.
#[test]
fn decreases_are_few() {
    let waves: Vec<(u32, f64)> =
        (0..12).flat_map(|wave| [(20 * wave, 139.5), (20 * wave + 4, 10.0)]).collect();
    let outcome = writes(&waves, 240, ", delay = \"0s\", update = \"1s\"");
    let decreases: Vec<f64> = incidents(&outcome)
        .iter()
        .filter(|it| it.1.contains("from 200 to 100"))
        .map(|it| (it.0 - 1.0) / 60.0)
        .collect();
    // Fifteen minutes below end at 19, and so on; the fourth would be at 79, which is more than an hour after the first.
    assert!(decreases.len() >= 4, "{decreases:?}");
    assert_eq!(&decreases[..3], [19.0, 39.0, 59.0]);
    for pair in decreases[3..].windows(2) {
        assert!(pair[1] - pair[0] >= 60.0, "{decreases:?}");
    }
}

/// Reads scale as writes do, by themselves.
#[test]
fn reads_have_bounds_of_their_own() {
    let table = "write_units = 5\nscaling = { read = { min = 100, max = 400, target = \"50%\" }, delay = \"0s\", update = \"0s\" }";
    let file = text("rate = \"298.6/s\"", "10m", "{ get_item = \"baskets\" }", table);
    // 149.3 units a second: 50 % of 298.6.
    let outcome = crate::run::run(&file, 1);
    assert_eq!(incidents(&outcome), [(120.0, "read capacity from 100 to 299 units a second")]);
    assert_eq!(outcome.timeline.dynamo_tables[0].write_limit.last(), Some(&5.0));
}
