//! Arrival rates over time: steady, straight lines, spikes, days. In: how the file writes them. Out: a [`RateCurve`].

use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::rhythm::Rhythm;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Rate, Time};

/// A piecewise-linear arrival rate.
///
/// Knots are in time order; two knots at one instant make a step. Before the first and after the last knot
/// the rate keeps that knot's value. Steady rates, spikes and daily curves are all resolved to this form.
#[derive(Clone, Debug, PartialEq)]
pub struct RateCurve {
    /// (instant, rate), at least one.
    pub knots: Vec<(Time, Rate)>,
}

impl RateCurve {
    /// The rate at an instant (after the step, where there is one).
    pub fn at(&self, time: Time) -> Rate {
        let after = self.knots.partition_point(|knot| knot.0 <= time);
        match (after.checked_sub(1).map(|i| self.knots[i]), self.knots.get(after)) {
            (None, Some(first)) => first.1,
            (Some((t0, r0)), Some(&(t1, r1))) => {
                Rate(r0.0 + (r1.0 - r0.0) * (time - t0).as_secs_f64() / (t1 - t0).as_secs_f64())
            }
            (Some((_, last)), None) => last,
            (None, None) => Rate(0.0),
        }
    }

    /// Expected number of arrivals before an instant: the integral of the rate. Who asks for many instants prepares an [`Area`].
    pub fn expected(&self, until: Time) -> f64 {
        Area::of(self).until(until)
    }
}

/// The integral of a rate, prepared for many instants.
#[derive(Clone, Debug)]
pub struct Area {
    /// Knots from the start on, each with what has come before it.
    knots: Vec<(Time, Rate, f64)>,
}

impl Area {
    /// Adds up the pieces of a rate.
    pub fn of(curve: &RateCurve) -> Area {
        let first = curve.knots.first().map_or(Rate(0.0), |knot| knot.1);
        let mut knots = vec![(Time::ZERO, first, 0.0)];
        let mut area = 0.0;
        let (mut before, mut rate) = (Time::ZERO, first);
        for &(time, next) in &curve.knots {
            area += (rate.0 + next.0) / 2.0 * (time - before).as_secs_f64();
            knots.push((time, next, area));
            (before, rate) = (time, next);
        }
        Area { knots }
    }

    /// Expected number of arrivals before an instant.
    pub fn until(&self, until: Time) -> f64 {
        let after = self.knots.partition_point(|knot| knot.0 < until).max(1);
        let (time, rate, area) = self.knots[after - 1];
        let span = until.since(time).as_secs_f64();
        let slope = match self.knots.get(after) {
            Some(next) if next.0 > time => (next.1.0 - rate.0) / (next.0 - time).as_secs_f64(),
            _ => 0.0,
        };
        area + span * (rate.0 + slope * span / 2.0)
    }
}

/// Time from base to peak of a spike: 30 s.
pub const RAMP: Given<Time> = Given::new(
    Time::from_secs(30),
    "assumption: sales that open at a known time reach their peak within a minute",
);
/// Time constant of the fall after a spike: 20 min.
pub const DECAY: Given<Time> =
    Given::new(Time::from_secs(1_200), "WorldCup98 trace, largest peak: half in 12 min, a quarter in 34 min");
/// Most knots of a rate curve.
const KNOTS_MAX: usize = 100_000;
/// Knots per time constant of a fall; the straight lines between them add less than 0.1 % of requests.
const KNOTS_PER_DECAY: u32 = 10;
/// Time constants after which a fall has ended, at 0.1 % of its height.
const DECAYS: u32 = 7;
/// Distance of the knots of a daily curve.
const DAILY_STEP: Time = Time::from_secs(300);

/// The language of a spike.
pub const SPIKE_SHAPE: Shape = Shape {
    title: "spike = { … }",
    about: "Straight up from `base` to `peak`, level for `hold`, then an exponential fall back to `base`.",
    keys: &[
        Key::required("base", "rate", "rate before and long after"),
        Key::required("peak", "rate", "rate at the top"),
        Key::required("at", "duration", "when the rise begins"),
        Key::given("ramp", "duration", || RAMP.show(), "how long the rise takes"),
        Key::required("hold", "duration", "how long the peak lasts"),
        Key::given("decay", "duration", || DECAY.show(), "time constant of the fall; 0 is a step"),
    ],
};

impl RateCurve {
    pub(super) fn knots(value: Value) -> Option<Vec<(Time, Rate)>> {
        let mut knots: Vec<(Time, Rate)> = Vec::new();
        let mut sound = true;
        for knot in value.elements(KNOTS_MAX)? {
            let pair = knot.pair("[\"60m\", \"400/s\"]");
            let Some((at, rate)) = pair else {
                sound = false;
                continue;
            };
            let (Some(time), Some(rate)) = (at.time(), rate.rate()) else {
                sound = false;
                continue;
            };
            bounds::in_order(knots.last().map(|last| last.0), time, &at);
            knots.push((time, rate));
        }
        if sound && knots.is_empty() {
            value.problem("a rate without knots", "write [[\"0m\", \"400/s\"], [\"60m\", \"900/s\"]]");
        }
        (sound && !knots.is_empty()).then_some(knots)
    }

    pub(super) fn spike(reader: &Reader) -> Vec<(Time, Rate)> {
        let base = reader.must("base", Value::rate, Rate(1.0));
        let peak = |value: Value| bounds::peak(value, base, "base");
        let peak = reader.must("peak", peak, base);
        let at = reader.must("at", Value::time, Time::ZERO);
        let top = at + reader.or("ramp", Value::time, RAMP.value);
        let end = top + reader.must("hold", Value::time, Time::ZERO);
        let decay = reader.or("decay", Value::time, DECAY.value);
        let mut knots = vec![(at, base), (top, peak), (end, peak)];
        if decay > Time::ZERO {
            knots.extend((1..KNOTS_PER_DECAY * DECAYS).map(|step| {
                let constants = f64::from(step) / f64::from(KNOTS_PER_DECAY);
                let time = end + Time::from_secs_f64(decay.as_secs_f64() * constants);
                (time, Rate(base.0 + (peak.0 - base.0) * libm::exp(-constants)))
            }));
        }
        knots.push((end + decay * u64::from(DECAYS), base));
        knots
    }

    pub(super) fn daily(rhythm: &Rhythm, duration: Time) -> Vec<(Time, Rate)> {
        let steps = duration.0.div_ceil(DAILY_STEP.0);
        let times = (0..=steps).map(|step| DAILY_STEP * step);
        times.map(|time| (time, rhythm.at(time.as_secs_f64()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_number_is_the_area_below_the_curve() {
        let at = |secs, rate| (Time::from_secs(secs), Rate(rate));
        // 10 s at 4/s, a step to 20/s, a straight fall to 0/s at 30 s.
        let curve = RateCurve { knots: vec![at(10, 4.0), at(10, 20.0), at(30, 0.0)] };
        let expected = |secs| curve.expected(Time::from_secs(secs));
        assert_eq!((expected(5), expected(10), expected(30), expected(90)), (20.0, 40.0, 240.0, 240.0));
        assert_eq!(expected(20), 40.0 + 150.0);
    }
}
