//! Which strikes moved no work to what filled after them. In: what was full in a trouble, strikes, and the traffic. Out: pairs of a strike and
//! something that did not come of it.
//!
//! What a strike keeps for longer, and what waits there, it can fill. Everything else fills because of it only where more work comes to it: requests are tried
//! again, miss a cache, or come at once after they were kept. Then each request takes more of it than before. What is as busy for its
//! traffic as before the strike is full because of the traffic.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::held::{Held, is_of_health};
use super::super::watched::{Trouble, Watched};
use super::super::words::Words;
use super::episode::TOGETHER_ROWS;
use crate::id::Owner;
use crate::kind;
use crate::outcome::{Resource, Timeline};

/// Times as much work for each request as before is more. Assumption: more than chance and a changed mix bring.
const MORE: f64 = 1.1;
/// Rows before a strike that say how it was, at most and at least. Assumption.
const BEFORE: usize = 60;
const FEWEST: usize = 3;
/// Rows from the first full one on that say how it is. Assumption: as many as are the fewest before.
const FILLING: usize = 3;

/// Of all pairs of a strike and something that is full in some rows, those of which the one is not why the other is.
pub(super) fn unmoved(
    watched: &[Watched<'_>],
    held: &Held,
    words: &Words<'_>,
    rows: &Range<usize>,
) -> BTreeSet<(Resource, Resource)> {
    let offered = &words.timeline().offered;
    let first =
        |full: &[bool]| full.get(rows.clone())?.iter().position(|full| *full).map(|row| rows.start + row);
    let filled = watched.iter().filter(|it| it.trouble == Trouble::NothingLeft && !it.of.is_event());
    let filled: Vec<(&Watched<'_>, usize)> = filled.filter_map(|it| Some((it, first(&it.full)?))).collect();
    let strikes = watched.iter().filter(|it| held.is_strike(it.of));
    let mut found = BTreeSet::new();
    for strike in strikes {
        // Nobody tries again because of what is only a little slower; errors make more work where somebody does, or goes past a cache.
        let is_slight = kind::is_slight(words.scene, strike.of);
        let makes_work =
            kind::keeps(words.scene, strike.of) || held.strikes_a_cache(strike.of) || words.tries_again(rows);
        let keeps = |of: Resource| kind::keeps(words.scene, strike.of) && held.is_struck(strike.of, of);
        let moves = |resource: &Watched<'_>, at: usize| match begin(&strike.full, at) {
            Some(struck) => !is_slight && makes_work && takes_more(&resource.busy, offered, struck, at),
            None => true,
        };
        let elsewhere = filled.iter().filter(|(it, at)| !keeps(it.of) && !moves(it, *at));
        let elsewhere: BTreeSet<Resource> = elsewhere.map(|(it, _)| it.of).collect();
        // What waits for one of these takes more because of that.
        let waits = |of: Resource, at: usize| {
            let below = held.waits_below(of);
            let mut full = filled.iter().filter(|(it, _)| elsewhere.contains(&it.of));
            !keeps(of) && full.any(|(it, from)| *from <= at + TOGETHER_ROWS && below.contains(&it.of))
        };
        let waiting = filled.iter().filter(|(it, at)| waits(it.of, *at)).map(|(it, _)| it.of);
        // Targets are unhealthy because of what happens to themselves, or of what their checks touch; else because something fills.
        let of_health = watched.iter().map(|it| it.of).filter(|of| is_of_health(*of));
        let of_health = of_health.filter(|of| !held.is_checked(strike.of, *of));
        let all = waiting.chain(elsewhere.iter().copied()).chain(of_health);
        found.extend(all.map(|of| (strike.of, of)));
    }
    found.extend(anyway(watched, &filled, held, (words.timeline(), rows)));
    found
}

/// Instances that are missing while so much more comes than before that all of them would not be enough: their CPU is full of that, and so is what waits
/// for it.
fn anyway(
    watched: &[Watched<'_>],
    filled: &[(&Watched<'_>, usize)],
    held: &Held,
    (timeline, rows): (&Timeline, &Range<usize>),
) -> Vec<(Resource, Resource)> {
    let offered = &timeline.offered;
    let of_fleet = |of: Resource| match of.owner() {
        Owner::Fleet(fleet) if Resource::missing_instances(fleet).contains(&of) => Some(fleet),
        _ => None,
    };
    let missing = watched.iter().filter_map(|it| Some((it, of_fleet(it.of)?)));
    let mut found = Vec::new();
    for (event, fleet) in missing {
        let cpu = Resource::Cpu { fleet };
        let Some(&(busy, at)) = filled.iter().find(|(it, _)| it.of == cpu) else { continue };
        let Some(struck) = begin(&event.full, at) else { continue };
        let Some(serving) = timeline.fleets.get(fleet).map(|it| &it.serving) else { continue };
        let before = struck.saturating_sub(BEFORE)..struck;
        let full: Vec<usize> = rows.clone().filter(|&row| busy.full.get(row) == Some(&true)).collect();
        let mean = |column: &[f64], rows: &[usize]| {
            rows.iter().filter_map(|&row| column.get(row)).sum::<f64>() / rows.len().max(1) as f64
        };
        // As many as there are, and those that are missing.
        let all = mean(serving, &full) + mean(&event.waiting, &full);
        let size = mean(serving, &before.clone().collect::<Vec<_>>()) / all.max(1e-9);
        let each = of_each(&busy.busy, offered, before);
        if each.is_some_and(|each| each * size * mean(offered, &full) >= 100.0) {
            let waiting =
                filled.iter().map(|(it, _)| it.of).filter(|of| held.waits_below(*of).contains(&cpu));
            found.extend(waiting.chain([cpu]).map(|of| (event.of, of)));
        }
    }
    found
}

/// How busy a request a second keeps a resource, percent, on the mean of some rows; nothing of too few.
fn of_each(busy: &[f64], offered: &[f64], rows: Range<usize>) -> Option<f64> {
    let rows: Vec<usize> = rows.filter(|&row| offered.get(row).is_some_and(|it| *it > 0.0)).collect();
    let sum = |column: &[f64]| rows.iter().filter_map(|&row| column.get(row)).sum::<f64>();
    (rows.len() >= FEWEST && !busy.is_empty()).then(|| sum(busy) / sum(offered))
}

/// When the last strike before a row began.
fn begin(full: &[bool], at: usize) -> Option<usize> {
    let last = (0..full.len().min(at + FILLING)).rfind(|&row| full[row])?;
    Some((0..last).rfind(|&row| !full[row]).map_or(0, |calm| calm + 1))
}

/// Whether each request takes more of a resource when it fills than before it was struck; so also where nothing says how much it took then.
fn takes_more(busy: &[f64], offered: &[f64], struck: usize, at: usize) -> bool {
    let of_rows = |rows: Range<usize>| of_each(busy, offered, rows);
    let (before, now) = (of_rows(struck.saturating_sub(BEFORE)..struck), of_rows(at..at + FILLING));
    match before.zip(now) {
        Some((before, now)) => now > MORE * before,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half busy with a hundred requests a second until row 10. A strike begins in row 8. It is full from row 10 on: with three hundred that is the
    /// traffic; with a hundred each takes twice as much. Before the third row nothing is known.
    #[test]
    fn what_is_as_busy_for_its_traffic_as_before_did_not_come_of_a_strike() {
        let column = |before: f64, after: f64| -> Vec<f64> {
            (0..20).map(|row| if row < 10 { before } else { after }).collect()
        };
        let busy = column(50.0, 100.0);
        assert!(!takes_more(&busy, &column(100.0, 300.0), 8, 10));
        assert!(takes_more(&busy, &column(100.0, 100.0), 8, 10));
        assert!(takes_more(&busy, &column(100.0, 300.0), 2, 10), "nothing says how it was");
        assert!(takes_more(&[], &column(100.0, 300.0), 8, 10), "nor how busy");
        let struck: Vec<bool> = (0..20).map(|row| row == 2 || row >= 8).collect();
        assert_eq!(
            (begin(&struck, 10), begin(&struck, 4), begin(&[false; 20], 10)),
            (Some(8), Some(2), None)
        );
    }
}
