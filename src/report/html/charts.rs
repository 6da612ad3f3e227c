//! The charts of the page: those of the pictures, as values that the browser draws. In: an [`Outcome`]. Out: a place for each plot,
//! with its summary in words, and the values of all.

mod layers;
mod rows;

use serde::Serialize;

use super::columns::{Dictionary, Words, rounded};
use super::escape::Text;
use crate::number::{count, counted, width};
use crate::outcome::Outcome;
use crate::report::chart::axis::{Axis, Scale};
use crate::report::chart::figure::{Figure, Panel};
use crate::report::chart::marker::{self, Kind, Marker};
use crate::report::chart::{figures, tag_colour};
use layers::Layer;
use rows::{Grid, percentiles};

/// Most bytes of the columns of all charts: with more, neighbouring rows are put together.
const MOST_BYTES: usize = 500_000;

/// What the page has of charts.
pub(super) struct Charts {
    /// What stands below the heading.
    pub body: String,
    /// What the script reads.
    pub values: Values,
}

/// What the script draws; by default nothing.
#[derive(Default, Serialize)]
pub(super) struct Values {
    /// Seconds of the event.
    span: f64,
    /// Start of each row, seconds, as a column; its words; and how many rows of the timeline each one is.
    starts: String,
    clock: Vec<String>,
    together: usize,
    /// Spans in which the system was overloaded or failing.
    trouble: Vec<(f64, f64)>,
    marks: Vec<Mark>,
    words: Vec<Words>,
    figures: Vec<Drawn>,
}

/// An event.
#[derive(Serialize)]
struct Mark {
    at: f64,
    until: f64,
    colour: String,
    when: String,
    text: String,
}

#[derive(Serialize)]
struct Drawn {
    /// Whether it is over the time of the event, which all such charts share.
    over_time: bool,
    /// If not: the place of each value, its words, and the ticks.
    places: String,
    names: Vec<String>,
    ticks: Vec<(f64, String)>,
    panels: Vec<Plot>,
}

#[derive(Serialize)]
struct Plot {
    title: String,
    log: bool,
    low: f64,
    high: f64,
    /// Value, words, whether it comes before the others if there is no room for all.
    ticks: Vec<(f64, String, bool)>,
    /// Position of the words of its values.
    words: usize,
    weight: f64,
    layers: Vec<Layer>,
    /// What it shows, in words; that stands on the page.
    #[serde(skip)]
    summary: String,
}

/// The charts of an outcome.
pub(super) fn charts(outcome: &Outcome) -> Charts {
    let (markers, unmarked) = marker::stories(outcome);
    of_figures(outcome, figures(outcome), markers, unmarked, true)
}

/// Charts of several outcomes; nothing if there are none, or if their rows are not the same: then they have no axis together.
pub(super) fn of_several(outcomes: &[Outcome], figures: Vec<Figure>) -> Option<Charts> {
    let first = outcomes.first()?;
    let same = |other: &Outcome| {
        (&other.timeline.time_s, other.scenario.duration_s)
            == (&first.timeline.time_s, first.scenario.duration_s)
    };
    let drawn = !figures.is_empty() && outcomes.iter().all(same);
    drawn.then(|| of_figures(first, figures, Vec::new(), 0, false))
}

/// Charts of one run, or of several side by side.
fn of_figures(
    outcome: &Outcome,
    figures: Vec<Figure>,
    markers: Vec<Marker>,
    unmarked: usize,
    is_one: bool,
) -> Charts {
    let mut together = 1;
    let (mut grid, mut words, mut drawn) = draw(outcome, &figures, together);
    let bytes: usize =
        drawn.iter().flat_map(|it| &it.panels).flat_map(|it| &it.layers).map(Layer::bytes).sum();
    if bytes > MOST_BYTES {
        together = bytes.div_ceil(MOST_BYTES);
        (grid, words, drawn) = draw(outcome, &figures, together);
    }
    let span = outcome.scenario.duration_s;
    let values = Values {
        span,
        starts: grid.starts(),
        clock: grid.clock(),
        together,
        trouble: figures
            .iter()
            .map(|figure| figure.trouble.clone())
            .find(|it| !it.is_empty())
            .unwrap_or_default(),
        marks: markers.iter().map(mark).collect(),
        words: words.words(),
        figures: drawn,
    };
    let note = note(outcome, &values, is_one);
    let events = events(&markers, unmarked, outcome.runs.count);
    Charts { body: body(&note, &figures, &values) + &events, values }
}

fn draw(outcome: &Outcome, figures: &[Figure], together: usize) -> (Grid, Dictionary, Vec<Drawn>) {
    let grid = Grid::of(outcome, together);
    let mut words = Dictionary::default();
    let drawn = figures.iter().map(|figure| self::figure(figure, &grid, &mut words)).collect();
    (grid, words, drawn)
}

