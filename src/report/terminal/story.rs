//! Which of all that happened is told at the end of a page. In: an outcome. Out: the position of a cause, or that it is the bill.

use crate::outcome::estimate::Quantity;
use crate::outcome::{Blame, Limit, Outcome, Phase, Standing, says_failed};

/// The story that is told at the end: that of the first missed objective that has one; else that in which most requests failed.
pub(super) fn told(outcome: &Outcome) -> Blame {
    let missed = outcome.objectives.iter().filter(|it| it.standing == Standing::Missed);
    let most = || {
        let phase = worst(outcome);
        let sentence = outcome.phases.get(phase).map_or("", |it| &it.sentence);
        Blame { phase, story: sentence.split(" · ").position(says_failed).unwrap_or(0) }
    };
    missed.filter_map(|it| it.cause).next().unwrap_or_else(most)
}

/// The trouble in which most requests failed; where none did, the longest one; without any, the first phase.
fn worst(outcome: &Outcome) -> usize {
    let timeline = &outcome.timeline;
    let failed = |phase: &Phase| phase.rows(timeline).map(|row| timeline.failed_in(row)).sum::<f64>();
    let of = |(place, phase): (usize, &Phase)| (place, (failed(phase), phase.to_s - phase.from_s));
    let troubles = outcome.phases.iter().enumerate().filter(|(_, phase)| phase.trouble).map(of);
    let worst = troubles.reduce(|most, next| if next.1 > most.1 { next } else { most });
    worst.map_or(0, |(place, _)| place)
}

/// Whether the only objectives that were missed are on the bill.
pub(super) fn is_of_bill(outcome: &Outcome) -> bool {
    let of_bill = |bound: &Limit| {
        matches!(bound.of, Quantity::Cost | Quantity::CostPerMillion | Quantity::CostPerMonth)
    };
    let mut missed = outcome.objectives.iter().filter(|it| it.standing == Standing::Missed).peekable();
    missed.peek().is_some() && missed.all(|it| it.bound.as_ref().is_some_and(of_bill))
}
