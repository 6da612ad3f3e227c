//! Usage plans: what the clients of each API key may ask for. In: tables. Out: a [`Plan`] for each.

use super::throttle::{BURST_MAX, Throttle};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Rate, Time};

/// Keys of a plan: 1.
pub const KEYS: Given<u32> = Given::new(1, "assumption: a source of traffic is one client");
/// Most plans.
const PLANS_MAX: usize = 100;
/// Most keys of a plan. Source: Amazon API Gateway developer guide, quotas: 10,000 API keys.
const KEYS_MAX: u32 = 10_000;

/// The language of a usage plan.
pub const SHAPE: Shape = Shape {
    title: "plans = [{ … }] of an API",
    about: "A usage plan: each of its keys has a token bucket and a quota of its own. Users keep their key; of open traffic each request has one of them, by \
            chance. Sources that are in no plan have no such limits.",
    keys: &[
        Key::required(
            "traffic",
            "name of a source, or an array of them",
            "whose requests have its keys: a [traffic.NAME] or [users.NAME]",
        ),
        Key::given("keys", "whole number", || KEYS.show(), "how many keys they have"),
        Key::optional("rate", "rate", "no throttle", "tokens a second of each key"),
        Key::optional("burst", "whole number", "as many as a second has", "tokens that its bucket holds"),
        Key::optional("quota", "whole number", "no quota", "requests that each key may send in a period"),
        Key::optional(
            "period",
            "\"day\", \"week\" or \"month\"",
            "`\"month\"` (assumption: the longest one that a plan can have)",
            "the period, which begins with the run; a month has 30 days",
        ),
        Key::optional(
            "spent",
            "whole number",
            "0 (assumption: the period has just begun)",
            "requests that each key has sent already at the start",
        ),
    ],
};

/// A usage plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Positions of its sources among all sources.
    pub sources: Vec<usize>,
    /// How many keys they have.
    pub keys: u32,
    /// The bucket of each.
    pub throttle: Option<Throttle>,
    /// How many requests each may send.
    pub quota: Option<Quota>,
}

/// How many requests a key may send in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// So many.
    pub limit: u64,
    /// The period.
    pub period: Time,
    /// Sent already at the start.
    pub spent: u64,
}

const DAY: Time = Time::from_secs(86_400);

impl Plan {
    pub(super) fn read_all(value: Value, sources: &[String]) -> Option<Vec<Plan>> {
        let plans = value.elements(PLANS_MAX)?;
        let read = |value: Value| value.table(&SHAPE, |reader| Plan::read(reader, sources));
        let plans: Vec<Plan> = plans.into_iter().filter_map(read).collect();
        let mut all: Vec<usize> = plans.iter().flat_map(|plan| plan.sources.iter().copied()).collect();
        all.sort_unstable();
        if let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            let name = sources.get(twice[0]).map_or("", String::as_str);
            value.problem(format!("`{name}` is in two usage plans"), "a source has the keys of one plan");
        }
        Some(plans)
    }

    fn read(reader: &Reader, sources: &[String]) -> Plan {
        let of = |value: Value| {
            let names = value.one_or_more(sources.len().max(1))?;
            let find = |value: Value| {
                let name = value.text()?;
                let found = sources.iter().position(|source| source == name);
                if found.is_none() {
                    value.problem(
                        format!("no traffic and no users are called `{name}`"),
                        "name a [traffic.NAME] or [users.NAME]",
                    );
                }
                found
            };
            Some(names.into_iter().filter_map(find).collect())
        };
        let rate = reader.maybe("rate", Value::rate);
        let burst = reader.maybe("burst", |value| value.count(1..=BURST_MAX));
        if let (None, Some(value)) = (rate, reader.get("burst")) {
            value.problem("a burst without a rate", "write the `rate` as well");
        }
        let throttle = rate.map(|rate: Rate| Throttle {
            rate,
            burst: burst.unwrap_or_else(|| rate.0.ceil().clamp(1.0, BURST_MAX.into()) as u32),
        });
        let periods = [("day", DAY), ("week", DAY * 7), ("month", DAY * 30)];
        let period = reader.or("period", |value| value.choice(&periods), DAY * 30);
        let limit = reader.maybe("quota", |value| value.whole(1..=1_000_000_000_000));
        let spent = reader.or("spent", |value| value.whole(0..=1_000_000_000_000), 0);
        for key in ["period", "spent"] {
            if let (None, Some(value)) = (limit, reader.get(key)) {
                value.problem(format!("`{key}` without a quota"), "write the `quota` as well");
            }
        }
        if let (Some(value), None, None) = (reader.get("keys"), throttle, limit)
            && reader.get("rate").is_none()
            && reader.get("quota").is_none()
        {
            value.problem(
                "keys that limit nothing",
                "add a `rate` or a `quota`, which each of the keys has for itself, or remove the plan",
            );
        }
        Plan {
            sources: reader.must("traffic", of, Vec::new()),
            keys: reader.or("keys", |value| value.count(1..=KEYS_MAX), KEYS.value),
            throttle,
            quota: limit.map(|limit| Quota { limit, period, spent }),
        }
    }
}
