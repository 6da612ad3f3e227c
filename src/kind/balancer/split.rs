//! Requests that are split over several target groups: which group each goes to.
//!
//! In: weights, which change at instants of the file, and clients that stay at their group. Out: a group for each request. What the
//! targets of a group do changes nothing of its share: the balancer does not send it elsewhere.

use super::copies::Copies;
use super::language::{self, Split};
use super::stickiness::Sticky;
use crate::dist::below;
use crate::flow::NONE;
use crate::rng::{Stream, stream};

/// One split.
#[derive(Debug)]
pub(super) struct Splitter {
    /// The balancer that does it.
    pub balancer: usize,
    /// The weight of each group.
    pub weights: Vec<u32>,
    /// The clients that stay at their group.
    sticky: Option<Sticky>,
    /// What its clients know of the weights, if these are those of a name.
    pub copies: Option<Copies>,
    stream: Stream,
    /// Requests that came, and those that went to each group.
    came: u64,
    went: Vec<u64>,
}

impl Splitter {
    /// Those of all balancers, in the order of their numbers.
    pub fn all(settings: &[language::Balancer], seed: u64) -> Vec<Splitter> {
        let of = |(balancer, it): (usize, &language::Balancer)| {
            let name = it.name.clone();
            let new = move |split: &Split| Splitter {
                balancer,
                weights: split.ways.iter().map(|way| way.weight).collect(),
                sticky: split.sticky.map(|duration| Sticky::to_groups(duration, seed, &name)),
                copies: split.ttl.as_ref().map(|law| {
                    Copies::new(law, split.ways.iter().map(|way| way.weight).collect(), seed, &name)
                }),
                stream: stream(seed, &format!("balancer.{name}/split {}", split.index)),
                came: 0,
                went: vec![0; split.ways.len()],
            };
            it.splits().map(new).collect::<Vec<_>>()
        };
        let own = settings.iter().enumerate().filter(|(_, it)| it.group_of.is_none());
        own.flat_map(of).collect()
    }

    /// By weight.
    fn draw(&mut self) -> u8 {
        drawn(&self.weights, &mut self.stream)
    }

    /// The weights are others from now on.
    pub fn change(&mut self, weights: &[u32], now: u64) {
        self.weights = weights.to_vec();
        if let Some(copies) = &mut self.copies {
            copies.change(weights.to_vec(), now);
        }
    }

    /// By the weights that a client knows by name: a user goes where it was told last.
    fn by_name(&mut self, user: Option<u32>, now: u64) -> Option<u8> {
        let user = user.filter(|user| *user != NONE);
        let (weights, told) = self.copies.as_mut()?.known(user, now);
        if let Some(Some(way)) = told {
            return Some(*way);
        }
        let way = drawn(weights, &mut self.stream);
        if let Some(told) = told {
            *told = Some(way);
        }
        Some(way)
    }

    /// The group of a request; `user` is there if it is of a client that keeps cookies.
    pub fn choose(&mut self, user: Option<u32>, now: u64) -> u8 {
        let by_name = self.by_name(user, now);
        let way = match (self.sticky.take(), user) {
            (sticky, _) if by_name.is_some() => {
                self.sticky = sticky;
                by_name.unwrap_or(0)
            }
            (Some(mut sticky), Some(user)) => {
                let shown = sticky.shown(user, now);
                let bound = shown.at(now).and_then(|way| u8::try_from(way).ok());
                let way = bound.unwrap_or_else(|| self.draw());
                sticky.set(user, shown, way.into(), now);
                self.sticky = Some(sticky);
                way
            }
            (sticky, _) => {
                self.sticky = sticky;
                self.draw()
            }
        };
        self.came += 1;
        self.went[usize::from(way)] += 1;
        way
    }

    /// Whether a group is one to which the name does not lead any more.
    pub fn is_old(&self, way: u8) -> bool {
        self.copies.is_some() && self.weights[usize::from(way)] == 0
    }

    /// How many requests came, and how many of them did not go to a group.
    pub fn past(&self, way: u8) -> Option<(u64, u64)> {
        Some((self.came, self.came - self.went.get(usize::from(way))?))
    }
}

/// One of several, by weight.
fn drawn(weights: &[u32], stream: &mut Stream) -> u8 {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let mut rest = below(stream, sum);
    for (way, weight) in (0..).zip(weights) {
        match rest.checked_sub((*weight).into()) {
            Some(less) => rest = less,
            None => return way,
        }
    }
    0
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a statistic of a test, which is no simulated number")]
mod tests {
    use super::*;
    use crate::units::Time;

    fn splitter(weights: &[u32], sticky: Option<u64>) -> Splitter {
        Splitter {
            balancer: 0,
            weights: weights.to_vec(),
            sticky: sticky.map(|duration| Sticky::to_groups(Time(duration), 1, "test")),
            copies: None,
            stream: stream(1, "test"),
            came: 0,
            went: vec![0; weights.len()],
        }
    }

    /// Weights 90, 0 and 10: 90 %, nothing and 10 %, each within four standard errors.
    #[test]
    fn groups_are_drawn_by_their_weights() {
        let mut splitter = splitter(&[90, 0, 10], None);
        let mut counts = [0.0; 3];
        (0..100_000).for_each(|now| counts[usize::from(splitter.choose(Some(7), now))] += 1.0);
        for (count, share) in counts.into_iter().zip([0.9, 0.0, 0.1]) {
            let off: f64 = count - 1e5 * share;
            assert!(off.abs() <= 4.0 * (1e5 * share * (1.0 - share)).sqrt(), "{counts:?}");
        }
    }

    /// A client stays at its group, also when that has no weight any more, until so long after its last request.
    #[test]
    fn a_client_stays_at_its_group_until_its_cookie_has_expired() {
        let mut splitter = splitter(&[1, 0], Some(100));
        assert_eq!(splitter.choose(Some(3), 0), 0);
        splitter.weights = vec![0, 1];
        assert_eq!([splitter.choose(Some(3), 99), splitter.choose(Some(3), 198)], [0, 0]);
        assert_eq!([splitter.choose(Some(4), 198), splitter.choose(None, 198)], [1, 1]);
        assert_eq!([splitter.choose(Some(3), 297), splitter.choose(Some(3), 397)], [0, 1]);
        assert_eq!(splitter.past(0), Some((7, 3)));
    }
}
