//! The page as a whole: what it says, that it is always the same, that it is small, and that it loads nothing.

mod hostile;
mod markup;

use serde_json::Value;

use super::*;
use crate::comparison::{Comparison, Comparisons};
use crate::outcome::{Outcome, sample};
use crate::report::comparison;
use crate::report::section::Block;
use crate::report::table::Cell;
use frame::{STYLE, UPLOT_STYLE};
use markup::{data, text};

/// Largest page, in bytes: what a mail can carry.
const MOST: usize = 1_000_000;

fn source() -> Source {
    let text = "name = \"Little shop\" # 7 < 8 & more\n\n[fleet.web]\n\tmin = 2\n";
    Source { path: "shop.toml".into(), text: text.into(), remark: "the file that was run".into() }
}

/// The words of the page in their order, without the library, the script and the values.
#[test]
fn the_page_tells_the_run_in_order() {
    insta::assert_snapshot!("page", text(&html(&sample::several(), Some(&source()))));
}

#[test]
fn the_same_outcome_gives_the_same_bytes() {
    let page = |outcome: &Outcome| html(outcome, Some(&source()));
    assert!(page(&sample::several()) == page(&sample::several()));
    assert!(page(&sample::several()) != page(&sample::outcome()));
}

/// Every cell and sentence of the terminal page is a cell or sentence here: there is no second way to write a number.
#[test]
fn the_words_are_those_of_the_terminal_page() {
    for outcome in [sample::outcome(), sample::several()] {
        let page = html(&outcome, None);
        let shown = text(&page);
        let mut checked = 0;
        let mut has = |words: &str| {
            let lines: Vec<&str> = shown.lines().map(str::trim).collect();
            let words = &words.replace('`', "");
            assert!(words.trim().is_empty() || lines.contains(&words.trim()), "{words:?} is not in {shown}");
            checked += 1;
        };
        for (_, section) in terminal::parts(&outcome, Paper { whole: true, ..Paper::default() }) {
            has(&section.title);
            for block in &section.blocks {
                match block {
                    Block::Table(table) => {
                        let cells = table.head().iter().chain(table.body().iter().flatten());
                        cells.flat_map(Cell::text).for_each(|words| has(words));
                    }
                    Block::Lines { lines, .. } => lines.iter().for_each(|line| has(line)),
                }
            }
        }
        assert!(checked > 200, "{checked}");
    }
}

/// The same of a comparison, of two and of three, with a chart of their instances.
#[test]
fn a_comparison_has_the_words_of_its_page_and_charts() {
    let named = |name: &str| {
        let mut outcome = sample::several();
        outcome.scenario.name = name.into();
        outcome
    };
    let outcomes = ["<b>now</b>", "next", "last"].map(named);
    let two = Comparison::of(&outcomes[0], &outcomes[1]);
    let three = Comparisons::of(&outcomes);
    let parts = [comparison::parts(&two, true), comparison::parts_of_many(&three)];
    let sources = [source()];
    let pages = [
        html_of_comparison(&two, &outcomes[..2], &sources),
        html_of_comparisons(&three, &outcomes, &sources),
    ];
    for (page, parts) in pages.iter().zip(parts) {
        let shown = text(page);
        let lines: Vec<&str> = shown.lines().map(str::trim).collect();
        let words = parts.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
            Block::Table(table) => table
                .head()
                .iter()
                .chain(table.body().iter().flatten())
                .flat_map(Cell::text)
                .collect::<Vec<_>>(),
            Block::Lines { lines, .. } => lines.iter().collect(),
        });
        let mut checked = 0;
        for words in words.filter(|words| !words.trim().is_empty()) {
            let words = words.replace('`', "");
            assert!(lines.contains(&words.trim()), "{words:?} is not in {shown}");
            checked += 1;
        }
        assert!(checked > 20, "{checked}");
        assert!(shown.contains("<b>now</b>") && !page.contains("<b>now"));
        assert!(
            page.contains("<h2 id=\"texts-of-the-scenarios-title\">")
                && shown.contains("Text of the scenario")
        );
        assert_eq!(data(page)["figures"].as_array().unwrap().len(), 2, "side by side, and the instances");
    }
    // Rows of another length have no axis with these.
    let other = Outcome { timeline: sample::first_rows(3).timeline, ..outcomes[1].clone() };
    let page = html_of_comparison(&two, &[outcomes[0].clone(), other], &[]);
    assert!(data(&page)["figures"].as_array().unwrap().is_empty());
}

