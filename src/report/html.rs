//! One HTML file that has everything about a run: verdicts, causes, charts that can be zoomed, tables, the bill, the scenario.
//!
//! In: an [`Outcome`], and the text of its scenario if there is one. Out: a page that asks for nothing: styles, scripts and values
//! are in the file. Its words and numbers are those of the terminal page, its charts those of the pictures.
//!
//! The library that draws is in `html/uplot`, as it is published; what is ours is `html/report.js` and `html/report.css`.

mod charts;
mod columns;
mod escape;
mod parts;
mod source;

#[cfg(test)]
mod tests;

use super::section::Section;
use super::terminal::{self, Place};
use crate::outcome::Outcome;

pub use source::Source;

use escape::{Json, Text};
use parts::{part, styled, table};

const UPLOT: &str = include_str!("html/uplot/uPlot.iife.min.js");
const UPLOT_STYLE: &str = include_str!("html/uplot/uPlot.min.css");
const UPLOT_LICENCE: &str = include_str!("html/uplot/LICENSE");
const SCRIPT: &str = include_str!("html/report.js");
const STYLE: &str = include_str!("html/report.css");

/// What the browser may load: nothing. What is in the file may run.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The page of a run. The same outcome and source give the same bytes.
pub fn html(outcome: &Outcome, source: Option<&Source>) -> String {
    let name = Text(&outcome.scenario.name);
    let charts = charts::charts(outcome);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"simcap {}\">\n<title>{name} · simcap</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>{UPLOT_STYLE}</style>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#charts\">To the charts</a>\n\
         <header>\n<h1>{name}</h1>\n<p class=\"remark\">{}</p>\n\
         <button type=\"button\" id=\"theme\" hidden>Dark</button>\n",
        Text(&outcome.simcap),
        Text(&terminal::facts(outcome)),
    );
    if let Some(words) = terminal::cut_short(outcome) {
        page += &format!("<p class=\"warning\"><strong>Partial</strong> {}</p>\n", Text(&words));
    }
    let mut main = vec![("Objectives".to_owned(), verdict(outcome))];
    let parts = terminal::parts(outcome);
    let of = |place: Place| {
        let of_place = parts.iter().filter(move |(of, _)| *of == place);
        of_place.map(|(_, section)| (section.title.clone(), part(section)))
    };
    main.extend(of(Place::Cause));
    main.extend(of(Place::Warning));
    main.push(("Charts".into(), charts.body));
    main.extend(of(Place::Table));
    main.extend(
        parts
            .iter()
            .filter(|(of, _)| *of == Place::Bill)
            .map(|(_, bill)| (bill.title.clone(), folded(outcome, bill))),
    );
    main.extend(source.map(|source| ("Scenario".into(), source.html())));
    main.push(("Repeat".into(), repeat(outcome)));
    page += "<nav aria-label=\"Contents\"><ul>";
    for (title, _) in &main {
        page += &format!("<li><a href=\"#{}\">{}</a></li>", slug(title), Text(title));
    }
    page += "</ul></nav>\n</header>\n<main>\n";
    for (title, body) in &main {
        let slug = slug(title);
        page += &format!(
            "<section id=\"{slug}\" aria-labelledby=\"{slug}-title\">\n<h2 id=\"{slug}-title\">{}</h2>\n{body}</section>\n",
            Text(title)
        );
    }
    page += &format!(
        "</main>\n<footer>\n<p>Made by simcap {} from one simulation; nothing was loaded to show it.</p>\n\
         <details><summary>Licence of uPlot, which draws the charts</summary><pre>{}</pre></details>\n</footer>\n\
         <script type=\"application/json\" id=\"values\">{}</script>\n<script>{UPLOT}</script>\n<script>\n{SCRIPT}</script>\n\
         </body>\n</html>\n",
        Text(&outcome.simcap),
        Text(UPLOT_LICENCE),
        Json(&charts.values),
    );
    page
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
    body
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

/// A title as the name of a place: `Bottleneck by phase` becomes `bottleneck-by-phase`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}
