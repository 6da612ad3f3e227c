//! From arguments to what is done. In: typed arguments. Out: a [`Job`], the command line of a call and where its result will be; or why
//! there is none.
//!
//! Values go into one word with their flag, and files come last, behind `--`: nothing that an assistant writes is read as a flag.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::arguments::{Check, Compare, Cost, Headroom, Import, Plan, Run, Sweep};
use super::draft::Draft;
use super::place::Place;

/// Most values of a list, and their length all together.
const VALUES_MAX: usize = 200;
const LETTERS_MAX: usize = 64 << 10;

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

/// What a tool is asked.
pub trait Ask {
    /// What is to be done.
    fn ask(self, place: &Place) -> Result<Job, String>;
}

/// Flags that are put together.
#[derive(Default)]
struct Flags {
    all: Vec<String>,
    letters: usize,
}

impl Flags {
    fn of(command: &str) -> Flags {
        Flags { all: vec![command.to_owned()], letters: 0 }
    }

    fn one(&mut self, flag: &str, value: Option<impl ToString>) {
        self.all.extend(value.map(|value| format!("--{flag}={}", value.to_string())));
    }

    fn each(&mut self, flag: &str, values: &[String]) -> Result<(), String> {
        self.letters += values.iter().map(String::len).sum::<usize>();
        if values.len() > VALUES_MAX || self.letters > LETTERS_MAX {
            return Err(format!(
                "too many values: a list has {VALUES_MAX} at most, and all together have {LETTERS_MAX} bytes"
            ));
        }
        self.all.extend(values.iter().map(|value| format!("--{flag}={value}")));
        Ok(())
    }

    fn job(self, files: Vec<PathBuf>, result: ResultOf) -> Result<Job, String> {
        if self.all.iter().any(|word| word.contains('\0')) {
            return Err("a value contains the character NUL".into());
        }
        Ok(Job { flags: self.all, files, result, scenario: None, draft: None, is_limited: true })
    }
}

/// The file of a scenario, or the text that it is made of.
fn subject(
    place: &Place,
    file: Option<&String>,
    text: Option<&String>,
) -> Result<(PathBuf, Option<Draft>), String> {
    match (file, text) {
        (Some(file), None) => Ok((place.path(file)?, None)),
        (None, Some(text)) => {
            let draft = Draft::write(place, text)?;
            Ok((draft.path.clone(), Some(draft)))
        }
        _ => Err("give either `file`, the path of a scenario, or `text`, the scenario itself; `files` lists what there is".into()),
    }
}

/// The folder for results: as asked, or `out`; of a text in a folder of its own, since texts with one title are many.
fn out(place: &Place, asked: Option<&String>, file: &Path, draft: Option<&Draft>) -> Result<PathBuf, String> {
    let own = draft.map(|_| Path::new("out").join(file.file_stem().unwrap_or_default()));
    match asked {
        Some(asked) => place.path(asked),
        None => place.path(&own.unwrap_or_else(|| PathBuf::from("out")).display().to_string()),
    }
}

/// A file for the result of a question, named after the question.
fn answer(
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

impl Ask for Check {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("check");
        flags.each("set", &self.set)?;
        flags.one("format", Some("json"));
        let (file, draft) = subject(place, self.file.as_ref(), self.text.as_ref())?;
        Ok(Job { draft, is_limited: false, ..flags.job(vec![file], ResultOf::Printed)? })
    }
}

impl Ask for Run {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("run");
        flags.each("set", &self.set)?;
        flags.each("precision", &self.precision)?;
        flags.one("seed", self.seed);
        flags.one("runs", self.runs);
        flags.without_charts();
        let (file, draft) = subject(place, self.file.as_ref(), self.text.as_ref())?;
        let out = out(place, self.out.as_ref(), &file, draft.as_ref())?;
        flags.one("out", Some(out.display()));
        let scenario = Some((file.clone(), self.set));
        let result = ResultOf::Named(simcap::report::OUTCOME_FILE);
        Ok(Job { draft, scenario, ..flags.job(vec![file], result)? })
    }
}

impl Flags {
    /// Nobody sees them, and to draw them takes time.
    fn without_charts(&mut self) {
        self.all.push("--no-charts".into());
    }
}

impl Ask for Compare {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("compare");
        flags.each("set", &self.set)?;
        flags.each("set-b", &self.set_b)?;
        flags.each("variant", &self.variants)?;
        flags.one("seed", self.seed);
        flags.one("runs", self.runs);
        let others = self.others.iter().map(|it| place.path(it)).collect::<Result<Vec<_>, _>>()?;
        let (file, draft) = subject(place, self.file.as_ref(), self.text.as_ref())?;
        let files = [vec![file.clone()], others].concat();
        let stored = answer(place, "compare", &file, &flags.all, &files)?;
        flags.one("json", Some(stored.display()));
        Ok(Job { draft, scenario: Some((file, self.set)), ..flags.job(files, ResultOf::File(stored))? })
    }
}

