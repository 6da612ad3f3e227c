//! How far an input can go. In: sides on which a verdict of the base is lost. Out: a [`Margin`] for each: the last change that holds, and
//! the first that does not.

use serde::{Deserialize, Serialize};

use super::bench::Bench;
use super::chosen::Chosen;
use super::effect::{Base, Effect, Side};
use crate::study::{Runner, RunnerError};

/// A change is known to within this part of the input.
const PRECISION: f64 = 0.01;
/// Most halvings; a span of 95 % takes seven.
const MOST: u32 = 12;

/// How far an input can go on one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// The last factor at which every verdict of the base held.
    pub holds: f64,
    /// The first at which one did not.
    pub fails: f64,
}

impl Margin {
    /// Half way.
    fn middle(self) -> f64 {
        f64::midpoint(self.holds, self.fails)
    }

    fn is_open(self) -> bool {
        (self.fails - self.holds).abs() > PRECISION * (1.0 + 1e-9)
    }

    /// With a run at the middle.
    fn halved(self, held: bool) -> Margin {
        match held {
            true => Margin { holds: self.middle(), ..self },
            false => Margin { fails: self.middle(), ..self },
        }
    }
}

/// Halves the way from the base to each side that loses a verdict, all of them side by side.
///
/// The answer may hold again further out; the margin is that of a crossing, and of one that lies next to the base unless there are several.
pub fn search(
    bench: &Bench<'_>,
    chosen: &[Chosen],
    base: &Base,
    inputs: &mut [Effect],
    runner: &Runner<'_>,
) -> Result<(), RunnerError> {
    let mut sides: Vec<(&Chosen, &mut Side)> = Vec::new();
    for effect in inputs.iter_mut() {
        let Some(of) = chosen.iter().find(|it| it.input.path == effect.path) else { continue };
        let lost = effect.low.iter_mut().chain(effect.high.iter_mut()).filter(|it| it.loses());
        sides.extend(lost.map(|side| (of, side)));
    }
    for (_, side) in &mut sides {
        side.margin = Some(Margin { holds: 1.0, fails: side.factor });
    }
    for _ in 0..MOST {
        let open: Vec<(usize, Margin)> = sides
            .iter()
            .enumerate()
            .filter_map(|(at, (of, side))| {
                let margin = side.margin.filter(|it| it.is_open())?;
                // A whole number has no values in between.
                (!of.input.times(margin.middle()).is_empty()).then_some((at, margin))
            })
            .collect();
        if open.is_empty() {
            break;
        }
        let changes: Vec<Vec<String>> =
            open.iter().map(|(at, margin)| sides[*at].0.input.times(margin.middle())).collect();
        let points = bench.run(&changes, runner)?;
        for ((at, margin), point) in open.into_iter().zip(points) {
            sides[at].1.margin = Some(margin.halved(base.holds_at(&point)));
        }
    }
    Ok(())
}
