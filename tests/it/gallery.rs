//! The gallery: `scenarios/README.md`, and one picture of each scenario in `scenarios/pictures`.
//!
//! In: the runs of the golden tests, and what each scenario says at its top. Out: pictures and a page, which a change that is meant to change values makes anew
//! with `INSTA_UPDATE=always`, as it does with the snapshots.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use simcap::measure::percentile::Percentile;
use simcap::outcome::Outcome;

/// Size of a picture, and its two panels: requests above, latency below.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 56.0;
const PANELS: [(f64, f64); 2] = [(16.0, 100.0), (124.0, 170.0)];
/// Points of a line at most.
const POINTS: usize = 120;

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn updates() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

/// The file is as it is made today; or it is made anew.
fn holds(path: &Path, made: &str) {
    if updates() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, made).unwrap();
    }
    let stored = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(stored, made, "{}: as it is stored, and as it is made today", path.display());
}

/// The picture of a golden run, by the path of its scenario without its ending, with the last words of its page.
pub fn shows(name: &str, outcome: &Outcome, page: &str) {
    holds(
        &scenarios().join("pictures").join(format!("{}.svg", name.replace('/', "-"))),
        &picture(outcome, page),
    );
}

/// Rows of a column that are drawn as one point each: the largest of them, so that no peak is lost.
fn points(column: &[f64]) -> Vec<f64> {
    let each = column.len().div_ceil(POINTS).max(1);
    column.chunks(each).map(|rows| rows.iter().copied().fold(0.0, f64::max)).collect()
}

/// A line through points, in a panel whose top is a value.
fn line(values: &[f64], top: f64, (above, below): (f64, f64)) -> String {
    let step = (WIDTH - LEFT) / values.len().max(1) as f64;
    let place = |(at, value): (usize, &f64)| {
        let x = LEFT + step * (at as f64 + 0.5);
        let y = below - (below - above) * (value / top).min(1.0);
        format!("{x:.1},{y:.1}")
    };
    values.iter().enumerate().map(place).collect::<Vec<_>>().join(" ")
}

/// The same down to the ground.
fn area(values: &[f64], top: f64, panel: (f64, f64)) -> String {
    format!("{LEFT},{0} {1} {WIDTH},{0}", panel.1, line(values, top, panel))
}

/// Two digits, in the unit that fits.
fn short(value: f64, unit: &str) -> String {
    match (value, unit) {
        (ms, "ms") if ms >= 1_000.0 => format!("{:.1} s", ms / 1_000.0),
        (rate, "/s") if rate >= 10_000.0 => format!("{:.0}k/s", rate / 1_000.0),
        (value, unit) if value >= 10.0 => format!("{value:.0} {unit}").replace(" /s", "/s"),
        (value, unit) => format!("{value:.1} {unit}").replace(" /s", "/s"),
    }
}

