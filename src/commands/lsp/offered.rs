//! Meanings and completion. In: a text, and a place in it. Out: what `simcap explain` says of the word there; what can be written there.

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, Documentation, Hover, MarkupContent, MarkupKind, Position, Range,
    TextEdit,
};
use simcap::report;
use simcap::scenario::complete::{self, Choice};

use super::document::{Document, Encoding};

/// What the word at a place means, if it is one of the language.
pub fn hover(text: &Document, at: Position, encoding: Encoding) -> Option<Hover> {
    let word = complete::word_at(&text.text, text.offset(at, encoding))?;
    let page = report::explain(&word.join(".")).ok()?;
    let contents = MarkupContent { kind: MarkupKind::PlainText, value: page };
    Some(Hover { contents: contents.into(), range: None })
}

/// What can be written at a place, in the order of the reference.
pub fn completion(text: &Document, at: Position, encoding: Encoding) -> Vec<CompletionItem> {
    let offset = text.offset(at, encoding);
    let offered = complete::complete(&text.text, offset);
    let range = Range {
        start: text.position(offset - offered.typed.len(), encoding),
        end: text.position(offset + offered.rest.len(), encoding),
    };
    offered.choices.into_iter().enumerate().map(|(number, choice)| item(number, choice, range)).collect()
}

fn item(number: usize, choice: Choice, range: Range) -> CompletionItem {
    let Choice { label, insert, detail, about, is_key, is_required } = choice;
    let kind = if is_key { CompletionItemKind::Property } else { CompletionItemKind::Value };
    CompletionItem {
        // What must be there comes first; editors order by this text.
        sort_text: Some(format!("{}{number:04}", if is_required { 0 } else { 1 })),
        filter_text: Some(label.clone()),
        label,
        kind: Some(kind),
        detail: Some(detail).filter(|it| !it.is_empty()),
        documentation: Some(about.join("\n\n")).filter(|it| !it.is_empty()).map(Documentation::String),
        text_edit: Some(TextEdit { range, new_text: insert }.into()),
        ..CompletionItem::default()
    }
}
