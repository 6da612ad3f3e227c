//! Anomaly mitigation: targets that fail more requests than the others get fewer of them.
//!
//! In: how many requests each target got, and how many of them failed. Out: weights. AWS calls it automatic target weights: it
//! looks at HTTP 5xx and at errors of connections, needs three healthy targets, acts on half of them at most, and changes weights
//! step by step. Which statistic it uses is not published; ours is [`Seen::is_anomalous`].

use super::model::{Balancers, Timer};
use super::weights::FULL;
use crate::flow::Flow;
use crate::flow::fact::{Fact, Sign};
use crate::id;
use crate::units::Time;

/// Healthy targets that it takes. Source: Elastic Load Balancing user guide, "Automatic target weights".
pub const TARGETS_LEAST: usize = 3;
/// Failures in a period from which on a target with its full weight can be anomalous. An assumption: fewer are chance.
pub const FAILURES_LEAST: u32 = 3;
/// How many times the share of failures of the others. An assumption.
pub const TIMES_OTHERS: f64 = 2.0;
/// By how many standard errors the two shares differ at least. An assumption.
pub const STANDARD_ERRORS: f64 = 3.0;

/// What came of the requests of some targets in a period.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    sent: u32,
    failed: u32,
}

impl Seen {
    /// Failures of requests that were sent in an earlier period count as well, so there may be more of them.
    fn of(sent: u32, failed: u32) -> Seen {
        Seen { sent: sent.max(failed), failed }
    }

    fn share(self) -> f64 {
        f64::from(self.failed) / f64::from(self.sent.max(1))
    }

    /// Whether a target fails more than the others: at least twice their share. One with its full weight must do so by more than
    /// chance, too; one that has less stays anomalous with any failure, because it gets few requests.
    fn is_anomalous(self, others: Seen, has_full_weight: bool) -> bool {
        if self.failed == 0 || self.share() < TIMES_OTHERS * others.share() {
            return false;
        }
        if !has_full_weight {
            return true;
        }
        let (sent, of_others) = (f64::from(self.sent), f64::from(others.sent.max(1)));
        let share = f64::from(self.failed + others.failed) / (sent + of_others);
        let error = (share * (1.0 - share) * (1.0 / sent + 1.0 / of_others)).max(0.0).sqrt();
        self.failed >= FAILURES_LEAST && self.share() - others.share() > STANDARD_ERRORS * error
    }
}

impl Balancers<'_> {
    /// Begins to look at the targets of the balancers that mitigate.
    pub(super) fn begin_weighing(&self, flow: &mut Flow) {
        for (balancer, settings) in (0..).zip(self.settings) {
            if let Some(Time(every)) = settings.weights_every {
                flow.set(Timer::Weigh { balancer }, every);
            }
        }
    }

    /// A request has failed at a target.
    pub(super) fn weigh_failure(&mut self, balancer: u16, target: u32) {
        if self.settings[usize::from(balancer)].weights_every.is_some() {
            let state = self.of(balancer);
            let picker = state.targets[target as usize].picker;
            state.pickers[picker].weights.of(target).failed += 1;
        }
    }

    /// A period ends: weights change by a step.
    pub(super) fn weigh(&mut self, balancer: u16, flow: &mut Flow) {
        let settings = &self.settings[usize::from(balancer)];
        let Some(Time(every)) = settings.weights_every else { return };
        flow.set(Timer::Weigh { balancer }, flow.now.saturating_add(every));
        for (host, text) in self.of(balancer).weigh() {
            let text = format!("instance {} {text}", flow.hosts[host as usize].number);
            flow.incident(id::Kind::Balancer, &settings.name, text);
            flow.tell(Fact::Noticed { of: (id::Kind::Balancer, balancer), by: Sign::Anomaly(host) });
        }
    }
}