/// Names in sentences are code, and no backquote is left; what is counted with an event is there to be unfolded.
#[test]
fn a_sentence_has_no_backquotes_and_a_merged_event_has_its_parts() {
    let mut outcome = sample::several();
    let of = outcome.incidents[0].clone();
    let at = |at_s| crate::outcome::Incident { at_s, text: format!("lost at {at_s}"), ..of.clone() };
    outcome.incidents = vec![at(60.0), at(60.5), at(61.0)];
    let page = html(&outcome, None);
    let shown = text(&page);
    assert!(!shown.contains('`') && page.contains("<code>"), "{shown}");
    assert!(shown.contains("lost at 60 (+2 more)"), "{shown}");
    let parts: Vec<&str> = shown.lines().filter(|line| line.ends_with("  lost at 61")).collect();
    assert_eq!(parts, ["1:01  lost at 61"]);
}

/// Links lead to a place of the page or nowhere; nothing has a source; the policy forbids the rest.
#[test]
fn nothing_is_loaded() {
    let page = html(&sample::several(), Some(&source()));
    let (_, attributes) = markup::tags(&page);
    let links: Vec<&(String, String)> = attributes
        .iter()
        .filter(|(name, _)| ["href", "src", "action", "srcset"].contains(&name.as_str()))
        .collect();
    assert!(links.len() > 10);
    for (name, value) in links {
        let place = value.strip_prefix('#').is_some_and(|id| page.contains(&format!("id=\"{id}\"")));
        assert!(name == "href" && (place || value == "data:,"), "{name}={value}");
    }
    assert!(!STYLE.contains("url(") && !UPLOT_STYLE.contains("url(") && !STYLE.contains("@import"));
    assert!(page.contains("default-src 'none'"));
}

/// The event in one picture, and what is made of cells, stand on the page as vectors with words.
#[test]
fn pictures_are_on_the_page() {
    let outcome = sample::several();
    let page = html(&outcome, None);
    assert_eq!(page.matches("<div class=\"picture\">\n<svg ").count(), 3, "the summary and two maps");
    assert!(page.contains("<h2 id=\"in-one-picture-title\">") && page.contains("<h2 id=\"maps-title\">"));
    assert!(page.contains("<title>Summary · ") && !page.contains("xmlns=") && !page.contains("<?xml"));
}

/// Every chart that has lines is there, each panel with its layers, and all columns have one value for each row.
#[test]
fn every_chart_of_the_pictures_is_there() {
    let outcome = sample::several();
    let values = data(&html(&outcome, None));
    let figures = crate::report::chart::figures(&outcome);
    assert_eq!(values["figures"].as_array().unwrap().len(), figures.len());
    let rows = outcome.timeline.time_s.len();
    for (drawn, figure) in values["figures"].as_array().unwrap().iter().zip(&figures) {
        let panels: Vec<_> = figure.rows.iter().flatten().collect();
        assert_eq!(drawn["panels"].as_array().unwrap().len(), panels.len(), "{}", figure.title);
        for (plot, panel) in drawn["panels"].as_array().unwrap().iter().zip(panels) {
            let layers = plot["layers"].as_array().unwrap();
            assert_eq!(layers.len(), panel.layers.len(), "{}", panel.title);
            for layer in layers.iter().filter(|_| drawn["over_time"] == true) {
                let count = column(layer["values"].as_str().unwrap()).len();
                let wanted = if layer["form"] == "level" { 1 } else { rows };
                assert_eq!(count, wanted, "{}", panel.title);
            }
        }
    }
    // The values of one column, by the file itself: three digits of each.
    let offered = offered(&values);
    for (shown, value) in offered.iter().zip(&outcome.timeline.offered) {
        assert!((shown.unwrap() - value).abs() <= 0.005 * value, "{shown:?} {value}");
    }
}

/// The column of what was offered, of whichever chart has it.
fn offered(values: &Value) -> Vec<Option<f64>> {
    let list = |value: &Value, name: &str| value[name].as_array().unwrap().clone();
    let panels = list(values, "figures").into_iter().flat_map(|figure| list(&figure, "panels"));
    let mut layers = panels.flat_map(|panel| list(&panel, "layers"));
    let layer = layers.find(|layer| layer["name"] == "offered").unwrap();
    column(layer["values"].as_str().unwrap())
}

/// Each value has words, and they are those that an axis would write for it.
#[test]
fn each_value_has_its_words() {
    let values = data(&html(&sample::several(), None));
    for plot in values["figures"].as_array().unwrap().iter().flat_map(|it| it["panels"].as_array().unwrap()) {
        let list = &values["words"][plot["words"].as_u64().unwrap() as usize];
        let known = column(list["values"].as_str().unwrap());
        assert_eq!(known.len(), list["words"].as_array().unwrap().len());
        for layer in plot["layers"].as_array().unwrap() {
            let all = column(layer["values"].as_str().unwrap());
            assert!(all.iter().flatten().all(|value| known.contains(&Some(*value))), "{}", plot["title"]);
        }
    }
}

