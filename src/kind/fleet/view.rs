//! What a fleet shows of a run: its CPU, its threads, its pools, the instances and targets that are not there.
//!
//! In: its settings and rows. Out: what can run out, and its words.

mod demand;
mod growing;
mod lost;
mod network;
mod scaled_in;
mod sockets;
mod taken;

use super::label;
use super::language::Hardware;
use super::language::limits::{can_grow, most_at};
use super::{Fleets, warning};

use crate::kind::expected::Expected;
use crate::kind::view::{self, View, at, mean, peak, typical, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Ended, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group, shares};
use crate::measure::member::FULL;
use crate::measure::pool::PoolSeries;
use crate::measure::resource::label::{Called, Label};
use crate::measure::resource::{Node, Purpose, Resource};
use crate::measure::stage::{Cause, StageKind};
use crate::measure::watched::{WAITING, Watched};
use crate::number::{percent, things};
use crate::units::{Bandwidth, Time};

/// Part of the connections of a pool that must wait for a row lock before locks keep it full.
const LOCKED_PART: f64 = 0.5;
/// What means over rows and runs leave of no connection is none.
const NONE_OPEN: f64 = 0.01;
/// The nodes to which the two columns of each pool lead.
const SIDES: [Node; 2] = [Node::Writer, Node::Reader];

