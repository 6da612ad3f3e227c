//! The page of a backtest. In: [`Backtest`]. Out: styled text: the verdict with its rules, figures measured and predicted, when instances
//! changed, where it does not fit, what it lacks. And the same as a table of periods.

use super::measured::{by_period, figures, misfits, periods, worst_first};
use super::section::{Paper, Section};
use super::table::{BAD, Cell, GOOD, HEADING, QUIET, Side, Style, Table, WARNING, paint};
use crate::backtest::{Backtest, Change, Step, Word};
use crate::number::{clock, counted, digits, number};

/// Changes of a group that a page shows.
const MOST_CHANGES: usize = 10;

/// The whole page.
pub fn backtest(found: &Backtest, paper: Paper) -> String {
    let parts = parts(found, paper.whole);
    let printed = parts.iter().map(|part| paper.print(part)).chain(paper.left_out(&parts));
    let text = [title(found), answer(found)].into_iter().chain(printed);
    paper.fold(text.collect::<Vec<_>>().join("\n"))
}

fn title(found: &Backtest) -> String {
    let changes: String = found.overrides.iter().map(|change| format!(" --set {change}")).collect();
    let starts = found.starts.as_ref().map_or(String::new(), |date| format!(", from {date}"));
    let periods = periods(found.periods, found.width_s);
    let runs = counted(found.seeds.len() as u64, "run");
    let facts = format!("{periods}{starts}, {runs} from seed {}", found.seeds.first().unwrap_or(&0));
    format!(
        "{}  {}\n  {}{changes}\n  {}\n",
        paint(HEADING, &found.name),
        paint(QUIET, facts),
        found.file,
        found.measured
    )
}

/// The verdict in a line, and which periods it is of.
pub fn answer(found: &Backtest) -> String {
    let (word, style) = word(found.verdict.word);
    format!("Good enough to bet on: {}\n  {}\n", paint(style, word), paint(QUIET, &found.held_out))
}

fn word(word: Word) -> (&'static str, Style) {
    match word {
        Word::Yes => ("yes", GOOD),
        Word::No => ("no", BAD),
        Word::CannotTell => ("cannot tell", WARNING),
        Word::NotAsked => ("not asked", QUIET),
    }
}

fn parts(found: &Backtest, whole: bool) -> Vec<Section> {
    let start_s = |period: usize| found.start_s(period);
    let mut parts = vec![rules(found)];
    let judged = found.figures.iter().filter_map(|it| it.errors).map(|it| it.periods).max().unwrap_or(0);
    let remark = format!("over {}", counted(judged as u64, "judged period"));
    parts.push(figures("Predicted beside measured", remark, &found.figures, &start_s));
    parts.extend(scaling(found, whole));
    parts.extend(misfits(&found.misfits, whole));
    let groups = worst_first(&found.figures);
    let shown = if whole { groups.len() } else { 1 };
    parts.extend(groups.iter().take(shown).filter_map(|group| by_period(group, &start_s, whole)));
    if !found.lacking.is_empty() {
        parts.push(Section::new("What it lacks", "").styled(found.lacking.clone(), QUIET, None));
    }
    parts
}

/// The rules of the verdict.
fn rules(found: &Backtest) -> Section {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    for rule in &found.verdict.rules {
        let (word, style) = word(rule.word);
        table.row([Cell::new(word, style), rule.asks.as_str().into(), rule.found.as_str().into()]);
    }
    let note = "Every limit is an assumption and has a flag: --help.".to_owned();
    Section::new("The rule of the verdict", "no where one says no; yes where none is open")
        .table(table)
        .styled(vec![note], QUIET, None)
}

/// When the number of instances changed.
fn scaling(found: &Backtest, whole: bool) -> Option<Section> {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Right]);
    table.titles(&["fleet", "measured", "predicted (first run)", "late by"]);
    let mut more = 0;
    for group in &found.scaling {
        let shown = if whole { group.changes.len() } else { MOST_CHANGES };
        more += group.changes.len().saturating_sub(shown);
        for change in group.changes.iter().take(shown) {
            let (late, style) = late(change, found.width_s);
            table.row([
                group.fleet.as_str().into(),
                Cell::from(change.measured.map_or("–".into(), step)),
                Cell::from(change.predicted.map_or("–".into(), step)),
                Cell::new(late, style),
            ]);
        }
    }
    let note = (more > 0).then(|| format!("… {more} more (-v)"));
    (!found.scaling.is_empty()).then(|| {
        Section::new("Scaling", format!("as {} show it", periods(found.periods, found.width_s)))
            .table(table)
            .styled(note.into_iter().collect(), QUIET, None)
    })
}

fn step(step: Step) -> String {
    format!("{}  {} → {}", clock(step.at_s), number(step.from), number(step.to))
}

fn late(change: &Change, width_s: f64) -> (String, Style) {
    match (change.late_s(), change.measured) {
        (Some(late), _) => {
            let sign = if late < 0.0 { "-" } else { "" };
            let style = if late.abs() <= 2.0 * width_s { GOOD } else { WARNING };
            (format!("{sign}{}", clock(late.abs())), style)
        }
        (None, Some(_)) => ("not predicted".into(), BAD),
        (None, None) => ("not measured".into(), BAD),
    }
}

/// Every pair as a table.
pub fn backtest_csv(found: &Backtest) -> String {
    pairs_csv(&found.figures, &|period| found.start_s(period))
}

/// Pairs of figures as a table: one row a figure and period.
pub(super) fn pairs_csv(figures: &[crate::backtest::Compared], start_s: &dyn Fn(usize) -> f64) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [String; 7]| table.write_record(row).expect("a vector takes every row");
    write(["figure", "at_s", "measured", "predicted", "low", "high", "judged"].map(str::to_owned));
    for compared in figures {
        for pair in &compared.pairs {
            let end = |of: fn((f64, f64)) -> f64| pair.band.map_or(String::new(), |band| digits(of(band)));
            write([
                compared.of.to_string(),
                digits(start_s(pair.period)),
                digits(pair.measured),
                digits(pair.predicted),
                end(|band| band.0),
                end(|band| band.1),
                pair.judged.to_string(),
            ]);
        }
    }
    let bytes = table.into_inner().expect("a vector takes every row");
    String::from_utf8(bytes).expect("cells are text")
}
