//! Modules depend one way: each may use only those before it.

mod circles;
mod folders;
mod keys;
mod opened;

use std::fs;
use std::path::{Path, PathBuf};

/// The order of the library, then of the binary.
const ORDER: [&str; 46] = [
    "text",
    "units",
    "files",
    "machine",
    "guard",
    "interval",
    "number",
    "rng",
    "dist",
    "own",
    "catalog",
    "language",
    "id",
    "engine",
    "measure",
    "usage",
    "cost",
    "import",
    "flow",
    "kind",
    "scenario",
    "model",
    "export",
    "bill",
    "warning",
    "init",
    "objective",
    "outcome",
    "ensemble",
    "study",
    "plan",
    "comparison",
    "sensitivity",
    "breakpoint",
    "measured",
    "backtest",
    "calibrate",
    "report",
    "validate",
    "api",
    "answers",
    "cli",
    "exit",
    "commands",
    "main",
    "lib",
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
}

/// Every source of the library and the program: its path below `src`, with `/`, and its text.
fn sources() -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&source, &mut paths);
    let read = |path: PathBuf| {
        let file = path.strip_prefix(&source).unwrap().to_str().unwrap().replace('\\', "/");
        (file, fs::read_to_string(&path).unwrap())
    };
    paths.into_iter().map(read).collect()
}

/// The modules that a source names after `crate::` or `simcap::`, tests included, without comments and text.
fn used(source: &str) -> Vec<&str> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.match_indices("crate::").map(move |(at, found)| &line[at + found.len()..]))
        .flat_map(|rest| match rest.strip_prefix('{') {
            // `use crate::{cost, objective};`
            Some(list) => list.split('}').next().unwrap_or("").split(',').map(str::trim).collect(),
            None => vec![rest],
        })
        .map(|path| path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
        .collect()
}

#[test]
fn modules_use_only_those_before_them() {
    let rank = |module: &str| ORDER.iter().position(|&other| other == module);
    let mut wrong = Vec::new();
    let mut uses = 0;
    for (file, text) in sources() {
        let module = file.split(['/', '.']).next().unwrap();
        let own = rank(module).unwrap_or_else(|| panic!("src/{file} has no place in the order"));
        for other in used(&text) {
            uses += 1;
            if rank(other).is_none_or(|place| place > own) {
                wrong.push(format!("src/{file} uses {other}"));
            }
        }
    }
    wrong.dedup();
    assert!(uses > 100, "the uses were not found");
    assert!(wrong.is_empty(), "against the order {ORDER:?}:\n{}", wrong.join("\n"));
}

#[test]
fn grouped_and_inline_uses_are_found() {
    let source = "use crate::{cost, objective};\n// crate::main\nfn f() { crate::dist::uniform(); }\nuse crate::rng::Stream;";
    assert_eq!(used(source), ["cost", "objective", "dist", "rng"]);
}

/// The folders of `src/kind`.
pub fn kinds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kind");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    folders.map(|folder| folder.file_name().into_string().unwrap()).collect()
}

/// The language of a kind is read, checked and documented without a run.
#[test]
fn the_language_of_a_kind_knows_no_run() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kind");
    let mut paths = Vec::new();
    for kind in kinds() {
        paths.push(source.join(&kind).join("language.rs"));
        let parts = source.join(&kind).join("language");
        if parts.exists() {
            files(&parts, &mut paths);
        }
    }
    assert!(paths.len() > kinds().len());
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let run = ["engine", "measure", "usage", "cost", "flow"];
        let wrong: Vec<&str> = used(&text).into_iter().filter(|name| run.contains(name)).collect();
        assert!(
            wrong.is_empty() && !text.contains("::model"),
            "{} names {wrong:?} or the model",
            path.display()
        );
    }
}

/// Whether a source names a kind other than by its `language`.
fn names_more_than_language(text: &str, kind: &str) -> bool {
    let path = format!("kind::{kind}");
    let named = text.match_indices(&path).map(|(at, _)| &text[at + path.len()..]);
    let mut others = named.filter(|rest| !rest.starts_with(char::is_alphanumeric) && !rest.starts_with('_'));
    others.any(|rest| !rest.starts_with("::language"))
}

#[test]
fn only_the_language_of_another_kind_may_be_named() {
    assert!(names_more_than_language("use crate::kind::fleet::model::Fleets;", "fleet"));
    assert!(names_more_than_language(
        "use crate::kind::fleet::language::Fleet;\nuse crate::kind::fleet;",
        "fleet"
    ));
    assert!(!names_more_than_language("use crate::kind::fleet::language::Fleet;", "fleet"));
}

