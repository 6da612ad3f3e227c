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
        .map(|(table, label)| Explained {
            path: vec![label.words.to_owned()],
            is: format!("{RESOURCE} `[{table}.NAME]`, as pages call it"),
            about: label.about.to_owned(),
            facts: keys(label, language),
        })
        .collect()
}

/// The keys that change it, each with what it means.
fn keys(label: &Label, language: &[Explained]) -> Vec<(&'static str, String)> {
    let key = |path: &&str| {
        let known = language.iter().find(|it| it.path.join(".") == **path);
        let about = known.map_or("", |it| it.about.as_str());
        ("changed by", format!("{path}: {about}"))
    };
    label.keys.iter().map(key).collect()
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
