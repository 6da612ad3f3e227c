//! Reading the gauges at the end of each row of the timeline.
//!
//! In: the state of every resource. Out: a row. Means over a row come from time integrals, so nothing is sampled.

use super::{Timer, World};
use crate::flow::NONE;
use crate::flow::host::Lifecycle;
use crate::flow::mark::Mark;
use crate::kind::database::Node;
use crate::measure::resource::{self, Resource};
use crate::measure::timeline::{CacheSeries, DatabaseSeries, FleetSeries, PoolSeries, ServiceSeries};
use crate::scenario::fleet::Pool;
use crate::units::Time;

impl World<'_> {
    /// Ends a row and plans the end of the next one.
    pub(super) fn end_row(&mut self) {
        if self.flow.now > self.flow.readings.row_start {
            self.read_gauges();
        }
        let next = self.flow.now.saturating_add(self.scenario.bucket.0).min(self.flow.end);
        if next > self.flow.now {
            self.flow.set(Timer::Row {}, next);
        }
    }

    pub(super) fn read_gauges(&mut self) {
        let span = (self.flow.now - self.flow.readings.row_start) as f64;
        self.flow.recorder.end_row(self.flow.now);
        for index in 0..self.scenario.fleets.len() {
            self.read_fleet(index, span);
        }
        for index in 0..self.scenario.caches.len() {
            self.read_cache(index, span);
        }
        for index in 0..self.scenario.databases.len() {
            self.read_database(index, span);
        }
        for index in 0..self.scenario.services.len() {
            self.read_service(index, span);
        }
        self.read_loads();
        self.read_usage(span);
        self.flow.readings.row_start = self.flow.now;
    }

    fn read_fleet(&mut self, index: usize, span: f64) {
        let settings = &self.scenario.fleets[index];
        let row_start = self.flow.readings.row_start;
        let (mut cpu_waiting, mut backlog, mut serving) = (0.0, 0.0, 0.0);
        let mut pools = vec![[(0.0, 0.0, 0.0); 2]; settings.pools.len()];
        // Of each instance: its number in the fleet, its zone, how long it was there, and what was busy.
        let mut there: Vec<(u32, u32, f64)> = Vec::new();
        let (mut cpus, mut busy_threads) = (Vec::new(), Vec::new());
        let mut used = vec![[Vec::new(), Vec::new()]; settings.pools.len()];
        let mut number = 0;
        for id in 0..self.flow.hosts.len() as u32 {
            let instance = &self.flow.hosts[id as usize];
            number += u32::from(instance.group == index);
            if instance.group != index || instance.ended <= row_start {
                continue;
            }
            let from = instance.running.max(row_start);
            let served_for = instance.served_until().min(self.flow.now).saturating_sub(from) as f64;
            serving += served_for;
            there.push((number, instance.zone, served_for));
            let (station, cores, processor) = (instance.threads, instance.cores, instance.processor);
            busy_threads.push(self.flow.busy_in_row(station));
            backlog += self.flow.waiting_in_row(station);
            let (busy, waiting) = match processor {
                NONE => (self.flow.busy_in_row(cores), self.flow.waiting_in_row(cores)),
                processor => {
                    let (busy, jobs) = self.flow.processor_in_row(processor);
                    (busy, jobs - busy)
                }
            };
            cpus.push(busy);
            cpu_waiting += waiting;
            for (pool, sums) in pools.iter_mut().enumerate() {
                let state = &mut self.parts.database.pools.of(id).pools[pool];
                let open = state.open_in_row(self.flow.now);
                let stations = [state.writer, state.reader].into_iter();
                for (((station, servers), sum), used) in stations.zip(open).zip(sums).zip(&mut used[pool]) {
                    let busy = self.flow.busy_in_row(station);
                    sum.0 += busy;
                    sum.1 += self.flow.waiting_in_row(station);
                    sum.2 += servers;
                    used.push((busy, servers));
                }
            }
        }
        let threads = busy_threads.iter().sum::<f64>();
        let cpu = cpus.iter().sum::<f64>();
        let members = |busy: Vec<f64>, each: f64| {
            let members = there.iter().zip(busy);
            members.map(move |(&(number, zone, there), busy)| (number, Some(zone), busy, there * each))
        };
        self.note_members(Resource::Cpu { fleet: index }, members(cpus, settings.instance.vcpus.into()));
        if let Some(each) = settings.threads {
            self.note_members(Resource::Threads { fleet: index }, members(busy_threads, each.into()));
        }
        for (pool, used) in used.into_iter().enumerate() {
            for (node, used) in [resource::Node::Writer, resource::Node::Reader].into_iter().zip(used) {
                let members = there.iter().zip(used);
                let members = members.map(|(it, (busy, servers))| (it.0, Some(it.1), busy, servers));
                self.note_members(Resource::Pool { fleet: index, pool, node }, members);
            }
        }
        let warm = self.flow.warm(index).count() as u32;
        let in_service = self.flow.count(index, |lifecycle| lifecycle == Lifecycle::InService);
        let unhealthy = self.parts.balancer.unhealthy(index);
        let counts = (
            self.flow.count(index, Lifecycle::is_pending),
            self.flow.count(index, Lifecycle::is_terminating),
        );
        if self.flow.recorder.timeline.fleets.len() <= index {
            let role = |pool: &Pool, role: &str| PoolSeries {
                database: self.scenario.databases[pool.database.index()].name.clone(),
                role: role.into(),
                ..PoolSeries::default()
            };
            let pools = settings.pools.iter().flat_map(|pool| [role(pool, "writer"), role(pool, "reader")]);
            self.flow.recorder.timeline.fleets.push(FleetSeries {
                name: settings.name.clone(),
                pools: pools.collect(),
                ..FleetSeries::default()
            });
        }
        let fleet = self.parts.fleet.of(index);
        let refused = fleet.refused_mark.grown(fleet.refused);
        let series = &mut self.flow.recorder.timeline.fleets[index];
        series.pending.push(counts.0.into());
        series.warming.push(f64::from(in_service - warm));
        series.in_service.push(warm.into());
        series.terminating.push(counts.1.into());
        series.desired.push(self.flow.groups[index].desired.into());
        series.unhealthy.push(unhealthy.into());
        series.serving.push(serving / span);
        series.cpu_percent.push(100.0 * cpu / (serving * f64::from(settings.instance.vcpus)).max(1.0));
        series.cpu_waiting.push(cpu_waiting.max(0.0) / span);
        series.threads_busy.push(threads / serving.max(1.0));
        series.backlog.push(backlog / span);
        series.refused.push(refused as f64 * 1e9 / span);
        for (series, (busy, waiting, servers)) in series.pools.iter_mut().zip(pools.into_iter().flatten()) {
            series.used_percent.push(if servers > 0.0 { 100.0 * busy / servers } else { 0.0 });
            series.waiting.push(waiting / span);
        }
    }

    fn read_cache(&mut self, index: usize, span: f64) {
        let cache = self.parts.cache.of(index);
        let arrival = self.flow.now.saturating_add(cache.hop);
        let lookups = cache.marks.lookups.grown(cache.counts.lookups);
        let hits = cache.marks.hits.grown(cache.counts.hits);
        let evictions = cache.marks.evictions.grown(cache.counts.evictions);
        let shards: Vec<u64> = cache.busy_areas(arrival).collect();
        cache.marks.shards.resize(shards.len(), Mark::default());
        let shards: Vec<u64> =
            cache.marks.shards.iter_mut().zip(shards).map(|(mark, busy)| mark.grown(busy)).collect();
        let busy: u64 = shards.iter().sum();
        if shards.len() > 1 {
            let shards = shards.into_iter().zip(1..).map(|(busy, number)| (number, None, busy as f64, span));
            self.note_members(Resource::Cache { cache: index }, shards);
        }
        let capacity = self.scenario.caches[index].capacity().max(1) as f64;
        let timeline = &mut self.flow.recorder.timeline;
        if timeline.caches.len() <= index {
            let name = self.scenario.caches[index].name.clone();
            timeline.caches.push(CacheSeries { name, ..CacheSeries::default() });
        }
        let series = &mut timeline.caches[index];
        series.lookups.push(lookups as f64 * 1e9 / span);
        series.hit_ratio.push((lookups > 0).then(|| hits as f64 / lookups as f64));
        series.evictions.push(evictions as f64 * 1e9 / span);
        series.fill_percent.push(100.0 * self.parts.cache.of(index).live(self.flow.now) as f64 / capacity);
        series
            .busy_percent
            .push(100.0 * busy as f64 / (span * f64::from(self.scenario.caches[index].shards.max(1))));
    }

    fn read_database(&mut self, index: usize, span: f64) {
        let settings = &self.scenario.databases[index];
        let processors: Vec<u32> =
            self.parts.database.of(index).nodes.iter().map(|node| node.processor).collect();
        let use_of: Vec<(f64, f64)> =
            processors.iter().map(|&processor| self.flow.processor_in_row(processor)).collect();
        let percent = |busy: f64, vcpus: u32| 100.0 * busy / (span * f64::from(vcpus));
        let replicas = use_of.len().saturating_sub(1);
        let replica_busy: f64 = use_of[1..].iter().map(|(busy, _)| busy).sum();
        if replicas > 1 {
            let each = span * f64::from(settings.replica.vcpus);
            let members = use_of[1..].iter().zip(1..).map(|(it, number)| (number, None, it.0, each));
            self.note_members(Resource::Database { database: index, node: resource::Node::Reader }, members);
        }
        // Statements beyond the cores share them; what rounding leaves of none is none.
        let waiting =
            |nodes: &[(f64, f64)]| nodes.iter().map(|(busy, jobs)| jobs - busy).sum::<f64>().max(0.0) / span;
        let now = self.flow.now;
        let state = self.parts.database.of(index);
        let refused = state.marks.refused.grown(state.refused);
        let lag = state.replication.worst_lag(now);
        let waiting_area = state.locks.waiting_area(now);
        let (granted, waited) = (state.locks.granted_after_wait, state.locks.waited);
        let (reads, writes, stale) = (state.reads, state.writes, state.stale_reads);
        let opened = |nodes: &[Node]| nodes.iter().map(|node| node.open).sum::<u32>();
        let (writer_open, replica_open) = (opened(&state.nodes[..1]), opened(&state.nodes[1..]));
        let granted = state.marks.granted.grown(granted);
        let waited = state.marks.waited.grown(waited);
        let reads = state.marks.reads.grown(reads);
        let writes = state.marks.writes.grown(writes);
        let stale = state.marks.stale.grown(stale);
        // Waiting transactions: whole nanoseconds are exact enough for a mean over a row.
        let lock_waiting = state.marks.waiting.grown(waiting_area as u64);
        let timeline = &mut self.flow.recorder.timeline;
        if timeline.databases.len() <= index {
            timeline
                .databases
                .push(DatabaseSeries { name: settings.name.clone(), ..DatabaseSeries::default() });
        }
        let series = &mut timeline.databases[index];
        series.writer_cpu_percent.push(percent(use_of[0].0, settings.writer.vcpus));
        series.replica_cpu_percent.push(match replicas {
            0 => 0.0,
            _ => percent(replica_busy / replicas as f64, settings.replica.vcpus),
        });
        series.writer_waiting.push(waiting(&use_of[..1]));
        series.replica_waiting.push(waiting(&use_of[1..]));
        series.writer_connections.push(writer_open.into());
        series.replica_connections.push(replica_open.into());
        series.refused.push(refused as f64);
        series.writer_active.push(use_of[0].1 / span);
        series.lock_waiting.push(lock_waiting as f64 / span);
        series.lock_wait_ms.push((granted > 0).then(|| waited as f64 / granted as f64 / 1e6));
        series.reads.push(reads as f64 * 1e9 / span);
        series.writes.push(writes as f64 * 1e9 / span);
        series.lag_ms.push(lag as f64 / 1e6);
        series.stale_reads.push(stale as f64 * 1e9 / span);
    }

    fn read_service(&mut self, index: usize, span: f64) {
        let settings = &self.scenario.services[index];
        let service = self.parts.service.of(index);
        let (busy, waiting) = service.areas_in_row(&mut self.flow);
        let refused = service.rejected_mark.grown(service.rejected);
        let timeline = &mut self.flow.recorder.timeline;
        if timeline.services.len() <= index {
            timeline.services.push(ServiceSeries { name: settings.name.clone(), ..ServiceSeries::default() });
        }
        let series = &mut timeline.services[index];
        series.busy_percent.push(match settings.changes[..] {
            [] => 100.0 * busy / (span * f64::from(settings.servers.max(1))),
            // A server that leaves may be busy for longer than it counts.
            _ => (100.0 * busy
                / settings.server_nanos(Time(self.flow.readings.row_start), Time(self.flow.now)).max(1.0))
            .min(100.0),
        });
        series.waiting.push(waiting / span);
        series.refused.push(refused as f64 * 1e9 / span);
    }
}
