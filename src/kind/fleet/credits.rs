//! CPU credits: an account for each instance, from when EC2 runs it to its end.
//!
//! In: the CPU time that instances use. Out: instances that are held to their baseline while they have no credits left, in
//! standard mode; surplus that is owed and charged, in unlimited mode. Credits are earned and spent with every
//! nanosecond; an account is looked at when it can first be empty, and each second while it is.
//! (EC2 user guide, "Key concepts and definitions for burstable performance instances", "Standard mode", "Unlimited mode".)

use super::account::{Account, CREDIT, HOUR, Terms};
use super::model::{Fleets, Timer};
use crate::flow::Flow;
use crate::id;
use crate::measure::column::the_one;
use crate::measure::resource::Resource;
use crate::number::{setting, things};
use crate::units::Time;
use crate::usage::hour_of;

/// Launches and starts of an account and region in 24 hours that get launch credits. Source: EC2 user guide, "Standard mode for
/// burstable performance instances", launch credit limits.
const GRANTS_A_DAY: usize = 100;
const DAY: u64 = Time::from_secs(86_400).0;

impl Fleets<'_> {
    /// EC2 runs an instance, or the run begins with it: its account is opened, if its type has credits. One that comes from a
    /// warm pool or from standby has it already.
    pub(super) fn open_account(&mut self, instance: u32, is_new: bool, flow: &mut Flow) {
        let hardware = self.hardware_of(instance, flow);
        let Some(credits) = hardware.credits else { return };
        let terms = Terms::new(credits, hardware.instance.vcpus);
        let credits = &credits.clone();
        let own = &mut self.instances[instance as usize];
        own.account = Some(match own.brought.take() {
            Some(brought) => brought.resumed(&terms, flow.now),
            None => Account::open(credits, is_new, flow.now),
        });
        if is_new {
            self.grant_launch_credits(instance, flow);
        }
        self.look_at_account(instance, flow);
    }

    /// The launch credits that a new or started instance has are one of the grants of a day, or it gets none.
    fn grant_launch_credits(&mut self, instance: u32, flow: &mut Flow) {
        let own = &mut self.instances[instance as usize];
        let Some(account) = own.account.as_mut().or(own.brought.as_mut()).filter(|it| it.launch > 0.0) else {
            return;
        };
        self.granted.retain(|granted| flow.now - granted < DAY);
        if self.granted.len() < GRANTS_A_DAY {
            return self.granted.push_back(flow.now);
        }
        account.launch = 0.0;
        if !std::mem::replace(&mut self.grants_are_over, true) {
            let fleet = flow.hosts[instance as usize].group;
            let text = format!("no launch credits: EC2 grants them to {GRANTS_A_DAY} launches in 24 hours");
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
        }
    }

    /// An instance that was stopped is started: what it has kept is bounded by what its type keeps.
    pub(super) fn start_account(&mut self, instance: u32, flow: &mut Flow) {
        let Some(credits) = self.hardware_of(instance, flow).credits.cloned() else {
            self.instances[instance as usize].brought = None;
            return;
        };
        if let Some(account) = &mut self.instances[instance as usize].brought {
            account.start(&credits, flow.now);
            account.earned = account.earned.min(credits.most * CREDIT);
            self.grant_launch_credits(instance, flow);
        }
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
            self.instances[instance as usize].earned = share;
            self.hold(instance, flow);
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
    /// along, and is charged if it stops there; so does one that goes on standby.
    pub(super) fn close_account(&mut self, instance: u32, flow: &mut Flow) {
        if self.settle_account(instance, flow).is_none() {
            return;
        }
        flow.cancel(Timer::Credits { instance });
        let (fleet, now) = (flow.hosts[instance as usize].group, flow.now);
        let own = &self.instances[instance as usize];
        let (returns, stands, resizes) = (own.returns, own.stands.is_some(), own.resizes);
        let Some(credits) = self.hardware_of(instance, flow).credits.cloned() else { return };
        let Some(account) = self.instances[instance as usize].account.take() else { return };
        let runs_on = stands || returns && self.runs_in_pool(fleet);
        let (mut account, surplus) = if runs_on { (account, 0.0) } else { account.stopped(&credits) };
        let state = &mut self.each[fleet];
        *hour_of(&mut state.surplus, now) += surplus / HOUR;
        state.held_for += std::mem::take(&mut account.held_for) as f64;
        if std::mem::take(&mut account.held) {
            self.note_held(fleet, false, flow);
        }
        if returns || stands || resizes {
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
        let terms = Terms::new(self.hardware_of(instance, flow).credits?, host.vcpus);
        let loads = &self.settings[host.group].boot.cpu;
        let account = self.instances[instance as usize].account.as_mut()?;
        let boot = host.boot_area(loads, account.opened, flow.now);
        account.settle(&terms, flow.now, flow.cpu_area(instance) + boot);
        let charged = std::mem::take(&mut account.charged);
        if charged > 0.0 {
            *hour_of(&mut self.each[host.group].surplus, flow.now) += charged / HOUR;
        }
        Some(terms)
    }

    /// A row of the accounts of a fleet, if it has some.
    pub(super) fn read_accounts(&mut self, fleet: usize, flow: &mut Flow) {
        if self.settings[fleet].all_hardware().all(|hardware| hardware.credits.is_none()) {
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
        let series = the_one(&mut self.series[fleet].credits);
        series.balance.push(balance / f64::max(count, 1.0));
        series.owed.push(owed / f64::max(count, 1.0));
        series.held.push(held);
    }

    /// Instance-nanoseconds for which instances of a fleet were held to their baseline, and vCPU-hours that those that are
    /// left owe.
    pub(super) fn accounts(&self, fleet: usize, flow: &Flow) -> (f64, f64) {
        let alive = flow.groups[fleet].alive.iter();
        let open = alive.filter_map(|&instance| {
            let credits = self.hardware_of(instance, flow).credits?;
            Some((self.instances[instance as usize].account.as_ref()?, credits.unlimited))
        });
        open.fold((self.each[fleet].held_for, 0.0), |(held, owed), (account, is_unlimited)| {
            (held + account.held_for as f64, owed + account.surplus(is_unlimited) / HOUR)
        })
    }
}
