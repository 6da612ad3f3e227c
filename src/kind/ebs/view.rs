//! What the volumes of a fleet show of a run: whether they could do no more, and files that were not there. In: their settings and rows. Out: what can run
//! out, and its words.

use super::BlockVolumes;
use super::label;
use super::language::BlockVolume;
use super::record::VolumeSeries;
use super::warning;
use crate::kind::expected::Expected;
use crate::kind::outlast::Terms;
use crate::kind::view::{View, at, peak, requests_in_all, with};
use crate::kind::warning::Warning;
use crate::kind::{self, All, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group, shares};
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::{Cause, StageKind};
use crate::measure::watched::Watched;
use crate::number::number;

impl View<All> for BlockVolumes<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let watched = scene.timeline.block_volumes.iter().enumerate().map(|(ebs, series)| {
            Watched::busy(Resource::BlockIo { ebs }, series.busy_percent.clone(), &series.waiting)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let all = scene.settings.block_volumes.iter().zip(&scene.timeline.block_volumes).enumerate();
        let capacities = all.filter_map(|(ebs, (settings, series))| {
            let fleet = settings.fleet.index();
            let serving = scene.timeline.fleets.get(fleet)?.in_rotation.as_slice();
            let (busy, words) = counted(scene, settings, series);
            Some(Capacity {
                busy,
                there: serving.to_vec(),
                waiting: Some((&series.waiting[..]).into()),
                group: Some(Group { serving, at_most: kind::most_hosts(scene, fleet) }),
                ..Capacity::constant(
                    Resource::BlockIo { ebs },
                    words,
                    StageKind::Storage,
                    &series.busy_percent,
                )
            })
        });
        capacities.collect()
    }

    /// A file that is not there fails the request with 404, and nothing else does.
    fn can_fail(_scene: &Scene<'_>, of: Resource, cause: Cause) -> bool {
        match of {
            Resource::MissingFiles { .. } => cause == Cause::NotFound,
            _ => true,
        }
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let name = |ebs: usize| scene.block_volumes.get(ebs).map_or("", |it| it.name.as_str());
        match of {
            Resource::BlockIo { ebs } => Some(label::VOLUMES.quoted(&[name(ebs)])),
            Resource::MissingFiles { ebs } => Some(label::FILES.quoted(&[name(ebs)])),
            _ => None,
        }
    }

    fn full(about: &Full<'_>) -> Option<String> {
        match about.resource.of {
            Resource::BlockIo { ebs } => full(about, ebs),
            Resource::MissingFiles { ebs } => {
                let name = about.scene.block_volumes.get(ebs).map_or("", |it| it.name.as_str());
                let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
                Some(format!(
                    "{requests} found no file on the volume `{name}` of their instance: it is on another one, or lost{in_some}"
                ))
            }
            _ => None,
        }
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `volumes of `disks` full (up to 3,000 I/Os a second, no burst credits left)`.
fn full(about: &Full<'_>, ebs: usize) -> Option<String> {
    let (settings, series) =
        (about.scene.block_volumes.get(ebs)?, about.scene.timeline.block_volumes.get(ebs)?);
    let ios: Vec<f64> =
        series.reads.iter().zip(&series.writes).map(|(read, written)| read + written).collect();
    let done = format!("up to {} I/Os a second in all", number(peak(&ios, about.rows).round()));
    let is_spent =
        settings.burst.is_some() && about.rows.clone().any(|row| at(&series.credits_percent, row) < 1.0);
    let spent = is_spent.then(|| "no burst credits left".to_owned());
    let numbers: Vec<String> = std::iter::once(done).chain(spent).collect();
    Some(with(format!("{} full", about.name), &numbers))
}

/// How busy volumes were by the multiple at which they are full, and their words.
fn counted(scene: &Scene<'_>, settings: &BlockVolume, series: &VolumeSeries) -> (Vec<f64>, Called) {
    let (busy, words) = (shares(&series.busy_percent), label::VOLUMES.plain(&[&series.name]));
    let Some(burst) = settings.burst else { return (busy, words) };
    let is_spent = series
        .credits_percent
        .iter()
        .zip(&series.busy_percent)
        .any(|(left, busy)| *left < 1.0 && *busy > 99.0);
    if is_spent {
        return (busy, words);
    }
    let rows: Vec<(f64, f64)> =
        busy.iter().enumerate().map(|(row, busy)| (scene.row_s(row), *busy)).collect();
    let terms =
        Terms { baseline: settings.iops, burst: burst.iops, most: burst.most, initial: burst.initial };
    match terms.sooner(&rows) {
        1.0 => (busy, words),
        sooner => (busy.iter().map(|busy| busy * sooner).collect(), words.also(", as long as credits last")),
    }
}
