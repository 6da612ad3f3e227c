//! The part of a long event in which something happened. In: an outcome. Out: the window that is drawn beside the whole.

use crate::measure::chart::largest;
use crate::outcome::{Outcome, Phase};

/// Most of the event that a window is: where more of it is of interest, the whole shows it.
const MOST: f64 = 0.34;
/// Least of the event that is shown around what happened, at both ends together.
const AROUND: f64 = 0.02;
/// Part of what happened that is shown around it, at each end.
const MARGIN: f64 = 1.0 / 8.0;
/// Where nothing happened, the part of the event that is shown around the peak.
const PEAK: f64 = 0.1;
/// Fewest rows of a window: fewer have no shape.
const FEWEST_ROWS: f64 = 24.0;
/// Times its mean that a peak is at least. Assumption: less is no peak that anybody looks for.
const HIGH: f64 = 1.5;

/// The window: the first trouble from its cause on, and each later one that still fits; where there was none, the time in which something was
/// full, and else the highest traffic. Nothing where it would be most of the event, or where nothing stands out.
pub fn window(outcome: &Outcome) -> Option<(f64, f64)> {
    let span = outcome.scenario.duration_s;
    let least = FEWEST_ROWS * outcome.timeline.bucket_s;
    // What it came of is part of it, such as a deployment before which all was well; not if that was so long before that the window would be
    // most of the event.
    let begin = |it: &Phase| {
        let near = |at: &f64| (it.to_s - at) * (1.0 + 2.0 * MARGIN) <= MOST * span;
        it.chain.iter().map(|link| link.at_s).filter(near).fold(it.from_s, f64::min)
    };
    let mut troubles = outcome.phases.iter().filter(|phase| phase.trouble).map(|it| (begin(it), it.to_s));
    let (from, to) = match troubles.next() {
        Some(first) => troubles.fold(first, |(from, to), (_, next)| match next - from <= MOST * span {
            true => (from, next.max(to)),
            false => (from, to),
        }),
        None => match full(outcome) {
            Some(full) => full,
            None => return peak(outcome),
        },
    };
    let margin = (AROUND * span / 2.0).max((to - from) * MARGIN);
    Some(around((from, to), margin, least, span)).filter(|it| fits(*it, span))
}

