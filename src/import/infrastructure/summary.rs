//! The summary for a terminal. In: a draft. Out: lines of at most 80 columns: what became what, and what was left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::draft::Draft;
use super::page;
use super::source::Sources;
use super::table::Table;

const WIDTH: usize = 80;

/// Writes it.
pub fn write(draft: &Draft<'_>, sources: &Sources, classes: &[Table]) -> String {
    let mut text = String::new();
    let mut formats: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, format) in &sources.read {
        *formats.entry(format).or_default() += 1;
    }
    let formats: Vec<String> = formats.iter().map(|(format, count)| format!("{count} × {format}")).collect();
    line(&mut text, "Read", &formats.join(", "));
    line(&mut text, "Resources", &draft.world.resources.len().to_string());
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for table in page::tables(draft) {
        kinds.entry(table.kind()).or_default().push(table.name());
    }
    for (kind, names) in &kinds {
        line(&mut text, kind, &names.join(", "));
    }
    line(&mut text, "request", &classes.iter().map(Table::name).collect::<Vec<_>>().join(", "));
    if !sources.open.is_empty() {
        let names: Vec<String> = sources.open.iter().map(|name| super::clean::address(name)).collect();
        line(&mut text, "No value", &names.join(", "));
    }
    if !draft.remarks.is_empty() {
        line(&mut text, "Remarks", &draft.remarks.len().to_string());
        for remark in draft.remarks.iter().take(10) {
            line(&mut text, "", remark);
        }
        if draft.remarks.len() > 10 {
            line(&mut text, "", &format!("… {} more, in the file", draft.remarks.len() - 10));
        }
    }
    for (known, head) in [(true, "No place"), (false, "Not known")] {
        let kinds = page::left_out(draft, known);
        if !kinds.is_empty() {
            // Non-breaking spaces keep a number and its kind together.
            let names: Vec<String> =
                kinds.iter().map(|(kind, count)| format!("{count}\u{a0}×\u{a0}{kind}")).collect();
            line(&mut text, head, &names.join(", "));
        }
    }
    line(&mut text, "Next", "fill in what is marked ASSUMED: traffic, demands, hit ratios");
    text
}

/// A heading and words beside it, on as many lines as they take.
fn line(text: &mut String, head: &str, words: &str) {
    const INDENT: usize = 14;
    let mut row = format!("{head:<INDENT$}");
    let mut empty = true;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let wide = row.chars().count() + word.chars().count() + usize::from(!empty) > WIDTH;
        if wide && !empty {
            _ = writeln!(text, "{}", row.trim_end());
            row = " ".repeat(INDENT);
            empty = true;
        }
        if !empty {
            row.push(' ');
        }
        // A word longer than a line is cut: addresses can be.
        let room = WIDTH.saturating_sub(row.chars().count());
        row.extend(word.chars().take(room));
        empty = false;
    }
    _ = writeln!(text, "{}", row.trim_end());
    *text = text.replace('\u{a0}', " ");
}
