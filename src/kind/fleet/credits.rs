//! CPU credits: an account for each instance, from when EC2 runs it to its end.
//!
//! In: the CPU time that instances use. Out: instances that are held to their baseline while they have no credits left, in
//! standard mode; surplus that is owed and charged, in unlimited mode. Credits are earned and spent with every
//! nanosecond; an account is looked at when it can first be empty, and each second while it is.
//! (EC2 user guide, "Key concepts and definitions for burstable performance instances", "Standard mode", "Unlimited mode".)

use super::language::Credits;
use super::model::{Fleets, Timer};
use super::record::CreditSeries;
use crate::flow::Flow;
use crate::id;
use crate::measure::resource::Resource;
use crate::number::{setting, things};
use crate::usage::hour_of;

/// A credit in vCPU-nanoseconds.
const CREDIT: f64 = 60e9;
/// A vCPU-hour in vCPU-nanoseconds.
const HOUR: f64 = 60.0 * CREDIT;
/// How long an account is left alone that is empty or nearly so, in nanoseconds: an assumption, short against the time
/// that credits last.
const LOOK: u64 = 1_000_000_000;
/// Less than this many vCPU-nanoseconds is nothing: the rounding of instants.
const NOTHING: f64 = 1_000.0;

/// What the accounts of a fleet go by, in vCPU-nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Earned in a nanosecond.
    earning: f64,
    /// Spent in a nanosecond by all vCPUs.
    fastest: f64,
    /// The most that is kept, and the most that can be owed.
    most: f64,
    unlimited: bool,
}

