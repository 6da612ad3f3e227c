//! Objectives of two outcomes. In: the verdicts of both. Out: those that both have, in pairs, and those of one alone.

use serde::{Deserialize, Serialize};

use super::bills::Bills;
use super::word::Word;
use crate::outcome::estimate::Unit;
use crate::outcome::{Outcome, Verdict};

/// One objective in both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Objectives {
    /// As written in the first.
    pub objective: String,
    /// Verdict in the first.
    pub a: Verdict,
    /// Verdict in the second.
    #[serde(with = "second")]
    pub b: Verdict,
    /// How the second compares with the first.
    pub word: Word,
}

/// Objectives that only one scenario has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OnlyObjectives {
    /// Only in the first, in the order of its file.
    pub a: Vec<OneSided>,
    /// Only in the second.
    #[serde(with = "second")]
    pub b: Vec<OneSided>,
}

/// What refers to tables of the second scenario.
mod second {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::id::of_second;

    pub fn serialize<T: Serialize, S: Serializer>(it: &T, serializer: S) -> Result<S::Ok, S::Error> {
        of_second(|| it.serialize(serializer))
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        of_second(|| T::deserialize(deserializer))
    }
}

/// An objective of one scenario that is not one of the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OneSided {
    /// Verdict in the scenario which has it.
    pub verdict: Verdict,
    /// What its figure comes to in the other; absent if that has no such figure.
    pub other: Option<f64>,
    /// Unit of that figure.
    pub unit: Option<Unit>,
}

/// The objectives that both have.
pub(super) fn both(a: &Outcome, b: &Outcome, bills: &Bills) -> Vec<Objectives> {
    let pairs = a.objectives.iter().filter_map(|own| {
        let other = b.objectives.iter().find(|other| is_same_bound(a, own, b, other))?;
        let is_known = own.bound.as_ref().is_none_or(|bound| bills.know(&bound.of));
        let word = Word::of_standings(own.standing, other.standing);
        Some(Objectives {
            objective: own.objective.clone(),
            word: if is_known { word } else { Word::Unknown },
            a: own.clone(),
            b: other.clone(),
        })
    });
    pairs.collect()
}

/// The objectives that only one of them has.
pub(super) fn only(a: &Outcome, b: &Outcome) -> OnlyObjectives {
    let alone = |own: &Outcome, other: &Outcome| {
        let is_alone = |verdict: &&Verdict| {
            !other.objectives.iter().any(|theirs| is_same_bound(own, verdict, other, theirs))
        };
        let one_sided = |verdict: &Verdict| {
            let of = verdict.bound.as_ref().and_then(|bound| own.same_in(other, &bound.of));
            let estimate = of.and_then(|of| other.estimate(&of));
            OneSided {
                verdict: verdict.clone(),
                other: estimate.map(|it| it.value),
                unit: estimate.map(|it| it.unit),
            }
        };
        own.objectives.iter().filter(is_alone).map(one_sided).collect()
    };
    OnlyObjectives { a: alone(a, b), b: alone(b, a) }
}

/// Whether two objectives have the same bound on the same figure, even if written differently.
fn is_same_bound(a: &Outcome, own: &Verdict, b: &Outcome, other: &Verdict) -> bool {
    let (Some(own), Some(other)) = (&own.bound, &other.bound) else { return false };
    let same = a.same_in(b, &own.of).is_some_and(|of| of == other.of);
    same && own.limit == other.limit && own.inclusive == other.inclusive
}
