//! Nothing outside of the folder is read or written: by arguments, by links, by what a scenario names.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};

use super::client::{SHOP, Talk, folder, talk};

/// What must never be seen.
const SECRET: &str = "hunter2";

/// A folder `root` with a shop, beside a folder `other` with the same names, and links from the one to the other.
fn beside() -> tempfile::TempDir {
    let base = format!("# {SECRET}\n{SHOP}");
    let counts = format!("t,n,{SECRET}\n0,60,1\n60,90,1\n120,30,1\n");
    let folder = folder(&[
        ("root/shop.toml", SHOP),
        ("other/base.toml", &base),
        ("other/counts.csv", &counts),
        ("other/times.csv", &format!("{SECRET}\n5ms\n")),
        ("other/prices.csv", SECRET),
        (
            "other/study.toml",
            &format!("# {SECRET}\nscenario = \"base.toml\"\naxes = [\"fleet.web.min=1..3\"]\n"),
        ),
        ("other/outcome.json", &format!("{{\"version\": 1, \"secret\": \"{SECRET}\"}}")),
        (
            "other/access.log",
            &format!("192.0.2.7 - - [17/May/2015:10:05:03 +0000] \"GET /{SECRET} HTTP/1.1\" 200 1\n"),
        ),
    ]);
    #[cfg(unix)]
    {
        let (root, other) = (folder.path().join("root"), folder.path().join("other"));
        let link =
            |to: &str, name: &str| std::os::unix::fs::symlink(other.join(to), root.join(name)).unwrap();
        link("", "linked");
        link("base.toml", "link.toml");
        link("counts.csv", "link.csv");
        link("nothing.toml", "nowhere.toml");
    }
    folder
}

/// Scenarios that name files of the other folder, by a name that `{}` stands for.
fn naming(path: &str) -> Vec<(&'static str, String)> {
    let with = |extra: &str| {
        format!("{}{extra}", SHOP.replace("traffic.all.rate = \"160/s\"", "traffic.all.requests = \"page\""))
    };
    vec![
        ("extends", format!("extends = \"{path}/base.toml\"\n")),
        (
            "rate",
            with(&format!(
                "[traffic.all.rate]\nfile = \"{path}/counts.csv\"\ncolumn = \"n\"\ntime = \"t\"\n"
            )),
        ),
        ("replay", with(&format!("[traffic.all.replay]\nfile = \"{path}/counts.csv\"\ncolumn = \"t\"\n"))),
        ("empirical", SHOP.replace("exponential 20ms", &format!("empirical {path}/times.csv"))),
        ("demand", SHOP.replace("exponential 20ms", &format!("replay {path}/counts.csv column t unit ms"))),
        ("prices", SHOP.replace("runs = 2", &format!("runs = 2\nprice_list = \"{path}/prices.csv\""))),
        ("study", format!("scenario = \"{path}/base.toml\"\naxes = [\"fleet.web.min=1..3\"]\n")),
    ]
}

fn says_nothing(answer: &Value, of: &str) {
    let text = answer.to_string();
    assert_eq!(answer["isError"], json!(true), "{of}: {answer:#}");
    assert!(text.contains("outside") && !text.contains(SECRET), "{of}: {answer:#}");
}

#[test]
fn paths_lead_nowhere_else() {
    talk(async {
        let folder = beside();
        let talk = Talk::begin(&folder.path().join("root"), &[]).await;
        let absolute = folder.path().join("other/base.toml").display().to_string();
        let mut outside =
            vec!["../other/base.toml", "x/../../other/base.toml", &absolute, "/etc/passwd", ".."];
        if cfg!(unix) {
            outside.extend(["link.toml", "linked/base.toml", "linked/nothing.toml", "nowhere.toml"]);
        }
        for path in outside {
            for tool in ["check", "run", "compare", "headroom", "sweep", "plan", "outcome"] {
                says_nothing(&talk.ask(tool, json!({ "file": path })).await, tool);
            }
            says_nothing(&talk.ask("import", json!({ "paths": [path] })).await, "import");
            says_nothing(&talk.ask("files", json!({ "folder": path })).await, "files");
            let others = json!({ "file": "shop.toml", "others": [path] });
            says_nothing(&talk.ask("compare", others).await, "others");
            for address in ["scenario", "outcome"] {
                let why = talk.read(&format!("simcap://{address}/{path}")).await.unwrap_err();
                assert!(why.contains("outside") && !why.contains(SECRET), "{why}");
            }
        }
        let dots = talk.read("simcap://scenario/%2e%2e/other/base.toml").await.unwrap_err();
        assert!(dots.contains("outside"), "{dots}");
        let files = talk.result("files", json!({})).await;
        assert_eq!(
            files["result"]["scenarios"].as_array().map(Vec::len),
            Some(1),
            "links are passed over: {files:#}"
        );
        // The shop itself can be named in full.
        let own = fs::canonicalize(folder.path().join("root/shop.toml")).unwrap();
        talk.result("check", json!({ "file": own.display().to_string() })).await;
    });
}

