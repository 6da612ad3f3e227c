//! What to doubt in a recording, or in what was made of it. In: what was measured beside what the file predicts, and the numbers that were
//! found. Out: sentences.

use super::dial::Dial;
use super::told::Number;
use crate::backtest::{Compared, Scale};
use crate::measured::What;
use crate::number::{all_of, clock, counted};

/// How many times off a figure in another unit may seem to be, each way: what it is measured against is a guess itself.
const GUESS: f64 = 4.0;
/// Sentences on stretches with trouble, at most.
const STRETCHES: usize = 3;

/// What looks as if it were in another unit, and times that were constant and are not.
pub(super) fn doubts(before: &[Compared], dials: &[Dial], numbers: &[Number]) -> Vec<String> {
    let units = before.iter().filter_map(unit);
    let shapes = numbers.iter().filter_map(|number| {
        let dial = dials.iter().find(|it| it.input.path == number.path)?;
        let spread = number.cv.filter(|_| dial.cv == Some(0.0))?;
        Some(format!(
            "`{}` is one constant time in the file; what was measured is spread, so it is a law with a cv of {:.2} now.",
            number.path, spread.value
        ))
    });
    units.chain(shapes).collect()
}

/// Whether a figure looks as if it were in seconds where milliseconds are meant, or a share where percent is.
fn unit(of: &Compared) -> Option<String> {
    let judged: Vec<_> = of.pairs.iter().filter(|it| it.measured > 0.0 && it.predicted > 0.0).collect();
    let mut times: Vec<f64> = judged.iter().map(|it| it.measured / it.predicted).collect();
    times.sort_by(f64::total_cmp);
    let median = *times.get(times.len() / 2)?;
    let near = |by: f64| (by / GUESS..by * GUESS).contains(&median);
    if of.of.what.is_time() && of.scale == Scale::Relative {
        let seem = [(1e-3, "seconds"), (1e3, "microseconds")].into_iter().find(|it| near(it.0))?;
        let column = of.of.to_string();
        return Some(format!(
            "`{column}` is {} what the file predicts: it is read as milliseconds; are these {}?",
            if seem.0 < 1.0 { "about a thousandth of" } else { "about a thousand times" },
            seem.1
        ));
    }
    let most = judged.iter().map(|it| it.measured).fold(0.0, f64::max);
    let is_share = of.of.what.is_percent() && of.of.what != What::Errors && most <= 1.0 && near(1e-2);
    is_share.then(|| format!("`{}` is never above 1: it is read as percent; are these shares?", of.of))
}

/// Stretches of periods that are missed by far more than the others.
pub(super) fn of_trouble(periods: &[usize], start_s: &dyn Fn(usize) -> f64) -> Option<String> {
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    for period in periods {
        match stretches.last_mut() {
            Some((_, end)) if *end + 1 == *period => *end = *period,
            _ => stretches.push((*period, *period)),
        }
    }
    let words = |it: &(usize, usize)| format!("{}–{}", clock(start_s(it.0)), clock(start_s(it.1 + 1)));
    let named: Vec<String> = stretches.iter().take(STRETCHES).map(words).collect();
    let more = match stretches.len().saturating_sub(STRETCHES) {
        0 => String::new(),
        more => format!(", and {} more", counted(more as u64, "stretch")),
    };
    (!stretches.is_empty()).then(|| {
        format!(
            "Nothing that the file has explains {}{more}: these periods count less in the fit, so that they do not bend its numbers.",
            all_of(&named)
        )
    })
}
