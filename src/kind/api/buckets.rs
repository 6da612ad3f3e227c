//! Quotas, which are how many requests a key may send in a period, and the buckets of routes. In: requests at instants. Out: whether they are within it, and what is counted of
//! that.

use super::language::plan::Quota;
use crate::engine::bucket::Bucket;
use crate::flow::mark::Mark;

/// Something that is counted, row by row.
#[derive(Debug, Default)]
pub struct Tally {
    pub count: u64,
    mark: Mark,
}

impl Tally {
    /// How much it has grown since this was last asked.
    pub fn grown(&mut self) -> f64 {
        self.mark.grown(self.count) as f64
    }
}

/// The bucket of a route, and the requests that it let pass.
#[derive(Debug)]
pub struct Route {
    bucket: Bucket,
    pub passed: Tally,
}

impl Route {
    /// A route with a bucket.
    pub fn new(bucket: Bucket) -> Route {
        Route { bucket, passed: Tally::default() }
    }

    /// Whether it lets a request pass.
    pub fn take(&mut self, now: u64) -> bool {
        let takes = self.bucket.take(1.0, now);
        self.passed.count += u64::from(takes);
        takes
    }
}

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
