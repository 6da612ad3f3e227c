//! Runs against exact theory: the mean over independent seeds, with its confidence interval, must hold the
//! exact value, and the interval must be narrow enough to notice an error.
//!
//! Expected values are computed here, from a closed form, an integral, or the stationary law of a Markov chain;
//! the few that come from another simulation say so and carry its standard error. What the validation suite holds
//! (`src/validate/cases`: plain queues, impatience, nested pools, retries, crowds) is not repeated here.

mod arrivals;
mod balancing;
mod caching;
mod chain;
mod closed;
mod confidence;
mod formula;
mod locking;
mod messages;
mod priority;
mod queues;
mod replicating;
mod sharing;
mod tiers;
