//! Chart: the resources of a kind, as the kind wrote it down. In: an outcome and a chart as data. Out: a figure with its panels.

use super::figure::{self, Figure, Layer, MOST, Panel, Shape};
use super::palette;
use super::range::{Range, is_stacked, shown, values};
use super::series::Rows;
use super::zoom;
use crate::kind;
use crate::kind::record::EachChart;
use crate::measure::chart::{self, Chart, Form, Scale, Seen};
use crate::measure::figure::Totals;
use crate::measure::unit::Unit;
use crate::outcome::Outcome;

/// The file of each chart of a kind, with its figure if the outcome has a resource for it.
pub fn figures(outcome: &Outcome) -> Vec<(&'static str, Option<Figure>)> {
    let mut found = Figures { outcome, all: Vec::new() };
    kind::charts(&outcome.timeline.kinds, &outcome.kinds, &mut found);
    found.all
}

struct Figures<'a> {
    outcome: &'a Outcome,
    all: Vec<(&'static str, Option<Figure>)>,
}

impl EachChart for Figures<'_> {
    fn visit<T: Totals>(
        &mut self,
        chart: &Chart<T::Series, T::Told>,
        series: &[T::Series],
        told: &[T::Told],
    ) {
        self.all.push((chart.file, figure::<T>(self.outcome, chart, series, told)));
    }
}

/// The chart, if there is a resource for it; the largest ones if there are too many.
fn figure<T: Totals>(
    outcome: &Outcome,
    chart: &Chart<T::Series, T::Told>,
    series: &[T::Series],
    told: &[T::Told],
) -> Option<Figure> {
    let (time_s, duration_s) = (outcome.timeline.time_s.as_slice(), outcome.scenario.duration_s);
    let seen = series.iter().zip(told).map(|(series, told)| Seen { series, told, time_s, duration_s });
    let mut things: Vec<Seen<'_, T::Series, T::Told>> = seen.filter(chart.shows).collect();
    if !things.iter().any(|thing| (chart.news)(thing)) {
        return None;
    }
    let all = things.len();
    if all > MOST {
        things.sort_by(|one, other| (chart.size)(other).total_cmp(&(chart.size)(one)));
        things.truncate(MOST);
    }
    let subtitle = match things.as_slice() {
        [] => return None,
        [thing] => (chart.words.alone)(thing),
        some => {
            let before = if all > some.len() { (chart.words.some)(some.len(), all) } else { String::new() };
            before + &some.iter().map(chart.words.each).collect::<Vec<_>>().join(" · ")
        }
    };
    let counts = chart.panels.iter().any(|panel| panel.unit == Unit::Count);
    let subtitle = subtitle + &if counts { means(outcome.runs.count) } else { String::new() };
    // Every row has the same panels, so that columns are aligned.
    let shown = |panel: &&chart::Panel<T::Series, T::Told>| {
        panel.shown.is_none_or(|shown| things.iter().any(|thing| shown(thing.series)))
    };
    let rows = Rows::of(outcome);
    let mut panels: Vec<&chart::Panel<T::Series, T::Told>> = chart.panels.iter().filter(shown).collect();
    // An empty panel takes the room of the others. One is left: the picture has news, which may be a level.
    let visible =
        |panel: &&chart::Panel<T::Series, T::Told>| Range::of(panel, &things, &rows).is_visible(panel.unit);
    if panels.iter().any(visible) {
        panels.retain(visible);
    }
    let drawn = |thing: &Seen<'_, T::Series, T::Told>| {
        let panels = panels.iter().map(|it| panel(it, thing, &things, &rows)).collect();
        (T::heading(thing.told), panels)
    };
    let grid = figure::grid(things.iter().map(drawn).collect(), zoom::window(outcome).is_some());
    Some(Figure::over_time(outcome, chart.title, subtitle, grid))
}

/// Why there may be half an instance: rows are means of all runs.
fn means(runs: usize) -> String {
    if runs > 1 { format!(" · rows: means of {runs} runs") } else { String::new() }
}

