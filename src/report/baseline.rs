//! A baseline: a stored outcome to be kept in a repository, and compared with later. In: an [`Outcome`] and a path. Out: a file.
//!
//! It is `outcome.json` without rows: some tens of kilobytes, however long the event is. `simcap report` shows it like any other.

use std::path::{Path, PathBuf};

use super::error::ReportError;
use super::file::{self, Set, folder_of};
use super::to_json;
use crate::files;
use crate::outcome::Outcome;

/// Writes a baseline; returns the file.
///
/// # Errors
/// The file cannot be written; then one that was there is as it was.
pub fn write_baseline(outcome: &Outcome, path: &Path) -> Result<PathBuf, ReportError> {
    let mut bare = outcome.without_rows();
    let scenario = &mut bare.scenario;
    scenario.file_from_here = file::path_between(folder_of(path), Path::new(&scenario.file));
    write_text(&to_json(&bare), path)
}

/// Writes a text into a file of any name; returns the file.
///
/// # Errors
/// The file cannot be written; then one that was there is as it was.
pub fn write_text(text: &str, path: &Path) -> Result<PathBuf, ReportError> {
    let name = path.file_name().ok_or_else(|| ReportError::Write {
        path: path.into(),
        source: std::io::ErrorKind::IsADirectory.into(),
    })?;
    let mut set = Set::new(folder_of(path));
    set.write(name, text.as_bytes())?;
    set.commit()?;
    Ok(path.into())
}

/// Makes the folder of a baseline, and tests whether it can be written there, before a run that may take minutes.
///
/// # Errors
/// Its folder cannot be made or written to.
pub fn probe_baseline(path: &Path) -> Result<(), ReportError> {
    files::make_folder(folder_of(path)).map_err(|source| ReportError::Write { path: path.into(), source })?;
    probe_file(path)
}

/// Tests whether a file can be written there, before a run that may take minutes.
///
/// # Errors
/// Its folder is not there or cannot be written to.
pub fn probe_file(path: &Path) -> Result<(), ReportError> {
    file::probe(folder_of(path)).map_err(|source| ReportError::Write { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::{Comparison, Comparisons};
    use crate::outcome::sample;
    use crate::report::{Paper, comparison, figures_csv, markdown, page_on, read};

    /// What is compared is the same to the last bit, and the file is some times smaller.
    #[test]
    fn a_comparison_needs_no_rows() {
        let outcome = sample::several();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.json");
        assert_eq!(write_baseline(&outcome, &path).unwrap(), path);
        let bare = read(&path).unwrap();
        assert!(outcome.has_rows() && !bare.has_rows());
        let compared =
            |a| to_json(&Comparison { a: outcome.scenario.clone(), ..Comparison::of(a, &outcome) });
        assert_eq!(compared(&bare), compared(&outcome));
        assert!(2 * to_json(&bare).len() < to_json(&outcome).len());
    }

    /// Nothing that shows an outcome needs rows.
    #[test]
    fn every_page_shows_a_baseline() {
        let bare = sample::several().without_rows();
        let whole = Paper { whole: true, ..Paper::default() };
        let page = page_on(&bare, &[], whole);
        assert!(page.contains("Latency") && page.contains("Bill"), "{page}");
        assert!(markdown(&bare).contains("Objectives") && figures_csv(&bare).contains("p99"));
        assert!(comparison(&Comparison::of(&bare, &bare), whole).contains("the same in every run"));
        let three = Comparisons::of(&[bare.clone(), bare.clone(), bare.clone()]);
        assert!(
            crate::report::comparisons(&three, whole).contains("not known"),
            "for how long a bound was broken"
        );
        #[cfg(feature = "charts")]
        for page in [
            crate::report::html(&bare, None),
            crate::report::html_of_comparison(
                &Comparison::of(&bare, &bare),
                &[bare.clone(), bare.clone()],
                &[],
            ),
            crate::report::html_of_comparisons(&three, &[bare.clone(), bare.clone(), bare.clone()], &[]),
        ] {
            assert!(page.contains("</html>") && !page.contains("NaN"));
        }
    }
}
