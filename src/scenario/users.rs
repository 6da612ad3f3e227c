//! `[users.NAME]`: people who wait for an answer before they ask again. In: how many, and how long they think. Out:
//! [`Users`].

use crate::dist::Law;
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A closed population: each user thinks, sends a request, waits for its end, and thinks again.
#[derive(Clone, Debug)]
pub struct Users {
    /// (instant, users), in time order and at least one: straight lines between knots, rounded to whole users; two
    /// knots at one instant make a step. Before the first and after the last knot the number stays as it is there.
    pub count: Vec<(Time, u32)>,
    /// From the end of a request to the next one.
    pub think: Law,
    /// Whether a user who joins thinks first.
    pub thinks_first: bool,
}

impl Users {
    /// Users at an instant (after the step, where there is one).
    pub fn at(&self, time: Time) -> u32 {
        let after = self.count.partition_point(|knot| knot.0 <= time);
        match (after.checked_sub(1).map(|before| self.count[before]), self.count.get(after)) {
            (None, Some(first)) => first.1,
            (Some((t0, n0)), Some(&(t1, n1))) => {
                let part = (time - t0).as_secs_f64() / (t1 - t0).as_secs_f64();
                (f64::from(n0) + (f64::from(n1) - f64::from(n0)) * part).round() as u32
            }
            (Some((_, last)), None) => last,
            (None, None) => 0,
        }
    }

    /// Users as an average over the time from 0 to `end`.
    pub fn average(&self, end: Time) -> f64 {
        let inner = self.count.iter().filter(|knot| knot.0 <= end);
        let knots: Vec<(Time, f64)> = inner.map(|&(time, count)| (time, f64::from(count))).collect();
        let first = (Time::ZERO, f64::from(self.count.first().map_or(0, |knot| knot.1)));
        let last = (end, f64::from(self.at(end)));
        let line: Vec<(Time, f64)> = [first].into_iter().chain(knots).chain([last]).collect();
        let area =
            line.windows(2).map(|pair| (pair[1].0 - pair[0].0).as_secs_f64() * (pair[0].1 + pair[1].1) / 2.0);
        area.sum::<f64>() / end.as_secs_f64()
    }

    /// Whether they think for as long as a request takes that waits for nothing. Others ask for as much as they get.
    pub fn thinks_longer(&self, alone_s: f64) -> bool {
        let think_s = self.think.mean().as_secs_f64();
        think_s > 0.0 && think_s >= alone_s
    }

    /// Most users at any time.
    pub fn most(&self) -> u32 {
        self.count.iter().map(|knot| knot.1).max().unwrap_or(0)
    }
}

/// Most users of a population: each takes memory from the start.
const USERS_MAX: u32 = 10_000_000;
/// Most users of all populations together.
pub(crate) const TOTAL_MAX: u64 = 100_000_000;
/// Most knots of a population's curve.
const KNOTS_MAX: usize = 100_000;

/// The language of a closed population.
pub const SHAPE: Shape = Shape {
    title: "[users.NAME]",
    about: "A closed population: each user thinks, sends a request, waits until it is answered or has failed for good \
            (after the client's retries), and thinks again. So slowness slows arrivals, unlike `[traffic.NAME]`. Where \
            the number falls, those who joined last leave first: at once while they think, else with the end of their \
            request. A user whose request and thought take no time at all asks once a millisecond; in the long \
            run each fails once a millisecond at most, retries included, and is answered once a microsecond.",
    keys: &[
        Key::required(
            "count",
            "whole number or array of [duration, whole number]",
            "how many users, or straight lines between knots; two knots at one instant make a step",
        ),
        Key::required("think", "law", "from the end of a request to the next one; \"0s\" is at once"),
        Key::optional(
            "start",
            "\"think\" or \"request\"",
            "`\"think\"` (assumption: they come one after the other and not at once)",
            "what a user does first who joins, at the start of the run as well",
        ),
        Key::optional(
            "requests",
            "{ CLASS = weight } or name of a class",
            "the only class, if there is one",
            "what is requested; weights of any scale",
        ),
        Key::optional("client", "as [client]", "as [client]", "how these users differ"),
    ],
};

impl Users {
    /// Reads a population; `before` is how many users the earlier ones have.
    pub(super) fn read(reader: &Reader, before: &mut u64) -> Users {
        let users = Users {
            // A broken count must not also be nobody.
            count: reader.must("count", count, vec![(Time::ZERO, 1)]),
            think: reader.must("think", Value::law, Law::Constant(Time::ZERO)),
            thinks_first: reader.or(
                "start",
                |value| value.choice(&[("think", true), ("request", false)]),
                true,
            ),
        };
        *before += u64::from(users.most());
        if *before > TOTAL_MAX {
            let problem = reader.problem("too many users in all populations together");
            reader.cx.push(problem.hint(format!("at most {TOTAL_MAX} users are possible in one scenario")));
        }
        users
    }
}

fn count(value: Value) -> Option<Vec<(Time, u32)>> {
    if !value.is_array() {
        return Some(vec![(Time::ZERO, value.measured().count(0..=USERS_MAX)?)]);
    }
    let mut knots: Vec<(Time, u32)> = Vec::new();
    let mut sound = true;
    for knot in value.elements(KNOTS_MAX)? {
        let pair = knot.pair("[\"5m\", 200]").and_then(|(at, count)| {
            let (time, count) = (at.time()?, count.measured().count(0..=USERS_MAX)?);
            bounds::in_order(knots.last().map(|last| last.0), time, &at);
            Some((time, count))
        });
        sound &= pair.is_some();
        knots.extend(pair);
    }
    if sound && knots.is_empty() {
        value.problem("a count without knots", "write [[\"0m\", 0], [\"5m\", 200]]");
    }
    (sound && !knots.is_empty()).then_some(knots)
}
