//! What may be read and written: everything, or what lies in one folder. In: that folder, once for the process, and paths. Out: files, or
//! an error that says nothing of what is outside.
//!
//! A scenario from anyone may name files: what it extends, recorded demands, rates, price lists. Every file that the program opens, and
//! every folder that it makes, comes through here.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// The folder, once there is one.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// From now on nothing outside of this folder is opened. It cannot be undone: a second folder is an error.
///
/// # Errors
/// The folder is not there, or there is another one already.
pub fn confine(root: &Path) -> io::Result<()> {
    let root = root.canonicalize()?;
    ROOT.set(root).map_err(|_| io::Error::other("the program is confined to another folder already"))
}

/// Whether a path may be used.
///
/// # Errors
/// It leads out of the folder, by its name or by a link.
pub fn check(path: &Path) -> io::Result<()> {
    ROOT.get().map_or(Ok(()), |root| check_within(root, path))
}

/// The same for any folder without links in its own path. What is outside by its name is not even looked at, so nobody learns whether
/// it is there.
///
/// # Errors
/// As those of [`check`].
pub fn check_within(root: &Path, path: &Path) -> io::Result<()> {
    let outside = || io::Error::new(io::ErrorKind::PermissionDenied, "it is outside of the allowed folder");
    let named = plain(&std::path::absolute(path)?);
    if !named.starts_with(root) {
        return Err(outside());
    }
    // What is not there yet will be in a folder that is; a link that leads nowhere would be followed.
    for part in named.ancestors().take_while(|part| part.starts_with(root)) {
        match part.canonicalize() {
            Ok(real) if real.starts_with(root) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !part.is_symlink() => {}
            Ok(_) | Err(_) => return Err(outside()),
        }
    }
    Err(outside())
}

/// A path without `.` and `..`, by its letters alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// Opens a file, or a folder, to read it.
///
/// # Errors
/// It cannot be opened, or lies outside of the folder.
pub fn open(path: &Path) -> io::Result<File> {
    check(path)?;
    File::open(path)
}

/// Makes a file that is not there yet.
///
/// # Errors
/// It may not be made, cannot be, or is there.
pub fn create_new(path: &Path) -> io::Result<File> {
    check(path)?;
    File::create_new(path)
}

/// The bytes of a file.
///
/// # Errors
/// As those of [`open`], and of reading.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    check(path)?;
    fs::read(path)
}

/// The text of a file.
///
/// # Errors
/// As those of [`read`]; it is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    check(path)?;
    fs::read_to_string(path)
}

/// What is in a folder.
///
/// # Errors
/// As those of [`open`].
pub fn entries(folder: &Path) -> io::Result<fs::ReadDir> {
    check(folder)?;
    fs::read_dir(folder)
}

/// Makes a folder, and those that it is in.
///
/// # Errors
/// It cannot be made, or would lie outside.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    // A path of no letters is the folder that the program works in.
    check(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_is_within() {
        let outer = tempfile::tempdir().unwrap();
        let outer = outer.path().canonicalize().unwrap();
        let root = outer.join("root");
        fs::create_dir_all(root.join("deep")).unwrap();
        fs::write(outer.join("secret.toml"), "x").unwrap();
        fs::write(root.join("deep/own.toml"), "x").unwrap();
        let is_within = |path: &str| check_within(&root, &root.join(path)).is_ok();
        assert!(
            ["", ".", "deep/own.toml", "deep/../deep/own.toml", "not/there/yet.toml"]
                .into_iter()
                .all(is_within)
        );
        let outside = ["..", "../secret.toml", "deep/../../secret.toml", "../root-2/a", "/etc/passwd"];
        assert!(!outside.into_iter().any(is_within));
        // Nobody learns what is there and what is not.
        let why = |path: &str| check_within(&root, &root.join(path)).unwrap_err().to_string();
        assert_eq!(why("../secret.toml"), why("../nothing.toml"));
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out() {
        let outer = tempfile::tempdir().unwrap();
        let outer = outer.path().canonicalize().unwrap();
        let (root, other) = (outer.join("root"), outer.join("other"));
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(&other).unwrap();
        fs::write(other.join("a"), "x").unwrap();
        fs::write(root.join("b"), "x").unwrap();
        let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, root.join(name)).unwrap();
        link(&other, "folder");
        link(&other.join("a"), "file");
        link(&other.join("none"), "nowhere");
        link(&root.join("b"), "own");
        let is_within = |path: &str| check_within(&root, &root.join(path)).is_ok();
        assert!(is_within("own") && is_within("b"));
        for path in ["folder", "folder/a", "folder/new", "file", "nowhere", "folder/../../other/a"] {
            assert!(!is_within(path), "{path}");
        }
    }
}
