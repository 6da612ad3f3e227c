//! The page of a study. In: [`Swept`]. Out: styled text: the cheapest point that meets everything, and a row for each point.

use super::changes::with_changes;
use super::section::{Paper, Section};
use super::table::{BAD, Cell, GOOD, HEADING, PLAIN, QUIET, Side, Style, Table, WARNING, paint};
use crate::number::{counted, millis, number, share, times, usd};
use crate::outcome::estimate::Unit;
use crate::study::{Figure, PointResult, Swept};

/// Rows that a page shows if not everything is asked for.
const MOST_ROWS: usize = 60;
/// Items without a price that are named.
const MOST_UNPRICED: usize = 3;
/// Columns of a problem, which stands in one of them.
const PROBLEM: usize = 40;

/// The figures that every sweep shows: their titles, and their names among the figures.
const USUAL: [(&str, &str); 3] = [("cost", "cost"), ("p99", "p99"), ("errors", "errors")];

/// Most values of the axis of which each has a map of the two others.
pub(super) const MOST_MAPS: usize = 6;

/// The whole page.
pub fn sweep(found: &Swept, paper: Paper) -> String {
    let parts = [points(found, paper.whole)];
    let undrawn = undrawn(found).map(|words| paint(QUIET, words + "\n"));
    let printed = parts.iter().map(|part| paper.print(part)).chain(undrawn).chain(paper.left_out(&parts));
    paper.fold(
        [title(found), cheapest_of_sweep(found)].into_iter().chain(printed).collect::<Vec<_>>().join("\n"),
    )
}

/// The tables of the page, whole.
pub(super) fn parts(found: &Swept) -> Vec<Section> {
    vec![points(found, true)]
}

fn title(found: &Swept) -> String {
    let file = with_changes(&found.file, &found.overrides);
    format!("{}  {}\n  {file}\n", paint(HEADING, &found.name), paint(QUIET, facts(found)))
}

/// How much was run: `11 points, 4 runs of each from seed 1`.
pub(super) fn facts(found: &Swept) -> String {
    let points = counted(found.points.len() as u64, "point");
    match found.seeds.as_slice() {
        [seed] => format!("{points}, one run of each under seed {seed}"),
        seeds => format!("{points}, {} runs of each from seed {}", seeds.len(), seeds.first().unwrap_or(&0)),
    }
}

/// The cheapest point that meets every objective, in a sentence.
pub fn cheapest_of_sweep(found: &Swept) -> String {
    let able = found.points.iter().filter(|it| it.problem.is_none());
    if !found.has_objectives() {
        let text = "No point can be told from another by its objectives: the scenario has none.\n";
        return paint(QUIET, text);
    }
    let named = |point: &PointResult| {
        let cost = point.figure("cost").map_or(String::new(), |it| format!(", {}", value(it)));
        format!("{}{cost}", values(found, point))
    };
    let mut text = match found.cheapest() {
        Some(point) => {
            format!("Cheapest that meets every objective: {}.\n", paint(GOOD, named(point)))
        }
        None if able.clone().any(PointResult::surely_meets_all) => {
            let text = "Some points meet every objective; which is the cheapest is not known, because prices are missing.\n";
            paint(WARNING, text)
        }
        None if able.clone().any(PointResult::meets_all) => {
            paint(WARNING, "No point surely meets every objective.\n")
        }
        None => paint(BAD, "No point meets every objective.\n"),
    };
    if let Some(point) = found.cheapest_unsure() {
        let line = format!("Cheaper, and may or may not meet them: {}; more --runs may tell.", named(point));
        text += &format!("{}\n", paint(WARNING, line));
    }
    text
}

/// `fleet.was.min = 6, fleet.was.instance = c7g.large`.
pub(super) fn values(found: &Swept, point: &PointResult) -> String {
    let labels = found.labels(point);
    let each = found.axes.iter().zip(labels).map(|(axis, label)| format!("{} = {label}", axis.name));
    let text: Vec<String> = each.collect();
    if text.is_empty() { "the file as it is".into() } else { text.join(", ") }
}

/// Why there is no chart, if that is because of the axes.
pub(super) fn undrawn(found: &Swept) -> Option<String> {
    let values: Vec<usize> =
        found.axes.iter().map(|it| it.choices.len()).filter(|count| *count > 1).collect();
    let is_drawn = values.len() < 3 || values.len() == 3 && values.iter().any(|count| *count <= MOST_MAPS);
    let most =
        format!("A chart has two axes, or three of which one has at most {MOST_MAPS} values: there is none.");
    (!is_drawn).then_some(most)
}

