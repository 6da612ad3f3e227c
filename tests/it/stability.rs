//! What `src/stability.md` promises, as far as a test can hold it. In: files of earlier versions, and the page. Out: nothing of them is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use simcap::outcome::{OLDEST, VERSION};
use simcap::{backtest, breakpoint, calibrate, comparison, plan, report, scenario, sensitivity, study};

const PAGE: &str = include_str!("../../src/stability.md");

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name)
}

/// The files of a folder whose names begin so, sorted.
fn files(name: &str, begin: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(begin)).collect();
    found.sort();
    found
}

/// The rows of the tables of a page that have the given header: their cells, without the marks of code.
fn rows(page: &str, header: &str) -> Vec<Vec<String>> {
    let lines = page.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    let lines = lines.take_while(|line| line.starts_with('|'));
    lines
        .map(|line| line.trim_matches('|').split('|').map(|it| it.trim().replace('`', "")).collect())
        .collect()
}

/// Each is the file with every key of its day, copied when the version was released, and never changed since.
#[test]
fn a_scenario_of_an_earlier_version_is_still_valid() {
    let found = files("good", "everything-");
    assert!(!found.is_empty());
    for path in found {
        let scenario = scenario::load(&path, &[]);
        let problems = scenario.as_ref().err().map(|error| format!("{error:?}"));
        assert_eq!(problems, None, "{}: see src/stability.md for what has to be said", path.display());
        assert_eq!(scenario.unwrap().name, "Everything");
    }
}

#[test]
fn an_outcome_of_every_layout_that_is_promised_is_read() {
    let mut layouts = BTreeMap::new();
    for path in files("stored", "").into_iter().filter(|it| it.extension().is_some_and(|it| it == "json")) {
        let outcome = report::read(&path).unwrap();
        assert!(report::markdown(&outcome).contains("**Cost**"), "{}", path.display());
        layouts.insert(outcome.version, path);
    }
    assert!(layouts.keys().copied().eq(OLDEST..=VERSION), "{layouts:?}");
    const { assert!(OLDEST < VERSION, "the layout before the present one is read at least") };
}

#[test]
fn the_page_has_the_layouts_of_the_program() {
    let table = rows(PAGE, "| Document |");
    let listed: Vec<(&str, &str)> =
        table.iter().map(|row| (row[0].split([' ', ',']).next().unwrap(), row[1].as_str())).collect();
    let own = [
        ("outcome.json", VERSION),
        ("compare", comparison::VERSION),
        ("headroom", breakpoint::VERSION),
        (report::SWEEP_FILE, study::VERSION),
        (report::PLANNED_FILE, plan::VERSION),
        (report::SENSITIVITY_FILE, sensitivity::VERSION),
        ("calibrate", calibrate::VERSION),
        ("backtest", backtest::VERSION),
    ];
    let own = own.map(|(name, version)| (name, version.to_string()));
    assert_eq!(listed, own.each_ref().map(|(name, version)| (*name, version.as_str())));
    assert_eq!(table[0][2], OLDEST.to_string());
}

/// What each of them means is held by `cli`; here, that no page leaves one out.
#[test]
fn the_page_has_the_exit_codes_of_the_book() {
    let codes = |page: &str| -> Vec<String> {
        rows(page, "| Exit code |").into_iter().map(|mut row| row.swap_remove(0)).collect()
    };
    let own = codes(PAGE);
    assert_eq!(own, ["0", "1", "2", "99", "129, 130, 143"]);
    assert_eq!(own, codes(include_str!("../../src/book/results.md")));
}
