//! Token buckets: a rate that is allowed on average, and a burst beyond it.
//!
//! In: requests that take tokens at an instant. Out: whether there are enough, or when there will be. A bucket fills
//! evenly up to its burst and holds no queue: what becomes of a request without tokens is for its owner to say.

/// A bucket of tokens.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// Tokens a nanosecond.
    rate: f64,
    /// Tokens that it can hold.
    burst: f64,
    tokens: f64,
    updated: u64,
}

/// Part of a token that is forgiven: what rounding to whole nanoseconds leaves.
const TOLERANCE: f64 = 1e-9;

impl Bucket {
    /// A full bucket of `burst` tokens that fills at `per_second`.
    pub fn new(per_second: f64, burst: f64) -> Bucket {
        Bucket { rate: per_second / 1e9, burst, tokens: burst, updated: 0 }
    }

    /// Tokens in it at `now`.
    pub fn tokens(&self, now: u64) -> f64 {
        let filled = now.saturating_sub(self.updated) as f64 * self.rate;
        (self.tokens + filled).min(self.burst)
    }

    /// Takes `count` tokens at `now` if there are enough; returns whether there were.
    pub fn take(&mut self, count: f64, now: u64) -> bool {
        (self.tokens, self.updated) = (self.tokens(now), now);
        let enough = self.tokens + TOLERANCE >= count;
        if enough {
            self.tokens = (self.tokens - count).max(0.0);
        }
        enough
    }

    /// Whether it has `count` tokens at `now`, or is full: what is more than it can hold would be owed.
    pub fn has(&self, count: f64, now: u64) -> bool {
        self.tokens(now) + TOLERANCE >= count.min(self.burst)
    }

    /// Takes `count` tokens at `now`, however many there are: what is missing is owed, and comes before everything else.
    pub fn owe(&mut self, count: f64, now: u64) {
        (self.tokens, self.updated) = (self.tokens(now) - count, now);
    }

    /// When it will have `count` tokens if none are taken meanwhile, in nanoseconds; `None` if it never will.
    pub fn ready_at(&self, count: f64, now: u64) -> Option<u64> {
        let missing = count - self.tokens(now);
        if missing <= TOLERANCE {
            return Some(now);
        }
        let may_come = count <= self.burst && self.rate > 0.0;
        may_come.then(|| now.saturating_add((missing / self.rate).ceil() as u64))
    }

    /// Changes the rate from `now` on.
    pub fn set_rate(&mut self, per_second: f64, now: u64) {
        (self.tokens, self.updated) = (self.tokens(now), now);
        self.rate = per_second / 1e9;
    }

    /// Changes the rate and the burst from `now` on; what it holds stays, as far as there is room.
    pub fn resize(&mut self, per_second: f64, burst: f64, now: u64) {
        self.set_rate(per_second, now);
        self.burst = burst;
        self.tokens = self.tokens.min(burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    /// Ten a second with a burst of five: five at once, then one every tenth of a second.
    #[test]
    fn a_burst_passes_at_once_and_then_the_rate() {
        let mut bucket = Bucket::new(10.0, 5.0);
        let passed = (0..20).filter(|_| bucket.take(1.0, SECOND)).count();
        assert_eq!(passed, 5);
        assert_eq!(bucket.ready_at(1.0, SECOND), Some(SECOND + SECOND / 10));
        assert!(!bucket.take(1.0, SECOND + SECOND / 10 - 1));
        assert!(bucket.take(1.0, SECOND + SECOND / 10));
        // One request every 50 ms for ten seconds: every other one passes.
        let passed = (1..=200).filter(|step| bucket.take(1.0, 2 * SECOND + step * SECOND / 20)).count();
        assert_eq!(passed, 5 + 100 - 1);
    }

    #[test]
    fn it_holds_no_more_than_its_burst_and_gives_no_more_than_it_holds() {
        let mut bucket = Bucket::new(10.0, 5.0);
        assert_eq!(bucket.tokens(1_000 * SECOND), 5.0);
        assert!(!bucket.take(6.0, 1_000 * SECOND));
        assert_eq!(bucket.ready_at(6.0, 1_000 * SECOND), None);
        assert!(bucket.take(5.0, 1_000 * SECOND));
        assert_eq!(bucket.ready_at(5.0, 1_000 * SECOND), Some(1_000 * SECOND + SECOND / 2));
        bucket.set_rate(0.0, 1_000 * SECOND + SECOND / 10);
        assert_eq!(bucket.tokens(2_000 * SECOND), 1.0);
        assert_eq!(bucket.ready_at(2.0, 2_000 * SECOND), None);
    }

    /// Ten a second with a burst of five, of which eight are taken at once: three are owed, so that there is one again after 0.4 s.
    #[test]
    fn a_full_bucket_lends_what_is_more_than_it_holds() {
        let mut bucket = Bucket::new(10.0, 5.0);
        assert!(bucket.has(8.0, SECOND));
        bucket.owe(8.0, SECOND);
        assert_eq!(bucket.tokens(SECOND), -3.0);
        assert!(!bucket.has(1.0, SECOND + 4 * SECOND / 10 - 1));
        assert!(bucket.has(1.0, SECOND + 4 * SECOND / 10));
        assert!(!bucket.has(8.0, SECOND + 7 * SECOND / 10) && bucket.has(8.0, SECOND + 8 * SECOND / 10));
        // Full with five, and then with half the rate and a burst of two.
        bucket.resize(5.0, 2.0, 10 * SECOND);
        assert_eq!(bucket.tokens(10 * SECOND), 2.0);
        bucket.owe(2.0, 10 * SECOND);
        assert_eq!(bucket.tokens(10 * SECOND + SECOND / 5), 1.0);
    }
}
