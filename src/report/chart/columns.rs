//! Chart: columns of the resources of a kind, as the kind wrote them down. In: an outcome and a chart as data. Out: a
//! figure with its panels.

use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel};
use super::palette;
use super::series::Rows;
use crate::measure::chart::{self, Chart};
use crate::measure::column::{Listed, Values};
use crate::measure::unit::Unit;
use crate::number;
use crate::outcome::Outcome;

/// The chart, if there is a resource of the kind; of many those with the most in the first column.
pub fn figure(outcome: &Outcome, chart: &Chart) -> Option<Figure> {
    let columns = outcome.timeline.columns();
    let rows = Rows::of(outcome);
    let mut things = things(&columns, chart);
    let all = things.len();
    if all > MOST {
        things.sort_by(|one, other| other.most_of_first(chart).total_cmp(&one.most_of_first(chart)));
        things.truncate(MOST);
    }
    let list = things.iter().map(|thing| thing.words(chart, all == 1)).collect::<Vec<_>>().join(" · ");
    let subtitle = match all > things.len() {
        true => format!("the largest {} of {all} · {list}", things.len()),
        false => list,
    };
    let panels = |thing: &Thing<'_>| {
        let panels = chart.panels.iter().map(|panel| thing.panel(panel, &rows));
        (thing.name.to_owned(), panels.collect())
    };
    let grid = figure::grid(things.iter().map(panels).collect());
    (all > 0).then(|| Figure::over_time(outcome, chart.title, subtitle, grid))
}

/// A resource and its columns.
struct Thing<'a> {
    name: &'a str,
    columns: Vec<&'a Listed<'a>>,
}

/// The resources that have the columns of a chart, in the order of the file.
fn things<'a>(columns: &'a [Listed<'a>], chart: &Chart) -> Vec<Thing<'a>> {
    let mut found: Vec<Thing<'a>> = Vec::new();
    for column in columns {
        let name = column.path.strip_prefix(chart.kind).and_then(|rest| rest.strip_prefix('.'));
        let Some(name) = name.filter(|_| column.key.is_none()) else { continue };
        match found.iter_mut().find(|thing| thing.name == name) {
            Some(thing) => thing.columns.push(column),
            None => found.push(Thing { name, columns: vec![column] }),
        }
    }
    // A part of a resource has columns of its own, and not those of the whole.
    let lines = || chart.panels.iter().flat_map(|panel| panel.lines);
    found.retain(|thing| lines().all(|line| thing.column(line).is_some()));
    found
}

impl Thing<'_> {
    fn column(&self, line: &chart::Line) -> Option<&Listed<'_>> {
        self.columns.iter().find(|column| column.name == line.column).copied()
    }

    fn values(&self, line: &chart::Line) -> Vec<Option<f64>> {
        match self.column(line).map(|column| column.values) {
            Some(Values::All(values)) => values.iter().copied().map(Some).collect(),
            Some(Values::Gaps(values)) => values.to_vec(),
            None => Vec::new(),
        }
    }

    fn most(&self, line: &chart::Line) -> f64 {
        self.values(line).into_iter().flatten().filter(|value| value.is_finite()).fold(0.0, f64::max)
    }

    fn most_of_first(&self, chart: &Chart) -> f64 {
        chart.panels.first().and_then(|panel| panel.lines.first()).map_or(0.0, |line| self.most(line))
    }

    fn unit(&self, line: &chart::Line) -> Unit {
        self.column(line).map_or(Unit::Count, |column| column.unit)
    }

    fn panel(&self, panel: &chart::Panel, rows: &Rows) -> Panel {
        let unit = panel.lines.first().map_or(Unit::Count, |line| self.unit(line));
        let high = panel.lines.iter().map(|line| self.most(line)).fold(0.0, f64::max);
        let y = match (panel.log, unit) {
            (true, _) => Axis::log(panel.lines.iter().flat_map(|line| self.values(line)).flatten(), words(unit)),
            (false, Unit::Percent) => Axis::percent(),
            (false, Unit::Count) => Axis::counts(high),
            (false, _) => Axis::linear(0.0, high, words(unit)),
        };
        let layer = |(line, colour): (&chart::Line, _)| {
            let values = self.values(line);
            let shape = if line.filled { rows.area(values) } else { rows.line(values) };
            Layer::new(line.name, colour, shape)
        };
        let colours = palette::LINES.into_iter().cycle();
        let title = if panel.log { format!("{} (log scale)", panel.title) } else { panel.title.into() };
        Panel { title, y, layers: panel.lines.iter().zip(colours).map(layer).collect(), weight: panel.weight }
    }

    /// `orders: backlog up to 1,204, age up to 2m5s`; of several resources, of each the first.
    fn words(&self, chart: &Chart, alone: bool) -> String {
        let firsts = chart.panels.iter().filter_map(|panel| panel.lines.first());
        let most = |line: &chart::Line| format!("{} up to {}", line.name, words(self.unit(line))(self.most(line)));
        let shown = firsts.take(if alone { chart.panels.len() } else { 1 }).map(most);
        format!("{}: {}", self.name, shown.collect::<Vec<_>>().join(", "))
    }
}

