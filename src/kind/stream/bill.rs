//! What a stream is charged for: shards or the traffic, and fan-outs. In: what it used in each hour. Out: its charges.
//!
//! Provisioned: shards by the hour, payload units of 25 KB that were put, and, beyond a day, extended retention by shard and hour. On demand: the stream by the hour,
//! gigabytes put, each record in whole kilobytes, and gigabytes read; what it keeps beyond a day by the gigabyte and month. What either keeps beyond seven days is
//! long-term retention, by the gigabyte and month. A fan-out: each consumer at each shard by the hour, and its gigabytes. (Amazon Kinesis Data Streams pricing.)
//! Assumption: what is put is charged at once for as long as it will be kept, in whole kilobytes. Calls that read a provisioned stream and share its throughput are free, and so is what was throttled.

use super::language::Stream;
use super::language::capacity::Capacity;
use super::language::shapes::RETENTION;
use crate::cost::accrual::Accrual;
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::units::Time;
use crate::usage::Used;

/// A gigabyte, in bytes and in kilobytes. (The same: 1 KB is 1,024 bytes.)
const GB: f64 = (1u64 << 30) as f64;
const GB_IN_KB: f64 = (1u64 << 20) as f64;
/// From when on retention is a long-term one. (The same: up to seven days it is extended retention.)
const LONG_TERM: Time = Time::from_secs(7 * 86_400);
/// Nanoseconds of a month of 730 hours.
const MONTH: f64 = 730.0 * 3_600e9;

/// Gigabyte-months of a kilobyte that is kept from one age to another.
fn kept(from: Time, to: Time) -> f64 {
    to.0.saturating_sub(from.0) as f64 / MONTH / GB_IN_KB
}

impl Billed<Settings> for Stream {
    const PLACE: u8 = 3;

    fn charges<'a>(&'a self, _all: &'a Settings, used: &Used) -> Vec<Charge<'a>> {
        let charge = |sku: &str, unit: &'static str, each: f64, what: &str, hours: Vec<f64>| Charge {
            what: what.into(),
            accrual: Accrual::Hourly(hours),
            ..Charge::steady("Kinesis", sku, &self.name, unit, each)
        };
        let more = |place: usize| used.more.get(place).cloned().unwrap_or_default();
        let (kilobytes, read, pushed) = (more(0), more(1), more(2));
        let shards = used.capacity.clone();
        let fan_outs = f64::from(self.fan_outs());
        let mut charges = Vec::new();
        let long = kept(LONG_TERM, self.retention);
        if long > 0.0 {
            let what = "long-term retention";
            charges.push(charge("long-term-retention", "GB-month", long, what, kilobytes.clone()));
        }
        match self.capacity {
            Capacity::Provisioned(_) => {
                charges.push(charge("shard-hour", "shard-hour", 1.0, "shards", shards.clone()));
                charges.push(charge("put-unit", "million", 1e-6, "PUT payload units", used.hours.clone()));
                if self.retention > RETENTION.value {
                    let what = "extended retention";
                    charges.push(charge("extended-retention", "shard-hour", 1.0, what, shards.clone()));
                }
                if fan_outs > 0.0 {
                    let what = "shards with enhanced fan-out";
                    charges.push(charge("fan-out-hour", "consumer-shard-hour", fan_outs, what, shards));
                    charges.push(charge("fan-out-data", "GB", 1.0 / GB, "data of enhanced fan-out", pushed));
                }
            }
            Capacity::OnDemand(_) => {
                charges.push(Charge {
                    what: "on-demand stream-hours".into(),
                    ..Charge::steady("Kinesis", "on-demand-hour", &self.name, "hour", 1.0)
                });
                let extended = kept(RETENTION.value, self.retention.min(LONG_TERM));
                if extended > 0.0 {
                    let what = "extended retention";
                    charges.push(charge(
                        "on-demand-retention",
                        "GB-month",
                        extended,
                        what,
                        kilobytes.clone(),
                    ));
                }
                charges.push(charge("on-demand-in", "GB", 1.0 / GB_IN_KB, "data put", kilobytes));
                charges.push(charge("on-demand-out", "GB", 1.0 / GB, "data read", read));
                if fan_outs > 0.0 {
                    let what = "data of enhanced fan-out";
                    charges.push(charge("on-demand-fan-out", "GB", 1.0 / GB, what, pushed));
                }
            }
        }
        charges
    }
}
