//! Where the time of each stage lies: in the record of an attempt, or in a row beside it.
//!
//! In: the program, and the mix of each source. Out: a place for each stage. The record has room for few; those in which
//! requests mostly spend time come first. No result depends on the places.

use super::super::program::{Line, Op, Program};
use crate::flow::attempt::{NETWORK, RETRY};
use crate::kind::Parts;
use crate::kind::part::Share;
use crate::scenario::Scenario;

/// The share of the requests that take steps which others are led past, if only a run shows it.
const PAST: f64 = 0.1;

/// The first stage of a program: the network.
const FIRST: usize = 0;
/// The second: earlier attempts, and the pauses before a retry.
const SECOND: usize = 1;

/// The place of each stage.
pub fn places(program: &Program, scenario: &Scenario) -> Vec<u16> {
    let visits = visits(program, scenario);
    let mut others: Vec<usize> = (0..program.stages.len()).filter(|stage| ![FIRST, SECOND].contains(stage)).collect();
    others.sort_by(|&one, &other| visits[other].total_cmp(&visits[one]));
    let mut places = vec![NETWORK; program.stages.len()];
    places[SECOND] = RETRY;
    let free = (0..).filter(|place| ![NETWORK, RETRY].contains(place));
    others.into_iter().zip(free).for_each(|(stage, place)| places[stage] = place);
    places
}

/// About how often a request comes to each stage.
fn visits(program: &Program, scenario: &Scenario) -> Vec<f64> {
    let mut shares = vec![0.0; program.entry.len()];
    for source in &scenario.sources {
        let whole: f64 = source.mix.iter().map(|(_, weight)| weight).sum();
        source.mix.iter().for_each(|(class, weight)| shares[class.index()] += weight / whole);
    }
    let mut visits = vec![0.0; program.stages.len()];
    for (&entry, share) in program.entry.iter().zip(shares) {
        let mut past: Vec<(usize, f64)> = Vec::new();
        for (at, Line { op, stages }) in program.ops.iter().enumerate().skip(entry as usize) {
            past.retain(|(end, _)| *end > at);
            let chance: f64 = past.iter().map(|(_, share)| share).product();
            match op {
                Op::Respond { .. } => break,
                // Mostly there is a thread.
                Op::Thread { .. } => continue,
                Op::Of(op) => past.extend(Parts::skips(*op, &program.draws).map(|skip| match skip.share {
                    Share::Given(share) => (skip.to as usize, 1.0 - share),
                    Share::Counted(_) => (skip.to as usize, PAST),
                })),
                _ => {}
            }
            visits[usize::from(stages[0])] += share * chance;
        }
    }
    visits
}

impl Program {
    /// Books time by place from here on.
    pub(super) fn place_stages(&mut self, scenario: &Scenario) {
        self.places = places(self, scenario);
        for line in &mut self.ops {
            line.stages = line.stages.map(|stage| self.places[usize::from(stage)]);
        }
        self.widths.stages = self.places.iter().max().map_or(0, |place| usize::from(*place) + 1);
    }
}
