//! `simcap import`: logs and measurements as a scenario. In: files, folders, standard input. Out: a folder of files, and a page.

use std::path::{Path, PathBuf};

use simcap::files;
use simcap::import::classes::{self, Class};
use simcap::import::{self, Hints, ImportError, Imported, Options, infrastructure};
use simcap::number::counted;
use simcap::text::visible;

use super::progress::Progress;
use crate::cli::{Import, Voice};
use crate::exit::Exit;

pub fn import(args: &Import, voice: Voice) -> anyhow::Result<Exit> {
    let folder =
        args.out.clone().unwrap_or_else(|| Path::new("out/import").join(name_of(args.paths.first())));
    if args.format.is_none() && infrastructure::are_known(&args.paths) {
        return of_infrastructure(args, &folder, &logs_beside(&args.paths)?, voice);
    }
    let options = Options {
        hints: Hints {
            format: args.format,
            unit: args.time_unit,
            columns: args.column.iter().map(|it| (it.0.clone(), it.1.clone())).collect(),
        },
        period: args.period,
        from: args.from,
        to: args.to,
        classes: classes_of(&args.classes)?,
        top: args.top,
        threads: args.threads.map_or(0, usize::from),
    };
    let guard = super::stop::guard(&args.limits)?;
    let opened = import::open(&args.paths, options)?;
    let formats: Vec<String> = opened.formats().iter().map(|(format, _)| format.to_string()).collect();
    let progress = Progress::of_bytes(opened.bytes(), formats.join(", "), voice.quiet || args.no_progress);
    let made = opened.run(&guard, &|bytes| progress.read(bytes));
    progress.finish();
    let imported = made?;
    let files = imported.write(&folder)?;
    if !voice.quiet {
        super::say::say(&page(&imported, &files))?;
    }
    Ok(Exit::Fine)
}

/// The logs in folders that are passed over because infrastructure is there. One that is named itself is an error.
fn logs_beside(paths: &[PathBuf]) -> Result<Vec<String>, ImportError> {
    let mut beside = Vec::new();
    for path in paths {
        let mut logs = import::logs_among(path);
        match logs.pop() {
            Some(name) if !path.is_dir() => return Err(ImportError::TwoKinds { name }),
            last => beside.extend(logs.into_iter().chain(last)),
        }
    }
    Ok(beside)
}

/// Plans, states and templates: a scenario alone.
fn of_infrastructure(args: &Import, folder: &Path, logs: &[String], voice: Voice) -> anyhow::Result<Exit> {
    let imported = infrastructure::read(&args.paths, &name_of(args.paths.first())).map_err(|it| *it)?;
    let file = imported.write(folder).map_err(|it| *it)?;
    if !voice.quiet {
        let file = visible(&file.display().to_string()).into_owned();
        let passed = logs.first().map_or_else(String::new, |first| {
            format!(
                "\n\nNot used: {}, such as {}.\nGive them alone, or name their --format.",
                counted(logs.len() as u64, "log"),
                visible(first)
            )
        });
        let summary = imported.summary.trim_end();
        super::say::say(&format!("{summary}{passed}\n\n{file}\n\nNext: simcap run {file}\n"))?;
    }
    Ok(Exit::Fine)
}

/// The page, the files, and what to do next.
fn page(imported: &Imported, files: &[PathBuf]) -> String {
    let mut text = imported.page() + "\n";
    for file in files {
        text.push_str(&format!("{}\n", visible(&file.display().to_string())));
    }
    let is_scenario =
        |file: &&PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("scenario"));
    if let Some(scenario) = files.iter().find(is_scenario) {
        text.push_str(&format!("\nNext: simcap run {}\n", visible(&scenario.display().to_string())));
    }
    text
}

/// The classes of the command line: those of files, and those that are patterns.
fn classes_of(given: &[String]) -> Result<Option<Vec<Class>>, ImportError> {
    if given.is_empty() {
        return Ok(None);
    }
    let mut all: Vec<Class> = Vec::new();
    for one in given {
        let is_file = !one.contains('=') || Path::new(one).is_file();
        let more = match is_file {
            true => {
                let text = files::read_text(Path::new(one))
                    .map_err(|error| ImportError::Read { name: one.clone(), error })?;
                classes::parse(&text)?
            }
            false => vec![classes::of_pattern(one)?],
        };
        for class in more {
            match all.iter_mut().find(|own| own.name == class.name) {
                // Patterns of one name are one class.
                Some(own) if !is_file => own.fits.extend(class.fits),
                _ => all.push(class),
            }
        }
    }
    Ok(Some(classes::checked(all)?))
}

/// The name of a folder for what is made of a file: up to its first point.
fn name_of(path: Option<&PathBuf>) -> String {
    let path = path.map(|path| path.canonicalize().unwrap_or_else(|_| path.clone())).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let plain: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    match plain.trim_matches('-') {
        "" => "stdin".into(),
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_named_after_the_file() {
        let of = |path: &str| name_of(Some(&PathBuf::from(path)));
        assert_eq!(
            (of("logs/access.log.gz"), of("-"), of("a b.csv")),
            ("access".into(), "stdin".into(), "a-b".into())
        );
    }

    #[test]
    fn logs_beside_infrastructure_are_named_or_refused() {
        let folder = tempfile::TempDir::new().unwrap();
        let log = folder.path().join("a.log");
        std::fs::write(&log, "192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 1\n")
            .unwrap();
        let plan = folder.path().join("plan.json");
        std::fs::write(&plan, "{\"terraform_version\": \"1.9.0\", \"planned_values\": {}}").unwrap();
        assert!(logs_beside(std::slice::from_ref(&plan)).unwrap().is_empty());
        let named = logs_beside(&[plan, log.clone()]);
        assert!(matches!(named, Err(ImportError::TwoKinds { .. })), "{named:?}");
        let beside = logs_beside(&[folder.path().to_owned()]).unwrap();
        assert_eq!(beside, [log.display().to_string()]);
    }

    #[test]
    fn patterns_of_one_name_are_one_class() {
        let given = ["shop=GET /a", "shop=POST /b", "rest=* /**"].map(str::to_owned);
        let classes = classes_of(&given).unwrap().unwrap();
        assert_eq!(classes[0].fits, ["GET /a", "POST /b"]);
        assert!(classes.len() == 2 && classes_of(&[]).unwrap().is_none());
        assert!(classes_of(&["missing.toml".into()]).is_err());
    }
}
