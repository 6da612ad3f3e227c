//! What faults do to the requests of a resource at present.
//!
//! In: strikes of faults at it or at one of its members, and their ends. Out: how much longer its work takes, which of its requests it
//! turns away or fails, and until when it does not answer. Only steps that are there for such a fault ask for it. Strikes at one resource
//! add up: two that make it twice as slow make it four times as slow. A kind gives each member a number of its own choice.

use super::fact::Impairment;
use crate::dist::uniform;
use crate::rng::{Stream, stream};

/// The faults that may strike a resource, and the strikes that do.
#[derive(Debug)]
pub struct Trouble {
    faults: Vec<Possible>,
}

/// A fault of the file, and how often it strikes at once.
#[derive(Debug)]
struct Possible {
    fault: u16,
    /// Random numbers of the requests that it picks.
    chance: Stream,
    /// Its strikes.
    present: Vec<Strike>,
}

/// A strike that is not over.
#[derive(Clone, Copy, Debug)]
pub struct Strike {
    /// Its number.
    pub number: u32,
    /// What it does.
    pub how: Impairment,
    /// When it is over.
    pub until: u64,
    /// The member that it strikes; all of them without one.
    pub at: Option<u32>,
}

impl Strike {
    /// Whether it strikes a member.
    pub fn is_at(&self, member: u32) -> bool {
        self.at.is_none_or(|at| at == member)
    }
}

