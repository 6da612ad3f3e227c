//! How much of the links of a fleet is used. In: its rows of the network, and its links. Out: shares, and at what they are counted.
//!
//! A link is full at its burst while it has credits, and at its baseline without. With more traffic the credits are spent sooner. So
//! the limit is the multiple at which they are just spent while more than the baseline is sent, unless the burst is reached first.
//! Credits count as those of the instances of the start, spent alike by all.

use crate::kind::Scene;
use crate::kind::fleet::language::Network;
use crate::kind::view::at;
use crate::measure::capacity::shares;
use crate::units::Time;

/// Halvings of the interval in which a multiple lies, until it is known to the last bit.
const HALVINGS: u32 = 60;

/// A row of one link.
struct Row {
    seconds: f64,
    /// What is sent, in parts of its burst.
    sent: f64,
    link: Network,
}

/// The busy shares of the links of a fleet, and at what they are counted.
pub(super) fn counted(scene: &Scene<'_>, index: usize) -> (Vec<f64>, &'static str) {
    let series = &scene.timeline.fleets[index];
    let Some(network) = series.network.first() else { return Default::default() };
    let busy = shares(&network.busy_percent);
    let rows = rows(scene, index, &network.mbit_per_s);
    if rows.iter().all(|row| row.link.share() >= 1.0) {
        return (busy, "");
    }
    // Where credits were spent, links were full at their baseline.
    let most = rows.iter().map(|row| row.sent).fold(0.0, f64::max);
    if most <= 0.0 || network.throttled.iter().any(|throttled| *throttled > 0.0) {
        return (busy, " (at its burst while it has credits)");
    }
    let (mut low, mut high) = (1.0, 1.0 / most);
    if !outlasts(&rows, high) {
        return (busy, " (at its burst)");
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        *if outlasts(&rows, middle) { &mut high } else { &mut low } = middle;
    }
    let sooner = 1.0 / (most * low);
    (busy.iter().map(|busy| busy * sooner).collect(), " (as long as its credits last)")
}

fn rows(scene: &Scene<'_>, index: usize, mbit_per_s: &[f64]) -> Vec<Row> {
    let (fleet, serving) = (&scene.fleets[index], &scene.timeline.fleets[index].serving);
    let row = |(row, sent): (usize, &f64)| {
        let link = *fleet.hardware_at(Time::from_secs_f64(scene.time_s(row))).network?;
        let most = at(serving, row) * link.burst.0 / 1e6;
        Some(Row { seconds: scene.row_s(row), sent: if most > 0.0 { sent / most } else { 0.0 }, link })
    };
    mbit_per_s.iter().enumerate().filter_map(row).collect()
}

/// Whether the credits of a link are spent while so many times as much as in the rows is more than its baseline.
fn outlasts(rows: &[Row], times: f64) -> bool {
    let Some(first) = rows.first() else { return false };
    let most = |link: &Network| (1.0 - link.share()) * link.lasts.as_secs_f64();
    let mut left = first.link.initial * most(&first.link);
    rows.iter().any(|Row { seconds, sent, link }| {
        let more = (times * sent).min(1.0) - link.share();
        left = (left - more * seconds).min(most(link));
        left < 0.0 && more > 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bandwidth;

    /// A baseline of a fifth, and credits for 100 s of the burst: 80 s of what is sent above it. Ten rows of 10 s at a half of the
    /// burst spend 30; at ×1.6 they spend 60, and at ×2 all 80.
    #[test]
    fn credits_are_spent_by_what_is_sent_above_the_baseline() {
        let link = Network {
            baseline: Bandwidth(1e8),
            burst: Bandwidth(5e8),
            lasts: Time::from_secs(100),
            initial: 1.0,
        };
        let rows = |count: usize| -> Vec<Row> {
            (0..count).map(|_| Row { seconds: 10.0, sent: 0.5, link }).collect()
        };
        assert!(!outlasts(&rows(10), 2.0), "just spent at the end");
        assert!(outlasts(&rows(11), 2.0));
        // For 200 s: 80 s of credits are 0.4 of the burst beyond the fifth.
        assert!(!outlasts(&rows(20), 1.199) && outlasts(&rows(20), 1.201));
        assert!(!outlasts(&rows(1_000), 0.4), "what the baseline carries is carried for ever");
    }
}
