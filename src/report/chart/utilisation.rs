//! Chart: how busy each resource was over time, in the order in which they filled. In: an outcome. Out: a row of cells for each, coloured
//! by how busy it was; for a page that draws no cells, a line for each.

use std::cmp::Ordering;

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Cell, Figure, Layer, Panel, Shape};
use super::marker::markers;
use super::palette;
use super::series::Rows;
use super::text::unquoted;
use crate::measure::resource::label::NAME as NAME_OF;
use crate::measure::resource::{Node, Resource};
use crate::number;
use crate::outcome::{Outcome, Utilisation};
use crate::report::terminal;

/// Most resources of the chart: with more, their names have no room.
const MOST: usize = 16;
/// Most letters of a name.
const NAME: usize = 34;
/// Part of the height of a row that is left free at both of its edges.
const GAP: f64 = 0.06;
/// Most lines on a page.
const MOST_LINES: usize = 8;

/// From how many percent on a cell has which colour, and its words.
const LEVELS: [(f64, &str, RGBColor); 4] = [
    (0.0, picture::BELOW_50.text, palette::HEAT[0]),
    (50.0, picture::TO_80.text, palette::HEAT[1]),
    (80.0, picture::TO_95.text, palette::HEAT[2]),
    (95.0, picture::FROM_95.text, palette::HEAT[3]),
];
const WAITED: (&str, RGBColor) = (picture::FULL_WAITED.text, palette::HEAT[4]);
const REJECTED: (&str, RGBColor) = (picture::FULL_REJECTED.text, palette::HEAT[5]);

/// The chart, if a resource can fill.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let panel = heat(outcome, MOST)?;
    let (markers, unmarked) = markers(outcome);
    let figure = Figure::over_time(outcome, TITLE, subtitle(outcome), vec![vec![panel]]);
    Some(Figure { markers, unmarked, ..figure })
}

const TITLE: &str = "What filled, and when";

/// A resource as the rows show it.
struct Shown<'a> {
    it: &'a Utilisation,
    name: String,
    /// When it began to be full, where it has a cell that says so: at the trouble that it has a part in, else for the first time.
    filled: Option<f64>,
}

impl Shown<'_> {
    /// When it filled, by its cells or by the story of the trouble: the earlier one. What has no such cell comes last.
    fn order(&self) -> f64 {
        let filled = self.filled.unwrap_or(f64::INFINITY);
        self.it.full_s.filter(|_| self.filled.is_some()).map_or(filled, |at| at.min(filled))
    }
}

/// All resources: those with full cells in the order in which they filled, and then those without any. Of those that filled in one row,
/// the cause that the page tells stands before the others.
fn resources(outcome: &Outcome) -> Vec<Shown<'_>> {
    let all = &outcome.utilisation;
    let shown = |it| Shown { it, name: name(it, all), filled: filled(it) };
    let mut shown: Vec<Shown<'_>> = all.iter().map(shown).collect();
    let told = told(outcome);
    let place = |it: &Shown<'_>| told.iter().position(|of| *of == it.it.of).unwrap_or(told.len());
    // Stable: among others the order stays.
    shown.sort_by(|a, b| {
        let told = match a.filled {
            Some(_) => place(a).cmp(&place(b)),
            None => Ordering::Equal,
        };
        a.order().total_cmp(&b.order()).then(told)
    });
    shown
}

/// The resources of the cause that the page tells, in its order.
fn told(outcome: &Outcome) -> Vec<Resource> {
    let (_, words) = terminal::first_cause(outcome).unwrap_or_default();
    let links = outcome.phases.iter().flat_map(|phase| &phase.chain);
    let told = links.filter(|link| words.iter().any(|words| words.contains(&link.text)));
    told.filter_map(|link| link.resource).collect()
}

/// The most important ones, in their order, and how many that filled are left out: what has a part in a trouble comes before what
/// filled in none. One is not left out alone: it takes no more room than the words that say so.
fn first(mut all: Vec<Shown<'_>>, most: usize) -> (Vec<Shown<'_>>, usize) {
    let filled = all.iter().filter(|it| it.filled.is_some()).count();
    let most = if filled == most + 1 { filled } else { most };
    let in_trouble = |it: &Shown<'_>| it.filled.is_some() && it.it.full_s.is_some();
    let mut of_trouble = most.min(all.iter().filter(|it| in_trouble(it)).count());
    let mut others = most - of_trouble;
    all.retain(|it| {
        let room = if in_trouble(it) { &mut of_trouble } else { &mut others };
        let is_kept = *room > 0;
        *room = room.saturating_sub(1);
        is_kept
    });
    let shown = all.iter().filter(|it| it.filled.is_some()).count();
    (all, filled - shown)
}

