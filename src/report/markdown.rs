//! The page of a run for a pull request: short, in GitHub's Markdown. In: an [`Outcome`]. Out: verdict, cause, key figures, cost.
//!
//! Its words and numbers are those of the terminal page.

mod several;

use super::section::{Block, Paper, Section};
use super::table::{Cell, Side, Table};
use super::terminal::{self, Place};
use crate::number::usd;
use crate::outcome::Outcome;

pub use several::{markdown_of_breakpoints, markdown_of_comparison, markdown_of_comparisons};

/// Most lines on the cause.
const MOST_CAUSES: usize = 3;

/// The page in Markdown.
pub fn markdown(outcome: &Outcome) -> String {
    let mut page =
        format!("## {}\n\n{}\n\n", plain(&outcome.scenario.name), plain(&terminal::facts(outcome)));
    if let Some(words) = terminal::cut_short(outcome) {
        page += &format!("**Partial**: {}\n\n", plain(&words));
    }
    page += &format!("**Objectives: {}**\n\n", terminal::verdict(outcome).0);
    if !outcome.objectives.is_empty() {
        page += &table(&terminal::objectives(outcome));
    }
    page += &causes(outcome);
    let parts = terminal::parts(outcome, Paper::default());
    let latency = parts.iter().find(|(_, section)| section.title == terminal::LATENCY);
    if let Some((_, latency)) = latency {
        page += &tables(latency);
    }
    page += &cost(outcome, &parts);
    for (place, section) in &parts {
        if *place == Place::Cause && section.title != terminal::PHASES || section.title == terminal::REQUESTS
        {
            page += &folded(section, &blocks(section));
        }
    }
    for (_, bill) in parts.iter().filter(|(place, _)| *place == Place::Bill) {
        page += &folded(bill, &table(&terminal::by_service(outcome)));
    }
    page + &format!("`{}`\n", terminal::command("run", outcome).replace('`', "'"))
}

/// The total of the bill, with its interval if there are several runs.
fn cost(outcome: &Outcome, parts: &[(Place, Section)]) -> String {
    let bill = parts.iter().find(|(place, _)| *place == Place::Bill);
    let Some((_, bill)) = bill else { return String::new() };
    let sums = bill.blocks.iter().filter_map(|block| match block {
        Block::Lines { lines, .. } => Some(lines.join(", ")),
        Block::Table(_) => None,
    });
    let total = format!("{} the event", usd(outcome.bill.total_usd));
    let one_run = (outcome.runs.count == 1).then_some(total);
    let sums: Vec<String> = one_run.into_iter().chain(sums).collect();
    format!("**Cost**: {}\n\n", plain(&sums.join(", ")))
}

/// The first causes of trouble, or what was tightest if there was none.
fn causes(outcome: &Outcome) -> String {
    let trouble = outcome.phases.iter().any(|phase| phase.trouble);
    let phases = outcome.phases.iter().filter(|phase| phase.trouble == trouble);
    let lines = phases.flat_map(|phase| {
        let span = terminal::span_of(phase);
        let causes = phase.sentence.split(" · ").filter(|cause| !cause.is_empty());
        causes.map(move |cause| format!("- {span} {}\n", plain(cause)))
    });
    let lines: String = lines.take(MOST_CAUSES).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

/// A part of the page that is unfolded with a click.
fn folded(section: &Section, body: &str) -> String {
    format!("<details><summary>{}</summary>\n\n{body}</details>\n\n", plain(&section.title))
}

fn tables(section: &Section) -> String {
    let tables = section.blocks.iter().filter_map(|block| match block {
        Block::Table(it) => Some(table(it)),
        Block::Lines { .. } => None,
    });
    tables.collect()
}

fn blocks(section: &Section) -> String {
    let block = |block: &Block| match block {
        Block::Table(it) => table(it),
        Block::Lines { lines, .. } => lines.iter().map(|line| format!("{}\n\n", plain(line))).collect(),
    };
    section.blocks.iter().map(block).collect()
}

/// A table; one without titles gets an empty head, because there is no table without one.
fn table(it: &Table) -> String {
    let columns = it.body().iter().map(Vec::len).chain([it.head().len()]).max().unwrap_or(0);
    let line = |cells: &[Cell]| {
        let cell = |at: usize| {
            let text = cells.get(at).map_or(&[][..], Cell::text);
            text.iter().map(|text| plain(text)).collect::<Vec<_>>().join("<br>")
        };
        format!("| {} |\n", (0..columns).map(cell).collect::<Vec<_>>().join(" | "))
    };
    let side = |at: usize| if it.side(at) == Side::Right { "---:" } else { "---" };
    let rule = format!("| {} |\n", (0..columns).map(side).collect::<Vec<_>>().join(" | "));
    let rows: String = it.body().iter().map(|row| line(row)).collect();
    format!("{}{rule}{rows}\n", line(it.head()))
}

/// Text that means nothing to Markdown, calls nobody and refers to no other page.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' | '#' => out.extend([c].into_iter().chain("<!-- -->".chars())),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    #[test]
    fn a_pull_request_gets_verdict_cause_figures_and_cost() {
        insta::assert_snapshot!("markdown", markdown(&sample::several()));
    }

    /// The first three causes of trouble; without trouble, what was tightest.
    #[test]
    fn there_are_three_lines_of_causes_at_most() {
        let mut outcome = sample::outcome();
        let phase = outcome.phases.iter().find(|it| it.trouble).unwrap().clone();
        outcome
            .phases
            .insert(0, crate::outcome::Phase { sentence: "one · two · three · four".into(), ..phase });
        let lines = causes(&outcome);
        assert_eq!(lines.matches("- ").count(), 3);
        assert!(lines.ends_with("three\n\n") && !lines.contains("four"), "{lines}");
        outcome.phases.retain(|it| !it.trouble);
        assert!(causes(&outcome).contains("normal"));
    }

    #[test]
    fn names_are_no_markdown() {
        let mut outcome = sample::outcome();
        outcome.scenario.name = "a|b <script> *c* @team #7 [x](y) `d`".into();
        let title = "## a\\|b &lt;script&gt; \\*c\\* @<!-- -->team #<!-- -->7 \\[x\\](y) \\`d\\`";
        assert_eq!(markdown(&outcome).lines().next(), Some(title));
        // Every row of a table has as many cells as its head.
        outcome.objectives[0].objective = "p99 | < 1s".into();
        let page = markdown(&outcome);
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
        assert!(rows.len() > 20);
        assert!(page.split("\n\n").all(|part| {
            let rows: Vec<usize> = part.lines().filter(|line| line.starts_with('|')).map(cells).collect();
            rows.windows(2).all(|two| two[0] == two[1])
        }));
    }
}
