//! A study file. In: what the command line asks for. Out: [`Asked`] with what the file says, if it is one.
//!
//! A study file says the same as the command line, so that it can be kept:
//!
//! ```toml
//! scenario = "shop.toml"
//! axes = ["fleet.was.min=4..14", "fleet.was.instance=c7g.large,c7g.xlarge"]
//! variants = ["today: fleet.was.max=20", "large: fleet.was.max=80"]
//! set = ["duration=1h"]
//! runs = 4
//! seed = 1
//! ```

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::axis::Axis;
use super::error::StudyError;
use super::variant::Variant;
use crate::files;
use crate::scenario::runs::RUNS_MAX;

/// Largest study file, in bytes.
const FILE_MAX: u64 = 4 << 20;

/// What is asked for: a file, and what the command line adds to it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A scenario, or a study file.
    pub file: PathBuf,
    /// Overrides and axes, as `--set` has them.
    pub set: Vec<String>,
    /// Whole variants of the file.
    pub variants: Vec<Variant>,
    /// The seed of the first run of each point, if it is not the scenario's.
    pub seed: Option<u64>,
    /// Runs of each point, if it is not the scenario's number.
    pub runs: Option<u32>,
}

/// A study file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    scenario: PathBuf,
    #[serde(default)]
    axes: Vec<String>,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    set: Vec<String>,
    runs: Option<u32>,
    seed: Option<u64>,
}

/// With what the file says, if it is a study file: the command line replaces it or adds to it.
pub(super) fn with_file(asked: Asked) -> Result<Asked, StudyError> {
    let path = &asked.file;
    let Some(text) = study_text(path)? else { return Ok(asked) };
    let invalid = |message: String| StudyError::Invalid { path: path.clone(), message };
    let written: Written = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map_or(String::new(), |line| format!("line {line}: "));
        invalid(place + error.message())
    })?;
    if let Some(plain) = written.axes.iter().find(|text| matches!(Axis::parse(text), Ok(None))) {
        return Err(invalid(format!("the axis `{plain}` has one value; it belongs to `set`")));
    }
    if written.runs.is_some_and(|runs| !(1..=RUNS_MAX).contains(&runs)) {
        return Err(invalid(format!("`runs` lies between 1 and {RUNS_MAX}")));
    }
    let variants = written.variants.iter().map(|text| text.parse().map_err(invalid));
    let variants = variants.collect::<Result<Vec<Variant>, _>>()?;
    let file = path.parent().unwrap_or(Path::new("")).join(&written.scenario);
    check_file(&file)?;
    Ok(Asked {
        file,
        set: [written.set, written.axes, asked.set].concat(),
        variants: [variants, asked.variants].concat(),
        seed: asked.seed.or(written.seed),
        runs: asked.runs.or(written.runs),
    })
}

/// The text of a study file; nothing if the file is something else, which the reader of scenarios will tell about.
fn study_text(path: &Path) -> Result<Option<String>, StudyError> {
    let unreadable = |source| StudyError::Unreadable { path: path.to_owned(), source };
    let metadata = files::check(path).and_then(|()| path.metadata()).map_err(unreadable)?;
    check_file(path)?;
    if metadata.len() > FILE_MAX {
        return Ok(None);
    }
    let Ok(text) = String::from_utf8(files::read(path).map_err(unreadable)?) else { return Ok(None) };
    let is_study = toml::from_str::<toml::Table>(&text).is_ok_and(|it| it.contains_key("scenario"));
    Ok(is_study.then_some(text))
}

/// What is read for each point has to be there each time: a pipe would be empty, or wait for ever.
///
/// # Errors
/// It is no file.
pub fn check_file(path: &Path) -> Result<(), StudyError> {
    match files::check(path).and_then(|()| path.metadata()) {
        Ok(metadata) if !metadata.is_file() => Err(StudyError::NoFile { path: path.to_owned() }),
        Ok(_) => Ok(()),
        Err(source) => Err(StudyError::Unreadable { path: path.to_owned(), source }),
    }
}
