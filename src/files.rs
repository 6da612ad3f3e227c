//! Files under temporary names, until they are whole. In: a folder. Out: a new file in it that nobody knows; without those that others
//! have left there. And which files may be opened at all.

mod within;

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

pub use self::within::{
    check, check_within, confine, create_new, entries, make_folder, open, read, read_text,
};

const BEGINS: &str = ".";
const ENDS: &str = ".partial";
/// Letters between them, which are drawn.
const LETTERS: usize = 8;
/// What is older has been left: nothing takes so long to write.
const LEFT: Duration = Duration::from_secs(3_600);

/// A new file beside those of a folder; it goes away unless it gets a name. Its own name is unpredictable: a link or a file that
/// another user put in its place is never followed.
pub fn neighbour(dir: &Path) -> io::Result<NamedTempFile> {
    check(if dir.as_os_str().is_empty() { Path::new(".") } else { dir })?;
    let mut builder = Builder::new();
    builder.prefix(BEGINS).suffix(ENDS).rand_bytes(LETTERS);
    // With the permissions of any new file, by the mask of the user; the library would allow only the owner.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(dir).map_err(without_name)
}

/// The error without the name of the file, which nobody has chosen and nobody will find.
fn without_name(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why),
        None => error,
    }
}

/// Removes what processes that were killed have left in a folder. What cannot be looked at or removed stays: it does no harm.
pub fn tidy(dir: &Path) {
    let Ok(entries) = entries(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(is_temporary);
        let is_left = || {
            let written = entry.metadata().ok().filter(fs::Metadata::is_file)?.modified().ok()?;
            Some(written.elapsed().ok()? > LEFT)
        };
        if is_ours && is_left() == Some(true) {
            // Another process may have been quicker.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether it is a name that a neighbour gets, and hardly one that a person gives.
fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix(BEGINS).and_then(|it| it.strip_suffix(ENDS));
    middle.is_some_and(|it| it.len() == LETTERS && it.bytes().all(|it| it.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_left_long_ago_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, hours: u64| {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_modified(std::time::SystemTime::now() - Duration::from_secs(3_600 * hours)).unwrap();
        };
        let stay =
            [(".aaaaaaa2.partial", 0), ("aaaaaaa3.partial", 2), (".draft.partial", 2), (".aaaaaaa4.json", 2)];
        make(".aaaaaaa1.partial", 2);
        stay.iter().for_each(|it| make(it.0, it.1));
        fs::create_dir(folder.path().join(".aaaaaaa5.partial")).unwrap();
        tidy(folder.path());
        let left = |name: &str| folder.path().join(name).exists();
        assert!(!left(".aaaaaaa1.partial") && left(".aaaaaaa5.partial"));
        assert!(stay.iter().all(|it| left(it.0)));
        // The names are those of neighbours.
        let file = neighbour(folder.path()).unwrap();
        assert!(is_temporary(file.path().file_name().unwrap().to_str().unwrap()));
        tidy(&folder.path().join("nowhere"));
    }
}
