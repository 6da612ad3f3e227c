//! Which files a command writes and where; results are not lost or mixed.

use std::fs;
use std::path::Path;

use super::{Place, SCENARIO, code, text};

fn files(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn an_override_has_a_folder_of_its_own_and_the_baseline_stays() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    place.run(&["run", "shop.toml", "--no-charts"]);
    let baseline = fs::read(place.outcome()).unwrap();
    let page = place.run(&["run", "shop.toml", "--no-charts", "--set", "service.desk.servers=2"]);
    assert!(text(&page.stdout).contains("out/shop+service.desk.servers=2/: outcome.json"));
    place.run(&["run", "shop.toml", "--no-charts", "--set", "name=\"a/b\""]);
    assert_eq!(fs::read(place.outcome()).unwrap(), baseline);
    let folders = files(&place.dir.path().join("out"));
    assert_eq!(folders.len(), 3, "{folders:?}");
    assert!(folders[1].starts_with("shop+name=-a-b-+") && folders[2] == "shop+service.desk.servers=2");
}

#[test]
fn two_files_of_one_stem_do_not_overwrite_each_other() {
    let place = Place::new();
    for folder in ["a", "b"] {
        fs::create_dir(place.dir.path().join(folder)).unwrap();
        place.file(&format!("{folder}/shop.toml"), SCENARIO);
    }
    assert_eq!(code(&place.run(&["run", "a/shop.toml", "--no-charts"])), Some(0));
    let first = fs::read(place.outcome()).unwrap();
    let refused = place.run(&["run", "b/shop.toml", "--no-charts"]);
    assert_eq!((code(&refused), text(&refused.stdout)), (Some(1), ""));
    let said = text(&refused.stderr);
    assert!(said.contains("out/shop has the results of a/shop.toml") && said.contains("--out DIR"), "{said}");
    assert_eq!(fs::read(place.outcome()).unwrap(), first);
    assert_eq!(code(&place.run(&["run", "b/shop.toml", "--no-charts", "--out", "out/b"])), Some(0));
    assert_eq!(code(&place.run(&["run", "./a/shop.toml", "--no-charts"])), Some(0), "the same file again");
}

/// From another working directory, by another path, through a link to the file or to the folder: the same file.
#[cfg(unix)]
#[test]
fn a_file_is_the_same_from_any_working_directory() {
    let place = Place::new();
    let root = place.dir.path();
    let folders = ["project", "project/deep", "elsewhere", "project/other"];
    folders.iter().for_each(|folder| fs::create_dir(root.join(folder)).unwrap());
    place.file("project/shop.toml", SCENARIO);
    place.file("project/other/shop.toml", SCENARIO);
    place.file("shop.toml", SCENARIO);
    std::os::unix::fs::symlink("../project/shop.toml", root.join("elsewhere/shop.toml")).unwrap();
    std::os::unix::fs::symlink("project/out", root.join("results")).unwrap();
    let run = |from: &str, file: &str, out: &str| {
        let mut command = place.simcap();
        let args = ["run", file, "--no-charts", "--runs", "1", "--out", out];
        let output = command.current_dir(root.join(from)).args(args).output().unwrap();
        (code(&output), text(&output.stderr).to_owned())
    };
    let project = |file: &str| root.join("project").join(file).display().to_string();
    for (from, file, out) in [
        ("project", "shop.toml", "out".to_owned()),
        ("project", "./shop.toml", "./out".into()),
        ("project/deep", "../shop.toml", "../out".into()),
        ("project/deep", "../deep/../shop.toml", project("out")),
        ("elsewhere", "shop.toml", "../project/out".into()),
        ("elsewhere", &project("shop.toml"), "../results".into()),
        ("", "project/shop.toml", "results".into()),
    ] {
        assert_eq!(run(from, file, &out), (Some(0), String::new()), "{from}: {file} to {out}");
    }
    // Of the same text and the same name, but other files: results are not replaced.
    for (from, file, out) in [
        ("project/other", "shop.toml", "../out"),
        ("", "shop.toml", "project/out"),
        ("project", "other/shop.toml", "out"),
    ] {
        let (code, said) = run(from, file, out);
        assert!(code == Some(1) && said.contains("has the results of"), "{from}: {file} to {out}: {said}");
    }
    // The project as a whole may be moved.
    fs::rename(root.join("project"), root.join("moved")).unwrap();
    assert_eq!(run("moved", "shop.toml", "out"), (Some(0), String::new()));
}

