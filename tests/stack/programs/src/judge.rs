//! `judge`: what was predicted beside what was measured.
//! In: `--predicted` (outcome.json of simcap), `--measured` (figures of `load`), `--limit` (percent). Out: a table, and an error if the
//! mean or the 95th percentile of all requests or of a class misses by more than the limit.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::options::Options;

/// Key in the outcome, column of the figures, title, whether it is judged.
const FIGURES: [(&str, &str, &str, bool); 5] = [
    ("mean", "mean_ms", "mean", true),
    ("p50", "p50_ms", "p50", false),
    ("p90", "p90_ms", "p90", false),
    ("p95", "p95_ms", "p95", true),
    ("p99", "p99_ms", "p99", false),
];

pub fn run(options: &mut Options) -> Result<()> {
    let (predicted, measured): (String, String) =
        (options.required("predicted")?, options.required("measured")?);
    let limit: f64 = options.required("limit")?;
    options.end()?;
    let text = std::fs::read_to_string(&predicted).with_context(|| predicted.clone())?;
    let outcome: Value = serde_json::from_str(&text).with_context(|| predicted.clone())?;
    let mut reader = csv::Reader::from_path(&measured).with_context(|| measured.clone())?;
    let headers = reader.headers()?.clone();
    let mut missed = Vec::new();
    println!("| requests | figure | measured | predicted | error | |\n|---|---|--:|--:|--:|---|");
    for row in reader.records() {
        let row = row?;
        let (class, errors) = (&row[0], &row[2]);
        if errors != "0" {
            missed.push(format!("{errors} requests of {class} failed"));
        }
        let latency =
            latency(&outcome, class).with_context(|| format!("{predicted} says nothing of {class}"))?;
        for (key, column, title, judged) in FIGURES {
            let at = headers.iter().position(|header| header == column).with_context(|| column.to_owned())?;
            let measured: f64 = row[at].parse()?;
            let predicted = latency[key].as_f64().with_context(|| format!("no {key} of {class}"))?;
            let error = (predicted / measured - 1.0) * 100.0;
            let within = error.abs() <= limit; // false for what is no number
            let verdict = match (judged, within) {
                (false, _) => "",
                (true, true) => "within",
                (true, false) => "**missed**",
            };
            println!(
                "| {class} | {title} | {measured:.1} ms | {predicted:.1} ms | {error:+.1} % | {verdict} |"
            );
            if judged && !within {
                missed.push(format!("{title} of {class}: {error:+.1} %"));
            }
        }
    }
    ensure!(missed.is_empty(), "not within {limit} %: {}", missed.join(", "));
    Ok(())
}

fn latency<'a>(outcome: &'a Value, class: &str) -> Option<&'a Value> {
    if class == "all" {
        return Some(&outcome["latency_ms"]);
    }
    let classes = outcome["classes"].as_array()?;
    Some(&classes.iter().find(|of| of["name"] == class)?["latency_ms"])
}
