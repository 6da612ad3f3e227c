//! The README and the book. The table of systems and effects is complete, by a list that is kept here, and true: the scenarios and the tests
//! that it names are there. Every scenario is in a table, and every link leads somewhere.

mod contents;
mod effects;
mod links;
mod sale;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use self::effects::EFFECTS;
use crate::timelines::conventions::is_test;

/// The chapters with the two tables.
const TABLE: &str = include_str!("../../src/book/effects.md");
const STORIES: &str = include_str!("../../src/book/scenarios.md");

/// A row of a table: its cells, without the spaces around them.
fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// What stands between backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The rows of the table of systems and effects: each its number, its effect, its scenarios and its tests.
fn rows(chapter: &str) -> Vec<Vec<&str>> {
    let lines = chapter.lines().filter(|line| line.starts_with('|')).map(cells);
    lines.filter(|row| !row[0].is_empty() && row[0] != "---").collect()
}

/// The first column of the table of scenarios.
fn stories(chapter: &str) -> Vec<&str> {
    let (_, table) = chapter.split_once("\n| Scenario | Shows |\n").expect("the table of scenarios");
    let lines = table.lines().take_while(|line| line.starts_with('|'));
    lines.flat_map(|line| names(cells(line)[0])).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the scenarios below a folder: paths in `scenarios`, without their extension.
fn scenarios(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scenarios(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root().join("scenarios")).unwrap().with_extension("");
            found.insert(name.to_str().unwrap().replace('\\', "/"));
        }
    }
}

fn all_scenarios() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    scenarios(&root().join("scenarios"), &mut found);
    assert!(found.len() > 50, "{found:?}");
    found
}

/// What is wrong with a row: names of scenarios or tests that there are not, or none at all.
fn faults_of(row: &[&str], known: &BTreeSet<String>) -> Vec<String> {
    let [number, effect, shown, held] = row else { return vec![format!("{row:?} has not four cells")] };
    let (shown, held) = (names(shown), names(held));
    let mut found = Vec::new();
    if effect.is_empty() || shown.is_empty() || held.is_empty() {
        found.push(format!("{number} lacks an effect, a scenario or a test"));
    }
    let unknown = shown.iter().filter(|name| !known.contains(**name));
    found.extend(unknown.map(|name| format!("{number}: no scenario is called {name}")));
    for test in held {
        let there = test.split_once("::").is_some_and(|(file, name)| {
            fs::read_to_string(root().join(file)).is_ok_and(|source| is_test(&source, name))
        });
        if !there {
            found.push(format!("{number}: there is no test {test}"));
        }
    }
    found
}

/// What is wrong with the table of systems and effects of a page.
fn faults(chapter: &str) -> Vec<String> {
    let known = all_scenarios();
    let table = rows(chapter);
    let mut found: Vec<String> = table.iter().flat_map(|row| faults_of(row, &known)).collect();
    let mut of_a_part = 0;
    for (letter, effects) in EFFECTS {
        let part: Vec<_> = table.iter().filter(|row| row[0].starts_with(letter)).collect();
        of_a_part += part.len();
        for (row, number) in part.iter().zip(1..) {
            if row[0] != format!("{letter}{number}") {
                found.push(format!("{} is row {number} of its part", row[0]));
            }
            let meant = effects.iter().filter(|words| row[1].contains(**words)).count();
            if meant != 1 {
                found.push(format!("{} has {meant} effects of the list", row[0]));
            }
        }
        for words in effects {
            let count = part.iter().filter(|row| row[1].contains(words)).count();
            if count != 1 {
                found.push(format!("{letter}: {count} rows say `{words}`"));
            }
        }
    }
    if of_a_part != table.len() {
        found.push("a row is of no part".to_owned());
    }
    found
}

#[test]
fn the_table_of_systems_and_effects_is_complete_and_true() {
    assert_eq!(faults(TABLE), Vec::<String>::new());
    assert!(rows(TABLE).len() > 100, "{}", rows(TABLE).len());
}

#[test]
fn every_scenario_is_in_a_table_of_the_book() {
    let mut told: BTreeSet<&str> = stories(STORIES).into_iter().collect();
    let known = all_scenarios();
    for name in &told {
        assert!(known.contains(*name), "no scenario is called {name}");
    }
    told.extend(rows(TABLE).iter().flat_map(|row| names(row[2])));
    let untold: Vec<&String> = known.iter().filter(|name| !told.contains(name.as_str())).collect();
    assert!(untold.is_empty(), "{untold:?}");
}

/// Each of these tables has one fault.
#[test]
fn what_is_wrong_with_the_table_is_found() {
    let all: Vec<&str> = TABLE.lines().filter(|line| line.starts_with("| C2 |")).collect();
    let [row] = all[..] else { panic!("{all:?}") };
    let [_, effect, shown, held] = cells(row)[..] else { panic!("{row}") };
    let with = |row_then: &str| faults(&TABLE.replace(row, row_then));
    let line = |effect: &str, shown: &str, held: &str| format!("| C2 | {effect} | {shown} | {held} |");
    assert_eq!(with(&line(effect, shown, held)), Vec::<String>::new());
    assert_eq!(with(&line(effect, "`what-is-not`", held)), ["C2: no scenario is called what-is-not"]);
    assert_eq!(with(&line(effect, "", held)), ["C2 lacks an effect, a scenario or a test"]);
    assert_eq!(with(&line(effect, shown, "")), ["C2 lacks an effect, a scenario or a test"]);
    let here = "tests/it/book.rs::faults_of";
    assert_eq!(
        with(&line(effect, shown, &format!("`{here}`"))),
        [format!("C2: there is no test {here}")],
        "it is no test"
    );
    assert_eq!(with(&line(effect, shown, "`none.rs::none`")), ["C2: there is no test none.rs::none"]);
    let gone = with("");
    assert!(gone.contains(&"C: 0 rows say `made an m5.large`".to_owned()), "{gone:?}");
    assert!(gone.contains(&"C3 is row 2 of its part".to_owned()), "{gone:?}");
    let other = with(&line("Something else", shown, held));
    assert_eq!(other, ["C2 has 0 effects of the list", "C: 0 rows say `made an m5.large`"]);
    let more = format!("{row}\n| Z1 | {effect} | {shown} | {held} |");
    assert_eq!(with(&more), ["a row is of no part"]);
}
