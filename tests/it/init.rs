//! `simcap init`: what it asks and writes. In: answers, on a terminal and without. Out: files that pass `check` and run.

mod random;

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use simcap::init::{Answers, InitError, QUESTIONS, TEMPLATES, ask};
use simcap::scenario::{self, ScenarioError};
use simcap::warning;

const SIMCAP: &str = env!("CARGO_BIN_EXE_simcap");

fn simcap(folder: &Path, args: &[&str]) -> Output {
    Command::new(SIMCAP).args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn parsed(text: &str) -> Result<scenario::Scenario, String> {
    scenario::parse("shop.toml", text.as_bytes(), Path::new(""), &[]).map_err(|error| match error {
        ScenarioError::Invalid(report) => report.render(false),
        other => other.to_string(),
    })
}

fn usual() -> String {
    Answers::default().or_usual().scenario("shop.toml").unwrap()
}

#[test]
fn the_file_of_the_usual_answers() {
    insta::assert_snapshot!("init_usual", usual());
    let scenario = parsed(&usual()).unwrap();
    assert_eq!(warning::of_scenario(&scenario, scenario.runs), []);
}

#[test]
fn the_usual_file_passes_check_and_runs_to_its_verdicts() {
    let folder = tempfile::tempdir().unwrap();
    let init = simcap(folder.path(), &["init", "--yes"]);
    assert_eq!(init.status.code(), Some(0), "{init:?}");
    assert!(init.stderr.is_empty());
    assert_eq!(
        text(&init.stdout),
        "wrote shop.toml\n\nNext:\n  simcap run shop.toml\n  simcap headroom shop.toml\n"
    );
    let check = simcap(folder.path(), &["check", "shop.toml", "--deny-warnings"]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
    // The hour in four minutes: two runs of it are some seconds of a test.
    let short = [
        "--set",
        "duration=4m",
        "--set",
        "traffic.visitors.spike.at=1m",
        "--set",
        "traffic.visitors.spike.hold=1m",
    ];
    let run = simcap(
        folder.path(),
        &[&["run", "shop.toml", "--no-charts", "--runs", "1", "--format", "json"][..], &short].concat(),
    );
    let outcome: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(outcome["objectives"].as_array().unwrap().len(), 2);
    assert!(outcome["requests"]["completed"].as_f64().unwrap() > 10_000.0);
    let met = outcome["objectives"].as_array().unwrap().iter().all(|it| it["met"] == true);
    assert_eq!(run.status.code(), Some(if met { 0 } else { 99 }));
}

#[test]
fn a_file_that_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.toml"), "mine").unwrap();
    fs::write(folder.path().join("asg-lab.toml"), "mine").unwrap();
    fs::create_dir(folder.path().join("dr")).unwrap();
    // Not the first file of the template: those before it go away again.
    fs::write(folder.path().join("dr/multi-site.toml"), "mine").unwrap();
    for args in [
        &["init", "--yes"][..],
        &["init", "shop", "--yes"],
        &["init", "--template", "asg-lab"],
        &["init", "--template", "dr"],
    ] {
        let output = simcap(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains("is there already"), "{output:?}");
    }
    for file in ["shop.toml", "asg-lab.toml", "dr/multi-site.toml"] {
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), "mine");
    }
    assert_eq!(fs::read_dir(folder.path().join("dr")).unwrap().count(), 1);
}

