//! `simcap init`: the first scenario of somebody's own system. In: answers, or the name of a template. Out: a file that runs, and what to
//! type next.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use simcap::init::{self, Answers, FILE, InitError, QUESTIONS, TEMPLATES, Template};
use simcap::number::counted;
use simcap::text::visible;
use simcap::{scenario, warning};

use crate::cli::{Init, Voice};
use crate::exit::{self, Exit};

pub fn init(args: &Init, voice: Voice) -> anyhow::Result<Exit> {
    if args.list {
        super::say::say(&list())?;
        return Ok(Exit::Fine);
    }
    let files = match &args.template {
        Some(name) => of_template(Template::find(name)?, args.name.as_deref())?,
        None => vec![of_answers(args)?],
    };
    let written = init::write(&files)?;
    if !voice.quiet {
        warn(&written.files)?;
        super::say::say(&next(&written.files))?;
    }
    Ok(Exit::Fine)
}

fn of_template(template: &Template, name: Option<&Path>) -> Result<Vec<(PathBuf, String)>, InitError> {
    let name = name.unwrap_or(Path::new(template.name));
    Ok(template.at(&if template.is_folder() { init::folder_named(name)? } else { init::file_named(name)? }))
}

fn of_answers(args: &Init) -> anyhow::Result<(PathBuf, String)> {
    let path = init::file_named(args.name.as_deref().unwrap_or(Path::new(FILE)))?;
    // Nobody should answer ten questions to hear that it cannot be written.
    init::probe(&path)?;
    let answers = Answers::of_arguments(&args.answer)?;
    let open = answers.open().len();
    let answers = match (args.yes || open == 0, io::stdin().is_terminal()) {
        (true, _) => answers.or_usual(),
        (false, true) => init::ask(answers, &mut io::stdin().lock(), &mut anstream::stdout())?,
        (false, false) => return Err(InitError::NoTerminal(open).into()),
    };
    let text = answers.scenario(&path.display().to_string())?;
    Ok((path, text))
}

/// Prints what the file of somebody's answers is warned of: that is the first thing to know.
fn warn(files: &[PathBuf]) -> anyhow::Result<()> {
    let [file] = files else { return Ok(()) };
    let (scenario, origin) = scenario::load_with_origin(file, &[])?;
    let warnings = warning::of_scenario(&scenario, scenario.runs);
    if !warnings.is_empty() {
        exit::note(&warning::report(&origin, &warnings).render(true));
    }
    Ok(())
}

fn next(files: &[PathBuf]) -> String {
    let first = super::say::word(&files[0]);
    let what = match files {
        [_] => visible(&files[0].display().to_string()).into_owned(),
        _ => {
            let folder = files[0].parent().unwrap_or(Path::new("")).display().to_string();
            format!("{} in {}", counted(files.len() as u64, "file"), visible(&folder))
        }
    };
    format!("wrote {what}\n\nNext:\n  simcap run {first}\n  simcap headroom {first}\n")
}

fn list() -> String {
    let widest = TEMPLATES.iter().map(|template| template.name.len()).max().unwrap_or(0);
    let mut text = String::from(
        "Templates; the letter is that of the part of the chapter on systems and effects that says what each shows\n",
    );
    for Template { letter, name, about, .. } in TEMPLATES {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "  {letter}  {name:widest$}  {about}");
    }
    let keys = QUESTIONS.map(|question| question.key).join(", ");
    text + &format!("Without a template: ten questions ({keys})\n")
}
