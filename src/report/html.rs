//! One HTML file that has everything about a run: verdicts, causes, charts that can be zoomed, tables, the bill, the scenario.
//!
//! In: an [`Outcome`], and the text of its scenario if there is one. Out: a page that asks for nothing: styles, scripts and values
//! are in the file. Its words and numbers are those of the terminal page, its charts those of the pictures.
//!
//! The library that draws is in `html/uplot`, as it is published; what is ours is in `html/script`.

mod charts;
mod columns;
mod escape;
mod frame;
mod parts;
mod several;
mod source;

#[cfg(test)]
mod tests;

use super::chart::{self, summary_picture};
use super::section::{Paper, Section};
use super::terminal::{self, Place};
use crate::outcome::Outcome;

pub use several::{
    html_of_breakpoints, html_of_comparison, html_of_comparisons, html_of_plan, html_of_sensitivity,
    html_of_sweep,
};
pub use source::Source;

use charts::Values;
use escape::Text;
use frame::Page;
use parts::{part, styled, table};

/// The page of a run. The same outcome and source give the same bytes.
pub fn html(outcome: &Outcome, source: Option<&Source>) -> String {
    let (charts, values) = match outcome.has_rows() {
        true => {
            let charts = charts::charts(outcome);
            (Some(charts.body), charts.values)
        }
        false => (None, Values::default()),
    };
    let drawn = charts.is_some();
    let picture = || summary_picture(outcome).filter(|svg| fits(svg));
    let parts = terminal::parts(outcome, Paper { whole: true, ..Paper::default() });
    let of = |place: Place| {
        let of_place = parts.iter().filter(move |(of, _)| *of == place);
        of_place.map(|(_, section)| (section.title.clone(), part(section)))
    };
    let mut main = vec![("Objectives".to_owned(), verdict(outcome))];
    main.extend(drawn.then(picture).flatten().map(|svg| ("In one picture".into(), shown(&svg))));
    main.extend(of(Place::Cause));
    main.extend(of(Place::Warning));
    main.push(("Charts".into(), charts.unwrap_or_else(no_charts)));
    main.extend(drawn.then(|| maps(outcome)).flatten());
    main.extend(of(Place::Table));
    let bill = parts.iter().filter(|(of, _)| *of == Place::Bill);
    main.extend(bill.map(|(_, bill)| (bill.title.clone(), folded(outcome, bill))));
    main.extend(source.map(|source| ("Scenario".into(), source.html())));
    main.push(("Repeat".into(), repeat(outcome)));
    let page = Page {
        name: &outcome.scenario.name,
        facts: terminal::facts(outcome),
        partial: terminal::cut_short(outcome),
        simcap: &outcome.simcap,
        parts: main,
        values,
    };
    page.html()
}

/// What stands in the place of charts on the page of a baseline.
fn no_charts() -> String {
    "<p>A baseline has no rows, so there is nothing to draw.</p>\n".to_owned()
}

/// Most bytes of a picture: with more, the page would be slow to open, and the file of the picture has it.
const MOST_OF_A_PICTURE: usize = 200_000;

fn fits(svg: &str) -> bool {
    svg.len() <= MOST_OF_A_PICTURE
}

/// Maps of the event, to unfold.
fn maps(outcome: &Outcome) -> Option<(String, String)> {
    let all = chart::maps(outcome).into_iter().filter(|(_, svg)| fits(svg));
    let maps: String = all
        .map(|(title, svg)| {
            format!("<details>\n<summary>{}</summary>\n{}</details>\n", Text(&title), shown(&svg))
        })
        .collect();
    (!maps.is_empty()).then(|| ("Maps".to_owned(), maps))
}

/// A picture that is on the page as it is.
fn shown(svg: &str) -> String {
    format!("<div class=\"picture\">\n{svg}</div>\n")
}

fn verdict(outcome: &Outcome) -> String {
    let (words, style) = terminal::verdict(outcome);
    let mut body = format!("<p class=\"verdict\">{}</p>\n", styled(&words, style));
    if !outcome.objectives.is_empty() {
        body += &table(&terminal::objectives(outcome), "Verdict on each objective");
    }
    if let Some(precision) = terminal::precision(outcome) {
        body += &format!("<h3>{}</h3>\n{}", Text(&precision.title), part(&precision));
    }
    body + &shortly(outcome)
}

/// The cause and the next step, as at the end of the page on a terminal.
fn shortly(outcome: &Outcome) -> String {
    let shown = terminal::ending(outcome, false)
        .into_iter()
        .filter(|(title, ..)| !["Repeat", "Verdict"].contains(title));
    let line = |(title, words, style): (&str, String, _)| {
        let words = match title {
            "Next" => format!("<code>{}</code>", Text(&words)),
            _ => styled(&words, style),
        };
        format!("<dt>{title}</dt><dd>{words}</dd>\n")
    };
    format!("<dl>\n{}</dl>\n", shown.map(line).collect::<String>())
}

/// The bill by service; each of its rows can be unfolded.
fn folded(outcome: &Outcome, bill: &Section) -> String {
    let by_service = terminal::by_service(outcome);
    format!(
        "{}<details>\n<summary>Every row of the bill</summary>\n{}</details>\n",
        table(&by_service, "Bill by service"),
        part(bill)
    )
}

fn repeat(outcome: &Outcome) -> String {
    let row = |what: &str, name: &str| {
        format!("<dt>{what}</dt><dd><code>{}</code></dd>\n", Text(&terminal::command(name, outcome)))
    };
    format!(
        "<dl>\n{}{}</dl>\n",
        row("The same run, the same bytes", "run"),
        row("Its limits by simulation", "headroom")
    )
}
