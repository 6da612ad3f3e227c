//! Chart: cost and latency of the points of a plan. In: what a plan has found. Out: each point that was tried, those that meet apart from
//! those that do not, the front as a line, and the limit.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use super::text::unquoted;
use crate::number;
use crate::plan::{Candidate, CostOf, Fate, Planned};
use crate::report::plan::answer_of_plan;

/// The chart, if more than one point was tried.
pub fn figure(found: &Planned) -> Option<Figure> {
    let place = |it: &Candidate| Some((it.cost_usd?, it.latency_ms?));
    let tried: Vec<(usize, (f64, f64))> =
        found.points.iter().enumerate().filter_map(|(at, it)| Some((at, place(it)?))).collect();
    let costs = || tried.iter().map(|it| it.1.0);
    let (least, most) = (costs().fold(f64::INFINITY, f64::min), costs().fold(0.0, f64::max));
    if tried.len() < 2 || most <= least {
        return None;
    }
    let of = |fates: &[Fate]| {
        let its = tried.iter().filter(|(at, _)| fates.contains(&found.points[*at].fate));
        its.map(|(_, (cost, ms))| (*cost, *ms, String::new())).collect::<Vec<_>>()
    };
    let layer = |name: &str, colour: RGBColor, fates: &[Fate]| {
        let mut points = of(fates);
        // The legend has the words of points, and one of each kind is enough.
        points.iter_mut().take(1).for_each(|it| name.clone_into(&mut it.2));
        (!points.is_empty()).then(|| Layer::new(name, colour, Shape::Points(points)))
    };
    let mut front: Vec<(f64, f64)> =
        tried.iter().filter(|(at, _)| found.points[*at].front).map(|it| it.1).collect();
    front.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut layers = vec![Layer::new(picture::FRONT.text, palette::EDGE, Shape::Line(vec![front]))];
    layers.extend(
        found.limit_ms.map(|limit| {
            Layer::new(format!("limit of {}", found.latency), palette::LIMIT, Shape::Level(limit))
        }),
    );
    layers.extend(layer(picture::FAILS.text, palette::SCALE_IN, &[Fate::Fails, Fate::SeemsToFail]));
    layers.extend(layer(picture::CANNOT_TELL.text, palette::WAITING, &[Fate::Unsure]));
    layers.extend(layer(picture::MEETS.text, palette::P50, &[Fate::Meets, Fate::SeemsToMeet, Fate::Second]));
    let named = |at: usize| {
        let (cost, ms) = place(&found.points[at])?;
        Some(Layer::new(
            picture::CHEAPEST.text,
            palette::SCALE_OUT,
            Shape::Points(vec![(cost, ms, format!("best: {}", found.labels(at).join(", ")))]),
        ))
    };
    layers.extend(found.best.and_then(named));
    let y = Axis::log(tried.iter().map(|it| it.1.1).chain(found.limit_ms), number::millis);
    let words = anstream::adapter::strip_str(&answer_of_plan(found)).to_string();
    let margin = (most - least) / 20.0;
    Some(Figure {
        title: "What it costs to be fast",
        scenario: found.name.clone(),
        subtitle: unquoted(words.lines().next().unwrap_or_default()),
        x: Axis::linear((least - margin).max(0.0), most + margin, number::usd),
        x_name: match found.asked.cost {
            CostOf::Event => "cost of the event in US dollars; dots are what was run",
            CostOf::Month => "cost of a month in US dollars; dots are what was run",
        }
        .into(),
        x_of: Vec::new(),
        rows_name: String::new(),
        notes: Vec::new(),
        rows: vec![vec![Panel { title: format!("{} (log scale)", found.latency), y, layers, weight: 1.0 }]],
        zoom: None,
        trouble: Vec::new(),
        shaded: "",
        markers: Vec::new(),
        unmarked: 0,
    })
}
