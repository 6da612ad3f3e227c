//! Closed populations during a run, and when their sizes change. In: how many users there are over time. Out: their states.

use super::traffic::Mix;
use crate::dist::Sampler;
use crate::measure::users::UsersMet;
use crate::rng::Stream;

/// All closed populations.
#[derive(Debug, Default)]
pub struct Crowds {
    pub(super) crowds: Vec<Crowd>,
    pub(super) users: Vec<User>,
}

impl Crowds {
    /// What the users of each population have met so far, in the order of the sources.
    pub fn met(&self) -> Vec<UsersMet> {
        let mut met = vec![UsersMet::default(); self.crowds.len()];
        for user in &self.users {
            met[usize::from(user.crowd)].note(user.failed, user.answered);
        }
        met
    }

    /// Users of a population, in the order of the sources, who are there, and those of them who wait for an answer.
    pub fn present_and_waiting(&self, population: usize) -> (u32, u32) {
        let crowd = &self.crowds[population];
        (crowd.present, crowd.waiting)
    }
}

/// One population.
#[derive(Debug)]
pub struct Crowd {
    pub(super) source: u16,
    /// Its first user; the others follow.
    pub(super) first: u32,
    /// Number of users who have joined and not left; they are the first ones.
    pub(super) present: u32,
    pub(super) changes: Changes,
    pub(super) think: Sampler,
    pub(super) thoughts: Stream,
    pub(super) thinks_first: bool,
    pub(super) mix: Mix,
    /// Requests sent so far.
    pub(super) asked: u64,
    /// Users who wait for an answer.
    pub(super) waiting: u32,
    /// Whether a user has been slowed down to the pace.
    pub(super) held_back: bool,
}

/// One user.
#[derive(Clone, Copy, Debug)]
pub struct User {
    pub(super) crowd: u16,
    pub(super) state: UserState,
    /// When its attempts so far would have ended at the fastest pace that is allowed in the long run.
    pub(super) pace: u64,
    /// Whether a request of it has failed.
    pub(super) failed: bool,
    /// Whether one was answered.
    pub(super) answered: bool,
}

/// The state of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    Away,
    /// Until it sends its next request, which arrives at the entrance with the event of this number.
    Thinking {
        sends: u64,
        number: u64,
    },
    Waiting,
}

/// The whole numbers nearest to a piecewise-linear curve: when they change, and to which number.
#[derive(Debug)]
pub struct Changes {
    knots: Vec<(u64, u32)>,
    /// The segment from this knot to the next one.
    segment: usize,
    count: u32,
}

impl Changes {
    /// The changes of a curve.
    pub fn new(knots: Vec<(u64, u32)>) -> Self {
        let count = knots.first().map_or(0, |knot| knot.1);
        let mut changes = Changes { knots, segment: 0, count };
        changes.skip();
        changes
    }

    /// Moves to the segment of the next change.
    fn skip(&mut self) {
        while self.knots.get(self.segment + 1).is_some_and(|knot| knot.1 == self.count) {
            self.segment += 1;
        }
    }

    /// When the next change is.
    pub fn peek(&self) -> Option<u64> {
        let (&(start, from), &(end, to)) = (self.knots.get(self.segment)?, self.knots.get(self.segment + 1)?);
        // The curve is half a user beyond the present number.
        let passed = f64::from(self.count.abs_diff(from)) + 0.5;
        let share = passed / f64::from(to.abs_diff(from));
        Some(start + ((end - start) as f64 * share) as u64)
    }

    /// The number after the next change.
    pub fn next(&mut self) -> u32 {
        if let (Some(&(start, _)), Some(&(end, to))) =
            (self.knots.get(self.segment), self.knots.get(self.segment + 1))
        {
            match to > self.count {
                _ if start == end => self.count = to,
                true => self.count += 1,
                false => self.count -= 1,
            }
            self.skip();
        }
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(knots: &[(u64, u32)]) -> Vec<(u64, u32)> {
        let mut changes = Changes::new(knots.to_vec());
        let mut all = Vec::new();
        while let Some(at) = changes.peek() {
            all.push((at, changes.next()));
        }
        all
    }

    #[test]
    fn a_curve_changes_where_it_passes_half_a_user() {
        assert_eq!(changes(&[(0, 5)]), []);
        assert_eq!(changes(&[(0, 0), (100, 2)]), [(25, 1), (75, 2)]);
        assert_eq!(changes(&[(0, 3), (10, 3), (10, 1), (20, 1), (40, 0)]), [(10, 1), (30, 0)]);
        assert_eq!(changes(&[(0, 1), (100, 3), (200, 1)]), [(25, 2), (75, 3), (125, 2), (175, 1)]);
    }
}
