//! Files are opened in one place, which knows what may be read and written. In: the sources. Out: those that open files themselves.

use super::sources;

/// Ways to a file that ask nobody.
const WAYS: [&str; 8] = [
    "File::open(",
    "File::create(",
    "OpenOptions::new(",
    "fs::read(",
    "fs::read_to_string(",
    "fs::read_dir(",
    "fs::write(",
    "fs::create_dir",
];

/// Sources that may: the place itself, what runs while the program is built, what an assistant cannot ask for, and what names its own
/// paths.
const MAY: [(&str, &str); 6] = [
    ("files/within.rs", "it is the place"),
    ("study/build.rs", "it runs while the program is built"),
    ("validate", "the cases name their own files"),
    ("commands/stop.rs", "it asks the system about this process"),
    ("commands/say.rs", "the summary of a job is named by its environment"),
    ("commands/mcp/draft.rs", "it counts the files of the server's own folder"),
];

#[test]
fn files_are_opened_in_one_place() {
    let mut found = Vec::new();
    let mut used = [false; MAY.len()];
    for (file, text) in sources() {
        // Tests are at the end of a file, or are files of their own.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let is_test = file.ends_with("tests.rs") || file.contains("/tests/");
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let opens = lines.filter(|line| WAYS.iter().any(|way| line.contains(way))).count();
        match MAY.iter().position(|(may, _)| file.starts_with(may)) {
            Some(at) => used[at] |= opens > 0,
            None if opens > 0 && !is_test => found.push(file),
            None => {}
        }
    }
    assert!(found.is_empty(), "use `crate::files`, which knows what may be opened: {found:?}");
    let idle: Vec<&str> =
        MAY.iter().zip(used).filter(|(_, used)| !used).map(|((file, _), _)| *file).collect();
    assert!(idle.is_empty(), "these open nothing any more: {idle:?}");
}
