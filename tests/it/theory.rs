//! Runs compared with exact theory: the confidence interval of the mean over independent seeds must hold the
//! exact value, and the interval must be narrow enough to notice an error.
//!
//! Expected values are computed here, from a closed form, an integral, or the stationary law of a Markov chain;
//! the few that come from another simulation say so and include its standard error. Cases of the validation suite
//! (`src/validate/cases`: plain queues, impatience, nested pools, retries, crowds) are not repeated here. What is of one
//! kind is in `kind/NAME/theory`.

mod arrivals;
pub mod chain;
mod closed;
pub mod confidence;
pub mod formula;
mod tiers;
