//! Copies of a DNS record that say how requests are split: who has looked the name up before a change goes where it said then.
//!
//! In: weights that change, and requests. Out: the weights that the client of a request knows. A client keeps what it was told for a time that
//! follows a law, and looks the name up again then; a user has a copy of its own, and open traffic is of as many clients as there are
//! copies here, each of which may have sent the next request. Copies are as old as if all of it had gone on for long.

use crate::dist::{Law, Sampler, below, uniform};
use crate::rng::{Stream, stream};

/// Clients that open traffic comes from. An assumption: with a thousand, their ages are even to a few percent.
const CLIENTS: u64 = 1_000;
/// A client has looked the name up about so often before the start.
const BEFORE: u64 = 20;

/// The copies of one record.
#[derive(Debug)]
pub(super) struct Copies {
    law: Sampler,
    mean: u64,
    /// Of the clients of open traffic, then of each user that has come.
    each: Vec<Option<Copy>>,
    /// Weights from an instant on, in order.
    weights: Vec<(u64, Vec<u32>)>,
    stream: Stream,
}

/// What one client was told.
#[derive(Clone, Copy, Debug)]
struct Copy {
    /// When it looked the name up, counted from long before the start.
    looked: u64,
    until: u64,
    /// What a user was told.
    way: Option<u8>,
}

impl Copies {
    /// Those of a law, of a record that has been as it is for long.
    pub fn new(law: &Law, weights: Vec<u32>, seed: u64, name: &str) -> Copies {
        let mean = law.mean().0.max(1);
        let (law, weights) = (Sampler::new(law), vec![(0, weights)]);
        Copies {
            law,
            mean,
            each: Vec::new(),
            weights,
            stream: stream(seed, &format!("balancer.{name}/copies")),
        }
    }

    /// The record is other from now on.
    pub fn change(&mut self, weights: Vec<u32>, now: u64) {
        self.weights.push((now, weights));
    }

    /// How long ago the record was changed that the client of a request knows: its weights, and what a user was told before, if it has not
    /// looked the name up since then.
    pub fn known(&mut self, user: Option<u32>, now: u64) -> (&[u32], Option<&mut Option<u8>>) {
        let index = match user {
            Some(user) => CLIENTS as usize + user as usize,
            None => below(&mut self.stream, CLIENTS) as usize,
        };
        if index >= self.each.len() {
            self.each.resize(index + 1, None);
        }
        // Instants count from so long before the start that all clients have looked the name up often.
        let start = self.mean.saturating_mul(BEFORE);
        let now = now.saturating_add(start);
        let mut copy = match self.each[index] {
            Some(copy) => copy,
            None => {
                let until = uniform(&mut self.stream) * self.law.time(&mut self.stream).0 as f64;
                Copy { looked: 0, until: until as u64, way: None }
            }
        };
        while copy.until <= now {
            let kept = self.law.time(&mut self.stream).0.max(1);
            copy = Copy { looked: copy.until, until: copy.until.saturating_add(kept), way: None };
        }
        let since = self
            .weights
            .iter()
            .rposition(|(from, _)| *from == 0 || from.saturating_add(start) <= copy.looked);
        self.each[index] = Some(copy);
        let way = self.each[index].as_mut().map(|copy| &mut copy.way).filter(|_| user.is_some());
        (&self.weights[since.unwrap_or(0)].1, way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    /// The part of ten thousand requests whose client knows the weights from 100 s on.
    fn knowing(law: &Law, after: u64) -> f64 {
        let mut copies = Copies::new(law, vec![1, 0], 1, "test");
        let at = |seconds: u64| seconds * 1_000_000_000;
        copies.change(vec![0, 1], at(100));
        (0..10_000).filter(|_| copies.known(None, at(100 + after)).0 == [0, 1]).count() as f64 / 1e4
    }

    /// Copies that are kept for 60 s have even ages: a third knows it after 20 s, all after 60 s. Those that are kept for exponential times have
    /// exponential ages: 1 - exp(-1/3), and 1 - exp(-1). Within four standard deviations of a thousand clients.
    #[test]
    fn clients_come_to_know_a_change_as_their_copies_run_out() {
        let constant = Law::Constant(Time::from_secs(60));
        let exponential = Law::Exponential { mean: Time::from_secs(60) };
        for (law, after, expected) in [
            (&constant, 0, 0.0),
            (&constant, 20, 1.0 / 3.0),
            (&constant, 45, 0.75),
            (&constant, 61, 1.0),
            (&exponential, 20, 0.2835),
            (&exponential, 60, 0.6321),
        ] {
            let found = knowing(law, after);
            assert!((found - expected).abs() < 0.065, "{law:?} {after}: {found}, expected {expected}");
        }
    }

    /// A user keeps what it was told until it looks the name up again.
    #[test]
    fn a_user_keeps_what_it_was_told() {
        let mut copies = Copies::new(&Law::Constant(Time(100)), vec![1, 1], 1, "test");
        *copies.known(Some(7), 0).1.unwrap() = Some(1);
        let until = copies.each[CLIENTS as usize + 7].unwrap().until - 100 * BEFORE;
        assert_eq!(copies.known(Some(7), until - 1).1, Some(&mut Some(1)));
        assert_eq!(copies.known(Some(7), until).1, Some(&mut None));
        assert!(copies.known(None, 0).1.is_none());
    }
}
