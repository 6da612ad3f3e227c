//! Caches that begin warm. In: the healthy scenario with changes. Out: its warnings.

use super::*;

#[test]
fn a_warm_cache_is_still_warm_at_the_peak_or_filled_anew() {
    let many = ["keys.goods.count=2000000", "cache.redis.ttl=30m"];
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &many);
    assert!(warning.message.starts_with("100 % of what cache `redis` holds"), "{warning:?}");
    // Few look-ups until the peak comes at once.
    let step = "traffic.all={ rate = [['0m', '5/s'], ['30m', '5/s'], ['30m', '150/s']], requests = 'page' }";
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &["cache.redis.ttl=30m", step]);
    assert!(
        warning.hint.ends_with("in the 30m before, traffic alone looks up each of its items 0.9 times"),
        "{warning:?}"
    );
    // Of the ttl of 5 minutes: 4 at 50/s and a slope of one to 200/s, 12,000 and 7,500 look-ups of 10,000 items; before that, they
    // have expired again.
    let slope =
        "traffic.all={ rate = [['0m', '50/s'], ['10m', '50/s'], ['11m', '200/s']], requests = 'page' }";
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &["cache.redis.ttl=5m", slope]);
    assert!(
        warning.hint.ends_with("in the 5m before, traffic alone looks up each of its items 1.95 times"),
        "{warning:?}"
    );
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=2h"]), [], "a quarter has expired");
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=30m", "cache.redis.renew=true"]), []);
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=30m", "cache.redis.warm=0%"]), []);
}

/// Ten thousand items and next to no look-ups before: whatever the shape of the rise, misses of a cold cache come on the way.
#[test]
fn a_warm_cache_expires_before_a_peak_of_any_shape() {
    let warned = |traffic: &str| {
        let traffic = format!("traffic.all={{ {traffic}, requests = 'page' }}");
        let found = found(HEALTHY, &["cache.redis.ttl=10m", &traffic]);
        found
            .into_iter()
            .find(|warning| warning.code == Code::WarmCacheExpires)
            .map(|warning| warning.message)
    };
    for (shape, peak) in [
        ("rate = [['0m', '0.5/s'], ['50m', '0.5/s'], ['50m', '3000/s']]", "50m"),
        ("spike = { base = '0.5/s', peak = '3000/s', at = '50m', hold = '2m' }", "50m30s"),
        ("spike = { base = '0.5/s', peak = '3000/s', at = '50m', ramp = '1m', hold = '2m' }", "51m"),
        ("rate = [['0m', '0.5/s'], ['50m', '0.5/s'], ['51m', '3000/s'], ['52m', '10/s']]", "51m"),
    ] {
        let message = warned(shape).unwrap_or_else(|| panic!("{shape}"));
        let ending = format!("when the peak comes at {peak} (ttl = \"10m\")");
        // A slope is at nine tenths of the peak at its end at the latest.
        assert!(
            message.starts_with("100 % of what cache `redis` holds") && message.ends_with(&ending),
            "{message}"
        );
    }
    // By hand: on a slope of a/s² to N items, at most √(a·N)/√e look-ups a second miss. Over an hour to 3,000/s that are
    // 3000 / 3600 and so 55/s, less than 5 % of 3,000.
    assert_eq!(warned("rate = [['0m', '0.5/s'], ['60m', '3000/s']]"), None);
    assert_eq!(
        warned("spike = { base = '100/s', peak = '3000/s', at = '50m', hold = '2m' }"),
        None,
        "refilled"
    );
}

#[test]
fn a_peak_of_a_recording_is_one_as_well() {
    use std::fmt::Write as _;

    let mut rows = String::from("t\n");
    // One request each 2 s, and after 3,000 s ten seconds of a thousand a second.
    (0..1_500).for_each(|at| writeln!(rows, "{}", 2 * at).unwrap());
    (0..10_000).for_each(|at| writeln!(rows, "{:.3}", 3_000.0 + f64::from(at) / 1_000.0).unwrap());
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("recorded.csv"), rows).unwrap();
    let replay = "traffic.all={ replay = { file = 'recorded.csv', column = 't' }, requests = 'page' }";
    let changes = ["cache.redis.ttl=10m", replay].map(String::from);
    let scenario = parse("shop.toml", HEALTHY.as_bytes(), place.path(), &changes).unwrap();
    let found = of_scenario(&scenario, scenario.runs);
    assert!(found.iter().any(|warning| warning.code == Code::WarmCacheExpires), "{found:?}");
}
