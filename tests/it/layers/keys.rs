//! The frame knows no setting of a kind: what a key of a kind's table means is for its folder.
//!
//! In: the sources. Out: fields of settings that a file of the frame reads, and tables of kinds that it looks into. A field counts if
//! its name is of kinds alone: one that the frame has as well, such as `name`, says nothing.

use std::collections::BTreeSet;

use super::circles::tokens;
use super::{kinds, sources};

/// Where the frame reads a setting or looks into the table of a kind, and why.
const READ: [(&str, &str, &str); 27] = [
    ("model/build.rs", "fleets", "which tiers lead to each group of hosts"),
    ("model/build.rs", "balancers", "and through which balancer"),
    ("model/compiler.rs", "balancers", "a request enters a tier: the step of every request has no detour"),
    ("model/compiler.rs", "fleets", "and its host may close the connection to it"),
    ("model/compiler.rs", "keep_alive", "after this time"),
    ("model/connect.rs", "balancers", "the balancer of a request gives up on a target"),
    ("model/connect.rs", "connect_timeout", "after this time"),
    ("model/evened.rs", "fleets", "whether all hosts of a group get as much"),
    ("model/evened.rs", "balancers", "by how their balancer chooses"),
    ("model/loads.rs", "balancers", "which group a tier is of"),
    ("model/metering.rs", "fleets", "bytes between zones"),
    ("validate/metric.rs", "services", "a textbook queue is compared by its number of servers"),
    ("backtest/lacking.rs", "caches", "figures that were not measured: the hit ratio of each"),
    ("backtest/lacking.rs", "databases", "their CPU"),
    ("backtest/lacking.rs", "fleets", "their CPU, and their instances if they scale"),
    ("backtest/source.rs", "replica_connections", "a column of the rows that bears the name of a setting"),
    ("backtest/source.rs", "writer_connections", "and another one"),
    ("backtest/source.rs", "caches", "which figure of a recording is of which table"),
    ("backtest/source.rs", "databases", "likewise"),
    ("backtest/source.rs", "fleets", "likewise"),
    ("backtest/source.rs", "services", "likewise"),
    ("backtest.rs", "databases", "whether there is a CPU that could have been measured"),
    ("backtest.rs", "fleets", "likewise"),
    ("calibrate/utilisation.rs", "databases", "what a node can do in a second"),
    ("calibrate/utilisation.rs", "fleets", "what its instances can do in a second"),
    ("calibrate/utilisation.rs", "services", "what its servers can do in a second"),
    ("api/own.rs", "services", "a program stands in for one of them"),
];
/// What joins the steps of a path with the tables that they lead to.
const PATHS: [&str; 3] = ["scenario/request/path.rs", "scenario/request/owned.rs", "scenario/root.rs"];

/// The kind that a file is of, if it is of one.
fn is_of_a_kind(file: &str) -> bool {
    let of = |kind: &String| file.strip_prefix("kind/")?.strip_prefix(kind.as_str())?.chars().next();
    kinds().iter().any(|kind| of(kind).is_some_and(|next| "/.".contains(next)))
}

/// Words and marks of a source without its unit tests; text is a mark.
fn words(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    tokens(source.parse().unwrap(), &mut found);
    found
}

/// The names of the fields that a source declares or sets: `name: `.
fn declared(words: &[String]) -> BTreeSet<&str> {
    words.windows(2).filter(|pair| pair[1] == ":").map(|pair| pair[0].as_str()).collect()
}

/// The public fields of the structs of a source.
fn public(words: &[String]) -> BTreeSet<&str> {
    words.windows(3).filter(|it| it[0] == "pub" && it[2] == ":").map(|it| it[1].as_str()).collect()
}

/// The names that a source reads by `.name`, without methods.
fn read(words: &[String]) -> BTreeSet<&str> {
    let is_name = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_read =
        |it: &&[String]| it[1] == "." && it[0] != "." && is_name(&it[2]) && it[3] != "(" && it[3] != "::";
    words.windows(4).filter(is_read).map(|it| it[2].as_str()).collect()
}

/// The tables of kinds that a source looks into: `scenario.fleets`, `kinds.fleets`.
fn looked_into<'a>(words: &[String], tables: &'a BTreeSet<String>) -> BTreeSet<&'a str> {
    let holds = |it: &[String], table: &str| {
        ["scenario", "kinds", "settings", "scene"].contains(&it[0].as_str()) && it[1] == "." && it[2] == table
    };
    let is_in = |table: &&String| words.windows(3).any(|it| holds(it, table));
    tables.iter().filter(is_in).map(String::as_str).collect()
}

/// The fields of [`Settings`] in which the tables of kinds are, by the list.
fn tables() -> BTreeSet<String> {
    let source = sources().into_iter().find(|(file, _)| file == "kind.rs").unwrap().1;
    let (_, list) = source.rsplit_once("kinds! {").unwrap();
    let mut words = list.split([' ', ';', '\n']);
    std::iter::from_fn(|| {
        words.find(|word| *word == "tables")?;
        words.next().map(str::to_owned)
    })
    .collect()
}

#[test]
fn the_frame_reads_a_setting_of_a_kind_only_where_it_says_why() {
    let all: Vec<(String, Vec<String>)> =
        sources().into_iter().map(|(file, text)| (file, words(&text))).collect();
    let (of_kinds, frame): (Vec<_>, Vec<_>) = all.iter().partition(|(file, _)| is_of_a_kind(file));
    let settings = of_kinds.iter().filter(|(file, _)| file.contains("/language") || file.contains("/step"));
    let known: BTreeSet<&str> = frame.iter().flat_map(|(_, words)| declared(words)).collect();
    let own: BTreeSet<&str> =
        settings.flat_map(|(_, words)| public(words)).filter(|name| !known.contains(name)).collect();
    assert!(own.len() > 60, "the settings of kinds were not found: {own:?}");
    let tables = tables();
    assert_eq!(tables.len(), 23, "{tables:?}");
    let (mut wrong, mut used) = (Vec::new(), [false; READ.len()]);
    let is_test = |file: &str| file.contains("/tests") || file.contains("/sample");
    for (file, words) in frame.iter().filter(|(file, _)| !is_test(file) && !PATHS.contains(&file.as_str())) {
        let keys = read(words).into_iter().filter(|name| own.contains(name));
        for name in keys.chain(looked_into(words, &tables)) {
            match READ.iter().position(|(of, it, _)| of == file && *it == name) {
                Some(at) => used[at] = true,
                None => wrong.push(format!("src/{file} reads {name}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(used.iter().all(|used| *used), "the list has what is not read any more: {used:?}");
}

#[test]
fn fields_are_told_from_methods_texts_and_tests() {
    let source = "struct A { pub wait: u8, b: u8 } fn f() { q.wait; 0..queues; q.retry(); scenario.kinds.queues[0]; \".ttl\"; }\n\
                  #[cfg(test)] mod tests { fn g() { q.ttl; } }";
    let words = words(source);
    assert_eq!(public(&words).into_iter().collect::<Vec<_>>(), ["wait"]);
    assert!(declared(&words).contains("b"));
    assert_eq!(read(&words).into_iter().collect::<Vec<_>>(), ["kinds", "queues", "wait"]);
    let tables = BTreeSet::from(["queues".to_owned(), "fleets".to_owned()]);
    assert_eq!(looked_into(&words, &tables).into_iter().collect::<Vec<_>>(), ["queues"]);
}
