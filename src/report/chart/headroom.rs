//! Chart: what more traffic does. In: a search for limits. Out: goodput and latency against the multiple of the traffic, with the limits
//! of objectives.

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::latency::level;
use super::palette;
use super::text::unquoted;
use crate::breakpoint::{Breakpoints, Probe};
use crate::number;
use crate::outcome::estimate::Quantity;
use crate::outcome::{Standing, Verdict};
use crate::report::breakpoint::first_to_break;

/// The chart, if more than one multiple was run.
pub fn figure(found: &Breakpoints) -> Option<Figure> {
    let probes = &found.probes;
    let (first, last) = (probes.first()?, probes.last()?);
    if last.multiplier <= first.multiplier {
        return None;
    }
    let panels = [goodput(probes), latency(probes)];
    let words = anstream::adapter::strip_str(&first_to_break(found)).to_string();
    let breaks = words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    Some(Figure {
        title: "What more traffic does",
        scenario: found.scenario.name.clone(),
        // What breaks next is on the page.
        subtitle: unquoted(breaks.split(" Then: ").next().unwrap_or_default()),
        x: Axis::multiples(first.multiplier, last.multiplier),
        x_name: "times the traffic of the scenario (log scale); dots are what was run".into(),
        x_of: Vec::new(),
        rows_name: String::new(),
        notes: Vec::new(),
        rows: panels.into_iter().flatten().map(|panel| vec![panel]).collect(),
        zoom: None,
        trouble: missed(probes, last.multiplier),
        shaded: picture::OBJECTIVE_MISSED.text,
        markers: Vec::new(),
        unmarked: 0,
    })
}

/// From where on an objective is missed.
fn missed(probes: &[Probe], last: f64) -> Vec<(f64, f64)> {
    let is_missed = |it: &&Probe| it.objectives.iter().any(|it| it.standing == Standing::Missed);
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for (nth, probe) in probes.iter().enumerate().filter(|(_, it)| is_missed(it)) {
        let next = probes.get(nth + 1).map_or(last, |it| it.multiplier);
        match spans.last_mut() {
            Some((_, end)) if *end == probe.multiplier => *end = next,
            _ => spans.push((probe.multiplier, next)),
        }
    }
    spans
}

fn points(probes: &[Probe], of: impl Fn(&Probe) -> Option<f64>) -> Vec<(f64, f64)> {
    probes.iter().filter_map(|probe| Some((probe.multiplier, of(probe)?))).collect()
}

/// A curve, and a dot where it was measured.
fn curve(name: &str, colour: plotters::style::RGBColor, points: Vec<(f64, f64)>) -> [Layer; 2] {
    let dots = points.iter().map(|(x, y)| (*x, *y, String::new())).collect();
    [Layer::new(name, colour, Shape::Line(vec![points])), Layer::new("", colour, Shape::Points(dots))]
}

fn goodput(probes: &[Probe]) -> Option<Panel> {
    let offered = points(probes, |probe| Some(probe.offered_per_s));
    let high = offered.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    let mut layers = vec![Layer::new(picture::OFFERED.text, palette::OFFERED, Shape::Line(vec![offered]))];
    layers.extend(curve(
        picture::ANSWERED.text,
        palette::SCALE_OUT,
        points(probes, |probe| Some(probe.goodput_per_s)),
    ));
    let y = Axis::linear(0.0, high, number::compact);
    Some(Panel { title: "Requests per second, mean of the event".into(), y, layers, weight: 1.0 })
}

/// Nothing where no search kept it.
fn latency(probes: &[Probe]) -> Option<Panel> {
    let p99 = points(probes, |probe| probe.p99_ms);
    if p99.len() < 2 {
        return None;
    }
    let limits = probes.first()?.objectives.iter().filter_map(limit);
    let limits: Vec<(f64, Layer)> = limits.collect();
    let others = others(probes);
    let curves = others.iter().flat_map(|it| &it.points).chain(&p99).map(|(_, millis)| *millis);
    let levels = others.iter().map(|it| &it.level).chain(&limits).map(|(limit, _)| *limit);
    let y = Axis::log(curves.chain(levels).collect::<Vec<_>>().into_iter(), number::millis);
    let mut layers: Vec<Layer> = curve(picture::P99_ANSWERED.text, palette::P99, p99).into();
    layers.extend(limits.into_iter().map(|(_, layer)| layer));
    layers.extend(others.into_iter().flat_map(|it| it.curve.into_iter().chain([it.level.1])));
    Some(Panel { title: "Latency (log scale)".into(), y, layers, weight: 1.0 })
}

/// Most objectives on other latencies, such as those of a class.
const MOST_OTHERS: usize = 3;

/// Another objective on a latency.
struct Other {
    /// What the slowest run of each multiple came to, and as it is drawn.
    points: Vec<(f64, f64)>,
    curve: [Layer; 2],
    /// Its limit, and as it is drawn.
    level: (f64, Layer),
}

