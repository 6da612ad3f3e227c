//! What points cost when each has had other days. In: the cost of each run of each point. Out: a cost of each point that can be compared.
//!
//! A day with much traffic costs more, at every point. A point that has had three days and one that has had twelve would differ by their
//! days. So the factor of each day is taken from the points that have had it, and every point is put at the mean of all days.

use crate::interval::mean;

/// What each point costs; infinite without a run.
pub(super) fn levels(points: &[&[f64]]) -> Vec<f64> {
    let days = factors(points);
    // Of the mean of all days.
    let all = if days.is_empty() { 0.0 } else { mean(&days) };
    let level = |costs: &&[f64]| {
        if costs.is_empty() {
            return f64::INFINITY;
        }
        let own: f64 = days.iter().take(costs.len()).sum::<f64>() / costs.len() as f64;
        mean(costs) * libm::exp(all - own)
    };
    points.iter().map(level).collect()
}

/// The logarithm of the factor of each day over the first; none where something costs nothing.
fn factors(points: &[&[f64]]) -> Vec<f64> {
    if points.iter().copied().flatten().any(|it| *it <= 0.0) {
        return Vec::new();
    }
    let factor = |day: usize| {
        let had = points.iter().filter(|it| it.len() > day);
        mean(&had.map(|it| libm::log(it[day] / it[0])).collect::<Vec<f64>>())
    };
    let most = points.iter().map(|it| it.len()).max().unwrap_or(0);
    (0..most).map(factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second day has a fifth more traffic. Who has had one day only is compared by what it would have had on both.
    #[test]
    fn points_with_other_days_can_be_compared() {
        let found = levels(&[&[10.0, 12.0], &[10.5], &[]]);
        assert!((found[0] - 11.0).abs() < 0.06, "{found:?}");
        assert!((found[1] / found[0] - 1.05).abs() < 0.01, "{found:?}");
        assert_eq!(found[2], f64::INFINITY);
        assert_eq!(levels(&[&[0.0, 3.0], &[1.0]]), [1.5, 1.0], "of what is free, nothing is a factor");
    }
}
