//! Which of more than two scenarios to take. In: [`Comparisons`]. Out: one line: who meets its objectives at the lowest cost, and how
//! the others stand.

use super::super::table::{BAD, GOOD, PLAIN, paint};
use super::headline::standing;
use super::values::change_of;
use crate::comparison::{Comparisons, Summary};
use crate::number::{all_of, millis, share, usd};

/// The line.
pub(in crate::report) fn choice(all: &Comparisons) -> String {
    let sides = all.sides.as_slice();
    if sides.iter().all(|side| side.score.all() == 0) {
        return format!("No objectives to decide by. {}\n", paint(PLAIN, least(sides)));
    }
    let meeting: Vec<&Summary> = sides.iter().filter(|side| meets_all(side)).collect();
    let others = sides.iter().filter(|side| !meets_all(side));
    let others: Vec<String> =
        others.map(|side| format!("{} {}", side.letter, standing(side.score))).collect();
    let (style, first) = match meeting.as_slice() {
        [] => (BAD, "None meets all of its objectives".to_owned()),
        [one] => (GOOD, format!("Only {} {}, for {}", one.letter, standing(one.score), cost(one))),
        several => (GOOD, cheapest(several)),
    };
    let rest = if others.is_empty() { String::new() } else { format!("; {}", others.join(", ")) };
    format!("{}{rest}.\n", paint(style, first))
}

fn meets_all(side: &Summary) -> bool {
    side.score.all() > 0 && side.score.met == side.score.all()
}

/// `A and C meet all of their objectives, A for the least: $1.41 (C +31 %)`.
fn cheapest(meeting: &[&Summary]) -> String {
    let names: Vec<String> = meeting.iter().map(|side| side.letter.to_string()).collect();
    let meet = format!("{} meet all of their objectives", all_of(&names));
    // The cost of one that lacks a price is not known.
    if meeting.iter().any(|side| !side.unpriced.is_empty()) {
        return format!("{meet}; what is cheapest is not known, because a price is missing");
    }
    let least = meeting.iter().min_by(|a, b| a.cost_usd.total_cmp(&b.cost_usd));
    let Some(least) = least else { return meet };
    let dearer = meeting.iter().filter(|side| side.cost_usd > least.cost_usd).map(|side| {
        format!("{} {}", side.letter, change_of((side.cost_usd - least.cost_usd) / least.cost_usd))
    });
    let dearer: Vec<String> = dearer.collect();
    match dearer.is_empty() {
        true => format!("{meet}, each for {}", cost(least)),
        false => format!("{meet}, {} for the least: {} ({})", least.letter, cost(least), dearer.join(", ")),
    }
}

/// What one of them costs; what has no price comes on top.
pub(super) fn cost(side: &Summary) -> String {
    match side.unpriced.is_empty() {
        true => usd(side.cost_usd),
        false => format!("over {}", usd(side.cost_usd)),
    }
}

/// Who is the first in cost, latency and errors, where one is.
fn least(sides: &[Summary]) -> String {
    let of = |what: &str, value: &dyn Fn(&Summary) -> Option<f64>, words: &dyn Fn(f64) -> String| {
        let values: Option<Vec<f64>> = sides.iter().map(value).collect();
        let values = values?;
        let least = values.iter().copied().reduce(f64::min)?;
        let at: Vec<usize> = (0..values.len()).filter(|at| values[*at] <= least).collect();
        // Where several are equal nothing is to be decided.
        let [one] = at.as_slice() else { return None };
        Some(format!("{what}: {}, {}.", sides[*one].letter, words(least)))
    };
    let priced = |side: &Summary| side.unpriced.is_empty().then_some(side.cost_usd);
    let found = [
        of("Lowest cost", &priced, &usd),
        of("Lowest p99", &|side| side.p99_ms, &millis),
        of("Fewest errors", &|side| Some(side.errors), &share),
    ];
    found.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::Score;
    use crate::outcome::{Outcome, sample};

    fn line(sides: &[(Score, f64)]) -> String {
        let outcomes: Vec<Outcome> = sides.iter().map(|_| sample::outcome()).collect();
        let mut all = Comparisons::of(&outcomes);
        for (side, (score, cost)) in all.sides.iter_mut().zip(sides) {
            (side.score, side.cost_usd) = (*score, *cost);
            side.unpriced.clear();
        }
        anstream::adapter::strip_str(&choice(&all)).to_string()
    }

    fn score(met: usize, missed: usize, cannot_tell: usize) -> Score {
        Score { met, missed, cannot_tell }
    }

    #[test]
    fn the_cheapest_that_meets_all_is_named_with_what_the_others_cost_more() {
        let sides =
            [(score(3, 0, 0), 2.0), (score(2, 1, 0), 1.0), (score(3, 0, 0), 1.6), (score(2, 0, 1), 1.0)];
        assert_eq!(
            line(&sides),
            "A and C meet all of their objectives, C for the least: $1.60 (A +25 %); B misses 1 of 3, D may miss 1 of 3.\n"
        );
        assert_eq!(line(&sides[..2]), "Only A meets all 3, for $2.00; B misses 1 of 3.\n");
        assert_eq!(
            line(&[sides[1], sides[1]]),
            "None meets all of its objectives; A misses 1 of 3, B misses 1 of 3.\n"
        );
        let equal = [(score(1, 0, 0), 2.0), (score(1, 0, 0), 2.0)];
        assert_eq!(line(&equal), "A and B meet all of their objectives, each for $2.00.\n");
    }

    /// Latency and errors are equal, so that only the cost has a first.
    #[test]
    fn without_objectives_the_first_of_each_figure_is_named() {
        let none = score(0, 0, 0);
        let text = line(&[(none, 2.0), (none, 1.0), (none, 3.0)]);
        assert_eq!(text, "No objectives to decide by. Lowest cost: B, $1.00.\n");
    }
}
