//! How fast a waiting room lets visitors in. In: a rate, or rates from some instants on. Out: an [`Admission`].

use crate::language::bounds;
use crate::language::value::Value;
use crate::units::{Rate, Time};

/// Rates from some instants on, of which the first is the start.
#[derive(Clone, Debug)]
pub struct Admission(Vec<(Time, Rate)>);

/// Most changes of a rate.
const CHANGES_MAX: usize = 10_000;

impl Admission {
    /// Reads it.
    pub(super) fn read(value: Value) -> Option<Admission> {
        if !value.is_array() {
            let rate = value.rate()?;
            if rate.0 == 0.0 {
                value.problem("a rate of zero lets nobody in", "write a rate above zero, or when it `opens`");
            }
            return Some(Admission(vec![(Time::ZERO, rate)]));
        }
        let mut steps: Vec<(Time, Rate)> = Vec::new();
        for step in value.elements(CHANGES_MAX)? {
            let (at, rate) = step.pair("[\"50s\", \"10/s\"]")?;
            let (time, rate) = (at.time()?, rate.rate()?);
            if steps.is_empty() && time > Time::ZERO {
                at.problem(
                    format!("nothing says how many are let in before {time}"),
                    "let the first instant be \"0s\"",
                );
                return None;
            }
            bounds::in_order(steps.last().map(|last| last.0), time, &at);
            steps.push((time, rate));
        }
        if steps.is_empty() {
            value.problem(
                "a rate without a number",
                "write [[\"0s\", \"5/s\"], [\"50s\", \"10/s\"]], or a rate",
            );
            return None;
        }
        Some(Admission(steps))
    }

    /// Each rate with the instant from which on it holds.
    pub(crate) fn steps(&self) -> impl Iterator<Item = (Time, Rate)> {
        self.0.iter().copied()
    }

    /// The largest of all.
    pub(crate) fn most(&self) -> f64 {
        self.0.iter().map(|step| step.1.0).fold(0.0, f64::max)
    }

    /// How many may be let in between two instants.
    pub(crate) fn between(&self, from: Time, to: Time) -> f64 {
        let ends = self.0.iter().skip(1).map(|step| step.0).chain([Time(u64::MAX)]);
        let parts = self.0.iter().zip(ends).map(|((start, rate), end)| {
            let (low, high) = (start.0.max(from.0), end.0.min(to.0));
            high.saturating_sub(low) as f64 * 1e-9 * rate.0
        });
        parts.sum()
    }
}
