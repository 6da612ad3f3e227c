//! The account of CPU credits of an instance: what it has, what it owes, and when to look at it again.
//!
//! In: the CPU time that an instance has used, and instants. Out: whether credits are left, and a surplus. Credits are earned and
//! spent with every nanosecond. (EC2 user guide, "Key concepts and definitions for burstable performance instances".)

use super::language::Credits;

/// A credit in vCPU-nanoseconds.
pub(super) const CREDIT: f64 = 60e9;
/// A vCPU-hour in vCPU-nanoseconds.
pub(super) const HOUR: f64 = 60.0 * CREDIT;
/// How long an account is left alone that is empty, in nanoseconds: an assumption, short against the time that credits last.
pub(super) const LOOK: u64 = 1_000_000_000;
/// An account is empty whose credits last for less than this many nanoseconds at full speed, and no longer empty once they last for
/// so long: assumptions. An account is looked at again before it can be empty, so that nothing is spent that is not there, and the
/// first bounds how often; the second is more, so that it is not empty again at once.
const EMPTY: f64 = 10e6;
const FILLED: f64 = 100e6;

/// What the accounts of a fleet go by, in vCPU-nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Earned in a nanosecond.
    pub(super) earning: f64,
    /// Spent in a nanosecond by all vCPUs.
    pub(super) fastest: f64,
    /// The most that is kept, and the most that can be owed.
    pub(super) most: f64,
    pub(super) unlimited: bool,
}

/// The account of one instance, in vCPU-nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Account {
    /// Credits of the launch: spent first, and beyond the most.
    pub(super) launch: f64,
    /// Earned credits.
    pub(super) earned: f64,
    /// Surplus that was spent and not yet earned. In standard mode what was spent between two looks.
    pub(super) owed: f64,
    /// Surplus that has been charged.
    pub(super) charged: f64,
    /// When it was last settled, and the CPU time that the instance had used by then.
    pub(super) settled: u64,
    pub(super) used: f64,
    /// When it was opened.
    pub(super) opened: u64,
    /// How long the instance was held to its baseline, in nanoseconds.
    pub(super) held_for: u64,
    /// Whether it is.
    pub(super) held: bool,
}

impl Terms {
    pub(super) fn new(credits: &Credits, vcpus: u32) -> Terms {
        let fastest = f64::from(vcpus);
        Terms {
            earning: credits.baseline * fastest,
            fastest,
            most: credits.most * CREDIT,
            unlimited: credits.unlimited,
        }
    }
}

impl Account {
    pub(super) fn open(credits: &Credits, is_new: bool, now: u64) -> Account {
        let (launch, earned) = if is_new { (credits.launch, 0.0) } else { (0.0, credits.initial) };
        let [launch, earned] = [launch, earned].map(|credits| credits * CREDIT);
        Account { launch, earned, settled: now, opened: now, ..Account::default() }
    }

    /// What a new instance has that EC2 runs at an instant, or one of the start, and what it has at a later one: it did nothing but
    /// boot, which took so much CPU time.
    pub(super) fn waiting(
        credits: &Credits,
        vcpus: u32,
        is_new: bool,
        [from, to]: [u64; 2],
        booting: f64,
    ) -> Account {
        let mut account = Account::open(credits, is_new, from);
        account.settle(&Terms::new(credits, vcpus), to.max(from), booting);
        account
    }

    /// The account after the instance has waited until now without work: it is another host from now on.
    pub(super) fn resumed(mut self, terms: &Terms, now: u64) -> Account {
        self.settle(terms, now, self.used);
        Account { used: 0.0, opened: now, ..self }
    }

    /// The account of an instance that is stopped, and the surplus that is charged then: what it has earned is kept or lost.
    pub(super) fn stopped(self, credits: &Credits) -> (Account, f64) {
        let earned = if credits.kept { self.earned } else { 0.0 };
        (Account { launch: 0.0, earned, owed: 0.0, ..self }, self.surplus(credits.unlimited))
    }

    /// A stopped instance is started: it has not earned meanwhile, and gets the credits of a launch.
    pub(super) fn start(&mut self, credits: &Credits, now: u64) {
        self.settled = now;
        self.launch = credits.launch * CREDIT;
    }

