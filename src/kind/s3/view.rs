//! What a bucket shows of a run: what its partitions take. In: its settings and rows. Out: what can run out, and its words.

use super::deed::Deed;
use super::label;
use super::record::BucketSeries;
use super::{Buckets, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::{counted, number};

impl View<All> for Buckets<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limits = limits(scene).into_iter();
        limits.map(|it| Watched::busy(it.of, it.taken(), it.refused).or_refusing(it.refused)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacity = limits(scene).into_iter().map(|it| {
            let name = words(it.of, &it.series.name, "");
            let refusing = it.asked.iter().enumerate().map(|(row, asked)| match at(it.refused, row) > 0.0 {
                true => (asked - 100.0).max(0.0) / 100.0,
                false => 0.0,
            });
            Capacity {
                waiting: Some(it.refused.into()),
                refusing: refusing.collect(),
                ..Capacity::constant(it.of, name, StageKind::Storage, &it.taken())
            }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let (Resource::Reads { s3: bucket } | Resource::Writes { s3: bucket }) = of else { return None };
        Some(words(of, scene.buckets.get(bucket).map_or("", |bucket| bucket.name.as_str()), "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let of = about.resource.of;
        let (Resource::Reads { s3: bucket } | Resource::Writes { s3: bucket }) = of else { return None };
        let (settings, series) =
            (about.scene.buckets.get(bucket)?, about.scene.timeline.buckets.get(bucket)?);
        let deed = if let Resource::Reads { .. } = of { Deed::Get } else { Deed::Put };
        let refused = peak(&about.resource.refused, about.rows).round();
        // Those that it had when it filled: it may have split since.
        let partitions = at(&series.partitions, about.rows.start).round();
        let numbers = [
            format!(
                "{} a second in each of {}",
                number(settings.limit(deed)?.0),
                counted(partitions as u64, "partition")
            ),
            format!("up to {} a second answered 503 Slow Down", number(refused)),
        ];
        Some(with(format!("{} full", about.name), &numbers))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `reads of `assets``.
fn words(of: Resource, bucket: &str, quote: &str) -> Called {
    let label = if let Resource::Reads { .. } = of { label::READS } else { label::WRITES };
    label.with(&[bucket], quote)
}

/// What the partitions of a bucket take only so much of.
struct Limit<'a> {
    of: Resource,
    series: &'a BucketSeries,
    /// What came to the fullest partition, percent.
    asked: &'a [f64],
    refused: &'a [f64],
}

impl Limit<'_> {
    /// What it took, percent.
    fn taken(&self) -> Vec<f64> {
        self.asked.iter().map(|asked| asked.min(100.0)).collect()
    }
}

/// The limits of all buckets, of each those that are used.
fn limits<'a>(scene: &Scene<'a>) -> Vec<Limit<'a>> {
    let buckets = scene.settings.buckets.iter().zip(&scene.timeline.buckets).enumerate();
    let limits = buckets.flat_map(|(bucket, (settings, series))| {
        let reads = Limit {
            of: Resource::Reads { s3: bucket },
            series,
            asked: &series.reads_asked_percent,
            refused: &series.reads_refused,
        };
        let writes = Limit {
            of: Resource::Writes { s3: bucket },
            series,
            asked: &series.writes_asked_percent,
            refused: &series.writes_refused,
        };
        let all = [(Deed::Get, reads), (Deed::Put, writes)].into_iter();
        all.filter(|(deed, _)| settings.limit(*deed).is_some()).map(|(_, limit)| limit)
    });
    limits.collect()
}
