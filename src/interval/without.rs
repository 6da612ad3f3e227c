//! What a count supports of which nothing failed. In: how many there were. Out: the share that may fail for all that.

/// The largest share of failures for which so many without a failure are no rarer than one time in twenty: that of which the probability
/// is `(1 - p)ⁿ = 0.05`. Of many it is the rule of three, `3 / n`. They are taken as independent of each other, so it is the least that may
/// fail: requests of one outage fail together.
pub fn may_fail(of: f64) -> f64 {
    -libm::expm1(libm::log(1.0 - super::LEVEL) / of.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that did not fail leaves 95 %; of two, √0.05 is 22.4 %.
    #[test]
    fn a_count_without_failures_bounds_their_share() {
        assert!((may_fail(1.0) - 0.95).abs() < 1e-12);
        assert!((may_fail(2.0) - 0.776_393_202_250_021).abs() < 1e-12);
        // The logarithm of 20 is 2.9957.
        assert!((may_fail(1e6) * 1e6 - 2.995_727_8).abs() < 1e-5);
    }
}
