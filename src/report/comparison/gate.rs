//! The rules of `--fail-if` on the page of a comparison. In: comparisons with the first side. Out: a line, a table, and each rule in words.

use super::values::{change_of, shown, signed};
use crate::comparison::{Comparison, Moved, Ruled, Ruling, Unsure, letter};
use crate::number::count;
use crate::report::section::Section;
use crate::report::table::{BAD, Cell, GOOD, Side, Style, Table, WARNING, paint};

/// Columns of the words in the table.
const WIDTH: usize = 44;

/// What became of all rules together, on a line: `Gate: 1 of 3 rules failed: p99 worse 5%`; nothing without rules.
pub fn gate(comparisons: &[Comparison]) -> String {
    let all: Vec<(char, &Ruled)> = ruled(comparisons).collect();
    let failed: Vec<&(char, &Ruled)> = all.iter().filter(|(_, it)| it.ruling == Ruling::Failed).collect();
    // If all of them failed because of that, it is said once.
    let only_unsure = failed.iter().all(|(_, it)| it.unsure.is_some());
    let name = |(letter, it): &(char, &Ruled)| {
        let side = if comparisons.len() == 1 { String::new() } else { format!(" ({letter})") };
        let is_marked = it.ruling == Ruling::Failed && it.unsure.is_some() && !only_unsure;
        format!("{}{side}{}", it.rule, if is_marked { " (the runs cannot tell)" } else { "" })
    };
    let failed: Vec<String> = failed.into_iter().map(name).collect();
    let open = all.iter().filter(|(_, it)| it.ruling == Ruling::CannotTell);
    let open: Vec<String> = open.map(name).collect();
    let failing = if only_unsure { "failed, because the runs cannot tell" } else { "failed" };
    let part = |of: &[String], words: &str| {
        let part = match all.len() {
            1 => format!("its rule {words}"),
            rules => format!("{} of {} rules {words}", count(of.len() as u64), count(rules as u64)),
        };
        format!("{part}: {}", of.join(", "))
    };
    let (style, text) = match (failed.is_empty(), open.is_empty()) {
        _ if all.is_empty() => return String::new(),
        (true, true) if all.len() == 1 => (GOOD, "its rule passed".to_owned()),
        (true, true) => (GOOD, format!("all {} rules passed", count(all.len() as u64))),
        (false, true) => (BAD, part(&failed, failing)),
        (true, false) => (WARNING, part(&open, "cannot be told")),
        (false, false) => {
            (BAD, format!("{}; {} cannot be told", part(&failed, failing), count(open.len() as u64)))
        }
    };
    format!("{}\n", paint(style, format!("Gate: {text}")))
}

/// Each rule with its side, the rules of the first comparison first.
fn ruled(comparisons: &[Comparison]) -> impl Iterator<Item = (char, &Ruled)> {
    let sides = comparisons.iter().enumerate();
    sides.flat_map(|(at, it)| it.rules.iter().map(move |ruled| (letter(at + 1), ruled)))
}

/// A row for each rule, and for each side if there are several.
pub(super) fn section(comparisons: &[Comparison]) -> Option<Section> {
    let several = comparisons.len() > 1;
    let mut table = Table::new(&[Side::Left]);
    for (letter, it) in ruled(comparisons) {
        let side = several.then(|| Cell::from(letter.to_string()));
        let word = [Cell::new(it.ruling.text(), style(it.ruling)), it.rule.as_str().into()];
        let words = Cell::paragraphs(vec![words(it)], style_of_words(it.ruling), WIDTH);
        table.row(word.into_iter().chain(side).chain([words]));
    }
    let any = ruled(comparisons).next().is_some();
    let remark = match comparisons.iter().any(|it| it.seeds.len() > 1) {
        true => "failed or passed is sure: the whole interval lies on one side of the width",
        false => "one run of each has no interval",
    };
    any.then(|| Section::new("Gate", remark).table(table))
}

fn style(ruling: Ruling) -> Style {
    match ruling {
        Ruling::Failed => BAD,
        Ruling::Passed => GOOD,
        Ruling::CannotTell => WARNING,
    }
}

fn style_of_words(ruling: Ruling) -> Style {
    match ruling {
        Ruling::Failed => BAD,
        Ruling::Passed => Style::new(),
        Ruling::CannotTell => WARNING,
    }
}

/// How the figure has moved, and why that does not decide: `100ms → 104ms, +4 % (+1 % to +7 %); about 12 runs would tell`.
pub(in crate::report) fn words(ruled: &Ruled) -> String {
    let moved = ruled.moved.as_ref().map(moved);
    let objectives = match (ruled.objectives.is_empty(), ruled.ruling) {
        (true, _) => None,
        (false, Ruling::Failed) if ruled.unsure.is_none() => {
            Some(format!("met in A and missed: {}", ruled.objectives.join(", ")))
        }
        (false, _) => Some(ruled.objectives.join(", ")),
    };
    let fails = if ruled.ruling == Ruling::Failed { "the runs cannot tell, which fails: " } else { "" };
    let why = ruled.unsure.map(|why| format!("{fails}{}", reason(why, ruled.objectives.len())));
    let parts: Vec<String> = [moved, objectives, why].into_iter().flatten().collect();
    match parts.is_empty() {
        true => "none that A meets is missed".into(),
        false => parts.join("; "),
    }
}

