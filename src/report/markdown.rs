//! The page of a run for a pull request: short, in GitHub's Markdown. In: an [`Outcome`]. Out: verdict, cause, key figures, cost.
//!
//! Its words and numbers are those of the terminal page.

mod several;

use super::section::{Block, Paper, Section};
use super::table::{Cell, Side, Table};
use super::terminal::{self, Place};
use crate::number::{count, usd};
use crate::outcome::Outcome;
use crate::text::quoted;

pub use several::{
    markdown_of_breakpoints, markdown_of_comparison, markdown_of_comparisons, markdown_of_plan,
    markdown_of_sensitivity, markdown_of_sweep,
};

/// Most lines on the cause.
const MOST_CAUSES: usize = 6;

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
    page += &shortly(outcome);
    page += &causes(outcome);
    let parts = terminal::parts(outcome, Paper::default());
    for (_, warnings) in parts.iter().filter(|(place, _)| *place == Place::Warning) {
        page += &folded(warnings, &blocks(warnings));
    }
    let latency = parts.iter().find(|(_, section)| section.title == terminal::LATENCY);
    if let Some((_, latency)) = latency {
        page += &tables(latency);
    }
    page += &cost(outcome, &parts);
    for (place, section) in &parts {
        let counts = [terminal::REQUESTS, terminal::AVAILABILITY].contains(&section.title.as_str());
        if section.blocks.is_empty() {
            page += &format!("**{}**: {}\n\n", plain(&section.title), plain(&section.remark));
        } else if *place == Place::Cause && section.title != terminal::PHASES || counts {
            page += &folded(section, &blocks(section));
        }
    }
    for (_, bill) in parts.iter().filter(|(place, _)| *place == Place::Bill) {
        page += &folded(bill, &table(&terminal::by_service(outcome)));
    }
    page + &code(&terminal::command("run", outcome)) + "\n"
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

/// The cause, and what to do next, as at the end of the page.
fn shortly(outcome: &Outcome) -> String {
    let line = |(title, words, _): (&str, String, _)| match title {
        "Repeat" | "Verdict" => String::new(),
        "Next" => format!("**{title}**: {}\n\n", code(&words)),
        _ => format!("**{title}**: {}\n\n", plain(&words)),
    };
    terminal::ending(outcome, false).into_iter().map(line).collect()
}

/// The causes of trouble, or what was tightest if there was none; of very many the first ones.
fn causes(outcome: &Outcome) -> String {
    let trouble = outcome.phases.iter().any(|phase| phase.trouble);
    let phases = outcome.phases.iter().filter(|phase| phase.trouble == trouble);
    let lines = phases.flat_map(|phase| {
        let span = terminal::span_of(phase);
        // That it is over stands in its span.
        let says = |cause: &&str| !cause.is_empty() && !cause.ends_with(" over");
        phase.sentence.split(" · ").filter(says).map(move |cause| format!("- {span} {}\n", plain(cause)))
    });
    let mut lines: Vec<String> = lines.collect();
    if let Some(more) = lines.len().checked_sub(MOST_CAUSES).filter(|more| *more > 0) {
        lines.truncate(MOST_CAUSES);
        lines.push(format!("- and {} more\n", count(more as u64)));
    }
    if lines.is_empty() { String::new() } else { lines.concat() + "\n" }
}

/// A part of the page that is unfolded with a click.
fn folded(section: &Section, body: &str) -> String {
    format!("<details><summary>{}</summary>\n\n{body}</details>\n\n", as_html(&section.title))
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
            text.iter().map(|text| written(text, true)).collect::<Vec<_>>().join("<br>")
        };
        format!("| {} |\n", (0..columns).map(cell).collect::<Vec<_>>().join(" | "))
    };
    let side = |at: usize| if it.side(at) == Side::Right { "---:" } else { "---" };
    let rule = format!("| {} |\n", (0..columns).map(side).collect::<Vec<_>>().join(" | "));
    let rows: String = it.body().iter().map(|row| line(row)).collect();
    format!("{}{rule}{rows}\n", line(it.head()))
}