impl View<All> for Fleets<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let mut all = Vec::new();
        for (index, (fleet, series)) in scene.fleets.iter().zip(&scene.timeline.fleets).enumerate() {
            let cpu = Resource::Cpu { fleet: index };
            all.push(Watched::busy(cpu, series.of_rotation(&series.cpu_percent, 100.0), &series.cpu_waiting));
            let threads = fleet.threads.map_or(f64::INFINITY, f64::from);
            let held = series.of_rotation(&series.threads_busy, threads);
            let busy = held.iter().map(|busy| 100.0 * busy / threads).collect();
            let of = Resource::Threads { fleet: index };
            all.push(Watched::busy(of, busy, &series.backlog).or_refusing(&series.refused));
            for (position, pool) in series.pools.iter().enumerate() {
                let of = pool_of(index, position);
                all.push(Watched::busy(of, series.of_rotation(&used(pool), 100.0), &pool.waiting));
            }
            if let Some(network) = series.network.first() {
                let of = Resource::Network { fleet: index };
                let busy = series.of_rotation(&network.busy_percent, 100.0);
                all.push(Watched::busy(of, busy, &network.waiting));
            }
            if let Some(ports) = series.ports.first() {
                all.push(sockets::watched(index, ports));
            }
            all.push(lost::instances(index, scene));
            all.push(lost::targets(index, scene));
            all.extend(scaled_in::watched(index, scene));
        }
        all
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let mut all = Vec::new();
        for (index, (fleet, series)) in scene.fleets.iter().zip(&scene.timeline.fleets).enumerate() {
            let name = &fleet.name;
            // What gets no requests is no capacity.
            let serving = series.in_rotation.as_slice();
            let of = |of, resource, kind, busy, waiting: &'a [f64]| Capacity {
                of,
                resource,
                kind,
                busy,
                there: serving.to_vec(),
                waiting: Some(waiting.into()),
                refusing: Vec::new(),
                growing: Vec::new(),
                at_once: None,
                finished: None,
                group: Some(Group { serving, at_most: Self::most_hosts(scene, index) }),
            };
            // What there is goes with the type: in units of an instance of the smallest one, so that no row has less than it.
            let there = |of: &dyn Fn(Hardware) -> f64| -> Vec<f64> {
                let one = fleet.all_hardware().map(of).fold(f64::INFINITY, f64::min);
                let at = |row: usize| of(fleet.hardware_at(Time::from_secs_f64(scene.time_s(row)))) / one;
                serving.iter().enumerate().map(|(row, serving)| serving * at(row)).collect()
            };
            let (cpu, id) = (series.work_share(), Resource::Cpu { fleet: index });
            let cpus = of(id, label::CPU.plain(&[name]), StageKind::Cpu, cpu, &series.cpu_waiting);
            // Of several types each row says what was there.
            let one = fleet.all_hardware().map(|hardware| hardware.work()).fold(f64::INFINITY, f64::min);
            let there_of_cpu = match series.mixed.first() {
                Some(mixed) => mixed.work.iter().map(|work| work / one).collect(),
                None => there(&|hardware| hardware.work()),
            };
            all.push(Capacity { there: there_of_cpu, ..cpus });
            if let Some(threads) = fleet.threads {
                let busy: Vec<f64> = series
                    .of_rotation(&series.threads_busy, f64::from(threads))
                    .iter()
                    .map(|busy| busy / f64::from(threads))
                    .collect();
                let refused = busy.iter().zip(&series.refused);
                let refusing = refused
                    .map(|(busy, refused)| if *busy >= FULL && *refused > 0.0 { f64::INFINITY } else { 0.0 });
                let refusing = refusing.collect();
                let id = Resource::Threads { fleet: index };
                let held = of(id, label::THREADS.plain(&[name]), StageKind::Thread, busy, &series.backlog);
                all.push(Capacity { refusing, ..held });
            }
            if let Some(network) = series.network.first() {
                let ((busy, at), id) = (network::counted(scene, index), Resource::Network { fleet: index });
                let busy = series.of_rotation(&busy, 1.0);
                let words = label::NETWORK.plain(&[name]).also(at);
                let links = of(id, words, StageKind::Network, busy, &network.waiting);
                let burst = |hardware: Hardware| hardware.network.map_or(1.0, |network| network.burst.0);
                all.push(Capacity { there: there(&burst), ..links });
            }
            if let Some(ports) = series.ports.first() {
                all.push(sockets::capacity(scene, index, ports));
            }
            for (position, pool) in series.pools.iter().enumerate() {
                let resource = label::POOL.plain(&[name, &pool.database]).part(pool.role.name(), "");
                let id = pool_of(index, position);
                let used = pool.used_percent.iter().copied();
                let growth = growing::of(fleet, position, (series, pool));
                let (used, growing) = growth.unwrap_or_else(|| (used.collect(), Vec::new()));
                let used = shares(&series.of_rotation(&used, 100.0));
                all.push(Capacity { growing, ..of(id, resource, StageKind::Pool, used, &pool.waiting) });
            }
        }
        all
    }

    /// How many instances may serve, row by row, if the group can grow: where some came into service and never served, no more
    /// than those that did. A group whose hook abandons most launches does not grow.
    fn most_hosts(scene: &Scene<'_>, index: usize) -> Option<Vec<f64>> {
        let (fleet, serving) = (scene.fleets.get(index)?, &scene.timeline.fleets.get(index)?.serving);
        let totals = scene.totals.and_then(|totals| totals.fleets.get(index));
        if fleet.abandons_launches() && totals.is_some_and(|totals| 2 * totals.never_served > totals.launched)
        {
            return None;
        }
        let most = match totals.is_some_and(|totals| totals.never_served > 0) {
            true => serving.iter().copied().fold(0.0, f64::max),
            false => f64::INFINITY,
        };
        let at = |time: &f64| f64::from(most_at(fleet, Time::from_secs_f64(*time))).min(most);
        can_grow(fleet).then(|| scene.timeline.time_s.iter().map(at).collect())
    }

    fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
        match (of, other) {
            (Resource::Pool { fleet, pool, node }, Resource::Database { database, node: other }) => {
                scene.fleets[fleet].pools[pool].database.index() == database && node == other
            }
            (
                Resource::Threads { fleet },
                Resource::Cpu { fleet: other } | Resource::Pool { fleet: other, .. },
            ) => fleet == other,
            (Resource::Threads { .. }, Resource::Threads { .. }) => false,
            // Whatever else a request waits for, its thread is held meanwhile.
            (Resource::Threads { .. }, other) => other.delays_requests(),
            _ => false,
        }
    }

    fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
        for (fleet, group) in settings.fleets.iter().enumerate() {
            // A check of health waits for a thread, then for CPU.
            let targets = Resource::Targets { fleet };
            // With few that are healthy, these get all of the traffic; with none, its balancer fails open.
            for holder in [targets, Resource::FewTargets { fleet }, Resource::FailsOpen { fleet }] {
                add(holder, Resource::Threads { fleet });
                add(holder, Resource::Cpu { fleet });
            }
            // Those of a version that fails their checks are unhealthy because of it.
            if group.versions.iter().any(|it| it.is_worse() && !it.passes) {
                [targets, Resource::FewTargets { fleet }, Resource::FailsOpen { fleet }]
                    .into_iter()
                    .for_each(|holder| add(holder, Resource::WorseVersion { fleet }));
            }
            // An instance with too many inside has them because they wait for a thread, or for CPU.
            if group.shed.is_some() {
                add(Resource::Shed { fleet }, Resource::Threads { fleet });
                add(Resource::Shed { fleet }, Resource::Cpu { fleet });
            }
            // With none registered there is nothing to send to.
            add(Resource::NoTargets { fleet }, Resource::ScaledIn { fleet });
            // What is taken out cuts off what does not end in time.
            Purpose::ALL.iter().for_each(|&by| {
                add(Resource::Unfinished { fleet }, Resource::TakenOut { fleet, by });
            });
            // What cannot be launched is missing because it was there before.
            for lost in [Resource::Interrupted { fleet }, Resource::LostInstances { fleet }] {
                add(Resource::FailedLaunches { fleet }, lost);
            }
            // None is in service while all are missing.
            let instances = Resource::Instances { fleet };
            Resource::missing_instances(fleet).into_iter().for_each(|missing| add(instances, missing));
            add(instances, Resource::ScaledIn { fleet });
            // An application starts with the connections that its pools must have.
            for pool in group.pools.iter().filter(|pool| pool.minimum > 0) {
                let connections = Resource::Connections { database: pool.database.index(), node: Node::All };
                add(instances, connections);
            }
        }
    }

    /// What is cut off gets no answer at all, or one from the balancer: nobody gives up on it, and nobody turns it away. Where instances are only
    /// missing or cold, no application answers with an error.
    fn can_fail(_scene: &Scene<'_>, of: Resource, cause: Cause) -> bool {
        let is_cut = matches!(cause, Cause::BadGateway | Cause::ConnectionReset | Cause::DependencyFailed);
        match of {
            Resource::Unfinished { .. } => is_cut,
            Resource::TakenOut { .. } | Resource::ScaledIn { .. } | Resource::Cold { .. } => {
                cause != Cause::InternalError
            }
            _ => true,
        }
    }

    fn fills(settings: &Settings, of: Resource) -> bool {
        let Resource::WorseVersion { fleet } = of else { return true };
        let versions = settings.fleets.get(fleet).map_or(&[][..], |it| &it.versions);
        versions.iter().any(|it| it.speed < 1.0)
    }

    fn blocked(scene: &Scene<'_>, of: Resource) -> Option<(Resource, Vec<bool>)> {
        let rows = 0..scene.timeline.time_s.len();
        let marked = |(_, rows): &(Resource, Vec<bool>)| rows.iter().filter(|row| **row).count();
        match of {
            Resource::Pool { fleet, pool, node } => {
                let settings = &scene.fleets[fleet].pools[pool];
                let database = settings.database.index();
                // A good part of what the pools of all instances hold waits for a row.
                let blocked = |row: usize| {
                    let held = f64::from(settings.writer) * at(&scene.timeline.fleets[fleet].serving, row);
                    at(&scene.timeline.databases[database].lock_waiting, row) >= LOCKED_PART * held.max(1.0)
                };
                let locks = (Resource::Locks { database }, rows.map(blocked).collect());
                let lost = without_node(scene, fleet, 2 * pool + usize::from(node == SIDES[1]));
                Some(lost.filter(|lost| marked(lost) > marked(&locks)).unwrap_or(locks))
            }
            Resource::Threads { fleet } => {
                let columns = 0..2 * scene.fleets[fleet].pools.len();
                columns.filter_map(|column| without_node(scene, fleet, column)).max_by_key(marked)
            }
            _ => None,
        }
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let name = |fleet: usize| scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
        Some(match of {
            Resource::Cpu { fleet } => label::CPU.quoted(&[name(fleet)]),
            Resource::Threads { fleet } => label::THREADS.quoted(&[name(fleet)]),
            Resource::LostInstances { fleet } => label::LOST.quoted(&[name(fleet)]),
            Resource::Instances { fleet } => label::INSTANCES.quoted(&[name(fleet)]),
            Resource::HeldBack { fleet } => label::CREDITS.quoted(&[name(fleet)]),
            Resource::Network { fleet } => label::NETWORK.quoted(&[name(fleet)]),
            Resource::Ports { fleet } => label::PORTS.quoted(&[name(fleet)]),
            Resource::Throttled { fleet } => label::NETWORK_CREDITS.quoted(&[name(fleet)]),
            Resource::TakenOut { fleet, by } => taken::name(scene, fleet, by),
            Resource::FailedLaunches { fleet } => label::LAUNCHES.quoted(&[name(fleet)]),
            Resource::ScaledIn { fleet } => label::SCALE_IN.quoted(&[name(fleet)]),
            Resource::WorseVersion { fleet } => label::VERSION.quoted(&[name(fleet)]),
            Resource::Cold { fleet } => label::WARM_UP.quoted(&[name(fleet)]),
            Resource::Shed { fleet } => label::SHED.quoted(&[name(fleet)]),
            Resource::Unfinished { fleet } => label::UNFINISHED.quoted(&[name(fleet)]),
            Resource::Interrupted { fleet } => label::SPOT.quoted(&[name(fleet)]),
            Resource::Targets { fleet } | Resource::FewTargets { fleet } => {
                label::ITSELF.quoted(&[name(fleet)])
            }
            Resource::Pool { fleet, pool, node } => {
                let pools = scene.fleets.get(fleet).map(|fleet| &fleet.pools);
                let to = pools.and_then(|pools| scene.databases.get(pools.get(pool)?.database.index()));
                let (to, replicas) = to.map_or(("", 0), |to| (to.name.as_str(), to.replicas));
                let label = match node {
                    _ if replicas == 0 => label::POOL,
                    Node::Reader | Node::Far => label::READER_POOL,
                    Node::Writer => label::WRITER_POOL,
                    Node::All => label::POOL,
                };
                label.quoted(&[name(fleet), to])
            }
            _ => return None,
        })
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, resource, rows, name, .. } = *about;
        let waiting = String::from(about.waiting);
        Some(match resource.of {
            Resource::Cpu { fleet } => {
                with(format!("{name} full"), &[demand::instances(about, fleet), demand::needed(about, fleet)])
            }
            Resource::Threads { fleet } => {
                let series = &scene.timeline.fleets[fleet];
                let what = match peak(&series.refused, rows) > 0.0 {
                    true => format!("threads and accept backlog of `{}` full", series.name),
                    false => format!("{name} full"),
                };
                let cpu = match about.cause {
                    true => format!("CPU at {}", percent(mean(&series.cpu_percent, rows))),
                    false => String::new(),
                };
                with(what, &[waiting, cpu])
            }
            Resource::Targets { fleet } => lost::unhealthy(about, fleet),
            Resource::FewTargets { fleet } => lost::few(about, fleet),
            Resource::HeldBack { fleet } => lost::held_back(about, fleet),
            Resource::Network { fleet } => {
                let sent = scene.timeline.fleets.get(fleet).and_then(|it| it.network.first());
                let sent = sent.map_or(0.0, |network| typical(&network.mbit_per_s, rows));
                with(format!("{name} full"), &[format!("{} sent", Bandwidth(sent * 1e6)), waiting])
            }
            Resource::Ports { fleet } => sockets::words(about, fleet),
            Resource::Throttled { fleet } => lost::throttled(about, fleet),
            Resource::Interrupted { fleet } => lost::interrupted(about, fleet),
            Resource::TakenOut { .. } => taken::words(about),
            Resource::FailedLaunches { .. } => format!("{name} failed ({})", taken::missing(about)),
            Resource::ScaledIn { fleet } => scaled_in::words(about, fleet),
            Resource::WorseVersion { fleet } => taken::worse(about, fleet),
            Resource::Cold { fleet } => lost::cold(about, fleet),
            Resource::Shed { fleet } => lost::shed(about, fleet),
            Resource::Unfinished { fleet } => taken::unfinished(about, fleet),
            Resource::LostInstances { fleet } => {
                let fleet = scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
                view::lost(resource, rows, "instance", fleet)
            }
            Resource::Pool { .. } if is_mostly_closed(about) => {
                with(format!("no connection is open in the {name}"), &[waiting])
            }
            Resource::Instances { fleet } => {
                let fleet = scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
                match peak(&resource.waiting, rows) {
                    stuck if stuck > 0.0 => {
                        format!("up to {} of `{fleet}` cannot start", things(stuck.ceil(), "instance"))
                    }
                    _ => format!("no instance of `{fleet}` in service"),
                }
            }
            _ => return None,
        })
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }

    fn ended(ended: &Ended<'_>) -> Vec<Warning> {
        warning::ended(ended)
    }
}

