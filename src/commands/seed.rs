//! The seed of a command. In: the command line and the scenario. Out: a seed.

use std::hash::{BuildHasher, RandomState};

use simcap::scenario::Scenario;

use crate::cli::Seed;

/// The seed of the command line, or else that of the scenario.
pub(super) fn seed(asked: Option<Seed>, scenario: &Scenario) -> u64 {
    asked.map_or(scenario.seed, number)
}

/// The seed that is asked for.
pub(super) fn number(asked: Seed) -> u64 {
    match asked {
        Seed::Number(seed) => seed,
        Seed::Random => random_seed(),
    }
}

/// A seed that differs from run to run and is short enough to type: 32 bits.
pub(super) fn random_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) & u64::from(u32::MAX)
}
