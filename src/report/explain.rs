//! `simcap explain`: what one word means, of the language and of what a run leaves. In: the word, or a path such as `fleet.web.boot`. Out: a
//! page, or the words that are near.

mod fields;
mod pictures;
mod resources;
mod results;
mod spelt;
mod words;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use self::pictures::PICTURE;
use self::spelt::{is_end, is_whole, parts_of};
use super::terminal;
use crate::id::Kind;
use crate::kind;
use crate::language::names::{Named, closest};
use crate::measure::stage::Cause;
use crate::scenario::explain::{Explained, NAME, language};

/// How many meanings a page has; of more it has the places.
const MEANINGS: usize = 8;
/// How many words are offered for one that is not known.
const NEAR: usize = 5;

/// Everything that can be explained.
pub fn every() -> Vec<Explained> {
    let mut all = language();
    let resources = resources::of_pages(&all);
    all.extend(resources);
    all.extend(causes());
    all.extend(results::columns());
    all.extend(results::fields());
    all.extend(results::words());
    all.extend(words::of_pages());
    all.extend(pictures::words());
    all
}

/// What can be asked for.
pub fn subjects() -> String {
    let tables: Vec<&str> = Kind::ALL.iter().map(|kind| kind.table()).collect();
    let causes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.name()).collect();
    format!(
        "simcap explain WHAT explains one of\n\
         \n  a key of a scenario     duration, fleet.web.boot, fleet.boot.image, request.order.steps.0.cpu\
         \n  a table of a scenario   {}\
         \n  an objective            objectives.latency, objectives.errors\
         \n  a gauge                 queue.orders.age\
         \n  a column                fleet.web.cpu_percent, fleet.web.refused_per_s, latency.p99_ms\
         \n  a field of outcome.json goodput_per_s, requests.failed, estimates\
         \n  a word of a page        Headroom, \"full at\", \"in flight\", Verdict, tightest\
         \n  a word of a picture     \"in trouble\", offered, \"full: requests waited\"\
         \n  a resource of a page    \"threads of web\", \"command threads\", \"row locks of shop\"\
         \n  a law of time           lognormal, erlang, cv\
         \n  a kind of time          thread, pool, lock\
         \n  a cause of failure      {}\
         \n  a warning or a problem  no-price, unknown-key\n\
         \nAll of the language is on the page of `simcap reference`.\n",
        tables.join(", "),
        causes.join(", "),
    )
}

/// What a word or a path means.
///
/// # Errors
/// Nothing is called so: the words that are near.
pub fn explain(what: &str) -> Result<String, Vec<String>> {
    let all = every();
    let found = found(&all, what);
    if found.is_empty() { Err(near(&all, what)) } else { Ok(page(&found)) }
}

/// What is called exactly so, from its first word to its last, such as a field or a column by its whole path.
#[cfg(test)]
fn explained_whole(all: &[Explained], what: &str) -> Vec<Explained> {
    whole(all, what).into_iter().cloned().collect()
}

/// As it is written, as one word or as a path; then with other capitals, blanks and dashes.
fn whole<'a>(all: &'a [Explained], what: &str) -> Vec<&'a Explained> {
    let unquoted = what.replace('`', "");
    let one = [unquoted.trim()];
    let parts = parts_of(what);
    for alike in [spelt::is_same, spelt::is_alike] {
        for parts in [one.as_slice(), parts.as_slice()] {
            let found: Vec<&Explained> = all.iter().filter(|it| is_whole(&it.path, parts, alike)).collect();
            if !found.is_empty() && !parts.is_empty() {
                return resources::closest(found);
            }
        }
    }
    Vec::new()
}

/// What stands on a page beside a resource that is called by nothing but its name, such as a service: that can be explained.
pub fn beside_names() -> Vec<&'static str> {
    let services = kind::units().into_iter().find(|of| of.kind == Kind::Service);
    let of_services = services.into_iter().flat_map(|of| {
        let heads: Vec<&str> = of.heads.iter().map(|head| head.title).collect();
        [of.title].into_iter().chain(heads)
    });
    let headroom = terminal::HEADROOM_TITLES.into_iter().filter(|title| !title.is_empty());
    headroom.chain(of_services).collect()
}

/// Whether it may be the name of a table of a file: any word of letters, digits, `_` and `-` can be.
pub fn may_be_a_name(what: &str) -> bool {
    let what = what.trim().trim_matches('`');
    !what.is_empty() && what.chars().all(|it| it.is_alphanumeric() || "_-".contains(it))
}

