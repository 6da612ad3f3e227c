//! From arguments to what is done. In: typed arguments. Out: a [`Job`], the command line of a call and where its result will be; or why
//! there is none.

use super::arguments::{Check, Compare, Cost, Headroom, Import, Plan, Run, Subject, Sweep};
use super::job::{Flags, Job, ResultOf, VALUES_MAX, answer, out, subject};
use super::place::Place;

/// What a tool is asked.
pub trait Ask {
    /// What is to be done.
    fn ask(self, place: &Place) -> Result<Job, String>;
}

impl Ask for Check {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("check");
        flags.each("set", &self.set)?;
        flags.one("format", Some("json"));
        let (file, draft) = subject(place, &self.subject)?;
        Ok(Job { draft, is_limited: false, ..flags.job(vec![file], ResultOf::Printed)? })
    }
}

impl Ask for Run {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("run");
        flags.each("set", &self.set)?;
        flags.each("precision", &self.precision)?;
        flags.one("seed", self.random.seed);
        flags.one("runs", self.runs);
        flags.without_charts();
        let (file, draft) = subject(place, &self.subject)?;
        let out = out(place, self.out.as_ref(), &file, draft.as_ref())?;
        flags.one("out", Some(out.display()));
        let scenario = Some((file.clone(), self.set));
        let result = ResultOf::Named(simcap::report::OUTCOME_FILE);
        Ok(Job { draft, scenario, ..flags.job(vec![file], result)? })
    }
}

impl Ask for Compare {
    fn ask(self, place: &Place) -> Result<Job, String> {
        let mut flags = Flags::of("compare");
        flags.each("set", &self.set)?;
        flags.each("set-b", &self.set_b)?;
        flags.each("variant", &self.variants)?;
        flags.one("seed", self.random.seed);
        flags.one("runs", self.runs);
        let others = self.others.iter().map(|it| place.path(it)).collect::<Result<Vec<_>, _>>()?;
        let (file, draft) = subject(place, &self.subject)?;
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
        flags.one("seed", self.random.seed);
        flags.one("runs", self.runs);
        let (file, draft) = subject(place, &self.subject)?;
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
        flags.one("seed", self.random.seed);
        flags.one("runs", self.runs);
        points(place, flags, &self.subject, simcap::report::SWEEP_FILE)
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
        flags.one("seed", self.random.seed);
        points(place, flags, &self.subject, simcap::report::PLANNED_FILE)
    }
}

/// A command that runs many points. Its overrides may be axes, which no check takes.
fn points(place: &Place, mut flags: Flags, about: &Subject, result: &'static str) -> Result<Job, String> {
    flags.without_charts();
    let (file, draft) = subject(place, about)?;
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
    use super::super::arguments::Random;
    use super::super::job::LETTERS_MAX;
    use super::*;

    #[test]
    fn nothing_that_is_asked_is_a_flag() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().canonicalize().unwrap());
        let run = Run {
            subject: Subject { file: Some("--out=/tmp".into()), text: None },
            set: vec!["--max-memory=none".into(), "a b=c".into()],
            random: Random { seed: Some(7) },
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
            Check { subject: Subject { file, text }, set }.ask(&place)
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
