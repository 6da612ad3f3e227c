//! What the checkers of an endpoint say. In: checks that pass or fail. Out: whether the endpoint is healthy.
//!
//! Each checker changes its mind after as many checks in a row as its threshold says, and an endpoint is healthy if more than 18 % of the
//! checkers say so. (Route 53 developer guide, how Amazon Route 53 determines whether a health check is healthy.) At the start all of them do: a
//! new health check counts as healthy.

use super::language::health::VOTE;
use crate::flow::NONE;

/// What is checked.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// The name, and the record of it.
    pub name: u16,
    /// See there.
    pub record: u8,
    /// The address, by its number; [`NONE`] where the record leads to no fleet.
    pub address: u32,
    /// The op at which a check begins; nothing where nothing can be asked.
    pub entry: Option<u32>,
    /// What its checkers say.
    pub vote: Vote,
    /// From when to when it is checked.
    pub span: (u64, u64),
}

impl Endpoint {
    /// Whether enough checkers find it healthy.
    pub fn is_healthy(&self) -> bool {
        self.vote.is_healthy()
    }
}

/// The checkers of an endpoint.
#[derive(Debug)]
pub(super) struct Vote {
    each: Vec<Checker>,
    threshold: u32,
    /// How many of them find it healthy.
    healthy: u32,
}

/// One checker.
#[derive(Clone, Copy, Debug)]
struct Checker {
    healthy: bool,
    /// Checks in a row that say otherwise.
    against: u32,
    /// The check in progress.
    probe: u32,
}

impl Vote {
    /// All of them find it healthy.
    pub fn new(checkers: u32, threshold: u32) -> Vote {
        let one = Checker { healthy: true, against: 0, probe: NONE };
        Vote { each: vec![one; checkers as usize], threshold, healthy: checkers }
    }

    /// Whether more than 18 % of them find it healthy.
    pub fn is_healthy(&self) -> bool {
        f64::from(self.healthy) > VOTE.value * self.each.len() as f64
    }

    /// A check by a checker has passed, or failed.
    pub fn judge(&mut self, checker: u32, passed: bool) {
        let own = &mut self.each[checker as usize];
        own.probe = NONE;
        if own.healthy == passed {
            own.against = 0;
            return;
        }
        own.against += 1;
        if own.against >= self.threshold {
            (own.healthy, own.against) = (passed, 0);
            match passed {
                true => self.healthy += 1,
                false => self.healthy -= 1,
            }
        }
    }

    /// The check in progress of a checker, or none.
    pub fn probe(&mut self, checker: u32) -> &mut u32 {
        &mut self.each[checker as usize].probe
    }

    /// The checker whose check an attempt is.
    pub fn checker_of(&self, probe: u32) -> Option<u32> {
        let at = self.each.iter().position(|it| it.probe == probe)?;
        u32::try_from(at).ok()
    }

    /// Another attempt is a check from now on.
    pub fn renumber(&mut self, from: u32, to: u32) {
        self.each.iter_mut().filter(|it| it.probe == from).for_each(|it| it.probe = to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen checkers, of which more than 2.88 must find it healthy: it is until the fourteenth has changed its mind, and again when three
    /// have.
    #[test]
    fn more_than_eighteen_percent_of_the_checkers_decide() {
        let mut vote = Vote::new(16, 3);
        let thrice =
            |vote: &mut Vote, checker: u32, passed: bool| (0..3).for_each(|_| vote.judge(checker, passed));
        (0..13).for_each(|checker| thrice(&mut vote, checker, false));
        assert!(vote.is_healthy(), "three of sixteen are 18.75 %");
        vote.judge(13, false);
        vote.judge(13, false);
        assert!(vote.is_healthy());
        vote.judge(13, false);
        assert!(!vote.is_healthy(), "two of sixteen are 12.5 %");
        vote.judge(0, true);
        vote.judge(0, true);
        assert!(!vote.is_healthy());
        vote.judge(0, true);
        assert!(vote.is_healthy());
    }

    /// Sixteen checkers that begin two seconds apart, at 0 s to 30 s, and check every 30 s. What dies at 100 s fails the checks from then on:
    /// those of checkers 5 to 14 at 100 s to 118 s, of 0 and 15 at 120 s, of 1 at 122 s, and of 2, the fourteenth, at 124 s. Each fails for the third
    /// time 60 s later.
    #[test]
    fn detection_is_three_intervals_and_the_order_of_the_checkers() {
        let mut vote = Vote::new(16, 3);
        let mut checks: Vec<(u32, u32)> =
            (0..16).flat_map(|checker| (0..20).map(move |turn| (turn * 30 + checker * 2, checker))).collect();
        checks.sort_unstable();
        let judged = checks.into_iter().find(|(at, checker)| {
            vote.judge(*checker, *at < 100);
            !vote.is_healthy()
        });
        assert_eq!(judged, Some((184, 2)));
    }

    #[test]
    fn a_check_that_says_the_same_forgets_what_was_against_it() {
        let mut vote = Vote::new(1, 3);
        for passed in [false, false, true, false, false] {
            vote.judge(0, passed);
            assert!(vote.is_healthy());
        }
        vote.judge(0, false);
        assert!(!vote.is_healthy());
    }
}