/// What is escaped in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn picture(outcome: &Outcome, page: &str) -> String {
    let timeline = &outcome.timeline;
    let rows = timeline.time_s.len();
    let all = |row: usize| timeline.failed.values().map(|cause| cause[row]).sum::<f64>();
    let failed: Vec<f64> = (0..rows).map(all).collect();
    let p99 = timeline
        .latency_ms
        .get(&Percentile::P99)
        .map_or_else(Vec::new, |column| column.iter().map(|ms| ms.unwrap_or(0.0)).collect());
    let [offered, failed, p99] = [&timeline.offered, &failed, &p99].map(|column| points(column));
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let tops = [most(&offered).max(most(&failed)), most(&p99)];
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n",
        escaped(&outcome.scenario.name),
        escaped(&ending(page)),
    );
    let mut add = |text: String| writeln!(svg, "{text}").unwrap();
    add(format!("<polygon points=\"{}\" fill=\"#9fc8e3\"/>", area(&offered, tops[0], PANELS[0])));
    add(format!("<polygon points=\"{}\" fill=\"#d55e00\"/>", area(&failed, tops[0], PANELS[0])));
    add(format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"1.5\"/>",
        line(&p99, tops[1], PANELS[1])
    ));
    let labels = [
        (PANELS[0].0, short(tops[0], "/s")),
        (PANELS[1].0, short(tops[1], "ms")),
        (PANELS[0].1, "0".to_owned()),
        (PANELS[1].1, "0".to_owned()),
    ];
    for (y, label) in labels {
        add(format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#444\">{label}</text>",
            LEFT - 4.0,
            y + 4.0
        ));
    }
    for (_, below) in PANELS {
        add(format!("<path d=\"M{LEFT} {below}H{WIDTH}\" stroke=\"#888\"/>"));
    }
    add(format!(
        "<text x=\"{LEFT}\" y=\"{}\" fill=\"#444\">requests, <tspan fill=\"#d55e00\">failed</tspan></text>",
        PANELS[0].0 - 5.0
    ));
    add(format!("<text x=\"{LEFT}\" y=\"{}\" fill=\"#0072b2\">p99</text>", PANELS[1].0 - 5.0));
    let end = outcome.scenario.duration_s;
    let (end, unit) = if end >= 3_600.0 { (end / 3_600.0, "h") } else { (end / 60.0, "min") };
    let end = format!("{} {unit}", (end * 100.0).round() / 100.0);
    add(format!("<text x=\"{WIDTH}\" y=\"{}\" text-anchor=\"end\" fill=\"#444\">{end}</text>", HEIGHT - 6.0));
    svg + "</svg>\n"
}

/// The verdict and the cause with which a page ends, each in a line.
fn ending(page: &str) -> String {
    let (_, last) = page.split_once("\nVerdict").unwrap_or_default();
    let last = last.split("\nNext").next().unwrap_or_default();
    let lines = last.lines().map(|line| line.trim().replace("Cause  ", "Cause: "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Every scenario with a picture, by its path without its ending.
fn names() -> Vec<String> {
    let mut folders = vec![scenarios()];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let inside = path.strip_prefix(scenarios()).unwrap().with_extension("");
                names.push(inside.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    // Those of the folder itself first.
    names.sort_by_key(|name| (name.contains('/'), name.clone()));
    names
}

/// What a scenario says at its top, up to the first empty line of its comment.
fn question(text: &str) -> String {
    let comment =
        text.lines().take_while(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    comment.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text between two tags.
fn inside<'a>(svg: &'a str, tag: &str) -> &'a str {
    let (_, rest) = svg.split_once(&format!("<{tag}>")).unwrap_or_default();
    rest.split(&format!("</{tag}>")).next().unwrap_or_default()
}

/// A test that must come after the golden ones where pictures are made anew: it reads what is stored.
#[test]
fn the_gallery_shows_every_scenario_with_its_question_its_picture_and_its_verdict() {
    let mut page = "# Scenarios\n\nEach with its question, one picture of one run, and how its page ends: requests a second and those that failed above, the p99 below. \
                    `simcap run scenarios/NAME.toml` runs one of them.\n"
        .to_owned();
    let mut missing = Vec::new();
    for name in names() {
        let text = fs::read_to_string(scenarios().join(&name).with_extension("toml")).unwrap();
        let file = format!("pictures/{}.svg", name.replace('/', "-"));
        let Ok(svg) = fs::read_to_string(scenarios().join(&file)) else {
            missing.push(name);
            continue;
        };
        let title = inside(&svg, "title");
        writeln!(
            page,
            "\n## {title}\n\n[`{name}.toml`]({name}.toml)\n\n{}\n\n![{title}]({file})\n",
            question(&text)
        )
        .unwrap();
        for line in inside(&svg, "desc").lines() {
            writeln!(page, "> {line}  ").unwrap();
        }
    }
    // Two that are no architectures: textbook models for tests of speed.
    assert_eq!(missing, ["reference/mm8", "reference/three-tier"], "these have no picture");
    holds(&scenarios().join("README.md"), &page);
}
