//! What points cost when each has had other days. In: the cost of each run of each point. Out: a cost of each point that can be compared.
//!
//! A day with much traffic costs more, at every point. A point that has had three days and one that has had twelve would differ by their
//! days. So the factor of each day is taken from the points that have had it, and every point is put at the mean of all days.

use super::contest::Tried;

/// Sets what each point costs.
pub(super) fn level(points: &mut [Tried]) {
    let days = factors(points);
    // Of the mean of all days.
    let all = if days.is_empty() { 0.0 } else { days.iter().sum::<f64>() / days.len() as f64 };
    for point in points.iter_mut().filter(|it| !it.costs.is_empty()) {
        let runs = point.costs.len() as f64;
        let own: f64 = days.iter().take(point.costs.len()).sum::<f64>() / runs;
        point.cost = point.costs.iter().sum::<f64>() / runs * libm::exp(all - own);
    }
}

/// The logarithm of the factor of each day over the first; none where something costs nothing.
fn factors(points: &[Tried]) -> Vec<f64> {
    let most = points.iter().map(|it| it.costs.len()).max().unwrap_or(0);
    let is_free = points.iter().flat_map(|it| &it.costs).any(|it| *it <= 0.0);
    if is_free {
        return Vec::new();
    }
    let factor = |day: usize| {
        let had = points.iter().filter(|it| it.costs.len() > day);
        let each: Vec<f64> = had.map(|it| libm::log(it.costs[day] / it.costs[0])).collect();
        each.iter().sum::<f64>() / each.len() as f64
    };
    (0..most).map(factor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second day has a fifth more traffic. Who has had one day only is compared by what it would have had on both.
    #[test]
    fn points_with_other_days_can_be_compared() {
        let of = |costs: &[f64]| Tried { costs: costs.to_vec(), ..Tried::default() };
        let mut points = [of(&[10.0, 12.0]), of(&[10.5]), of(&[])];
        level(&mut points);
        assert!((points[0].cost() - 11.0 * (1.2f64.sqrt() / 1.1)).abs() < 0.06, "{points:?}");
        assert!((points[1].cost() / points[0].cost() - 1.05).abs() < 0.01, "{points:?}");
        assert_eq!(points[2].cost(), f64::INFINITY);
        let mut free = [of(&[0.0, 3.0]), of(&[1.0])];
        level(&mut free);
        assert_eq!((free[0].cost(), free[1].cost()), (1.5, 1.0));
    }
}
