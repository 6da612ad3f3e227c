//! What `simcap export` writes is what the simulation sends: the integral of every rate, every count, every instant.

mod command;

use std::fs;
use std::path::Path;

use serde_json::Value;
use simcap::export::{self, Sent};
use simcap::scenario::traffic::Pattern;
use simcap::scenario::{self, Scenario};
use simcap::units::Time;
use tempfile::TempDir;

/// Every kind of traffic that there is.
const TEXT: &str = r#"
    duration = "20m"
    bucket = "30s"
    client = { timeout = "3s", retries = { max = 2, backoff = "500ms", jitter = "equal" } }
    [traffic.shoppers]
    spike = { base = "5/s", peak = "60.5/s", at = "5m", hold = "2m", decay = "2m" }
    requests = { home = 3, order = 1 }
    [traffic.steady]
    rate = "0.37/s"
    requests = "home"
    [traffic.steps]
    rate = [["0m", "0/s"], ["4m", "0/s"], ["4m", "12.3/s"], ["10m", "7/s"], ["10m", "90/min"], ["15m", "0/s"]]
    requests = "search"
    [traffic.day]
    daily = { mean = "3/s", peak = "9/s", peak_at = "12m" }
    requests = { search = 1, home = 1 }
    [traffic.even]
    interarrival = "250ms"
    requests = "home"
    [traffic.counted]
    rate = { file = "counts.csv", column = "n", time = "t" }
    requests = "search"
    [traffic.recorded]
    replay = { file = "arrivals.csv", column = "at", classes = "class" }
    [users.staff]
    count = [["0m", 0], ["5m", 40], ["15m", 40], ["15m", 3]]
    think = "exponential 5s"
    requests = { home = 1, order = 1 }
    [request.home]
    steps = [{ delay = "10ms" }]
    [request.order]
    method = "POST"
    steps = [{ delay = "20ms" }]
    [request.search]
    steps = [{ delay = "30ms" }]
"#;

fn files() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("counts.csv"), "t,n\n0,333\n400,77\n800,5\n").unwrap();
    let class = |row: u32| ["home", "order", "home"][row as usize % 3];
    let rows: String =
        (0..300).map(|row| format!("{},{}\n", f64::from(row * row) / 80.0, class(row))).collect();
    fs::write(folder.path().join("arrivals.csv"), format!("at,class\n{rows}")).unwrap();
    fs::write(folder.path().join("shop.toml"), TEXT).unwrap();
    folder
}

fn read(folder: &Path, text: &str) -> Scenario {
    match scenario::parse("shop.toml", text.as_bytes(), folder, &[]) {
        Ok(scenario) => scenario,
        Err(scenario::ScenarioError::Invalid(report)) => panic!("{}", report.render(false)),
        Err(error) => panic!("{error}"),
    }
}

/// Expected requests of a source and a class before an instant, as the simulation has them.
fn expected(scenario: &Scenario, source: &str, class: &str, until: Time) -> f64 {
    let source = scenario.sources.iter().find(|it| it.name == source).unwrap();
    let class = scenario.classes.iter().position(|it| it.name == class).unwrap();
    if let Pattern::Replay(replay) = &source.pattern {
        let classes = replay.classes.as_ref().unwrap();
        let rows = replay.times.iter().zip(classes.iter());
        return rows.filter(|(time, of)| **time < until && of.index() == class).count() as f64;
    }
    let all: f64 = source.mix.iter().map(|(_, weight)| weight).sum();
    let own: f64 = source.mix.iter().filter(|(of, _)| of.index() == class).map(|(_, weight)| weight).sum();
    source.pattern.expected(until) * own / all
}

