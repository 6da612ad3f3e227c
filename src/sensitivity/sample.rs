//! A sensitivity analysis for tests of its views. In: the names of inputs. Out: [`Sensitivity`].

use super::{Change, Effect, Flip, Sensitivity, Side, VERSION};
use crate::comparison::{Paired, Seen, Word};
use crate::language::nature::Nature;
use crate::objective::Standing;
use crate::outcome::estimate::{Better, Unit};
use crate::study::{Figure, Judged};

fn change(name: &str, base: f64, value: f64) -> Change {
    let unit = if name == "p99" { Unit::Millis } else { Unit::Usd };
    let difference = value - base;
    let seen = Seen { higher: 1, least: difference, most: difference, ..Seen::default() };
    let word = if difference == 0.0 { Word::Same } else { Word::Worse };
    let runs = Paired { difference, interval: None, times: None, ratio: None, seen, word };
    Change { name: name.into(), unit, better: Better::Lower, base, value, runs }
}

fn judged(met: bool) -> Judged {
    Judged {
        objective: "latency p99 < 80ms".into(),
        standing: if met { Standing::Met } else { Standing::Missed },
        met,
        runs_met: usize::from(met),
        observed: "90ms".into(),
        figure: Some("p99".into()),
        limit: Some(80.0),
    }
}

/// An analysis of inputs of these names: with its high value each of them misses the objective on p99; none changes the cost.
pub fn found(names: &[&str]) -> Sensitivity {
    let side = |factor: f64, p99: f64| Side {
        factor,
        text: "9ms".into(),
        problem: None,
        figures: vec![change("p99", 50.0, p99), change("cost", 3.0, 3.0)],
        objectives: vec![judged(p99 < 80.0)],
        flips: (p99 >= 80.0)
            .then(|| Flip {
                objective: "latency p99 < 80ms".into(),
                from: Standing::Met,
                to: Standing::Missed,
                met: false,
            })
            .into_iter()
            .collect(),
        margin: None,
    };
    let input = |name: &&str| Effect {
        path: (*name).into(),
        nature: Nature::Law,
        text: "10ms".into(),
        span: 0.2,
        low: Some(side(0.8, 40.0)),
        high: Some(side(1.2, 90.0)),
    };
    let figure = |name: &str, unit, value| Figure {
        name: name.into(),
        unit,
        better: Better::Lower,
        value,
        interval: None,
    };
    Sensitivity {
        version: VERSION,
        simcap: String::new(),
        name: "Shop".into(),
        file: "shop.toml".into(),
        overrides: Vec::new(),
        seeds: vec![1],
        shown: vec!["p99".into(), "cost".into()],
        base: vec![figure("p99", Unit::Millis, 50.0), figure("cost", Unit::Usd, 3.0)],
        objectives: vec![judged(true)],
        inputs: names.iter().map(input).collect(),
        morris: None,
    }
}
