//! `simcap completions` and `simcap man`: what a shell and `man` read. In: the description of the command line. Out: a script, pages.

use anyhow::Context;
use clap::{CommandFactory, ValueHint};
use clap_complete::Shell;
use roff::{Roff, roman};
use simcap::{files, report};

use crate::cli::{Cli, Completions, Man, Voice};
use crate::exit::Exit;

/// Prints the script of a shell. It is what the command is called for, so `--quiet` does not silence it.
pub fn completions(args: &Completions, _: Voice) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "simcap", &mut script);
    let script = String::from_utf8(script)?;
    super::say::say(&if args.shell == Shell::Bash { with_files(&script, &command) } else { script })?;
    Ok(Exit::Fine)
}

/// What the script for bash says where a value may be anything.
const ANY_FILE: &str = "COMPREPLY=($(compgen -f \"${cur}\"))";
/// The same for names with blanks. Elsewhere than in a completion there is nothing to set.
const FILES: &str =
    "local IFS=$'\\n'; COMPREPLY=($(compgen -f -- \"${cur}\")); compopt -o filenames 2>/dev/null || true";
/// Nothing, and no files in its place.
const NOTHING: &str = "COMPREPLY=(); compopt +o default +o bashdefault 2>/dev/null || true";

/// The script for bash, which tears names at blanks and offers files for numbers and texts as well: files are only for what is a path.
fn with_files(script: &str, whole: &clap::Command) -> String {
    let (mut command, mut flag) = (Some(whole), None);
    let mut text = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        if let Some(case) = line.trim().strip_suffix(')').filter(|case| !case.contains(' ')) {
            match case.strip_prefix("simcap__subcmd__") {
                Some(name) => command = whole.find_subcommand(name),
                None if case == "simcap" => command = Some(whole),
                None => flag = Some(case.trim_start_matches('-')),
            }
        }
        if !line.contains(ANY_FILE) {
            text.push_str(line);
            continue;
        }
        let is_of = |argument: &&clap::Arg| {
            let short = argument.get_short().map(String::from);
            argument.get_long() == flag || short.as_deref() == flag
        };
        let own = command.and_then(|it| it.get_arguments().find(is_of));
        let argument = own.or_else(|| whole.get_arguments().find(is_of));
        let paths = [ValueHint::AnyPath, ValueHint::FilePath, ValueHint::DirPath];
        let is_path = argument.is_none_or(|it| paths.contains(&it.get_value_hint()));
        text.push_str(&line.replace(ANY_FILE, if is_path { FILES } else { NOTHING }));
    }
    text
}

/// Prints the page of simcap, or writes the page of every command into a folder.
pub fn man(args: &Man, voice: Voice) -> anyhow::Result<Exit> {
    let pages = pages()?;
    let Some(dir) = &args.dir else {
        let (_, page) = &pages[0];
        super::say::say(page)?;
        return Ok(Exit::Fine);
    };
    files::make_folder(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    for (name, page) in &pages {
        report::write_text(page, &dir.join(name))?;
    }
    if !voice.quiet {
        super::say::say(&format!("{} manual pages in {}\n", pages.len(), dir.display()))?;
    }
    Ok(Exit::Fine)
}

/// The file name and the text of each page, that of simcap itself first.
fn pages() -> anyhow::Result<Vec<(String, String)>> {
    // `help` would be a page about pages, and each command has `--help`.
    let mut whole = Cli::command().disable_help_subcommand(true);
    // Only then do commands have the flags of all commands, and the names that they are called by.
    whole.build();
    let mut pages = vec![page(&whole, "simcap".to_owned())?];
    for command in whole.get_subcommands() {
        pages.push(page(command, format!("simcap-{}", command.get_name()))?);
    }
    Ok(pages)
}

/// One page. Its examples are set line by line: the page would otherwise run them together, and nobody could copy them.
fn page(command: &clap::Command, name: String) -> anyhow::Result<(String, String)> {
    let source = concat!("simcap ", env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.clone()).title(name.clone()).source(source);
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut text)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    if let Some(after) = command.get_after_help() {
        after_options(&after.to_string()).to_writer(&mut text)?;
    }
    Ok((format!("{name}.1"), String::from_utf8(text)?))
}

/// What `--help` has at its end, as sections: each begins with a line that ends with a colon.
fn after_options(text: &str) -> Roff {
    let mut sections = Roff::new();
    for section in text.split("\n\n") {
        let (title, lines) = section.split_once('\n').unwrap_or((section, ""));
        sections.control("SH", [title.trim_end_matches(':').to_uppercase().as_str()]);
        sections.control("nf", []);
        for line in lines.lines() {
            sections.text([roman(line)]);
        }
        sections.control("fi", []);
    }
    sections
}
