//! The list of what is public in the library. In: the JSON that rustdoc writes of it, and the names of modules that are not public. Out: one
//! line for each item, sorted, on standard output. On standard error what no user can make sense of: types that stand in an item and cannot
//! be named, and docs that speak of a private module.
//!
//! Implementations that every type has, by a blanket or as an auto trait, are left out: they say nothing of this library.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use serde_json::Value;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let json = given.next().ok_or("which JSON of rustdoc?")?;
    let private: Vec<String> = given.collect();
    let api = public_api::Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()?;
    let lines: BTreeSet<String> = api.items().map(ToString::to_string).collect();
    lines.iter().for_each(|line| println!("{line}"));
    let mut wrong: Vec<String> =
        unnameable(&lines).iter().map(|path| format!("cannot be named: {path}")).collect();
    wrong.extend(private_words(&serde_json::from_str(&fs::read_to_string(json)?)?, &private));
    wrong.iter().for_each(|line| eprintln!("{line}"));
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// Paths that lead into a module which is not public, so that they are written down by where their types are, and not by a name.
fn unnameable(lines: &BTreeSet<String>) -> BTreeSet<&str> {
    let modules: BTreeSet<&str> = lines.iter().filter_map(|line| line.strip_prefix("pub mod ")).collect();
    let paths = lines.iter().flat_map(|line| {
        let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        words.map(|word| word.trim_end_matches(':'))
    });
    let own = paths.filter(|path| path.starts_with("simcap::"));
    own.filter(|path| {
        let parents = path.match_indices("::").map(|(at, _)| &path[..at]);
        // Below modules there are types, whose parts are theirs; names of types are written in capitals.
        let is_module =
            |path: &&str| path.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_lowercase));
        parents.take_while(is_module).any(|parent| !modules.contains(parent))
    })
    .collect()
}

/// Lines of docs that name something inside of a private module. Where a link leads is rustdoc's to check.
fn private_words(json: &Value, private: &[String]) -> Vec<String> {
    let items = json["index"].as_object().into_iter().flat_map(|index| index.values());
    let mut found = Vec::new();
    for item in items {
        let docs = item["docs"].as_str().unwrap_or_default();
        for line in docs.lines() {
            let mut parts = line.split("](");
            let begin = parts.next().unwrap_or_default();
            let after = parts.map(|part| part.split_once(')').map_or("", |link| link.1));
            let shown: String = std::iter::once(begin).chain(after).collect();
            let is_private = |name: &String| {
                let path = format!("{name}::");
                shown.match_indices(&path).any(|(at, _)| {
                    !shown[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '/')
                })
            };
            if private.iter().any(is_private) {
                found.push(format!(
                    "the docs of `{}` speak of the inside: {line}",
                    item["name"].as_str().unwrap_or("an item")
                ));
            }
        }
    }
    found.sort_unstable();
    found
}
