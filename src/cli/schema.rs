//! The command that prints schemas. In: arguments. Out: [`Schema`].

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub struct Schema {
    /// Of what
    #[arg(value_name = "WHAT", default_value = "scenario")]
    pub of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// Scenario files
    Scenario,
    /// `outcome.json` of a run
    Outcome,
    /// What `check --format json` prints
    Check,
}
