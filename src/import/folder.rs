//! The files of folders, each once. In: a folder. Out: its files in order, and how many were passed over because they were met before.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::error::ImportError;
use crate::files;

/// How deep folders are followed.
const DEPTH_MAX: usize = 32;
/// Why files are passed over.
pub(super) const TWICE: &str = "given already, under this name or another: read once";
const TWICE_FOLDER: &str = "a link to a folder that was read already";

/// Files and folders that were met: each is followed once, by whatever links and names it is reached.
#[derive(Default)]
pub(super) struct Met(HashSet<PathBuf>);

impl Met {
    /// Whether it is new.
    pub(super) fn is_new(&mut self, path: &Path) -> bool {
        // What cannot be resolved says so when it is opened.
        path.canonicalize().map_or(true, |real| self.0.insert(real))
    }
}

/// The files of a folder in order, without hidden ones, and each once.
pub(super) fn walk(
    folder: &Path,
    depth: usize,
    met: &mut Met,
    files: &mut Vec<PathBuf>,
    passed: &mut BTreeMap<&'static str, u64>,
) -> Result<(), ImportError> {
    if !met.is_new(folder) {
        *passed.entry(TWICE_FOLDER).or_default() += 1;
        return Ok(());
    }
    let unreadable = |error| ImportError::read(&folder.display().to_string(), error);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in files::entries(folder).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort();
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match fs::metadata(&path) {
            _ if is_hidden => {}
            Ok(metadata) if metadata.is_dir() && depth < DEPTH_MAX => {
                walk(&path, depth + 1, met, files, passed)?;
            }
            Ok(metadata) if metadata.is_dir() => {}
            _ if met.is_new(&path) => files.push(path),
            _ => *passed.entry(TWICE).or_default() += 1,
        }
    }
    Ok(())
}