/// Where the frame names a kind, and why. What else it knows of kinds it knows by the list.
const NAMED: [(&str, &str, &str); 28] = [
    (
        "scenario/complete/values.rs",
        "alarm",
        "an editor offers the names of alarms, those of policies among them",
    ),
    ("scenario/listed.rs", "dynamodb", "and the types of DAX nodes"),
    ("calibrate/utilisation.rs", "fleet", "how many instances a group has that does not scale"),
    (
        "model/walk.rs",
        "balancer",
        "each request asks it for a target: the step of every request has no detour",
    ),
    ("model/unwind.rs", "balancer", "and tells it of the answer"),
    ("model/unwind.rs", "fleet", "or tells its deployment what an instance cut off as it left"),
    ("model/connect.rs", "balancer", "or that the target refused"),
    ("model/blame.rs", "balancer", "or that the target has failed the request"),
    ("model/program.rs", "balancer", "steps of a balancer that looks at who asks, or at its connections"),
    ("model/program.rs", "fault", "steps of a caller of a balancer, whose name may be wrong"),
    ("model/connect.rs", "fleet", "a host whose threads are taken refuses, or lets its callers wait"),
    (
        "model/program.rs",
        "fleet",
        "steps of hosts: one that is reached without a balancer, its busy cores and its link",
    ),
    ("model/program.rs", "lambda", "steps of a call of a function, which is a tier"),
    ("model/program.rs", "api", "step of a tier for which an API waits"),
    (
        "scenario/request/path.rs",
        "balancer",
        "requests that it splits over several groups have a way into each",
    ),
    ("model/met.rs", "fault", "requests that fail are of the strike that holds what they failed at"),
    ("model/met.rs", "resilience", "a call has met what its tries have met"),
    ("model/met.rs", "distribution", "and so has a request at a CDN whose origin is asked"),
    ("scenario/root.rs", "resilience", "policies written beside steps become tables when all steps are read"),
    ("kind/tests.rs", "", "tests"),
    ("model/rules.rs", "", "the text of the rules quotes constants"),
    ("init/answers.rs", "database", "the question on the database knows the engines by name"),
    ("bill/sample.rs", "", "a bill to test with"),
    ("bill/tests.rs", "", "tests"),
    ("outcome.rs", "", "users of the library name the outcomes of kinds"),
    ("outcome/rows.rs", "", "and their rows"),
    ("outcome/headroom/tests.rs", "fleet", "tests"),
    ("outcome/headroom/tests/size.rs", "fleet", "tests"),
];

/// A new kind is one folder, one line of the list, and no line in a file of the frame that knows how another kind works.
#[test]
fn the_frame_names_a_kind_only_where_it_says_why() {
    let mut used = [false; NAMED.len()];
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        // What joins the kinds is of the frame too: `kind.rs`, `kind/part.rs`.
        let is_of = |kind: &String| {
            file.strip_prefix("kind/")
                .and_then(|file| file.strip_prefix(kind.as_str()))
                .is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        if kinds().iter().any(is_of) {
            continue;
        }
        // The tests of a file may make one of anything.
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for kind in kinds() {
            let ways = [format!("kind::{kind}"), format!("parts.{kind}"), format!("self, {kind}}}")];
            let named =
                ways.iter().flat_map(|way| code.match_indices(way).map(|(at, _)| &code[at + way.len()..]));
            if !named.into_iter().any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
                continue;
            }
            let known = NAMED.iter().position(|(of, it, _)| *of == file && (it.is_empty() || *it == kind));
            match known {
                Some(known) => used[known] = true,
                None => wrong.push(format!("src/{file} names {kind}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(used.iter().all(|used| *used), "the list has files that name no kind any more: {used:?}");
}

/// Kinds know each other by numbers, by facts, and by their language: a group has policies and pools.
#[test]
fn no_kind_names_another_one() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kind");
    let mut wrong = Vec::new();
    for kind in kinds() {
        let mut paths = vec![source.join(format!("{kind}.rs"))];
        files(&source.join(&kind), &mut paths);
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            let others = kinds().into_iter().filter(|other| *other != kind);
            wrong.extend(
                others
                    .filter(|other| names_more_than_language(&text, other))
                    .map(|other| format!("{} names {other}", path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
