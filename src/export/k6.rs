//! The traffic as a script for k6. In: what is sent. Out: JavaScript.
//!
//! Open traffic is arrival-rate executors, which do not wait for answers, one for each class of a source; users are virtual users. Source of
//! the options: the documentation of Grafana k6, "Scenarios" and "Executors".

use serde_json::{Map, Value, json};

use super::names;
use super::sent::{Population, Sent, Stream};
use super::stages::Ramp;
use super::text::{self, Language};
use super::think::Draw;
use crate::kind::retry::Retries;
use crate::units::Time;

const SCRIPT: &str = include_str!("k6/script.js");
/// Seconds over which requests are spread by chance, if nobody says otherwise.
const SPREAD_S: f64 = 2.0;
/// Seconds after which k6 gives an answer up if nobody says otherwise.
const TIMEOUT_S: f64 = 60.0;

/// The script.
pub fn k6(sent: &Sent<'_>, base_url: &str) -> String {
    let mut scenarios = Map::new();
    for stream in &sent.streams {
        let ramp = Ramp::of(&stream.knots);
        // Less than one in two days: k6 takes no rate of zero.
        if ramp.expected() > 0.0 {
            scenarios.insert(names::of_stream(sent, stream, &scenarios), open(sent, stream, &ramp));
        }
    }
    for population in &sent.populations {
        let name = &sent.scenario.sources[population.source].name;
        scenarios.insert(names::plain(name, &scenarios), closed(name, population, sent.scenario.duration));
    }
    let spread = if sent.streams.iter().any(|stream| stream.poisson) { SPREAD_S } else { 0.0 };
    let parts = [
        ("BASE_URL", Value::from(base_url).to_string()),
        ("CLASSES", text::table(text::classes(sent))),
        ("CLIENTS", text::table(text::clients(sent, TIMEOUT_S))),
        ("SPREAD_S", spread.to_string()),
        ("MOST_S", longest(sent).to_string()),
        ("SCENARIOS", text::table(scenarios)),
        ("USERS", users(sent)),
    ];
    let head = format!(
        "// {}\n//   k6 run -e BASE_URL={base_url} k6.js\n{}\n",
        text::title(sent),
        text::remarks(
            sent,
            Language::JavaScript,
            &[
                "k6 takes rates as whole numbers: `timeUnit` is so long that rounding changes next to nothing.",
                "Round trips, distances and addresses of the scenario's clients are those of the machine that runs k6.",
            ]
        )
    );
    text::filled(&format!("{head}{SCRIPT}"), &parts)
}

/// An open source: requests of a class at a rate.
fn open(sent: &Sent<'_>, stream: &Stream, ramp: &Ramp) -> Value {
    let class = &sent.scenario.classes[stream.class].name;
    let source = &sent.scenario.sources[stream.source].name;
    let env =
        json!({ "CLASS": class, "CLIENT": source, "SPREAD": if stream.poisson { "yes" } else { "no" } });
    match ramp.steady() {
        Some((rate, duration)) => json!({
            "executor": "constant-arrival-rate",
            "rate": rate,
            "timeUnit": ramp.unit,
            "duration": seconds(duration),
            "exec": "send",
            "env": env,
        }),
        None => {
            let stages = ramp.stages.iter();
            let stages: Vec<Value> = stages
                .map(|stage| json!({ "target": stage.target, "duration": seconds(stage.duration) }))
                .collect();
            json!({
                "executor": "ramping-arrival-rate",
                "startRate": ramp.start,
                "timeUnit": ramp.unit,
                "stages": stages,
                "exec": "send",
                "env": env,
            })
        }
    }
}

/// A closed population.
fn closed(name: &str, population: &Population<'_>, end: Time) -> Value {
    let env = json!({ "CLIENT": name });
    let knots = population.knots(end);
    let first = knots.first().map_or(0, |knot| knot.1);
    if knots.iter().all(|knot| knot.1 == first) {
        return json!({ "executor": "constant-vus", "vus": first, "duration": seconds(end), "exec": "use", "env": env });
    }
    let stages = knots.windows(2).filter(|pair| pair[0] != pair[1]);
    let stages: Vec<Value> = stages
        .map(|pair| json!({ "target": pair[1].1, "duration": seconds(pair[1].0 - pair[0].0) }))
        .collect();
    json!({ "executor": "ramping-vus", "startVUs": first, "stages": stages, "exec": "use", "env": env })
}

/// How users think and what they ask for.
fn users(sent: &Sent<'_>) -> String {
    let of = |population: &Population<'_>| {
        let source = &sent.scenario.sources[population.source];
        format!(
            "  {}: {{ think: () => {}, thinks_first: {}, classes: {} }},\n",
            Value::from(source.name.as_str()),
            Draw::of(&population.users.think).call(),
            population.users.thinks_first,
            text::shares(sent, population),
        )
    };
    match sent.populations.is_empty() {
        true => "{}".into(),
        false => format!("{{\n{}}}", sent.populations.iter().map(of).collect::<String>()),
    }
}

/// How long a request can take at most, its retries included, in seconds.
fn longest(sent: &Sent<'_>) -> f64 {
    let of = |stream: &Stream| {
        let client = &sent.scenario.sources[stream.source].client;
        let Retries { max, backoff, cap, .. } = client.retries;
        let pause =
            |retry: u32| (backoff.as_secs_f64() * libm::exp2(f64::from(retry))).min(cap.as_secs_f64());
        let timeout = client.timeout.map_or(TIMEOUT_S, Time::as_secs_f64);
        timeout * f64::from(max + 1) + (0..max).map(pause).sum::<f64>()
    };
    sent.streams.iter().map(of).fold(0.0, f64::max).ceil()
}

/// A span as k6 reads it.
fn seconds(time: Time) -> String {
    format!("{}s", time.as_secs_f64())
}
