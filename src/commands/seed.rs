//! The seed of a command. In: the command line and the scenario. Out: a seed.

use std::hash::{BuildHasher, RandomState};

use simcap::scenario::Scenario;

use crate::cli::Seed;

/// The seed of the command line, or else that of the scenario.
pub(super) fn seed(asked: Option<Seed>, scenario: &Scenario) -> u64 {
    match asked {
        Some(Seed::Number(seed)) => seed,
        Some(Seed::Random) => random_seed(),
        None => scenario.seed,
    }
}

/// A seed that differs from run to run and is short enough to type: 32 bits.
pub(super) fn random_seed() -> u64 {
    RandomState::new().hash_one(std::process::id()) & u64::from(u32::MAX)
}