/// The begin of the full cells in which its part in a trouble began, or that are nearest to that; of what has none, of the first ones.
fn filled(it: &Utilisation) -> Option<f64> {
    let at = it.full_s.unwrap_or(f64::NEG_INFINITY);
    let after = it.full.iter().find(|(_, until)| *until > at).or(it.full.last());
    after.map(|(from, _)| *from)
}

/// The name without its quotes. Two pools of a fleet to one database have one name where it has no replicas: there they differ by their
/// side.
fn name(it: &Utilisation, all: &[Utilisation]) -> String {
    let alike = all.iter().filter(|other| other.name == it.name).count();
    let side = match it.of {
        Resource::Pool { node, .. } if alike > 1 => match node {
            Node::Writer => " (to write)",
            Node::Reader | Node::Far => " (to read)",
            Node::All => "",
        },
        _ => "",
    };
    unquoted(&it.name) + side
}

/// The same with lines.
pub fn lines(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let resources = resources(outcome);
    let shown = resources.iter().filter(|it| !it.it.busy_percent.is_empty()).take(MOST_LINES);
    let layers: Vec<Layer> = shown
        .zip(palette::SIDES)
        .map(|(it, colour)| {
            Layer::new(&it.name, colour, rows.line(it.it.busy_percent.iter().copied().map(Some)))
        })
        .collect();
    if layers.is_empty() {
        return None;
    }
    let title = title(&resources, outcome.timeline.bucket_s);
    let panel = Panel { title, y: Axis::percent(), layers, weight: 1.0 };
    Some(Figure::over_time(outcome, TITLE, subtitle(outcome), vec![vec![panel]]))
}

/// A row for each of the first resources; nothing if there are none.
pub fn heat(outcome: &Outcome, most: usize) -> Option<Panel> {
    let (shown, left_out) = first(resources(outcome), most);
    if shown.is_empty() {
        return None;
    }
    let rows = Rows::of(outcome);
    let spans: Vec<(f64, f64)> = rows.spans().collect();
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); LEVELS.len()];
    let (mut waited, mut rejected) = (Vec::new(), Vec::new());
    let names = names(&shown, left_out);
    for (nth, it) in shown.iter().enumerate() {
        let edge = (names.len() - nth - 1) as f64;
        let (low, high) = (edge + GAP, edge + 1.0 - GAP);
        for (level, from, to) in runs(&spans, &it.it.busy_percent) {
            cells[level].push((from, to, low, high));
        }
        waited.extend(it.it.full.iter().map(|&(from, to)| (from, to, low, high)));
        rejected.extend(it.it.rejecting.iter().map(|&(from, to)| (from, to, low, high)));
    }
    let levels = LEVELS.iter().zip(cells).map(|((_, name, colour), cells)| (*name, *colour, cells));
    let full = [(WAITED.0, WAITED.1, waited), (REJECTED.0, REJECTED.1, rejected)];
    let layers = levels.chain(full).filter(|(.., cells)| !cells.is_empty());
    Some(Panel {
        title: title(&shown, outcome.timeline.bucket_s),
        y: Axis::rows(names.into_iter()),
        layers: layers.map(|(name, colour, cells)| Layer::new(name, colour, Shape::Cells(cells))).collect(),
        weight: 1.0,
    })
}

/// The names of the rows. What filled has its place; those that filled in one row share it, and what is left out is said.
fn names(shown: &[Shown<'_>], left_out: usize) -> Vec<String> {
    let place = |it: &Shown<'_>| 1 + shown.iter().filter(|other| other.order() < it.order()).count();
    let name = |it: &Shown<'_>| match it.filled {
        Some(_) => format!("{}. {}", place(it), short(&it.name)),
        None => short(&it.name),
    };
    let more = (left_out > 0).then(|| format!("and {left_out} more that filled"));
    shown.iter().map(name).chain(more).collect()
}

