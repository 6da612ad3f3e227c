//! A run as OpenMetrics. In: small runs. Out: text that obeys the format, with the values of outcome.json.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SHOP: &str = r#"
name = "Two classes"
duration = "95s"
runs = 2
starts = "2026-11-27T09:00:00+09:00"

[traffic.callers]
rate = "60/s"
requests = { look = 3, 'pay "now"' = 1 }

[client]
timeout = "300ms"

[request.look]
via = "web"
steps = [{ cpu = "exponential 10ms" }]

[request.'pay "now"']
via = "web"
steps = [{ service = "desk" }]

[fleet.web]
instance = "m6i.large"
instances = 1

[service.desk]
servers = 1
time = "exponential 80ms"

[objectives]
latency = "look p99 < 10ms"
errors = "< 99%"
"#;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shop.toml"), SHOP).unwrap();
        Place(folder)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_simcap")).args(args).current_dir(self.0.path()).output().unwrap()
    }

    fn outcome(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("out/shop/outcome.json")).unwrap()).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }
}

/// A sample: labels, value, time.
type Sample = (BTreeMap<String, String>, f64, Option<f64>);

/// Reads the format strictly, and by its own rules: what this accepts is what the text of the specification allows of gauges, counters
/// and infos.
fn read(text: &str) -> BTreeMap<String, (String, Vec<Sample>)> {
    let body = text.strip_suffix("# EOF\n").expect("it ends with its mark");
    let mut families: BTreeMap<String, (String, Vec<Sample>)> = BTreeMap::new();
    let mut family = String::new();
    for line in body.lines() {
        if let Some(about) = line.strip_prefix("# ") {
            let mut words = about.splitn(3, ' ');
            let (what, name, rest) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            match what {
                "TYPE" => {
                    assert!(!families.contains_key(name), "{name} is in two places");
                    family = name.to_owned();
                    families.insert(family.clone(), (rest.to_owned(), Vec::new()));
                }
                "UNIT" => assert!(name == family && name.ends_with(rest), "{line}"),
                "HELP" => assert_eq!(name, family),
                other => panic!("{other}"),
            }
            continue;
        }
        let (sample, rest) = line.rsplit_once("} ").unwrap();
        let (name, labels) = sample.split_once('{').unwrap();
        let (kind, samples) = families.get_mut(&family).unwrap();
        let suffix = match kind.as_str() {
            "counter" => "_total",
            "info" => "_info",
            "gauge" => "",
            other => panic!("{other}"),
        };
        assert_eq!(name, format!("{family}{suffix}"));
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        let mut numbers = rest.split(' ');
        let value: f64 = numbers.next().unwrap().parse().unwrap();
        let at = numbers.next().map(|at| at.parse().unwrap());
        samples.push((read_labels(labels), value, at));
    }
    families
}

fn read_labels(text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").unwrap();
        let mut value = String::new();
        let mut chars = after.char_indices();
        let end = loop {
            match chars.next().expect("a value ends") {
                (_, '\\') => value.push(match chars.next().unwrap().1 {
                    'n' => '\n',
                    c => c,
                }),
                (at, '"') => break at,
                (_, c) => value.push(c),
            }
        };
        assert!(labels.insert(name.trim_start_matches(',').to_owned(), value).is_none(), "{text}");
        rest = &after[end + 1..];
    }
    labels
}

fn value(families: &BTreeMap<String, (String, Vec<Sample>)>, name: &str, labels: &[(&str, &str)]) -> f64 {
    let (_, samples) = families.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", families.keys()));
    let has = |it: &&Sample| labels.iter().all(|(name, value)| it.0.get(*name).is_some_and(|it| it == value));
    let found: Vec<&Sample> = samples.iter().filter(has).collect();
    assert_eq!(found.len(), 1, "{name} {labels:?}: {samples:?}");
    found[0].1
}

