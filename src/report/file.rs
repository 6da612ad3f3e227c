//! Writes files whole or not at all, and all files of a run or none: bytes go to temporary files first, which are then
//! renamed.
//!
//! In: a folder, names and bytes. Out: files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use super::error::ReportError;
use crate::files::{self, neighbour, tidy};

/// Files that are renamed together.
pub(super) struct Set<'a> {
    dir: &'a Path,
    written: Vec<(PathBuf, NamedTempFile)>,
    removed: Vec<PathBuf>,
}

impl<'a> Set<'a> {
    /// No files yet.
    pub fn new(dir: &'a Path) -> Set<'a> {
        Set { dir, written: Vec::new(), removed: Vec::new() }
    }

    /// Writes the bytes of a file under a temporary name.
    pub fn write(&mut self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<(), ReportError> {
        let path = self.dir.join(name);
        let mut file = neighbour(self.dir).map_err(|source| cannot_write(&path, source))?;
        file.write_all(bytes).map_err(|source| cannot_write(&path, source))?;
        self.written.push((path, file));
        Ok(())
    }

    /// Plans to remove a file.
    pub fn remove(&mut self, name: &str) {
        self.removed.push(self.dir.join(name));
    }

    /// Renames all files to their final names, and removes those planned for removal; returns the files. A lock keeps
    /// other runs from doing so in this folder at the same time.
    pub fn commit(self) -> Result<Vec<PathBuf>, ReportError> {
        let _lock = lock(self.dir);
        tidy(self.dir);
        for path in self.removed {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot_write(&path, source));
                }
                _ => {}
            }
        }
        let mut paths = Vec::new();
        for (path, file) in self.written {
            file.persist(&path).map_err(|error| cannot_write(&path, error.error))?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// Tests whether a file can be created in a folder.
pub(super) fn probe(dir: &Path) -> io::Result<()> {
    // The error of the folder itself names no file that nobody has asked for.
    files::check(dir)?;
    fs::metadata(dir)?;
    neighbour(dir).and_then(NamedTempFile::close)
}

/// The folder of a file.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path from a folder to a file, without links; nothing if either is gone, or no such path exists.
pub(super) fn path_between(from: &Path, to: &Path) -> Option<String> {
    let (from, to) = (from.canonicalize().ok()?, to.canonicalize().ok()?);
    let common = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    // On Windows, drives have nothing in common.
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.components().skip(common)).collect();
    (common > 0).then(|| path.to_str().map(str::to_owned)).flatten()
}

/// Locks the folder until the returned file is closed: waits until no other run renames its files there. If a folder
/// cannot be locked, each file is still whole.
#[cfg(unix)]
fn lock(dir: &Path) -> Option<File> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let folder = files::open(dir).ok()?;
    rustix::fs::flock(&folder, rustix::fs::FlockOperation::LockExclusive).ok()?;
    Some(folder)
}

#[cfg(not(unix))]
fn lock(_: &Path) -> Option<File> {
    None
}

fn cannot_write(path: &Path, source: io::Error) -> ReportError {
    ReportError::Write { path: path.into(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, files: &[(&str, &str)]) -> Result<Vec<PathBuf>, ReportError> {
        let mut set = Set::new(dir);
        files.iter().try_for_each(|(name, text)| set.write(name, text.as_bytes()))?;
        set.commit()
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("a.txt", "old")]).unwrap();
        assert_eq!(write(dir.path(), &[("a.txt", "new")]).unwrap(), [dir.path().join("a.txt")]);
        assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), b"new");
        assert_eq!(names(dir.path()), ["a.txt"]);
    }

    #[test]
    fn a_set_that_is_not_committed_leaves_everything_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("a.txt", "old"), ("b.txt", "old")]).unwrap();
        let mut set = Set::new(dir.path());
        set.write("a.txt", b"new").unwrap();
        set.remove("b.txt");
        assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), b"old");
        drop(set);
        assert_eq!(names(dir.path()), ["a.txt", "b.txt"]);
        assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_never_followed() {
        let dir = tempfile::tempdir().unwrap();
        let victim = dir.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        for name in ["a.txt", "a.txt.partial", ".partial"] {
            std::os::unix::fs::symlink(&victim, dir.path().join(name)).unwrap();
        }
        write(dir.path(), &[("a.txt", "new")]).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        assert_eq!(fs::read(dir.path().join("a.txt")).unwrap(), b"new");
        assert!(!dir.path().join("a.txt").is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_can_be_read_as_any_other_of_its_user() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let plain = dir.path().join("plain");
        fs::write(&plain, "").unwrap();
        let written = write(dir.path(), &[("a.txt", "")]).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
        assert_eq!(mode(&written[0]), mode(&plain));
    }

    /// Many writers at once: afterwards all files are from one of them.
    #[test]
    fn sets_of_several_runs_do_not_mix() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for run in 0..4 {
                let dir = dir.path();
                scope.spawn(move || {
                    for round in 0..25 {
                        let text = format!("{run}.{round}");
                        write(dir, &[("a", &text), ("b", &text), ("c", &text)]).unwrap();
                    }
                });
            }
            for _ in 0..50 {
                let Some(_lock) = lock(dir.path()) else { return };
                let texts = ["a", "b", "c"].map(|name| fs::read(dir.path().join(name)).ok());
                assert!(texts[0] == texts[1] && texts[1] == texts[2], "{texts:?}");
            }
        });
        assert_eq!(names(dir.path()), ["a", "b", "c"]);
    }
}