/// How much of a pool was in use, in percent: all of it where requests wait and no connection is open, because the node to
/// which they lead is lost.
fn used(pool: &PoolSeries) -> Vec<f64> {
    let of = |(row, used): (usize, &f64)| if is_closed(pool, row) { 100.0 } else { *used };
    pool.used_percent.iter().enumerate().map(of).collect()
}

/// Whether requests wait for a connection of a pool of which none is open.
fn is_closed(pool: &PoolSeries, row: usize) -> bool {
    at(&pool.open, row) < NONE_OPEN && at(&pool.waiting, row) >= WAITING
}

/// The rows in which requests wait for a connection of a pool to a database that has lost its writer, so that none is open; nothing
/// where there are none. Readers go to the writer while there is no replica.
fn without_node(scene: &Scene<'_>, fleet: usize, column: usize) -> Option<(Resource, Vec<bool>)> {
    let database = scene.fleets[fleet].pools.get(column / 2)?.database.index();
    let pool = scene.timeline.fleets[fleet].pools.get(column)?;
    let of = Resource::LostNodes { database, node: Node::Writer };
    let lost = scene.lost(of);
    let closed = |row: usize| at(lost, row) > 0.0 && is_closed(pool, row);
    let rows: Vec<bool> = (0..scene.timeline.time_s.len()).map(closed).collect();
    rows.contains(&true).then_some((of, rows))
}

/// Whether that is so in most of the rows in which a pool was full.
fn is_mostly_closed(about: &Full<'_>) -> bool {
    let Resource::Pool { fleet, pool, node } = about.resource.of else { return false };
    let column = 2 * pool + usize::from(node == SIDES[1]);
    let series = about.scene.timeline.fleets.get(fleet).and_then(|fleet| fleet.pools.get(column));
    series.is_some_and(|series| {
        let full = about.rows.clone().filter(|&row| about.resource.full.get(row) == Some(&true));
        let (closed, all) =
            full.fold((0, 0), |(closed, all), row| (closed + usize::from(is_closed(series, row)), all + 1));
        2 * closed > all
    })
}

/// A pool by its column: each pool of the file has two.
fn pool_of(fleet: usize, column: usize) -> Resource {
    Resource::Pool { fleet, pool: column / 2, node: SIDES[column % 2] }
}
