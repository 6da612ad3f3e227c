//! Values against the network of a cache. In: their size, look-ups. Out: a warning where one value takes longer than its
//! look-up, or all of them more than the nodes can sustain.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::bandwidth::{NO_TIME, too_many_bytes};
use crate::kind::cache::language::Cache;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::units::Time;

/// What comes of more bytes where they take time.
const QUEUES: &str = "network baseline of its type (EC2 user guide), or `network`; its values queue in a run";
/// What a single flow gets at most, in bits per second.
/// Source: Amazon EC2 user guide, instance network bandwidth.
const FLOW: f64 = 5e9;

pub(super) fn warnings(expected: &Expected<'_, Settings>, index: usize, cache: &Cache) -> Vec<Warning> {
    let mut found = Vec::new();
    let bits = cache.item.0 as f64 * 8.0;
    let sent = expected.load.per_second(|demand| demand.count((Kind::Cache, index), "values sent"));
    let Some((at, rate)) = expected.load.peak(&sent).filter(|(_, rate)| *rate > 0.0) else {
        return found;
    };
    let takes = Time::from_secs_f64(bits / FLOW);
    let given = Time::from_secs_f64(cache.command.mean().as_secs_f64() / cache.node.strength) + cache.hop * 2;
    let key = ["cache", &cache.name, "item"];
    if takes > given && !cache.bytes_take_time() {
        let message = format!(
            "a value of {} takes {} on the network, and a look-up in cache `{}` takes {} here",
            cache.item,
            rounded(takes),
            cache.name,
            rounded(given)
        );
        let hint = "at 5 Gbit/s, the most that one connection gets; bytes take no time in a run: add them to \
                    `command` and `hop`, or store less in a value";
        found.push(Warning::new(Code::NetworkAboveBandwidth, &key, message, hint));
    }
    let each = cache.bandwidth().map(|bandwidth| bandwidth.0);
    if let Some(each) = each {
        let senders = cache.shards * if cache.reads_from_replicas { cache.replicas.max(1) } else { 1 };
        let (asked, there) = (bits * rate, each * f64::from(senders));
        if asked > there {
            let hint = if cache.bytes_take_time() { QUEUES } else { NO_TIME };
            found.push(too_many_bytes(&key, at, [asked, there], &format!("cache `{}`", cache.name), hint));
        }
    }
    found
}

/// To two digits.
fn rounded(time: Time) -> Time {
    let digits = libm::log10(time.0.max(1) as f64).floor() as i32 - 1;
    let scale = libm::pow(10.0, f64::from(digits.max(0)));
    Time(((time.0 as f64 / scale).round() * scale) as u64)
}