#[test]
fn a_scenario_names_nothing_outside() {
    talk(async {
        let folder = beside();
        let root = folder.path().join("root");
        let talk = Talk::begin(&root, &[]).await;
        let absolute = folder.path().join("other").display().to_string();
        let ways =
            if cfg!(unix) { vec!["../other", &absolute, "linked"] } else { vec!["../other", &absolute] };
        for path in ways {
            for (what, text) in naming(path) {
                fs::write(root.join("asks.toml"), &text).unwrap();
                let tool = if what == "study" { "plan" } else { "run" };
                says_nothing(
                    &talk.ask(tool, json!({ "file": "asks.toml" })).await,
                    &format!("{what} by {path}"),
                );
                if what != "study" {
                    says_nothing(
                        &talk.ask("check", json!({ "text": text })).await,
                        &format!("{what} as text"),
                    );
                }
            }
        }
        let set = json!({ "file": "shop.toml", "set": ["price_list=\"../other/prices.csv\""] });
        says_nothing(&talk.ask("run", set).await, "an override");
        assert!(!root.join("out").exists(), "nothing has run");
    });
}

/// The same scenarios are fine where nothing confines them: it is the folder that refuses them, and no other mistake.
#[test]
fn the_scenarios_are_right_by_themselves() {
    let folder = beside();
    let root = folder.path().join("root");
    for (what, text) in naming("../other") {
        if ["study", "prices"].contains(&what) {
            continue;
        }
        fs::write(root.join("asks.toml"), &text).unwrap();
        simcap(&root, &["check", "asks.toml"]).success();
        let confined = simcap(&root, &["--within", ".", "check", "asks.toml"]).code(2);
        let said = String::from_utf8_lossy(&confined.get_output().stderr).into_owned();
        assert!(said.contains("outside of the allowed folder") && !said.contains(SECRET), "{what}: {said}");
    }
}

fn simcap(folder: &Path, words: &[&str]) -> assert_cmd::assert::Assert {
    Command::new(env!("CARGO_BIN_EXE_simcap")).current_dir(folder).args(words).assert()
}

#[test]
fn nothing_is_written_outside() {
    talk(async {
        let folder = beside();
        let root = folder.path().join("root");
        let before = fs::read_dir(folder.path().join("other")).unwrap().count();
        let talk = Talk::begin(&root, &[]).await;
        let absolute = folder.path().join("other").display().to_string();
        for out in ["../other", &absolute, "..", "linked", "linked/deeper"] {
            if cfg!(unix) || !out.starts_with("linked") {
                says_nothing(&talk.ask("run", json!({ "file": "shop.toml", "out": out })).await, out);
                let log = json!({ "paths": ["shop.toml"], "out": out });
                says_nothing(&talk.ask("import", log).await, out);
            }
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("other"), root.join("out")).unwrap();
            for tool in ["run", "headroom", "sweep", "plan"] {
                let arguments = match tool {
                    "run" | "headroom" => json!({ "file": "shop.toml" }),
                    _ => json!({ "file": "shop.toml", "set": ["fleet.web.min=3,4"] }),
                };
                says_nothing(&talk.ask(tool, arguments).await, tool);
            }
            // The command itself refuses it, too.
            simcap(&root, &["--within", ".", "run", "shop.toml", "--out", "linked"]).code(1);
        }
        assert_eq!(fs::read_dir(folder.path().join("other")).unwrap().count(), before);
    });
}

#[cfg(unix)]
#[test]
fn a_log_behind_a_link_is_not_read() {
    talk(async {
        let folder = beside();
        let root = folder.path().join("root");
        fs::create_dir(root.join("logs")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("other/access.log"), root.join("logs/access.log"))
            .unwrap();
        let talk = Talk::begin(&root, &[]).await;
        says_nothing(&talk.ask("import", json!({ "paths": ["logs"] })).await, "a folder with a link");
    });
}
