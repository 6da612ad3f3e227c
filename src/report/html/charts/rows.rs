//! The rows of the timeline as the page has them, one or several together. In: an outcome; shapes of a figure. Out: values row by row.

use std::collections::BTreeSet;

use crate::number::clock_of_span;
use crate::outcome::Outcome;
use crate::report::chart::figure::{Panel, Shape};
use crate::report::chart::series::Rows;

/// The rows of the page.
pub(super) struct Grid {
    /// Start and end of each row of the timeline.
    spans: Vec<(f64, f64)>,
    together: usize,
    /// Seconds of the event.
    event_s: f64,
}

impl Grid {
    /// Rows of the timeline, so many of them together.
    pub fn of(outcome: &Outcome, together: usize) -> Grid {
        Grid { spans: Rows::of(outcome).spans().collect(), together, event_s: outcome.scenario.duration_s }
    }

    /// Start and end of each row of the page.
    pub fn spans(&self) -> impl Iterator<Item = (f64, f64)> {
        self.spans.chunks(self.together).map(|some| (some[0].0, some[some.len() - 1].1))
    }

    /// The start of each row of the page in words.
    pub fn clock(&self) -> Vec<String> {
        self.spans().map(|(start, _)| clock_of_span(start, self.event_s)).collect()
    }

    /// Where each row of the page starts, and where the last one ends: seconds to the millisecond.
    pub fn starts(&self) -> String {
        let end = self.spans.last().map(|(_, end)| *end);
        let times = self.spans().map(|(start, _)| start).chain(end);
        times.map(|time| ((time * 1e3).round() / 1e3).to_string()).collect::<Vec<_>>().join(" ")
    }

    /// The values of a shape in the rows of the timeline: each stands at the middle of its row, and pieces have a point more at
    /// both ends.
    pub fn of_rows<T: Copy>(&self, pieces: &[Vec<T>], x: impl Fn(&T) -> f64) -> Vec<Option<T>> {
        let mut values = vec![None; self.spans.len()];
        let mut row = 0;
        for piece in pieces {
            let middles = piece.len().saturating_sub(1);
            for point in piece.iter().take(middles).skip(1) {
                while row < self.spans.len() && (self.spans[row].0 + self.spans[row].1) / 2.0 < x(point) {
                    row += 1;
                }
                if let Some(value) = values.get_mut(row) {
                    *value = Some(*point);
                }
            }
        }
        values
    }

    /// The largest of the values in each row of the page.
    pub fn largest(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let most = |some: &[Option<f64>]| some.iter().copied().flatten().reduce(f64::max);
        values.chunks(self.together).map(most).collect()
    }

    /// In each row of the page, the row of the timeline in which this is largest.
    pub fn highest(&self, tops: &[f64]) -> Vec<usize> {
        let first = |(at, some): (usize, &[f64])| {
            let best = some.iter().enumerate().reduce(|best, it| if it.1 > best.1 { it } else { best });
            at * self.together + best.map_or(0, |(nth, _)| nth)
        };
        tops.chunks(self.together).enumerate().map(first).collect()
    }
}

/// All percentiles at which a line of some panel has a point.
pub(super) fn percentiles<'a>(panels: impl Iterator<Item = &'a Panel>) -> Vec<f64> {
    let lines = panels.flat_map(|panel| &panel.layers).filter_map(|layer| match &layer.shape {
        Shape::Line(pieces) => Some(pieces),
        _ => None,
    });
    let all: BTreeSet<u64> = lines.flatten().flatten().map(|(x, _)| x.to_bits()).collect();
    // Positive numbers are in the order of their bits.
    all.into_iter().map(f64::from_bits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    fn grid(together: usize) -> Grid {
        let mut outcome = sample::first_rows(5);
        outcome.scenario.duration_s = 140.0;
        Grid::of(&outcome, together)
    }

    /// Rows of half a minute, the last one shorter: two of them together are a minute.
    #[test]
    fn rows_together_begin_with_the_first_and_end_with_the_last() {
        assert_eq!(grid(1).starts(), "0 30 60 90 120 140");
        assert_eq!(grid(2).starts(), "0 60 120 140");
        assert_eq!(grid(2).clock(), ["0:00", "1:00", "2:00"]);
    }

    #[test]
    fn a_shape_gives_back_the_values_that_it_was_made_of() {
        let outcome = Outcome { timeline: sample::first_rows(5).timeline, ..sample::outcome() };
        let values = [Some(7.0), None, Some(2.0), Some(3.0), None];
        let Shape::Line(pieces) = Rows::of(&outcome).line(values) else { panic!("no line") };
        let back: Vec<Option<f64>> = Grid::of(&outcome, 1)
            .of_rows(&pieces, |it| it.0)
            .into_iter()
            .map(|it| it.map(|it| it.1))
            .collect();
        assert_eq!(back, values);
    }

    #[test]
    fn of_rows_together_the_largest_is_kept() {
        let values = [Some(1.0), Some(9.0), None, None, Some(4.0)];
        assert_eq!(grid(2).largest(&values), [Some(9.0), None, Some(4.0)]);
        assert_eq!(grid(2).highest(&[1.0, 9.0, 5.0, 2.0, 4.0]), [1, 2, 4]);
    }
}
