//! What all runs of a multiple say together. In: results of runs. Out: for a limit, the multiples at which it surely
//! holds or fails.

use super::found::{Probe, Subject};
use super::goodput::Goodput;
use crate::outcome::{Standing, Verdict};

/// Chance that is too small to be taken for: one in twenty, as an interval of 95 % has it.
const ONE_IN: f64 = 20.0;

/// Results of one multiple: its point, and what its runs came to.
type Result<'p> = (i32, &'p Probe);

impl Subject {
    /// What the runs of a multiple say about this limit; `below` are the results of smaller multiples.
    pub(super) fn standing(
        &self,
        (point, probe): Result<'_>,
        below: &[Result<'_>],
        goodput: &Goodput<'_>,
    ) -> Standing {
        let judged = |fails: bool, failing: usize| match (fails, failing) {
            (true, failing) if failing == probe.by_run.len() => Standing::Missed,
            (false, 0) => Standing::Met,
            _ => Standing::CannotTell,
        };
        match self {
            Subject::Objective { index, .. } => probe.objectives[*index].standing,
            Subject::Saturation { of, .. } => {
                let failing = probe.by_run.iter().filter(|run| run.saturated.contains(of)).count();
                judged(self.fails(probe), failing)
            }
            Subject::Goodput => {
                let stopped = below.iter().any(|from| goodput.has_stopped(*from, (point, probe)));
                let stopped_in = |run: &usize| {
                    below.iter().any(|from| goodput.has_stopped_in(*run, *from, (point, probe)))
                };
                judged(stopped, (0..probe.by_run.len()).filter(stopped_in).count())
            }
        }
    }

    /// Whether a standing is more than the chance of the seeds: by its interval, or by enough runs that agree. If all of
    /// n runs fail at one multiple and none at another, chance does so in one of (2n over n) cases (Fisher's exact test);
    /// of several `multiples`, any may.
    pub(super) fn is_beyond_chance(&self, probe: &Probe, multiples: usize) -> bool {
        let of_interval = |verdict: &Verdict| {
            let limit = verdict.bound.as_ref()?.limit;
            Some(!verdict.interval?.holds(limit))
        };
        let by_interval = match self {
            Subject::Objective { index, .. } => of_interval(&probe.objectives[*index]),
            _ => None,
        };
        let runs = probe.by_run.len();
        let cases: f64 = (1..=runs).map(|k| (runs + k) as f64 / k as f64).product();
        by_interval.unwrap_or(cases >= ONE_IN * multiples as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breakpoint::OfRun;
    use crate::outcome::Resource;

    const DESK: Resource = Resource::Service { service: 0 };

    fn probe(saturated: &[bool], all: bool) -> Probe {
        let resources = |saturated: bool| if saturated { vec![DESK] } else { Vec::new() };
        let run = |saturated: &bool| OfRun {
            offered_per_s: 1.0,
            goodput_per_s: 1.0,
            saturated: resources(*saturated),
        };
        Probe {
            multiplier: 1.0,
            offered_per_s: 1.0,
            goodput_per_s: 1.0,
            p99_ms: None,
            answered: 1.0,
            objectives: Vec::new(),
            saturated: resources(all),
            by_run: saturated.iter().map(run).collect(),
        }
    }

    /// 6 over 3 is 20, 8 over 4 is 70, 12 over 6 is 924.
    #[test]
    fn runs_that_agree_are_beyond_chance_if_they_are_enough_for_what_was_looked_at() {
        let subject = Subject::Saturation { of: DESK, resource: "desk".into() };
        let is =
            |runs: usize, multiples| subject.is_beyond_chance(&probe(&vec![true; runs], true), multiples);
        assert!(!is(1, 1) && !is(2, 1) && is(3, 1) && !is(3, 2));
        assert!(is(4, 3) && !is(4, 4) && is(6, 46) && !is(6, 47));
    }

    #[test]
    fn a_resource_is_surely_full_where_every_run_and_all_together_say_so() {
        use Standing::{CannotTell, Met, Missed};
        let subject = Subject::Saturation { of: DESK, resource: "desk".into() };
        let scenario = crate::scenario::parse(
            "a.toml",
            b"duration = \"1m\"\ntraffic.a.rate = \"1/s\"\nrequest.a.steps = [{ service = \"desk\" }]\n\
              service.desk = { servers = 1, time = \"1ms\" }",
            std::path::Path::new(""),
            &[],
        )
        .unwrap();
        let goodput = Goodput::new(&scenario, crate::breakpoint::lattice::Lattice::new(0.02, 16.0));
        let standing = |runs: &[bool], all| subject.standing((0, &probe(runs, all)), &[], &goodput);
        assert_eq!((standing(&[true, true], true), standing(&[false, false], false)), (Missed, Met));
        assert_eq!(
            (standing(&[true, false], true), standing(&[true, false], false)),
            (CannotTell, CannotTell)
        );
        assert_eq!(
            (standing(&[true, true], false), standing(&[false, false], true)),
            (CannotTell, CannotTell)
        );
    }
}
