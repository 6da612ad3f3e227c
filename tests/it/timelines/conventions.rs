//! The conventions in the documentation of the crate: those without a time line elsewhere, and a check that every test
//! it names exists.

use std::fs;
use std::path::Path;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::layers::kinds;

/// Requests at (milliseconds, service in milliseconds), at one server.
fn line(trace: &[(u32, u32)], client: &str, service: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = trace.iter().map(|(at, service)| format!("{at},{service}\n")).collect();
    fs::write(folder.path().join("trace.csv"), format!("at,service\n{rows}")).unwrap();
    let text = format!(
        "duration = \"10s\"\n[traffic.all]\nreplay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [client]\n{client}\n[request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = 1\n\
         time = \"replay trace.csv column service unit ms\"\n{service}\n"
    );
    let scenario = scenario::parse("line.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

/// One place: it is taken at 0 ms, given up at 20 ms, and free for a request at 21 ms, but not at 19 ms.
#[test]
fn who_runs_out_of_patience_frees_the_place_at_once() {
    let line = |at| line(&[(0, 100), (0, 10), (at, 10)], "", "queue = 1\npatience = \"20ms\"");
    assert_eq!(line(19).services[0].rejected, 1.0);
    assert_eq!(line(21).services[0].rejected, 0.0);
}

/// Two requests of a second each, whose clients give up after half a second; a third comes at 900 ms. The server
/// finishes the first at 1 s in any case. Then it works on the second, whose client has gone; or, if that one left the
/// queue with its client, on the third.
#[test]
fn work_goes_on_without_its_client_unless_it_is_cancelled() {
    let trace = [(0, 1_000), (10, 1_000), (900, 100)];
    let keep = line(&trace, "timeout = \"500ms\"", "");
    assert_eq!((keep.requests.completed, keep.services[0].served), (0.0, 3.0));
    let cancel = line(&trace, "timeout = \"500ms\"\non_timeout = \"cancel\"", "");
    assert_eq!((cancel.latency_ms.count, cancel.latency_ms.max), (1, 200.0));
}

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, text),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
            false => {}
        }
    }
}

#[test]
fn every_test_that_the_conventions_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documentation = fs::read_to_string(root.join("src/lib.rs")).unwrap();
    let documentation: Vec<&str> = documentation.lines().filter(|line| line.starts_with("//!")).collect();
    let documentation = documentation.join("\n");
    let (_, conventions) = documentation.split_once("# Conventions").unwrap();
    let mut tests = String::new();
    sources(&root.join("tests"), &mut tests);
    let names: Vec<&str> = conventions.split('`').filter(|word| word.matches('_').count() >= 3).collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(tests.contains(&format!("fn {name}(")), "no test is called {name}");
    }
}

#[test]
fn every_test_that_the_rules_of_the_model_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec!["model".to_owned()];
    pages.extend(kinds().into_iter().map(|kind| format!("kind/{kind}")));
    for page in pages {
        let rules = fs::read_to_string(root.join("src").join(&page).join("rules.md")).unwrap();
        for (file, name) in rules.split('`').filter_map(|word| word.split_once("::")) {
            let source =
                fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(is_test(&source, name), "{page}: no test in {file} is called {name}");
        }
        let sections: Vec<&str> = rules.split("## ").skip(1).collect();
        assert!(!sections.is_empty(), "{page}");
        for section in sections {
            let title = section.lines().next().unwrap_or_default();
            let (_, held) = section.split_once("\n* Held by ").unwrap_or_else(|| panic!("{page}: {title}"));
            assert!(held.contains(".rs::") || held.contains("case "), "{page}: {title}: {held}");
        }
    }
}

/// Whether a source has a test of this name: a function of which `#[test]` is an attribute.
pub fn is_test(source: &str, name: &str) -> bool {
    let found =
        source.split_once(&format!("fn {name}(")).and_then(|(before, _)| before.rsplit_once("#[test]"));
    found.is_some_and(|(_, between)| !between.contains("fn ") && !between.contains('}'))
}

#[test]
fn a_function_that_is_no_test_is_not_taken_for_one() {
    let source = "#[test]\nfn one() {}\nfn two() {}\n#[test]\n#[ignore]\nfn three() {}";
    assert_eq!(["one", "two", "three", "four"].map(|name| is_test(source, name)), [true, false, true, false]);
}
