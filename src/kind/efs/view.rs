//! What a file system shows of a run: what it passes. In: its settings and rows. Out: what can run out, and its words.

use super::FileSystems;
use super::label;
use super::language::Mode;
use super::record::FileSystemSeries;
use super::{limits, warning};
use crate::kind::expected::Expected;
use crate::kind::outlast::Terms;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, shares};
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;

impl View<All> for FileSystems<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let limits = limits(scene).into_iter();
        limits.map(|it| Watched::busy(it.of, it.busy.to_vec(), &it.series.waiting)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacity = limits(scene).into_iter().map(|it| {
            let (busy, words) = counted(scene, &it);
            Capacity {
                busy,
                waiting: Some((&it.series.waiting[..]).into()),
                ..Capacity::constant(it.of, words, StageKind::Storage, it.busy)
            }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let it = scene.file_systems.get(of_file_system(of)?);
        Some(words(of, it.map_or("", |it| it.name.as_str()), "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let of = about.resource.of;
        let efs = of_file_system(of)?;
        let (settings, series) =
            (about.scene.file_systems.get(efs)?, about.scene.timeline.file_systems.get(efs)?);
        let rate = |mib: f64| format!("up to {} MiB/s", number(mib.round()));
        let numbers = match of {
            Resource::FileThroughput { .. } => {
                let is_spent = settings.mode == Mode::Bursting
                    && about.rows.clone().any(|row| at(&series.credits_percent, row) < 1.0);
                let both: Vec<f64> = series
                    .read_mib
                    .iter()
                    .zip(&series.written_mib)
                    .map(|(read, written)| read + written)
                    .collect();
                let spent = is_spent.then(|| "no burst credits left".to_owned());
                std::iter::once(rate(peak(&both, about.rows))).chain(spent).collect()
            }
            Resource::FileReads { .. } => vec![rate(peak(&series.read_mib, about.rows))],
            _ => vec![rate(peak(&series.written_mib, about.rows))],
        };
        Some(with(format!("{} full", about.name), &numbers))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

fn of_file_system(of: Resource) -> Option<usize> {
    match of {
        Resource::FileReads { efs } | Resource::FileWrites { efs } | Resource::FileThroughput { efs } => {
            Some(efs)
        }
        _ => None,
    }
}

/// ``reads of `uploads` ``.
pub(super) fn words(of: Resource, name: &str, quote: &str) -> Called {
    let label = match of {
        Resource::FileReads { .. } => label::READS,
        Resource::FileWrites { .. } => label::WRITES,
        _ => label::THROUGHPUT,
    };
    label.with(&[name], quote)
}

/// How busy a limit was by the multiple at which it is full, and its words.
fn counted(scene: &Scene<'_>, it: &Limit<'_>) -> (Vec<f64>, Called) {
    let (busy, words) = (shares(it.busy), words(it.of, &it.series.name, ""));
    let Resource::FileThroughput { efs } = it.of else { return (busy, words) };
    let rows: Vec<(f64, f64)> =
        busy.iter().enumerate().map(|(row, busy)| (scene.row_s(row), *busy)).collect();
    let is_spent =
        it.series.credits_percent.iter().zip(it.busy).any(|(left, busy)| *left < 1.0 && *busy > 99.0);
    let settings = &scene.settings.file_systems[efs];
    if is_spent || settings.mode != Mode::Bursting {
        return (busy, words);
    }
    let stored = settings.storage;
    let terms = Terms {
        baseline: limits::baseline(stored),
        burst: limits::burst(stored),
        most: limits::credits(stored),
        initial: settings.credits,
    };
    match terms.sooner(&rows) {
        1.0 => (busy, words),
        sooner => (busy.iter().map(|busy| busy * sooner).collect(), words.also(", as long as credits last")),
    }
}

/// What a file system passes only so much of.
struct Limit<'a> {
    of: Resource,
    series: &'a FileSystemSeries,
    busy: &'a [f64],
}

/// The limits of all file systems.
fn limits<'a>(scene: &Scene<'a>) -> Vec<Limit<'a>> {
    let all = scene.settings.file_systems.iter().zip(&scene.timeline.file_systems).enumerate();
    let limits = all.flat_map(|(efs, (settings, series))| {
        let throughput = settings.metered().map(|_| Limit {
            of: Resource::FileThroughput { efs },
            series,
            busy: &series.throughput_busy_percent,
        });
        let ways = [
            Limit { of: Resource::FileReads { efs }, series, busy: &series.reads_busy_percent },
            Limit { of: Resource::FileWrites { efs }, series, busy: &series.writes_busy_percent },
        ];
        throughput.into_iter().chain(ways)
    });
    limits.collect()
}
