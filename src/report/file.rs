//! Whole files or none: bytes go to a neighbour first, which then takes the name. In: a path, bytes. Out: a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{OUTCOME_FILE, ReportError};

/// Makes `dir` and tries to create a file in it.
pub(super) fn probe(dir: &Path) -> Result<(), ReportError> {
    let neighbour = neighbour(&dir.join(OUTCOME_FILE));
    let attempt = || -> io::Result<()> {
        fs::create_dir_all(dir)?;
        fs::write(&neighbour, [])?;
        fs::remove_file(&neighbour)
    };
    attempt().map_err(|source| ReportError::Write { path: dir.into(), source })
}

/// Writes `bytes` to `path`; whoever reads `path` meanwhile sees the old file or the new one.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    let neighbour = neighbour(path);
    fs::write(&neighbour, bytes)
        .and_then(|()| fs::rename(&neighbour, path))
        .inspect_err(|_| drop(fs::remove_file(&neighbour)))
        .map_err(|source| ReportError::Write { path: path.into(), source })
}

fn neighbour(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_below_a_file_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, []).unwrap();
        let error = probe(&file.join("shop")).unwrap_err();
        assert!(error.to_string().ends_with("file/shop"), "{error}");
    }
}
