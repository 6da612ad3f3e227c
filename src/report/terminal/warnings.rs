//! Warnings for the reader of a page. In: the warnings of an [`Outcome`]. Out: a short section, or none.

use crate::number::count;
use crate::outcome::Outcome;
use crate::report::section::Section;
use crate::report::table::{Cell, PLAIN, QUIET, Side, Table, WARNING};

/// Most warnings shown; `simcap check` shows all.
const MOST: usize = 6;
/// Characters of a warning on one line.
const LINE: usize = 88;

pub(super) fn section(outcome: &Outcome) -> Option<Section> {
    let warnings = &outcome.warnings;
    let mut table = Table::new(&[Side::Left, Side::Left]);
    for warning in warnings.iter().take(MOST) {
        let text = |text: &str, style| Cell::paragraphs(vec![text.to_owned()], style, LINE);
        table.row([Cell::new(warning.code.name(), WARNING), text(&warning.message, PLAIN)]);
        if !warning.hint.is_empty() {
            table.row([Cell::new("", QUIET), text(&warning.hint, QUIET)]);
        }
    }
    if warnings.len() > MOST {
        let more = format!("… {} more, see simcap check", count((warnings.len() - MOST) as u64));
        table.row([Cell::new("", QUIET), Cell::new(more, QUIET)]);
    }
    let remark = "the scenario runs, but this is rarely intended";
    (!warnings.is_empty()).then(|| Section::new("Warnings", remark).table(table))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::warning::{Code, Warning};

    #[test]
    fn a_page_shows_the_first_warnings_and_how_many_there_are() {
        let mut outcome = sample::outcome();
        outcome.warnings.clear();
        assert!(section(&outcome).is_none());
        let one = Warning::new(Code::Unused, &["fleet", "idle"], "no request uses fleet `idle`", "remove it");
        outcome.warnings = vec![one; MOST + 2];
        let text = anstream::adapter::strip_str(&section(&outcome).unwrap().to_string()).to_string();
        assert_eq!(
            text.matches("  unused  no request uses fleet `idle`\n          remove it\n").count(),
            MOST
        );
        assert!(text.ends_with("  … 2 more, see simcap check\n") || text.contains("… 2 more"), "{text}");
    }
}
