//! A study for tests of its views. In: axes, and the figures of each point. Out: [`Swept`].

use super::{Axis, Choice, Figure, Judged, Key, PointResult, Swept, VERSION};
use crate::interval::Interval;
use crate::objective::Standing;
use crate::outcome::estimate::{Better, Unit};

/// A study whose points have these figures: p99 in milliseconds, errors, cost. What has none is not possible, and a p99 of 500 ms and
/// more misses an objective.
pub fn study(axes: &[(&str, &[&str])], of: impl Fn(&[usize]) -> Option<[f64; 3]>) -> Swept {
    let axis = |(name, labels): &(&str, &[&str])| Axis {
        name: (*name).into(),
        choices: labels.iter().map(|it| Choice { label: (*it).into(), overrides: Vec::new() }).collect(),
    };
    let mut choices: Vec<Vec<usize>> = vec![Vec::new()];
    for (_, labels) in axes {
        let longer =
            |it: &Vec<usize>| (0..labels.len()).map(|at| [it.as_slice(), &[at]].concat()).collect::<Vec<_>>();
        choices = choices.iter().flat_map(longer).collect();
    }
    let point = |choices: Vec<usize>| {
        let figures = of(&choices);
        let sorts = [("p99", Unit::Millis), ("errors", Unit::Share), ("cost", Unit::Usd)];
        let figure = |(value, (name, unit)): (f64, (&str, Unit))| Figure {
            name: name.into(),
            unit,
            better: Better::Lower,
            value,
            interval: Interval::around(value, &[0.9 * value, 1.1 * value], 0.0),
        };
        let judged = |p99: f64| Judged {
            objective: "latency p99 < 500ms".into(),
            standing: if p99 < 500.0 { Standing::Met } else { Standing::Missed },
            met: p99 < 500.0,
            runs_met: 1,
            observed: String::new(),
            figure: Some("p99".into()),
            limit: Some(500.0),
        };
        PointResult {
            choices,
            problem: figures.is_none().then(|| "0 is out of range".into()),
            objectives: figures.iter().map(|it| judged(it[0])).collect(),
            figures: figures.into_iter().flat_map(|it| it.into_iter().zip(sorts).map(figure)).collect(),
            full: Vec::new(),
            nearest: None,
            unpriced: Vec::new(),
        }
    };
    Swept {
        version: VERSION,
        simcap: String::new(),
        study: Key::of(&[]),
        name: "Shop".into(),
        file: "shop.toml".into(),
        overrides: Vec::new(),
        axes: axes.iter().map(axis).collect(),
        seeds: vec![1, 2],
        shown: Vec::new(),
        points: choices.into_iter().map(point).collect(),
    }
}