#[test]
fn the_figures_of_the_end_are_those_of_the_outcome() {
    let place = Place::new();
    let output = place.run(&["run", "shop.toml", "--no-charts", "--format", "openmetrics"]);
    assert_eq!(output.status.code(), Some(99), "{output:?}");
    let families = read(std::str::from_utf8(&output.stdout).unwrap());
    let outcome = place.outcome();
    let ms = |path: &str| outcome.pointer(path).unwrap().as_f64().unwrap() / 1e3;
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12 * b.abs(), "{a} {b}");
    let all = families["simcap_run_latency_seconds"]
        .1
        .iter()
        .find(|it| !it.0.contains_key("class") && it.0["quantile"] == "0.99");
    close(all.unwrap().1, ms("/latency_ms/p99"));
    // A name with quotes comes through.
    close(
        value(&families, "simcap_run_latency_seconds", &[("class", "pay \"now\""), ("quantile", "0.99")]),
        ms("/classes/1/latency_ms/p99"),
    );
    close(value(&families, "simcap_run_arrived", &[]), outcome["requests"]["arrived"].as_f64().unwrap());
    close(value(&families, "simcap_run_cost_dollars", &[]), outcome["bill"]["total_usd"].as_f64().unwrap());
    let timeouts = outcome["requests"]["failed_by_cause"]["client_timeout"].as_f64().unwrap();
    assert!(timeouts > 0.0);
    close(value(&families, "simcap_run_requests_failed", &[("cause", "client_timeout")]), timeouts);
    assert_eq!(
        value(&families, "simcap_run_objective_met", &[("objective", "latency look p99 < 10ms")]),
        0.0
    );
    assert_eq!(value(&families, "simcap_run_objective_met", &[("objective", "errors < 99%")]), 1.0);
    assert_eq!(
        value(&families, "simcap_run", &[("name", "Two classes"), ("runs", "2"), ("scenario", "shop")]),
        1.0
    );
    // Every estimate is there, with its interval, and nothing has a time.
    let estimates = outcome["estimates"].as_array().unwrap();
    let samples = |of: &dyn Fn(&str) -> bool| -> usize {
        families.iter().filter(|(name, _)| of(name)).map(|(_, (_, samples))| samples.len()).sum()
    };
    let bounds = |it: &&Value| it["interval"].is_object();
    assert_eq!(samples(&|name| name.contains("_low")), estimates.iter().filter(bounds).count());
    assert_eq!(samples(&|name| name.contains("_high")), estimates.iter().filter(bounds).count());
    let others = [
        "simcap_run",
        "simcap_run_objective_met",
        "simcap_run_requests_failed",
        "simcap_run_attempts_failed",
    ];
    let values =
        samples(&|name| !name.contains("_low") && !name.contains("_high") && !others.contains(&name));
    assert_eq!(values, estimates.len());
    assert!(families.values().flat_map(|(_, samples)| samples).all(|sample| sample.2.is_none()));
    // A stored outcome says the same.
    let again = place.run(&["report", "out/shop", "--format", "openmetrics"]);
    assert_eq!(again.stdout, output.stdout);
}