    /// Earns and spends up to `now`, by which the instance had used so much CPU time.
    pub(super) fn settle(&mut self, terms: &Terms, now: u64, used: f64) {
        let span = now - self.settled;
        let spent = (used - self.used).max(0.0);
        (self.settled, self.used) = (now, used);
        if self.held {
            self.held_for += span;
        }
        let of_launch = spent.min(self.launch);
        self.launch -= of_launch;
        let over = terms.earning * span as f64 - (spent - of_launch);
        if over >= 0.0 {
            let paid_back = over.min(self.owed);
            self.owed -= paid_back;
            self.earned = (self.earned + over - paid_back).min(terms.most.max(self.earned));
        } else {
            let paid = self.earned.min(-over);
            self.earned -= paid;
            self.owed += -over - paid;
        }
        if terms.unlimited && self.owed > terms.most {
            self.charged += self.owed - terms.most;
            self.owed = terms.most;
        }
    }

    /// What can be spent.
    pub(super) fn left(&self) -> f64 {
        self.launch + self.earned - self.owed
    }

    /// Whether it has nothing left, in standard mode.
    pub(super) fn is_empty(&self, terms: &Terms) -> bool {
        let drain = terms.fastest - terms.earning;
        let enough = if self.held { FILLED } else { EMPTY };
        !terms.unlimited && drain > 0.0 && self.left() < enough * drain
    }

    /// When it can next change whether the instance is held, as soon as it can be empty: never in unlimited mode.
    pub(super) fn next_look(&self, terms: &Terms) -> Option<u64> {
        let drain = terms.fastest - terms.earning;
        if terms.unlimited || drain <= 0.0 {
            return None;
        }
        let wait = if self.held { LOOK } else { (self.left() / drain).ceil() as u64 };
        Some(self.settled.saturating_add(wait.max(1)))
    }

    /// What is owed for a surplus: only unlimited mode has one.
    pub(super) fn surplus(&self, unlimited: bool) -> f64 {
        if unlimited { self.owed } else { 0.0 }
    }

