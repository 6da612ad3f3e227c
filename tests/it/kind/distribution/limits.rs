//! Quotas, and what a run shows of them.

use super::{NEAR, cdn, run, shop};

fn busy(settings: &str, request: &str) -> String {
    format!(
        "duration = \"20s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [client]\nround_trip = \"0s\"\nretries = 0\n{}",
        shop(request, &format!("{NEAR}default = {{ origin = \"web\" }}\n{settings}"), "{ delay = \"1ms\" }")
    )
}

/// Ten requests a second, of which five are taken; or each of 1,000 bytes, of which 6,000 a second are.
#[test]
fn what_is_above_a_quota_is_turned_away() {
    for (settings, taken) in [("requests = \"5/s\"", 5.0), ("bandwidth = \"48 kbps\"", 6.0)] {
        let run = run(&busy(settings, "response_size = \"1000 B\""), 1);
        let throttled = run.requests.failed_by_cause["throttled"];
        assert_eq!(throttled, cdn(&run).throttled);
        // One more or less at the ends.
        assert!((throttled - 20.0 * (10.0 - taken)).abs() <= 10.0 - taken, "{settings}: {throttled}");
        let first = &run.headroom[0];
        assert_eq!(first.resource, "quotas of cdn", "{settings}: {first:?}");
        assert!(first.saturated, "{first:?}");
    }
}

/// With room for 40 requests a second, four times as many would fill it.
#[test]
fn the_headroom_has_the_quotas() {
    let run = run(&busy("requests = \"40/s\"", ""), 1);
    let first = &run.headroom[0];
    assert_eq!(first.resource, "quotas of cdn");
    assert!((first.limit().unwrap() - 4.0).abs() < 0.1, "{first:?}");
}
