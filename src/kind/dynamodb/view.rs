//! What a table shows of a run: the units that it and its partitions take. In: its settings and rows. Out: what can run out, and its words.

use super::label;
use super::record::DynamoTableSeries;
use super::{Tables, warning};
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

impl View<All> for Tables<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limits = limits(scene).into_iter();
        limits.map(|it| Watched::busy(it.of, it.taken(), it.throttled).or_refusing(it.throttled)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacity = limits(scene).into_iter().map(|it| {
            let name = words(it.of, &it.series.name, "");
            let refusing =
                it.asked.iter().enumerate().map(|(row, asked)| match at(it.throttled, row) > 0.0 {
                    true => (asked - 100.0).max(0.0) / 100.0,
                    false => 0.0,
                });
            Capacity {
                waiting: Some(it.throttled.into()),
                refusing: refusing.collect(),
                ..Capacity::constant(it.of, name, StageKind::Storage, &it.taken())
            }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let (Resource::ReadUnits { dynamodb } | Resource::WriteUnits { dynamodb }) = of else { return None };
        Some(words(of, scene.dynamo_tables.get(dynamodb).map_or("", |table| table.name.as_str()), "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let of = about.resource.of;
        let (Resource::ReadUnits { dynamodb } | Resource::WriteUnits { dynamodb }) = of else { return None };
        let settings = about.scene.dynamo_tables.get(dynamodb)?;
        let series = about.scene.timeline.dynamo_tables.get(dynamodb)?;
        let (sort, consumed, limit) = match of {
            Resource::ReadUnits { .. } => (0, &series.read_units, &series.read_limit),
            _ => (1, &series.write_units, &series.write_limit),
        };
        // As it was when it filled: it may have grown since.
        let row = about.rows.start;
        let partitions = at(&series.partitions, row).round().max(1.0);
        let throttled = peak(&about.resource.refused, about.rows).round();
        // Whether the table as a whole had room; what was saved up counts as such.
        let is_hot = peak(consumed, about.rows) < NEARLY * at(limit, row);
        let what = match is_hot {
            true => format!(
                "{} a second in one of {}, and {} in all",
                number(settings.partition.each()[sort]),
                counted(partitions as u64, "partition"),
                number(at(limit, row))
            ),
            false => format!("{} a second", number(at(limit, row))),
        };
        let numbers = [what, format!("up to {} a second throttled", number(throttled))];
        Some(with(format!("{} full", about.name), &numbers))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Part of the limit of a table that is nearly all of it.
const NEARLY: f64 = 0.95;

/// `write units of `baskets``.
fn words(of: Resource, table: &str, quote: &str) -> Called {
    let label = if let Resource::ReadUnits { .. } = of { label::READS } else { label::WRITES };
    label.with(&[table], quote)
}

/// The units of one sort of a table.
struct Limit<'a> {
    of: Resource,
    series: &'a DynamoTableSeries,
    /// What was asked of the table or of its fullest partition, percent.
    asked: &'a [f64],
    throttled: &'a [f64],
}

impl Limit<'_> {
    /// What it took, percent.
    fn taken(&self) -> Vec<f64> {
        self.asked.iter().map(|asked| asked.min(100.0)).collect()
    }
}

/// The limits of all tables.
fn limits<'a>(scene: &Scene<'a>) -> Vec<Limit<'a>> {
    let tables = scene.timeline.dynamo_tables.iter().enumerate();
    let limits = tables.flat_map(|(dynamodb, series)| {
        let reads = Limit {
            of: Resource::ReadUnits { dynamodb },
            series,
            asked: &series.reads_asked_percent,
            throttled: &series.reads_throttled,
        };
        let writes = Limit {
            of: Resource::WriteUnits { dynamodb },
            series,
            asked: &series.writes_asked_percent,
            throttled: &series.writes_throttled,
        };
        [reads, writes]
    });
    limits.collect()
}
