//! Chart: instances of several scenarios over time, and what was asked of them. In: outcomes. Out: for each fleet a panel with a
//! line for each scenario; below them the demand.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, MOST, Panel};
use super::palette;
use super::series::{Rows, whole};
use super::sides;
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::Outcome;

/// The chart, if any of them has a fleet.
pub fn figure(outcomes: &[Outcome]) -> Option<Figure> {
    let longest =
        |one: &&Outcome, other: &&Outcome| one.scenario.duration_s.total_cmp(&other.scenario.duration_s);
    let frame = outcomes.iter().max_by(longest)?;
    let mut names: Vec<&str> = Vec::new();
    for fleet in outcomes.iter().flat_map(|outcome| &outcome.fleets) {
        if !names.contains(&fleet.name.as_str()) {
            names.push(&fleet.name);
        }
    }
    let all = names.len();
    names.truncate(MOST);
    let mut panels: Vec<Vec<Panel>> = names.iter().map(|name| vec![instances(outcomes, name)]).collect();
    if panels.is_empty() {
        return None;
    }
    panels.push(vec![demand(outcomes)]);
    let before = if all > MOST { format!("the first {MOST} of {all} fleets · ") } else { String::new() };
    let mut figure =
        Figure::over_time(frame, "Instances under each policy", before + &subtitle(outcomes), panels);
    // Each has its own spans of trouble, and its own events.
    figure.zoom = None;
    figure.trouble.clear();
    figure.markers.clear();
    figure.unmarked = 0;
    figure.scenario.clone_from(&outcomes[0].scenario.name);
    Some(figure)
}

/// Instances in service that may get requests, of one fleet in each scenario that has it. Lines that are the same throughout are one, with the letters
/// of all.
fn instances(outcomes: &[Outcome], name: &str) -> Panel {
    let mut lines: Vec<(String, RGBColor, &Outcome, Vec<f64>)> = Vec::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let found = outcome.timeline.fleets.iter().find(|fleet| fleet.name == name);
        let Some(fleet) = found else { continue };
        let idle = fleet.idle();
        let there = fleet.there().into_iter().zip(&fleet.warming).zip(&idle);
        let there: Vec<f64> = there.map(|((warm, warming), idle)| warm + warming - idle).collect();
        let times = |outcome: &Outcome| (outcome.timeline.time_s.clone(), outcome.scenario.duration_s);
        let same = |line: &&mut (String, RGBColor, &Outcome, Vec<f64>)| {
            line.3 == there && times(line.2) == times(outcome)
        };
        match lines.iter_mut().find(same) {
            Some(line) => line.0 += &format!(", {}", crate::comparison::letter(at)),
            None => lines.push((sides::name(outcomes, at), colour(at), outcome, there)),
        }
    }
    let high = lines.iter().map(|line| peak(&line.3)).fold(0.0, f64::max);
    let layers = lines.into_iter().map(|(name, colour, outcome, there)| {
        Layer::new(name, colour, Rows::of(outcome).line(whole(&there)))
    });
    let layers = layers.collect();
    let mean = if outcomes.iter().any(|it| it.runs.count > 1) { ", mean of the runs" } else { "" };
    Panel {
        title: format!("{name}: instances in service that get requests{mean}"),
        y: Axis::counts(high),
        layers,
        weight: 1.8,
    }
}

/// What arrives: of the first scenario, and of those in which other requests do.
fn demand(outcomes: &[Outcome]) -> Panel {
    let mut layers = Vec::new();
    let mut shown: Vec<&Outcome> = Vec::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let same = |other: &&Outcome| {
            (&other.timeline.offered, &other.timeline.time_s)
                == (&outcome.timeline.offered, &outcome.timeline.time_s)
        };
        if shown.iter().any(same) {
            continue;
        }
        let rows = Rows::of(outcome);
        let line = rows.line(whole(&outcome.timeline.offered));
        let colour = if at == 0 { palette::OFFERED } else { colour(at) };
        let name = if at == 0 {
            picture::OFFERED.text.to_owned()
        } else {
            format!("offered in {}", crate::comparison::letter(at))
        };
        layers.push(Layer::new(name, colour, line));
        shown.push(outcome);
    }
    let high = shown.iter().map(|outcome| peak(&outcome.timeline.offered)).fold(0.0, f64::max);
    let y = Axis::linear(0.0, high, number::compact);
    Panel { title: "Requests per second".into(), y, layers, weight: 1.0 }
}

/// A colour for each scenario; more than there are colours take them again.
fn colour(at: usize) -> RGBColor {
    palette::SIDES[at % palette::SIDES.len()]
}

/// Hours and money of each, short enough for one line.
fn subtitle(outcomes: &[Outcome]) -> String {
    let hours =
        |outcome: &Outcome| outcome.fleets.iter().map(|it| it.instance_seconds).sum::<f64>() / 3_600.0;
    let each = outcomes.iter().enumerate().map(|(at, outcome)| {
        let usd = number::usd_short(outcome.bill.total_usd);
        format!("{} {} {usd}", crate::comparison::letter(at), number::number(hours(outcome)))
    });
    format!("instance-hours and cost: {}", each.collect::<Vec<_>>().join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Shape;

    #[test]
    fn each_scenario_has_a_line_and_the_same_demand_is_drawn_once() {
        let first = sample::outcome();
        let mut second = sample::outcome();
        second.scenario.name = "larger".into();
        second.timeline.fleets[0].in_service.fill(40.0);
        second.timeline.fleets[0].lost.fill(0.0);
        second.timeline.fleets[0].in_rotation.fill(40.0);
        second.timeline.fleets[0].warming.fill(2.0);
        let figure = figure(&[first.clone(), second.clone()]).unwrap();
        let fleets = first.fleets.len();
        assert_eq!(figure.rows.len(), fleets.min(MOST) + 1);
        let panel = &figure.rows[0][0];
        assert_eq!(panel.layers.len(), 2);
        assert_eq!(panel.layers[1].name, "B larger");
        let Shape::Line(pieces) = &panel.layers[1].shape else { panic!("no line") };
        assert_eq!(pieces[0][0].1, 42.0);
        let mut deployed = second.clone();
        deployed.timeline.fleets[0].in_rotation.fill(38.0);
        let during = super::figure(&[first.clone(), deployed]).unwrap();
        let Shape::Line(pieces) = &during.rows[0][0].layers[1].shape else { panic!("no line") };
        assert_eq!(pieces[0][0].1, 40.0, "two of 40 are out of rotation");
        let same = super::figure(&[first.clone(), second.clone(), first.clone()]).unwrap();
        let names: Vec<&str> = same.rows[0][0].layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, [format!("A {}, C", first.scenario.name).as_str(), "B larger"]);
        let demand = figure.rows.last().unwrap();
        assert_eq!(demand[0].layers.len(), 1);
        second.timeline.offered[0] += 1.0;
        let figure = super::figure(&[first.clone(), second]).unwrap();
        assert_eq!(figure.rows.last().unwrap()[0].layers[1].name, "offered in B");
        let mut without = first;
        without.fleets.clear();
        without.timeline.fleets.clear();
        assert!(super::figure(&[without]).is_none());
    }
}