#[test]
fn the_timeline_is_that_of_the_outcome_and_its_counters_never_fall() {
    let place = Place::new();
    let run = place.run(&["run", "shop.toml", "--no-charts", "--quiet", "--openmetrics", "shop.om"]);
    assert_eq!(run.status.code(), Some(99), "{run:?}");
    let text = fs::read_to_string(place.path("shop.om")).unwrap();
    let families = read(&text);
    let outcome = place.outcome();
    // 9:00 in Seoul is midnight in Greenwich.
    let start = 1_795_737_600.0;
    let mut counters = 0;
    for (name, (kind, samples)) in &families {
        let mut series: BTreeMap<&BTreeMap<String, String>, Vec<(f64, f64)>> = BTreeMap::new();
        for (labels, value, at) in samples {
            series.entry(labels).or_default().push((at.unwrap(), *value));
        }
        for points in series.values() {
            assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "{name} goes back in time");
            assert!(points.iter().all(|(at, _)| (start..=start + 95.0).contains(at)), "{name}");
            if kind == "counter" {
                counters += 1;
                assert_eq!(points[0], (start, 0.0), "{name} starts at nothing");
                assert!(points.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{name} falls");
            }
        }
    }
    assert!(counters >= 7, "{counters}");
    let last = |name: &str, labels: &[(&str, &str)]| {
        let (_, samples) = &families[name];
        let has =
            |it: &&Sample| labels.iter().all(|(name, value)| it.0.get(*name).is_some_and(|it| it == value));
        samples.iter().rfind(has).unwrap_or_else(|| panic!("{name} {labels:?}")).clone()
    };
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} {b}");
    // Sums of the rows are the counts of the end, the last row being shorter than the others or not.
    let (_, arrived, at) = last("simcap_offered", &[]);
    close(arrived, outcome["requests"]["arrived"].as_f64().unwrap());
    assert_eq!(at, Some(start + 95.0));
    close(last("simcap_completed", &[]).1, outcome["requests"]["completed"].as_f64().unwrap());
    let cause = [("cause", "client_timeout")];
    close(
        last("simcap_failed", &cause).1,
        outcome["requests"]["failed_by_cause"]["client_timeout"].as_f64().unwrap(),
    );
    close(last("simcap_cost_dollars", &[]).1, outcome["bill"]["total_usd"].as_f64().unwrap());
    // Values of a resource, row by row, in base units.
    let (_, cpu) = &families["simcap_fleet_cpu_ratio"];
    let rows = outcome["timeline"]["fleets"][0]["cpu_percent"].as_array().unwrap();
    let rows: Vec<f64> = rows.iter().filter_map(Value::as_f64).collect();
    assert_eq!(cpu.len(), rows.len());
    for ((labels, value, _), row) in cpu.iter().zip(rows) {
        assert_eq!(labels["fleet"], "web");
        close(*value, row / 100.0);
    }
    let p99 = last("simcap_latency_seconds", &[("quantile", "0.99")]).1;
    let rows = outcome["timeline"]["latency_ms"]["p99"].as_array().unwrap();
    close(p99, rows.iter().filter_map(Value::as_f64).next_back().unwrap() / 1e3);
}

#[test]
fn a_timeline_needs_a_date() {
    let place = Place::new();
    let bare = SHOP.replace("starts = \"2026-11-27T09:00:00+09:00\"\n", "");
    fs::write(place.path("bare.toml"), bare).unwrap();
    let run = |args: &[&str]| place.run(&[&["run", "bare.toml", "--no-charts", "-q"][..], args].concat());
    let none = run(&["--openmetrics", "a.om"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("--start 2026-11-27T09:00:00Z"), "{none:?}");
    assert!(!place.path("a.om").exists() && !place.path("out").exists(), "it is known before the run");
    assert_eq!(run(&["--openmetrics", "a.om", "--start", "tomorrow"]).status.code(), Some(2));
    assert_eq!(run(&["--start", "2026-11-27T09:00:00Z"]).status.code(), Some(2));
    let given = run(&["--openmetrics", "a.om", "--start", "2026-11-27T09:00:00.250Z"]);
    assert_eq!(given.status.code(), Some(99), "{given:?}");
    let text = fs::read_to_string(place.path("a.om")).unwrap();
    assert!(text.contains(" 0 1795770000.250\n"), "{}", &text[..600]);
    // A stored outcome has rows, and no date.
    let report = place.run(&[
        "report",
        "out/bare",
        "-q",
        "--openmetrics",
        "b.om",
        "--start",
        "2026-11-27T09:00:00.250Z",
    ]);
    assert_eq!(report.status.code(), Some(99), "{report:?}");
    assert_eq!(fs::read_to_string(place.path("b.om")).unwrap(), text);
    assert!(Path::new(&place.path("b.om")).is_file());
}
