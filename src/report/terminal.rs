//! The page that a run prints. In: an [`Outcome`] and the files written. Out: styled text, the verdict first.
//!
//! Green is met, red missed or failed, yellow trouble, cyan a path. Every colour only repeats the text.

mod availability;
mod bill;
mod ending;
#[cfg(feature = "schema")]
mod happened;
mod headroom;
mod history;
mod latency;
mod margin;
mod next;
mod requests;
mod resources;
#[cfg(feature = "schema")]
mod signs;
mod story;
mod warnings;

pub(super) use availability::TITLE as AVAILABILITY;
pub(super) use bill::by_service;
#[cfg(feature = "schema")]
pub(super) use ending::WORDS as LAST_WORDS;
pub(super) use ending::ending;
#[cfg(feature = "charts")]
pub(super) use ending::{cause_title, first_cause, verdict_in_words};
#[cfg(feature = "schema")]
pub(super) use headroom::TITLES as HEADROOM_TITLES;
pub(super) use history::{TITLE as PHASES, span_of};
pub(super) use latency::TITLE as LATENCY;
pub(super) use next::command;
pub(super) use requests::TITLE as REQUESTS;
#[cfg(feature = "schema")]
pub(super) use signs::SIGNS;

use std::path::{Path, PathBuf};

#[cfg(feature = "charts")]
use super::chart::text::rewritten;
use super::section::{Paper, Section};
use super::table::{BAD, Cell, GOOD, HEADING, PATH, PLAIN, QUIET, Side, Style, Table, WARNING, paint};
use crate::number::{count, counted, percent};
#[cfg(feature = "schema")]
use crate::outcome::{LINK_WORDS, PHASE_WORDS};
use crate::outcome::{Outcome, Standing};
use crate::text::{Word, visible};
use crate::units::Time;

const OBJECTIVES: Word = Word::new(
    "Objectives",
    "The verdict on each bound of [objectives], with what was observed; they decide between exit code 0 and 99.",
);
const PRECISION: Word = Word::new(
    "Precision",
    "Whether each figure is known as well as --precision asked, and after how many runs.",
);
const FILES: Word = Word::new("Files", "The files that the run has written, by their folders.");
const PARTIAL: Word = Word::new(
    "Partial",
    "The runs were ended early, by a signal or a limit: all figures are of the part that there is.",
);
const REACHED: Word = Word::new("reached", "The interval of the figure is as narrow as was asked for.");
const NOT_REACHED: Word = Word::new(
    "not reached",
    "The interval of the figure is wider than was asked for, after the most runs allowed.",
);

const MET: Word = Word::new("met", "What was observed is within the bound of the objective.");
const MISSED: Word = Word::new("missed", "What was observed is beyond the bound of the objective.");
const CANNOT_TELL: Word = Word::new(
    "cannot tell",
    "Runs differ too much, or too little happened, to say whether the objective is met.",
);

/// Every part of a page that is of no kind of resource, with the words in it.
#[cfg(feature = "schema")]
pub(super) fn words() -> Vec<(Word, Vec<Word>)> {
    let heads = |heads: &[Word]| heads.iter().copied().filter(|head| *head != Word::NONE).collect();
    vec![
        (OBJECTIVES, vec![MET, MISSED, CANNOT_TELL]),
        (PRECISION, vec![REACHED, NOT_REACHED]),
        (PARTIAL, Vec::new()),
        (warnings::PART, Vec::new()),
        (latency::PART, latency::words()),
        (requests::PART, requests::WORDS.to_vec()),
        (availability::PART, availability::WORDS.to_vec()),
        (history::PHASES, [PHASE_WORDS, LINK_WORDS].concat()),
        (headroom::PART, headroom::words()),
        (history::SCALING, happened::SCALING.to_vec()),
        (history::ALARMS, happened::ALARMS.to_vec()),
        (super::faults::PART, heads(&super::faults::HEADS)),
        (super::recovery::PART, super::recovery::words()),
        (super::deployments::PART, heads(&super::deployments::HEADS)),
        (history::INCIDENTS, happened::INCIDENTS.to_vec()),
        (bill::PART, bill::WORDS.to_vec()),
        (FILES, Vec::new()),
    ]
}

/// The page: everything about a run that fits on a page or two.
pub fn page(outcome: &Outcome, files: &[PathBuf]) -> String {
    page_on(outcome, files, Paper::default())
}

/// The page on some paper; it ends with the verdict, the cause and the next step, which a terminal shows last.
pub fn page_on(outcome: &Outcome, files: &[PathBuf], paper: Paper) -> String {
    let begin = [Some(title(outcome)), partial(outcome), Some(verdicts_on(outcome, paper))];
    let parts = parts(outcome, paper);
    let narrow = [paper.left_out(parts.iter().map(|(_, part)| part))];
    let parts = parts.iter().map(|(_, part)| Some(paper.print(part)));
    // Where lines may be as long as they are, the whole chain of causes is on one.
    let mut end = String::new();
    if !files.is_empty() {
        let of_pictures = if paper.whole { letters(outcome, files) } else { None };
        end = written(files) + &of_pictures.unwrap_or_default() + "\n";
    }
    end += &ended(outcome, paper.whole || paper.width.is_none());
    let end = [Some(end)];
    let all =
        begin.into_iter().chain(parts).chain(narrow).chain(end).flatten().collect::<Vec<_>>().join("\n");
    paper.fold(all)
}

