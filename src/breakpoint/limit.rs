//! Between which multiples something breaks. In: results by point. Out: a [`Limit`].

use super::found::{Between, Limit, Subject};
use super::lattice::{Lattice, Seen, first_failing_cell};
use super::probe::Probes;
use crate::outcome::{Headroom, Standing};

pub(super) fn told(
    subject: Subject,
    seen: &Seen,
    start: i32,
    lattice: &Lattice,
    probes: &Probes<'_>,
) -> Limit {
    let (holds, fails) = first_failing_cell(seen, start);
    let multiple = |point: Option<i32>| point.map(|point| lattice.multiplier(point));
    let standings: Vec<(i32, Standing)> =
        probes.all().filter_map(|(point, probe)| Some((point, subject.standing(probe)?))).collect();
    let surely = |standing: Standing| standings.iter().filter(move |it| it.1 == standing).map(|it| it.0);
    let has_intervals = probes.seeds.len() > 1 && !standings.is_empty();
    let surely_between = has_intervals.then(|| Between {
        holds: multiple(surely(Standing::Met).filter(|point| fails.is_none_or(|fails| *point < fails)).max()),
        fails: multiple(
            surely(Standing::Missed).filter(|point| holds.is_none_or(|holds| *point > holds)).min(),
        ),
    });
    // An estimate near its limit alternates; holding again must be certain.
    let is_sure = |point: &i32| match standings.is_empty() {
        true => true,
        false => surely(Standing::Met).any(|met| met == *point),
    };
    let again = fails.and_then(|fails| {
        let above = seen.range(fails..).filter(|(_, fails)| !**fails).map(|(point, _)| *point);
        above.filter(is_sure).min()
    });
    let estimate = match &subject {
        Subject::Saturation { of, .. } => {
            probes.headroom.iter().find(|it| it.of == *of).and_then(Headroom::limit)
        }
        _ => None,
    };
    Limit {
        between: Between { holds: multiple(holds), fails: multiple(fails) },
        surely_between,
        holds_again: multiple(again),
        estimate,
        subject,
    }
}
