//! A call to make. In: flags, files, where the result will be. Out: a [`Job`], the words of its command line.
//!
//! Values go into one word with their flag, and files come last, behind `--`: nothing that an assistant writes is read as a flag.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::arguments::Subject;
use super::draft::Draft;
use super::place::Place;

/// Most values of a list, and their length all together.
pub const VALUES_MAX: usize = 200;
pub const LETTERS_MAX: usize = 64 << 10;

/// A call to make.
#[derive(Debug)]
pub struct Job {
    /// The name of the command, then its flags.
    pub flags: Vec<String>,
    /// Its files, from the folder of the server.
    pub files: Vec<PathBuf>,
    pub result: ResultOf,
    /// The scenario to check if the call says that it is wrong, and its overrides.
    pub scenario: Option<(PathBuf, Vec<String>)>,
    /// The file of a scenario that came as text.
    pub draft: Option<Draft>,
    /// Whether the command takes limits.
    pub is_limited: bool,
}

/// Where the JSON of a result is.
#[derive(Debug, PartialEq, Eq)]
pub enum ResultOf {
    /// It is printed.
    Printed,
    /// In a file of this name, which the page names.
    Named(&'static str),
    /// In this file.
    File(PathBuf),
    /// There is only a page.
    Page,
}

impl Job {
    /// All words of the command line behind the name of the program.
    pub fn words(&self, limits: impl IntoIterator<Item = String>) -> Vec<OsString> {
        let limits = limits.into_iter().filter(|_| self.is_limited);
        let words = ["--within=.".to_owned(), "--color=never".to_owned()].into_iter();
        let flags = words.chain(self.flags.iter().cloned()).chain(limits).chain(["--".to_owned()]);
        flags.map(OsString::from).chain(self.files.iter().map(|path| path.clone().into_os_string())).collect()
    }
}

/// Flags that are put together.
#[derive(Default)]
pub struct Flags {
    pub all: Vec<String>,
    letters: usize,
}

impl Flags {
    pub fn of(command: &str) -> Flags {
        Flags { all: vec![command.to_owned()], letters: 0 }
    }

    pub fn one(&mut self, flag: &str, value: Option<impl ToString>) {
        self.all.extend(value.map(|value| format!("--{flag}={}", value.to_string())));
    }

    pub fn each(&mut self, flag: &str, values: &[String]) -> Result<(), String> {
        self.letters += values.iter().map(String::len).sum::<usize>();
        if values.len() > VALUES_MAX || self.letters > LETTERS_MAX {
            return Err(format!(
                "too many values: a list has {VALUES_MAX} at most, and all together have {LETTERS_MAX} bytes"
            ));
        }
        self.all.extend(values.iter().map(|value| format!("--{flag}={value}")));
        Ok(())
    }

    /// Nobody sees them, and to draw them takes time.
    pub fn without_charts(&mut self) {
        self.all.push("--no-charts".into());
    }

    pub fn job(self, files: Vec<PathBuf>, result: ResultOf) -> Result<Job, String> {
        if self.all.iter().any(|word| word.contains('\0')) {
            return Err("a value contains the character NUL".into());
        }
        Ok(Job { flags: self.all, files, result, scenario: None, draft: None, is_limited: true })
    }
}

/// The file of a scenario, or the text that it is made of.
pub fn subject(place: &Place, about: &Subject) -> Result<(PathBuf, Option<Draft>), String> {
    match (&about.file, &about.text) {
        (Some(file), None) => Ok((place.path(file)?, None)),
        (None, Some(text)) => {
            let draft = Draft::write(place, text)?;
            Ok((draft.path.clone(), Some(draft)))
        }
        _ => Err("give either `file`, the path of a scenario, or `text`, the scenario itself; `files` lists what there is".into()),
    }
}

/// The folder for results: as asked, or `out`; of a text in a folder of its own, since texts with one title are many.
pub fn out(
    place: &Place,
    asked: Option<&String>,
    file: &Path,
    draft: Option<&Draft>,
) -> Result<PathBuf, String> {
    let own = draft.map(|_| Path::new("out").join(file.file_stem().unwrap_or_default()));
    match asked {
        Some(asked) => place.path(asked),
        None => place.path(&own.unwrap_or_else(|| PathBuf::from("out")).display().to_string()),
    }
}

/// A file for the result of a question, named after the question.
pub fn answer(
    place: &Place,
    what: &str,
    file: &Path,
    flags: &[String],
    files: &[PathBuf],
) -> Result<PathBuf, String> {
    let mut hash = Sha256::new();
    for word in flags.iter().map(String::as_str).chain(files.iter().filter_map(|it| it.to_str())) {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let letters: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = place.path(&format!("out/{stem}"))?;
    simcap::files::make_folder(&place.root().join(&folder))
        .map_err(|error| format!("cannot make the folder `{}`: {error}", folder.display()))?;
    Ok(folder.join(format!("{what}-{letters}.json")))
}