impl super::targets::Balancer {
    /// Changes the weights of targets by a step, and begins to count again; returns what is new of which host.
    fn weigh(&mut self) -> Vec<(u32, String)> {
        let healthy: Vec<u32> = (0..)
            .zip(&self.targets)
            .filter(|(_, it)| it.registered && it.healthy)
            .map(|(index, _)| index)
            .collect();
        let mut found: Vec<(u32, Seen, u32)> = Vec::new();
        for &target in &healthy {
            let known = self.weight_of(target);
            found.push((target, Seen::of(known.sent, known.failed), known.weight));
        }
        let all = |of: fn(&Seen) -> u32| found.iter().map(|(_, seen, _)| of(seen)).sum::<u32>();
        let (sent, failed) = (all(|seen| seen.sent), all(|seen| seen.failed));
        // Those that have less already come first, then those that fail most.
        found.sort_by(|(_, one, weight), (_, other, of_other)| {
            let first = (*weight == FULL).cmp(&(*of_other == FULL));
            first.then(other.share().total_cmp(&one.share()))
        });
        let (most, is_enough) = (healthy.len() / 2, healthy.len() >= TARGETS_LEAST);
        let (mut lowered, mut texts) = (0, Vec::new());
        for (target, own, weight) in found {
            let others = Seen { sent: sent - own.sent, failed: failed - own.failed };
            let lowers = is_enough && lowered < most && own.is_anomalous(others, weight == FULL);
            let next = match (is_enough, lowers) {
                (false, _) => FULL,
                (true, true) => (weight / 2).max(1),
                (true, false) => (weight * 2).min(FULL),
            };
            lowered += usize::from(next < FULL);
            self.weight_of(target).weight = next;
            let text = match (weight == FULL, next == FULL) {
                (true, false) => format!(
                    "failed {} of {} requests, the others {} of {}: it gets fewer of them",
                    own.failed, own.sent, others.failed, others.sent
                ),
                (false, true) if is_enough => "has its full weight again".into(),
                (false, true) => "has its full weight again: fewer than three targets are healthy".into(),
                _ => continue,
            };
            texts.push((self.targets[target as usize].instance, text));
        }
        for target in 0..self.targets.len() as u32 {
            let known = self.weight_of(target);
            (known.sent, known.failed) = (0, 0);
        }
        self.pickers.iter_mut().for_each(super::picker::Picker::weigh);
        texts
    }

    fn weight_of(&mut self, target: u32) -> &mut super::weights::Weight {
        self.pickers[self.targets[target as usize].picker].weights.of(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A balancer over so many healthy targets, and what it says and which weights it has after a period in which each has failed
    /// so many of a hundred requests.
    fn weighed(periods: &[&[u32]]) -> Vec<(usize, Vec<u32>)> {
        let mut balancer = super::super::targets::Balancer::of_healthy(periods[0].len() as u32);
        balancer.refresh(0);
        let period = |failed: &&[u32]| {
            for (target, failed) in (0..).zip(*failed) {
                let known = balancer.weight_of(target);
                (known.sent, known.failed) = (100, *failed);
            }
            let said = balancer.weigh().len();
            (said, (0..failed.len() as u32).map(|target| balancer.weight_of(target).weight).collect())
        };
        periods.iter().map(period).collect()
    }

    #[test]
    fn weights_halve_while_a_target_fails_and_double_when_it_does_not() {
        let bad: &[u32] = &[50, 0, 1];
        let good: &[u32] = &[0, 0, 1];
        let found = weighed(&[bad, bad, bad, good, good, good, good]);
        let first: Vec<_> = found.iter().map(|(said, weights)| (*said, weights[0])).collect();
        assert_eq!(first, [(1, 64), (0, 32), (0, 16), (0, 32), (0, 64), (1, 128), (0, 128)]);
        assert!(found.iter().all(|(_, weights)| weights[1..] == [128, 128]));
        // It never gets nothing.
        assert_eq!(weighed(&[bad; 9])[8].1, [1, 128, 128]);
    }

    #[test]
    fn at_most_half_of_the_targets_get_less_and_none_of_two() {
        // Three of five fail twice as much as the others: two of them get less, and stay those.
        let bad: &[u32] = &[50, 50, 50, 0, 0];
        let found = weighed(&[bad, bad]);
        assert_eq!(found, [(2, vec![64, 64, 128, 128, 128]), (0, vec![32, 32, 128, 128, 128])]);
        // The one that fails most comes first.
        assert_eq!(weighed(&[&[0, 30, 90, 0]]), [(1, vec![128, 128, 64, 128])]);
        assert_eq!(weighed(&[&[50, 0]]), [(0, vec![128, 128])]);
    }

    #[test]
    fn a_target_is_anomalous_if_it_fails_twice_as_often_as_the_others_and_not_by_chance() {
        let is = |own: (u32, u32), others: (u32, u32), full| {
            Seen::of(own.0, own.1).is_anomalous(Seen::of(others.0, others.1), full)
        };
        assert!(is((100, 30), (300, 3), true));
        // Two failures are chance, and so is a share of less than twice that of the others.
        assert!(!is((10, 2), (300, 0), true) && !is((100, 19), (300, 30), true));
        // 6 of 100 and 9 of 300: twice the share, but the difference of 0.03 is 1.4 standard errors of 0.0218.
        assert!(!is((100, 6), (300, 9), true) && is((100, 6), (300, 9), false));
        // One that gets next to nothing stays out with one failure, and comes back without one.
        assert!(is((1, 1), (300, 3), false) && !is((1, 0), (300, 3), false));
        // All fail alike.
        assert!(!is((100, 100), (300, 300), true) && !is((100, 100), (300, 300), false));
    }
}