fn figure(figure: &Figure, grid: &Grid, words: &mut Dictionary) -> Drawn {
    let over_time = figure.x.scale == Scale::Linear;
    let panels = || figure.rows.iter().flatten();
    if over_time {
        let draw = |panel| plot(panel, layers::over_time(panel, grid), words, &grid.clock());
        let panels = panels().map(draw).collect();
        return Drawn { over_time, places: String::new(), names: Vec::new(), ticks: Vec::new(), panels };
    }
    let all = percentiles(panels());
    let names: Vec<String> = all.iter().map(|it| (figure.x.name)(*it)).collect();
    let place = |percentile: f64| near(figure.x.place(percentile));
    let draw = |panel| plot(panel, layers::over_percentiles(panel, &all, place), words, &names);
    let panels = panels().map(draw).collect();
    Drawn {
        over_time,
        places: all.iter().map(|it| place(*it).to_string()).collect::<Vec<_>>().join(" "),
        names,
        ticks: figure.x.ticks.iter().map(|tick| (near(tick.place), tick.label.clone())).collect(),
        panels,
    }
}

fn plot(
    panel: &Panel,
    layers: Vec<(Layer, Vec<Option<f64>>)>,
    words: &mut Dictionary,
    names: &[String],
) -> Plot {
    let values = layers.iter().flat_map(|(_, values)| values.iter().copied().flatten());
    let words = words.add(panel.y.name, values);
    let value = |place: f64| value_of(&panel.y, place);
    let (low, high) = panel.y.ends();
    Plot {
        title: panel.title.clone(),
        log: panel.y.scale == Scale::Log,
        low: value(low),
        high: value(high),
        ticks: panel.y.ticks.iter().map(|tick| (value(tick.place), tick.label.clone(), tick.major)).collect(),
        words,
        weight: panel.weight,
        summary: layers::summary(&layers, panel.y.name, names),
        layers: layers.into_iter().map(|(layer, _)| layer).collect(),
    }
}

/// The value at a place of an axis. Digits beyond those of a tick would differ between machines.
fn value_of(axis: &Axis, place: f64) -> f64 {
    match axis.scale {
        Scale::Log => rounded(libm::pow(10.0, place)),
        Scale::Linear | Scale::Names | Scale::Nines => near(place),
    }
}

/// Six decimals.
fn near(place: f64) -> f64 {
    (place * 1e6).round() / 1e6
}

fn mark(marker: &Marker) -> Mark {
    Mark {
        at: marker.at,
        until: marker.until,
        colour: layers::hex(tag_colour(marker)),
        when: marker.when.clone(),
        text: marker.text.clone(),
    }
}

/// How to read them.
fn note(outcome: &Outcome, values: &Values, is_one: bool) -> String {
    let row = width(outcome.timeline.bucket_s);
    let mut note =
        format!("Rows of {row}. Drag over a chart to zoom all of them, double-click or press 0 to see all.");
    if !values.trouble.is_empty() {
        note += " Shaded spans were in trouble.";
    }
    note += " Values have three digits";
    note += if is_one { "; outcome.json has all." } else { "." };
    if values.together > 1 {
        note += &format!(
            " So that the page stays small, {} are one point here: the largest value of each line among them.",
            counted(values.together as u64, "row")
        );
    }
    note
}

/// The places of all plots. Without the script, the summaries and the list of events say what there is.
fn body(note: &str, figures: &[Figure], values: &Values) -> String {
    let mut html = format!(
        "<p class=\"remark\">{note}</p>\n<noscript><p>The charts need JavaScript, which is in this file.</p></noscript>\n"
    );
    html += "<div id=\"tools\" hidden></div>\n";
    for (at, (figure, drawn)) in figures.iter().zip(&values.figures).enumerate() {
        html += &format!(
            "<section class=\"figure\">\n<h3>{}</h3>\n<p class=\"remark\">{}</p>\n",
            figure.title,
            Text(&figure.subtitle)
        );
        for (nth, plot) in drawn.panels.iter().enumerate() {
            html += &format!(
                "<figure>\n<figcaption>{}</figcaption>\n<p class=\"summary\" id=\"plot-{at}-{nth}\">{}</p>\n\
                 <div class=\"plot\" data-figure=\"{at}\" data-panel=\"{nth}\"></div>\n</figure>\n",
                Text(&plot.title),
                Text(&plot.summary)
            );
        }
        html += "</section>\n";
    }
    html
}

/// Every event that is marked, as a list.
fn events(markers: &[Marker], unmarked: usize, runs: usize) -> String {
    if markers.is_empty() {
        return String::new();
    }
    let of_run = if runs > 1 { " of the first run" } else { "" };
    let more = if unmarked > 0 {
        format!(", and {} that are not marked", count(unmarked as u64))
    } else {
        String::new()
    };
    let mut html = format!(
        "<details>\n<summary>All {}{of_run}{more}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Events\">\n\
         <table>\n<caption>Events</caption>\n<thead><tr><th scope=\"col\">when</th><th scope=\"col\">kind</th><th scope=\"col\">what</th></tr></thead>\n<tbody>\n",
        counted(markers.len() as u64, "event")
    );
    for marker in markers {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
            Text(&marker.when),
            kind(marker.kind),
            what(marker)
        );
    }
    html + "</tbody>\n</table>\n</div>\n</details>\n"
}

/// What happened; what is counted with it can be unfolded.
fn what(marker: &Marker) -> String {
    if marker.others.is_empty() {
        return Text(&marker.text).to_string();
    }
    let others: String = marker.others.iter().map(|it| format!("<li>{}</li>", Text(it))).collect();
    format!("<details><summary>{}</summary><ul>{others}</ul></details>", Text(&marker.text))
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Out => "scale-out",
        Kind::In => "scale-in",
        Kind::Fault => "fault",
        Kind::Deployment => "deployment",
        Kind::Incident => "incident",
    }
}
