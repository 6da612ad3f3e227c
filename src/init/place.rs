//! Where a scenario is written. In: a name and texts. Out: files that were not there before.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{FILE, InitError};
use crate::files;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The files; the first is the one to run.
    pub files: Vec<PathBuf>,
}

/// The file that a name stands for. A scenario is a file with a name that ends in `.toml`.
///
/// # Errors
/// It is the name of a folder or a device, or no name of a file.
pub fn file_named(name: &Path) -> Result<PathBuf, InitError> {
    let text = name.as_os_str().to_string_lossy();
    let no_name = |instead: PathBuf| InitError::NoName {
        name: text.clone().into_owned(),
        instead: instead.display().to_string(),
    };
    if name.is_dir() {
        return Err(InitError::Folder(name.to_owned()));
    }
    // Nobody who names a device means a file beside it.
    if name.exists() && !name.is_file() {
        return Err(no_name(FILE.into()));
    }
    if text.ends_with(std::path::is_separator) {
        return Err(no_name(name.join(FILE)));
    }
    match name.file_name() {
        // What would be standard output elsewhere, and files that are hidden.
        Some(own) if own != "-" && own != ".toml" => Ok(toml(name)),
        _ => Err(no_name(name.parent().unwrap_or(Path::new("")).join(FILE))),
    }
}

/// The folder that a name stands for.
///
/// # Errors
/// It is no name of a folder.
pub fn folder_named(name: &Path) -> Result<PathBuf, InitError> {
    match name.file_name() {
        Some(own) if own == "-" => {
            Err(InitError::NoName { name: "-".to_owned(), instead: "a folder of its own, `shop`".to_owned() })
        }
        _ => Ok(name.to_owned()),
    }
}

fn toml(name: &Path) -> PathBuf {
    match name.extension().is_some_and(|extension| extension == "toml") {
        true => name.to_owned(),
        false => {
            let mut name = name.as_os_str().to_owned();
            name.push(".toml");
            name.into()
        }
    }
}

/// Whether a file can be written there. Nothing is left of the trial, and no folder is made.
///
/// # Errors
/// A file is there, or none can be made.
pub fn probe(path: &Path) -> Result<(), InitError> {
    // A link that leads nowhere is there as well.
    if fs::symlink_metadata(path).is_ok() {
        return Err(InitError::Exists(path.to_owned()));
    }
    // The first folder on the way up that is there: those below it will be made in it.
    let mut folder = path.parent().unwrap_or(Path::new(""));
    while !folder.as_os_str().is_empty() && fs::symlink_metadata(folder).is_err() {
        folder = folder.parent().unwrap_or(Path::new(""));
    }
    if !folder.as_os_str().is_empty() && !folder.is_dir() {
        return Err(InitError::NotAFolder { path: path.to_owned(), file: folder.to_owned() });
    }
    let unwritable = |source| InitError::Write { path: path.to_owned(), source };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    files::neighbour(folder).map(drop).map_err(unwritable)
}

/// Writes files, none of which may be there. If one of them cannot be written, those before it go away again.
///
/// # Errors
/// A file is there, or cannot be written.
pub fn write(files: &[(PathBuf, String)]) -> Result<Written, InitError> {
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, text) in files {
        let done = create(path).and_then(|mut file| {
            // From here on the file is ours.
            written.push(path.clone());
            file.write_all(text.as_bytes()).map_err(|source| InitError::Write { path: path.clone(), source })
        });
        if let Err(error) = done {
            for path in &written {
                // It was not there before, and half of it is of no use.
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
    }
    Ok(Written { files: written })
}

fn create(path: &Path) -> Result<File, InitError> {
    probe(path)?;
    let unwritable = |source| InitError::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::make_folder(folder).map_err(unwritable)?;
    }
    files::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => InitError::Exists(path.to_owned()),
        _ => unwritable(error),
    })
}
