//! Where the time of each stage lies: in the record of an attempt, or in a row beside it.
//!
//! In: the program, and the mix of each source. Out: a place for each stage. The record has room for few; those in which
//! requests mostly spend time come first. No result depends on the places.

use super::Compiler;
use crate::flow::attempt::{NETWORK, RETRY};
use crate::kind::Parts;
use crate::kind::part::Share;
use crate::model::program::{Line, Op};
use crate::scenario::effort;

/// The share of the requests that take steps which others are led past, if only a run shows it.
const PAST: f64 = 0.1;

/// The first stage of a program: the network.
const FIRST: usize = 0;
/// The second: earlier attempts, and the pauses before a retry.
const SECOND: usize = 1;

/// The place of each stage, by about how often a request comes to it.
fn places(visits: &[f64]) -> Vec<u16> {
    let mut others: Vec<usize> = (0..visits.len()).filter(|stage| ![FIRST, SECOND].contains(stage)).collect();
    others.sort_by(|&one, &other| visits[other].total_cmp(&visits[one]));
    let mut places = vec![NETWORK; visits.len()];
    places[SECOND] = RETRY;
    let free = (0..).filter(|place| ![NETWORK, RETRY].contains(place));
    others.into_iter().zip(free).for_each(|(stage, place)| places[stage] = place);
    places
}

impl Compiler<'_> {
    /// Books time by place from here on.
    pub(super) fn place_stages(&mut self) {
        let places = places(&self.visits());
        for line in &mut self.ops {
            line.stages = line.stages.map(|stage| places[usize::from(stage)]);
        }
        self.program.widths.stages = places.iter().max().map_or(0, |place| usize::from(*place) + 1);
        self.program.places = places;
    }

    /// About how often a request comes to each stage.
    fn visits(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.program.entry.len()];
        for source in &self.scenario.sources {
            let own = effort::shares(source, shares.len());
            let requests = effort::requests_of(source, 0.0, self.scenario.duration);
            shares.iter_mut().zip(own).for_each(|(share, own)| *share += own * requests);
        }
        let mut visits = vec![0.0; self.program.stages.len()];
        for (&entry, share) in self.program.entry.iter().zip(shares) {
            let mut past: Vec<(usize, f64)> = Vec::new();
            for (at, Line { op, stages }) in self.ops.iter().enumerate().skip(entry as usize) {
                past.retain(|(end, _)| *end > at);
                let chance: f64 = past.iter().map(|(_, share)| share).product();
                match op {
                    Op::Respond { .. } => break,
                    // Mostly there is a thread.
                    Op::Thread { .. } => continue,
                    Op::Of(op) => {
                        past.extend(Parts::skips(*op, &self.program.draws).map(|skip| match skip.share {
                            Share::Given(share) => (skip.to as usize, 1.0 - share),
                            Share::Counted(_) => (skip.to as usize, PAST),
                        }))
                    }
                    _ => {}
                }
                visits[usize::from(stages[0])] += share * chance;
            }
        }
        visits
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::engine::calendar::Calendar;
    use crate::model::program::Program;
    use crate::scenario;

    /// Seven stages besides the network: a cache that all come to, four services of one class, one of another that is ten
    /// times as frequent, and one behind a look-up that hits 99 of 100 times.
    #[test]
    fn the_stages_that_requests_mostly_come_to_are_near() {
        let text = r#"
            duration = "1s"
            traffic.clients = { rate = "1/s", requests = { rare = 1, usual = 10 } }
            request.rare.steps = [{ service = "a" }, { service = "b" }, { service = "c" }, { service = "d" }, { cache = "k" }]
            request.usual.steps = [
              { cache = "k", hit_ratio = "99%", fill = false, miss = { service = "behind" } },
              { service = "d" }, { service = "often" },
            ]
            cache.k = { node = "cache.m5.large", hit_ratio = "50%" }
            service.a = { servers = 1, time = "1ms" }
            service.b = { servers = 1, time = "1ms" }
            service.c = { servers = 1, time = "1ms" }
            service.d = { servers = 1, time = "1ms" }
            service.behind = { servers = 1, time = "1ms" }
            service.often = { servers = 1, time = "1ms" }
        "#;
        let scenario = scenario::parse("places.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let mut calendar: Calendar<u32> = Calendar::default();
        let program = Program::compile(&scenario, 1, &mut |delay| calendar.lane(delay.0));
        let near = |name: &str| {
            let stage = program.stages.iter().position(|stage| stage.resource == name).unwrap();
            program.places[stage] < RETRY
        };
        assert_eq!((program.places[FIRST], program.places[SECOND]), (NETWORK, RETRY));
        assert_eq!(
            ["k", "often", "d", "a", "b", "c", "behind"].map(near),
            [true, true, true, false, false, false, false]
        );
        let mut places = program.places.clone();
        places.sort_unstable();
        assert_eq!(places, (0..9).collect::<Vec<_>>());
        assert_eq!(program.widths.stages, 9);
    }
}
