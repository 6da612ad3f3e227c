//! Where a scenario is written. In: a name and texts. Out: files that were not there before.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::InitError;
use crate::files;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The files; the first is the one to run.
    pub files: Vec<PathBuf>,
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
    let unwritable = |source| InitError::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        files::make_folder(folder).map_err(unwritable)?;
    }
    files::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => InitError::Exists(path.to_owned()),
        _ => unwritable(error),
    })
}
