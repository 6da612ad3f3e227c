//! A rule of a web ACL. In: `{ limit = … }` or `{ matches = … }`. Out: a [`Rule`].

use crate::id::Kind;
use crate::kind::pattern;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it goes by.
    pub look: Look,
    /// The pattern of the paths that it looks at; all if absent.
    pub path: Option<String>,
    /// Whether it blocks; else it only counts.
    pub blocks: bool,
    /// Whether it is AWS's own group of rules for bots, which costs more.
    pub managed: bool,
    /// Capacity units that it takes.
    pub units: u32,
}

/// What a rule goes by.
#[derive(Clone, Debug)]
pub enum Look {
    /// How many requests an address has sent.
    Rate {
        /// More than these in a window are too many.
        limit: u32,
        /// How far back it looks.
        window: Time,
        /// How often it looks.
        check_every: Time,
        /// How long it takes until what it has seen is felt.
        reaction: Time,
    },
    /// Which request it is.
    Match {
        /// Of each source, the share of its requests that match.
        shares: Vec<f64>,
    },
}

/// How far back a rate rule looks.
pub const WINDOW: Given<Time> =
    Given::new(Time::from_secs(300), "AWS WAF API reference, RateBasedStatement: EvaluationWindowSec");
/// How often it looks.
pub const CHECK_EVERY: Given<Time> = Given::new(
    Time::from_secs(10),
    "AWS WAF API reference, RateBasedStatement: about every 10 seconds (2023 developer guide: every 30)",
);
/// How long it takes until what a check has seen is felt.
pub const REACTION: Given<Time> = Given::new(
    Time::from_secs(10),
    "assumption: AWS WAF developer guide, caveats of rate-based rules: the delay is usually below 30 seconds, and can be minutes",
);
/// Windows that there are. Source: AWS WAF API reference, `RateBasedStatement`.
const WINDOWS: [u64; 4] = [60, 120, 300, 600];
/// Requests that a limit can be. Source: the same.
const LIMITS: std::ops::RangeInclusive<u32> = 10..=2_000_000_000;
/// Capacity units of a rate rule. Source: AWS WAF developer guide, rate-based rule statement: the base cost.
const RATE_UNITS: u32 = 2;
/// Those of AWS's group of rules for bots. Source: AWS WAF developer guide, Bot Control rule group.
const BOT_CONTROL_UNITS: u32 = 50;
/// Those of a match, and of a path. Source: AWS WAF developer guide, string match rule statement: a text that contains another.
const MATCH_UNITS: u32 = 10;
/// Most sources that a rule can name.
const SOURCES_MAX: usize = 1_000;

/// The language of a rule.
pub const RULE_SHAPE: Shape = Shape {
    title: "rules = [{ … }]",
    about: "A rule of a web ACL. One of `limit` and `matches` is needed: how many requests of an address are too many, or which requests \
            match.",
    keys: &[
        Key::optional(
            "limit",
            "whole number, 10 to 2,000,000,000",
            "none",
            "requests of one address in a window; one that has sent more is over the limit, until it has sent no more than that. \
             Requests that the rule blocks count as well",
        ),
        Key::given(
            "window",
            "duration: 60 s, 120 s, 300 s or 600 s",
            || WINDOW.show(),
            "how far back it looks each time",
        ),
        Key::given(
            "check_every",
            "duration, a whole part of the window",
            || CHECK_EVERY.show(),
            "how often it looks",
        ),
        Key::given(
            "reaction",
            "duration",
            || REACTION.show(),
            "how long after a check its result is felt: an address is blocked from then on, or no more",
        ),
        Key::optional(
            "matches",
            "{ TRAFFIC = share }",
            "none",
            "the share of the requests of each source that match, such as { bots = \"90%\", people = \"1%\" }; of others none do. A retry \
             matches as its request did",
        ),
        Key::optional(
            "managed",
            "\"bot_control\"",
            "a rule of one's own",
            "AWS's own group of rules, common level; it has a price of its own, by the month and by the request that it looks at",
        ),
        Key::optional(
            "path",
            "pattern",
            "any path",
            "it looks only at requests of a class with such a `path`; `*` is any text and `?` is one character",
        ),
        Key::optional(
            "action",
            "\"block\" or \"count\"",
            "`\"block\"` (assumption: a rule is there to keep requests out)",
            "what it does: `\"count\"` only counts, to try a rule out",
        ),
        Key::optional(
            "units",
            "whole number",
            "2 of a rate rule, 50 of Bot Control, 10 of another one, and 10 for a `path` (AWS WAF developer guide, rule statements)",
            "capacity units (WCU) that it takes; a web ACL has at most 5,000",
        ),
    ],
};

