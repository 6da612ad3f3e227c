//! Quotas: how many requests a key may send in a period. In: requests at instants. Out: whether they are within it.

use super::language::plan::Quota;

/// What a key has sent in the present period.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    limit: u64,
    period: u64,
    sent: u64,
    /// The number of the period.
    number: u64,
}

impl Spent {
    /// At the start of a run, with which a period begins.
    pub fn new(quota: Quota) -> Spent {
        Spent { limit: quota.limit, period: quota.period.0.max(1), sent: quota.spent, number: 0 }
    }

    /// A request; returns whether it is within the quota.
    pub fn take(&mut self, now: u64) -> bool {
        let number = now / self.period;
        if number > self.number {
            (self.number, self.sent) = (number, 0);
        }
        let is_within = self.sent < self.limit;
        self.sent += u64::from(is_within);
        is_within
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    #[test]
    fn a_quota_is_full_until_its_period_ends() {
        let mut spent = Spent::new(Quota { limit: 5, period: Time::from_secs(10), spent: 2 });
        let second = 1_000_000_000;
        assert_eq!((0..5).filter(|_| spent.take(9 * second)).count(), 3);
        assert!(!spent.take(10 * second - 1));
        assert_eq!((0..9).filter(|_| spent.take(10 * second)).count(), 5);
        // Two periods in which nothing came leave no more.
        assert_eq!((0..9).filter(|_| spent.take(45 * second)).count(), 5);
    }
}
