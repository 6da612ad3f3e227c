//! Chart: capacity and its load. In: an outcome. Out: instances by lifecycle state and CPU, for each fleet.

use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel, Shape};
use super::palette;
use super::series::{Rows, peak, whole};
use crate::number;
use crate::kind::fleet::record::FleetSeries;
use crate::outcome::{FleetOutcome, Outcome};

/// The chart, if there is a fleet; the largest ones if there are too many.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let mut fleets: Vec<(&FleetSeries, &FleetOutcome)> =
        outcome.timeline.fleets.iter().zip(&outcome.fleets).collect();
    if fleets.is_empty() {
        return None;
    }
    let all = fleets.len();
    if all > MOST {
        fleets.sort_by_key(|(_, total)| std::cmp::Reverse(total.peak_instances));
        fleets.truncate(MOST);
    }
    let subtitle = subtitle(&fleets, all);
    let panels = |(series, total): (&FleetSeries, &FleetOutcome)| {
        (series.name.clone(), vec![instances(&rows, series), cpu(&rows, series, total)])
    };
    let grid = figure::grid(fleets.into_iter().map(panels).collect());
    Some(Figure::over_time(outcome, "Instances and their CPU", subtitle, grid))
}

fn instances(rows: &Rows, fleet: &FleetSeries) -> Panel {
    let states = [
        ("in service", palette::IN_SERVICE, &fleet.in_service),
        ("warming up", palette::WARMING, &fleet.warming),
        ("pending", palette::PENDING, &fleet.pending),
        ("draining", palette::TERMINATING, &fleet.terminating),
    ];
    let sums = (0..rows.spans().count())
        .map(|row| states.iter().filter_map(|(_, _, column)| column.get(row)).sum::<f64>());
    let high = sums.fold(peak(&fleet.desired), f64::max);
    // A state that no instance was in does not appear in the legend.
    let seen = states.iter().enumerate().filter(|(i, (_, _, column))| *i == 0 || peak(column) > 0.0);
    let mut layers =
        rows.stack(seen.map(|(_, (name, colour, column))| (name.to_string(), *colour, whole(column))));
    layers.push(Layer::new("desired", palette::DESIRED, rows.line(whole(&fleet.desired))));
    Panel { title: "Instances by state".into(), y: Axis::counts(high), layers, weight: 1.6 }
}

fn cpu(rows: &Rows, fleet: &FleetSeries, total: &FleetOutcome) -> Panel {
    let mut layers = vec![Layer::new("CPU", palette::CPU, rows.line(whole(&fleet.cpu_percent)))];
    if let Some(target) = total.cpu_target {
        layers.push(Layer::new("CPU target", palette::TARGET, Shape::Level(target)));
    }
    Panel {
        title: "CPU, mean of instances whose application runs".into(),
        y: Axis::percent(),
        layers,
        weight: 1.0,
    }
}

fn subtitle(fleets: &[(&FleetSeries, &FleetOutcome)], all: usize) -> String {
    if let [(series, total)] = fleets {
        return format!(
            "{} × {}: at most {}, {} launched, {} terminated · CPU up to {}",
            total.name,
            total.instance,
            total.peak_instances,
            number::compact(total.launched),
            number::compact(total.terminated),
            number::percent(peak(&series.cpu_percent)),
        );
    }
    let each = |(_, total): &(&FleetSeries, &FleetOutcome)| {
        format!("{} at most {}", total.name, total.peak_instances)
    };
    let list = fleets.iter().map(each).collect::<Vec<_>>().join(" · ");
    match all > fleets.len() {
        true => format!("the largest {} of {all} fleets: {list}", fleets.len()),
        false => list,
    }
}
