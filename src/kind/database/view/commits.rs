//! What the log of a database shows: whether commits ask for all of it. In: its columns. Out: what can run out.

use crate::kind::Scene;
use crate::kind::database::label;
use crate::kind::database::record::LogSeries;
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;

fn columns<'a>(index: usize, scene: &Scene<'a>) -> Option<&'a LogSeries> {
    scene.timeline.databases.get(index)?.log.first()
}

pub(super) fn watched<'a>(index: usize, scene: &Scene<'a>) -> Option<Watched<'a>> {
    let log = columns(index, scene)?;
    Some(Watched::busy(Resource::Log { database: index }, log.busy_percent.clone(), &log.waiting))
}

pub(super) fn capacity<'a>(index: usize, scene: &Scene<'a>) -> Option<Capacity<'a>> {
    let (log, of) = (columns(index, scene)?, Resource::Log { database: index });
    let resource = label::LOG.plain(&[&scene.databases.get(index)?.name]).part("commits", "");
    Some(Capacity {
        waiting: Some(log.waiting.as_slice().into()),
        ..Capacity::constant(of, resource, StageKind::Database, &log.busy_percent)
    })
}
