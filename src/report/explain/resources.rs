//! The resources that pages speak of, such as `threads of web`. In: the labels of the kinds, of which they make all names, and the language. Out:
//! an explanation of each, with the keys that change it.

use crate::kind;
use crate::measure::resource::label::Label;
use crate::scenario::explain::{Explained, NAME};

/// What each of them is.
pub(super) const RESOURCE: &str = "a resource of a";

/// Every resource. The language is all of it, to say what each key means.
pub(super) fn of_pages(language: &[Explained]) -> Vec<Explained> {
    let all = kind::labels().into_iter().flat_map(|(table, labels)| labels.iter().map(move |it| (table, it)));
    // What has no words but its name is the thing itself: `payment` is explained by nobody but the file.
    all.filter(|(_, label)| label.words != NAME)
        .flat_map(|(table, label)| {
            let explained = |words: String| Explained {
                path: vec![words],
                is: format!("{RESOURCE} `[{table}.NAME]`, as pages call it"),
                about: label.about.to_owned(),
                facts: keys(label, language),
            };
            called(label).map(explained).collect::<Vec<_>>()
        })
        .collect()
}

/// What pages call it: its words, and with each part of it in brackets behind them, with or without more on that.
fn called(label: &Label) -> impl Iterator<Item = String> {
    let words = label.words;
    let parts = label
        .behind
        .iter()
        .flat_map(move |part| [format!("{words} ({part})"), format!("{words} ({part}, {NAME})")]);
    [words.to_owned()].into_iter().chain(parts)
}

/// The keys that change it, each with what it means.
fn keys(label: &Label, language: &[Explained]) -> Vec<(&'static str, String)> {
    let key = |key: &&str| {
        let about = meanings(key, language).first().copied().unwrap_or_default();
        ("changed by", format!("{key}: {about}"))
    };
    label.keys.iter().map(key).collect()
}

/// What a key of a label means: by its path, and by the table of which it is one, where that is said: `request.NAME.steps.rows of
/// { write = … }`.
pub(super) fn meanings<'a>(key: &str, language: &'a [Explained]) -> Vec<&'a str> {
    let (path, table) = key.split_once(" of ").unwrap_or((key, ""));
    let is_it = |it: &&Explained| {
        let is_of = it.is.strip_prefix("a key of ");
        it.path.join(".") == path && is_of.is_some_and(|of| table.is_empty() || of.trim_matches('`') == table)
    };
    let mut all: Vec<&str> = language.iter().filter(is_it).map(|it| it.about.as_str()).collect();
    all.dedup();
    all
}

/// Of several that fit, those that say most: of `CPU of the writer of shop` not `CPU of NAME`.
pub(super) fn closest(found: Vec<&Explained>) -> Vec<&Explained> {
    let own = |it: &Explained| it.path.iter().map(|part| part.replace(NAME, "").len()).sum::<usize>();
    let most = found.iter().filter(|it| it.is.starts_with(RESOURCE)).map(|it| own(it)).max();
    found.into_iter().filter(|it| !it.is.starts_with(RESOURCE) || Some(own(it)) == most).collect()
}

/// Those whose words before the first name are these: `command threads`.
pub(super) fn by_its_words<'a>(all: &'a [Explained], what: &str) -> Vec<&'a Explained> {
    let words = what.trim().to_lowercase();
    let resources = all.iter().filter(|it| it.is.starts_with(RESOURCE));
    let is_it = |it: &&Explained| {
        let known = it.path.first().and_then(|it| it.split_once(NAME)).map(|(words, _)| words.to_lowercase());
        let known = known.as_deref().map(str::trim_end);
        let short = known.and_then(|it| it.rsplit_once(' ')).map(|(words, _)| words);
        known == Some(&words) || short == Some(&words)
    };
    resources.filter(is_it).collect()
}
