//! Which inputs a scenario hangs on: the page, its files, and what it says of inputs that cannot be varied.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A shop whose desk is three quarters busy, so that a fifth more of anything is too much.
const SHOP: &str = r#"
name = "Shop"
duration = "4m"
warmup = "30s"
traffic.all = { rate = "75/s", requests = { home = 3, order = 1 }, client.timeout = "3s" }
request.home.steps = [{ service = "desk" }]
request.order.steps = [{ service = "desk" }, { delay = "exponential 20ms" }]
service.desk = { servers = 3, time = "exponential 30ms" }
[objectives]
latency = "p99 < 300ms"
errors = "< 1%"
"#;

/// A folder with the shop.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("shop.toml"), SHOP).unwrap();
        Place { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("simcap"));
        command.current_dir(self.dir.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.args(["sensitivity", "shop.toml", "--runs", "3"]).args(args).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    anstream::adapter::strip_str(std::str::from_utf8(bytes).unwrap()).to_string()
}

/// The exit code is 0 although verdicts are lost: it is asked what would be. A second time nothing is run again, whatever the number of threads.
#[test]
fn the_page_says_what_is_lost_and_how_far_it_can_go() {
    let place = Place::new();
    let page = place.run(&["--margin", "--morris", "3", "--threads", "2"]);
    let shown = text(&page.stdout);
    assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
    assert!(shown.starts_with("Shop  5 inputs, 3 runs of each value from seed 1\n"), "{shown}");
    assert!(
        shown.contains("As it is, both objectives are met.") && shown.contains("p99 together"),
        "{shown}"
    );
    assert!(
        shown.contains("`latency p99 < 300ms` is missed") && shown.contains("all holds up to +"),
        "{shown}"
    );
    let folder = place.path("out/shop/sensitivity");
    let read = || {
        ["sensitivity.json", "sensitivity.csv", "tornado.png"]
            .map(|name| fs::read(folder.join(name)).unwrap())
    };
    let before = read();
    let again = place.run(&["--margin", "--morris", "3", "--threads", "1"]);
    let all = text(&again.stdout);
    let kept = all.lines().find(|line| line.contains("were kept from before")).unwrap();
    let counts: Vec<&str> =
        kept.split(' ').filter(|word| word.chars().all(|it| it.is_ascii_digit())).collect();
    assert!(counts.len() == 2 && counts[0] == counts[1], "{kept}");
    assert!(before == read());
}

#[test]
fn each_format_has_every_change() {
    let place = Place::new();
    let of = |format: &str| {
        let page = place.run(&["--input", "service", "--format", format, "--html", "all.html"]);
        assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
        text(&page.stdout)
    };
    let found: serde_json::Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!(found["inputs"][0]["path"], "service.desk.time");
    assert_eq!(found["inputs"][0]["high"]["text"], "exponential 36ms");
    assert_eq!(found["inputs"].as_array().unwrap().len(), 1);
    let csv = of("csv");
    let first = csv.lines().nth(1).unwrap();
    assert!(first.starts_with("service.desk.time,exponential 30ms,0.8,exponential 24ms,p99,ms,"), "{first}");
    assert!(of("markdown").starts_with("## Sensitivity of Shop\n"));
    let html = fs::read_to_string(place.path("all.html")).unwrap();
    assert!(html.contains("<h2 id=\"chart-title\">") && html.contains("What the answer hangs on"));
}