#[test]
fn without_a_terminal_it_takes_answers_and_asks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = simcap(folder.path(), &["init", "--answer", "peak=80/s"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no terminal to ask on, and 9 of the 10 questions"), "{output:?}");
    assert!(text(&output.stderr).contains("--yes"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let all: Vec<String> =
        QUESTIONS.iter().flat_map(|it| ["--answer".into(), format!("{}={}", it.key, it.default)]).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(simcap(folder.path(), &[&["init", "all"][..], &all].concat()).status.code(), Some(0));
    assert_eq!(
        fs::read_to_string(folder.path().join("all.toml")).unwrap(),
        usual().replace("shop.toml", "all.toml")
    );
}

#[test]
fn an_answer_that_the_language_does_not_take_gets_its_hint() {
    let refused = |argument: &str| match Answers::of_arguments(&[argument.to_owned()]) {
        Err(InitError::Answer { message, hint, .. }) => format!("{message}; {hint}"),
        other => panic!("{argument}: {other:?}"),
    };
    assert!(refused("peak=fast").contains("is not a rate"));
    assert!(refused("peak=3k").contains("/s"), "{}", refused("peak=3k"));
    assert!(refused("instance=m6i.larg").contains("m6i.large"));
    assert!(refused("database=mysql db.m6i.lrge").contains("db.m6i.large"));
    assert!(
        refused("database=oracle db.m6i.large").contains("aurora-mysql"),
        "{}",
        refused("database=oracle db.m6i.large")
    );
    // In whatever order they are given.
    for pair in [["peak=20/s", "normal=2/s"], ["normal=2/s", "peak=20/s"], ["normal=900/s", "peak=1000/s"]] {
        let answers = Answers::of_arguments(&pair.map(str::to_owned)).unwrap();
        parsed(&answers.scenario("shop.toml").unwrap()).unwrap();
    }
    // An engine alone, also by the name that its makers use.
    for (engine, meant) in [("postgresql", "postgres"), ("MySQL", "mysql"), ("aurora-mysql", "aurora-mysql")]
    {
        let why = refused(&format!("database={engine}"));
        assert!(why.contains("without a class") && why.contains(&format!("\"{meant} db.")), "{why}");
    }
    assert!(refused("peak=0/s").contains("no traffic"), "{}", refused("peak=0/s"));
    assert!(refused("instances=many").contains("2..10"));
    assert!(refused("instances=9..3").contains('9'));
    assert!(refused("spike=15m").contains("15m for 20m"));
    assert!(refused("cache=900%").contains('%'));
    // An answer is text of a value and cannot become more than that.
    assert!(refused("latency=1s\", errors = \"< 1%").contains("is not a duration"));
    assert!(matches!(Answers::of_arguments(&["color=red".into()]), Err(InitError::NoQuestion(_))));
    assert!(matches!(Answers::of_arguments(&["peak".into()]), Err(InitError::NoKey(_))));
}

#[test]
fn questions_are_asked_until_each_has_an_answer() {
    let given = Answers::of_arguments(&["instance=c7g.large".into()]).unwrap();
    let lines = "800/s\n\n10\n15m for 20m\n\n3..12\n\nnone\n\n\n";
    let mut page = Vec::new();
    let answers = ask(given.clone(), &mut Cursor::new(lines), &mut page).unwrap();
    let page = text(&page);
    // One is answered already.
    assert!(page.contains("9/9  ") && !page.contains("On which type of instance"), "{page}");
    assert_eq!(page.matches("hint").count(), 1, "{page}");
    for question in QUESTIONS.iter().filter(|question| question.key != "instance") {
        // What is usual before the peak follows from the peak.
        let usual = if question.key == "normal" { "67/s" } else { question.default };
        let all = [question.text, question.reason, question.measure, usual];
        assert!(all.iter().all(|part| page.contains(part)), "{}", question.key);
    }
    let text = answers.scenario("shop.toml").unwrap();
    for line in
        ["peak = \"800/s\", at = \"15m\", hold = \"20m\"", "instance = \"c7g.large\"", "min = 3\nmax = 12\n"]
    {
        assert!(text.contains(line), "{text}");
    }
    assert!(!text.contains("[cache.pages]") && text.contains("duration = \"1h5m\""), "{text}");
    parsed(&text).unwrap();
    let ended = ask(given, &mut Cursor::new("800/s\n"), &mut Vec::new());
    assert!(matches!(ended, Err(InitError::Ended)), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_asks_and_ctrl_d_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let begin = |name: &str| {
        let mut command = Command::new(SIMCAP);
        command.args(["init", name]).current_dir(folder.path()).env("NO_COLOR", "1");
        rexpect::session::spawn_command(command, Some(30_000)).unwrap()
    };
    let mut session = begin("asked");
    session.exp_string("1/10  How many pages and orders a second").unwrap();
    session.exp_string("[600/s] ").unwrap();
    session.send_line("quick").unwrap();
    session.exp_string("hint: write a number and a unit").unwrap();
    session.exp_string("[600/s] ").unwrap();
    session.send_line("700/s").unwrap();
    for question in &QUESTIONS[1..] {
        let usual = if question.key == "normal" { "58/s" } else { question.default };
        session.exp_string(&format!("[{usual}] ")).unwrap();
        session.send_line("").unwrap();
    }
    session.exp_string("simcap headroom asked.toml").unwrap();
    session.exp_eof().unwrap();
    let written = fs::read_to_string(folder.path().join("asked.toml")).unwrap();
    assert!(written.contains("peak = \"700/s\"") && parsed(&written).is_ok(), "{written}");

    let mut session = begin("left");
    session.exp_string("[600/s] ").unwrap();
    session.send_control('d').unwrap();
    session.exp_string("nothing is written").unwrap();
    session.exp_eof().unwrap();
    assert!(!folder.path().join("left.toml").exists());
}

#[test]
fn every_template_is_written_passes_check_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    for template in TEMPLATES {
        // In a folder of another name, so that no path of a file can lead to the sources by chance.
        let place = format!("here/{}", template.name);
        let output = simcap(folder.path(), &["init", &place, "--template", template.name, "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let path = folder.path().join(&place);
        let files = match path.is_dir() {
            true => fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect(),
            false => vec![path.with_extension("toml")],
        };
        for file in files {
            let scenario =
                scenario::load(&file, &[]).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(scenario.duration.0 > 0);
            // What a template shows on purpose it allows, so that a gate that denies warnings can begin with it.
            assert_eq!(warning::of_scenario(&scenario, scenario.runs), [], "{}", file.display());
            // What the file itself says to type has the path where it is.
            let own = format!("scenarios/{}", file.file_name().unwrap().to_str().unwrap());
            assert!(!fs::read_to_string(&file).unwrap().contains(&own), "{}", file.display());
        }
        // The beginning of the first one is really simulated: a second of the clock is minutes of most of them.
        let first = match path.is_dir() {
            true => template.at(Path::new(&place))[0].0.display().to_string(),
            false => format!("{place}.toml"),
        };
        let run = simcap(
            folder.path(),
            &["run", &first, "--runs", "1", "--no-charts", "--max-time", "1s", "--format", "json"],
        );
        let outcome: serde_json::Value =
            serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{first}: {error} {run:?}"));
        assert!(outcome["requests"]["completed"].as_f64().unwrap() > 0.0, "{first}");
    }
}

#[test]
fn there_is_a_template_of_every_part_of_the_list_of_systems() {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book/effects.md");
    let systems = fs::read_to_string(chapter).unwrap();
    let letters: Vec<char> =
        systems.lines().filter_map(|line| line.strip_prefix("## ")?.chars().next()).collect();
    let mut of_templates: Vec<char> = TEMPLATES.iter().map(|template| template.letter).collect();
    of_templates.dedup();
    assert_eq!(of_templates, letters);
    let folder = tempfile::tempdir().unwrap();
    let list = simcap(folder.path(), &["init", "--list"]);
    assert!(TEMPLATES.iter().all(|template| text(&list.stdout).contains(template.name)), "{list:?}");
    let unknown = simcap(folder.path(), &["init", "--template", "serverles"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `serverless`"), "{unknown:?}");
}

/// A peak of any size is an answer before anybody is asked what it rises from.
#[test]
fn a_small_shop_can_answer_the_first_question() {
    for (peak, normal) in [("600/s", "50/s"), ("800/s", "67/s"), ("20/s", "100/min"), ("3/min", "15/h")] {
        let answers = Answers::of_arguments(&[format!("peak={peak}")]).unwrap();
        assert_eq!(answers.usual(1), normal, "{peak}");
        let text = answers.scenario("shop.toml").unwrap();
        assert!(
            text.contains(&format!("base = \"{normal}\"")) && text.contains("a twelfth of the"),
            "{text}"
        );
        parsed(&text).unwrap();
    }
    let mut page = Vec::new();
    let lines = format!("20/s\n{}", "\n".repeat(9));
    let answers = ask(Answers::default(), &mut Cursor::new(lines), &mut page).unwrap();
    assert!(text(&page).contains("[100/min] "), "{}", text(&page));
    assert!(answers.scenario("shop.toml").unwrap().contains("base = \"100/min\", peak = \"20/s\""));
}

/// A page that only passes something on takes no time of its own, and the hint of a law says to write just that.
#[test]
fn no_time_at_all_is_an_answer() {
    let given = Answers::of_arguments(&["page=0ms".into(), "query=0s".into()]).unwrap();
    parsed(&given.or_usual().scenario("shop.toml").unwrap()).unwrap();
}

#[cfg(unix)]
#[test]
fn no_file_is_written_beside_a_device_and_no_error_has_a_name_that_nobody_chose() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |name: &str| {
        let output = simcap(folder.path(), &["init", name, "--yes"]);
        (output.status.code(), text(&output.stderr).to_owned())
    };
    let (code, why) = refused("/dev/null");
    assert_eq!(code, Some(2));
    assert!(why.contains("`/dev/null` is no name of a file"), "{why}");
    let (_, why) = refused("/proc/shop.toml");
    assert!(why.contains("cannot write /proc/shop.toml") && !why.contains("partial"), "{why}");
}

/// A script whose variable is empty, or that says a thing twice, does not get the usual answer or the last one in silence.
#[test]
fn an_answer_is_given_once_and_has_a_value() {
    let refused = |arguments: &[&str]| {
        let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        Answers::of_arguments(&arguments).unwrap_err().to_string()
    };
    for question in &QUESTIONS {
        let key = question.key;
        for empty in [format!("{key}="), format!("{key}=  ")] {
            assert_eq!(refused(&[&empty]), format!("`{key}=` has no answer"));
        }
        let given = format!("{key}={}", question.default);
        assert_eq!(refused(&[&given, &given]), format!("`{key}` is answered twice"));
    }
    assert!(refused(&["latency=0ms"]).contains("no page is there in no time"));
    assert!(refused(&["latency=0s"]).contains("no page is there in no time"));
    assert!(
        refused(&["instances=0"]).contains("serves nobody")
            && refused(&["instances=0..0"]).contains("serves nobody")
    );
}

/// The questions say `normal` and "at least", the file `base` and `min`: an error has the words of whoever reads it.
#[test]
fn errors_have_the_words_of_the_questions() {
    for (arguments, words, others) in [
        (&["normal=900/s"][..], "below `normal` of 900/s", "base"),
        (&["normal=60k/min"], "`normal`", "base"),
        (&["normal=2/s", "peak=1/s"], "or lower `normal`", "base"),
        (&["instances=9..3"], "the least of 9 is above the most of 3", "`min`"),
    ] {
        let arguments: Vec<String> = arguments.iter().map(|it| (*it).to_owned()).collect();
        let Err(InitError::Answer { message, hint, .. }) = Answers::of_arguments(&arguments) else {
            panic!("{arguments:?}")
        };
        let told = format!("{message}; {hint}");
        assert!(told.contains(words) && !told.contains(others), "{arguments:?}: {told}");
    }
}

/// From the fourth question back to the first: what was answered is offered again, and conflicts with nothing that was asked after it.
#[test]
fn back_leads_to_the_question_before() {
    let lines = "back\n800/s\n100/s\n5m for 5m\nback\nBack\nBACK\n60/s\n40/s\n\n\n\n\n\nnone\n\n\n";
    let mut page = Vec::new();
    let answers = ask(Answers::default(), &mut Cursor::new(lines), &mut page).unwrap();
    let page = text(&page);
    assert!(page.lines().next().unwrap().contains("`back` goes to the question before"), "{page}");
    assert!(page.contains("this is the first question"), "{page}");
    assert_eq!(page.matches("1/10  ").count(), 2, "{page}");
    assert!(page.contains("[800/s]") && page.contains("[100/s]") && page.contains("[5m for 5m]"), "{page}");
    let text = answers.scenario("shop.toml").unwrap();
    let spike = "base = \"40/s\", peak = \"60/s\", at = \"5m\", hold = \"5m\"";
    assert!(text.contains(spike) && !text.contains("[cache.pages]"), "{text}");
    parsed(&text).unwrap();
    // What an argument has answered is not asked, so nothing leads back to it.
    let given = Answers::of_arguments(&["peak=70/s".into()]).unwrap();
    let lines = "back\n\n\n\n\n\n\n\n\n\n";
    let mut page = Vec::new();
    let answers = ask(given, &mut Cursor::new(lines), &mut page).unwrap();
    assert!(answers.scenario("shop.toml").unwrap().contains("peak = \"70/s\""));
    assert!(std::str::from_utf8(&page).unwrap().contains("this is the first question"));
}

/// Before the first question, in words that say what is wrong, once. Nothing is left of the attempt.
#[test]
fn a_place_that_cannot_be_written_is_noticed_before_the_first_question() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("there")).unwrap();
    fs::write(at.join("file"), "mine").unwrap();
    let cases: &[(&str, &str, i32)] = &[
        ("there", "there is a folder", 2),
        ("there/", "there/ is a folder", 2),
        ("new/", "`new/` is no name of a file", 2),
        ("-", "`-` is no name of a file", 2),
        (".", ". is a folder", 2),
        ("..", ".. is a folder", 2),
        ("new/..", "`new/..` is no name of a file", 2),
        (".toml", "`.toml` is no name of a file", 2),
        ("file/shop", "cannot write file/shop.toml: file is a file and no folder", 2),
        ("file/a/b/shop", "file is a file and no folder", 2),
    ];
    for (name, words, code) in cases {
        // Without --yes: the question whether there is a terminal would come later.
        let output = simcap(at, &["init", "--", name]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{name}: {told}");
        assert!(told.contains(words) && told.contains("hint"), "{name}: {told}");
    }
    let template = simcap(at, &["init", "--template", "dr", "--", "-"]);
    assert_eq!(template.status.code(), Some(2), "{template:?}");
    let mut left: Vec<_> = fs::read_dir(at).unwrap().map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["file", "there"]);
    assert_eq!(fs::read_dir(at.join("there")).unwrap().count(), 0);
    // A folder that is not there yet is made with the file, and not before.
    let asked = simcap(at, &["init", "new/deep/shop"]);
    assert!(text(&asked.stderr).contains("no terminal to ask on") && !at.join("new").exists(), "{asked:?}");
    assert_eq!(simcap(at, &["init", "new/deep/shop", "--yes"]).status.code(), Some(0));
    assert!(at.join("new/deep/shop.toml").exists());
}

/// The system says why, and it is said once; root may write everywhere but where there is no file system to write to.
#[cfg(target_os = "linux")]
#[test]
fn a_reason_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("file"), "mine").unwrap();
    for args in [
        &["init", "/proc/1/shop", "--yes"][..],
        &["run", "file/shop.toml"],
        &["run", "nowhere.toml"],
        &["check", "nowhere.toml"],
        &["report", "file/outcome.json"],
        &["compare", "nowhere.toml", "file/b.toml"],
        &["import", "file/plan.json"],
        &["import", "nowhere.log"],
        &["mcp", "--root", "nowhere"],
        &["export", "nowhere.toml"],
    ] {
        let output = simcap(at, args);
        let told = text(&output.stderr);
        assert!(!output.status.success() && told.contains("error"), "{args:?}: {told}");
        assert!(told.matches("(os error").count() <= 1, "{args:?}: {told}");
        for reason in ["No such file or directory", "Not a directory", "Permission denied"] {
            assert!(told.matches(reason).count() <= 1, "{args:?}: {told}");
        }
    }
}

/// The bill of an engine without prices lacks the database: the question says which ones these are.
#[test]
fn the_question_on_the_database_says_which_engines_have_no_prices() {
    let question = QUESTIONS.iter().find(|it| it.key == "database").unwrap();
    let (priced, others) = question.measure.split_once(", and ").unwrap();
    assert!(others.contains("not known"), "{others}");
    for engine in ["aurora-mysql", "mysql", "aurora-postgresql", "postgres"] {
        let given = format!("database={engine} db.r6g.large");
        let scenario =
            parsed(&Answers::of_arguments(&[given]).unwrap().or_usual().scenario("shop.toml").unwrap())
                .unwrap();
        let found = warning::of_scenario(&scenario, scenario.runs);
        let has_price = !found.iter().any(|it| it.code.name() == "no-price");
        let words =
            |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == engine);
        assert_eq!((words(priced), words(others)), (has_price, !has_price), "{engine}: {found:?}");
    }
}

/// What the help and the book tell people to type gives a file without a warning.
#[test]
fn the_examples_warn_of_nothing() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book/first.md");
    let book = fs::read_to_string(book).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let help = simcap(folder.path(), &["init", "--help"]);
    let texts = [book.as_str(), text(&help.stdout)];
    let mut seen = 0;
    for line in
        texts.iter().flat_map(|it| it.lines()).filter(|it| it.contains("--answer ") && it.contains('='))
    {
        let answers: Vec<String> = line
            .split("--answer ")
            .skip(1)
            .filter_map(|it| it.split([' ', '`']).next())
            .filter(|it| it.contains('=') && !it.contains("KEY"))
            .map(str::to_owned)
            .collect();
        if answers.is_empty() {
            continue;
        }
        let scenario =
            parsed(&Answers::of_arguments(&answers).unwrap().or_usual().scenario("shop.toml").unwrap())
                .unwrap();
        assert_eq!(warning::of_scenario(&scenario, scenario.runs), [], "{line}");
        seen += 1;
    }
    assert!(seen >= 2, "{seen}");
}