/// Everything between the verdicts and the commands, in the order of the page.
pub(super) fn parts(outcome: &Outcome, paper: Paper) -> Vec<(Place, Section)> {
    let begin = [
        (Place::Warning, warnings::section(outcome, paper.whole)),
        (Place::Table, Some(latency::section(outcome))),
        (Place::Table, Some(requests::section(outcome))),
        (Place::Table, availability::section(outcome, paper.whole)),
        (Place::Cause, history::phases(outcome)),
        (Place::Cause, headroom::section(outcome, paper.whole)),
        (Place::Table, history::scaling(outcome, paper.whole)),
        (Place::Table, history::alarms(outcome, paper.whole)),
        (Place::Table, super::faults::section(outcome, paper.whole)),
        (Place::Table, recovery(outcome, paper.whole)),
        (Place::Table, super::deployments::section(outcome)),
        (Place::Table, history::incidents(outcome, paper.whole)),
    ];
    let resources = resources::sections(outcome).into_iter().map(|section| (Place::Table, section));
    let all = begin
        .into_iter()
        .chain(resources)
        .chain([(Place::Bill, bill::section(outcome, paper.whole || paper.bill))]);
    all.filter_map(|(place, section)| Some((place, section?))).collect()
}

fn recovery(outcome: &Outcome, whole: bool) -> Option<Section> {
    let of = outcome.recovery.as_ref()?;
    Some(super::recovery::section(of, outcome.runs.count, whole))
}

/// What a part of the page is about, for pages in another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// What is rarely intended.
    Warning,
    /// What broke first and next, and what would.
    Cause,
    /// What happened, in numbers.
    Table,
    /// What it cost.
    Bill,
}

/// The verdict on each objective, and on each precision that was asked for.
pub fn verdicts(outcome: &Outcome) -> String {
    verdicts_on(outcome, Paper::default())
}

fn verdicts_on(outcome: &Outcome, paper: Paper) -> String {
    let (summary, style) = verdict(outcome);
    let table = paper.print(&objectives(outcome));
    let objectives = format!("{}: {}\n{table}", paint(HEADING, OBJECTIVES.text), paint(style, summary));
    match precision(outcome) {
        Some(precision) => format!("{objectives}\n{}", paper.print(&precision)),
        None => objectives,
    }
}

/// The verdict on all objectives together: `2 of 3 missed`; of a run that was ended early, how far that goes.
pub(super) fn verdict(outcome: &Outcome) -> (String, Style) {
    let (words, style) = verdict_of_all(outcome);
    match so_far(outcome).filter(|_| !outcome.objectives.is_empty()) {
        Some(part) if style == GOOD => (format!("{words} so far, in {part}"), WARNING),
        Some(part) => (format!("{words} so far, in {part}"), style),
        None => (words, style),
    }
}

fn verdict_of_all(outcome: &Outcome) -> (String, Style) {
    let of = |standing| outcome.objectives.iter().filter(|verdict| verdict.standing == standing).count();
    let (missed, open) = (of(Standing::Missed), of(Standing::CannotTell));
    match (missed, open, outcome.objectives.len()) {
        (_, _, 0) => ("none in the scenario".into(), QUIET),
        (0, 0, 1) => ("met".into(), GOOD),
        (1, 0, 1) => ("missed".into(), BAD),
        (0, 1, 1) => ("cannot tell".into(), WARNING),
        (0, 0, all) => (format!("all {} met", count(all as u64)), GOOD),
        (missed, 0, all) => (format!("{} of {} missed", count(missed as u64), count(all as u64)), BAD),
        (0, open, all) => (format!("{} of {} cannot tell", count(open as u64), count(all as u64)), WARNING),
        (missed, open, all) => {
            let of_all = |part: usize| format!("{} of {}", count(part as u64), count(all as u64));
            (format!("{} missed, {} cannot tell", of_all(missed), count(open as u64)), BAD)
        }
    }
}

/// The verdict on each objective.
pub(super) fn objectives(outcome: &Outcome) -> Table {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    for verdict in &outcome.objectives {
        let (style, words_style) = match verdict.standing {
            Standing::Met => (GOOD, PLAIN),
            Standing::Missed => (BAD, BAD),
            Standing::CannotTell => (WARNING, WARNING),
        };
        table.row([
            Cell::new(verdict.standing.text(), style),
            verdict.objective.as_str().into(),
            Cell::new(verdict.words(), words_style),
        ]);
    }
    table
}

