//! The state of all functions. In: nothing. Out: what their parts change.

use super::account::Account;
use super::environment::Environment;
use super::events::Events;
use super::function::Function;
use super::language::Lambda as Settings;
use super::record::LambdaSeries;

/// All functions.
#[derive(Debug)]
pub struct Lambdas<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) each: Vec<Function>,
    /// What functions of a Region share.
    pub(super) accounts: Vec<Account>,
    /// The number of the first of their groups.
    pub(super) first_group: usize,
    /// Environments, those that have ended included.
    pub(super) environments: Vec<Environment>,
    /// The environment of each host, if it is one.
    pub(super) of_host: Vec<u32>,
    /// What invokes them without waiting.
    pub(super) events: Events,
    /// Rows so far.
    pub(super) series: Vec<LambdaSeries>,
    /// Invocations before this are not counted in cold starts.
    pub(super) warmup: u64,
}
