//! What faults do to the requests of a resource at present.
//!
//! In: strikes of faults at it, and their ends. Out: how much longer its work takes, which of its requests it turns away or fails, and
//! until when it does not answer. Only steps that are there for such a fault ask for it. Strikes at one resource add up: two that make
//! it twice as slow make it four times as slow.

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
    /// What its strikes do, and when each is over.
    present: Vec<(Impairment, u64)>,
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
    pub fn begins(&mut self, fault: u16, how: Impairment, until: u64) {
        let its = self.faults.iter_mut().filter(|it| it.fault == fault);
        its.for_each(|it| it.present.push((how, until)));
    }

    /// The first of the strikes of a fault is over; all of them last equally long.
    pub fn ends(&mut self, fault: u16) {
        let its = self.faults.iter_mut().filter(|it| it.fault == fault && !it.present.is_empty());
        its.for_each(|it| {
            it.present.remove(0);
        });
    }

    fn present(&self) -> impl Iterator<Item = &(Impairment, u64)> {
        self.faults.iter().flat_map(|it| &it.present)
    }

    /// How many times as long work takes that begins now.
    pub fn factor(&self) -> f64 {
        let factors =
            self.present().map(|(how, _)| if let Impairment::Slow(factor) = how { *factor } else { 1.0 });
        factors.product()
    }

    /// Until when nothing is answered, if that is so now.
    pub fn hangs_until(&self) -> Option<u64> {
        let hangs = self.present().filter(|(how, _)| *how == Impairment::Hangs);
        hangs.map(|(_, until)| *until).max()
    }

    /// Whether the next request is turned away.
    pub fn refuses(&mut self) -> bool {
        self.picks(|how| if let Impairment::Refuses(share) = how { Some(share) } else { None })
    }

    /// Whether the request that has been worked on is answered with an error.
    pub fn fails(&mut self) -> bool {
        self.picks(|how| if let Impairment::Fails(share) = how { Some(share) } else { None })
    }

    /// Whether one of the strikes picks this request. Each is asked, so that what one picks does not move what the others do.
    fn picks(&mut self, share_of: impl Fn(Impairment) -> Option<f64>) -> bool {
        let mut is_picked = false;
        for Possible { chance, present, .. } in &mut self.faults {
            for share in present.iter().filter_map(|(how, _)| share_of(*how)) {
                is_picked |= uniform(chance) < share;
            }
        }
        is_picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Trouble {
        Trouble::new([(3, "first"), (5, "second")], 1)
    }

    /// Twice and three times as slow, and as slow as ever after that.
    #[test]
    fn strikes_add_up_and_end_one_by_one() {
        let mut trouble = both();
        trouble.begins(3, Impairment::Slow(2.0), 10);
        trouble.begins(3, Impairment::Slow(2.0), 20);
        trouble.begins(5, Impairment::Slow(3.0), 15);
        assert_eq!(trouble.factor(), 12.0);
        trouble.ends(3);
        assert_eq!(trouble.factor(), 6.0);
        trouble.ends(5);
        trouble.ends(5);
        trouble.ends(3);
        assert_eq!(trouble.factor(), 1.0);
    }

    #[test]
    fn nothing_is_answered_until_the_last_of_them_is_over() {
        let mut trouble = both();
        assert_eq!(trouble.hangs_until(), None);
        trouble.begins(3, Impairment::Hangs, 30);
        trouble.begins(5, Impairment::Hangs, 20);
        assert_eq!(trouble.hangs_until(), Some(30));
        trouble.ends(3);
        assert_eq!(trouble.hangs_until(), Some(20));
    }

    /// A third of a half of all is not picked by either: of 60,000, within four standard deviations of 40,000.
    #[test]
    fn each_strike_picks_its_share() {
        let mut trouble = both();
        trouble.begins(3, Impairment::Fails(0.5), 10);
        assert!((0..100).all(|_| !trouble.refuses()), "it does not turn away");
        trouble.begins(5, Impairment::Fails(1.0 / 3.0), 10);
        let failed = (0..60_000).filter(|_| trouble.fails()).count() as f64;
        assert!((failed - 40_000.0).abs() < 4.0 * (60_000.0f64 * 2.0 / 9.0).sqrt(), "{failed}");
        trouble.ends(3);
        trouble.ends(5);
        assert!(!(0..100).any(|_| trouble.fails()));
    }
}
