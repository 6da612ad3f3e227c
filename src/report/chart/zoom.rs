//! The part of a long event in which something happened. In: an outcome, or a shape. Out: the window that is drawn beside the whole, and
//! the shape within it.

use super::figure::Shape;
use crate::measure::chart::largest;
use crate::outcome::Outcome;

/// Most of the event that a window is: where more of it is of interest, the whole shows it.
const MOST: f64 = 0.34;
/// Least of the event that is shown around what happened, at both ends together.
const AROUND: f64 = 0.02;
/// Where nothing happened, the part of the event that is shown around the peak.
const PEAK: f64 = 0.1;
/// Fewest rows of a window: fewer have no shape.
const FEWEST_ROWS: f64 = 24.0;
/// Times its mean that a peak is at least. Assumption: less is no peak that anybody looks for.
const HIGH: f64 = 1.5;

/// The window: the first trouble, and each later one that still fits; where there was none, the highest traffic. Nothing where it would be
/// most of the event, or where nothing stands out.
pub fn window(outcome: &Outcome) -> Option<(f64, f64)> {
    let span = outcome.scenario.duration_s;
    let least = FEWEST_ROWS * outcome.timeline.bucket_s;
    let mut troubles = outcome.phases.iter().filter(|phase| phase.trouble).map(|it| (it.from_s, it.to_s));
    let (from, to) = match troubles.next() {
        Some(first) => troubles.fold(first, |(from, to), (_, next)| match next - from <= MOST * span {
            true => (from, next.max(to)),
            false => (from, to),
        }),
        None => {
            let offered = &outcome.timeline.offered;
            let (row, most) = largest(offered.iter().copied().map(Some))?;
            let mean = offered.iter().sum::<f64>() / offered.len().max(1) as f64;
            let at = *outcome.timeline.time_s.get(row)?;
            return (most >= HIGH * mean)
                .then(|| around((at, at), PEAK * span / 2.0, least, span))
                .filter(|it| fits(*it, span));
        }
    };
    let margin = (AROUND * span / 2.0).max((to - from) / 8.0);
    Some(around((from, to), margin, least, span)).filter(|it| fits(*it, span))
}

fn fits((from, to): (f64, f64), span: f64) -> bool {
    to > from && to - from <= MOST * span
}

/// With a margin, and no shorter than that; never beyond the ends of the event.
fn around((from, to): (f64, f64), margin: f64, least: f64, span: f64) -> (f64, f64) {
    let more = margin.max((least - (to - from)) / 2.0);
    ((from - more).max(0.0), (to + more).min(span))
}

impl Shape {
    /// The part of a shape between two places of the x axis.
    pub fn within(&self, (from, to): (f64, f64)) -> Shape {
        match self {
            Shape::Line(pieces) => Shape::Line(cut(
                pieces,
                (from, to),
                |(x, _)| *x,
                |(_, a), (_, b), share, x| (x, between(*a, *b, share)),
            )),
            Shape::Area(pieces) => Shape::Area(cut(
                pieces,
                (from, to),
                |(x, ..)| *x,
                |(_, low, high), (_, low_b, high_b), share, x| {
                    (x, between(*low, *low_b, share), between(*high, *high_b, share))
                },
            )),
            Shape::Cells(cells) => {
                let inside = cells.iter().filter(|(left, right, ..)| *right > from && *left < to);
                let cut = inside.map(|&(left, right, low, high)| (left.max(from), right.min(to), low, high));
                Shape::Cells(cut.collect())
            }
            Shape::Level(level) => Shape::Level(*level),
            Shape::Points(points) => {
                Shape::Points(points.iter().filter(|(x, ..)| (from..=to).contains(x)).cloned().collect())
            }
        }
    }
}

fn between(one: f64, other: f64, share: f64) -> f64 {
    one + (other - one) * share
}