/// From when until when something was full.
fn full(outcome: &Outcome) -> Option<(f64, f64)> {
    let spans = outcome.utilisation.iter().flat_map(|it| &it.full).copied();
    spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// The window around the highest traffic.
fn peak(outcome: &Outcome) -> Option<(f64, f64)> {
    let (span, offered) = (outcome.scenario.duration_s, &outcome.timeline.offered);
    let (row, most) = largest(offered.iter().copied().map(Some))?;
    let mean = offered.iter().sum::<f64>() / offered.len().max(1) as f64;
    let at = *outcome.timeline.time_s.get(row)?;
    let window = || around((at, at), PEAK * span / 2.0, FEWEST_ROWS * outcome.timeline.bucket_s, span);
    (most >= HIGH * mean).then(window).filter(|it| fits(*it, span))
}

/// The window of several side by side: that of the first, wide enough for the troubles of all; nothing where these are most of the event.
pub fn window_of_all(outcomes: &[Outcome], frame: &Outcome) -> Option<(f64, f64)> {
    let has_trouble = |outcome: &&Outcome| outcome.phases.iter().any(|phase| phase.trouble);
    let mut windows = outcomes.iter().filter(has_trouble).map(window);
    let Some(first) = windows.next() else { return window(frame) };
    let both = |one: (f64, f64), other: (f64, f64)| (one.0.min(other.0), one.1.max(other.1));
    let all = windows.try_fold(first?, |all, next| Some(both(all, next?)))?;
    Some(all).filter(|it| fits(*it, frame.scenario.duration_s))
}

fn fits((from, to): (f64, f64), span: f64) -> bool {
    to > from && to - from <= MOST * span
}

/// With a margin, and no shorter than that; never beyond the ends of the event.
fn around((from, to): (f64, f64), margin: f64, least: f64, span: f64) -> (f64, f64) {
    let more = margin.max((least - (to - from)) / 2.0);
    ((from - more).max(0.0), (to + more).min(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    fn outcome(troubles: &[(f64, f64)]) -> Outcome {
        let mut outcome = sample::outcome();
        let phase = Phase { chain: Vec::new(), ..outcome.phases[0].clone() };
        outcome.scenario.duration_s = 14_400.0;
        outcome.timeline.bucket_s = 10.0;
        outcome.phases = troubles
            .iter()
            .map(|&(from_s, to_s)| Phase { from_s, to_s, trouble: true, ..phase.clone() })
            .collect();
        outcome.timeline.time_s = (0..1_440).map(|row| f64::from(row) * 10.0).collect();
        outcome.timeline.offered = vec![100.0; 1_440];
        outcome.utilisation.iter_mut().for_each(|it| it.full.clear());
        outcome
    }

    /// Ten minutes of four hours, with 144 s around at both ends: a hundredth of the event.
    #[test]
    fn a_short_trouble_of_a_long_event_has_a_window() {
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0)])), Some((3_456.0, 4_344.0)));
        // A second one that is near is in it, one that is far is not.
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0), (6_000.0, 6_160.0)])), Some((3_280.0, 6_480.0)));
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0), (12_000.0, 12_160.0)])), Some((3_456.0, 4_344.0)));
        // What it came of begins before it: 250 s of margin are an eighth of 2,000 s.
        let mut caused = outcome(&[(5_000.0, 5_600.0)]);
        let link = |at_s| crate::outcome::Link {
            at_s,
            until_s: at_s,
            resource: None,
            cause: true,
            text: String::new(),
        };
        caused.phases[0].chain = vec![link(3_600.0)];
        assert_eq!(window(&caused), Some((3_350.0, 5_850.0)));
        // One that is an hour before would make it most of the event: it is not in it.
        caused.phases[0].chain = vec![link(1_400.0)];
        assert_eq!(window(&caused), Some((4_856.0, 5_744.0)));
        // One row still has the fewest rows that have a shape.
        assert_eq!(window(&outcome(&[(0.0, 10.0)])), Some((0.0, 154.0)));
        assert_eq!(window(&outcome(&[(0.0, 9_000.0)])), None, "most of the event");
    }

    /// What is enlarged of a comparison has the troubles of both sides, and of one without trouble nothing.
    #[test]
    fn the_window_of_several_has_the_troubles_of_all() {
        let sides = [outcome(&[]), outcome(&[(3_600.0, 4_200.0)]), outcome(&[(6_000.0, 6_160.0)])];
        assert_eq!(window_of_all(&sides, &sides[0]), Some((3_456.0, 6_304.0)));
        let far = [outcome(&[(3_600.0, 4_200.0)]), outcome(&[(12_000.0, 12_160.0)])];
        assert_eq!(window_of_all(&far, &far[0]), None);
        assert_eq!(window_of_all(&sides[..1], &sides[0]), None);
    }

    /// A backlog that delays nobody is no trouble, and what people look for all the same.
    #[test]
    fn without_trouble_the_window_is_around_what_was_full() {
        let mut outcome = outcome(&[]);
        outcome.timeline.offered[720] = 400.0;
        outcome.utilisation[0].full = vec![(3_600.0, 3_700.0), (3_900.0, 4_200.0)];
        assert_eq!(window(&outcome), Some((3_456.0, 4_344.0)));
        outcome.utilisation[0].full = vec![(0.0, 9_000.0)];
        assert_eq!(window(&outcome), None, "most of the event");
    }

    #[test]
    fn without_trouble_the_window_is_around_the_highest_traffic_if_that_stands_out() {
        assert_eq!(window(&outcome(&[])), None);
        let mut outcome = outcome(&[]);
        outcome.timeline.offered[720] = 400.0;
        assert_eq!(window(&outcome), Some((7_200.0 - 720.0, 7_200.0 + 720.0)));
    }
}
