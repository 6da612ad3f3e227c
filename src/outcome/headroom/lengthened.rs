//! What takes longer the more wait for it, as a row whose owner searches the line of those who wait for a deadlock.
//!
//! In: by which part of itself its work takes longer for each that waits, and how many there are in a run. Out: how many times as full as
//! its work alone makes it is too full.
//!
//! With `k` that wait, one takes (1 + c k) times as long as alone. Busy with its work alone for the part `b`, it works off less than comes
//! once (1 + c k) b > 1: from there the line grows without end, though there is room for what comes. How long the line of `n` arrivals
//! gets by chance follows from the work of each: for Poisson arrivals of equal work `k` or more wait with a chance of about
//! exp(-2 k (1 - b) / b) (Kingman, "Inequalities in the theory of queues", 1970, in heavy traffic). The line comes as far once in the run where
//! n times that chance is 1, so where (1 - b) / b = sqrt(c ln(n) / 2). Work that varies makes it earlier.

/// How many times as full as its work alone makes it: full is 1 / b of that equation.
pub(super) fn lengthened(part: f64, requests: f64) -> f64 {
    1.0 + (part * libm::log(requests.max(1.0)) / 2.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4 us for each that waits of 2 ms are two thousandths; of 135,000 that come the longest line is 55, where one takes 1.11 times as long: full at
    /// 90.2 % of the time.
    #[test]
    fn a_line_that_makes_itself_longer_is_full_before_its_work_alone_fills_it() {
        let full = 1.0 / lengthened(0.002, 135_000.0);
        assert!((full - 0.902).abs() < 0.001, "{full}");
        let line = (1.0 / full - 1.0) / 0.002;
        let chance = 135_000.0 * libm::exp(-2.0 * line * (1.0 - full) / full);
        assert!((line - 54.3).abs() < 0.1 && (chance - 1.0).abs() < 1e-6, "{line} {chance}");
        assert_eq!(lengthened(0.0, 1e6), 1.0);
    }
}
