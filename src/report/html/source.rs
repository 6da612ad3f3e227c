//! The text of the scenario on the page. In: its file. Out: a text to unfold, and what is to be said of it.

use std::path::{Path, PathBuf};

use super::escape::Text;
use crate::outcome::Outcome;
use crate::scenario::{self, Files};
use crate::text::visible;

/// Longest text that is shown, in bytes: the page stays small.
const MOST: usize = 200_000;

/// The text of a scenario file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path, for people.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Which state of the file that is.
    pub remark: String,
}

impl Source {
    /// The file that is run now, if it can be read.
    pub fn of_run(path: &Path) -> Option<Source> {
        Source::of_files(&Files::Disk, path)
    }

    /// The same, from given files.
    pub fn of_files(files: &Files, path: &Path) -> Option<Source> {
        let text = of_all_files(files, path)?;
        Some(Source { path: path.display().to_string(), text, remark: "the file that was run".into() })
    }

    /// The file of a stored outcome, if it is still where it was. It may have changed since.
    pub fn of_stored(outcome: &Outcome, stored: &Path) -> Option<Source> {
        let from_here = outcome.scenario.file_from_here.as_ref();
        let beside = from_here.map(|way| stored.parent().unwrap_or(Path::new("")).join(way));
        let text = beside.into_iter().chain([PathBuf::from(&outcome.scenario.file)]);
        let text = text.filter_map(|path| of_all_files(&Files::Disk, &path)).next()?;
        let remark = "the file as it is now: the run may have read an earlier one".into();
        Some(Source { path: outcome.scenario.file.clone(), text, remark })
    }

    /// What stands on the page.
    pub(super) fn html(&self) -> String {
        let about = format!("<p class=\"remark\">{}: {}</p>\n", Text(&self.path), Text(&self.remark));
        if self.text.len() > MOST {
            return about + "<p>Its text is too long for this page.</p>\n";
        }
        format!(
            "{about}<details>\n<summary>Text of the scenario</summary>\n\
             <pre tabindex=\"0\" role=\"region\" aria-label=\"Text of the scenario\">{}</pre>\n</details>\n",
            Text(&lines(&self.text))
        )
    }
}

/// The text of a file, and of those that it extends.
fn of_all_files(files: &Files, path: &Path) -> Option<String> {
    let text = String::from_utf8(files.whole(path).ok()?).ok()?;
    let further = scenario::extended_by(files, path, &text).into_iter();
    Some(further.fold(text, |all, (name, text)| format!("{all}\n# ---- {name} ----\n\n{text}")))
}

/// The text of a file with its line breaks and tabs; what else is hidden in it is written out.
fn lines(text: &str) -> String {
    let shown = text.lines().map(|line| line.split('\t').map(visible).collect::<Vec<_>>().join("\t"));
    shown.collect::<Vec<_>>().join("\n")
}
