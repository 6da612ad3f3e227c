//! The bill of APIs, by hand.

use super::text;
use crate::run::run;

/// What is billed of API Gateway: (unit price, quantity).
fn billed(text: &str) -> Vec<(f64, f64)> {
    let bill = run(text, 1).bill;
    let items = bill.items.iter().filter(|item| item.service == "ApiGateway" && item.quantity > 0.0);
    items.map(|item| (item.unit_price_usd, item.quantity)).collect()
}

const SHORT: &str = "{ delay = \"1ms\" }";

/// 100 a second for a minute are 6,000 requests at $3.50 a million: 2.1 cents. Of an HTTP API at $1.00, and an answer of 600 KB counts twice.
#[test]
fn requests_are_billed_by_the_million() {
    let all = billed(&text("\"100/s\"", "1m", SHORT, ""));
    assert_eq!(all.len(), 1);
    assert!(all[0].0 == 3.5 && (all[0].1 - 0.006).abs() < 2e-6, "{all:?}");
    let http = text("\"100/s\"", "1m", SHORT, "kind = \"http\"");
    let all = billed(&http);
    assert!(all[0].0 == 1.0 && (all[0].1 - 0.006).abs() < 2e-6, "{all:?}");
    let large = http.replace("via = \"front\"", "via = \"front\"\nresponse_size = \"600 KB\"");
    let all = billed(&large);
    assert!((all[0].1 - 0.012).abs() < 4e-6, "{all:?}");
}

/// What is throttled is free, and a cache of 6.1 GB costs 20 cents an hour.
#[test]
fn throttled_requests_are_free_and_a_cache_is_paid_by_the_hour() {
    let all = billed(&text(
        "\"100/s\"",
        "6m",
        SHORT,
        "throttle = { rate = \"10/s\", burst = 10 }\ncache = { size = 6.1 }",
    ));
    let of = |price: f64| all.iter().find(|(unit, _)| *unit == price).unwrap().1;
    assert!((of(3.5) - 0.00361).abs() < 2e-6 && (of(0.2) - 0.1).abs() < 1e-9, "{all:?}");
}

/// Answers go to the internet: 6,000 of 1 MB are 6 GB at 9 cents, behind a function and behind an internal balancer.
#[test]
fn answers_are_data_to_the_internet() {
    let text = text("\"100/s\"", "1m", SHORT, "")
        .replace("via = \"front\"", "via = \"front\"\nresponse_size = \"1 MB\"");
    let fleet = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n[balancer.lb]\ntargets = \"web\"\ninternet_facing = false\n";
    for text in
        [text.clone(), format!("{}{fleet}", text.replace("integration = \"f\"", "integration = \"lb\""))]
    {
        let bill = run(&text, 1).bill;
        let out = bill.items.iter().find(|item| item.what.contains("to the internet")).unwrap();
        assert!((out.quantity - 6.0).abs() < 0.01 && out.unit_price_usd == 0.09, "{out:?}");
    }
}
