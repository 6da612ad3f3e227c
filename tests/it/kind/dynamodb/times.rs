//! How long requests take, and how many units.

use super::{asked, text};

/// 3 ms at the table for a read and 5 ms for a write, 1 ms there and 1 ms back; a transaction takes its time twice.
#[test]
fn a_request_takes_its_time_and_a_transaction_twice_as_much() {
    let took = |step: &str| {
        let file = text("rate = \"10/s\"", "10s", step, "");
        let file = file.replace(
            "read_time = \"0s\"\nwrite_time = \"0s\"\nhop = \"0s\"",
            "read_time = \"3ms\"\nwrite_time = \"5ms\"\nhop = \"1ms\"",
        );
        let latency = crate::run::run(&file, 1).latency_ms;
        assert!((latency.max - latency.mean).abs() < 1e-6, "{step}: {latency:?}");
        latency.max
    };
    let close = |step: &str, ms: f64| assert!((took(step) - ms).abs() < 1e-6, "{step}: {}", took(step));
    close("{ get_item = \"baskets\" }", 5.0);
    close("{ get_item = \"baskets\", consistent = true }", 5.0);
    close("{ query = \"baskets\" }", 5.0);
    close("{ put_item = \"baskets\" }", 7.0);
    close("{ update_item = \"baskets\" }", 7.0);
    close("{ delete_item = \"baskets\" }", 7.0);
    close("{ transact_get = \"baskets\" }", 8.0);
    close("{ transact_write = \"baskets\" }", 12.0);
}

/// The units of each step, of items of 5 KiB: two blocks of 4 KiB, or five of 1 KiB.
#[test]
fn each_step_takes_its_units() {
    let units = |step: &str| {
        let table = &asked("\"1/s\"", "10.5s", &format!("{{ {step} }}"), "item = \"5 KiB\"").dynamo_tables[0];
        (table.read_units / 10.0, table.write_units / 10.0)
    };
    assert_eq!(units("get_item = \"baskets\""), (1.0, 0.0));
    assert_eq!(units("get_item = \"baskets\", consistent = true"), (2.0, 0.0));
    assert_eq!(units("get_item = \"baskets\", item = \"1 KiB\""), (0.5, 0.0));
    // Ten items of 5 KiB are 50 KiB: 13 blocks.
    assert_eq!(units("query = \"baskets\", items = 10"), (6.5, 0.0));
    assert_eq!(units("query = \"baskets\", items = 10, consistent = true"), (13.0, 0.0));
    assert_eq!(units("transact_get = \"baskets\", items = 3"), (12.0, 0.0));
    assert_eq!(units("put_item = \"baskets\""), (0.0, 5.0));
    assert_eq!(units("update_item = \"baskets\", item = \"100 B\""), (0.0, 1.0));
    assert_eq!(units("delete_item = \"baskets\""), (0.0, 5.0));
    assert_eq!(units("transact_write = \"baskets\", items = 2"), (0.0, 20.0));
}

/// Without laws of their own, a read takes 3 ms on the mean and a write 5 ms.
#[test]
fn without_a_law_a_request_takes_single_digit_milliseconds() {
    let mean = |step: &str| {
        let file = text("rate = \"1000/s\"", "30s", step, "")
            .replace("read_time = \"0s\"\nwrite_time = \"0s\"\n", "");
        let latency = crate::run::run(&file, 1).latency_ms;
        assert!(latency.p50 < 10.0 && latency.p99 < 20.0, "{latency:?}");
        latency.mean
    };
    // Five standard deviations of the mean of 30,000 values with a variation of 0.5, and the rounding of the histogram.
    let close = |found: f64, ms: f64| (found - ms).abs() < 5.0 * 0.5 * ms / 30_000.0f64.sqrt() + 0.001 * ms;
    assert!(close(mean("{ get_item = \"baskets\" }"), 3.0));
    assert!(close(mean("{ put_item = \"baskets\" }"), 5.0));
}
