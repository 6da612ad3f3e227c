//! Where goodput stops growing. In: the results of two multiples. Out: how much of the growth of the traffic goodput
//! follows.
//!
//! Traffic is what would be answered if nothing were in the way: of open traffic, the requests that arrived. Users send
//! no request before the last one is answered, so their requests never outgrow the answers: their traffic is their
//! number. Where both are, it is the multiple. By the asymptotic bounds of a closed network (Lazowska et al. 1984,
//! chapter 5), goodput grows with the number of users up to about N* = (think time + response time alone) / largest
//! demand, and no further.

use super::found::Probe;
use super::lattice::Lattice;
use crate::scenario::Scenario;

/// Growth of the traffic over which the growth of goodput is judged.
const STEP: f64 = 1.05;
/// Share of the growth of the traffic that goodput must follow.
const YIELD: f64 = 0.5;
/// Over a coarse step with this share, goodput follows [`YIELD`] over the last part of it as well, if it grows ever less.
const FULL_YIELD: f64 = 0.95;
/// How goodput follows the traffic of a scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Goodput<'a> {
    scenario: &'a Scenario,
    lattice: Lattice,
    has_users: bool,
}

impl<'a> Goodput<'a> {
    pub fn new(scenario: &'a Scenario, lattice: Lattice) -> Goodput<'a> {
        Goodput { scenario, lattice, has_users: scenario.has_users() }
    }

    /// The nearest point below from which the growth up to `point` is judged.
    pub fn below(&self, point: i32) -> i32 {
        point - self.lattice.points_in(STEP)
    }

    /// Whether so many requests are answered that goodput of open traffic has not stopped growing: at the worst all
    /// requests were answered at a smaller multiple, and then it has still followed [`YIELD`] of a growth of [`STEP`].
    pub fn is_answered(probe: &Probe) -> bool {
        const ENOUGH: f64 = (1.0 + YIELD * (STEP - 1.0)) / STEP;
        probe.answered >= ENOUGH
    }

    /// Whether goodput follows the traffic all through a coarse step.
    pub fn follows(&self, from: (i32, &Probe), to: (i32, &Probe)) -> bool {
        self.growth(from, to) >= FULL_YIELD
    }

    /// Whether goodput has stopped growing between two multiples, in all runs together.
    pub fn has_stopped(&self, from: (i32, &Probe), to: (i32, &Probe)) -> bool {
        self.growth(from, to) < YIELD
    }

    /// The same in one run.
    pub fn has_stopped_in(&self, run: usize, from: (i32, &Probe), to: (i32, &Probe)) -> bool {
        let (Some(low), Some(high)) = (from.1.by_run.get(run), to.1.by_run.get(run)) else { return false };
        let offered = (low.offered_per_s, high.offered_per_s);
        self.share((from.0, low.goodput_per_s), (to.0, high.goodput_per_s), offered) < YIELD
    }

    fn growth(&self, from: (i32, &Probe), to: (i32, &Probe)) -> f64 {
        let offered = (from.1.offered_per_s, to.1.offered_per_s);
        self.share((from.0, from.1.goodput_per_s), (to.0, to.1.goodput_per_s), offered)
    }

    /// Share of the growth of the traffic that goodput follows between two points.
    fn share(&self, from: (i32, f64), to: (i32, f64), offered: (f64, f64)) -> f64 {
        let traffic = match (self.users(from.0), self.users(to.0)) {
            (Some(few), Some(many)) => many / few,
            _ if self.has_users => self.lattice.multiplier(to.0) / self.lattice.multiplier(from.0),
            _ => offered.1 / offered.0,
        };
        let goodput = to.1 / from.1;
        match (from.1 > 0.0, traffic.is_finite() && traffic > 1.0) {
            (true, true) => (goodput - 1.0) / (traffic - 1.0),
            // No more traffic has come, as of whole users: nothing shows that goodput has stopped.
            (true, false) => 1.0,
            // Growth from zero.
            (false, _) => f64::from(u8::from(to.1 > 0.0)),
        }
    }

    /// Users at a point, where all traffic is from users.
    fn users(&self, point: i32) -> Option<f64> {
        self.has_users.then(|| self.scenario.users_at(self.lattice.multiplier(point))).flatten()
    }
}
