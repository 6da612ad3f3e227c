//! Warnings for the reader of a page. In: the warnings of an [`Outcome`]. Out: a short section, or none.

use crate::number::count;
use crate::outcome::Outcome;
use crate::report::section::Section;
use crate::report::table::{Cell, PLAIN, QUIET, Side, Table, WARNING};
use crate::text::Word;

pub(in crate::report) const PART: Word = Word::new(
    "Warnings",
    "What can run but is rarely intended, each with its name and what to do about it; `allow` of the scenario accepts one.",
);

/// Most warnings shown, if not all.
const MOST: usize = 6;
/// Characters of a warning on one line.
const LINE: usize = 88;

pub(super) fn section(outcome: &Outcome, whole: bool) -> Option<Section> {
    let warnings = &outcome.warnings;
    let mut table = Table::new(&[Side::Left, Side::Left]);
    let most = if whole { usize::MAX } else { MOST };
    for warning in warnings.iter().take(most) {
        let text = |text: &str, style| Cell::paragraphs(vec![text.to_owned()], style, LINE);
        table.row([Cell::new(warning.code.name(), WARNING), text(&warning.message, PLAIN)]);
        if !warning.hint.is_empty() {
            table.row([Cell::new("", QUIET), text(&warning.hint, QUIET)]);
        }
    }
    if warnings.len() > most {
        let more = format!("… {} more with -v, or simcap check", count((warnings.len() - most) as u64));
        table.row([Cell::new("", QUIET), Cell::new(more, QUIET)]);
    }
    let remark = "the scenario runs, but this is rarely intended";
    (!warnings.is_empty()).then(|| Section::of(PART, remark).table(table))
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
        assert!(section(&outcome, false).is_none());
        let one = Warning::new(Code::Unused, &["fleet", "idle"], "no request uses fleet `idle`", "remove it");
        outcome.warnings = vec![one; MOST + 2];
        let shown = |whole| {
            let section = section(&outcome, whole).unwrap().to_string();
            let text = anstream::adapter::strip_str(&section).to_string();
            let warnings =
                text.matches("  unused  no request uses fleet `idle`\n          remove it\n").count();
            (warnings, text.contains("… 2 more with -v, or simcap check"))
        };
        assert_eq!((shown(false), shown(true)), ((MOST, true), (MOST + 2, false)));
    }
}