/// Of several resources a panel has the same axis, so that they can be compared.
fn panel<S: 'static, O: 'static>(
    panel: &chart::Panel<S, O>,
    thing: &Seen<'_, S, O>,
    all: &[Seen<'_, S, O>],
    rows: &Rows,
) -> Panel {
    let title = match panel.scale {
        Scale::Log => format!("{} (log scale)", panel.title),
        Scale::Linear | Scale::Upper => panel.title.into(),
    };
    let range = Range::of(panel, all, rows);
    let layers = drawn(panel.unit, &shown(panel, thing), thing, &range, rows);
    Panel { title, y: range.axis(panel), layers, weight: panel.weight }
}

/// The layers of a panel as shapes.
fn drawn<S, O>(
    unit: Unit,
    layers: &[&chart::Layer<S, O>],
    thing: &Seen<'_, S, O>,
    range: &Range,
    rows: &Rows,
) -> Vec<Layer> {
    let stacked = layers.iter().filter(|layer| is_stacked(layer));
    let stack = rows.stack(stacked.map(|layer| {
        (
            layer.name_of(thing.series).to_owned(),
            palette::hue(layer.hue),
            values(unit, &layer.form, thing.series),
        )
    }));
    let mut stack = stack.into_iter();
    let layer = |layer: &&chart::Layer<S, O>| {
        let values = || values(unit, &layer.form, thing.series);
        let shape = match &layer.form {
            Form::Line(_) => rows.line(values()),
            Form::Area(_) => rows.area(values()),
            Form::Level(level) => Shape::Level(level(thing.told).filter(|level| range.has(*level))?),
            Form::Stacked(_) => return stack.next(),
        };
        Some(Layer::new(layer.name_of(thing.series), palette::hue(layer.hue), shape))
    };
    layers.iter().filter_map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number;
    use crate::outcome::sample;

    /// The figure of one file.
    fn of(outcome: &Outcome, file: &str) -> Option<Figure> {
        figures(outcome).into_iter().find(|(name, _)| *name == file).unwrap().1
    }

    fn names(panel: &Panel) -> Vec<&str> {
        panel.layers.iter().map(|layer| layer.name.as_str()).collect()
    }

    #[test]
    fn each_panel_draws_its_columns_in_their_unit() {
        let outcome = sample::outcome();
        let figure = of(&outcome, "queues.png").unwrap();
        assert_eq!(names(&figure.rows[0][0]), ["can be received", "in flight"]);
        let series = &outcome.timeline.queues[0];
        let Shape::Area(pieces) = &figure.rows[0][0].layers[0].shape else { panic!("not filled") };
        // The first point is the start of the first row, the second its middle, both as high as its value.
        assert_eq!((pieces[0][0].2, pieces[0][1].2), (series.backlog[0], series.backlog[0]));
        let most = series.backlog.iter().copied().fold(0.0, f64::max);
        let begins = format!("{}: can be received up to {}", series.name, number::compact(most));
        assert!(figure.subtitle.starts_with(&begins), "{}", figure.subtitle);
        let figure = of(&outcome, "database.png").unwrap();
        assert_eq!(figure.rows.last().unwrap()[0].title, "Row lock wait (log scale)");
        assert!(figure.rows.last().unwrap()[0].y.ticks.iter().any(|tick| tick.label.ends_with("ms")));
    }

    #[test]
    fn states_lie_on_each_other_and_the_axis_has_room_for_their_sum() {
        let mut outcome = sample::outcome();
        let fleet = &mut outcome.timeline.fleets[0];
        fleet.in_service.fill(300.0);
        fleet.in_rotation.fill(300.0);
        fleet.lost.fill(0.0);
        fleet.warming.fill(0.0);
        fleet.pending.fill(200.0);
        fleet.terminating.fill(0.0);
        fleet.desired.fill(400.0);
        (outcome.fleets[0].cpu_target, outcome.fleets[0].max_instances) = (Some(60.0), None);
        let figure = of(&outcome, "instances.png").unwrap();
        let panel = &figure.rows[0][0];
        assert_eq!(names(panel), ["in service", "pending", "desired"]);
        let Shape::Area(pieces) = &panel.layers[1].shape else { panic!("not filled") };
        assert_eq!((pieces[0][0].1, pieces[0][0].2), (300.0, 500.0));
        assert!((panel.y.share(500.0) - 1.0).abs() < 1e-9, "500 is the end of the axis");
        let cpu = &figure.rows[figure.rows.len() - 1][0];
        assert!(matches!(cpu.layers[1].shape, Shape::Level(60.0)));
        outcome.fleets[0].cpu_target = None;
        let without = of(&outcome, "instances.png").unwrap();
        assert_eq!(names(&without.rows[without.rows.len() - 1][0]), ["CPU"]);
    }

    /// A limit that is near is a line, and the axis has room for it; a far one would flatten what there is.
    #[test]
    fn a_limit_is_a_line_if_it_is_near() {
        let mut outcome = sample::outcome();
        let fleet = &mut outcome.timeline.fleets[0];
        for state in [&mut fleet.warming, &mut fleet.pending, &mut fleet.terminating] {
            state.fill(0.0);
        }
        fleet.in_service.fill(100.0);
        fleet.desired.fill(100.0);
        let panel =
            |outcome: &Outcome| of(outcome, "instances.png").unwrap().rows.swap_remove(0).swap_remove(0);
        outcome.fleets[0].max_instances = Some(400.0);
        let near = panel(&outcome);
        assert!(names(&near).contains(&"largest size allowed"));
        assert!((near.y.share(400.0) - 1.0).abs() < 1e-9);
        outcome.fleets[0].max_instances = Some(401.0);
        let far = panel(&outcome);
        assert!(!names(&far).contains(&"largest size allowed"));
        assert!((far.y.share(100.0) - 1.0).abs() < 1e-9);
    }

    /// Two databases of which one has far more connections have one axis, and lag without news in both is no chart.
    #[test]
    fn resources_beside_each_other_share_an_axis_and_without_news_there_is_no_chart() {
        let mut outcome = sample::outcome();
        let (mut series, told) = (outcome.timeline.databases[0].clone(), outcome.databases[0].clone());
        series.writer_connections.fill(400.0);
        outcome.timeline.databases.push(series);
        outcome.databases.push(told);
        for database in &mut outcome.databases {
            (database.max_connections, database.replica_max_connections) = (None, None);
        }
        let figure = of(&outcome, "database.png").unwrap();
        let ends = |row: usize| figure.rows[row][0].y.ends();
        assert_eq!((ends(0), ends(1)), ((0.0, 400.0), (0.0, 400.0)));
        outcome.databases[0].lag_ms.max = 2_000.0;
        (outcome.databases[1].lag_ms.max, outcome.databases[1].stale_reads) = (3.0, 0.0);
        let drawn = of(&outcome, "replication.png").unwrap();
        assert!(drawn.rows.len() >= 2, "beside one that lags, one that does not is shown as well");
        (outcome.databases[0].lag_ms.max, outcome.databases[0].stale_reads) = (3.0, 0.0);
        assert!(of(&outcome, "replication.png").is_none());
    }

    /// Two of eight leave in the middle of the second row and are back in the middle of the fifth. Two that come into service in the seventh
    /// get requests from its middle on, and never count as idle.
    #[test]
    fn instances_that_get_no_requests_are_a_state_of_their_own() {
        let mut outcome = sample::first_rows(8);
        let fleet = &mut outcome.timeline.fleets[0];
        fleet.in_service = vec![8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 10.0, 10.0];
        fleet.in_rotation = vec![8.0, 7.0, 6.0, 6.0, 7.0, 8.0, 9.0, 10.0];
        fleet.lost = vec![0.0; 8];
        assert_eq!(fleet.idle(), [0.0, 1.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        let figure = of(&outcome, "instances.png").unwrap();
        let panel = &figure.rows[0][0];
        assert_eq!(names(panel)[..2], ["in service", "in service, gets no requests"]);
        let Shape::Area(pieces) = &panel.layers[0].shape else { panic!("not filled") };
        let heights: Vec<f64> = pieces[0][1..9].iter().map(|(_, _, high)| *high).collect();
        assert_eq!(heights, [8.0, 7.0, 6.0, 7.0, 8.0, 8.0, 10.0, 10.0]);
        // Files of older versions do not have the column.
        outcome.timeline.fleets[0].in_rotation.clear();
        assert!(
            !names(&of(&outcome, "instances.png").unwrap().rows[0][0])
                .contains(&"in service, gets no requests")
        );
    }

    #[test]
    fn lost_instances_are_a_state_of_their_own() {
        let mut outcome = sample::outcome();
        let fleet = &mut outcome.timeline.fleets[0];
        (fleet.in_service, fleet.lost) =
            (vec![4.0; fleet.in_service.len()], vec![0.0; fleet.in_service.len()]);
        fleet.in_rotation.fill(4.0);
        let of_first = |outcome: &Outcome| names(&of(outcome, "instances.png").unwrap().rows[0][0]).join(" ");
        assert!(!of_first(&outcome).contains("lost"));
        outcome.timeline.fleets[0].lost[0] = 1.0;
        assert!(of_first(&outcome).starts_with("in service lost "), "{}", of_first(&outcome));
        let figure = of(&outcome, "instances.png").unwrap();
        let stacked = |layer: usize| {
            let Shape::Area(pieces) = &figure.rows[0][0].layers[layer].shape else { panic!("not filled") };
            (pieces[0][0].1, pieces[0][0].2)
        };
        // The group holds four for being in service.
        assert_eq!((stacked(0), stacked(1)), ((0.0, 3.0), (3.0, 4.0)));
        // Files of older versions do not have the column.
        outcome.timeline.fleets[0].lost.clear();
        assert!(!of_first(&outcome).contains("lost"));
    }

    #[test]
    fn a_ratio_is_drawn_in_percent_and_from_the_highest_edge_below_it() {
        let mut outcome = sample::outcome();
        outcome.timeline.caches[0].hit_ratio.fill(Some(0.83));
        let figure = of(&outcome, "cache.png").unwrap();
        let panel = &figure.rows[0][0];
        let Shape::Line(pieces) = &panel.layers[0].shape else { panic!("no line") };
        assert!((pieces[0][0].1 - 83.0).abs() < 1e-9);
        assert_eq!(panel.y.ticks[0].label, "80 %");
        assert_eq!(panel.y.ticks.last().unwrap().label, "100 %");
    }

    #[test]
    fn a_panel_that_nothing_is_in_is_left_out_of_all_and_a_layer_of_its_resource() {
        let mut outcome = sample::outcome();
        let mut more = outcome.timeline.databases[0].clone();
        let same = outcome.databases[0].clone();
        outcome.databases.push(same);
        more.replica_connections.fill(0.0);
        more.replica_cpu_percent.fill(0.0);
        more.lock_wait_ms.fill(None);
        outcome.timeline.databases.push(more);
        outcome.timeline.databases[0].lock_wait_ms[0] = Some(60.0);
        outcome.timeline.databases[0].replica_connections.fill(3.0);
        let figure = of(&outcome, "database.png").unwrap();
        assert!(figure.rows.iter().all(|row| row.len() == 3), "one has waited for locks");
        assert_eq!(names(&figure.rows[0][0]), ["writer", "replicas"]);
        assert_eq!(names(&figure.rows[1][0]), ["writer"]);
        outcome.timeline.databases[0].lock_wait_ms.fill(None);
        let figure = of(&outcome, "database.png").unwrap();
        assert!(figure.rows.iter().all(|row| row.len() == 2));
    }

    #[test]
    fn of_many_resources_the_largest_are_drawn_beside_each_other() {
        let mut outcome = sample::outcome();
        for index in 0..5 {
            let mut more = outcome.timeline.queues[0].clone();
            more.backlog.iter_mut().for_each(|waiting| *waiting = 1e6 + f64::from(index));
            outcome.timeline.queues.push(more);
            let mut more = outcome.queues[0].clone();
            more.name = format!("more{index}");
            outcome.queues.push(more);
        }
        let figure = of(&outcome, "queues.png").unwrap();
        assert_eq!(figure.rows.len(), MOST);
        assert!(figure.rows[0][0].title.starts_with("more4: waiting"), "{}", figure.rows[0][0].title);
        let begins = format!("the largest 4 of {} · more4: can be received up to", outcome.queues.len());
        assert!(figure.subtitle.starts_with(&begins), "{}", figure.subtitle);
    }

    #[test]
    fn without_a_resource_of_the_kind_there_is_no_chart() {
        let mut outcome = sample::outcome();
        outcome.timeline.caches.clear();
        assert!(of(&outcome, "cache.png").is_none());
        assert!(of(&outcome, "instances.png").is_some());
    }

    /// Each record is called by what it leads to.
    #[test]
    fn the_records_of_a_name_have_their_names() {
        use crate::kind::dns::record::{DnsOutcome, DnsSeries, RecordSeries};
        let mut outcome = sample::outcome();
        let rows = outcome.timeline.time_s.len();
        let record = |name: &str| RecordSeries {
            name: name.into(),
            requests: vec![1.0; rows],
            healthy: vec![1.0; rows],
        };
        outcome.timeline.kinds.domains = vec![DnsSeries {
            name: "www".into(),
            requests: vec![2.0; rows],
            queries: vec![1.0; rows],
            old: vec![0.0; rows],
            unanswered: vec![0.0; rows],
            healthy: vec![2.0; rows],
            records: ["blue", "green"].map(record).into(),
        }];
        outcome.kinds.domains =
            vec![DnsOutcome { name: "www".into(), requests: 9.0, ..DnsOutcome::default() }];
        let figure = of(&outcome, "dns.png").unwrap();
        assert_eq!(names(&figure.rows[0][0]), ["blue", "green"]);
    }

    /// A firewall has a row of panels for each source, and says which.
    #[test]
    fn the_panels_of_a_firewall_say_whose_requests_they_show() {
        use crate::kind::firewall::record::{FirewallOutcome, FirewallSeries};
        let mut outcome = sample::outcome();
        let rows = outcome.timeline.time_s.len();
        let sources = ["people", "bots"];
        outcome.timeline.kinds.firewalls = sources
            .map(|source| FirewallSeries {
                name: "w".into(),
                source: source.into(),
                passed: vec![1.0; rows],
                blocked: vec![1.0; rows],
            })
            .into();
        outcome.kinds.firewalls = sources
            .map(|source| FirewallOutcome {
                name: "w".into(),
                source: source.into(),
                requests: 9.0,
                over_limit: 3.0,
                ..FirewallOutcome::default()
            })
            .into();
        let figure = of(&outcome, "firewalls.png").unwrap();
        let titles: Vec<&str> = figure.rows.iter().flatten().map(|it| it.title.as_str()).collect();
        for (title, source) in titles.iter().zip(sources) {
            assert!(title.starts_with(&format!("w, requests of {source}")), "{titles:?}");
        }
        assert_eq!(titles.len(), 2);
    }
}