/// Reads a rule.
pub(super) fn read(reader: &Reader) -> Rule {
    let action = [("block", true), ("count", false)];
    let managed = reader.maybe("managed", |value| value.choice(&[("bot_control", true)])).unwrap_or(false);
    let path = reader.maybe("path", pattern::read);
    let look = match reader.one_of(&["limit", "matches"], true) {
        Some(("matches", value)) => {
            refuse(reader, &["window", "check_every", "reaction"], "matches");
            Look::Match { shares: shares(reader, value) }
        }
        limit => {
            refuse(reader, &["managed"], "limit");
            let limit = limit.and_then(|(_, value)| value.count(LIMITS)).unwrap_or(*LIMITS.start());
            let window = reader.or("window", window, WINDOW.value);
            Look::Rate {
                limit,
                window,
                check_every: reader.or("check_every", |value| part_of(value, window), CHECK_EVERY.value),
                reaction: reader.or("reaction", Value::time, REACTION.value),
            }
        }
    };
    let own = match look {
        Look::Rate { .. } => RATE_UNITS,
        Look::Match { .. } if managed => BOT_CONTROL_UNITS,
        Look::Match { .. } => MATCH_UNITS,
    };
    let usual = own + if path.is_some() { MATCH_UNITS } else { 0 };
    Rule {
        look,
        path,
        blocks: reader.or("action", |value| value.choice(&action), true),
        managed,
        units: reader.or("units", |value| value.count(1..=5_000), usual),
    }
}

fn refuse(reader: &Reader, keys: &[&'static str], with: &str) {
    for value in keys.iter().filter_map(|key| reader.get(key)) {
        value.problem(format!("this does not go with `{with}`"), "leave it out");
    }
}

fn window(value: Value) -> Option<Time> {
    let window = value.time()?;
    let is_one = WINDOWS.iter().any(|seconds| window == Time::from_secs(*seconds));
    if !is_one {
        value.problem(format!("a window of {window}"), "AWS has windows of 60s, 120s, 300s and 600s");
    }
    is_one.then_some(window)
}

/// A window is a whole number of checks: so that a rule can count exactly.
fn part_of(value: Value, window: Time) -> Option<Time> {
    let every = value.span_of_time()?;
    let is_part = every >= Time::from_secs(1) && window.0.is_multiple_of(every.0);
    if !is_part {
        value.problem(
            format!("checks every {every} of a window of {window}"),
            "write a second or more that divides the window, such as \"10s\"",
        );
    }
    is_part.then_some(every)
}

/// Of each source, in the order of all sources, the share that matches.
fn shares(reader: &Reader, value: Value) -> Vec<f64> {
    let names = &reader.cx.names;
    let open = names.count(Kind::Traffic);
    let mut shares = vec![0.0; open + names.count(Kind::Users)];
    let entries = value.entries("{ bots = \"90%\", people = \"1%\" }", SOURCES_MAX).unwrap_or_default();
    for (name, share) in entries {
        let source = reader.cx.resolve(&name.span, &[Kind::Traffic, Kind::Users], name.text);
        let (Some((kind, index)), Some(share)) = (source, share.share()) else { continue };
        let before = if kind == Kind::Users { open } else { 0 };
        shares[before + index as usize] = share;
    }
    shares
}
