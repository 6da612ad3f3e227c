//! Chart: cost over the event, by service. In: an outcome. Out: money spent so far and per hour.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel};
use super::palette;
use super::series::{Rows, whole};
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::{Outcome, ServiceCost};

/// Times the lowest rate from which the highest one is news. Assumption: a bill by the hour that stays as it is needs no picture.
const NEWS: f64 = 1.1;

/// The chart, if anything cost money, and not the same all the time.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let rate = rate(&outcome.timeline.cost_usd, &rows);
    // The last row is shorter, and has what is billed past the end.
    let whole_rows = &rate[..rate.len().saturating_sub(1)];
    let lowest = whole_rows.iter().copied().fold(f64::INFINITY, f64::min);
    if peak(whole_rows) <= NEWS * lowest {
        return None;
    }
    let services = services(outcome, &rows);
    let mut panels = vec![vec![spent(outcome, &rows, &services)]];
    panels.push(vec![spending(&rows, rate, &services)]);
    Some(Figure::over_time(outcome, "Cost over time, by service", subtitle(outcome), panels))
}

/// A service, or the rest of them: its colour, dollars so far, and per hour.
struct Part {
    name: String,
    colour: RGBColor,
    usd: Vec<f64>,
    rate: Vec<f64>,
}

/// The dearest services, and the others together; none in an outcome of an older version.
fn services(outcome: &Outcome, rows: &Rows) -> Vec<Part> {
    let part = |(it, colour): (&ServiceCost, RGBColor)| {
        let (name, usd) = (it.service.clone(), it.usd.clone());
        Part { name, colour, rate: self::rate(&usd, rows), usd }
    };
    let most = palette::SERVICES.len();
    let mut parts: Vec<Part> = outcome.cost_by_service.iter().zip(palette::SERVICES).map(part).collect();
    let others = outcome.cost_by_service.get(most..).unwrap_or_default();
    if let Some(first) = others.first() {
        let sum = |row: usize| others.iter().filter_map(|it| it.usd.get(row)).sum::<f64>();
        let usd: Vec<f64> = (0..first.usd.len()).map(sum).collect();
        let name = picture::OTHER_SERVICES.text.into();
        parts.push(Part { name, colour: palette::REST, rate: self::rate(&usd, rows), usd });
    }
    parts
}

fn spent(outcome: &Outcome, rows: &Rows, services: &[Part]) -> Panel {
    let column = &outcome.timeline.cost_usd;
    let stack = services.iter().map(|it| (it.name.clone(), it.colour, whole(&it.usd)));
    let layers = match services {
        [] => vec![Layer::new(picture::SPENT.text, palette::SPENT, rows.area(whole(column)))],
        _ => rows.stack(stack),
    };
    let y = Axis::linear(0.0, peak(column), number::usd_short);
    Panel { title: picture::SPENT_PANEL.text.into(), y, layers, weight: 1.0 }
}

fn spending(rows: &Rows, rate: Vec<f64>, services: &[Part]) -> Panel {
    let y = Axis::linear(0.0, peak(&rate), number::usd_short);
    let stack = services.iter().map(|it| (it.name.clone(), it.colour, whole(&it.rate)));
    let layers = match services {
        [] => vec![Layer::new(picture::PER_HOUR.text, palette::SPENDING, rows.line(whole(&rate)))],
        _ => rows.stack(stack),
    };
    let title = picture::SPENDING_PANEL.text.into();
    Panel { title, y, layers, weight: 1.0 }
}

/// Dollars per hour in each row, of dollars so far.
fn rate(column: &[f64], rows: &Rows) -> Vec<f64> {
    let before = std::iter::once(0.0).chain(column.iter().copied());
    let rows = column.iter().zip(before).zip(rows.spans());
    rows.map(|((after, before), (start, end))| match end > start {
        true => (after - before) * 3_600.0 / (end - start),
        false => 0.0,
    })
    .collect()
}

fn subtitle(outcome: &Outcome) -> String {
    let bill = &outcome.bill;
    let each = bill.per_million_requests_usd;
    let each =
        each.map_or(String::new(), |usd| format!(" · {} per million requests", number::usd_short(usd)));
    let dearest = bill.items.iter().max_by(|a, b| a.usd.total_cmp(&b.usd));
    let dearest = dearest.map_or(String::new(), |item| {
        format!(" · largest item: {} {}", item.what, number::usd_short(item.usd))
    });
    format!("{} for the event{each}{dearest}", number::usd_short(bill.total_usd))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Shape;

    /// Rows of 30 s: a dollar in the first is 120 an hour. What each service spent lies on the one before it, up to the bill.
    #[test]
    fn services_lie_on_each_other_up_to_the_bill() {
        let mut outcome = sample::first_rows(3);
        let of = |service: &str, usd: [f64; 3]| ServiceCost { service: service.into(), usd: usd.into() };
        outcome.cost_by_service = vec![of("EC2", [1.0, 3.0, 4.0]), of("ELB", [0.5, 1.0, 1.5])];
        outcome.timeline.cost_usd = vec![1.5, 4.0, 5.5];
        let figure = figure(&outcome).unwrap();
        let top = |row: usize, layer: usize| {
            let Shape::Area(pieces) = &figure.rows[row][0].layers[layer].shape else { panic!("no area") };
            pieces[0].iter().skip(1).take(3).map(|(.., high)| *high).collect::<Vec<_>>()
        };
        assert_eq!(top(0, 1), [1.5, 4.0, 5.5]);
        assert_eq!(top(1, 0), [120.0, 240.0, 120.0]);
        outcome.cost_by_service.clear();
        assert_eq!(super::figure(&outcome).unwrap().rows[0][0].layers[0].name, "spent so far");
        outcome.timeline.cost_usd = vec![1.0, 2.0, 3.5];
        assert!(super::figure(&outcome).is_none(), "two whole rows of the same rate");
    }
}
