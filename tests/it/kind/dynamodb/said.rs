//! What a file can say of tables, and what is said before and after a run.

use simcap::kind::dynamodb::language::capacity::Capacity;
use simcap::kind::dynamodb::language::throughput::Throughput;
use simcap::outcome::AlarmState;
use simcap::warning::Code;

use super::text;
use crate::run::scenario;

/// Warnings before a run.
fn warned(rate: &str, step: &str, table: &str) -> Vec<String> {
    let scenario = scenario(&text(&format!("rate = \"{rate}\""), "10m", step, table));
    let found = simcap::warning::of_scenario(&scenario, 1).into_iter();
    found.filter(|it| it.code == Code::DemandAboveCapacity).map(|it| it.message).collect()
}

/// Without `capacity` a table is on demand, or provisioned where the file says how much.
#[test]
fn the_mode_follows_from_the_keys() {
    let of = |table: &str| {
        let scenario = scenario(&text("rate = \"1/s\"", "1m", "{ get_item = \"baskets\" }", table));
        scenario.kinds.dynamo_tables[0].capacity.clone()
    };
    assert!(matches!(of(""), Capacity::OnDemand(it) if it.warm == Throughput { read: 12_000, write: 4_000 }));
    assert!(
        matches!(of("read_units = 5\nwrite_units = 6"), Capacity::Provisioned(it) if it.units == Throughput { read: 5, write: 6 })
    );
    let scaled = of("scaling = { read = { min = 7, max = 9 }, write = { min = 8, max = 9 } }");
    assert!(matches!(scaled, Capacity::Provisioned(it) if it.units == Throughput { read: 7, write: 8 }));
}

#[test]
fn more_than_a_table_takes_is_said_before_a_run() {
    let put = "{ put_item = \"baskets\" }";
    assert_eq!(
        warned("5000/s", put, ""),
        ["the traffic at 0s asks for 1.25 times the 4,000 write units a second that table `baskets` takes"]
    );
    assert!(warned("3900/s", put, "").is_empty());
    assert!(warned("5000/s", put, "warm_throughput = { write = 6000 }").is_empty());
    let scaled = "read_units = 1\nwrite_units = 100\nscaling = { write = { min = 100, max = 2000 } }";
    assert!(warned("1900/s", put, scaled).is_empty());
    assert_eq!(warned("2500/s", put, scaled).len(), 1);
    // Of reads half a unit each.
    assert!(warned("20000/s", "{ get_item = \"baskets\" }", "").is_empty());
}

#[test]
fn a_hot_key_is_said_before_a_run() {
    let step = |count: u32, zipf: f64| {
        format!("{{ put_item = \"baskets\", keys = {{ count = {count}, zipf = {zipf} }} }}")
    };
    assert_eq!(
        warned("1500/s", &step(1, 0.0), ""),
        [
            "the traffic at 0s asks for 1.5 times the 1,000 write units a second that one item of table `baskets` can have"
        ]
    );
    assert!(warned("1500/s", &step(2, 0.0), "").is_empty());
    assert_eq!(warned("1500/s", &step(1_000, 3.0), "").len(), 1, "the first of 1/k^3 gets 83 %");
}

/// An objective on what is throttled.
#[test]
fn what_is_throttled_can_be_bounded() {
    let verdict = |limit: &str| {
        let table = "read_units = 1\nwrite_units = 100\nburst = \"1s\"\nretries = 0";
        let file = text("rate = \"125/s\"", "60s", "{ put_item = \"baskets\" }", table);
        let outcome = crate::run::run(&format!("{file}[objectives]\ntable_throttled = \"{limit}\"\n"), 1);
        (outcome.objectives[0].met, outcome.objectives[0].max)
    };
    // A fifth, less what was saved up.
    let (met, measured) = verdict("baskets < 10%");
    assert!(
        !met && (measured.unwrap() - (25.0 * 60.0 - 100.0) / (125.0 * 60.0)).abs() < 1e-3,
        "{measured:?}"
    );
    assert!(verdict("< 20%").0);
}

/// CloudWatch has what is throttled: an alarm goes off when a table does not take what comes.
#[test]
fn an_alarm_sees_what_is_throttled() {
    let table = "read_units = 1\nwrite_units = 100\nburst = \"1s\"\nretries = 0";
    let changes = |rate: &str| {
        let file = text(&format!("rate = \"{rate}\""), "10m", "{ put_item = \"baskets\" }", table);
        let alarm = "[alarm.throttled]\nmetric = \"dynamodb.baskets.throttled\"\nabove = 10\nperiod = \"1m\"\nperiods = 2\n\
                     [alarm.busy]\nmetric = \"dynamodb.baskets.consumed_write_units\"\nabove = 90\nperiod = \"1m\"\nperiods = 2\n";
        let outcome = crate::run::run(&format!("{file}{alarm}"), 1);
        let on = outcome.alarms.iter().filter(|it| it.to == AlarmState::Alarm);
        on.map(|it| it.alarm.clone()).collect::<Vec<_>>()
    };
    assert!(changes("80/s").is_empty());
    assert_eq!(changes("95/s"), ["busy"]);
    assert_eq!(changes("125/s").len(), 2);
}