/// Pieces cut at two places; where a piece crosses one of them, there is a point on it.
fn cut<T: Copy>(
    pieces: &[Vec<T>],
    (from, to): (f64, f64),
    x: impl Fn(&T) -> f64,
    at: impl Fn(&T, &T, f64, f64) -> T,
) -> Vec<Vec<T>> {
    let cut = |piece: &Vec<T>| {
        let mut kept: Vec<T> = Vec::new();
        for (nth, point) in piece.iter().enumerate() {
            let before = nth.checked_sub(1).map(|nth| &piece[nth]);
            let crossing = |edge: f64| {
                let before = before.filter(|before| x(before) < edge && x(point) > edge)?;
                Some(at(before, point, (edge - x(before)) / (x(point) - x(before)), edge))
            };
            kept.extend(crossing(from));
            match (from..=to).contains(&x(point)) {
                true => kept.push(*point),
                false => kept.extend(crossing(to)),
            }
        }
        kept
    };
    pieces.iter().map(cut).filter(|piece| piece.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    fn outcome(troubles: &[(f64, f64)]) -> Outcome {
        let mut outcome = sample::outcome();
        let phase = outcome.phases[0].clone();
        outcome.scenario.duration_s = 14_400.0;
        outcome.timeline.bucket_s = 10.0;
        outcome.phases = troubles
            .iter()
            .map(|&(from_s, to_s)| crate::outcome::Phase { from_s, to_s, trouble: true, ..phase.clone() })
            .collect();
        outcome.timeline.time_s = (0..1_440).map(|row| f64::from(row) * 10.0).collect();
        outcome.timeline.offered = vec![100.0; 1_440];
        outcome
    }

    /// Ten minutes of four hours, with 144 s around at both ends: a hundredth of the event.
    #[test]
    fn a_short_trouble_of_a_long_event_has_a_window() {
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0)])), Some((3_456.0, 4_344.0)));
        // A second one that is near is in it, one that is far is not.
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0), (6_000.0, 6_160.0)])), Some((3_280.0, 6_480.0)));
        assert_eq!(window(&outcome(&[(3_600.0, 4_200.0), (12_000.0, 12_160.0)])), Some((3_456.0, 4_344.0)));
        // One row still has the fewest rows that have a shape.
        assert_eq!(window(&outcome(&[(0.0, 10.0)])), Some((0.0, 154.0)));
        assert_eq!(window(&outcome(&[(0.0, 9_000.0)])), None, "most of the event");
    }

    #[test]
    fn without_trouble_the_window_is_around_the_highest_traffic_if_that_stands_out() {
        assert_eq!(window(&outcome(&[])), None);
        let mut outcome = outcome(&[]);
        outcome.timeline.offered[720] = 400.0;
        assert_eq!(window(&outcome), Some((7_200.0 - 720.0, 7_200.0 + 720.0)));
    }

    #[test]
    fn a_shape_is_cut_where_it_crosses_the_window() {
        let line =
            Shape::Line(vec![vec![(0.0, 0.0), (10.0, 10.0), (20.0, 0.0)], vec![(30.0, 1.0), (40.0, 1.0)]]);
        let Shape::Line(pieces) = line.within((5.0, 15.0)) else { panic!("no line") };
        assert_eq!(pieces, [vec![(5.0, 5.0), (10.0, 10.0), (15.0, 5.0)]]);
        let Shape::Line(pieces) = line.within((12.0, 14.0)) else { panic!("no line") };
        assert_eq!(pieces, [vec![(12.0, 8.0), (14.0, 6.0)]], "between two points");
        let area = Shape::Area(vec![vec![(0.0, 0.0, 4.0), (8.0, 0.0, 8.0)]]);
        let Shape::Area(pieces) = area.within((2.0, 9.0)) else { panic!("no area") };
        assert_eq!(pieces, [vec![(2.0, 0.0, 5.0), (8.0, 0.0, 8.0)]]);
        let cells = Shape::Cells(vec![(0.0, 2.0, 0.0, 1.0), (2.0, 4.0, 0.0, 1.0), (4.0, 6.0, 0.0, 1.0)]);
        let Shape::Cells(cells) = cells.within((3.0, 4.0)) else { panic!("no cells") };
        assert_eq!(cells, [(3.0, 4.0, 0.0, 1.0)]);
    }
}
