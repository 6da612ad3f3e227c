//! A warm cache that is cold at the peak. In: `warm`, `ttl`, open traffic. Out: a warning.
//!
//! What is warm at the start has ages spread over the time to live, so after half of it half is gone. Traffic fills a
//! cache anew; where it has looked up many times more keys in a time to live than the cache holds, all is well.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::load::Load;
use crate::kind::warning::Warning;
use crate::number::{bounded, setting};
use crate::units::Time;

/// Part of the largest rate from which on it is the peak.
const NEAR_PEAK: f64 = 0.9;
/// Times the rate of the start that make a peak.
const RISE: f64 = 1.5;
/// Share of the warm content that may expire.
const EXPIRED: f64 = 0.5;
/// Look-ups of each item in a time to live that keep a cache filled.
const REFILLED: f64 = 3.0;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let load = &expected.load;
    let mut found = Vec::new();
    for (index, cache) in expected.caches.iter().enumerate() {
        let Some(ttl) = cache.ttl.filter(|_| cache.warm > 0.0 && !cache.renew && cache.hit_ratio.is_none())
        else {
            continue;
        };
        let rates = load.per_second(|demand| demand.count((Kind::Cache, index), "lookups"));
        let Some((_, top)) = load.peak(&rates) else { continue };
        let Some(at) = (0..rates.len()).find(|&at| rates[at] >= NEAR_PEAK * top) else { continue };
        let (peak, start) = (load.instants[at], rates[0]);
        let expired = (peak.as_secs_f64() / ttl.as_secs_f64()).min(1.0);
        let of = (Kind::Cache, index);
        let keys: u64 = expected.keys.iter().filter(|keys| keys.0 == of).map(|keys| u64::from(keys.1)).sum();
        let items = (cache.capacity().min(keys) as f64 * cache.warm).max(1.0);
        let from = Time(peak.0.saturating_sub(ttl.0));
        let refilled = looked_up(load, &rates, from, peak) / items;
        if top >= RISE * start && expired >= EXPIRED && refilled < REFILLED {
            let message = format!(
                "{} of what cache `{}` holds at the start has expired when the peak comes at {peak} (ttl = \"{ttl}\")",
                setting(expired),
                cache.name
            );
            let hint = format!(
                "a `ttl` well above {peak} keeps it warm; traffic alone looks up each of its items {} times before",
                bounded(refilled)
            );
            let at = ["cache", &cache.name, "ttl"];
            found.push(Warning::new(Code::WarmCacheExpires, &at, message, hint));
        }
    }
    found
}

/// Look-ups between two instants.
fn looked_up(load: &Load, rates: &[f64], from: Time, to: Time) -> f64 {
    let pieces = load.instants.windows(2).zip(rates.windows(2)).map(|(times, rates)| {
        let (low, high) = (times[0].max(from), times[1].min(to));
        (rates[0] + rates[1]) / 2.0 * (high.0.saturating_sub(low.0)) as f64 / 1e9
    });
    pieces.sum()
}
