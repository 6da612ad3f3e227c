//! The last line of a page: the command that tells most about what broke the objective. In: runs with one reason each. Out: that command, which runs.

use super::{Place, code, text};

const SITE: &str = r#"
duration = "3m"
seed = 1
[client]
timeout = "3s"
[traffic.all]
interarrival = "10ms"
[request.page]
via = "front"
steps = [{ cpu = "1ms" }]
[balancer.front]
targets = "web"
deregistration_delay = "5s"
[fleet.web]
instance = "m5.large"
instances = 2
"#;

/// The words after `Next`, of a page that missed its objective.
fn next(more: &str) -> (String, Option<i32>) {
    let place = Place::new();
    place.file("site.toml", &(SITE.to_owned() + more));
    let run = place.simcap().args(["run", "site.toml", "--runs", "1", "--charts", "svg"]).output().unwrap();
    assert_eq!(code(&run), Some(99), "{}", text(&run.stderr));
    let page = text(&run.stdout);
    let line = page.lines().find_map(|line| line.strip_prefix("Next  ")).unwrap_or_else(|| panic!("{page}"));
    let words = line.strip_prefix("simcap ").unwrap_or(line);
    // Quoted as for a shell.
    let mut args: Vec<String> = Vec::new();
    for (at, part) in words.split('\'').enumerate() {
        match at % 2 {
            0 => args.extend(part.split_whitespace().map(str::to_owned)),
            _ => args.push(part.to_owned()),
        }
    }
    let ends = place.simcap().args(&args).output().unwrap();
    (line.to_owned(), code(&ends))
}

#[test]
fn the_last_line_compares_with_the_event_without_what_broke_it() {
    let hangs = "[fault.f]\nfleet = \"web\"\neffect = \"hangs\"\nat = \"1m\"\nfor = \"1m\"\n[objectives]\nerrors = \"< 1%\"\n";
    let (line, code) = next(hangs);
    assert!(line.ends_with("--variant 'without faults: fault={}'"), "{line}");
    assert_eq!(code, Some(0), "{line}");
    let version = "boot = { application = \"5s\" }\nversions = { v2 = { errors = \"50%\" } }\n\
                   deploy = [{ at = \"1m\", strategy = \"rolling\", version = \"v2\", install = \"5s\" }]\n[objectives]\nerrors = \"< 1%\"\n";
    let (line, code) = next(version);
    assert!(line.ends_with("--variant 'without deployments: fleet.web.deploy=[]'"), "{line}");
    assert_eq!(code, Some(0), "{line}");
}

#[test]
fn the_last_line_after_a_bill_that_is_too_high_shows_its_items() {
    let (line, code) = next("[objectives]\ncost = \"< $0.0001\"\n");
    assert!(line.starts_with("simcap run site.toml") && line.ends_with("--bill"), "{line}");
    assert_eq!(code, Some(99), "{line}");
}
