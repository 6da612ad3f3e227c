//! Files made of the language's own tables and keys with values of any kind give a page or a scenario, never a panic.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::Union;

use super::read;

/// Tables and their keys, as the reference lists them.
fn language() -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut table = String::new();
    for line in simcap::scenario::reference().lines() {
        if let Some(title) = line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")) {
            table = title.trim_matches('`').to_owned();
        } else if let Some(row) = line.strip_prefix("| `")
            && let Some((key, _)) = row.split_once('`')
        {
            tables.entry(table.clone()).or_default().push(key.to_owned());
        }
    }
    tables
}

const KINDS: [&str; 10] = [
    "traffic",
    "users",
    "request",
    "balancer",
    "fleet",
    "cache",
    "database",
    "service",
    "keys",
    "objectives",
];

/// Words that the language uses somewhere, and some that it never uses.
const WORDS: [&str; 44] = [
    "a",
    "b",
    "ä",
    "",
    "0s",
    "1ns",
    "10ms",
    "1h",
    "36500d",
    "1e9s",
    "-1s",
    "∞s",
    "5 parsecs",
    "1/s",
    "10000k/s",
    "0/s",
    "nan/s",
    "1 B",
    "2 GiB",
    "1048576 TiB",
    "0%",
    "50%",
    "100.0001%",
    "never",
    "unlimited",
    "exponential 1ms",
    "erlang-0 1ms",
    "erlang-9 1ms",
    "uniform 9ms 1ms",
    "lognormal 1ms cv nan",
    "hyperexponential 1ms cv inf",
    "empirical times.csv",
    "empirical .",
    "empirical /dev/zero",
    "replay arrivals.csv column cpu_us unit us",
    "replay nowhere.csv column x",
    "m5.large",
    "cache.r6g.large",
    "db.r6g.large",
    "cpu",
    "p99 < 1ms",
    "a p99.9 <= -1s",
    "< $1",
    "max < 99999999999999d",
];

const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "-1",
    "7",
    "100",
    "4294967296",
    "18446744073709551615",
    "9999999999999999999999",
    "0.5",
    "-0.0",
    "1e308",
    "1e-308",
    "1e999",
    "nan",
    "inf",
    "-inf",
    "0xdead_beef",
    "0o17",
    "true",
    "false",
    "1979-05-27",
    "07:32:00",
];

fn quoted(text: &str) -> String {
    format!("{text:?}").replace("\\u{", "\\u").replace('}', "")
}

fn key() -> impl Strategy<Value = String> {
    let known: Vec<String> = language().into_values().flatten().collect();
    prop_oneof![
        20 => prop::sample::select(known),
        1 => prop::sample::select(vec!["a".to_owned(), "\"\"".into(), "a.b".into(), "\"é\"".into(), "x".repeat(5_000)]),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        12 => prop::sample::select(WORDS.to_vec()).prop_map(quoted),
        6 => prop::sample::select(NUMBERS.to_vec()).prop_map(str::to_owned),
        1 => any::<f64>().prop_map(|number| format!("{number:?}")),
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => ".{0,12}".prop_map(|text| quoted(&text)),
        1 => (1usize..9_000).prop_map(|length| quoted(&"é".repeat(length))),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|list| format!("[{}]", list.join(", "))),
            prop::collection::vec((key(), inner), 0..5).prop_map(|table| {
                let entries: Vec<String> =
                    table.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
        ]
    })
}

/// A table of a kind: mostly with keys of its own, sometimes with a key of another kind or the same key twice.
fn table(kind: &'static str) -> impl Strategy<Value = String> {
    let own: Vec<String> =
        language().into_iter().filter(|(title, _)| title.contains(kind)).flat_map(|(_, keys)| keys).collect();
    let entry = (prop_oneof![9 => prop::sample::select(own), 1 => key()], value());
    (prop::sample::select(vec!["a", "b", "\"ä ö\"", "a.b"]), prop::collection::vec(entry, 0..8)).prop_map(
        move |(name, entries)| {
            let lines: Vec<String> =
                entries.into_iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
            match kind {
                "objectives" => format!("[objectives]\n{}", lines.concat()),
                _ => format!("[{kind}.{name}]\n{}", lines.concat()),
            }
        },
    )
}

fn file() -> impl Strategy<Value = String> {
    // Made once: the strategy of a table holds all values of the language.
    let tables = Union::new(KINDS.map(|kind| table(kind).boxed()));
    (value(), prop::collection::vec((key(), value()), 0..3), prop::collection::vec(tables, 0..7)).prop_map(
        |(duration, head, tables)| {
            let head: Vec<String> =
                head.into_iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
            format!("duration = {duration}\n{}{}", head.concat(), tables.concat())
        },
    )
}

#[test]
fn the_language_is_found_in_its_reference() {
    let tables = language();
    assert!(tables.len() >= 30 && tables["[fleet.NAME]"].iter().any(|key| key == "threads"), "{tables:?}");
    for kind in KINDS {
        assert!(tables.keys().any(|title| title.contains(kind)), "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(3),
        ..ProptestConfig::with_cases(400)
    })]

    #[test]
    fn any_file_of_the_language_gets_a_page_or_is_a_scenario(text in file()) {
        drop(read(text.as_bytes()));
    }

    /// One key of a good file gets a value of any kind.
    #[test]
    fn any_value_of_any_key_gets_a_page_or_is_a_scenario(
        place in any::<prop::sample::Index>(), value in value(),
    ) {
        let lines: Vec<&str> = include_str!("../good/everything.toml").lines().collect();
        let keys: Vec<usize> = (0..lines.len()).filter(|&at| lines[at].contains(" = ")).collect();
        let at = keys[place.index(keys.len())];
        let (key, _) = lines[at].split_once(" = ").unwrap();
        let mut lines = lines.clone();
        let line = format!("{key} = {value}");
        lines[at] = &line;
        drop(read(lines.join("\n").as_bytes()));
    }
}
