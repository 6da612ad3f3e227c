//! A warm cache that is cold at the peak. In: `warm`, `ttl`, open traffic. Out: a warning.
//!
//! What is warm at the start has ages spread over the time to live, so after half of it half is gone. Traffic fills a
//! cache anew: of the items that have expired, those miss that no look-up of the last time to live has brought back,
//! exp(−look-ups of each item) of them on the mean. On the way to the peak, steep or slow, that must stay a small part of the peak.

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
/// Misses of a cold cache, as a part of the look-ups of the peak, that are too many: what three look-ups of each item leave.
const COLD: f64 = 0.05;
/// Instants at which a slope of the traffic is looked at.
const STEPS: u32 = 32;
/// So many instants say enough by themselves.
const MANY: usize = 1_000;

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
        let of = (Kind::Cache, index);
        let keys: u64 = expected.keys.iter().filter(|keys| keys.0 == of).map(|keys| u64::from(keys.1)).sum();
        let items = (cache.capacity().min(keys) as f64 * cache.warm).max(1.0);
        let lookups = Lookups::new(load, &rates);
        let way = lookups.way(at).filter(|(_, rate)| *rate >= RISE * start).map(|(time, rate)| {
            let expired = (time.as_secs_f64() / ttl.as_secs_f64()).min(1.0);
            let refilled = lookups.between(Time(time.0.saturating_sub(ttl.0)), time) / items;
            (rate * expired * libm::exp(-refilled), expired)
        });
        let Some((misses, expired)) = way.max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        if expired >= EXPIRED && misses > COLD * top {
            // Both are told of the peak, of which the sentences speak, and not of the worst instant on the way.
            let expired = (peak.as_secs_f64() / ttl.as_secs_f64()).min(1.0);
            let since = Time(peak.0.saturating_sub(ttl.0));
            let refilled = lookups.between(since, peak) / items;
            let message = format!(
                "{} of what cache `{}` holds at the start has expired when the peak comes at {peak} (ttl = \"{ttl}\")",
                setting(expired),
                cache.name
            );
            let hint = format!(
                "a `ttl` well above {peak} keeps it warm; in the {} before, traffic alone looks up each of its items {} times",
                peak - since,
                bounded(refilled)
            );
            let at = ["cache", &cache.name, "ttl"];
            found.push(Warning::new(Code::WarmCacheExpires, &at, message, hint));
        }
    }
    found
}

/// Look-ups over time, between instants on a straight line.
struct Lookups<'a> {
    instants: &'a [Time],
    rates: &'a [f64],
    /// How many until each instant.
    until: Vec<f64>,
}

impl<'a> Lookups<'a> {
    fn new(load: &'a Load, rates: &'a [f64]) -> Lookups<'a> {
        let pieces = load.instants.windows(2).zip(rates.windows(2));
        let pieces = pieces.map(|(times, rates)| (rates[0] + rates[1]) / 2.0 * seconds(times[0], times[1]));
        let until = pieces.scan(0.0, |sum, piece| {
            *sum += piece;
            Some(*sum)
        });
        Lookups { instants: &load.instants, rates, until: std::iter::once(0.0).chain(until).collect() }
    }

    /// The instants up to one of the load, and some in between, with their rates.
    fn way(&self, last: usize) -> impl Iterator<Item = (Time, f64)> {
        let steps = if last < MANY { STEPS } else { 1 };
        let between = (0..last).flat_map(move |at| {
            let part = move |step: u32| self.inside(at, f64::from(step) / f64::from(steps));
            (0..steps).map(part)
        });
        between.chain(std::iter::once((self.instants[last], self.rates[last])))
    }

    /// A part of the way from one instant of the load to the next, and the rate there.
    fn inside(&self, at: usize, part: f64) -> (Time, f64) {
        let (from, to) = (self.instants[at], self.instants[at + 1]);
        let time = Time(from.0 + ((to.0 - from.0) as f64 * part) as u64);
        (time, self.rates[at] + (self.rates[at + 1] - self.rates[at]) * part)
    }

    fn between(&self, from: Time, to: Time) -> f64 {
        self.count(to) - self.count(from)
    }

    /// How many until a time.
    fn count(&self, time: Time) -> f64 {
        let at = self.instants.partition_point(|instant| *instant <= time).saturating_sub(1);
        let from = self.instants[at];
        let rate = match self.instants.get(at + 1) {
            Some(next) => {
                let part = seconds(from, time) / seconds(from, *next).max(f64::MIN_POSITIVE);
                self.rates[at] + (self.rates[at + 1] - self.rates[at]) * part
            }
            None => self.rates[at],
        };
        self.until[at] + (self.rates[at] + rate) / 2.0 * seconds(from, time)
    }
}

fn seconds(from: Time, to: Time) -> f64 {
    to.0.saturating_sub(from.0) as f64 / 1e9
}
