//! Weights of targets, and how requests end there.
//!
//! In: choices and failures. Out: whether a target that was drawn gets the request. A target is drawn uniformly and then taken
//! with a chance of its weight over the heaviest one: that is a draw by weight, and its cost does not depend on their number.

use crate::dist::below;
use crate::rng::Stream;

/// The weight of a target that nothing is held against.
pub(super) const FULL: u32 = 128;

/// What is known of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weight {
    /// Its weight; a request goes there as often as this says, relative to others.
    pub weight: u32,
    /// Requests sent there since the weights were last changed.
    pub sent: u32,
    /// Failures there since then.
    pub failed: u32,
}

impl Weight {
    /// A target of which nothing is known.
    pub const NEW: Weight = Weight { weight: FULL, sent: 0, failed: 0 };
}

/// The weights of the targets of one group.
#[derive(Debug, Default)]
pub(super) struct Weights {
    each: Vec<Weight>,
    /// The highest weight of an eligible target.
    heaviest: u32,
}

impl Weights {
    /// What is known of a target.
    pub fn of(&mut self, target: u32) -> &mut Weight {
        let index = target as usize;
        if index >= self.each.len() {
            self.each.resize(index + 1, Weight::NEW);
        }
        &mut self.each[index]
    }

    /// These targets are eligible from now on.
    pub fn among(&mut self, eligible: &[u32]) {
        self.heaviest = eligible.iter().map(|&target| self.of(target).weight).max().unwrap_or(FULL);
    }

    /// Draws one of the eligible targets.
    pub fn draw(&mut self, eligible: &[u32], stream: &mut Stream) -> u32 {
        loop {
            let target = eligible[below(stream, eligible.len() as u64) as usize];
            let weight = self.each[target as usize].weight;
            if weight >= self.heaviest || below(stream, self.heaviest.into()) < weight.into() {
                return target;
            }
        }
    }

    /// A request that was to go to a target does not.
    pub fn unsent(&mut self, target: u32) {
        let sent = &mut self.each[target as usize].sent;
        *sent = sent.saturating_sub(1);
    }

    /// A request goes to a target.
    pub fn sent(&mut self, target: u32) {
        self.each[target as usize].sent += 1;
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use super::*;
    use crate::rng::stream;

    /// Weights 128, 64 and 8 of 200: 64 %, 32 % and 4 %; of the last two alone, 8/9 and 1/9.
    #[test]
    fn targets_are_drawn_by_their_weights() {
        let mut weights = Weights::default();
        let mut stream = stream(1, "test");
        [(0, 128), (1, 64), (2, 8)]
            .into_iter()
            .for_each(|(target, weight)| weights.of(target).weight = weight);
        for (eligible, shares) in
            [(&[0, 1, 2][..], [0.64, 0.32, 0.04]), (&[1, 2], [0.0, 8.0 / 9.0, 1.0 / 9.0])]
        {
            let mut counts = [0.0; 3];
            weights.among(eligible);
            (0..90_000).for_each(|_| counts[weights.draw(eligible, &mut stream) as usize] += 1.0);
            for (count, share) in counts.into_iter().zip(shares) {
                let off: f64 = count - 90_000.0 * share;
                assert!(
                    off.abs() <= 4.0 * (90_000.0 * share * (1.0 - share)).sqrt(),
                    "{counts:?} {shares:?}"
                );
            }
        }
    }
}
