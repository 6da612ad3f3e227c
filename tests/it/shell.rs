//! Completions and manual pages, read by the programs that they are for. In: `simcap completions`, `simcap man`. Out: what bash completes,
//! what groff sets.

use std::fs;
use std::process::{Command, Output, Stdio};

const SIMCAP: &str = env!("CARGO_BIN_EXE_simcap");

fn simcap(args: &[&str]) -> Output {
    let output = Command::new(SIMCAP).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// Whether a program is there; says so if it is not, because a test that does nothing should not look like one that has passed.
fn is_there(program: &str) -> bool {
    let found =
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        println!("skipped: there is no {program} here");
    }
    found
}

/// The commands of the help of the program, without `help` itself.
fn commands() -> Vec<String> {
    let help = String::from_utf8(simcap(&["--help"]).stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    // A longer description goes on in the next line, further to the right.
    let lines = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = lines.map(|line| line.split_whitespace().next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

/// What bash offers for a line that ends at the cursor.
fn bash_offers(folder: &std::path::Path, words: &[&str]) -> Vec<String> {
    let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let last = words.len() - 1;
    let (command, word, before) = (words[0], words[last], words[last - 1]);
    let text = format!(
        "source <(\"$SIMCAP\" completions bash) || exit 3\n\
         function_of=$(complete -p simcap | sed -n 's/.* -F \\([^ ]*\\) .*/\\1/p')\n\
         COMP_WORDS=({}) COMP_CWORD={last}\n\
         \"$function_of\" '{command}' '{word}' '{before}'\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        list.join(" ")
    );
    let output = Command::new("bash")
        .args(["--norc", "-c", &text])
        .env("SIMCAP", SIMCAP)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let offered = String::from_utf8(output.stdout).unwrap();
    offered.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_values_and_files() {
    if !is_there("bash") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("my-shop.toml"), "").unwrap();
    let offers = |words: &[&str]| bash_offers(folder.path(), words);
    assert_eq!(offers(&["simcap", "com"]), ["compare", "completions"]);
    assert_eq!(offers(&["simcap", "run", "--prec"]), ["--precision"]);
    assert_eq!(offers(&["simcap", "run", "a.toml", "--format", "ju"]), ["junit"]);
    assert_eq!(offers(&["simcap", "run", "a.toml", "--save-baseline", "my"]), ["my-shop.toml"]);
    // A name with a blank is one name, and what is no path is no file.
    fs::write(folder.path().join("your shop.toml"), "").unwrap();
    for flag in ["--out", "--save-baseline", "--within"] {
        assert_eq!(offers(&["simcap", "run", "a.toml", flag, "your"]), ["your shop.toml"], "{flag}");
    }
    for flag in ["--seed", "--set", "--runs", "--max-time", "--start"] {
        assert_eq!(offers(&["simcap", "run", "a.toml", flag, ""]), Vec::<String>::new(), "{flag}");
    }
    // The script leaves an argument that is a file to bash itself.
    let registered = Command::new("bash")
        .args(["--norc", "-c", "source <(\"$SIMCAP\" completions bash); complete -p simcap"])
        .env("SIMCAP", SIMCAP)
        .output()
        .unwrap();
    let registered = String::from_utf8(registered.stdout).unwrap();
    assert!(registered.contains("-o default") && registered.ends_with(" simcap\n"), "{registered}");
}

#[test]
fn every_script_names_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = String::from_utf8(simcap(&["completions", shell]).stdout).unwrap();
        for command in commands() {
            assert!(script.contains(&command), "{shell} lacks {command}");
        }
    }
    assert_eq!(Command::new(SIMCAP).args(["completions", "tcsh"]).output().unwrap().status.code(), Some(2));
}

#[test]
fn zsh_and_fish_load_their_scripts() {
    for (shell, load) in [
        (
            "zsh",
            "autoload -U compinit; compinit -D; source <(\"$SIMCAP\" completions zsh); print $_comps[simcap]",
        ),
        ("fish", "$SIMCAP completions fish | source; complete -C 'simcap compl'"),
    ] {
        if !is_there(shell) {
            continue;
        }
        let output = Command::new(shell).args(["-c", load]).env("SIMCAP", SIMCAP).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        assert!(told.contains("_simcap") || told.contains("completions"), "{shell}: {told}");
    }
}

#[test]
fn every_command_has_a_manual_page_that_is_set_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man/man1");
    simcap(&["man", pages.to_str().unwrap()]);
    let mut wanted: Vec<String> = commands().iter().map(|command| format!("simcap-{command}.1")).collect();
    wanted.push("simcap.1".into());
    wanted.sort();
    let mut there: Vec<String> = fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(there, wanted);
    let groff = is_there("groff");
    for name in there {
        let text = fs::read_to_string(pages.join(&name)).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH OPTIONS"), "{name}");
        if groff {
            let set = Command::new("groff")
                .args(["-Kutf8", "-man", "-ww", "-Tutf8"])
                .arg(pages.join(&name))
                .output()
                .unwrap();
            assert!(
                set.status.success() && set.stderr.is_empty(),
                "{name}: {}",
                String::from_utf8_lossy(&set.stderr)
            );
            assert!(set.stdout.len() > 500, "{name}");
        }
    }
}

#[test]
fn examples_of_a_manual_page_stay_lines_that_can_be_copied() {
    let page = String::from_utf8(simcap(&["man"]).stdout).unwrap();
    let example = r"  simcap run scenarios/black\-friday.toml \-\-set fleet.web.max=80 \-\-seed 7";
    assert!(page.lines().any(|line| line == example), "{page}");
}
