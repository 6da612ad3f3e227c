//! Shapes cut to a part of the x axis. In: a shape and two places. Out: what of it lies between them.

use super::figure::{Cell, Shape};

impl Shape {
    /// The part of a shape between two places of the x axis.
    pub fn within(&self, (from, to): (f64, f64)) -> Shape {
        let inside = |&(left, right, low, high): &Cell| {
            (right > from && left < to).then(|| (left.max(from), right.min(to), low, high))
        };
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
            Shape::Band(pieces) => match Shape::Area(pieces.clone()).within((from, to)) {
                Shape::Area(pieces) => Shape::Band(pieces),
                other => other,
            },
            Shape::Cells(cells) => Shape::Cells(cells.iter().filter_map(inside).collect()),
            Shape::Frames(cells) => Shape::Frames(cells.iter().filter_map(inside).collect()),
            Shape::Hatched(cells) => Shape::Hatched(cells.iter().filter_map(inside).collect()),
            Shape::Words(cells) => {
                let words = cells.iter().filter_map(|(cell, words)| Some((inside(cell)?, words.clone())));
                Shape::Words(words.collect())
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