/// A table of a script: what stands after its name, which is JSON but for the commas at the ends.
fn table(script: &str, name: &str) -> Value {
    let (_, rest) = script.split_once(&format!("{name} = ")).unwrap();
    let closing = match rest.as_bytes()[0] {
        b'{' => "\n}",
        _ => "\n]",
    };
    let end = rest.find(closing).unwrap() + closing.len();
    let text = rest[..end].replace(",\n}", "\n}").replace(",\n]", "\n]").replace("None", "null");
    let text = match name {
        // Python's tuples.
        "STREAMS" => text.replace("    (", "    [").replace("),\n", "],\n").replace(")\n", "]\n"),
        _ => text,
    };
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn secs(text: &Value) -> f64 {
    text.as_str().unwrap().strip_suffix('s').unwrap().parse().unwrap()
}

/// The integral of a rate of k6 before an instant, by small steps.
fn integral(of: &Value, until: f64) -> f64 {
    let unit = match of["timeUnit"].as_str().unwrap() {
        "1s" => 1.0,
        "1m" => 60.0,
        "1h" => 3_600.0,
        "24h" => 86_400.0,
        other => panic!("{other}"),
    };
    if let Some(rate) = of["rate"].as_f64() {
        return rate / unit * until.min(secs(&of["duration"]));
    }
    let (mut before, mut from, mut sum) = (of["startRate"].as_f64().unwrap(), 0.0, 0.0);
    for stage in of["stages"].as_array().unwrap() {
        let (target, span) = (stage["target"].as_f64().unwrap(), secs(&stage["duration"]));
        let part = (until - from).clamp(0.0, span);
        if span > 0.0 {
            let steps = 1_000;
            let width = part / f64::from(steps);
            let at = |time: f64| before + (target - before) * time / span;
            sum += (0..steps).map(|step| at((f64::from(step) + 0.5) * width) * width).sum::<f64>() / unit;
        }
        (before, from) = (target, from + span);
    }
    sum
}

#[test]
fn the_stages_of_k6_bring_what_the_scenario_sends_at_every_time() {
    let folder = files();
    for scale in [1.0, 0.1, 7.0] {
        let scenario = read(folder.path(), TEXT).with_traffic(scale);
        let script = export::k6(&Sent::of(&scenario, scenario.bucket), "http://localhost:1");
        let scenarios = table(&script, "SCENARIOS");
        let mut open = 0;
        for (name, of) in scenarios.as_object().unwrap().iter().filter(|(_, of)| of["exec"] == "send") {
            open += 1;
            let (source, class) =
                (of["env"]["CLIENT"].as_str().unwrap(), of["env"]["CLASS"].as_str().unwrap());
            for minutes in [3, 5, 7, 10, 16, 20] {
                let exact = expected(&scenario, source, class, Time::from_secs(60 * minutes));
                let found = integral(of, 60.0 * minutes as f64);
                let slack = 2e-3 * exact + 1e-2;
                assert!(
                    (found - exact).abs() <= slack,
                    "×{scale}, {name} before {minutes} min: {found} and {exact}"
                );
            }
        }
        // Two of shoppers, one each of steady, steps, even and counted, two of the day, two of what was recorded.
        assert_eq!(open, 10);
    }
}

#[test]
fn users_of_k6_are_as_many_as_in_the_scenario() {
    let folder = files();
    let scenario = read(folder.path(), TEXT);
    let script = export::k6(&Sent::of(&scenario, scenario.bucket), "http://localhost:1");
    let staff = &table(&script, "SCENARIOS")["staff"];
    assert_eq!((&staff["executor"], &staff["startVUs"]), (&"ramping-vus".into(), &0.into()));
    let stages: Vec<(u64, f64)> = staff["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| (stage["target"].as_u64().unwrap(), secs(&stage["duration"])))
        .collect();
    assert_eq!(stages, [(40, 300.0), (40, 600.0), (3, 0.0), (3, 300.0)]);
    assert!(script.contains("\"staff\": { think: () => phases(1, 5), thinks_first: true"), "{script}");
    let client = &table(&script, "CLIENTS")["shoppers"];
    assert_eq!(
        (&client["timeout_s"], &client["retries"], &client["jitter"]),
        (&3.0.into(), &2.into(), &"equal".into())
    );
    assert_eq!(table(&script, "CLASSES")["order"]["method"], "POST");
}

#[test]
fn the_rates_of_locust_are_those_of_the_scenario() {
    let folder = files();
    let scenario = read(folder.path(), TEXT);
    let script = export::locust(&Sent::of(&scenario, scenario.bucket), "http://localhost:1");
    let streams = table(&script, "STREAMS");
    let streams = streams.as_array().unwrap();
    assert_eq!(streams.len(), 10);
    for stream in streams {
        let (source, class) = (stream[0].as_str().unwrap(), stream[1].as_str().unwrap());
        let knots: Vec<(f64, f64)> = stream[2]
            .as_array()
            .unwrap()
            .iter()
            .map(|knot| (knot[0].as_f64().unwrap(), knot[1].as_f64().unwrap()))
            .collect();
        assert_eq!((knots[0].0, knots.last().unwrap().0), (0.0, 1_200.0));
        let found: f64 = knots.windows(2).map(|it| (it[0].1 + it[1].1) / 2.0 * (it[1].0 - it[0].0)).sum();
        let exact = expected(&scenario, source, class, scenario.duration);
        assert!((found - exact).abs() <= 1e-6 * exact, "{source} {class}: {found} and {exact}");
    }
}

/// A table that was exported is read again as the same traffic.
#[test]
fn a_table_of_counts_is_the_traffic_that_it_came_from() {
    let folder = files();
    let scenario = read(folder.path(), TEXT);
    let period = Time::from_secs(60);
    let rates = export::counts(&Sent::of(&scenario, period), period);
    fs::write(folder.path().join("rates.csv"), &rates).unwrap();
    let again = read(
        folder.path(),
        "duration = '20m'\n[traffic.home]\nrate = { file = 'rates.csv', column = 'home', time = 'at_s', per = '1m' }\n\
         [traffic.order]\nrate = { file = 'rates.csv', column = 'order', time = 'at_s' }\n[request.home]\n\
         steps = [{ delay = '1ms' }]\n"
            .replace("[request.home]", "requests = 'home'\n[request.home]")
            .replace("[traffic.order]", "requests = 'home'\n[traffic.order]")
            .as_str(),
    );
    let open = |class: &str, until: Time| -> f64 {
        let sources = scenario.sources.iter().filter(|it| !matches!(it.pattern, Pattern::Users(_)));
        sources.map(|source| expected(&scenario, &source.name, class, until)).sum()
    };
    for minutes in [1, 4, 6, 11, 20] {
        let until = Time::from_secs(60 * minutes);
        for (index, class) in ["home", "order"].into_iter().enumerate() {
            let (found, exact) = (again.sources[index].pattern.expected(until), open(class, until));
            assert!(
                (found - exact).abs() <= 1e-4 * exact + 1e-6,
                "{class} before {minutes} min: {found} and {exact}"
            );
        }
    }
    let text = String::from_utf8(rates).unwrap();
    assert!(text.starts_with("at_s,home,order,search\n0,") && text.lines().count() == 21, "{text}");
}

/// The instants of a seed, replayed, are the run of this seed.
#[test]
fn the_arrivals_of_a_seed_are_those_of_its_run() {
    let folder = files();
    // Without users, whose requests only a run knows.
    let (before, after) = (TEXT.find("    [users.staff]").unwrap(), TEXT.find("    [request.home]").unwrap());
    let scenario = read(folder.path(), &format!("{}{}", &TEXT[..before], &TEXT[after..]));
    for seed in [1, 7] {
        let mut arrivals = Vec::new();
        let written = export::instants(&scenario, seed, &mut arrivals).unwrap();
        fs::write(folder.path().join("seed.csv"), &arrivals).unwrap();
        let replayed = format!(
            "duration = '20m'\nbucket = '30s'\n[traffic.all]\nreplay = {{ file = 'seed.csv', column = 'at_s', classes = 'class' }}\n{}",
            &TEXT[after..]
        );
        let run = |scenario: &Scenario| simcap::simulate(scenario, seed, &mut |_| {});
        let (own, again) = (run(&scenario), run(&read(folder.path(), &replayed)));
        assert_eq!(own.requests.arrived, written as f64);
        assert_eq!(own.timeline.offered, again.timeline.offered, "row by row");
        for (one, other) in own.classes.iter().zip(&again.classes) {
            assert_eq!((&one.name, one.requests.arrived), (&other.name, other.requests.arrived));
        }
    }
}