/// The result of each precision that was asked for.
pub(super) fn precision(outcome: &Outcome) -> Option<Section> {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    let runs = outcome.runs.count;
    for asked in &outcome.precision {
        let (word, style) = if asked.met { (REACHED.text, GOOD) } else { (NOT_REACHED.text, WARNING) };
        let found = match (asked.reached, asked.runs_needed) {
            (None, _) => "the figure is absent or zero in these runs".into(),
            (Some(reached), _) if asked.met => format!("± {} after {runs} runs", percent(100.0 * reached)),
            (Some(reached), Some(needed)) => format!(
                "± {} after {runs} runs, the most allowed; about {} would do",
                percent(100.0 * reached),
                count(needed)
            ),
            (Some(reached), None) => format!("± {} after {runs} runs", percent(100.0 * reached)),
        };
        table.row([Cell::new(word, style), asked.asked.as_str().into(), found.into()]);
    }
    (!outcome.precision.is_empty()).then(|| Section::of(PRECISION, "").table(table))
}

fn title(outcome: &Outcome) -> String {
    format!("{}  {}\n", paint(HEADING, &outcome.scenario.name), paint(QUIET, facts(outcome)))
}

/// What was run: `4h in us-east-1, seed 1, one run: no intervals`.
pub(super) fn facts(outcome: &Outcome) -> String {
    let scenario = &outcome.scenario;
    let span = Time::from_secs_f64(scenario.duration_s);
    let runs = match outcome.runs.count {
        1 => format!("seed {}, one run: no intervals", scenario.seed),
        runs => {
            format!("{runs} runs from seed {}, ± is half a 95 % interval, (a–b) a whole one", scenario.seed)
        }
    };
    format!("{span} in {}, {runs}", scenario.region)
}

fn partial(outcome: &Outcome) -> Option<String> {
    let words = cut_short(outcome)?;
    Some(format!("{}  {}\n", paint(HEADING, PARTIAL.text), paint(WARNING, words)))
}

/// Why the outcome has less than was asked for, if it has.
pub(super) fn cut_short(outcome: &Outcome) -> Option<String> {
    let partial = outcome.partial.as_ref()?;
    Some(format!("{}: the simulation was ended, {}", so_far(outcome)?, partial.reason))
}

/// What there is of what was asked for, if it is less.
fn so_far(outcome: &Outcome) -> Option<String> {
    let partial = outcome.partial.as_ref()?;
    let reached = Time::from_secs_f64(outcome.scenario.duration_s);
    let planned = Time::from_secs_f64(partial.duration_planned_s);
    Some(match reached < planned {
        true => format!("the first {reached} of {planned} of one run"),
        false => format!("{} of {}", outcome.runs.count, counted(partial.runs_planned as u64, "run")),
    })
}

/// The files that were written.
fn written(files: &[PathBuf]) -> String {
    let mut text = Section::of(FILES, "").to_string();
    for (dir, names) in by_folder(files) {
        let dir = if dir.as_os_str().is_empty() { String::new() } else { format!("{}/: ", dir.display()) };
        let line = format!("{dir}{}", names.join(", "));
        text.push_str(&format!("  {}\n", paint(PATH, visible(&line))));
    }
    text
}

/// How pictures of pixels write a name for which their font has no letters, if there is one.
#[cfg(feature = "charts")]
fn letters(outcome: &Outcome, files: &[PathBuf]) -> Option<String> {
    let has_pixels = files.iter().any(|file| file.extension().is_some_and(|it| it == "png"));
    let classes = outcome.classes.iter().map(|class| &class.name);
    let resources = outcome.utilisation.iter().map(|it| &it.name);
    let names = [&outcome.scenario.name].into_iter().chain(classes).chain(resources);
    let (name, written) = rewritten(names.map(String::as_str)).filter(|_| has_pixels)?;
    let words = format!(
        "their font has no letters for {}, which they write as {}; SVG has names as they are: --charts svg",
        visible(&name),
        visible(&written)
    );
    Some(format!("  PNG: {}\n", paint(QUIET, words)))
}

#[cfg(not(feature = "charts"))]
fn letters(_: &Outcome, _: &[PathBuf]) -> Option<String> {
    None
}

/// The lines that a terminal shows last.
fn ended(outcome: &Outcome, whole: bool) -> String {
    let line = |(title, words, style): (&str, String, Style)| {
        format!("{}  {}\n", paint(HEADING, title), paint(style, words))
    };
    ending::ending(outcome, whole).into_iter().map(line).collect()
}

/// Files by their folders, each folder once.
fn by_folder(files: &[PathBuf]) -> Vec<(&Path, Vec<String>)> {
    let mut found: Vec<(&Path, Vec<String>)> = Vec::new();
    for file in files {
        let (dir, name) = (file.parent().unwrap_or(Path::new("")), file.file_name().unwrap_or_default());
        let name = name.to_string_lossy().into_owned();
        match found.iter_mut().find(|(known, _)| *known == dir) {
            Some((_, names)) => names.push(name),
            None => found.push((dir, vec![name])),
        }
    }
    found
}

#[cfg(test)]
mod tests;