#[test]
fn runs_side_by_side_leave_the_files_of_one() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let children: Vec<_> = (1..=4)
        .map(|seed| {
            std::process::Command::new(place.simcap().get_program())
                .args(["run", "shop.toml", "--no-charts", "--runs", "1", "--seed", &seed.to_string()])
                .current_dir(place.dir.path())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(files(&place.dir.path().join("out/shop")), ["outcome.json", "timeline.csv"]);
    place.run(&["report", "out/shop/outcome.json", "--no-charts", "--out", "again"]);
    let timeline = |folder: &str| fs::read(place.dir.path().join(folder).join("timeline.csv")).unwrap();
    assert_eq!(timeline("again"), timeline("out/shop"));
}

/// In one format, the other, or both; a picture of an earlier run in a format that is not wanted does not stay.
#[test]
fn charts_are_written_in_the_formats_that_are_asked_for() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let endings = |folder: &str| {
        let names = files(&place.dir.path().join(folder));
        let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
        (count(".png"), count(".svg"))
    };
    place.run(&["run", "shop.toml"]);
    let (charts, vectors) = endings("out/shop");
    assert!(charts > 5 && vectors == 0);
    let page = place.run(&["run", "shop.toml", "--charts", "svg"]);
    assert!(text(&page.stdout).contains("summary.svg") && endings("out/shop") == (0, charts));
    let svg = fs::read(place.dir.path().join("out/shop/summary.svg")).unwrap();
    assert!(svg.starts_with(b"<?xml") && svg.ends_with(b"</svg>\n"));
    place.run(&["report", "out/shop/outcome.json", "--out", "views", "--charts", "both"]);
    assert_eq!(endings("views"), (charts, charts));
    assert_eq!(fs::read(place.dir.path().join("views/summary.svg")).unwrap(), svg);
    place.run(&["run", "shop.toml", "--no-charts"]);
    assert_eq!(endings("out/shop"), (0, 0));
    let copy = "service.desk.time=2ms";
    place.run(&["compare", "shop.toml", "--set-b", copy, "--runs", "2", "--out", "sides", "--charts", "svg"]);
    assert_eq!(files(&place.dir.path().join("sides")), ["compare.svg"]);
    // Where nothing is written, or no charts are, a format is a mistake.
    for args in [
        &["report", "out/shop/outcome.json", "--charts", "svg"][..],
        &["headroom", "shop.toml", "--charts", "svg"],
        &["run", "shop.toml", "--charts", "svg", "--no-charts"],
    ] {
        assert_eq!(code(&place.run(args)), Some(2), "{args:?}");
    }
}

#[test]
fn a_report_writes_only_where_it_is_told_to() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    place.run(&["run", "shop.toml"]);
    let dir = place.dir.path().join("out/shop");
    let (names, outcome) = (files(&dir), fs::read(place.outcome()).unwrap());
    fs::remove_file(dir.join("timeline.csv")).unwrap();
    let shown = place.run(&["report", "out/shop/outcome.json"]);
    assert_eq!(place.run(&["report", "out/shop"]).stdout, shown.stdout, "a folder stands for its outcome");
    assert!(code(&shown) == Some(0) && !text(&shown.stdout).contains("Files"));
    assert_eq!(files(&dir).len(), names.len() - 1, "nothing was written");
    // To another folder, or beside the outcome.
    place.run(&["report", "out/shop/outcome.json", "--out", "views"]);
    assert_eq!(files(&place.dir.path().join("views")).len(), names.len() - 1);
    place.run(&["report", "out/shop/outcome.json", "--out", "out/shop"]);
    assert_eq!((files(&dir), fs::read(place.outcome()).unwrap()), (names, outcome));
    // Not beside another outcome.
    place.run(&["run", "shop.toml", "--no-charts", "--set", "seed=2"]);
    let refused = place.run(&["report", "out/shop/outcome.json", "--out", "out/shop+seed=2"]);
    assert_eq!(code(&refused), Some(1));
    assert!(text(&refused.stderr).contains("has the results of"), "{}", text(&refused.stderr));
}

#[cfg(unix)]
#[test]
fn a_name_on_the_command_line_does_not_act_on_the_terminal() {
    let place = Place::new();
    let name = "\u{1b}]0;owned\u{7}\nok  all.toml \u{202e}.toml";
    place.file(name, SCENARIO);
    let hidden = |output: &[u8]| text(output).chars().any(|c| c != '\n' && simcap::text::is_hidden(c));
    for args in [
        &["run", name, "--no-charts"][..],
        &["run", name, "--no-charts", "--format", "json"],
        &["check", name],
        &["compare", name, "--set-b", "seed=2"],
        &["run", "no\u{1b}[2J\nerror.toml"],
        &["report", "no\u{1b}[2J.json"],
        &["validate", "A\u{1b}[2J"],
        &["run", name, "--precision", "p99\u{1b}[2J"],
    ] {
        let output = place.run(args);
        assert!(!hidden(&output.stdout) && !hidden(&output.stderr), "{args:?}: {output:?}");
        assert!(!text(&output.stdout).lines().any(|line| line.starts_with("ok  all.toml")), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_called_a_scenario_shows_nothing_of_what_it_leads_to() {
    let place = Place::new();
    let page = |name: &str| text(&place.run(&["check", name]).stderr).to_owned();
    for (target, secret) in [("environ", "SECRET=hunter2 x\n"), ("credentials.toml", "token = \"hunter2\"\n")]
    {
        place.file(target, secret);
        std::os::unix::fs::symlink(target, place.dir.path().join(format!("{target}-link.toml"))).unwrap();
        let page = page(&format!("{target}-link.toml"));
        assert!(!page.contains("hunter2") && page.contains(":1:") && page.contains("error"), "{page}");
    }
    // A file that is a scenario shows its lines, for errors of syntax and of meaning.
    place.file("syntax.toml", "duration = \"1m\nrate = 1");
    place.file("meaning.toml", "duration = \"1m\"\nrout = \"shown\"\n");
    assert!(page("syntax.toml").contains("1 | duration = \"1m"));
    assert!(page("meaning.toml").contains("2 | rout = \"shown\""));
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_files_of_the_system_do_not_block() {
    let place = Place::new();
    for file in ["/proc/kmsg", "/dev/zero", "/dev/null", "/proc/self/environ"] {
        let output = place
            .simcap()
            .args(["check", file])
            .timeout(std::time::Duration::from_secs(20))
            .output()
            .unwrap();
        assert_eq!(code(&output), Some(2), "{file}");
    }
}
