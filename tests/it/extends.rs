//! A scenario that extends another one: what it means, and pages of mistakes in any of its files.

use std::fs;
use std::path::Path;

use simcap::scenario::{self, Scenario, ScenarioError};
use simcap::units::Time;
use tempfile::TempDir;

const BASE: &str = "duration = \"10m\"\nname = \"Shop\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"5ms\" }]\n\
                    [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n";

/// Files of a folder; the first one is the scenario.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place
}

fn load(place: &TempDir, name: &str, sets: &[&str]) -> Result<Scenario, ScenarioError> {
    let sets: Vec<String> = sets.iter().map(|it| (*it).to_owned()).collect();
    scenario::load(&place.path().join(name), &sets)
}

/// The page of the mistakes of the first file, with the names of files alone.
fn page(files: &[(&str, &str)]) -> String {
    let place = folder(files);
    match load(&place, files[0].0, &[]) {
        Err(ScenarioError::Invalid(report)) => {
            report.render(false).replace(&format!("{}/", place.path().display()), "")
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("no mistakes"),
    }
}

#[test]
fn tables_of_both_are_put_together_and_values_replaced() {
    let place = folder(&[
        (
            "more.toml",
            "extends = \"base.toml\"\nname = \"More\"\n[fleet.web]\ninstances = 5\n[fleet.jobs]\ninstance = \"m5.large\"\ninstances = 1\n",
        ),
        ("base.toml", BASE),
    ]);
    let more = load(&place, "more.toml", &[]).unwrap();
    assert_eq!(
        (more.name.as_str(), more.slug.as_str(), more.duration),
        ("More", "more", Time::from_secs(600))
    );
    let web = more.fleets.iter().find(|it| it.name == "web").unwrap();
    assert_eq!((more.fleets.len(), web.desired, web.instance.name.as_str()), (2, 5, "m5.large"));
    // An override comes last.
    let set = load(&place, "more.toml", &["fleet.web.instances=7", "duration=1m"]).unwrap();
    assert_eq!((set.fleets.iter().map(|it| it.desired).max(), set.duration), (Some(7), Time::from_secs(60)));
    // What is extended stays as it was.
    assert_eq!(load(&place, "base.toml", &[]).unwrap().fleets[0].desired, 2);
}

/// A number of an item as a key reaches into a list, as `--set` does; a table with other keys replaces it.
#[test]
fn an_item_of_a_list_is_named_by_its_number() {
    let over = |text: &str| {
        let text = format!("extends = \"base.toml\"\n{text}\n");
        let place = folder(&[("over.toml", &text), ("base.toml", BASE)]);
        load(&place, "over.toml", &[]).map(|it| format!("{:?}", it.classes[0].steps))
    };
    let set = |change: &str| {
        let place = folder(&[("base.toml", BASE)]);
        load(&place, "base.toml", &[change]).map(|it| format!("{:?}", it.classes[0].steps)).unwrap()
    };
    let changed = over("request.page.steps.0.cpu = \"9ms\"").unwrap();
    assert_eq!(changed, set("request.page.steps.0.cpu=9ms"));
    assert_ne!(changed, set("request.page.steps.0.cpu=5ms"));
    assert_eq!(over("[request.page.steps.0]\ncpu = \"9ms\"").unwrap(), changed);
    assert!(over("request.page.steps.9.cpu = \"9ms\"").is_err(), "there is no such item");
    assert!(over("request.page.steps.first.cpu = \"9ms\"").is_err());
}

/// A run of what is written in two files is the run of the same written in one.
#[test]
fn two_files_are_as_good_as_one() {
    let place = folder(&[
        (
            "two.toml",
            "extends = \"base.toml\"\nwithout = \"request.page.steps\"\n[request.page]\nsteps = [{ cpu = \"9ms\" }]\n",
        ),
        ("base.toml", BASE),
        ("one.toml", &BASE.replace("5ms", "9ms")),
    ]);
    let of = |name: &str| {
        let outcome = simcap::simulate(&load(&place, name, &[]).unwrap(), 3, &mut |_| {});
        (format!("{:?}", outcome.latency_ms), outcome.requests.completed)
    };
    assert_eq!(of("two.toml"), of("one.toml"));
}

#[test]
fn each_file_of_a_chain_changes_the_next_one() {
    let place = folder(&[
        ("c.toml", "extends = \"b/b.toml\"\n[fleet.web]\ninstances = 4\n"),
        // Its own base lies in its own folder, and so do the values that it names.
        (
            "b/b.toml",
            "extends = \"a.toml\"\nwithout = [\"fleet.web.instance\", \"request.page.steps\"]\nfleet.web.instance = \"m5.xlarge\"\n[request.page]\nsteps = [{ cpu = \"empirical times.csv\" }]\n",
        ),
        ("b/a.toml", BASE),
        ("b/times.csv", "5ms\n7ms\n"),
    ]);
    let all = load(&place, "c.toml", &[]).unwrap();
    assert_eq!((all.fleets[0].desired, all.fleets[0].instance.name.as_str()), (4, "m5.xlarge"));
}

#[test]
fn mistakes_are_shown_where_they_are() {
    let over = "extends = \"base.toml\"\nwithout = [\"fleet.wed\", \"request.page.steps.cpu\", 7]\n[fleet.web]\ninstances = \"many\"\n";
    let mut pages = vec![page(&[("over.toml", over), ("base.toml", BASE)])];
    pages.push(page(&[
        ("over.toml", "extends = \"base.toml\"\n[fleet.web]\ninstances = \"many\"\n"),
        ("base.toml", &BASE.replace("cpu", "cpuu")),
    ]));
    pages.push(page(&[("over.toml", "extends = \"base.toml\"\n"), ("base.toml", "duration = = 1\n")]));
    pages.push(page(&[("over.toml", "extends = \"bas.toml\"\n"), ("base.toml", BASE)]));
    pages.push(page(&[("over.toml", "extends = [\"base.toml\"]\n"), ("base.toml", BASE)]));
    pages.push(page(&[("over.toml", "extends = \"base.txt\"\n"), ("base.txt", BASE)]));
    pages.push(page(&[
        ("over.toml", "extends = \"base.toml\"\n"),
        ("base.toml", "extends = \"over.toml\"\n"),
    ]));
    pages.push(page(&[("over.toml", "extends = \"over.toml\"\n")]));
    pages.push(page(&[("over.toml", &format!("without = \"fleet.web\"\n{BASE}"))]));
    insta::assert_snapshot!(pages.join("────────\n"));
}

/// A warning of a key that stands in the file that is extended shows it there.
#[test]
fn warnings_are_shown_where_they_are() {
    let place = folder(&[
        ("over.toml", "extends = \"base.toml\"\n[traffic.all]\nrate = \"1000/s\"\n"),
        ("base.toml", BASE),
    ]);
    let path = place.path().join("over.toml");
    let output = assert_cmd::Command::cargo_bin("simcap").unwrap().arg("check").arg(&path).output().unwrap();
    let page = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("demand-above-capacity") && page.contains("base.toml:10:13"), "{page}");
}

/// The page of a run has the text of all its files.
#[test]
fn the_page_of_a_run_shows_all_files() {
    let place = folder(&[("over.toml", "extends = \"base.toml\"\nduration = \"1m\"\n"), ("base.toml", BASE)]);
    let html = place.path().join("page.html");
    let output = assert_cmd::Command::cargo_bin("simcap")
        .unwrap()
        .args(["run", "--runs", "1", "--no-charts", "--no-progress", "--out"])
        .arg(place.path().join("out"))
        .arg("--html")
        .arg(&html)
        .arg(place.path().join("over.toml"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(html).unwrap();
    assert!(page.contains("extends = ") && page.contains("[fleet.web]"), "both files");
}

/// No chain is followed for ever.
#[test]
fn a_chain_has_an_end() {
    let files: Vec<(String, String)> = (0..20)
        .map(|index| (format!("{index}.toml"), format!("extends = \"{}.toml\"\n", index + 1)))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(page(&files).contains("more than 12 files"));
    assert!(Path::new(files[0].0).extension().is_some());
}
