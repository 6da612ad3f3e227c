//! The words of the page of a run: its parts, the titles of columns and what stands there. In: the words that each part declares, and the tables of
//! figures of each kind. Out: an explanation of each.

use serde_json::Value;

use super::super::schema::{definition_of, outcome_schema};
use super::super::terminal;
use crate::kind;
use crate::language::names::Named;
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
        for (field, title) in of.heads {
            all.extend(about(field).map(|about| Explained {
                path: vec![title.to_owned()],
                is: format!("a column of the part `{}` of {PAGE}", of.title),
                about: about.to_owned(),
                facts: vec![("field", format!("{}.{field} of outcome.json", of.list))],
            }));
        }
    }
    all
}
