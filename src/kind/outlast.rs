//! For how much more traffic burst credits last. In: what a resource does with and without them, and how busy it was row by row. Out: how much sooner
//! than its burst they are its limit.
//!
//! As long as it has credits, a resource is full at its burst; but with more traffic they are spent sooner. So its limit is the multiple of the traffic at which
//! they are just spent while more than the baseline is asked for.

/// Halvings of the interval in which a multiple lies, until it is known to the last bit.
const HALVINGS: u32 = 60;

/// What a resource does a second with and without credits, and how many it has, in one unit.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Without credits; as many are earned.
    pub baseline: f64,
    /// With credits.
    pub burst: f64,
    /// The most credits.
    pub most: f64,
    /// Part of them at the start.
    pub initial: f64,
}

impl Terms {
    /// How many times sooner credits are the limit than the burst, by the length of each row in seconds and its busy part of the burst; 1 where they are not.
    pub fn sooner(&self, rows: &[(f64, f64)]) -> f64 {
        let most = rows.iter().map(|(_, busy)| *busy).fold(0.0, f64::max);
        if most <= 0.0 || !self.are_spent(rows, 1.0 / most) {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0 / most);
        for _ in 0..HALVINGS {
            let middle = (low + high) / 2.0;
            *if self.are_spent(rows, middle) { &mut high } else { &mut low } = middle;
        }
        1.0 / (most * low)
    }

    /// Whether so many times the traffic of the rows spends all credits while it asks for more than the baseline.
    fn are_spent(&self, rows: &[(f64, f64)], times: f64) -> bool {
        let mut left = self.initial * self.most;
        rows.iter().any(|&(seconds, busy)| {
            let more = (times * busy).min(1.0) * self.burst - self.baseline;
            left = (left - more * seconds).min(self.most);
            left < 0.0 && more > 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 100 without and 500 with credits, and 4,000 of them. Ten rows of 10 s at a half of the burst spend 150 a second, which lasts for 26.7 s: they are
    /// spent at 140 a second for 100 s, so at 0.28 of the burst, 1 / 0.28 times sooner than the burst.
    #[test]
    fn credits_are_the_limit_where_they_do_not_last() {
        let terms = Terms { baseline: 100.0, burst: 500.0, most: 4_000.0, initial: 1.0 };
        let sooner = terms.sooner(&[(10.0, 0.5); 10]);
        assert!((sooner - 1.0 / 0.28).abs() < 1e-6, "{sooner}");
        // In one row of 10 s not even the burst spends them: 400 a second are 4,000.
        assert_eq!(terms.sooner(&[(10.0, 0.5)]), 1.0);
        assert_eq!(terms.sooner(&[(10.0, 0.0)]), 1.0);
    }
}