fn moved(moved: &Moved) -> String {
    let change = |value| match moved.relative {
        true => change_of(value),
        false => signed(moved.unit, value),
    };
    let interval = match moved.interval {
        Some((low, high)) if low < high => format!(" ({} to {})", change(low), change(high)),
        _ => String::new(),
    };
    let sides = [moved.a, moved.b].map(|value| shown(moved.unit, value)).join(" → ");
    match moved.a == moved.b && moved.change == 0.0 {
        true => format!("{} in both", shown(moved.unit, moved.a)),
        false => format!("{sides}, {}{interval}", change(moved.change)),
    }
}

fn reason(why: Unsure, objectives: usize) -> String {
    match why {
        Unsure::OneRun => "one run of each does not tell what is chance: add --runs".into(),
        Unsure::NoValue => "too few runs have a value".into(),
        Unsure::Unpriced => "a price is missing".into(),
        Unsure::Duration => "the events are not equally long".into(),
        Unsure::Near { runs: Some(runs) } => format!("about {} runs would tell", count(runs)),
        Unsure::Near { runs: None } => "it is at the width itself, as far as runs can tell".into(),
        Unsure::Undecided if objectives == 1 => "the runs do not tell whether it is met".into(),
        Unsure::Undecided => "the runs do not tell whether they are met".into(),
        Unsure::Dropped if objectives == 1 => "only A has it, with this limit".into(),
        Unsure::Dropped => "only A has them, with these limits".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::estimate::Unit;
    use crate::outcome::sample;

    fn of(ruling: Ruling, moved: Option<Moved>, unsure: Option<Unsure>) -> Ruled {
        Ruled { rule: "p99 worse 5%".into(), ruling, moved, objectives: Vec::new(), unsure }
    }

    fn up() -> Moved {
        let interval = Some((0.01, 0.07));
        Moved { a: 100.0, b: 104.0, unit: Unit::Millis, relative: true, change: 0.04, interval, width: 0.05 }
    }

    #[test]
    fn a_rule_is_told_with_its_numbers_and_what_would_decide() {
        let near = Some(Unsure::Near { runs: Some(12) });
        assert_eq!(
            words(&of(Ruling::CannotTell, Some(up()), near)),
            "100ms → 104ms, +4 % (+1 % to +7 %); about 12 runs would tell"
        );
        let points = Moved {
            a: 0.0,
            b: 0.004,
            unit: Unit::Share,
            relative: false,
            change: 0.004,
            interval: None,
            width: 0.0,
        };
        assert_eq!(words(&of(Ruling::Failed, Some(points), None)), "0 % → 0.4 %, +0.4 points");
        let mut objectives = of(Ruling::Failed, None, None);
        objectives.objectives = vec!["errors < 1%".into()];
        assert_eq!(words(&objectives), "met in A and missed: errors < 1%");
        (objectives.ruling, objectives.unsure) = (Ruling::CannotTell, Some(Unsure::Dropped));
        assert_eq!(words(&objectives), "errors < 1%; only A has it, with this limit");
        assert_eq!(words(&of(Ruling::Passed, None, None)), "none that A meets is missed");
    }

    #[test]
    fn the_first_line_counts_the_rules_and_names_those_that_did_not_pass() {
        let outcome = sample::several();
        let with = |rulings: &[Ruling]| {
            let mut comparison = Comparison::of(&outcome, &outcome);
            comparison.rules = rulings.iter().map(|it| of(*it, Some(up()), None)).collect();
            comparison
        };
        let line = |all: &[Comparison]| anstream::adapter::strip_str(&gate(all)).to_string();
        use Ruling::{CannotTell, Failed, Passed};
        assert_eq!(line(&[with(&[])]), "");
        assert_eq!(line(&[with(&[Passed])]), "Gate: its rule passed\n");
        assert_eq!(line(&[with(&[Failed])]), "Gate: its rule failed: p99 worse 5%\n");
        assert_eq!(line(&[with(&[Passed, Passed])]), "Gate: all 2 rules passed\n");
        assert_eq!(
            line(&[with(&[Failed, CannotTell])]),
            "Gate: 1 of 2 rules failed: p99 worse 5%; 1 cannot be told\n"
        );
        let two = [with(&[Passed]), with(&[CannotTell])];
        assert_eq!(line(&two), "Gate: 1 of 2 rules cannot be told: p99 worse 5% (C)\n");
        // What the runs cannot tell has failed, if that is asked for.
        let mut strict = with(&[Failed]);
        strict.rules[0].unsure = Some(Unsure::OneRun);
        assert_eq!(
            line(std::slice::from_ref(&strict)),
            "Gate: its rule failed, because the runs cannot tell: p99 worse 5%\n"
        );
        assert!(words(&strict.rules[0]).contains("; the runs cannot tell, which fails: one run of each"));
        strict.rules.push(of(Failed, Some(up()), None));
        assert_eq!(
            line(&[strict]),
            "Gate: 2 of 2 rules failed: p99 worse 5% (the runs cannot tell), p99 worse 5%\n"
        );
        assert_eq!(section(&[with(&[])]).map(|it| it.title), None);
        assert!(
            anstream::adapter::strip_str(&section(&two).unwrap().to_string())
                .to_string()
                .contains("C  100ms → 104ms")
        );
    }
}
