//! The page of more than two scenarios. In: [`Comparisons`]. Out: styled text: which one to take, a row for each scenario, then what is sure
//! of each against the first, then objectives, and what policies did.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::choice::{choice, cost};
use super::headline::{headline, standing};
use super::{caution, colour, gate, heading, named, notes, policies};
use crate::comparison::{Comparisons, Judged, Summary};
use crate::number::{clock, millis, share};
use crate::outcome::Outcome;
use crate::report::nines;
use crate::report::recovery;
use crate::report::section::{Paper, Section};
use crate::report::table::{BAD, Cell, GOOD, HEADING, PLAIN, QUIET, Side, Style, Table, WARNING, paint};

/// Columns of a line that names a scenario and its overrides.
const WIDTH: usize = 110;
/// What a word on another one compares it with.
const AGAINST: &str = "against A";
/// The title of what decides, on a page where every part has one.
const DECISIONS: &str = "Each scenario";
/// Columns of a title in a table.
const TITLE: usize = 40;

/// Everything on a page or two.
pub fn comparisons(all: &Comparisons, paper: Paper) -> String {
    let first = all.comparisons.first().map_or(String::new(), notes::of_first);
    let decisions = Section { title: DECISIONS.into(), ..decisions(all) };
    let decided: String = decisions.blocks.iter().map(|block| paper.print(block)).collect();
    let mut sections = vec![
        gate::gate(&all.comparisons) + &choice(all) + &decided,
        heading(&all.seeds) + &listed(all) + &first,
    ];
    for (title, words) in against_first(all) {
        sections.push(format!("{}  {}\n{words}", paint(HEADING, title), paint(QUIET, AGAINST)));
    }
    let tables = tables(all);
    sections.extend(tables.iter().map(|part| paper.print(part)));
    sections.extend(paper.left_out(std::iter::once(&decisions).chain(&tables)));
    let runs = all.seeds.len();
    let caution = match runs {
        // No word is shown of one run.
        1 => Vec::new(),
        runs => {
            let words = all.comparisons.iter().flat_map(|it| &it.figures).map(|it| it.word);
            caution(words, runs, "one figure", "is called")
        }
    };
    let rest = ["Every figure of each against A: --format json".to_owned()];
    let lines: String = caution.into_iter().chain(rest).map(|line| format!("  {line}\n")).collect();
    sections.push(paint(QUIET, lines));
    paper.fold(sections.join("\n"))
}

/// Which scenario each letter stands for, a line each.
pub(in crate::report) fn listed(all: &Comparisons) -> String {
    let listed = all.sides.iter().map(|it| named(it.letter, &it.name, &it.file, &it.overrides));
    listed.map(|line| format!("{}\n", cut(line.trim_end(), WIDTH))).collect()
}

/// Of each but the first: its letter and title, and what is sure of it against the first.
pub(in crate::report) fn against_first(all: &Comparisons) -> Vec<(String, String)> {
    let others = all.sides.iter().skip(1).zip(&all.comparisons);
    let words = others.map(|(side, comparison)| {
        let notes = notes::beside_first(comparison, side.letter);
        (format!("{}  {}", side.letter, side.name), notes + &headline(comparison, side.letter))
    });
    words.collect()
}

/// What decides, and all tables.
pub(in crate::report) fn parts(all: &Comparisons) -> Vec<Section> {
    [vec![Section { title: DECISIONS.into(), ..decisions(all) }], tables(all)].concat()
}

fn tables(all: &Comparisons) -> Vec<Section> {
    let of = |side| recovery::Of::new(side, title(side, all));
    let recovered: Vec<recovery::Of<'_>> = all.sides.iter().map(of).collect();
    let parts = [
        gate::section(&all.comparisons),
        objectives(all),
        recovery::of_sides(&recovered),
        crate::report::faults::of_sides(all),
        crate::report::deployments::of_sides(all),
    ];
    parts.into_iter().flatten().chain(policies::parts(all)).collect()
}

/// The blocks of a section without its heading.
fn print(section: &Section) -> String {
    section.blocks.iter().map(ToString::to_string).collect()
}

/// What decides, and nothing else: a row for each, and each objective.
pub fn comparisons_verdicts(all: &Comparisons) -> String {
    let first = all.comparisons.first().map_or(String::new(), notes::of_first);
    let others = all.sides.iter().skip(1).zip(&all.comparisons);
    let notes: String = others.map(|(side, it)| notes::beside_first(it, side.letter)).collect();
    let tables = [gate::section(&all.comparisons), objectives(all)];
    let tables: String = tables.into_iter().flatten().map(|it| it.to_string()).collect();
    first + &notes + &gate::gate(&all.comparisons) + &choice(all) + &print(&decisions(all)) + &tables
}

/// Most resources of a side that are named as full.
const FULL: usize = 3;