    /// Credits that can be spent, and those that are owed in unlimited mode.
    pub(super) fn balance(&self, terms: &Terms) -> (f64, f64) {
        ((self.launch + self.earned) / CREDIT, self.surplus(terms.unlimited) / CREDIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const MINUTE: u64 = 60 * SECOND;

    fn micro(unlimited: bool) -> (Credits, Terms) {
        let credits =
            Credits { unlimited, baseline: 0.1, most: 144.0, launch: 30.0, initial: 144.0, kept: false };
        let terms = Terms::new(&credits, 1);
        (credits, terms)
    }

    /// 30 credits of the launch, 0.1 earned a minute, one spent: 30 / 0.9 minutes.
    #[test]
    fn a_new_t2_micro_runs_for_33_minutes_and_a_third() {
        let (credits, terms) = micro(false);
        let mut account = Account::open(&credits, true, 0);
        let at = account.next_look(&terms).expect("it can run out");
        assert_eq!(at, 2_000 * SECOND);
        account.settle(&terms, at, at as f64);
        assert!(account.is_empty(&terms), "{account:?}");
        // Half as busy it earns 0.1 and spends 0.5: it still has 30 - 0.4 × 33.3.
        let mut account = Account::open(&credits, true, 0);
        account.settle(&terms, at, at as f64 / 2.0);
        assert!((account.left() / CREDIT - (30.0 - 0.4 * 100.0 / 3.0)).abs() < 1e-9);
    }

    /// Credits of the launch go first, so that the earned ones are kept.
    #[test]
    fn credits_of_the_launch_are_spent_first_and_a_balance_has_a_most() {
        let (credits, terms) = micro(false);
        let mut account = Account::open(&credits, true, 0);
        account.settle(&terms, 20 * MINUTE, 20.0 * CREDIT);
        let [launch, earned] = [account.launch, account.earned].map(|it| it / CREDIT);
        assert!((launch - 10.0).abs() < 1e-9 && (earned - 2.0).abs() < 1e-9, "{account:?}");
        account.settle(&terms, 48 * 60 * MINUTE, 20.0 * CREDIT);
        assert_eq!((account.launch / CREDIT, account.earned / CREDIT), (10.0, 144.0));
    }

    /// Held to a tenth it spends what it earns, and has nothing left for as long as it is busy.
    #[test]
    fn an_instance_that_is_held_stays_held_while_it_is_busy() {
        let (credits, terms) = micro(false);
        let mut account =
            Account { held: true, ..Account::open(&Credits { initial: 0.0, ..credits }, false, 0) };
        account.settle(&terms, MINUTE, 0.1 * CREDIT);
        assert!(account.is_empty(&terms));
        assert_eq!(account.held_for, MINUTE);
        assert_eq!(account.next_look(&terms), Some(MINUTE + LOOK));
        // A minute of rest earns six seconds.
        account.settle(&terms, 2 * MINUTE, 0.1 * CREDIT);
        assert!(!account.is_empty(&terms));
        assert!((account.left() - 6e9).abs() < 1.0);
    }

    /// At half the speed it is not looked at too late: credits for 100 s at full speed are half spent at the first look, and nothing is
    /// owed when it is empty.
    #[test]
    fn an_account_is_looked_at_before_it_can_be_empty() {
        let (credits, terms) = micro(false);
        let mut account = Account::open(&Credits { initial: 1.5, ..credits }, false, 0);
        let mut looks = 0;
        let mut at = 0;
        while !account.is_empty(&terms) {
            at = account.next_look(&terms).expect("it can run out");
            account.settle(&terms, at, at as f64 / 2.0);
            assert!(account.left() >= 0.0, "{account:?}");
            looks += 1;
        }
        // 90 s of a vCPU last for 90 / 0.4 = 225 s, less what is too little to begin with.
        let ended = at as f64 / 1e9;
        assert!((224.97..=225.0).contains(&ended) && looks < 30, "{ended} s, {looks} looks");
    }

    /// What is held and rests for 30 ms of a second has earned 3 ms, which is too little to burst again; after 0.9 s of rest it has 90.
    #[test]
    fn a_short_rest_is_no_new_burst() {
        let (credits, terms) = micro(false);
        let mut account =
            Account { held: true, ..Account::open(&Credits { initial: 0.0, ..credits }, false, 0) };
        account.settle(&terms, SECOND, 0.097 * SECOND as f64);
        assert!(account.is_empty(&terms) && account.left() > 2e6, "{account:?}");
        account.settle(&terms, 2 * SECOND, 0.104 * SECOND as f64);
        assert!(!account.is_empty(&terms), "{account:?}");
    }

    /// An instance that earns all of its vCPUs is never held, even with nothing left.
    #[test]
    fn a_baseline_of_all_vcpus_holds_nothing_back() {
        let (credits, _) = micro(false);
        let credits = Credits { baseline: 1.0, initial: 0.0, ..credits };
        let terms = Terms::new(&credits, 1);
        let account = Account::open(&credits, false, 0);
        assert!(!account.is_empty(&terms) && account.next_look(&terms).is_none());
    }

    /// A surplus is paid back by what is earned later; beyond a day of earning it is charged at once.
    #[test]
    fn a_surplus_is_owed_and_beyond_a_day_of_earning_charged() {
        let (credits, terms) = micro(true);
        let mut account = Account::open(&Credits { initial: 0.0, ..credits }, false, 0);
        account.settle(&terms, 100 * MINUTE, 100.0 * CREDIT);
        assert!((account.owed / CREDIT - 90.0).abs() < 1e-9 && account.charged == 0.0);
        assert!(!account.is_empty(&terms) && account.next_look(&terms).is_none());
        account.settle(&terms, 200 * MINUTE, 200.0 * CREDIT);
        assert!((account.owed / CREDIT - 144.0).abs() < 1e-9);
        assert!((account.charged / CREDIT - 36.0).abs() < 1e-9);
        account.settle(&terms, 300 * MINUTE, 200.0 * CREDIT);
        assert!((account.owed / CREDIT - 134.0).abs() < 1e-9);
    }
}
