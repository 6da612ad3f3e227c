//! What policies show of a run: nothing that is full, for they only pass on what others do; but how often their tiers try again.
//!
//! In: the tries of each policy, and the requests that came, row by row. Out: words with the times as many tries as without trouble.

use std::ops::Range;

use super::Resiliences;
use crate::kind::view::{View, at, peak};
use crate::kind::{All, Scene};
use crate::number::number;

/// Times as many tries for each request as without trouble, from which tiers try again. Assumption: as for clients.
const AGAIN: f64 = 1.05;

impl View<All> for Resiliences<'_> {
    /// `tries of `order` ×2.9, of `bank` ×24`.
    fn again(scene: &Scene<'_>, rows: &Range<usize>, calm: &[bool]) -> Option<(Range<usize>, String)> {
        let offered = &scene.timeline.offered;
        let per_request = |tries: &[f64], rows: &mut dyn Iterator<Item = usize>| {
            let (tries, came) = rows.fold((0.0, 0.0), |(tries_so_far, came), row| {
                let row_s = scene.row_s(row);
                (tries_so_far + at(tries, row) * row_s, came + at(offered, row) * row_s)
            });
            (came > 0.0).then(|| tries / came)
        };
        let (mut first, mut last, mut words) = (usize::MAX, 0, Vec::new());
        for (settings, series) in scene.resiliences.iter().zip(&scene.timeline.resiliences) {
            let is_in_vain = peak(&series.timeouts, rows) + peak(&series.failures, rows) > 0.0;
            if settings.policy.retries.max == 0 || !is_in_vain {
                continue;
            }
            let is_calm = |row: &usize| calm.get(*row) == Some(&true);
            let usual = per_request(&series.tries, &mut (0..offered.len()).filter(is_calm));
            let Some(usual) = usual.filter(|usual| *usual > 0.0) else { continue };
            let Some(now) = per_request(&series.tries, &mut rows.clone()) else { continue };
            if now > AGAIN * usual {
                let is_more = |row: &usize| at(&series.tries, *row) > AGAIN * usual * at(offered, *row);
                first = first.min(rows.clone().find(is_more).unwrap_or(rows.start));
                last = last.max(rows.clone().rfind(is_more).unwrap_or(rows.start));
                words.push(format!("of `{}` ×{}", settings.name, number(now / usual)));
            }
        }
        (!words.is_empty()).then(|| (first..last + 1, format!("tries {}", words.join(", "))))
    }
}
