//! Any number of scenarios under the same seeds. In: their outcomes. Out: [`Comparisons`]: a summary of each, and each
//! compared with the first by the rules of two.

use serde::{Deserialize, Serialize};

use super::letter::letter;
use super::policy::Target;
use super::summary::Summary;
use super::{Comparison, VERSION};
use crate::outcome::Outcome;

/// How several scenarios differ from the first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparisons {
    /// Layout version, [`VERSION`].
    pub version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// Seeds of the runs of all.
    pub seeds: Vec<u64>,
    /// Fleets with a CPU target, by which the busy time of all is measured.
    pub targets: Vec<Target>,
    /// Each scenario by itself, the first one first.
    pub sides: Vec<Summary>,
    /// Each of the others compared with the first, in their order. `b` is the other one.
    pub comparisons: Vec<Comparison>,
}

impl Comparisons {
    /// Compares outcomes of the same seeds with the first of them.
    ///
    /// # Panics
    /// If there is none, or if the seeds differ.
    pub fn of(outcomes: &[Outcome]) -> Comparisons {
        let [first, others @ ..] = outcomes else { panic!("nothing to compare") };
        let targets = Target::all(outcomes);
        let sides = outcomes.iter().enumerate().map(|(at, it)| Summary::of(letter(at), it, &targets));
        Comparisons {
            version: VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            seeds: first.runs.seeds.clone(),
            sides: sides.collect(),
            comparisons: others.iter().map(|other| Comparison::of(first, other)).collect(),
            targets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    #[test]
    fn each_other_side_is_compared_with_the_first() {
        let first = sample::outcome();
        let mut second = sample::outcome();
        second.scenario.name = "second".into();
        let mut third = sample::outcome();
        third.scenario.name = "third".into();
        third.bill.total_usd += 1.0;
        let many = Comparisons::of(&[first.clone(), second.clone(), third]);
        assert_eq!(many.sides.iter().map(|side| side.letter).collect::<String>(), "ABC");
        assert_eq!(
            many.comparisons.iter().map(|it| it.b.name.as_str()).collect::<Vec<_>>(),
            ["second", "third"]
        );
        assert!(many.comparisons.iter().all(|it| it.a.name == first.scenario.name));
        let alone = Comparison::of(&first, &second);
        let text = |it: &Comparison| serde_json::to_string(it).unwrap();
        assert_eq!(text(&many.comparisons[0]), text(&alone));
        let written = serde_json::to_string(&many).unwrap();
        let back: Comparisons = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&back).unwrap(), written);
        assert_eq!((letter(0), letter(25)), ('A', 'Z'));
    }
}
