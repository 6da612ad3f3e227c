//! Chart: connection pools over time. In: an outcome. Out: for each pool the connections that are open, in use and allowed, and what waits
//! for one.

use super::super::picture;
use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel};
use super::palette;
use super::range::is_near;
use super::series::{Rows, whole};
use super::zoom;
use crate::measure::chart::peak;
use crate::measure::pool::PoolSeries;
use crate::number;
use crate::outcome::Outcome;

/// A pool of which less than this part is in use, and for which nothing waits, is no news.
const USED_PERCENT: f64 = 10.0;

/// What a pool may have.
const LIMIT: &str = picture::LIMIT.text;

/// A pool of a fleet.
struct Pool<'a> {
    name: String,
    series: &'a PoolSeries,
    in_use: Vec<f64>,
}

/// The chart, if a pool was used so much that it matters; those for which most waits if there are too many, then the busiest.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let mut pools: Vec<Pool<'_>> = outcome
        .timeline
        .fleets
        .iter()
        .flat_map(|fleet| fleet.pools.iter().map(move |pool| (&fleet.name, pool)))
        .map(|(fleet, series)| Pool {
            name: format!("{fleet} to the {} of {}", series.role.name(), series.database),
            in_use: series
                .open
                .iter()
                .zip(&series.used_percent)
                .map(|(open, used)| open * used / 100.0)
                .collect(),
            series,
        })
        .filter(|pool| peak(&pool.series.waiting) >= 1.0 || peak(&pool.series.used_percent) >= USED_PERCENT)
        .collect();
    let all = pools.len();
    let size = |pool: &Pool<'_>| (peak(&pool.series.waiting), peak(&pool.series.used_percent));
    pools.sort_by(|one, other| {
        let ((waiting, used), (more, busier)) = (size(one), size(other));
        more.total_cmp(&waiting).then(busier.total_cmp(&used))
    });
    pools.truncate(MOST);
    let first = pools.first()?;
    let subtitle = format!(
        "{}{}: up to {} in use of {} open · {}",
        if all > MOST { format!("{MOST} of {all} pools · ") } else { String::new() },
        first.name,
        number::compact(peak(&first.in_use).round().max(1.0)),
        number::compact(peak(&first.series.open)),
        match peak(&first.series.waiting) {
            0.0 => "nothing waits".into(),
            waiting => format!("up to {} waiting", number::compact(waiting.round().max(1.0))),
        },
    );
    let rows = Rows::of(outcome);
    let highest =
        |of: fn(&PoolSeries) -> &[f64]| pools.iter().map(|it| peak(of(it.series))).fold(0.0, f64::max);
    let (open, waiting) = (highest(|it| &it.open), highest(|it| &it.waiting));
    // A pool that never grew far is not flattened by what it may be.
    let most = Some(highest(|it| &it.most)).filter(|most| *most > 0.0 && is_near(*most, open));
    let panels = |pool: Pool<'_>| {
        let mut panels = vec![Panel {
            title: picture::CONNECTIONS.text.into(),
            y: Axis::counts(open.max(most.unwrap_or(0.0))),
            layers: vec![Layer::new(picture::OPEN.text, palette::POOL, rows.area(whole(&pool.series.open)))],
            weight: 1.0,
        }];
        let layers = &mut panels[0].layers;
        if most.is_some() {
            layers.push(Layer::new(LIMIT, palette::LIMIT, rows.line(whole(&pool.series.most))));
        }
        layers.push(Layer::new(picture::IN_USE.text, palette::IN_USE, rows.line(whole(&pool.in_use))));
        if waiting > 0.0 {
            panels.push(Panel {
                title: picture::WAITING_FOR_ONE.text.into(),
                y: Axis::counts(waiting),
                layers: vec![Layer::new(
                    picture::WAITING.text,
                    palette::WAITING,
                    rows.area(whole(&pool.series.waiting)),
                )],
                weight: 1.0,
            });
        }
        (pool.name, panels)
    };
    let grid = figure::grid(pools.into_iter().map(panels).collect(), zoom::window(outcome).is_some());
    Some(Figure::over_time(outcome, "Connection pools: busy and waiting", subtitle, grid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Shape;

    /// Half of 40 open connections are 20 in use; the pool for which most waits comes first.
    #[test]
    fn each_pool_shows_what_is_in_use_of_what_is_open() {
        let mut outcome = sample::first_rows(3);
        let pool = outcome.timeline.fleets[0].pools[0].clone();
        let of = |name: &str, used: f64, waiting: f64| PoolSeries {
            database: name.into(),
            open: vec![40.0; 3],
            most: vec![50.0; 3],
            used_percent: vec![used; 3],
            waiting: vec![waiting; 3],
            ..pool.clone()
        };
        outcome.timeline.fleets.iter_mut().for_each(|fleet| fleet.pools.clear());
        outcome.timeline.fleets[0].pools =
            vec![of("idle", 9.0, 0.0), of("busy", 90.0, 0.0), of("full", 50.0, 7.0)];
        let figure = figure(&outcome).unwrap();
        assert_eq!(figure.rows.len(), 2, "of one a tenth was never in use");
        assert!(figure.rows[0][0].title.contains("of full: connections"), "{}", figure.rows[0][0].title);
        let line = |figure: &Figure, at: usize| match &figure.rows[0][0].layers[at].shape {
            Shape::Line(pieces) => pieces[0][0].1,
            _ => panic!("no line"),
        };
        assert_eq!((line(&figure, 1), line(&figure, 2)), (50.0, 20.0));
        assert_eq!(figure.rows[0][0].layers[1].name, LIMIT);
        assert!(figure.rows[0][0].y.share(50.0) <= 1.0, "it has room");
        assert_eq!(figure.rows[0].len(), 2);
        // One that is far above all that is open is not drawn.
        outcome.timeline.fleets[0].pools.iter_mut().for_each(|pool| pool.most = vec![161.0; 3]);
        assert_eq!(super::figure(&outcome).unwrap().rows[0][0].layers.len(), 2);
        outcome.timeline.fleets[0].pools.truncate(2);
        assert_eq!(super::figure(&outcome).unwrap().rows[0].len(), 1, "nothing waited");
        outcome.timeline.fleets[0].pools.clear();
        assert!(super::figure(&outcome).is_none());
    }
}