/// The longest timeline there is by default, with values that never come twice, is shown row by row where nothing stands before the shop;
/// with everything there is, and of a longer one, several rows are one point.
#[test]
fn a_page_of_many_rows_is_less_than_a_megabyte() {
    let mut outcome = stretched(1_440);
    let page = html(&outcome, Some(&source()));
    assert!(page.len() < MOST, "{} bytes", page.len());
    let timeline = &mut outcome.timeline;
    timeline.buckets.clear();
    timeline.nats.clear();
    timeline.distributions.clear();
    timeline.firewalls.clear();
    timeline.waiting_rooms.clear();
    timeline.lambdas.clear();
    timeline.dynamo_tables.clear();
    timeline.file_systems.clear();
    timeline.block_volumes.clear();
    timeline.streams.clear();
    timeline.topics.clear();
    timeline.apis.clear();
    timeline.domains.clear();
    let page = html(&outcome, Some(&source()));
    assert!(page.len() < MOST, "{} bytes", page.len());
    assert_eq!(data(&page)["together"], 1);
    let outcome = stretched(9_000);
    let page = html(&outcome, Some(&source()));
    assert!(page.len() < MOST, "{} bytes", page.len());
    let values = data(&page);
    assert!(values["together"].as_u64().unwrap() > 1, "this one has to be made shorter");
    assert!(text(&page).contains("rows are one point here"));
    // What was largest is still there.
    let most = offered(&values).into_iter().flatten().fold(0.0, f64::max);
    let really = outcome.timeline.offered.iter().copied().fold(0.0, f64::max);
    assert!((most - really).abs() <= 0.005 * really, "{most} {really}");
}

#[test]
fn one_row_or_none_is_enough() {
    assert!(text(&html(&sample::first_rows(1), None)).contains("Latency over time"));
    let nothing = Outcome { timeline: Default::default(), ..sample::outcome() };
    assert!(text(&html(&nothing, None)).contains("Objectives"));
}

/// What each service cost is the sum of its rows, and the total is that of the bill.
#[test]
fn the_bill_by_service_adds_up() {
    let mut outcome = sample::outcome();
    let items = &mut outcome.bill.items;
    items.truncate(3);
    for (item, (service, usd)) in items.iter_mut().zip([("EC2", 1.0), ("ELB", 5.0), ("EC2", 2.5)]) {
        (item.service, item.usd, item.month_usd) = (service.into(), usd, 10.0 * usd);
    }
    (outcome.bill.total_usd, outcome.bill.month_usd) = (8.5, 85.0);
    let table = anstream::adapter::strip_str(&terminal::by_service(&outcome).to_string()).to_string();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows, [["ELB", "$5.00", "$50.00"], ["EC2", "$3.50", "$35.00"], ["total", "$8.50", "$85.00"]]);
}

/// A column as the script reads it.
fn column(text: &str) -> Vec<Option<f64>> {
    let part = |part: &str| {
        let (value, times) = part.split_once('*').map_or((part, 1), |(value, n)| (value, n.parse().unwrap()));
        vec![value.parse().ok(); times]
    };
    text.split(' ').filter(|part| !part.is_empty()).flat_map(part).collect()
}

/// The outcome with so many rows, each value of a column another one.
fn stretched(rows: usize) -> Outcome {
    let outcome = sample::several();
    let mut timeline = serde_json::to_value(&outcome.timeline).unwrap();
    stretch(&mut timeline, rows);
    let mut timeline: crate::outcome::Timeline = serde_json::from_value(timeline).unwrap();
    timeline.time_s = (0..rows).map(|row| row as f64 * 10.0).collect();
    timeline.bucket_s = 10.0;
    let mut outcome = Outcome { timeline, ..outcome };
    outcome.scenario.duration_s = 10.0 * rows as f64;
    outcome
}

/// Makes every list of plain values longer.
fn stretch(value: &mut Value, rows: usize) {
    match value {
        Value::Array(values)
            if !values.is_empty() && values.iter().all(|it| it.is_number() || it.is_null()) =>
        {
            let whole = values.iter().all(Value::is_u64);
            let most = values.iter().filter_map(Value::as_f64).fold(1.0, f64::max);
            let value = |row: usize| most * (0.1 + 0.9 * (row as f64 * 0.618_034).fract());
            *values = (0..rows)
                .map(|row| if whole { Value::from(value(row) as u64) } else { value(row).into() })
                .collect();
        }
        Value::Array(values) => values.iter_mut().for_each(|it| stretch(it, rows)),
        Value::Object(fields) => fields.values_mut().for_each(|it| stretch(it, rows)),
        _ => {}
    }
}
