//! A dry run of policies: what each scenario's policies did. In: [`Comparisons`]. Out: a row for each scenario with its hours and
//! its time above the target; then what each did, side by side on one axis of time.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::many::title;
use crate::comparison::{Act, Comparisons, Summary};
use crate::number::{clock, counted, millis, number, percent, share, usd};
use crate::report::table::{Cell, HEADING, QUIET, Side, Table, paint};

/// Columns in which the titles of all must fit, else their letters stand for them.
const WIDTH: usize = 90;
/// Most rows of the axis of time.
const MOST_ROWS: usize = 30;
/// Spans that one row may stand for, seconds.
const SPANS: [f64; 12] =
    [60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 21_600.0, 43_200.0, 86_400.0];

/// Both tables; nothing if no policy acted anywhere.
pub(super) fn policies(all: &Comparisons) -> Option<String> {
    all.sides.iter().any(|side| !side.activities.is_empty()).then(|| format!("{}\n{}", totals(all), acts(all)))
}

/// What the policies of each came to.
fn totals(all: &Comparisons) -> String {
    let mut fleets: Vec<&str> = Vec::new();
    for fleet in all.sides.iter().flat_map(|side| &side.fleets) {
        if !fleets.contains(&fleet.name.as_str()) {
            fleets.push(&fleet.name);
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
    for side in &all.sides {
        let (mut letter, mut name) = (side.letter.to_string(), title(side));
        for fleet in &side.fleets {
            let first = !letter.is_empty();
            let acts = side.activities.iter().filter(|act| act.fleet == fleet.name).count();
            let mut cells = vec![
                std::mem::take(&mut letter).into(),
                std::mem::take(&mut name).into(),
                if several { fleet.name.as_str().into() } else { "".into() },
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
    format!("{}  {}\n{table}", paint(HEADING, "Policies"), paint(QUIET, remark(all)))
}

fn trouble(side: &Summary) -> String {
    match side.trouble_s {
        0.0 => "no time".into(),
        seconds => millis(1e3 * seconds),
    }
}

/// By what the time above a target is measured.
fn remark(all: &Comparisons) -> String {
    let targets: Vec<String> = match all.targets.as_slice() {
        [one] => vec![format!("{} CPU, the target of {} in {}", percent(one.percent), one.fleet, one.of)],
        targets => {
            targets.iter().map(|it| format!("{} of {} in {}", percent(it.percent), it.fleet, it.of)).collect()
        }
    };
    match targets.as_slice() {
        [] => String::new(),
        targets => format!("time above {}, of all rows in which instances served", targets.join(", ")),
    }
}

/// What each did and when: a row for each instant, or where there are too many, for each span.
fn acts(all: &Comparisons) -> String {
    let several = all.sides.iter().any(|side| side.fleets.len() > 1);
    let every = || all.sides.iter().flat_map(|side| &side.activities);
    let rows = |span: f64| {
        let mut starts: Vec<u64> = every().map(|act| row_of(act, span)).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    };
    let exact = rows(1.0).len() <= MOST_ROWS;
    let longest = SPANS[SPANS.len() - 1];
    let span = match exact {
        true => 1.0,
        false => SPANS.into_iter().find(|span| rows(*span).len() <= MOST_ROWS).unwrap_or(longest),
    };
    let mut table = Table::new(&[Side::Right, Side::Left]);
    let full: Vec<String> = all.sides.iter().map(|side| format!("{}  {}", side.letter, title(side))).collect();
    let fit = full.iter().map(|title| title.width() + 2).sum::<usize>() <= WIDTH;
    let short = |side: &Summary| side.letter.to_string();
    let titles = if fit { full } else { all.sides.iter().map(short).collect() };
    table.titles(&[&[""], titles.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat());
    for start in rows(span) {
        let at = start as f64 * span;
        let mut cells: Vec<Cell> = vec![clock(at).into()];
        for side in &all.sides {
            let acts = side.activities.iter().filter(|act| row_of(act, span) == start);
            cells.push(cell(acts.collect(), several).into());
        }
        table.row(cells);
    }
    let each = match exact {
        true => "desired capacity when it changed, of the first run".into(),
        false => format!("desired capacity in each {}, of the first run", millis(1e3 * span)),
    };
    format!("{}  {}\n{table}", paint(HEADING, "Activities side by side"), paint(QUIET, each))
}

/// The row of an activity on an axis of such spans.
fn row_of(act: &Act, span: f64) -> u64 {
    (act.at_s / span).floor().max(0.0) as u64
}

/// What one scenario did in one row: `2 → 4`, `2 → 6 in 3 steps`, with the fleet if there are several.
fn cell(acts: Vec<&Act>, several: bool) -> String {
    let mut fleets: BTreeMap<&str, Vec<&Act>> = BTreeMap::new();
    for act in acts {
        fleets.entry(&act.fleet).or_default().push(act);
    }
    let one = |(fleet, acts): (&&str, &Vec<&Act>)| {
        let (from, to) = (acts[0].from, acts[acts.len() - 1].to);
        let name = if several { format!("{fleet} ") } else { String::new() };
        let steps = match acts.len() {
            1 => String::new(),
            steps => format!(" in {}", counted(steps as u64, "step")),
        };
        format!("{name}{from} → {to}{steps}")
    };
    fleets.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(at_s: f64, from: u32, to: u32) -> Act {
        Act { at_s, fleet: "web".into(), from, to }
    }

    #[test]
    fn a_row_says_what_one_scenario_did_in_it() {
        let (one, two) = (act(61.4, 2, 4), act(118.0, 4, 3));
        assert_eq!(cell(vec![&one], false), "2 → 4");
        assert_eq!(cell(vec![&one, &two], false), "2 → 3 in 2 steps");
        let other = Act { fleet: "api".into(), ..act(70.0, 1, 2) };
        assert_eq!(cell(vec![&one, &other, &two], true), "api 1 → 2, web 2 → 3 in 2 steps");
        assert_eq!(cell(vec![], false), "");
        assert_eq!((row_of(&one, 1.0), row_of(&one, 60.0), row_of(&two, 60.0)), (61, 1, 1));
    }
}