#[test]
fn what_cannot_be_varied_says_why() {
    let place = Place::new();
    for (args, why, hint) in [
        (
            &["--input", "service.desk.tme"][..],
            "`service.desk.tme` is no number of the scenario",
            "did you mean `service.desk.time`?",
        ),
        (
            &["--input", "service.desk.servers ±10%"],
            "`service.desk.servers` is 3, which does not change",
            "zero and 100 %",
        ),
        (&["--show", "order p98"], "no figure is called `order p98`", "did you mean"),
    ] {
        let refused = place.run(args);
        let said = text(&refused.stderr);
        assert_eq!((refused.status.code(), text(&refused.stdout).as_str()), (Some(2), ""), "{said}");
        assert!(said.contains(why) && said.contains(hint), "{said}");
    }
    let span = place.run(&["--span", "100%"]);
    assert!(span.status.code() == Some(2) && text(&span.stderr).contains("between 1% and 95%"));
    let whole = place.run(&["--input", "service.desk.servers"]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole.stderr));
    assert!(text(&whole.stdout).contains("service.desk.servers"));
}

/// The whole page, with a verdict that is lost, one that no run of the file decides, and inputs together.
#[test]
fn the_page_of_a_shop() {
    let place = Place::new();
    let page =
        place.run(&["--input", "service", "--input", "traffic.all.rate ±10%", "--margin", "--morris", "2"]);
    assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
    insta::assert_snapshot!(text(&page.stdout));
}

/// Three machines make the runs, and a fourth finds all of them: what it writes has the bytes of one process.
#[test]
fn runs_that_were_shared_out_are_found_where_they_are_put_together() {
    let place = Place::new();
    let whole = ["--morris", "2", "--out", "whole"];
    assert_eq!(place.run(&whole).status.code(), Some(0));
    let mut shared = 0;
    for shard in ["2/3", "0/3", "1/3"] {
        let part = place.run(&["--morris", "2", "--out", "parts", "--shard", shard]);
        let said = text(&part.stdout);
        assert_eq!(part.status.code(), Some(0), "{}", text(&part.stderr));
        assert!(said.starts_with(&format!("Shard {} of 3 is done: ", &shard[..1])), "{said}");
        assert!(!place.path("parts/sensitivity.json").exists(), "nothing is judged yet");
        shared += said.split(' ').find_map(|word| word.parse::<usize>().ok().filter(|it| *it > 3)).unwrap();
    }
    // One point as it is, two for each of five inputs, and two ways of six.
    assert_eq!(shared, 3 * (1 + 10 + 12));
    let together = place.run(&["--morris", "2", "--out", "parts"]);
    assert!(
        text(&together.stdout).contains("69 of 69 runs were kept from before."),
        "{}",
        text(&together.stdout)
    );
    let bytes = |folder: &str| fs::read(place.path(folder).join("sensitivity.json")).unwrap();
    assert_eq!(bytes("parts"), bytes("whole"));
}

/// What the page prints of a name can be given back: to --input, and to --set of a run.
#[test]
fn the_path_of_any_name_can_be_given_back() {
    let place = Place::new();
    let odd = r#"traffic."a = \"b\", c".rate"#;
    let shop = SHOP.replace("traffic.all", r#"traffic."a = \"b\", c""#);
    fs::write(place.path("shop.toml"), shop).unwrap();
    let of = |input: &str| {
        let page = place.run(&["--input", input, "--format", "json"]);
        assert_eq!(page.status.code(), Some(0), "{}", text(&page.stderr));
        serde_json::from_slice::<serde_json::Value>(&page.stdout).unwrap()
    };
    let found = of(odd);
    let path = found["inputs"][0]["path"].as_str().unwrap();
    assert_eq!((path, found["inputs"][0]["high"]["text"].as_str()), (odd, Some("90/s")));
    assert_eq!(of(&format!("{path} ±20%"))["inputs"], found["inputs"]);
    for args in [
        vec!["run", "shop.toml", "--runs", "1", "-q", "--set"],
        vec!["sweep", "shop.toml", "--runs", "1", "-q", "--set"],
    ] {
        let change = format!("{path}=30/s{}", if args[0] == "sweep" { ", 60/s" } else { "" });
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("simcap"));
        let output = command.current_dir(place.dir.path()).args(&args).arg(&change).output().unwrap();
        assert!([Some(0), Some(99)].contains(&output.status.code()), "{}", text(&output.stderr));
    }
}
