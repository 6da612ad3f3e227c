//! The result folder of a run: one for each scenario and set of overrides, never shared with another scenario.
//!
//! In: where folders are, a scenario file and its overrides. Out: a folder that can be written to, or the reason why
//! not.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use flate2::Crc;
use serde::Deserialize;

use super::error::ReportError;
use super::file;
use crate::files;

/// File name of the outcome in its folder.
pub const OUTCOME_FILE: &str = "outcome.json";

/// Longest readable part of the overrides in a name, in bytes; file systems allow 255 in all.
const READABLE: usize = 60;

/// A folder made before its run begins, so that a bad path is noticed at once. Folders that were made are removed again
/// if nothing is written.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Folders that were made, outermost first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder for a scenario and its overrides in `out`, and tests whether it can be written to.
    ///
    /// # Errors
    /// It cannot be made or written to, or has the outcome of another scenario.
    pub fn prepare(
        out: &Path,
        slug: &str,
        scenario: &Path,
        overrides: &[String],
    ) -> Result<Folder, ReportError> {
        let path = out.join(name(slug, overrides));
        let missing = path.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists());
        let mut made: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        made.reverse();
        let folder = Folder { path, made };
        files::make_folder(&folder.path)
            .and_then(|()| file::probe(&folder.path))
            .map_err(|source| ReportError::Write { path: folder.path.clone(), source })?;
        match folder.holds_another(scenario, overrides) {
            Some(other) => Err(ReportError::Occupied { path: folder.path.clone(), other }),
            None => Ok(folder),
        }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path from this folder to a scenario file, which says which file its results are of; nothing if either is
    /// gone, or no such path exists. It is the same for [`Folder::for_partial`].
    pub fn path_to(&self, scenario: &Path) -> Option<String> {
        file::path_between(&self.path, scenario)
    }

    /// Where to write the outcome of interrupted runs: here, unless a complete outcome is here, which must not be
    /// replaced.
    ///
    /// # Errors
    /// The other folder cannot be made.
    pub fn for_partial(&self) -> Result<PathBuf, ReportError> {
        match self.stored() {
            Some(Stored { partial: None, .. }) => {}
            Some(_) | None => return Ok(self.path.clone()),
        }
        let mut name = self.path.clone().into_os_string();
        name.push("+partial");
        let path = PathBuf::from(name);
        match files::make_folder(&path) {
            Ok(()) => Ok(path),
            Err(source) => Err(ReportError::Write { path, source }),
        }
    }

    /// The outcome in this folder; `None` if it cannot be read.
    fn stored(&self) -> Option<Stored> {
        serde_json::from_slice(&files::read(&self.path.join(OUTCOME_FILE)).ok()?).ok()
    }

    /// The other scenario whose outcome is here, as a command line.
    fn holds_another(&self, scenario: &Path, overrides: &[String]) -> Option<String> {
        let Stored { scenario: stored, .. } = self.stored()?;
        let stored_file = match &stored.file_from_here {
            Some(from_here) => self.path.join(from_here),
            // An earlier simcap stored the path as it was given, from a working directory that is not known.
            None => PathBuf::from(&stored.file),
        };
        let same = is_same_file(&stored_file, scenario) && stored.overrides == overrides;
        (!same).then(|| {
            stored.overrides.iter().fold(stored.file, |line, change| format!("{line} --set {change}"))
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is not empty stays; one that another run has removed is ignored.
        self.made.iter().rev().for_each(|dir| drop(fs::remove_dir(dir)));
    }
}

/// The parts of a stored outcome that identify it.
#[derive(Deserialize)]
struct Stored {
    scenario: StoredScenario,
    partial: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct StoredScenario {
    file: String,
    file_from_here: Option<String>,
    overrides: Vec<String>,
}

/// Whether two paths are the same file; if they do not exist, whether the paths are equal.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let both = || -> io::Result<bool> { Ok(one.canonicalize()? == other.canonicalize()?) };
    both().unwrap_or(one == other)
}

/// The name of a folder: that of the scenario, and its overrides in words. If these do not fit into a name, it ends
/// with a checksum of them.
fn name(slug: &str, overrides: &[String]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=".contains(c);
    let words: Vec<String> = overrides
        .iter()
        .map(|change| change.trim().chars().map(|c| if plain(c) { c } else { '-' }).collect())
        .collect();
    let mut name = words.iter().fold(String::new(), |name, word| format!("{name}+{word}"));
    if words != overrides || name.len() > READABLE {
        name.truncate(READABLE);
        let mut sum = Crc::new();
        overrides.iter().for_each(|change| sum.update(format!("{change}\n").as_bytes()));
        name = format!("{name}+{:08x}", sum.sum());
    }
    format!("{slug}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_of_overrides_has_a_folder() {
        let name = |overrides: &[&str]| {
            name("shop", &overrides.iter().map(|&change| change.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(name(&[]), "shop");
        assert_eq!(name(&["fleet.web.min=8"]), "shop+fleet.web.min=8");
        assert_eq!(name(&["fleet.web.min=8", "runs=2"]), "shop+fleet.web.min=8+runs=2");
        // A checksum distinguishes overrides with characters that a name cannot have, or that are too long.
        let odd = [name(&["a=\"../x\""]), name(&["a=\"..?x\""]), name(&["a=1+b=2"]), name(&["a=1", "b=2"])];
        assert!(odd[0].starts_with("shop+a=-..-x-+") && odd[0].len() == "shop+a=-..-x-+".len() + 8);
        assert!(odd.iter().all(|one| odd.iter().filter(|other| one == *other).count() == 1), "{odd:?}");
        let long = "x".repeat(500);
        assert!(name(&[&long]).len() < 80 && name(&[&long]) != name(&[&format!("{long}y")]));
    }

    #[test]
    fn what_was_made_for_nothing_goes_away_and_what_was_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("a/b");
        drop(Folder::prepare(&out, "shop", Path::new("shop.toml"), &[]).unwrap());
        assert!(!dir.path().join("a").exists());
        fs::create_dir_all(out.join("shop")).unwrap();
        drop(Folder::prepare(&out, "shop", Path::new("shop.toml"), &[]).unwrap());
        assert!(out.join("shop").exists());
        let folder = Folder::prepare(&out, "desk", Path::new("desk.toml"), &[]).unwrap();
        fs::write(folder.path().join("timeline.csv"), "").unwrap();
        drop(folder);
        assert!(out.join("desk/timeline.csv").exists());
    }

    #[test]
    fn a_folder_of_another_scenario_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            path
        };
        let (a, b) = (file("a/shop.toml"), file("b/shop.toml"));
        let prepare = |scenario: &Path, overrides: &[String]| {
            Folder::prepare(&dir.path().join("out"), "shop", scenario, overrides)
        };
        let outcome = serde_json::json!({ "scenario": { "file": a, "overrides": [] } });
        let folder = prepare(&a, &[]).unwrap();
        fs::write(folder.path().join(OUTCOME_FILE), outcome.to_string()).unwrap();
        assert!(prepare(&a, &[]).is_ok());
        assert!(prepare(&dir.path().join("a/../a/shop.toml"), &[]).is_ok(), "another way to the same file");
        let Err(ReportError::Occupied { path, other }) = prepare(&b, &[]) else { panic!("not refused") };
        assert_eq!((path, other), (dir.path().join("out/shop"), a.display().to_string()));
        assert!(prepare(&b, &["x=1".into()]).is_ok(), "another folder");
    }

    #[test]
    fn a_partial_outcome_does_not_replace_a_whole_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::prepare(dir.path(), "shop", Path::new("shop.toml"), &[]).unwrap();
        assert_eq!(folder.for_partial().unwrap(), folder.path());
        let store = |partial: serde_json::Value| {
            let scenario = serde_json::json!({ "file": "shop.toml", "overrides": [] });
            let outcome = serde_json::json!({ "scenario": scenario, "partial": partial });
            fs::write(folder.path().join(OUTCOME_FILE), outcome.to_string()).unwrap();
        };
        store(serde_json::json!({ "reason": "the process got the signal SIGTERM" }));
        assert_eq!(folder.for_partial().unwrap(), folder.path());
        store(serde_json::Value::Null);
        assert_eq!(folder.for_partial().unwrap(), dir.path().join("shop+partial"));
    }

    #[test]
    fn a_folder_below_a_file_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, []).unwrap();
        let error = Folder::prepare(&file, "shop", Path::new("shop.toml"), &[]).unwrap_err();
        assert!(error.to_string().ends_with("file/shop"), "{error}");
    }
}