/// The account of one instance, in vCPU-nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Account {
    /// Credits of the launch: spent first, and beyond the most.
    launch: f64,
    /// Earned credits.
    earned: f64,
    /// Surplus that was spent and not yet earned. In standard mode what was spent between two looks.
    owed: f64,
    /// Surplus that has been charged.
    charged: f64,
    /// When it was last settled, and the CPU time that the instance had used by then.
    settled: u64,
    used: f64,
    /// When it was opened.
    opened: u64,
    /// How long the instance was held to its baseline, in nanoseconds.
    held_for: u64,
    /// Whether it is.
    held: bool,
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
    fn open(credits: &Credits, is_new: bool, now: u64) -> Account {
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
    fn resumed(mut self, terms: &Terms, now: u64) -> Account {
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
    fn settle(&mut self, terms: &Terms, now: u64, used: f64) {
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
    fn left(&self) -> f64 {
        self.launch + self.earned - self.owed
    }

    /// Whether it has nothing left, in standard mode.
    fn is_empty(&self, terms: &Terms) -> bool {
        !terms.unlimited && terms.earning < terms.fastest && self.left() < NOTHING
    }

    /// When it can next change whether the instance is held: never in unlimited mode.
    fn next_look(&self, terms: &Terms) -> Option<u64> {
        let drain = terms.fastest - terms.earning;
        if terms.unlimited || drain <= 0.0 {
            return None;
        }
        let empty_in = if self.held { 0 } else { (self.left() / drain).ceil() as u64 };
        Some(self.settled.saturating_add(empty_in.max(LOOK)))
    }

    /// What is owed for a surplus: only unlimited mode has one.
    fn surplus(&self, unlimited: bool) -> f64 {
        if unlimited { self.owed } else { 0.0 }
    }

    /// Credits that can be spent, and those that are owed in unlimited mode.
    fn balance(&self, terms: &Terms) -> (f64, f64) {
        ((self.launch + self.earned) / CREDIT, self.surplus(terms.unlimited) / CREDIT)
    }
}

impl Fleets<'_> {
    /// EC2 runs an instance, or the run begins with it: its account is opened, if its type has credits. One that comes from a
    /// warm pool has it already.
    pub(super) fn open_account(&mut self, instance: u32, is_new: bool, flow: &mut Flow) {
        let settings = &self.settings[flow.hosts[instance as usize].group];
        let Some(credits) = &settings.credits else { return };
        let terms = Terms::new(credits, settings.instance.vcpus);
        let own = &mut self.instances[instance as usize];
        own.account = Some(match own.brought.take() {
            Some(brought) => brought.resumed(&terms, flow.now),
            None => Account::open(credits, is_new, flow.now),
        });
        self.look_at_account(instance, flow);
    }

    /// An account may be empty, or no longer: the instance is held to its baseline, or is not.
    pub(super) fn look_at_account(&mut self, instance: u32, flow: &mut Flow) {
        let Some(terms) = self.settle_account(instance, flow) else { return };
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        let Some(account) = &mut self.instances[instance as usize].account else { return };
        let is_empty = account.is_empty(&terms);
        let changed = std::mem::replace(&mut account.held, is_empty) != is_empty;
        let next = account.next_look(&terms);
        if changed {
            let share = if is_empty { terms.earning / terms.fastest } else { 1.0 };
            flow.hold_back(instance, share);
            self.note_held(fleet, is_empty, flow);
            let state = &mut self.each[fleet];
            if state.held > state.most_held {
                state.most_held = state.held;
                let all = things(flow.groups[fleet].alive.len() as f64, "instance");
                let text = format!(
                    "{} of {all} out of CPU credits: held to {} of its CPU",
                    state.held,
                    setting(share)
                );
                flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
            }
        }
        if let Some(next) = next {
            flow.set(Timer::Credits { instance }, next);
        }
    }

    /// The instance ends, and with it its account: what is owed is charged. One that goes into a warm pool takes its account
    /// along, and is charged if it stops there.
    pub(super) fn close_account(&mut self, instance: u32, flow: &mut Flow) {
        if self.settle_account(instance, flow).is_none() {
            return;
        }
        flow.cancel(Timer::Credits { instance });
        let (fleet, now) = (flow.hosts[instance as usize].group, flow.now);
        let returns = self.instances[instance as usize].returns;
        let Some(credits) = &self.settings[fleet].credits else { return };
        let Some(account) = self.instances[instance as usize].account.take() else { return };
        let runs_on = returns && self.runs_in_pool(fleet);
        let (mut account, surplus) = if runs_on { (account, 0.0) } else { account.stopped(credits) };
        let state = &mut self.each[fleet];
        *hour_of(&mut state.surplus, now) += surplus / HOUR;
        state.held_for += std::mem::take(&mut account.held_for) as f64;
        if std::mem::take(&mut account.held) {
            self.note_held(fleet, false, flow);
        }
        if returns {
            self.instances[instance as usize].brought = Some(account);
        }
    }

    /// The newest member of a pool stops once it is prepared, if the pool does not run: what it owes then is charged.
    pub(super) fn stop_account(&mut self, fleet: usize) {
        let stops = !self.runs_in_pool(fleet);
        let state = &mut self.each[fleet];
        let member = state.pool.as_mut().and_then(|pool| pool.members.last_mut()).filter(|_| stops);
        if let Some((member, credits)) = member.zip(self.settings[fleet].credits.as_ref())
            && let Some(account) = &mut member.account
        {
            let (stopped, surplus) = account.stopped(credits);
            *account = stopped;
            *hour_of(&mut state.surplus, member.prepared) += surplus / HOUR;
        }
    }

    /// What a member of a pool that ends owes is charged.
    pub(super) fn charge_member(&mut self, fleet: usize, account: Option<Account>, now: u64) {
        if let Some((credits, mut account)) = self.settings[fleet].credits.as_ref().zip(account) {
            let terms = Terms::new(credits, self.settings[fleet].instance.vcpus);
            account.settle(&terms, now.max(account.settled), account.used);
            let surplus = account.charged + account.surplus(terms.unlimited);
            *hour_of(&mut self.each[fleet].surplus, now) += surplus / HOUR;
        }
    }

    /// One instance more is held to its baseline, or one less.
    fn note_held(&mut self, fleet: usize, more: bool, flow: &mut Flow) {
        let held = &mut self.each[fleet].held;
        *held = if more { *held + 1 } else { held.saturating_sub(1) };
        flow.note_lost(Resource::HeldBack { fleet }, None, *held);
    }

    /// Brings an account up to now; returns its terms, if there is one.
    fn settle_account(&mut self, instance: u32, flow: &Flow) -> Option<Terms> {
        let host = &flow.hosts[instance as usize];
        let settings = &self.settings[host.group];
        let vcpus = settings.instance.vcpus;
        let terms = Terms::new(settings.credits.as_ref()?, vcpus);
        let account = self.instances[instance as usize].account.as_mut()?;
        let boot = host.boot_area(&settings.boot.cpu, vcpus.into(), account.opened, flow.now);
        account.settle(&terms, flow.now, flow.cpu_area(instance) + boot);
        let charged = std::mem::take(&mut account.charged);
        if charged > 0.0 {
            *hour_of(&mut self.each[host.group].surplus, flow.now) += charged / HOUR;
        }
        Some(terms)
    }

    /// A row of the accounts of a fleet, if it has some.
    pub(super) fn read_accounts(&mut self, fleet: usize, flow: &mut Flow) {
        if self.settings[fleet].credits.is_none() {
            return;
        }
        let (mut count, mut balance, mut owed, mut held) = (0.0, 0.0, 0.0, 0.0);
        let alive = flow.groups[fleet].alive.clone();
        for instance in alive {
            let Some(terms) = self.settle_account(instance, flow) else { continue };
            let Some(account) = &self.instances[instance as usize].account else { continue };
            let (credits, surplus) = account.balance(&terms);
            (count, balance, owed) = (count + 1.0, balance + credits, owed + surplus);
            held += f64::from(u8::from(account.held));
        }
        let series = &mut self.series[fleet].credits;
        if series.is_empty() {
            series.push(CreditSeries::default());
        }
        let row = &mut series[0];
        row.balance.push(balance / f64::max(count, 1.0));
        row.owed.push(owed / f64::max(count, 1.0));
        row.held.push(held);
    }

    /// Instance-nanoseconds for which instances of a fleet were held to their baseline, and vCPU-hours that those that are
    /// left owe.
    pub(super) fn accounts(&self, fleet: usize, flow: &Flow) -> (f64, f64) {
        let is_unlimited = self.settings[fleet].credits.as_ref().is_some_and(|credits| credits.unlimited);
        let alive = flow.groups[fleet].alive.iter();
        let open = alive.filter_map(|&instance| self.instances[instance as usize].account.as_ref());
        open.fold((self.each[fleet].held_for, 0.0), |(held, owed), account| {
            (held + account.held_for as f64, owed + account.surplus(is_unlimited) / HOUR)
        })
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