/// What pictures say of it comes last: their words are those of pages and of the language as well.
fn found<'a>(all: &'a [Explained], what: &str) -> Vec<&'a Explained> {
    let pictures = all.iter().position(|it| it.is.contains(PICTURE)).unwrap_or(all.len());
    let (others, pictures) = all.split_at(pictures);
    let mut found = found_in(others, what);
    found.extend(whole(pictures, what));
    found
}

fn found_in<'a>(all: &'a [Explained], what: &str) -> Vec<&'a Explained> {
    let parts = parts_of(what);
    let mut found = whole(all, what);
    // The title of a column may be a key as well, or a cause of failure.
    if let ([_], false) = (parts.as_slice(), found.iter().any(|it| it.is.starts_with("a key of"))) {
        let known = found.clone();
        let is_new = |it: &&Explained| !known.iter().any(|known| std::ptr::eq(*known, *it));
        found.extend(all.iter().filter(|it| is_end(&it.path, &parts, spelt::is_same)).filter(is_new));
    }
    if found.is_empty()
        && let [table, _] = parts.as_slice()
    {
        // `fleet.web` is one of the tables below `fleet`.
        let of_file =
            |it: &&Explained| it.path == [*table] && Kind::ALL.iter().any(|kind| kind.table() == *table);
        found = all.iter().filter(of_file).collect();
    }
    if found.is_empty() {
        found = resources::by_its_words(all, what);
    }
    for alike in [spelt::is_same, spelt::is_alike] {
        if found.is_empty() && !parts.is_empty() {
            found = all.iter().filter(|it| is_end(&it.path, &parts, alike)).collect();
        }
    }
    // Steps are inside of steps: what stands before the last one does not matter.
    let mut rest = parts.as_slice();
    while found.is_empty()
        && let Some(at) = rest.iter().position(|part| ["steps", "miss", "try"].contains(part))
    {
        rest = &rest[at + 1..];
        found = all.iter().filter(|it| !rest.is_empty() && is_end(&it.path, rest, spelt::is_same)).collect();
    }
    found
}

fn page(found: &[&Explained]) -> String {
    let mut page = String::new();
    let mut seen = BTreeSet::new();
    let all: Vec<&&Explained> = found.iter().filter(|it| seen.insert((&it.is, &it.about))).collect();
    for (at, it) in all.iter().take(MEANINGS).enumerate() {
        if at > 0 {
            page.push('\n');
        }
        // Writing to a string does not fail.
        let _ = writeln!(page, "{}  {}\n  {}", it.path.join("."), it.is, it.about);
        for (word, text) in &it.facts {
            let _ = writeln!(page, "  {word:<11} {text}");
        }
    }
    if all.len() > MEANINGS {
        page.push_str("\nalso:\n");
        for it in &all[MEANINGS..] {
            let _ = writeln!(page, "  {}  {}", it.path.join("."), it.is);
        }
    }
    page
}

/// Words that are like one that is not known: of the table that the path begins with, if that is one. Each is explained itself.
fn near(all: &[Explained], what: &str) -> Vec<String> {
    let parts = parts_of(what);
    let Some(word) = parts.last() else { return Vec::new() };
    let is_below = |it: &&Explained| parts.len() > 1 && it.path.first().is_some_and(|it| *it == parts[0]);
    let mut near: Vec<String> = Vec::new();
    for of_table in [true, false] {
        let candidates = all.iter().filter(|it| !of_table || is_below(it)).filter_map(|it| it.path.last());
        let mut words: BTreeSet<&str> = candidates
            .map(String::as_str)
            .filter(|it| !it.contains(NAME) && !near.contains(&(*it).to_owned()))
            .collect();
        while near.len() < NEAR
            && let Some(close) = closest(word, words.iter().copied())
        {
            // Of short words a third is one letter: that leads from nearly any of them to another.
            if is_like(word, close) {
                near.push(close.to_owned());
            }
            words.remove(close);
        }
    }
    near
}

/// Whether one word may be a slip of the other: it begins like it, or has nearly all of its letters.
fn is_like(word: &str, other: &str) -> bool {
    let (word, other) = (word.to_lowercase(), other.to_lowercase());
    let begins = word.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    begins >= 2 || word.chars().count() > 4
}

fn causes() -> impl Iterator<Item = Explained> {
    let of = |cause: Cause, path: &[&str]| Explained {
        path: path.iter().map(|part| (*part).to_owned()).collect(),
        is: "a cause of failure".to_owned(),
        about: cause.about().to_owned(),
        facts: vec![("column", format!("failed.{}_per_s", cause.name()))],
    };
    Cause::ALL
        .into_iter()
        .flat_map(move |cause| [of(cause, &[cause.name()]), of(cause, &["failed", cause.name()])])
}

#[cfg(test)]
mod tests;