impl Ask for Headroom {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("headroom");
        flags.each("set", &self.set)?;
        flags.one("precision", self.precision);
        flags.one("up-to", self.up_to);
        flags.one("seed", self.seed);
        flags.one("runs", self.runs);
        let (file, draft) = subject(place, self.file.as_ref(), self.text.as_ref())?;
        let files = vec![file.clone()];
        let stored = answer(place, "headroom", &file, &flags.all, &files)?;
        flags.one("json", Some(stored.display()));
        Ok(Job { draft, scenario: Some((file, self.set)), ..flags.job(files, ResultOf::File(stored))? })
    }
}

impl Ask for Sweep {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("sweep");
        flags.each("set", &self.set)?;
        flags.each("variant", &self.variants)?;
        flags.each("show", &self.show)?;
        flags.one("seed", self.seed);
        flags.one("runs", self.runs);
        let files = (self.file.as_ref(), self.text.as_ref());
        points(place, flags, files, simcap::report::SWEEP_FILE)
    }
}

impl Ask for Plan {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("plan");
        flags.each("set", &self.set)?;
        flags.each("variant", &self.variants)?;
        flags.one("headroom", self.headroom);
        flags.one("confidence", self.confidence);
        flags.one(
            "cost",
            self.cost.map(|cost| match cost {
                Cost::Event => "event",
                Cost::Month => "month",
            }),
        );
        flags.one("max-runs", self.max_runs);
        flags.one("seed", self.seed);
        let files = (self.file.as_ref(), self.text.as_ref());
        points(place, flags, files, simcap::report::PLANNED_FILE)
    }
}

/// A command that runs many points. Its overrides may be axes, which no check takes.
fn points(
    place: &Place,
    mut flags: Flags,
    (file, text): (Option<&String>, Option<&String>),
    result: &'static str,
) -> Result<Job, String> {
    flags.without_charts();
    let (file, draft) = subject(place, file, text)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Both commands share what they keep of runs.
    let out = place.path(&format!("out/{stem}/sweep"))?;
    flags.one("out", Some(out.display()));
    let scenario = Some((file.clone(), Vec::new()));
    Ok(Job { draft, scenario, ..flags.job(vec![file], ResultOf::File(out.join(result)))? })
}

impl Ask for Import {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("import");
        flags.one("format", self.format);
        flags.one("period", self.period);
        flags.one("from", self.from);
        flags.one("to", self.to);
        if let Some(file) = self.classes.iter().find(|class| !class.contains('=')) {
            return Err(format!("`{file}` is no class: write `NAME=METHOD PATH`"));
        }
        flags.each("classes", &self.classes)?;
        if self.paths.is_empty() || self.paths.len() > VALUES_MAX {
            return Err(format!("`paths` names the files or folders to read, from 1 to {VALUES_MAX}"));
        }
        let paths = self.paths.iter().map(|path| place.path(path)).collect::<Result<Vec<_>, _>>()?;
        let stem = paths[0].file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = stem.split('.').find(|part| !part.is_empty()).unwrap_or("all").to_owned();
        let out = self.out.unwrap_or_else(|| format!("out/import/{stem}"));
        flags.one("out", Some(place.path(&out)?.display()));
        flags.job(paths, ResultOf::Page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_asked_is_a_flag() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().canonicalize().unwrap());
        let run = Run {
            file: Some("--out=/tmp".into()),
            text: None,
            set: vec!["--max-memory=none".into(), "a b=c".into()],
            seed: Some(7),
            runs: None,
            precision: Vec::new(),
            out: None,
        };
        let words = run.ask(&place).unwrap().words(["--max-time=1s".to_owned()]);
        let words: Vec<&str> = words.iter().map(|word| word.to_str().unwrap()).collect();
        let wanted = [
            "--within=.",
            "--color=never",
            "run",
            "--set=--max-memory=none",
            "--set=a b=c",
            "--seed=7",
            "--no-charts",
            "--out=out",
            "--max-time=1s",
            "--",
            "--out=/tmp",
        ];
        assert_eq!(words, wanted);
    }

    #[test]
    fn a_scenario_comes_once_and_not_from_outside() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().canonicalize().unwrap());
        let check = |file: Option<&str>, text: Option<&str>, set: Vec<String>| {
            let (file, text) = (file.map(str::to_owned), text.map(str::to_owned));
            Check { file, text, set }.ask(&place)
        };
        assert!(check(None, None, Vec::new()).unwrap_err().contains("give either `file`"));
        assert!(check(Some("a.toml"), Some("a = 1"), Vec::new()).is_err());
        assert!(check(Some("../a.toml"), None, Vec::new()).unwrap_err().contains("outside"));
        assert!(
            check(Some("a.toml"), None, vec!["a".repeat(LETTERS_MAX + 1)]).unwrap_err().contains("too many")
        );
        assert!(check(Some("a.toml"), None, vec!["a=\0".into()]).unwrap_err().contains("NUL"));
    }
}
