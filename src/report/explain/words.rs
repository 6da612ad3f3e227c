//! The words of the page of a run: its parts, the titles of columns and what stands there. In: the words that each part declares, and the tables of
//! figures of each kind. Out: an explanation of each.

use serde_json::Value;

use super::super::schema::{IN, definition_of, outcome_schema};
use super::super::terminal;
use crate::kind;
use crate::language::names::Named;
use crate::measure::unit::Unit;
use crate::scenario::explain::Explained;
use crate::text::Word;

/// Where a page is told of.
const PAGE: &str = "the page of a run";

/// Every word.
pub(super) fn of_pages() -> Vec<Explained> {
    let mut all = Vec::new();
    for (part, words) in terminal::words() {
        all.push(explained(part, format!("a part of {PAGE}")));
        all.extend(
            words
                .into_iter()
                .map(|word| explained(word, format!("a word of the part `{}` of {PAGE}", part.text))),
        );
    }
    let last = |word: &Word| explained(*word, format!("a line at the end of {PAGE}"));
    all.extend(terminal::LAST_WORDS.iter().map(last));
    all.extend(terminal::SIGNS.iter().map(|sign| explained(*sign, format!("a sign on {PAGE}"))));
    all.extend(of_kinds());
    all
}

fn explained(word: Word, is: String) -> Explained {
    Explained { path: vec![word.text.to_owned()], is, about: word.about.to_owned(), facts: Vec::new() }
}

/// The tables of the kinds: a title means what its figure means in `outcome.json`.
fn of_kinds() -> Vec<Explained> {
    let schema = outcome_schema();
    let mut all = Vec::new();
    for of in kind::units() {
        let table = of.kind.table();
        let figures = definition_of(&schema, &[of.list])
            .and_then(|it| schema.pointer(&format!("/definitions/{it}/properties")));
        let about = |field: &str| figures?.get(field)?.get("description").and_then(Value::as_str);
        let remark =
            if of.remark.is_empty() { String::new() } else { format!(" Of the columns: {}.", of.remark) };
        // A part of that title that is not of the kind alone has its own words.
        let is_known = terminal::words().iter().any(|(part, _)| part.text == of.title);
        if !is_known {
            all.push(Explained {
                path: vec![of.title.to_owned()],
                is: format!("a part of {PAGE}"),
                about: format!("How each `[{table}.NAME]` was used, a row for each.{remark}"),
                facts: vec![("field", format!("{} of outcome.json", of.list))],
            });
        }
        for head in of.heads {
            let of_field = about(head.field).and_then(|about| about.split(IN).next());
            let shown = if head.about.is_empty() { of_field } else { Some(head.about) };
            let unit = shown_in(head.unit, head.field).map(|unit| ("unit", unit));
            let field = ("field", format!("{}.{} of outcome.json", of.list, head.field));
            all.extend(shown.map(|about| Explained {
                path: vec![head.title.to_owned()],
                is: format!("a column of the part `{}` of {PAGE}", of.title),
                about: about.to_owned(),
                facts: unit.into_iter().chain([field]).collect(),
            }));
        }
    }
    all
}

/// What a page shows a number in, which may be more handy than what files have: shares in percent, times in whatever reads best.
pub(super) fn shown_in(unit: Unit, field: &str) -> Option<String> {
    match unit {
        Unit::Text => None,
        Unit::Share | Unit::Percent => Some(Unit::Percent.words().to_owned()),
        Unit::Millis | Unit::Seconds => Some("a span of time: 350ms, 1.2s, 4m".to_owned()),
        unit => Some(unit.words_of(field)),
    }
}