/// What the order of the rows is.
fn title(shown: &[Shown<'_>], row_s: f64) -> String {
    let filled: Vec<f64> = shown.iter().filter(|it| it.filled.is_some()).map(Shown::order).collect();
    if filled.is_empty() {
        return picture::BUSIEST.text.into();
    }
    // They are in the order of their times.
    let together = filled.windows(2).any(|two| two[0] >= two[1]);
    match together {
        true => picture::FILLED.text.replace(NAME_OF, &number::width(row_s)),
        false => picture::FILLED_ORDER.text.into(),
    }
}

/// Neighbouring rows of one level, as one: the level, from when, until when.
fn runs(spans: &[(f64, f64)], busy: &[f64]) -> Vec<(usize, f64, f64)> {
    let mut found: Vec<(usize, f64, f64)> = Vec::new();
    for (&(from, to), busy) in spans.iter().zip(busy).filter(|(_, busy)| busy.is_finite()) {
        let level = LEVELS.iter().rposition(|(least, ..)| busy >= least).unwrap_or(0);
        match found.last_mut() {
            Some((same, _, end)) if *same == level && *end == from => *end = to,
            _ => found.push((level, from, to)),
        }
    }
    found
}

/// The name, cut to the room for it.
fn short(name: &str) -> String {
    match name.chars().count() > NAME {
        true => name.chars().take(NAME - 1).collect::<String>() + "…",
        false => name.to_owned(),
    }
}

fn subtitle(outcome: &Outcome) -> String {
    let span = outcome.scenario.duration_s;
    let all = resources(outcome);
    let filled: Vec<&Shown<'_>> = all.iter().filter(|it| it.filled.is_some()).collect();
    let at =
        |it: &&Shown<'_>| format!("{} {}", it.name, number::clock_of_span(it.filled.unwrap_or(0.0), span));
    let words = match (filled.as_slice(), all.first()) {
        ([], None) => String::new(),
        ([], Some(busiest)) => format!(
            "nothing filled · busiest: {}, up to {}",
            busiest.name,
            number::percent(busiest.it.peak())
        ),
        (some, _) => {
            let first: Vec<String> = some.iter().take(4).map(at).collect();
            let more = some.len().saturating_sub(4);
            let more = if more > 0 { format!(" · and {more} more") } else { String::new() };
            format!("filled: {}{more}", first.join(" · "))
        }
    };
    match all.len() > MOST {
        true => format!("{words} · {MOST} of {} resources", all.len()),
        false => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Link, Phase, sample};

    fn cells<'a>(panel: &'a Panel, name: &str) -> &'a [Cell] {
        let layer = panel.layers.iter().find(|layer| layer.name == name);
        match layer.map(|layer| &layer.shape) {
            Some(Shape::Cells(cells)) => cells,
            _ => &[],
        }
    }

    /// Rows of 30 s: two of a level are one cell, the first resource is on top, and what was full lies over that.
    #[test]
    fn each_resource_is_a_row_of_cells_and_the_first_to_fill_is_on_top() {
        let mut outcome = sample::first_rows(4);
        let of = outcome.utilisation[0].clone();
        let busy = |name: &str, busy: &[f64], full_s| crate::outcome::Utilisation {
            name: name.into(),
            busy_percent: busy.to_vec(),
            full_s,
            full: full_s.map(|at| (at, at + 30.0)).into_iter().collect(),
            ..of.clone()
        };
        outcome.utilisation = vec![
            busy("threads of `web`", &[10.0, 60.0, 97.0, 20.0], Some(60.0)),
            busy("CPU of `web`", &[10.0, 49.9, 50.0, 79.9], None),
        ];
        let panel = heat(&outcome, 9).unwrap();
        let row = |low: f64| (low + GAP, low + 1.0 - GAP);
        let cell = |from: f64, to: f64, (low, high): (f64, f64)| (from, to, low, high);
        assert_eq!(
            cells(&panel, "below 50 % busy"),
            [cell(0.0, 30.0, row(1.0)), cell(90.0, 120.0, row(1.0)), cell(0.0, 60.0, row(0.0))]
        );
        assert_eq!(cells(&panel, "50 to 80 %"), [cell(30.0, 60.0, row(1.0)), cell(60.0, 120.0, row(0.0))]);
        assert_eq!(cells(&panel, WAITED.0), [cell(60.0, 90.0, row(1.0))]);
        assert_eq!(panel.layers.last().unwrap().name, WAITED.0, "over the others");
        let names: Vec<&str> = panel.y.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(names, ["1. threads of web", "CPU of web"]);
        assert_eq!(subtitle(&outcome), "filled: threads of web 1:00");
        assert_eq!(heat(&outcome, 1).unwrap().y.ticks.len(), 1);
        let page = lines(&outcome).unwrap();
        assert!(matches!(page.rows[0][0].layers[1].shape, Shape::Line(_)));
        // Full in no trouble: it has dark cells, and so it has a number and a time. What the story has without such a cell has none.
        outcome.utilisation[1].full = vec![(0.0, 30.0), (90.0, 120.0)];
        let unshown = busy("disk", &[5.0; 4], Some(30.0));
        outcome.utilisation.insert(0, crate::outcome::Utilisation { full: Vec::new(), ..unshown });
        let panel = heat(&outcome, 9).unwrap();
        let names: Vec<&str> = panel.y.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(names, ["1. CPU of web", "2. threads of web", "disk"]);
        assert_eq!(subtitle(&outcome), "filled: CPU of web 0:00 · threads of web 1:00");
        // The part in a trouble begins with its cells, and not with those of an earlier moment.
        outcome.utilisation[2].full_s = Some(95.0);
        assert!(subtitle(&outcome).ends_with("CPU of web 1:30"));
        let pool = |node| crate::outcome::Utilisation {
            of: Resource::Pool { fleet: 0, pool: 0, node },
            ..busy("pool of `web` to `shop`", &[5.0; 4], None)
        };
        outcome.utilisation = vec![pool(Node::Writer), pool(Node::Reader)];
        let panel = heat(&outcome, 9).unwrap();
        let names: Vec<&str> = panel.y.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(names, ["pool of web to shop (to write)", "pool of web to shop (to read)"]);
        outcome.utilisation.clear();
        assert!(heat(&outcome, 9).is_none() && lines(&outcome).is_none());
    }

    /// Rows of 30 s. What filled in one row has one number, the cause that the page tells first; one more than there is room for is shown,
    /// and of several more the number. What turned requests away has a colour of its own.
    #[test]
    fn what_filled_together_has_one_number_and_nothing_that_filled_is_left_out_without_a_word() {
        let mut outcome = sample::first_rows(4);
        let full = |service: usize, at: f64| Utilisation {
            of: Resource::Service { service },
            name: format!("s{service}"),
            busy_percent: vec![50.0; 4],
            full_s: Some(at),
            full: vec![(at, 90.0)],
            rejecting: Vec::new(),
        };
        let told = |service: usize, text: &str| Link {
            at_s: 30.0,
            until_s: 90.0,
            resource: Some(Resource::Service { service }),
            cause: true,
            text: text.into(),
        };
        outcome.phases.truncate(1);
        let sentence = "s0 full · s2 full → 9 % of requests failed, queue_full".into();
        let chain = vec![told(0, "s0 full"), told(2, "s2 full")];
        outcome.phases[0] = Phase { trouble: true, sentence, chain, ..outcome.phases[0].clone() };
        outcome.objectives.clear();
        outcome.utilisation = vec![full(0, 30.0), full(1, 60.0), full(2, 30.0), full(3, 0.0)];
        outcome.utilisation[2].rejecting = vec![(60.0, 90.0)];
        let names = |most: usize| -> Vec<String> {
            heat(&outcome, most).unwrap().y.ticks.into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(names(4), ["1. s3", "2. s2", "2. s0", "4. s1"]);
        assert_eq!(names(3), names(4), "one more has room");
        assert_eq!(names(2), ["1. s3", "2. s2", "and 2 more that filled"]);
        let panel = heat(&outcome, 4).unwrap();
        assert_eq!(panel.title, "In the order of filling (one number: within the same 30 s)");
        let of_s2 = (2.0 + GAP, 3.0 - GAP);
        assert_eq!(cells(&panel, REJECTED.0), [(60.0, 90.0, of_s2.0, of_s2.1)]);
        assert_eq!(panel.layers.last().unwrap().colour, palette::HEAT[5], "over the others");
        // What filled in no trouble gives way to what has a part in one, however early it did.
        outcome.utilisation[3].full_s = None;
        let panel = heat(&outcome, 2).unwrap();
        assert_eq!(panel.y.ticks[0].label, "1. s2");
    }
}
