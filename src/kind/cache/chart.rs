//! The picture of caches: the load that they took off what they stand before. In: rows and figures. Out: hit ratio, evictions,
//! fill, the busiest shard and the links of each.

use super::record::{CacheOutcome, CacheSeries};
use crate::measure::chart::{Cells, Chart, Form, Hue, Layer, Panel, Scale, Words, peak};
use crate::measure::unit::Unit;
use crate::number;

/// From so many times the mean on, the busiest shard is worth a panel.
const UNEVEN: f64 = 1.1;

pub(super) const CHARTS: &[Chart<CacheSeries, CacheOutcome>] = &[Chart {
    file: "cache.png",
    title: "Cache",
    shows: |_| true,
    news: |_| true,
    size: |cache| cache.told.lookups,
    panels: &[
        Panel {
            title: "Hit ratio",
            unit: Unit::Share,
            scale: Scale::Upper,
            layers: &[Layer::new("hit ratio", Hue::Green, Form::Line(Cells::Gaps(|cache| &cache.hit_ratio)))],
            shown: None,
            weight: 1.6,
        },
        Panel {
            title: "Evictions per second",
            unit: Unit::PerSecond,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "evictions",
                Hue::Vermilion,
                Form::Line(Cells::All(|cache| &cache.evictions)),
            )],
            shown: Some(|cache| peak(&cache.evictions) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "Fill",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[Layer::new(
                "live items",
                Hue::PaleBlue,
                Form::Area(Cells::All(|cache| &cache.fill_percent)),
            )],
            shown: Some(|cache| peak(&cache.fill_percent) > 0.0),
            weight: 1.0,
        },
        Panel {
            title: "Command threads",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("all shards", Hue::PaleBlue, Form::Area(Cells::All(|cache| &cache.busy_percent))),
                Layer::new(
                    "busiest shard",
                    Hue::Vermilion,
                    Form::Line(Cells::All(|cache| &cache.busiest_shard_percent)),
                ),
            ],
            shown: Some(|cache| peak(&cache.busiest_shard_percent) > UNEVEN * peak(&cache.busy_percent)),
            weight: 1.0,
        },
        Panel {
            title: "Links of the nodes",
            unit: Unit::Percent,
            scale: Scale::Linear,
            layers: &[
                Layer::new("all shards", Hue::PaleBlue, Form::Area(Cells::Made(links_busy))),
                Layer::new("busiest shard", Hue::Vermilion, Form::Line(Cells::Made(busiest_links))),
            ],
            shown: Some(|cache| !cache.links.is_empty()),
            weight: 1.0,
        },
    ],
    words: Words {
        alone: |cache| {
            let evictions = number::agreeing(number::compact(cache.told.evictions), "eviction");
            format!("{} · {evictions}", hits(cache.told))
        },
        each: |cache| hits(cache.told),
        some: |drawn, all| format!("the busiest {drawn} of {all} caches · "),
    },
}];

fn links_busy(cache: &CacheSeries) -> Vec<f64> {
    cache.links.first().map_or_else(Vec::new, |links| links.busy_percent.clone())
}

fn busiest_links(cache: &CacheSeries) -> Vec<f64> {
    cache.links.first().map_or_else(Vec::new, |links| links.busiest_percent.clone())
}

/// `catalog: 92 % of 1.2k look-ups hit`.
fn hits(cache: &CacheOutcome) -> String {
    let CacheOutcome { name, hit_ratio, lookups, .. } = cache;
    format!("{name}: {} of {} look-ups hit", number::percent(100.0 * hit_ratio), number::compact(*lookups))
}
