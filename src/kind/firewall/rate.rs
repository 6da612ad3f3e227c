//! What a rate rule knows: how many requests each address has sent in the window, and which addresses it limits.
//!
//! In: requests with their addresses; checks at equal intervals, of which a window is a whole number. Out: which addresses are over
//! the limit now and which no more. It costs a little for each request, and at a check only what came and went since the last one.

use std::cmp::Reverse;
use std::collections::VecDeque;

use rustc_hash::FxHashMap;

/// Most addresses that a rule limits at once: those with the highest rates.
/// Source: AWS WAF API reference, `GetRateBasedStatementManagedKeys`; developer guide, quotas.
pub(super) const LIMITED_MAX: usize = 10_000;

/// The counts of one rule.
#[derive(Debug)]
pub(super) struct Rate {
    limit: u32,
    /// Checks in a window.
    checks: usize,
    known: FxHashMap<u64, Tally>,
    /// Addresses that sent something since the last check, in order.
    recent: Vec<u64>,
    /// Of each interval in the window, what each address sent.
    past: VecDeque<Vec<(u64, u32)>>,
    /// Addresses over the limit at the last check.
    over: Vec<u64>,
}

/// One address.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Requests in the window.
    in_window: u32,
    /// Of these, since the last check.
    recent: u32,
    /// Whether it was over the limit at the last check.
    is_over: bool,
    /// Whether it was one of those that the last check chose to limit.
    is_chosen: bool,
    /// Whether its requests are limited: the check that said so is felt.
    is_limited: bool,
}

/// What a check has changed: addresses, and whether they are to be limited now.
pub(super) type Changes = Vec<(u64, bool)>;

impl Rate {
    /// Nothing counted yet.
    pub fn new(limit: u32, checks: usize) -> Rate {
        Rate {
            limit,
            checks,
            known: FxHashMap::default(),
            recent: Vec::new(),
            past: VecDeque::new(),
            over: Vec::new(),
        }
    }

    /// A request has come; returns whether those of its address are limited.
    pub fn count(&mut self, address: u64) -> bool {
        let tally = self.known.entry(address).or_default();
        if tally.recent == 0 {
            self.recent.push(address);
        }
        tally.recent += 1;
        tally.in_window += 1;
        tally.is_limited
    }

    /// Looks back over the window.
    pub fn check(&mut self) -> Changes {
        let mut candidates = std::mem::take(&mut self.over);
        let mut latest = Vec::with_capacity(self.recent.len());
        for address in self.recent.drain(..) {
            let Some(tally) = self.known.get_mut(&address) else { continue };
            latest.push((address, std::mem::take(&mut tally.recent)));
            if !tally.is_over {
                candidates.push(address);
            }
        }
        self.past.push_back(latest);
        if self.past.len() > self.checks {
            for (address, count) in self.past.pop_front().unwrap_or_default() {
                if let Some(tally) = self.known.get_mut(&address) {
                    tally.in_window -= count;
                    self.forget(address);
                }
            }
        }
        self.judge(candidates)
    }

    /// Of these addresses, which are over the limit and which of those are limited; all others are not.
    fn judge(&mut self, candidates: Vec<u64>) -> Changes {
        let count = |address: &u64| self.known.get(address).map_or(0, |it| it.in_window);
        let (mut over, under): (Vec<u64>, Vec<u64>) =
            candidates.into_iter().partition(|address| count(address) > self.limit);
        if over.len() > LIMITED_MAX {
            over.sort_by_key(|address| (Reverse(count(address)), *address));
        }
        let verdicts = over.iter().enumerate().map(|(rank, address)| (*address, true, rank < LIMITED_MAX));
        let verdicts = verdicts.chain(under.into_iter().map(|address| (address, false, false)));
        let mut changes = Vec::new();
        for (address, is_over, is_chosen) in verdicts {
            let Some(tally) = self.known.get_mut(&address) else { continue };
            tally.is_over = is_over;
            if std::mem::replace(&mut tally.is_chosen, is_chosen) != is_chosen {
                changes.push((address, is_chosen));
            }
        }
        self.over = over;
        changes
    }

    /// What a check has changed is felt.
    pub fn apply(&mut self, changes: &[(u64, bool)]) {
        for &(address, is_chosen) in changes {
            self.known.entry(address).or_default().is_limited = is_chosen;
            self.forget(address);
        }
    }

    /// Forgets an address that has nothing in the window and is not limited.
    fn forget(&mut self, address: u64) {
        let is_nothing = |it: &Tally| it.in_window == 0 && !it.is_over && !it.is_chosen && !it.is_limited;
        if self.known.get(&address).is_some_and(is_nothing) {
            self.known.remove(&address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rule that feels its checks at once.
    fn check(rate: &mut Rate) -> Changes {
        let changes = rate.check();
        rate.apply(&changes);
        changes
    }

    #[test]
    fn an_address_is_over_the_limit_until_the_window_holds_no_more_than_that() {
        let mut rate = Rate::new(10, 3);
        (0..10).for_each(|_| assert!(!rate.count(7)));
        assert_eq!(check(&mut rate), [], "ten are as many as the limit");
        assert!(!rate.count(7));
        assert_eq!(check(&mut rate), [(7, true)]);
        // Blocked requests count.
        (0..4).for_each(|_| assert!(rate.count(7)));
        assert_eq!(check(&mut rate), [], "ten, one and four");
        assert_eq!(check(&mut rate), [(7, false)], "one and four");
        assert_eq!((check(&mut rate), check(&mut rate)), (vec![], vec![]));
        assert!(rate.known.is_empty(), "{:?}", rate.known);
    }

    #[test]
    fn at_most_ten_thousand_addresses_are_limited_and_those_with_the_highest_rates() {
        let mut rate = Rate::new(10, 2);
        for address in 0..LIMITED_MAX as u64 + 5 {
            // The first five are the slowest.
            (0..if address < 5 { 11 } else { 12 }).for_each(|_| _ = rate.count(address));
        }
        let changes = check(&mut rate);
        assert_eq!(changes.len(), LIMITED_MAX);
        assert!((0..5).all(|slow| !rate.count(slow)) && rate.count(5));
        // As soon as the others are gone there is room for them.
        (0..5).for_each(|slow| (0..11).for_each(|_| _ = rate.count(slow)));
        check(&mut rate);
        check(&mut rate);
        assert!((0..5).all(|slow| rate.count(slow)) && !rate.count(6));
    }
}
