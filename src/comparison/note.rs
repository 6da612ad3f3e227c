//! What two outcomes differ in beside their figures: length, traffic, region, where they come from. In: two outcomes. Out:
//! [`Note`]s, to be read before any figure.

use serde::{Deserialize, Serialize};

use super::difference::Difference;
use super::word::Word;
use crate::outcome::Outcome;
use crate::outcome::estimate::Quantity;

/// One of the two scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// The first, which the other is compared with.
    A,
    /// The second.
    B,
}

/// Something that makes two outcomes less alike than their figures show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Note {
    /// One is a stored outcome.
    Stored {
        /// Which.
        side: Letter,
        /// Where it was read.
        path: String,
        /// Version of simcap that made it, if that is not this one.
        simcap: Option<String>,
        /// Whether it is the baseline of a gate.
        #[serde(default)]
        baseline: bool,
        /// Whether it was stored by a simcap that left out the tails of its percentiles, so that intervals of their
        /// differences are those of the runs alone.
        #[serde(default)]
        narrow: bool,
    },
    /// The events are not equally long, so counts and costs are of different spans.
    Duration {
        /// Of the first, in seconds.
        a_s: f64,
        /// Of the second.
        b_s: f64,
    },
    /// Percentiles leave out beginnings of different length.
    Warmup {
        /// Of the first, in seconds.
        a_s: f64,
        /// Of the second.
        b_s: f64,
    },
    /// The regions differ, and with them the prices.
    Region {
        /// Of the first.
        a: String,
        /// Of the second.
        b: String,
    },
    /// The requests that arrive differ in number.
    Traffic {
        /// Requests that arrived in the first, as a mean over its runs.
        a: f64,
        /// The same in the second.
        b: f64,
        /// Whether that is more than chance.
        sure: bool,
    },
    /// The files ask for different seeds; the runs of both have those of the first.
    Seed {
        /// Of the first file.
        a: u64,
        /// Of the second file.
        b: u64,
    },
    /// The files ask for different numbers of runs; both have the same number.
    Runs {
        /// Of the first file.
        a: u32,
        /// Of the second file.
        b: u32,
    },
}

/// What two outcomes show of it.
pub(super) fn between(a: &Outcome, b: &Outcome, figures: &[Difference]) -> Vec<Note> {
    let (first, second) = (&a.scenario, &b.scenario);
    let duration = Note::Duration { a_s: first.duration_s, b_s: second.duration_s };
    let warmup = Note::Warmup { a_s: first.warmup_s, b_s: second.warmup_s };
    let region = Note::Region { a: first.region.clone(), b: second.region.clone() };
    let arrived = figures.iter().find(|figure| figure.of == Some(Quantity::Arrived));
    let traffic = arrived.filter(|arrived| arrived.word != Word::Same).map(|arrived| Note::Traffic {
        a: arrived.a,
        b: arrived.b,
        sure: arrived.word.is_sure(),
    });
    let differs = [
        (first.duration_s != second.duration_s).then_some(duration),
        (first.warmup_s != second.warmup_s).then_some(warmup),
        traffic,
        (first.region != second.region).then_some(region),
    ];
    differs.into_iter().flatten().collect()
}