/// The other objectives on a latency.
fn others(probes: &[Probe]) -> Vec<Other> {
    let verdicts = probes.first().map_or(&[][..], |probe| &probe.objectives);
    let is_other = |(_, verdict): &(usize, &Verdict)| {
        let of = verdict.bound.as_ref().map(|bound| &bound.of);
        matches!(of, Some(Quantity::Latency { class, quantile }) if class.is_some() || *quantile != 0.99)
    };
    let other = |((at, verdict), colour): ((usize, &Verdict), _)| {
        let points = points(probes, |probe| probe.objectives.get(at)?.max);
        let figure = verdict.figure.as_deref().unwrap_or(&verdict.objective);
        let name = match verdict.runs_met + verdict.runs_missed {
            1 => figure.to_owned(),
            _ => format!("{figure} of the slowest run"),
        };
        let curve = curve(&name, colour, points.clone());
        let level = level(verdict, verdict.bound.as_ref()?.limit, colour);
        Some(Other { points, curve, level })
    };
    let found = verdicts.iter().enumerate().filter(is_other).take(MOST_OTHERS);
    found.zip(palette::CLASSES.into_iter().skip(1)).filter_map(other).collect()
}

/// The limit of an objective on the 99th percentile of all requests.
fn limit(verdict: &Verdict) -> Option<(f64, Layer)> {
    let bound = verdict.bound.as_ref()?;
    match bound.of {
        Quantity::Latency { class: None, quantile: 0.99 } => Some(level(verdict, bound.limit, palette::P99)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breakpoint::VERSION;
    use crate::outcome::sample;
    use crate::report::Charts;

    fn probe(multiplier: f64, goodput_per_s: f64, missed: bool) -> Probe {
        let objectives = sample::outcome().objectives;
        let standing = if missed { Standing::Missed } else { Standing::Met };
        Probe {
            multiplier,
            offered_per_s: 100.0 * multiplier,
            goodput_per_s,
            answered: 1.0,
            p99_ms: Some(10.0 * multiplier),
            objectives: objectives.into_iter().map(|it| Verdict { standing, ..it }).collect(),
            saturated: Vec::new(),
            by_run: Vec::new(),
        }
    }

    #[test]
    fn goodput_and_latency_stand_over_the_multiples_that_were_run() {
        let mut found = Breakpoints {
            faults: Vec::new(),
            version: VERSION,
            outcome_version: crate::outcome::VERSION,
            simcap: String::new(),
            scenario: sample::outcome().scenario,
            seeds: vec![1],
            precision: 0.02,
            until_s: None,
            up_to: 16.0,
            limits: Vec::new(),
            headroom: Vec::new(),
            probes: vec![probe(1.0, 100.0, false), probe(2.0, 190.0, true), probe(4.0, 150.0, true)],
            ended: None,
            partial: None,
        };
        let figure = figure(&found).unwrap();
        let Shape::Line(pieces) = &figure.rows[0][0].layers[1].shape else { panic!("no line") };
        assert_eq!(pieces[0], [(1.0, 100.0), (2.0, 190.0), (4.0, 150.0)]);
        let Shape::Line(pieces) = &figure.rows[1][0].layers[0].shape else { panic!("no line") };
        assert_eq!(pieces[0][2], (4.0, 40.0));
        assert_eq!(figure.trouble, [(2.0, 4.0)]);
        let objective = |layer: &Layer| layer.name.starts_with("objective: p99");
        assert!(figure.rows[1][0].layers.iter().any(objective));
        assert_eq!(figure.x.share(2.0), 0.5, "each doubling is as wide as the one before");
        assert!(crate::report::chart::draw_headroom(&found, Charts::Png).unwrap()[0].1.is_some());
        // An objective of a class: what its slowest run came to, and its limit.
        found.probes.iter_mut().for_each(|probe| {
            let verdict = &mut probe.objectives[0];
            verdict.objective = "latency pay p99 < 2s".into();
            verdict.figure = Some("pay p99".into());
            let of = Quantity::Latency { class: Some(crate::id::ClassId(0)), quantile: 0.99 };
            verdict.bound = Some(crate::outcome::Limit { of, limit: 2_000.0, inclusive: false });
            (verdict.max, verdict.runs_met, verdict.runs_missed) = (Some(300.0 * probe.multiplier), 2, 0);
        });
        let figure = super::figure(&found).unwrap();
        let layers = &figure.rows[1][0].layers;
        let named = |name: &str| layers.iter().find(|it| it.name == name).map(|it| &it.shape);
        let Some(Shape::Line(pieces)) = named("pay p99 of the slowest run") else { panic!("no line") };
        assert_eq!(pieces[0], [(1.0, 300.0), (2.0, 600.0), (4.0, 1_200.0)]);
        assert!(matches!(named("objective: pay p99 < 2s"), Some(Shape::Level(2_000.0))));
        assert!(figure.rows[1][0].y.share(2_000.0) < 1.0, "there is room for the limit");
        // A file of an older version.
        found.probes.iter_mut().for_each(|probe| probe.p99_ms = None);
        assert_eq!(super::figure(&found).unwrap().rows.len(), 1);
        found.probes.truncate(1);
        assert!(super::figure(&found).is_none());
    }
}
