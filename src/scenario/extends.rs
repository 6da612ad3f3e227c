//! The files that a scenario extends: `extends = "base.toml"`, and what that extends in turn.
//!
//! In: the sources, with the file in them, and its folder. Out: the same with the text of each further file, and the folders of all of them.

use std::path::{Path, PathBuf};

use super::load::FILE_MAX;
use crate::language::extended;
use crate::language::files::Files;
use crate::language::problem::Problem;
use crate::language::source::Sources;

/// Most files of a scenario. Source: a ladder of nine rungs, each of which extends the one before, and its common base.
const FILES_MAX: usize = 12;

/// Reads all files that a scenario extends, one after the other.
pub(super) fn gather(
    files: &Files,
    file_name: &str,
    folder: &Path,
    sources: &mut Sources,
) -> Result<Vec<PathBuf>, Box<Problem>> {
    let mut folders = vec![folder.to_owned()];
    let own = Path::new(file_name).file_name().and_then(|name| files.find(&folder.join(name)).ok());
    let mut known: Vec<PathBuf> = own.into_iter().collect();
    loop {
        let index = sources.files() - 1;
        let start = sources.starts()[index];
        let (name, span) = match extended::extends(sources.part(index)) {
            None => return Ok(folders),
            Some(Ok(found)) => found,
            Some(Err(span)) => {
                let at = span.start + start..span.end + start;
                let problem = Problem::at(&at, "not the name of a file");
                return Err(problem.hint("write `extends = \"base.toml\"`").into());
            }
        };
        let problem = |message: String| Problem::at(&(span.start + start..span.end + start), message);
        let path = folders[index].join(&name);
        let unreadable = |error: std::io::Error| {
            let problem = problem(format!("cannot read `{name}`: {error}"));
            Box::new(problem.hint("it is looked for in the folder of the file that extends it"))
        };
        let found = files.find(&path).map_err(unreadable)?;
        if known.contains(&found) {
            return Err(problem(format!("`{name}` extends itself, by this file or others")).into());
        }
        if sources.files() == FILES_MAX {
            return Err(problem(format!("more than {FILES_MAX} files that extend one another")).into());
        }
        if found.extension().is_none_or(|extension| extension != "toml") {
            let problem = problem(format!("`{name}` is no scenario"));
            return Err(problem.hint("a scenario is a file with a name that ends in `.toml`").into());
        }
        let text = files.bytes(&path, FILE_MAX).map_err(unreadable)?;
        if text.len() as u64 > FILE_MAX {
            return Err(problem(format!("`{name}` is too large to be a scenario")).into());
        }
        let Ok(text) = String::from_utf8(text) else {
            return Err(problem(format!("`{name}` is not UTF-8 text")).into());
        };
        sources.add_file(&path.display().to_string(), &text);
        folders.push(path.parent().unwrap_or(Path::new("")).to_owned());
        known.push(found);
    }
}

/// The files that the text of a file extends, each by its path and with its text; as far as they can be read.
#[cfg(feature = "charts")]
pub(crate) fn extended_by(files: &Files, path: &Path, text: &str) -> Vec<(String, String)> {
    let mut sources = Sources::default();
    sources.add_file(&path.display().to_string(), text);
    // What is wrong with one of them is told where the scenario is read.
    let _ = gather(files, &path.display().to_string(), path.parent().unwrap_or(Path::new("")), &mut sources);
    (1..sources.files())
        .map(|index| (sources.name(index).to_owned(), sources.part(index).to_owned()))
        .collect()
}