/// How values of a unit are written.
fn words(unit: Unit) -> fn(f64) -> String {
    match unit {
        Unit::Seconds => |seconds| number::millis(1e3 * seconds),
        Unit::Millis => number::millis,
        Unit::Share => number::share,
        Unit::Percent => number::percent,
        Unit::Usd => number::usd_short,
        Unit::Count | Unit::PerSecond | Unit::Hours | Unit::Multiple | Unit::Text => number::compact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Shape;
    use crate::report::chart::frame;

    const DATABASES: Chart = Chart {
        file: "nodes.png",
        title: "Nodes",
        kind: "database",
        panels: &[
            chart::Panel {
                title: "Open connections",
                lines: &[
                    chart::Line { column: "writer_connections", name: "writer", filled: true },
                    chart::Line { column: "replica_connections", name: "replicas", filled: false },
                ],
                log: false,
                weight: 1.6,
            },
            chart::Panel {
                title: "Wait for row locks",
                lines: &[chart::Line { column: "lock_wait_ms", name: "mean wait", filled: false }],
                log: true,
                weight: 1.0,
            },
        ],
    };

    #[test]
    fn each_panel_draws_its_columns_in_their_unit() {
        let outcome = sample::outcome();
        let figure = figure(&outcome, &DATABASES).unwrap();
        let titles: Vec<&str> = figure.rows.iter().map(|row| row[0].title.as_str()).collect();
        assert_eq!(titles, ["Open connections", "Wait for row locks (log scale)"]);
        let names: Vec<&str> = figure.rows[0][0].layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["writer", "replicas"]);
        let series = &outcome.timeline.databases[0];
        let Shape::Area(pieces) = &figure.rows[0][0].layers[0].shape else { panic!("not filled") };
        // The first point is the start of the first row, the second its middle, both as high as its value.
        assert_eq!((pieces[0][0].2, pieces[0][1].2), (series.writer_connections[0], series.writer_connections[0]));
        let most = series.writer_connections.iter().copied().fold(0.0, f64::max);
        let begins = format!("{}: writer up to {}, mean wait up to ", series.name, number::compact(most));
        assert!(figure.subtitle.starts_with(&begins), "{}", figure.subtitle);
        assert!(figure.rows[1][0].y.ticks.iter().any(|tick| tick.label.ends_with("ms")), "milliseconds");
        let picture = frame::draw(&figure).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
    }

    #[test]
    fn of_many_resources_the_largest_are_drawn_beside_each_other() {
        let mut outcome = sample::outcome();
        for index in 0..5 {
            let mut more = outcome.timeline.databases[0].clone();
            more.name = format!("more{index}");
            more.writer_connections.iter_mut().for_each(|open| *open = 1e6 + f64::from(index));
            outcome.timeline.databases.push(more);
        }
        let figure = figure(&outcome, &DATABASES).unwrap();
        assert_eq!(figure.rows.len(), MOST);
        assert!(figure.rows[0][0].title.starts_with("more4: open"), "{}", figure.rows[0][0].title);
        assert!(figure.subtitle.starts_with("the largest 4 of 6 · more4: writer up to"), "{}", figure.subtitle);
    }

    #[test]
    fn without_a_resource_of_the_kind_or_with_an_unknown_column_there_is_no_chart() {
        let mut outcome = sample::outcome();
        const LINE: chart::Line = chart::Line { column: "nothing", name: "nothing", filled: false };
        const PANELS: &[chart::Panel] =
            &[chart::Panel { title: "Nothing", lines: &[LINE], log: false, weight: 1.0 }];
        assert!(figure(&outcome, &Chart { panels: PANELS, ..DATABASES }).is_none());
        outcome.timeline.databases.clear();
        assert!(figure(&outcome, &DATABASES).is_none());
    }
}