/// Text that means nothing to Markdown, calls nobody and refers to no other page; a name between backquotes is code.
fn plain(text: &str) -> String {
    written(text, false)
}

/// The same, in a cell of a table or elsewhere.
fn written(text: &str, in_table: bool) -> String {
    let mut rest = text.trim();
    let mut out = String::with_capacity(rest.len());
    while let Some((before, name, after)) = quoted(rest) {
        out += &escaped(before);
        let name = code(name);
        // A table is cut into its cells before anything else is read.
        out += &if in_table { name.replace('|', "\\|") } else { name };
        rest = after;
    }
    out + &escaped(rest)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' => out.extend(['\\', c]),
            '@' | '#' => out.extend([c].into_iter().chain("<!-- -->".chars())),
            '\n' | '\r' => out.push(' '),
            c => out += &as_html(&c.to_string()),
        }
    }
    out
}

/// A code span: nothing inside of it is escaped. It ends with the first run of as many backquotes as it begins with, so these are more than
/// any run inside (CommonMark 0.31, 6.1); one blank at both ends is taken off, where there are blanks at both.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(1 + runs.max().unwrap_or(0));
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text between tags, where Markdown is not read.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    #[test]
    fn a_pull_request_gets_verdict_cause_figures_and_cost() {
        insta::assert_snapshot!("markdown", markdown(&sample::several()));
    }

    /// Every cause of trouble, and of very many how many more there are; without trouble, what was tightest.
    #[test]
    fn no_cause_is_left_out_without_a_word() {
        let mut outcome = sample::outcome();
        let phase = outcome.phases.iter().find(|it| it.trouble).unwrap().clone();
        let told = |sentence: &str| crate::outcome::Phase { sentence: sentence.into(), ..phase.clone() };
        outcome.phases = vec![told("one · two · three · 8:17 over")];
        let lines = causes(&outcome);
        assert_eq!(lines.matches("- ").count(), 3, "{lines}");
        assert!(lines.ends_with("three\n\n"), "{lines}");
        outcome.phases = vec![told("1 · 2 · 3 · 4 · 5 · 6 · 7 · 8")];
        let lines = causes(&outcome);
        assert!(lines.ends_with(" 6\n- and 2 more\n\n"), "{lines}");
        outcome.phases = vec![crate::outcome::Phase { trouble: false, ..told("normal") }];
        assert!(causes(&outcome).contains("normal"));
    }

    /// Who reads the pull request learns why and what to do next, and what is rarely intended.
    #[test]
    fn the_cause_the_next_step_and_warnings_are_there() {
        let outcome = sample::several();
        let page = markdown(&outcome);
        for (title, words, _) in terminal::ending(&outcome, false) {
            let line = match title {
                "Next" => format!("**Next**: {}", code(&words)),
                title => format!("**{title}**: {}", plain(&words)),
            };
            let is_own = ["Repeat", "Verdict"].contains(&title);
            assert!(is_own || page.lines().any(|it| it == line), "{line}");
        }
        assert!(!outcome.warnings.is_empty() && page.contains("<summary>Warnings</summary>"), "{page}");
    }

    /// A renderer takes what is between backquotes as it stands, but for a bar in a table, which would end the cell.
    #[test]
    fn a_name_is_code_in_which_nothing_is_escaped() {
        assert_eq!(plain("CPU of `user_data|<1>` full"), "CPU of `user_data|<1>` full");
        assert_eq!(written("CPU of `user_data|<1>` full", true), "CPU of `user_data\\|<1>` full");
        assert_eq!(plain("client_timeout, a ` alone"), "client\\_timeout, a \\` alone");
        assert_eq!(code("--set 'a`b'"), "``--set 'a`b'``");
        assert_eq!(code("`a``"), "``` `a`` ```");
    }

    #[test]
    fn names_are_no_markdown() {
        let mut outcome = sample::outcome();
        outcome.scenario.name = "a|b <script> *c* @team #7 [x](y) `d`".into();
        let title = "## a\\|b &lt;script&gt; \\*c\\* @<!-- -->team #<!-- -->7 \\[x\\](y) `d`";
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
