//! Between which multiples something breaks. In: results by point. Out: a [`Limit`].

use super::found::{Between, Limit, Probe, Subject};
use super::goodput::Goodput;
use super::lattice::{Lattice, Seen, first_failing_cell};
use super::probe::Probes;
use crate::outcome::{Headroom, Standing};

pub(super) fn told(
    subject: Subject,
    seen: &Seen,
    start: i32,
    lattice: &Lattice,
    probes: &Probes<'_>,
    goodput: &Goodput<'_>,
) -> Limit {
    let (holds, fails) = first_failing_cell(seen, start);
    let multiple = |point: Option<i32>| point.map(|point| lattice.multiplier(point));
    let results: Vec<(i32, &Probe)> = probes.all().collect();
    let judged = results.iter().map(|&(point, probe)| {
        let nearest = goodput.below(point);
        let below: Vec<(i32, &Probe)> = results.iter().take_while(|it| it.0 <= nearest).copied().collect();
        // Without a smaller multiple nothing is known of the goodput.
        let is_known = subject != Subject::Goodput || seen.contains_key(&point);
        let standing = subject.standing((point, probe), &below, goodput);
        (point, probe, if is_known { standing } else { Standing::CannotTell })
    });
    let standings: Vec<(i32, &Probe, Standing)> = judged.collect();
    let surely = |standing: Standing| standings.iter().filter(move |it| it.2 == standing).map(|it| it.0);
    let surely_between = (probes.seeds.len() > 1).then(|| Between {
        holds: multiple(surely(Standing::Met).filter(|point| fails.is_none_or(|fails| *point < fails)).max()),
        fails: multiple(
            surely(Standing::Missed).filter(|point| holds.is_none_or(|holds| *point > holds)).min(),
        ),
    });
    // Near a limit results alternate by chance: it must surely have failed before it surely holds again.
    let looked_at = standings.iter().filter(|it| fails.is_some_and(|fails| it.0 >= fails)).count();
    let beyond_chance = |standing: Standing, from: i32| {
        let above = standings.iter().filter(move |it| it.0 >= from && it.2 == standing);
        let sure = above.filter(|it| subject.is_beyond_chance(it.1, looked_at));
        sure.map(|it| it.0).min().filter(|_| probes.seeds.len() > 1)
    };
    let failed = fails.and_then(|fails| beyond_chance(Standing::Missed, fails));
    let again = failed.and_then(|failed| beyond_chance(Standing::Met, failed));
    let estimate = match &subject {
        Subject::Saturation { of, .. } => {
            probes.headroom().iter().find(|it| it.of == *of && !it.is_open()).and_then(Headroom::limit)
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
