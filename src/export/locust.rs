//! The traffic as a script for Locust. In: what is sent. Out: Python.
//!
//! A user of Locust waits for each answer, so it has no open traffic of its own. Here many users are senders: each is a Poisson process with
//! its part of the rate, and together they are one of the whole rate, as long as answers come before a sender's next turn. Source of the
//! interface: the documentation of Locust, "Custom load shapes" and "FastHttpUser".

use serde_json::{Value, json};

use super::sent::{Population, Sent, Stream};
use super::text::{self, Language};
use super::think::Draw;

const SCRIPT: &str = include_str!("locust/script.py");
/// Seconds after which an answer is given up if nobody says otherwise: the default of Locust.
const TIMEOUT_S: f64 = 60.0;
/// Seconds that a sender may be held by a request.
const HELD_S: f64 = 5.0;

/// The script.
pub fn locust(sent: &Sent<'_>, base_url: &str) -> String {
    let parts = [
        ("BASE_URL", Value::from(base_url).to_string()),
        ("CLASSES", python(text::table(text::classes(sent)))),
        ("CLIENTS", text::table(text::clients(sent, TIMEOUT_S))),
        ("STREAMS", streams(sent)),
        ("USERS", users(sent)),
        ("DURATION_S", sent.scenario.duration.as_secs_f64().to_string()),
        ("HELD_S", HELD_S.to_string()),
    ];
    let mut remarks = vec![
        "Locust cannot send at a rate by itself: its users wait for answers. Here senders do, each at random with its part of the rate; where",
        "answers take longer than HELD_S at the highest rate, requests come late. Arrivals are Poisson whatever the scenario says of gaps.",
        "With several processes or workers each one sends all of it: run one, or divide the traffic by `--scale` of the export.",
    ];
    if !sent.populations.is_empty() {
        remarks.push("Where the number of users falls, Locust stops any of them: they change places, which nobody notices but who thinks.");
    }
    let head = format!(
        "# {}\n#   locust -f locustfile.py --headless --host {base_url}\n{}\n",
        text::title(sent),
        text::remarks(sent, Language::Python, &remarks)
    );
    text::filled(&format!("{head}{SCRIPT}"), &parts)
}

/// Values of JSON in the words of Python.
fn python(table: String) -> String {
    table.replace("\"body\":null", "\"body\":None")
}

/// Open traffic by source and class.
fn streams(sent: &Sent<'_>) -> String {
    let of = |stream: &Stream| {
        let knots: Value =
            stream.knots.iter().map(|(time, rate)| json!([time.as_secs_f64(), rate.0])).collect();
        let scenario = sent.scenario;
        let names = json!([scenario.sources[stream.source].name, scenario.classes[stream.class].name]);
        format!("    ({}, {}, {knots}),\n", names[0], names[1])
    };
    match sent.streams.is_empty() {
        true => "[]".into(),
        false => format!("[\n{}]", sent.streams.iter().map(of).collect::<String>()),
    }
}

/// Populations of users.
fn users(sent: &Sent<'_>) -> String {
    let of = |population: &Population<'_>| {
        let source = &sent.scenario.sources[population.source];
        let knots = population.knots(sent.scenario.duration);
        let count: Value = knots.iter().map(|(time, users)| json!([time.as_secs_f64(), users])).collect();
        let first = if population.users.thinks_first { "True" } else { "False" };
        format!(
            "    {{\"name\": {}, \"count\": {count}, \"think\": lambda: {}, \"thinks_first\": {first}, \"classes\": {}}},\n",
            Value::from(source.name.as_str()),
            Draw::of(&population.users.think).call(),
            text::shares(sent, population),
        )
    };
    match sent.populations.is_empty() {
        true => "[]".into(),
        false => format!("[\n{}]", sent.populations.iter().map(of).collect::<String>()),
    }
}