fn points(found: &Swept, whole: bool) -> Section {
    let shown = if whole { found.points.len() } else { MOST_ROWS };
    let axes = found.axes.len();
    let figures: Vec<(&str, &str)> =
        USUAL.into_iter().chain(found.shown.iter().map(|name| (name.as_str(), name.as_str()))).collect();
    let sides: Vec<Side> = (0..axes)
        .map(|at| if found.axes[at].numbers().is_some() { Side::Right } else { Side::Left })
        .chain([Side::Left])
        .chain(figures.iter().map(|_| Side::Right))
        .chain([Side::Left, Side::Left])
        .collect();
    let mut table = Table::new(&sides);
    // Where a page is narrow: first where it is full, then what was.
    let last = axes + 1 + figures.len();
    table.sparing(&[last + 1, last]);
    let titles = found.axes.iter().map(|it| it.name.as_str()).chain(["objectives"]);
    let titles = titles.chain(figures.iter().map(|it| it.0)).chain(["was full", "full at"]);
    table.titles(&titles.collect::<Vec<_>>());
    let best = found.cheapest();
    for point in found.points.iter().take(shown) {
        let is_best = best.is_some_and(|it| std::ptr::eq(it, point));
        let style = if is_best { GOOD } else { PLAIN };
        let labels = found.labels(point).into_iter().map(|it| Cell::new(it, style));
        let mut cells: Vec<Cell> = labels.collect();
        if let Some(problem) = &point.problem {
            cells.push(Cell::paragraphs(vec![format!("not possible: {problem}")], QUIET, PROBLEM));
            table.row(cells);
            continue;
        }
        let (text, style) = decided(point);
        cells.push(Cell::new(text, style));
        cells.extend(figures.iter().map(|(_, name)| match point.figure(name) {
            Some(figure) if figure.unit == Unit::Usd && !point.unpriced.is_empty() => {
                Cell::new("unknown", WARNING)
            }
            figure => figure.map_or("–".into(), value).into(),
        }));
        cells.push(Cell::from(if point.full.is_empty() { "–".into() } else { point.full.join(", ") }));
        let nearest = point.nearest.as_ref().filter(|_| point.full.is_empty());
        cells.push(nearest.map_or("–".into(), |it| format!("{} {}", times(it.multiple), it.resource)).into());
        table.row(cells);
    }
    table.without_empty();
    let more = found.points.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("{more} more: sweep.csv, or -v")).into_iter().collect();
    let unpriced = found.points.iter().find(|it| !it.unpriced.is_empty());
    let unpriced = unpriced.map(|it| {
        let more = it.unpriced.len().saturating_sub(MOST_UNPRICED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let first = it.unpriced.iter().take(MOST_UNPRICED).cloned().collect::<Vec<_>>().join("; ");
        format!("Without a price, as in {}: {first}{more}", values(found, it))
    });
    let full = "was full: in more than half of the runs; full at: times this traffic";
    Section::new("Points", full).table(table).styled(more, QUIET, None).styled(
        unpriced.into_iter().collect(),
        WARNING,
        None,
    )
}

/// Whether a point meets everything.
fn decided(point: &PointResult) -> (String, Style) {
    let all = point.objectives.len();
    match (point.missed(), all) {
        (_, 0) => ("–".into(), QUIET),
        ((0, 0), _) => ("all met".into(), GOOD),
        ((0, unsure), _) => (format!("cannot tell {unsure} of {all}"), WARNING),
        ((missed, _), _) => (format!("{missed} of {all} missed"), BAD),
    }
}

/// A figure in its unit.
pub(super) fn value(figure: &Figure) -> String {
    let show = |value: f64| match figure.unit {
        Unit::Millis => millis(value),
        Unit::Seconds => millis(1e3 * value),
        Unit::Share => share(value),
        Unit::Usd => usd(value),
        Unit::Multiple => times(value),
        Unit::PerSecond => format!("{}/s", number(value)),
        Unit::Percent => format!("{} %", number(value)),
        Unit::Hours => format!("{} h", number(value)),
        Unit::Count | Unit::Text => number(value),
    };
    show(figure.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Standing;
    use crate::study::sample;

    /// Costs rise with the value; the p99 falls below its limit of 500 ms from the second on.
    fn study() -> Swept {
        sample::study(&[("fleet.web.min", &["1", "2", "3"])], |at| {
            Some([[600.0, 450.0, 400.0][at[0]], 0.0, [1.0, 2.0, 3.0][at[0]]])
        })
    }

    fn words(found: &Swept) -> String {
        anstream::adapter::strip_str(&cheapest_of_sweep(found)).to_string()
    }

    #[test]
    fn the_cheapest_point_is_one_that_surely_meets_everything() {
        let mut found = study();
        assert_eq!(words(&found), "Cheapest that meets every objective: fleet.web.min = 2, $2.00.\n");
        found.points[1].objectives[0].standing = Standing::CannotTell;
        let said = words(&found);
        assert!(
            said.starts_with("Cheapest that meets every objective: fleet.web.min = 3, $3.00.\n"),
            "{said}"
        );
        assert!(said.contains("Cheaper, and may or may not meet them: fleet.web.min = 2, $2.00;"), "{said}");
        found.points[2].objectives[0].standing = Standing::CannotTell;
        assert!(words(&found).starts_with("No point surely meets every objective.\n"));
    }

    #[test]
    fn what_has_no_price_is_not_cheap() {
        let mut found = study();
        let unpriced: Vec<String> = (0..5).map(|at| format!("hours of type {at}: no price known")).collect();
        for point in &mut found.points {
            point.unpriced.clone_from(&unpriced);
        }
        assert!(words(&found).contains("because prices are missing"), "{}", words(&found));
        let page = anstream::adapter::strip_str(&sweep(&found, Paper::default())).to_string();
        assert!(page.contains("unknown") && !page.contains("$2.00"), "{page}");
        assert!(
            page.contains("Without a price, as in fleet.web.min = 1: ") && page.contains("; and 2 more"),
            "{page}"
        );
        assert!(crate::report::sweep_csv(&found).contains("hours of type 4: no price known"));
        found.points[2].unpriced.clear();
        assert!(
            words(&found).starts_with("Cheapest that meets every objective: fleet.web.min = 3, $3.00.\n")
        );
    }
}
