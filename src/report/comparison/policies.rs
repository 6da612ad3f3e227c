//! A dry run of policies: what each scenario's policies did. In: [`Comparisons`]. Out: a row for each scenario with its hours and
//! its time above the target; then what each did, side by side on one axis of time.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::many::title;
use crate::comparison::{Act, Comparisons, Summary};
use crate::number::{clock, counted, millis, number, percent, share, usd};
use crate::report::section::Section;
use crate::report::table::{Cell, Side, Table};

/// Columns in which the titles of all must fit, else their letters stand for them.
const WIDTH: usize = 90;
/// Most rows of the axis of time.
const MOST_ROWS: usize = 30;
/// Spans that one row may stand for, seconds.
const SPANS: [f64; 12] =
    [60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0];

/// Both tables; nothing if no policy acted anywhere.
pub fn policies(all: &Comparisons) -> Option<String> {
    let parts: Vec<String> = parts(all).iter().map(Section::to_string).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// The same as parts of a page.
pub(in crate::report) fn parts(all: &Comparisons) -> Vec<Section> {
    match all.sides.iter().any(|side| !side.activities.is_empty()) {
        true => vec![totals(all), acts(all)],
        false => Vec::new(),
    }
}

/// What the policies of each came to.
fn totals(all: &Comparisons) -> Section {
    let mut fleets: Vec<&str> = Vec::new();
    for fleet in all.sides.iter().flat_map(|side| &side.fleets) {
        if !fleets.contains(&fleet.fleet.name.as_str()) {
            fleets.push(&fleet.fleet.name);
        }
    }
    let (left, right) = (Side::Left, Side::Right);
    let mut table = Table::new(&[left, left, left, right]);
    let above = match all.targets.as_slice() {
        [] => None,
        [target] => Some(format!("above {}", percent(target.percent))),
        _ => Some("above target".to_owned()),
    };
    let several = fleets.len() > 1;
    let mut titles = vec!["", "", if several { "fleet" } else { "" }, "instance-hours"];
    titles.extend(above.as_deref());
    titles.extend(["activities", "cost", "in trouble"]);
    table.titles(&titles);
    // The cost stands in the first table, too.
    table.sparing(&[titles.len() - 2]);
    for side in &all.sides {
        let (mut letter, mut name) = (side.letter.to_string(), title(side, all));
        for fleet in &side.fleets {
            let first = !letter.is_empty();
            let acts = side.activities.iter().filter(|act| act.fleet == fleet.fleet).count();
            let mut cells = vec![
                std::mem::take(&mut letter).into(),
                std::mem::take(&mut name).into(),
                if several { fleet.fleet.name.as_str().into() } else { "".into() },
                number(fleet.instance_hours).into(),
            ];
            if above.is_some() {
                cells.push(fleet.above_target.map_or("–".into(), share).into());
            }
            cells.push(acts.to_string().into());
            if first {
                cells.extend([usd(side.cost_usd).into(), trouble(side).into()]);
            }
            table.row(cells);
        }
    }
    Section::new("Policies", remark(all)).table(table)
}

fn trouble(side: &Summary) -> String {
    match side.trouble_s {
        0.0 => "no time".into(),
        seconds => millis(1e3 * seconds),
    }
}

/// By what the time above a target is measured, and of which run the activities are.
fn remark(all: &Comparisons) -> String {
    let above = match all.targets.as_slice() {
        [] => None,
        [one] => {
            Some(format!("above {}, the target of {} in {}", percent(one.percent), one.fleet.name, one.of))
        }
        [first, more @ ..] if more.iter().all(|it| it.of == first.of) => {
            Some(format!("above the target of each fleet in {}", first.of))
        }
        _ => Some("above the target that the first scenario with one has for the fleet".to_owned()),
    };
    let above = above.map(|above| format!("time in which CPU was {above}, while instances served"));
    let activities = (all.seeds.len() > 1).then(|| "activities of the first run".to_owned());
    above.into_iter().chain(activities).collect::<Vec<_>>().join("; ")
}

/// What each did and when: a row for each instant and fleet, or where there are too many, for each span.
fn acts(all: &Comparisons) -> Section {
    let several = all.sides.iter().any(|side| side.fleets.len() > 1);
    let every = || all.sides.iter().flat_map(|side| &side.activities);
    let rows =
        |span: f64| every().map(|act| (row_of(act, span), act.fleet.name.as_str())).collect::<BTreeSet<_>>();
    let exact = rows(1.0).len() <= MOST_ROWS;
    let longest = SPANS[SPANS.len() - 1];
    let span = match exact {
        true => 1.0,
        false => SPANS.into_iter().find(|span| rows(*span).len() <= MOST_ROWS).unwrap_or(longest),
    };
    let full: Vec<String> =
        all.sides.iter().map(|side| format!("{}  {}", side.letter, title(side, all))).collect();
    let fit = full.iter().map(|title| title.width() + 2).sum::<usize>() <= WIDTH;
    let short = |side: &Summary| side.letter.to_string();
    let titles = if fit { full } else { all.sides.iter().map(short).collect() };
    let before = if several { vec!["", "fleet"] } else { vec![""] };
    let mut table = Table::new(&[Side::Right, Side::Left]);
    table.titles(&[before, titles.iter().map(String::as_str).collect()].concat());
    let mut shown = None;
    for (start, fleet) in rows(span) {
        let mut cells: Vec<Cell> = vec![match shown == Some(start) {
            true => "".into(),
            false => clock(start as f64 * span).into(),
        }];
        shown = Some(start);
        cells.extend(several.then(|| fleet.into()));
        for side in &all.sides {
            let acts =
                side.activities.iter().filter(|act| act.fleet.name == fleet && row_of(act, span) == start);
            cells.push(cell(&acts.collect::<Vec<_>>()).into());
        }
        table.row(cells);
    }
    let run = if all.seeds.len() > 1 { ", of the first run" } else { "" };
    let each = match exact {
        true => format!("desired capacity when it changed{run}"),
        false => format!("desired capacity in each {}{run}", millis(1e3 * span)),
    };
    Section::new("Activities side by side", each).table(table)
}

/// The row of an activity on an axis of such spans.
fn row_of(act: &Act, span: f64) -> u64 {
    (act.at_s / span).floor().max(0.0) as u64
}

/// What one scenario did with one fleet in one row: `2 → 4`, `2 → 6 in 3 steps`.
fn cell(acts: &[&Act]) -> String {
    match acts {
        [] => String::new(),
        [one] => format!("{} → {}", one.from, one.to),
        [first, .., last] => {
            format!("{} → {} in {}", first.from, last.to, counted(acts.len() as u64, "step"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Activity, Outcome, sample};

    fn acting(at_s: f64, fleet: &str, from: u32, to: u32) -> Activity {
        let done_s = Some(at_s + 60.0);
        let (fleet, cause) = (fleet.to_owned(), "test".to_owned());
        Activity { at_s, done_s, fleet, of: None, from, to, cause, launches: 0, called_off: 0 }
    }

    fn page(activities: [Vec<Activity>; 2], fleets: usize) -> Vec<String> {
        let side = |(name, scaling): (&str, Vec<Activity>)| {
            let mut outcome: Outcome = sample::outcome();
            outcome.fleets.truncate(fleets);
            outcome.scaling = scaling;
            outcome.scenario.name = name.into();
            outcome
        };
        let [a, b] = activities;
        let all = Comparisons::of(&[side(("today", a)), side(("lean", b))]);
        let text = anstream::adapter::strip_str(&policies(&all).unwrap()).to_string();
        text.split_once("Activities").unwrap().1.lines().map(str::to_owned).collect()
    }

    #[test]
    fn activities_of_both_are_on_one_axis() {
        let lines = page(
            [vec![acting(61.4, "web", 2, 4), acting(300.0, "web", 4, 3)], vec![acting(61.9, "web", 2, 3)]],
            1,
        );
        assert!(lines[0].contains("desired capacity when it changed"), "{lines:?}");
        assert_eq!(lines[1..], ["        A  today  B  lean", "  1:01  2 → 4     2 → 3", "  5:00  4 → 3"]);
    }

    /// Forty, one each two minutes, are more than the rows: 16 rows of five minutes, with two steps or three.
    #[test]
    fn too_many_are_gathered_in_spans_and_none_is_left_out() {
        let many = (0..40).map(|at| acting(120.0 * f64::from(at), "web", at, at + 1)).collect();
        let lines = page([many, Vec::new()], 1);
        assert!(lines[0].contains("desired capacity in each 5m"), "{lines:?}");
        assert_eq!(lines.len() - 2, 16, "{lines:?}");
        assert_eq!((lines[2].trim(), lines[3].trim()), ("0:00  0 → 3 in 3 steps", "5:00  3 → 5 in 2 steps"));
        let steps = |line: &String| {
            line.split_once(" in ").map_or(1, |it| it.1.trim_end_matches(" steps").parse().unwrap())
        };
        assert_eq!(lines[2..].iter().map(steps).sum::<u32>(), 40);
    }

    #[test]
    fn without_any_activity_there_is_no_section() {
        let mut outcome = sample::outcome();
        outcome.scaling.clear();
        assert_eq!(policies(&Comparisons::of(&[outcome.clone(), outcome])), None);
    }
}
