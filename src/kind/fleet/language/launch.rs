//! `launch_failures` of a fleet: when and where EC2 has no instance to give. In: an array of tables. Out: [`Shortage`]s.

use super::shapes::INSTANCES_MAX;
use crate::catalog::zone::Zone;
use crate::kind::zones;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Most spans of a fleet.
const SPANS_MAX: usize = 100;

/// From a launch that has failed until the group tries again: 60 s.
pub const RETRY: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: AWS does not publish how soon a group tries again");

/// Tokens that an account has for launches. Source: EC2 API reference, "Request throttling", resource token buckets.
pub const TOKENS: f64 = 1_000.0;
/// Tokens that come back each second. Source: the same.
pub const TOKENS_A_SECOND: f64 = 2.0;

/// The language of launches that fail.
pub const SHAPE: Shape = Shape {
    title: "launch_failures = [ { at, until, zone, beyond, market, instance } ]",
    about: "Spans in which EC2 lacks capacity: a launch fails, and the group launches in another zone, or tries again.",
    keys: &[
        Key::optional("at", "duration", "the start of the run", "when it begins"),
        Key::optional("until", "duration", "the end of the run", "when it is over"),
        Key::optional("zone", "zone", "all zones of the fleet", "where it is, such as \"a\""),
        Key::optional(
            "beyond",
            "whole number",
            "0: every launch fails (assumption: nothing can be launched)",
            "instances that the fleet can have in each zone in which launches fail: launches beyond it fail",
        ),
        Key::optional(
            "market",
            "\"spot\" or \"on_demand\"",
            "both",
            "which launches fail, and which instances `beyond` counts",
        ),
        Key::optional(
            "instance",
            "type in `overrides`",
            "all of them",
            "of which type launches fail, and which instances `beyond` counts: another type is launched",
        ),
    ],
};

/// A span in which EC2 lacks capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// When it begins.
    pub at: Time,
    /// When it is over; `None` is never.
    pub until: Option<Time>,
    /// Where; `None` is everywhere.
    pub zone: Option<Zone>,
    /// Instances of the fleet that a zone can have.
    pub beyond: u32,
    /// Whether Spot launches fail, or those on demand; `None` is both.
    pub spot: Option<bool>,
    /// Of which type; `None` is of all.
    pub instance: Option<String>,
}

impl Shortage {
    /// Whether a launch of a market and a type fails in a zone; `there` counts what the fleet has there of what the span is about.
    pub fn fails(
        &self,
        now: Time,
        zone: Zone,
        (spot, instance): (bool, &str),
        there: impl Fn(&Shortage) -> u32,
    ) -> bool {
        let is_now = self.at <= now && self.until.is_none_or(|until| now < until);
        let concerns = self.zone.is_none_or(|of| of == zone) && self.is_about(spot, instance);
        is_now && concerns && there(self) >= self.beyond
    }

    /// Whether it is about instances of a market and a type.
    pub fn is_about(&self, spot: bool, instance: &str) -> bool {
        self.spot.is_none_or(|of| of == spot) && self.instance.as_ref().is_none_or(|of| of == instance)
    }

    pub(super) fn read_all(value: Value) -> Option<Vec<Shortage>> {
        let mut all = Vec::new();
        for entry in value.elements(SPANS_MAX)? {
            let shortage = entry.table(&SHAPE, |reader| Shortage {
                at: reader.or("at", Value::time, Time::ZERO),
                until: reader.maybe("until", Value::time),
                zone: reader.maybe("zone", zones::zone),
                spot: reader.maybe("market", |value| value.choice(&[("spot", true), ("on_demand", false)])),
                instance: reader.maybe("instance", |value| value.text().map(str::to_owned)),
                beyond: reader.or("beyond", |value| value.count(0..=INSTANCES_MAX), 0),
            });
            let Some(shortage) = shortage else { continue };
            if shortage.until.is_some_and(|until| until <= shortage.at) {
                entry.problem("the span ends before it begins", "set `until` to more than `at`");
            }
            all.push(shortage);
        }
        Some(all)
    }
}