/// Whether each meets its objectives, what it costs, and the figures that people ask for first.
fn decisions(all: &Comparisons) -> Section {
    let (left, right) = (Side::Left, Side::Right);
    let mut table = Table::new(&[left, left, left, right, right, right, right, left, right, right]);
    table.sparing(&[9, 8, 7, 6]);
    let has_fleets = all.sides.iter().any(|side| !side.fleets.is_empty());
    let mut titles = vec!["", "", "objectives", "cost", "p99", "errors", "nines", "was full"];
    if has_fleets {
        titles.extend(["most instances", "first acts"]);
    }
    table.titles(&titles);
    for side in &all.sides {
        let (text, style) = decided(side);
        let mut cells = vec![
            side.letter.to_string().into(),
            title(side, all).into(),
            Cell::new(text, style),
            cost(side).into(),
            side.p99_ms.map_or("–".into(), millis).into(),
            share(side.errors).into(),
            side.availability.map_or("–".into(), |it| nines::of_event(&it.year)).into(),
            full(side).into(),
        ];
        if has_fleets {
            let acts = side.first_acted_s().map_or("never".into(), |at| clock(at.floor()));
            cells.extend([instances(side).into(), acts.into()]);
        }
        table.row(cells);
    }
    let lacking = all.sides.iter().filter(|side| !side.unpriced.is_empty()).map(lacking).collect();
    let of_runs = match has_fleets && all.seeds.len() > 1 {
        true => vec!["Most instances are those of any run; first acts is of the first run.".to_owned()],
        false => Vec::new(),
    };
    Section::new("", "").table(table).styled(of_runs, QUIET, None).styled(lacking, WARNING, None)
}

/// What of a side was full: the first of it, and how much more.
fn full(side: &Summary) -> String {
    let named = side.saturated.iter().take(FULL).cloned().collect::<Vec<_>>().join(", ");
    match side.saturated.len().saturating_sub(FULL) {
        0 if named.is_empty() => "–".into(),
        0 => named,
        more => format!("{named}, {more} more"),
    }
}

/// A line of progress: what one scenario came to.
pub fn side_done(letter: char, outcome: &Outcome) -> String {
    let all = Comparisons::of(std::slice::from_ref(outcome));
    let side = &all.sides[0];
    let p99 = side.p99_ms.map_or("–".into(), millis);
    let (errors, cost) = (share(side.errors), cost(side));
    format!("{letter}  {}: {}, p99 {p99}, errors {errors}, {cost}", title(side, &all), standing(side.score))
}

/// The title of a scenario, cut if it is long: that of a variant without a name is its overrides, and so it is where another one has the
/// same name.
pub(in crate::report) fn title(side: &Summary, all: &Comparisons) -> String {
    let has_name = |other: &Summary| other.letter != side.letter && other.name == side.name;
    match all.sides.iter().any(has_name) && !side.overrides.is_empty() {
        true => cut(&side.overrides.join(", "), TITLE),
        false => cut(&side.name, TITLE),
    }
}

/// At most so many columns of a text.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used < width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

fn decided(side: &Summary) -> (String, Style) {
    let score = side.score;
    let style = match (score.missed, score.cannot_tell, score.all()) {
        (_, _, 0) => QUIET,
        (0, 0, _) => GOOD,
        (0, _, _) => WARNING,
        _ => BAD,
    };
    (standing(score), style)
}

fn lacking(side: &Summary) -> String {
    format!("{} has no price for {}", side.letter, side.unpriced.join(", "))
}

/// Most instances of each fleet, in the order of the file.
fn instances(side: &Summary) -> String {
    let each: Vec<String> = side.fleets.iter().map(|fleet| fleet.most_instances.to_string()).collect();
    if each.is_empty() { "–".into() } else { each.join(" + ") }
}

/// A row for each objective that any of them has; a column for each scenario.
fn objectives(all: &Comparisons) -> Option<Section> {
    let mut written: Vec<&str> = Vec::new();
    for objective in all.sides.iter().flat_map(|side| &side.objectives) {
        if !written.contains(&objective.objective.as_str()) {
            written.push(&objective.objective);
        }
    }
    let mut table = Table::new(&[Side::Left]);
    table.titles(&["", "", "", "", "broken for"]);
    for objective in &written {
        let mut name = *objective;
        for side in &all.sides {
            let found = side.objectives.iter().find(|it| it.objective == *objective);
            let [standing, seen, broken] = found.map_or_else(none, cells);
            table.row([
                std::mem::take(&mut name).into(),
                side.letter.to_string().into(),
                standing,
                seen,
                broken,
            ]);
        }
    }
    let remark = "a bound is broken in the rows of the timeline that are beyond it";
    (!written.is_empty()).then(|| Section::new("Objectives", remark).table(table))
}

fn cells(judged: &Judged) -> [Cell; 3] {
    let seen = if judged.by_runs.is_empty() { &judged.observed } else { &judged.by_runs };
    let broken = match judged.broken_s {
        None => Cell::new("not known", QUIET),
        Some(0.0) => Cell::new("no time", PLAIN),
        Some(seconds) => Cell::new(millis(1e3 * seconds), PLAIN),
    };
    [Cell::new(judged.standing.text(), colour(judged.standing)), seen.as_str().into(), broken]
}

fn none() -> [Cell; 3] {
    [Cell::new("no objective", QUIET), "".into(), "".into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that is folded because its table is too wide tears cells from their columns.
    #[test]
    fn tables_of_three_with_long_names_fit_eighty_columns() {
        let outcomes: Vec<Outcome> = ["a title that has forty columns, no fewer", "second", "third"]
            .map(|name| {
                let mut outcome = crate::outcome::sample::outcome();
                outcome.scenario.name = name.into();
                outcome
            })
            .into();
        let all = Comparisons::of(&outcomes);
        assert!(!all.sides[0].fleets.is_empty() && !all.sides[0].activities.is_empty());
        for block in parts(&all).iter().flat_map(|section| &section.blocks) {
            let text = anstream::adapter::strip_str(&format!("{block:80}")).to_string();
            assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_columns() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("fives", 4), "fiv…");
        assert_eq!(cut("주문 주문", 5), "주문…");
    }
}
