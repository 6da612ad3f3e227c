//! What a stream shows of a run: what its shards take and give, batches, how old records get. In: its settings and rows. Out: what can run out, and its words.

use super::label;
use super::record::StreamSeries;
use super::{Streams, trouble, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::{Trouble, Watched};
use crate::number::{counted, number};

impl View<All> for Streams<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limits = limits(scene).into_iter();
        let limits =
            limits.map(|it| Watched::busy(it.of, it.taken(), &it.throttled).or_refusing(&it.throttled));
        let each = scene.timeline.streams.iter().enumerate();
        let own = each.flat_map(|(stream, series)| {
            let throttled = series.reads_throttled.iter().map(|calls| *calls > 0.0).collect();
            let reads = Watched::marked(Resource::ShardReads { stream }, throttled);
            let busy = series.lanes_percent.clone();
            let batches = Watched {
                trouble: Trouble::Never,
                ..Watched::busy(Resource::Batches { stream }, busy, &series.waiting)
            };
            let rows = trouble::rows(stream, scene);
            let trouble = Trouble::Rows(rows.clone());
            let records = Watched { trouble, ..Watched::marked(Resource::StreamRecords { stream }, rows) };
            [reads, batches, records]
        });
        limits.chain(own).collect()
    }

    fn lacking(scene: &Scene<'_>) -> Vec<Vec<bool>> {
        (0..scene.timeline.streams.len()).map(|stream| trouble::lacking(stream, scene)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let limits = limits(scene).into_iter().map(|it| {
            let name = words(it.of, &it.series.name, "");
            let refusing = it.asked.iter().enumerate().map(|(row, asked)| {
                if at(&it.throttled, row) > 0.0 { (asked - 100.0).max(0.0) / 100.0 } else { 0.0 }
            });
            Capacity {
                refusing: refusing.collect(),
                waiting: Some(it.throttled.clone().into()),
                ..Capacity::constant(it.of, name, StageKind::Storage, &it.taken())
            }
        });
        let each = || scene.settings.streams.iter().zip(&scene.timeline.streams).enumerate();
        // What is put is read by each who shares what a shard gives, sooner or later.
        let reads =
            each().filter(|(_, (settings, _))| settings.sharing() > 0).map(|(stream, (settings, series))| {
                let of = Resource::ShardReads { stream };
                let times = f64::from(settings.sharing()) * settings.shard.bytes / settings.shard.read;
                let percent: Vec<f64> =
                    series.bytes_percent.iter().map(|bytes| times * bytes.min(100.0)).collect();
                Capacity {
                    waiting: Some((&series.reads_throttled[..]).into()),
                    ..Capacity::constant(of, words(of, &series.name, ""), StageKind::Storage, &percent)
                }
            });
        let batches = each().filter_map(|(stream, (settings, series))| {
            let source = settings.source.as_ref()?;
            let of = Resource::Batches { stream };
            let lanes = series.shards.iter().copied().fold(1.0, f64::max) * f64::from(source.factor);
            Some(Capacity {
                waiting: Some((&series.waiting[..]).into()),
                at_once: Some(lanes * f64::from(source.batch)),
                ..Capacity::constant(of, words(of, &series.name, ""), StageKind::Queue, &series.lanes_percent)
            })
        });
        limits.chain(reads).chain(batches).collect()
    }

    /// A record is in a batch.
    fn holder(_settings: &Settings, index: usize, _fleet: usize) -> Resource {
        Resource::Batches { stream: index }
    }

    fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
        for (stream, settings) in settings.streams.iter().enumerate() {
            let records = Resource::StreamRecords { stream };
            add(records, Resource::ShardReads { stream });
            if let Some(source) = &settings.source {
                let batches = Resource::Batches { stream };
                let concurrency = Resource::Concurrency { lambda: source.function.index() };
                add(records, batches);
                add(records, concurrency);
                add(batches, concurrency);
            }
        }
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let name = scene.settings.streams.get(of_stream(of)?).map_or("", |it| it.name.as_str());
        Some(words(of, name, "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let of = about.resource.of;
        let stream = of_stream(of)?;
        let settings = about.scene.settings.streams.get(stream)?;
        let series = about.scene.timeline.streams.get(stream)?;
        // As it was when it filled: there may be more since.
        let shards = at(&series.shards, about.rows.start).round().max(1.0);
        let in_shards = counted(shards as u64, "shard");
        let limit = match of {
            Resource::StreamRecords { .. } => return trouble::words(stream, about),
            Resource::ShardReads { .. } => {
                let calls = peak(&series.reads_throttled, about.rows);
                let text = format!("{} throttled", about.name);
                return Some(with(
                    text,
                    &[format!("up to {} calls a second", number(calls.round().max(1.0)))],
                ));
            }
            Resource::Batches { .. } => {
                let each = settings.source.as_ref().map_or(1, |it| it.factor);
                let waiting = peak(&series.waiting, about.rows).round();
                let of_each = if shards > 1.0 { format!(" of each of {in_shards}") } else { String::new() };
                let lanes = shards * f64::from(each);
                let is_one = lanes > 1.0 && peak(&series.batches, about.rows) < NEARLY * lanes;
                let what = if is_one {
                    "one at a time of a hot key".into()
                } else {
                    format!("{each} at once{of_each}")
                };
                let numbers = [what, format!("up to {} waiting", number(waiting))];
                return Some(with(format!("{} full", about.name), &numbers));
            }
            Resource::ShardBytes { .. } => (series.mib.as_slice(), settings.shard.bytes / MIB, " MiB"),
            _ => (series.records.as_slice(), settings.shard.records, ""),
        };
        let (put, each, unit) = limit;
        // Whether the others had room; what was saved up counts as such.
        let is_hot = shards > 1.0 && peak(put, about.rows) < NEARLY * shards * each;
        let what = match is_hot {
            true => format!(
                "{}{unit} a second in one of {in_shards}, and {}{unit} in all",
                number(each),
                number(shards * each)
            ),
            false => format!("{}{unit} a second in {in_shards}", number(shards * each)),
        };
        let throttled = peak(&about.resource.refused, about.rows).round();
        Some(with(
            format!("{} full", about.name),
            &[what, format!("up to {} a second throttled", number(throttled))],
        ))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Part of what all shards take that is nearly all of it.
const NEARLY: f64 = 0.95;
const MIB: f64 = 1_048_576.0;

fn of_stream(of: Resource) -> Option<usize> {
    match of {
        Resource::ShardBytes { stream }
        | Resource::ShardRecords { stream }
        | Resource::ShardReads { stream }
        | Resource::Batches { stream }
        | Resource::StreamRecords { stream } => Some(stream),
        _ => None,
    }
}

/// ``records put into `scores` ``.
fn words(of: Resource, name: &str, quote: &str) -> Called {
    let label = match of {
        Resource::ShardBytes { .. } => label::BYTES,
        Resource::ShardRecords { .. } => label::RECORDS_PUT,
        Resource::ShardReads { .. } => label::READS,
        Resource::Batches { .. } => label::BATCHES,
        _ => label::RECORDS,
    };
    label.with(&[name], quote)
}

/// What the shards of a stream take only so much of.
struct Limit<'a> {
    of: Resource,
    series: &'a StreamSeries,
    /// What was asked of the fullest shard, percent.
    asked: &'a [f64],
    throttled: Vec<f64>,
}

impl Limit<'_> {
    /// What that took, percent.
    fn taken(&self) -> Vec<f64> {
        self.asked.iter().map(|asked| asked.min(100.0)).collect()
    }
}

/// The limits of all streams.
fn limits<'a>(scene: &Scene<'a>) -> Vec<Limit<'a>> {
    let all = scene.timeline.streams.iter().enumerate();
    let limits = all.flat_map(|(stream, series)| {
        let by_bytes = &series.throttled_by_bytes;
        let by_records = series.throttled.iter().zip(by_bytes).map(|(all, bytes)| (all - bytes).max(0.0));
        let records = Limit {
            of: Resource::ShardRecords { stream },
            series,
            asked: &series.records_percent,
            throttled: by_records.collect(),
        };
        let bytes = Limit {
            of: Resource::ShardBytes { stream },
            series,
            asked: &series.bytes_percent,
            throttled: by_bytes.clone(),
        };
        [records, bytes]
    });
    limits.collect()
}
