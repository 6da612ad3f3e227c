//! What exists in a run: the flow of requests, the kinds of resource, sources, users, and what is counted.
//!
//! In: nothing; `build` makes it. Out: the data on which the other modules act, each a part of `impl World`. What is in it
//! knows no world.

use super::crowd::Crowds;
use super::gauges::Gauges;
use super::loads::Loads;
use super::program::Program;
use super::source::SourceState;
use crate::flow::Flow;
use crate::flow::timer::timers;
use crate::kind::Parts;
use crate::scenario::Scenario;

/// Owner number of the run loop's own timers.
pub(super) const FRAME: u8 = u8::MAX;

timers! {
    FRAME;
    /// A row of the timeline ends.
    Row {} = "end of a row";
    /// The number of users of a population changes.
    Crowd { crowd: u16 } = "change of the users of population";
}

/// Everything that exists in a run.
#[derive(Debug)]
pub(crate) struct World<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) seed: u64,
    /// The last instant before the end.
    pub(super) last: u64,
    /// Events handled so far.
    pub(super) events: u64,
    pub(super) flow: Flow,
    pub(super) parts: Parts<'s>,
    pub(super) program: Program,
    pub(super) sources: Vec<SourceState>,
    pub(super) crowds: Crowds,
    /// The earliest next arrival and its source.
    pub(super) arrival: (u64, usize),
    pub(super) gauges: Gauges,
    pub(super) loads: Loads,
}
