//! How far an input can go. In: sides on which a verdict of the base is lost. Out: a [`Margin`] for each: the last change that holds, and
//! the first that does not.

use serde::{Deserialize, Serialize};

use super::bench::Bench;
use super::chosen::Chosen;
use super::effect::{Base, Effect, Side};
use crate::scenario::inputs::Input;
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

    /// The input half way, and how many times as large it then is; nothing where no value lies in between, as between two whole numbers.
    fn between(self, of: &Input) -> Option<(Vec<String>, f64)> {
        let (changes, real) = (of.times(self.middle()), of.real(self.middle()));
        let inside = self.holds.min(self.fails) < real && real < self.holds.max(self.fails);
        (!changes.is_empty() && inside).then_some((changes, real))
    }

    /// With a run in between.
    fn with(self, factor: f64, held: bool) -> Margin {
        match held {
            true => Margin { holds: factor, ..self },
            false => Margin { fails: factor, ..self },
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
        let open = sides.iter().enumerate().filter_map(|(at, (of, side))| {
            let margin = side.margin.filter(|it| it.is_open())?;
            let (changes, real) = margin.between(&of.input)?;
            Some(((at, margin, real), changes))
        });
        let (open, changes): (Vec<_>, Vec<_>) = open.unzip();
        if open.is_empty() {
            break;
        }
        let points = bench.run(&changes, runner)?;
        for ((at, margin, real), point) in open.into_iter().zip(points) {
            sides[at].1.margin = Some(margin.with(real, base.holds_at(&point)));
        }
    }
    Ok(())
}
