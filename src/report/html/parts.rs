//! Parts of the page in HTML. In: sections with tables and sentences. Out: the same words with captions, heads and classes.

use super::escape::{Prose, Text};
use crate::report::section::{Block, Section};
use crate::report::table::{BAD, Cell, GOOD, HEADING, QUIET, Side, Style, Table, WARNING};

/// What stands below the heading of a section.
pub(super) fn part(section: &Section) -> String {
    let mut html = match section.remark.as_str() {
        "" => String::new(),
        remark => format!("<p class=\"remark\">{}</p>\n", Prose(remark)),
    };
    for block in &section.blocks {
        match block {
            Block::Table(it) => html += &table(it, &section.title),
            Block::Lines { lines, style, .. } => {
                lines.iter().for_each(|line| html += &format!("<p>{}</p>\n", styled(line, *style)));
            }
        }
    }
    html
}

/// A table with its caption, which only screen readers show. A narrow screen scrolls it.
pub(super) fn table(table: &Table, caption: &str) -> String {
    let caption = Text(caption);
    let mut html = format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n"
    );
    if !table.head().is_empty() {
        html += "<thead><tr>";
        for (column, cell) in table.head().iter().enumerate() {
            html += &match cell.is_empty() {
                true => "<td></td>".into(),
                false => format!("<th scope=\"col\"{}>{}</th>", side(table, column), words(cell)),
            };
        }
        html += "</tr></thead>\n";
    }
    html += "<tbody>\n";
    for row in table.body() {
        html += "<tr>";
        for (column, cell) in row.iter().enumerate() {
            let (name, scope) = match column == 0 && !cell.is_empty() {
                true => ("th", " scope=\"row\""),
                false => ("td", ""),
            };
            let side = side(table, column);
            html += &format!("<{name}{scope}{side}>{}</{name}>", words(cell));
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table>\n</div>\n"
}

fn side(table: &Table, column: usize) -> &'static str {
    match table.side(column) {
        Side::Left => "",
        Side::Right => " class=\"right\"",
    }
}

fn words(cell: &Cell) -> String {
    let paragraphs: Vec<String> = cell.text().iter().map(|text| styled(text, cell.style())).collect();
    let words = paragraphs.join("<br>");
    // What is part of the row above it is indented, as on a terminal.
    match cell.text().first().is_some_and(|text| text.starts_with("  ")) {
        true => format!("<span class=\"part\">{words}</span>"),
        false => words,
    }
}

/// Text in a style of the terminal page. Every colour only repeats the text.
pub(super) fn styled(text: &str, style: Style) -> String {
    let class = match style {
        GOOD => "good",
        BAD => "bad",
        WARNING => "warning",
        QUIET => "quiet",
        HEADING => "strong",
        _ => return Prose(text).to_string(),
    };
    match text {
        "" => String::new(),
        text => format!("<span class=\"{class}\">{}</span>", Prose(text)),
    }
}
