//! `termination` of a fleet: which instance a scale-in ends. In: an array of words. Out: [`Termination`]s, in order.

use crate::language::value::Value;

/// A termination policy: each leaves those of the instances in the fullest zone that fit it best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Termination {
    /// What best fits the shares of the markets, then what is closest to its next billed hour.
    Default,
    /// What best fits the shares of the markets.
    AllocationStrategy,
    /// The oldest one.
    OldestInstance,
    /// The newest one.
    NewestInstance,
    /// The one with the least time until its next billed hour.
    ClosestToNextInstanceHour,
}

const TERMINATIONS: [(&str, Termination); 5] = [
    ("Default", Termination::Default),
    ("AllocationStrategy", Termination::AllocationStrategy),
    ("OldestInstance", Termination::OldestInstance),
    ("NewestInstance", Termination::NewestInstance),
    ("ClosestToNextInstanceHour", Termination::ClosestToNextInstanceHour),
];

impl Termination {
    /// What the file names, in its order.
    pub(super) fn read_all(value: Value) -> Option<Vec<Termination>> {
        let elements = value.one_or_more(TERMINATIONS.len())?;
        Some(elements.into_iter().filter_map(Termination::read).collect())
    }

    fn read(value: Value) -> Option<Termination> {
        value.choice_or(&TERMINATIONS, |word| match word {
            "OldestLaunchTemplate" | "OldestLaunchConfiguration" => Some(
                "all instances of a fleet have the same launch template, so that it would decide nothing: leave it out"
                    .to_owned(),
            ),
            _ => None,
        })
    }

    /// The order without the key.
    pub(super) fn usual() -> Vec<Termination> {
        vec![Termination::AllocationStrategy, Termination::OldestInstance]
    }
}
