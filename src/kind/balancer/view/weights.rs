//! Weights of target groups that change at instants of the file. In: the balancers of the file. Out: the rows in which a change is felt first, what
//! can come of it, and its words.

use crate::dist::Law;
use crate::id::FleetId;
use crate::kind::balancer::language::{Balancer, Split};
use crate::kind::{Full, Scene, Settings};
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;

/// How long a change is felt first, beside the time for which clients keep a name, seconds; and rows at least. Assumption: what fills later comes of
/// the traffic.
const FELT_S: f64 = 60.0;
const FELT_ROWS: usize = 3;

/// The balancers whose weights change.
fn changing(settings: &Settings) -> impl Iterator<Item = (usize, &Balancer, &Split)> {
    let all = settings.balancers.iter().enumerate();
    let changing = all.filter_map(|(index, own)| Some((index, own, own.split.as_ref()?)));
    changing.filter(|(_, own, split)| own.group_of.is_none() && !split.changes.is_empty())
}

/// One resource for each of them, with the rows after its changes.
pub(super) fn watch<'a>(scene: &Scene<'a>) -> impl Iterator<Item = Watched<'a>> {
    let rows = scene.timeline.time_s.len();
    let of = move |(balancer, _, split): (usize, &Balancer, &Split)| {
        let mut marks = vec![false; rows];
        let kept_s = split.ttl.as_ref().map_or(0.0, |ttl| Law::mean(ttl).as_secs_f64());
        for (at, _) in &split.changes {
            let at_s = at.as_secs_f64();
            let begin = (0..rows).find(|&row| scene.time_s(row + 1) > at_s).unwrap_or(rows);
            let felt = |row: usize| row < begin + FELT_ROWS || scene.time_s(row) < at_s + FELT_S + kept_s;
            (begin..rows).take_while(|row| felt(*row)).for_each(|row| marks[row] = true);
        }
        Watched::marked(Resource::Reweighted { balancer }, marks)
    };
    changing(scene.settings).map(of).collect::<Vec<_>>().into_iter()
}

/// What more requests fill that come by other weights.
pub(super) fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
    for (balancer, _, split) in changing(settings) {
        for way in &split.ways {
            let fleet = way.fleet.index();
            let changed = Resource::Reweighted { balancer };
            add(Resource::Cpu { fleet }, changed);
            add(Resource::Threads { fleet }, changed);
            add(Resource::NoTargets { fleet }, changed);
        }
    }
}

/// ``weights of `front` are blue 0, green 1``: those of the last change until the end of its first row.
pub(super) fn changed(about: &Full<'_>, balancer: usize) -> Option<String> {
    let own = about.scene.balancers.get(balancer)?;
    let split = own.split.as_ref()?;
    let until_s = about.scene.time_s(about.rows.start + 1);
    let (_, weights) = split.changes.iter().rfind(|(at, _)| at.as_secs_f64() < until_s)?;
    let name = |fleet: FleetId| about.scene.fleets.get(fleet.index()).map_or("", |it| it.name.as_str());
    let parts = split.ways.iter().zip(weights).map(|(way, weight)| format!("{} {weight}", name(way.fleet)));
    Some(format!("weights of `{}` are {}", own.name, parts.collect::<Vec<_>>().join(", ")))
}