impl Trouble {
    /// No strike yet, of some faults with their names.
    pub fn new<'n>(faults: impl IntoIterator<Item = (u16, &'n str)>, seed: u64) -> Trouble {
        let possible = |(fault, name): (u16, &str)| {
            let chance = stream(seed, &format!("fault.{name}/requests"));
            Possible { fault, chance, present: Vec::new() }
        };
        Trouble { faults: faults.into_iter().map(possible).collect() }
    }

    /// A fault strikes.
    pub fn begins(&mut self, fault: u16, strike: Strike) {
        let its = self.faults.iter_mut().filter(|it| it.fault == fault);
        its.for_each(|it| it.present.push(strike));
    }

    /// The first of the strikes of a fault is over; all of them last equally long.
    pub fn ends(&mut self, fault: u16) -> Option<Strike> {
        let possible = self.faults.iter_mut().find(|it| it.fault == fault && !it.present.is_empty());
        possible.map(|it| it.present.remove(0))
    }

    /// What is at a member is at another one from now on: what strikes it, of one sort or of all others.
    pub fn moves(&mut self, from: u32, to: u32, which: impl Fn(Impairment) -> bool) {
        let all = self.faults.iter_mut().flat_map(|it| &mut it.present);
        all.filter(|it| it.at == Some(from) && which(it.how)).for_each(|it| it.at = Some(to));
    }

    /// All members are others from now on: what is present strikes one that is none of them.
    pub fn leaves(&mut self, to: u32) {
        self.faults.iter_mut().flat_map(|it| &mut it.present).for_each(|it| it.at = Some(to));
    }

    /// Whether no fault of the file strikes it.
    pub fn is_never(&self) -> bool {
        self.faults.is_empty()
    }

    fn present(&self, member: u32) -> impl Iterator<Item = &Strike> {
        self.faults.iter().flat_map(|it| &it.present).filter(move |it| it.is_at(member))
    }

    /// Whether anything strikes a member.
    pub fn is_at(&self, member: u32) -> bool {
        self.present(member).next().is_some()
    }

    /// Whether a member is gone.
    pub fn is_dead(&self, member: u32) -> bool {
        self.present(member).any(|it| it.how == Impairment::Dies)
    }

    /// How many times as long work takes that begins now at a member.
    pub fn factor(&self, member: u32) -> f64 {
        let factors =
            self.present(member).map(|it| if let Impairment::Slow(factor) = it.how { factor } else { 1.0 });
        factors.product()
    }

    /// The strike that makes a member slower, if one does.
    pub fn slows(&self, member: u32) -> Option<u32> {
        self.present(member).find(|it| matches!(it.how, Impairment::Slow(_))).map(|it| it.number)
    }

    /// Until when a member answers nothing, if that is so now, and by which strike.
    pub fn hangs_until(&self, member: u32) -> Option<(u64, u32)> {
        self.present(member).filter(|it| it.how == Impairment::Hangs).map(|it| (it.until, it.number)).max()
    }

    /// The strike that an attempt meets that comes to a member, if there is any: the first of the file, where there are several.
    pub fn met_at(&self, member: u32) -> Option<u32> {
        self.present(member).next().map(|it| it.number)
    }

    /// The strike by which the next request at a member is turned away, if it is.
    pub fn refuses(&mut self, member: u32) -> Option<u32> {
        self.picks(member, |how| if let Impairment::Refuses(share) = how { Some(share) } else { None })
    }

    /// The strike by which the request that a member has worked on is answered with an error, if it is.
    pub fn fails(&mut self, member: u32) -> Option<u32> {
        self.picks(member, |how| if let Impairment::Fails(share) = how { Some(share) } else { None })
    }

    /// The first of the strikes that pick this request. Each is asked, so that what one picks does not move what the others do.
    fn picks(&mut self, member: u32, share_of: impl Fn(Impairment) -> Option<f64>) -> Option<u32> {
        let mut picked = None;
        for Possible { chance, present, .. } in &mut self.faults {
            for it in present.iter().filter(|it| it.is_at(member)) {
                if share_of(it.how).is_some_and(|share| uniform(chance) < share) {
                    picked = picked.or(Some(it.number));
                }
            }
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(how: Impairment, until: u64) -> Strike {
        Strike { number: 0, how, until, at: None }
    }

    fn both() -> Trouble {
        Trouble::new([(3, "first"), (5, "second")], 1)
    }

    /// Twice and three times as slow, and as slow as ever after that.
    #[test]
    fn strikes_add_up_and_end_one_by_one() {
        let mut trouble = both();
        trouble.begins(3, all(Impairment::Slow(2.0), 10));
        trouble.begins(3, all(Impairment::Slow(2.0), 20));
        trouble.begins(5, all(Impairment::Slow(3.0), 15));
        assert_eq!(trouble.factor(0), 12.0);
        trouble.ends(3);
        assert_eq!(trouble.factor(0), 6.0);
        trouble.ends(5);
        trouble.ends(5);
        trouble.ends(3);
        assert_eq!(trouble.factor(0), 1.0);
    }

    #[test]
    fn nothing_is_answered_until_the_last_of_them_is_over() {
        let mut trouble = both();
        assert_eq!(trouble.hangs_until(0), None);
        trouble.begins(3, all(Impairment::Hangs, 30));
        trouble.begins(5, all(Impairment::Hangs, 20));
        assert_eq!(trouble.hangs_until(0), Some((30, 0)));
        trouble.ends(3);
        assert_eq!(trouble.hangs_until(0), Some((20, 0)));
    }

    /// A third of a half of all is not picked by either: of 60,000, within four standard deviations of 40,000.
    #[test]
    fn each_strike_picks_its_share() {
        let mut trouble = both();
        trouble.begins(3, all(Impairment::Fails(0.5), 10));
        assert!((0..100).all(|_| trouble.refuses(0).is_none()), "it does not turn away");
        trouble.begins(5, Strike { number: 1, ..all(Impairment::Fails(1.0 / 3.0), 10) });
        let mut by = [0.0; 2];
        (0..60_000).filter_map(|_| trouble.fails(0)).for_each(|strike| by[strike as usize] += 1.0);
        // What both pick is the first one's.
        assert!((by[0] - 30_000.0f64).abs() < 4.0 * (60_000.0f64 / 4.0).sqrt(), "{by:?}");
        let failed = by[0] + by[1];
        assert!((failed - 40_000.0).abs() < 4.0 * (60_000.0f64 * 2.0 / 9.0).sqrt(), "{failed}");
        trouble.ends(3);
        trouble.ends(5);
        assert!((0..100).all(|_| trouble.fails(0).is_none()));
    }

    /// One member is slow, then all are; what strikes the first is at another one after it has moved.
    #[test]
    fn a_strike_at_one_member_leaves_the_others_alone() {
        let mut trouble = both();
        trouble.begins(3, Strike { at: Some(7), ..all(Impairment::Slow(2.0), 10) });
        assert_eq!([7, 8].map(|member| trouble.factor(member)), [2.0, 1.0]);
        trouble.begins(5, all(Impairment::Dies, 10));
        assert!(trouble.is_dead(7) && trouble.is_dead(8));
        trouble.moves(7, 9, |how| how != Impairment::Dies);
        assert_eq!([7, 8, 9].map(|member| trouble.factor(member)), [1.0, 1.0, 2.0]);
        assert_eq!(trouble.ends(3).and_then(|it| it.at), Some(9));
        trouble.ends(5);
        assert!(!trouble.is_at(7) && !trouble.is_at(9));
    }
}
