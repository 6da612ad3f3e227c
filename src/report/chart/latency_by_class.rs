//! Chart: latency by class over time. In: an outcome of several classes. Out: the 99th percentile and the median of each: those of all
//! requests together jump where two classes are mixed.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::latency::objectives;
use super::palette;
use super::series::Rows;
use crate::id::ClassId;
use crate::number;
use crate::outcome::{ClassOutcome, Outcome, Percentile};

/// The chart, if the outcome has rows of more than one class.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let classes: Vec<(usize, &ClassOutcome, RGBColor)> = outcome
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| class.rows_ms.values().flatten().any(Option::is_some))
        .zip(palette::CLASSES)
        .map(|((place, class), colour)| (place, class, colour))
        .collect();
    if classes.len() < 2 {
        return None;
    }
    let panels = [(Percentile::P99, picture::CLASS_P99.text), (Percentile::P50, picture::CLASS_P50.text)];
    let panels = panels.map(|(key, title)| panel(outcome, &classes, key, title));
    // One axis for both, so that a median can be seen below its p99.
    let y = Axis::log(panels.iter().flat_map(|(values, _)| values.iter().copied()), number::millis);
    let panels = panels.map(|(_, panel)| vec![Panel { y: y.clone(), ..panel }]);
    let worst = classes.iter().max_by(|a, b| a.1.latency_ms.p99.total_cmp(&b.1.latency_ms.p99))?.1;
    let all = outcome.classes.len();
    let some =
        if all > classes.len() { format!("{} of {all} classes · ", classes.len()) } else { String::new() };
    let each = classes
        .iter()
        .map(|(_, class, _)| format!("{} p99 {}", class.name, number::millis(class.latency_ms.p99)));
    let subtitle = format!("{some}slowest: {} · {}", worst.name, each.collect::<Vec<_>>().join(" · "));
    Some(Figure::over_time(outcome, "Latency by class", subtitle, panels.into()))
}

/// What is drawn of a percentile, and its values.
fn panel(
    outcome: &Outcome,
    classes: &[(usize, &ClassOutcome, RGBColor)],
    key: Percentile,
    title: &str,
) -> (Vec<f64>, Panel) {
    let rows = Rows::of(outcome);
    let columns: Vec<_> = classes
        .iter()
        .filter_map(|(_, class, colour)| Some((class, *colour, class.rows_ms.get(&key)?)))
        .collect();
    let limits = classes.iter().flat_map(|(place, _, colour)| {
        let own = |quantile: f64| (quantile == key.quantile()).then_some(*colour);
        objectives(outcome, Some(ClassId(*place as u32)), &own)
    });
    let limits: Vec<(f64, Layer)> = limits.collect();
    let values = columns.iter().flat_map(|(.., column)| column.iter().flatten().copied());
    let values: Vec<f64> = values.chain(limits.iter().map(|(limit, _)| *limit)).collect();
    let lines = columns
        .into_iter()
        .map(|(class, colour, column)| Layer::new(&class.name, colour, rows.line(column.iter().copied())));
    let panel = Panel {
        title: format!("{title}{}", picture::LOG),
        y: Axis::log(values.iter().copied(), number::millis),
        layers: lines.chain(limits.into_iter().map(|(_, layer)| layer)).collect(),
        weight: if key == Percentile::P99 { 1.5 } else { 1.0 },
    };
    (values, panel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Shape;

    #[test]
    fn each_class_has_its_own_lines() {
        let mut outcome = sample::first_rows(3);
        let class = outcome.classes[0].clone();
        let rows = |p99: [f64; 3]| {
            let some = |values: [f64; 3]| values.map(Some).to_vec();
            [(Percentile::P99, some(p99)), (Percentile::P50, some([1.0; 3]))].into()
        };
        outcome.classes = ["browse", "pay"]
            .into_iter()
            .zip([[10.0, 20.0, 30.0], [2_000.0; 3]])
            .map(|(name, p99)| ClassOutcome { name: name.into(), rows_ms: rows(p99), ..class.clone() })
            .collect();
        let figure = figure(&outcome).unwrap();
        assert_eq!(figure.rows.len(), 2);
        let names: Vec<&str> = figure.rows[0][0].layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names[..2], ["browse", "pay"]);
        let Shape::Line(pieces) = &figure.rows[0][0].layers[0].shape else { panic!("no line") };
        assert_eq!(pieces[0][1], (15.0, 10.0));
        let ends = |row: usize| figure.rows[row][0].y.ends();
        assert_eq!(ends(0), ends(1), "from the median of 1 ms to the p99 of 2 s");
        outcome.classes.truncate(1);
        assert!(super::figure(&outcome).is_none(), "the lines of one class are those of all");
    }
}
