//! Days that are rare, and have to be among those that are simulated. In: a scenario and what is asked. Out: the share of days that the
//! runs of the best point have to see, and what they will not see.
//!
//! Runs that all look alike have no spread, and say nothing about a day that none of them was. What comes by chance is known from the
//! file, and so is how often: the runs of a point that meets are at least so many that the rarest of it is among them, with the
//! confidence that is asked for. What would take more runs than a point may have is told instead.

use serde::{Deserialize, Serialize};

use super::options::Options;
use super::sure::{LOOKS, runs_to_see};
use crate::language::names::Named;
use crate::scenario::Scenario;

/// Something that is too rare to be among the runs of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unseen {
    /// What it is: `fault.crash`.
    pub what: String,
    /// The share of days on which it happens.
    pub share: f64,
    /// So many runs would surely have it.
    pub runs: usize,
}

/// What the runs have to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rare {
    /// The share of days that are as rare as anything that has to be seen.
    pub share: Option<f64>,
    /// What is too rare.
    pub unseen: Vec<Unseen>,
}

impl Rare {
    pub fn of(scenario: &Scenario, options: &Options) -> Rare {
        let most = options.most_runs.unwrap_or(LOOKS[LOOKS.len() - 1]);
        let mut rare = Rare { share: options.rare, unseen: Vec::new() };
        for (kind, name, share) in scenario.kinds.by_chance(scenario.duration) {
            let runs = runs_to_see(share, options.confidence);
            match share {
                // What never comes within a run, or nearly always.
                ..=0.0 | 0.5.. => {}
                _ if runs <= most => rare.share = Some(rare.share.map_or(share, |it| it.min(share))),
                _ => rare.unseen.push(Unseen { what: format!("{}.{name}", kind.table()), share, runs }),
            }
        }
        rare
    }
}
