//! Chart: the load that caches took off the databases. In: an outcome. Out: hit ratio, evictions and fill of each.

use super::axis::Axis;
use super::figure::{self, Figure, Layer, MOST, Panel};
use super::palette;
use super::series::{Rows, peak, whole};
use crate::number;
use crate::kind::cache::record::CacheSeries;
use crate::outcome::{CacheOutcome, Outcome};

/// The chart, if there is a cache; the busiest ones if there are too many.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let mut caches: Vec<(&CacheSeries, &CacheOutcome)> =
        outcome.timeline.caches.iter().zip(&outcome.caches).collect();
    if caches.is_empty() {
        return None;
    }
    let all = caches.len();
    if all > MOST {
        caches.sort_by(|(_, one), (_, other)| other.lookups.total_cmp(&one.lookups));
        caches.truncate(MOST);
    }
    let subtitle = subtitle(&caches, all);
    let panels = |(series, _): (&CacheSeries, &CacheOutcome)| {
        (series.name.clone(), vec![hits(&rows, series), evictions(&rows, series), fill(&rows, series)])
    };
    let grid = figure::grid(caches.into_iter().map(panels).collect());
    Some(Figure::over_time(outcome, "Cache", subtitle, grid))
}

fn hits(rows: &Rows, cache: &CacheSeries) -> Panel {
    let ratio = || cache.hit_ratio.iter().map(|ratio| ratio.map(|ratio| 100.0 * ratio));
    let least = ratio().flatten().fold(100.0, f64::min);
    let low = [90.0, 80.0, 50.0].into_iter().find(|low| least >= *low).unwrap_or(0.0);
    let layers = vec![Layer::new("hit ratio", palette::HITS, rows.line(ratio()))];
    Panel { title: "Hit ratio".into(), y: Axis::linear(low, 100.0, number::percent), layers, weight: 1.6 }
}

fn evictions(rows: &Rows, cache: &CacheSeries) -> Panel {
    let layers = vec![Layer::new("evictions", palette::EVICTIONS, rows.line(whole(&cache.evictions)))];
    let y = Axis::linear(0.0, peak(&cache.evictions), number::compact);
    Panel { title: "Evictions per second".into(), y, layers, weight: 1.0 }
}

fn fill(rows: &Rows, cache: &CacheSeries) -> Panel {
    let layers = vec![Layer::new("live items", palette::FILL, rows.area(whole(&cache.fill_percent)))];
    Panel { title: "Fill".into(), y: Axis::percent(), layers, weight: 1.0 }
}

fn subtitle(caches: &[(&CacheSeries, &CacheOutcome)], all: usize) -> String {
    let each = |(_, total): &(&CacheSeries, &CacheOutcome)| {
        format!(
            "{}: {} of {} look-ups hit",
            total.name,
            number::percent(100.0 * total.hit_ratio),
            number::compact(total.lookups)
        )
    };
    let list = caches.iter().map(each).collect::<Vec<_>>().join(" · ");
    match caches {
        [(_, total)] => format!("{list} · {} evictions", number::compact(total.evictions)),
        _ if all > caches.len() => format!("the busiest {} of {all} caches · {list}", caches.len()),
        _ => list,
    }
}
