//! Reading the gauges: at the end of each row, and at the end of the run.
//!
//! In: the state of every resource. Out: the rows of the timeline, the totals, the usage that is billed. Means
//! over a row come from time integrals, so nothing is sampled.

use super::fleet::Lifecycle;
use super::request::State;
use super::{Timer, World};
use crate::measure::Recorder;
use crate::measure::stage::Stage;
use crate::measure::timeline::{CacheSeries, DatabaseSeries, FleetSeries, PoolSeries, ServiceSeries};
use crate::measure::totals::{
    Activity, CacheOutcome, DatabaseOutcome, FleetOutcome, Incident, ServiceOutcome,
};
use crate::scenario::Scenario;
use crate::scenario::database::Engine;
use crate::scenario::request::{Step, Target};
use crate::scenario::scaling::{Metric, PolicyKind};
use crate::units::Time;
use crate::usage::{BalancerHour, InstanceUse, Usage};

/// What a run measured.
#[derive(Debug)]
pub struct Measured {
    /// Requests, attempts, latencies and the timeline.
    pub recorder: Recorder,
    /// Stages of time.
    pub stages: Vec<Stage>,
    /// Attempts whose client has gone, still in the system at the end.
    pub orphans: u64,
    /// Requests in the system or between two attempts at the end, counted one by one.
    pub requests_in_system: u64,
    /// Auto Scaling activities.
    pub scaling: Vec<Activity>,
    /// Other incidents.
    pub incidents: Vec<Incident>,
    /// Fleets.
    pub fleets: Vec<FleetOutcome>,
    /// Caches.
    pub caches: Vec<CacheOutcome>,
    /// Databases.
    pub databases: Vec<DatabaseOutcome>,
    /// Service stations.
    pub services: Vec<ServiceOutcome>,
    /// What is billed.
    pub usage: Usage,
}

/// Counters between rows.
#[derive(Debug)]
pub struct Gauges {
    row_start: u64,
    /// Activities, and how many of their instances are still on their way.
    activities: Vec<(Activity, u32)>,
    incidents: Vec<Incident>,
    /// Storage reads of each database.
    pub storage_reads: Vec<u64>,
    busy: Vec<f64>,
    waiting: Vec<f64>,
    processors: Vec<(f64, f64)>,
    counters: Vec<u64>,
    usage: Usage,
    /// Balancers on the path of each class.
    paths: Vec<Vec<usize>>,
    class_counts: Vec<(u64, u64)>,
}

/// More incidents than this are not kept.
const MOST_INCIDENTS: usize = 10_000;

/// Mean size of a database result that crosses the network; an assumption, a few rows of a few columns.
const RESULT: u64 = 1024;

impl Gauges {
    /// Everything at zero.
    pub fn new(scenario: &Scenario) -> Self {
        let usage = Usage {
            duration: scenario.duration,
            balancers: vec![Vec::new(); scenario.balancers.len()],
            database_io: vec![Vec::new(); scenario.databases.len()],
            ..Usage::default()
        };
        let paths = scenario.classes.iter().map(|class| {
            let mut path = Vec::new();
            balancers_of(&class.steps, &mut path);
            path
        });
        Gauges {
            row_start: 0,
            activities: Vec::new(),
            incidents: Vec::new(),
            storage_reads: vec![0; scenario.databases.len()],
            busy: Vec::new(),
            waiting: Vec::new(),
            processors: Vec::new(),
            counters: Vec::new(),
            usage,
            paths: paths.collect(),
            class_counts: vec![(0, 0); scenario.classes.len()],
        }
    }

    /// Notes something that happened.
    pub fn incident(&mut self, now: u64, resource: &str, text: String) {
        if self.incidents.len() < MOST_INCIDENTS {
            self.incidents.push(Incident { at_s: now as f64 / 1e9, resource: resource.into(), text });
        }
    }

    /// Notes a scaling activity that launches or terminates so many instances; returns its number.
    pub fn activity(
        &mut self,
        now: u64,
        fleet: &str,
        from: u32,
        to: u32,
        cause: String,
        instances: u32,
    ) -> usize {
        let at_s = now as f64 / 1e9;
        let done_s = (instances == 0).then_some(at_s);
        let activity = Activity { at_s, done_s, fleet: fleet.into(), from, to, cause };
        self.activities.push((activity, instances));
        self.activities.len() - 1
    }

    /// One instance of an activity has arrived where it was going; says whether that was the last one.
    pub fn activity_done(&mut self, activity: usize, now: u64) -> bool {
        let (activity, left) = &mut self.activities[activity];
        *left = left.saturating_sub(1);
        if *left == 0 {
            activity.done_s = Some(now as f64 / 1e9);
        }
        *left == 0
    }

    /// What a counter has grown by since the last row; counters are asked for in the same order every row.
    fn grown(&mut self, next: &mut usize, value: u64) -> u64 {
        if *next == self.counters.len() {
            self.counters.push(0);
        }
        let before = std::mem::replace(&mut self.counters[*next], value);
        *next += 1;
        value - before
    }
}

fn balancers_of(steps: &[Step], path: &mut Vec<usize>) {
    for step in steps {
        match step {
            Step::Call { target, steps } => {
                if let Target::Balancer(id) = target {
                    path.push(id.index());
                }
                balancers_of(steps, path);
            }
            Step::Lookup { miss, .. } => balancers_of(miss, path),
            _ => {}
        }
    }
}

fn grow_by(values: &mut Vec<f64>, index: u32, value: f64) -> f64 {
    let index = index as usize;
    if values.len() <= index {
        values.resize(index + 1, 0.0);
    }
    value - std::mem::replace(&mut values[index], value)
}

impl World<'_> {
    /// Ends a row and plans the end of the next one.
    pub(super) fn end_row(&mut self) {
        if self.now > self.gauges.row_start {
            self.read_gauges();
        }
        let next = self.now.saturating_add(self.scenario.bucket.0).min(self.end);
        if next > self.now {
            self.calendar.set(Timer::Row, next);
        }
    }

    fn read_gauges(&mut self) {
        let span = (self.now - self.gauges.row_start) as f64;
        self.recorder.end_row(self.now);
        let mut counter = 0;
        for index in 0..self.fleets.len() {
            self.read_fleet(index, span);
        }
        for index in 0..self.caches.len() {
            self.read_cache(index, span, &mut counter);
        }
        for index in 0..self.databases.len() {
            self.read_database(index, span, &mut counter);
        }
        for index in 0..self.services.len() {
            self.read_service(index, span);
        }
        self.read_usage(span, &mut counter);
        self.gauges.row_start = self.now;
    }

    /// Busy-server nanoseconds of a station in the row.
    fn busy_in_row(&mut self, station: u32) -> f64 {
        let area = self.stations[station as usize].busy_area(self.now);
        grow_by(&mut self.gauges.busy, station, area)
    }

    /// Waiting nanoseconds of a station in the row.
    fn waiting_in_row(&mut self, station: u32) -> f64 {
        let area = self.stations[station as usize].waiting_area(self.now);
        grow_by(&mut self.gauges.waiting, station, area)
    }

    /// Busy-core and job nanoseconds of a processor in the row.
    fn processor_in_row(&mut self, processor: u32) -> (f64, f64) {
        let state = &mut self.processors[processor as usize];
        let (busy, jobs) = (state.busy_area(self.now), state.jobs_area(self.now));
        let known = &mut self.gauges.processors;
        if known.len() <= processor as usize {
            known.resize(processor as usize + 1, (0.0, 0.0));
        }
        let before = std::mem::replace(&mut known[processor as usize], (busy, jobs));
        (busy - before.0, jobs - before.1)
    }

    fn read_fleet(&mut self, index: usize, span: f64) {
        let settings = &self.scenario.fleets[index];
        let row_start = self.gauges.row_start;
        let (mut cpu, mut threads, mut backlog, mut serving) = (0.0, 0.0, 0.0, 0.0);
        let mut pools = vec![[(0.0, 0.0, 0.0); 2]; settings.pools.len()];
        for id in 0..self.instances.len() as u32 {
            let instance = &self.instances[id as usize];
            if instance.fleet != index || instance.ended <= row_start {
                continue;
            }
            let from = instance.running.max(row_start);
            serving += instance.ended.min(self.now).saturating_sub(from) as f64;
            let (station, cores, processor) = (instance.threads, instance.cores, instance.processor);
            threads += self.busy_in_row(station);
            backlog += self.waiting_in_row(station);
            cpu += match processor {
                super::request::NONE => self.busy_in_row(cores),
                processor => self.processor_in_row(processor).0,
            };
            for (pool, sums) in pools.iter_mut().enumerate() {
                let state = &self.instances[id as usize].pools[pool];
                for (station, sum) in [state.writer, state.reader].into_iter().zip(sums) {
                    sum.0 += self.busy_in_row(station);
                    sum.1 += self.waiting_in_row(station);
                    sum.2 += f64::from(self.stations[station as usize].servers()) * span;
                }
            }
        }
        let alive = self.fleets[index].alive.iter();
        let warm = alive.filter(|&&instance| self.is_warm(instance)).count() as u32;
        let in_service = self.count(index, Lifecycle::InService);
        let unhealthy =
            self.fleets[index].balancers.iter().map(|&balancer| self.balancers[balancer].unhealthy()).max();
        let counts = (self.count(index, Lifecycle::Pending), self.count(index, Lifecycle::Terminating));
        if self.recorder.timeline.fleets.len() <= index {
            let role = |pool: &crate::scenario::fleet::Pool, role: &str| PoolSeries {
                database: self.scenario.databases[pool.database.index()].name.clone(),
                role: role.into(),
                ..PoolSeries::default()
            };
            let pools = settings.pools.iter().flat_map(|pool| [role(pool, "writer"), role(pool, "reader")]);
            self.recorder.timeline.fleets.push(FleetSeries {
                name: settings.name.clone(),
                pools: pools.collect(),
                ..FleetSeries::default()
            });
        }
        let series = &mut self.recorder.timeline.fleets[index];
        series.pending.push(counts.0);
        series.warming.push(in_service - warm);
        series.in_service.push(warm);
        series.terminating.push(counts.1);
        series.desired.push(self.fleets[index].desired);
        series.unhealthy.push(unhealthy.unwrap_or(0));
        series.cpu_percent.push(100.0 * cpu / (serving * f64::from(settings.instance.vcpus)).max(1.0));
        series.threads_busy.push(threads / serving.max(1.0));
        series.backlog.push(backlog / span);
        for (series, (busy, waiting, servers)) in series.pools.iter_mut().zip(pools.into_iter().flatten()) {
            series.used_percent.push(if servers > 0.0 { 100.0 * busy / servers } else { 0.0 });
            series.waiting.push(waiting / span);
        }
    }

    fn read_cache(&mut self, index: usize, span: f64, counter: &mut usize) {
        let counts = self.caches[index].counts;
        let lookups = self.gauges.grown(counter, counts.lookups);
        let hits = self.gauges.grown(counter, counts.hits);
        let evictions = self.gauges.grown(counter, counts.evictions);
        let shards = self.caches[index].shards.clone();
        let busy: f64 = shards.iter().map(|&shard| self.busy_in_row(shard)).sum();
        let capacity = self.scenario.caches[index].capacity().max(1) as f64;
        let timeline = &mut self.recorder.timeline;
        if timeline.caches.len() <= index {
            let name = self.scenario.caches[index].name.clone();
            timeline.caches.push(CacheSeries { name, ..CacheSeries::default() });
        }
        let series = &mut timeline.caches[index];
        series.lookups.push(lookups as f64 * 1e9 / span);
        series.hit_ratio.push((lookups > 0).then(|| hits as f64 / lookups as f64));
        series.evictions.push(evictions as f64 * 1e9 / span);
        series.fill_percent.push(100.0 * self.caches[index].len() as f64 / capacity);
        series.busy_percent.push(100.0 * busy / (span * shards.len().max(1) as f64));
    }

    fn read_database(&mut self, index: usize, span: f64, counter: &mut usize) {
        let settings = &self.scenario.databases[index];
        let processors: Vec<u32> = self.databases[index].nodes.iter().map(|node| node.processor).collect();
        let use_of: Vec<(f64, f64)> =
            processors.iter().map(|&processor| self.processor_in_row(processor)).collect();
        let percent = |busy: f64, vcpus: u32| 100.0 * busy / (span * f64::from(vcpus));
        let replicas = use_of.len().saturating_sub(1);
        let replica_busy: f64 = use_of[1..].iter().map(|(busy, _)| busy).sum();
        let now = self.now;
        let state = &mut self.databases[index];
        let lag = state.replication.lag(now);
        let waiting_area = state.locks.waiting_area(now);
        let (granted, waited) = (state.locks.granted_after_wait, state.locks.waited);
        let (reads, writes, stale) = (state.reads, state.writes, state.stale_reads);
        let opened = |nodes: &[super::database::Node]| nodes.iter().map(|node| node.open).sum::<u32>();
        let (writer_open, replica_open) = (opened(&state.nodes[..1]), opened(&state.nodes[1..]));
        let granted = self.gauges.grown(counter, granted);
        let waited = self.gauges.grown(counter, waited);
        let reads = self.gauges.grown(counter, reads);
        let writes = self.gauges.grown(counter, writes);
        let stale = self.gauges.grown(counter, stale);
        // Waiting transactions: whole nanoseconds are exact enough for a mean over a row.
        let lock_waiting = self.gauges.grown(counter, waiting_area as u64);
        let timeline = &mut self.recorder.timeline;
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
        series.writer_connections.push(writer_open);
        series.replica_connections.push(replica_open);
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
        let (station, processor) = (self.services[index].station, self.services[index].processor);
        let (busy, waiting) = match processor {
            super::request::NONE => (self.busy_in_row(station), self.waiting_in_row(station)),
            processor => {
                let (busy, jobs) = self.processor_in_row(processor);
                (busy, jobs - busy)
            }
        };
        let timeline = &mut self.recorder.timeline;
        if timeline.services.len() <= index {
            timeline.services.push(ServiceSeries { name: settings.name.clone(), ..ServiceSeries::default() });
        }
        let series = &mut timeline.services[index];
        series.busy_percent.push(100.0 * busy / (span * f64::from(settings.servers)));
        series.waiting.push(waiting / span);
    }

    /// Books what the row used to the hour in which it began.
    fn read_usage(&mut self, span: f64, counter: &mut usize) {
        let hour = (self.gauges.row_start / 3_600_000_000_000) as usize;
        let zones = self.scenario.fleets.iter().map(|fleet| fleet.zones).max().unwrap_or(1).max(1);
        // Instances are spread evenly over the zones; a node lies in one of them.
        let crossing = 1.0 - 1.0 / f64::from(zones);
        let mut balancer_bytes = vec![0.0; self.balancers.len()];
        let mut internet = 0.0;
        for (index, class) in self.scenario.classes.iter().enumerate() {
            let requests = &self.recorder.classes[index].requests;
            let now = (requests.arrived, requests.completed);
            let before = std::mem::replace(&mut self.gauges.class_counts[index], now);
            let (sent, answered) = ((now.0 - before.0) as f64, (now.1 - before.1) as f64);
            let bytes = sent * class.request_size.0 as f64 + answered * class.response_size.0 as f64;
            for &balancer in &self.gauges.paths[index] {
                balancer_bytes[balancer] += bytes;
            }
            let public = self.gauges.paths[index].first();
            if public.is_some_and(|&balancer| self.scenario.balancers[balancer].internet_facing) {
                internet += answered * class.response_size.0 as f64;
            }
        }
        let mut crossed = 0.0;
        for (index, settings) in self.scenario.caches.iter().enumerate() {
            let hits = self.gauges.grown(counter, self.caches[index].counts.hits);
            crossed += hits as f64 * settings.item.0 as f64 * crossing;
        }
        for index in 0..self.databases.len() {
            let statements = self.databases[index].reads + self.databases[index].writes;
            crossed += self.gauges.grown(counter, statements) as f64 * RESULT as f64 * crossing;
            // Every commit writes its log once; storage reads are those that missed the buffer pool.
            let io = self.databases[index].commits + self.gauges.storage_reads[index];
            let io = self.gauges.grown(counter, io);
            *hour_of(&mut self.gauges.usage.database_io[index], hour) += io;
        }
        for (index, bytes) in balancer_bytes.into_iter().enumerate() {
            let requests = self.gauges.grown(counter, self.balancers[index].requests);
            let settings = &self.scenario.balancers[index];
            let connections = requests as f64 / settings.requests_per_connection;
            let hours = span / 3.6e12;
            let entry: &mut BalancerHour = hour_of(&mut self.gauges.usage.balancers[index], hour);
            // A connection is held until the idle timeout after its last request.
            let active = connections * 1e9 / span * settings.idle_timeout.as_secs_f64();
            entry.active_connections =
                (entry.active_connections * entry.hours + active * hours) / (entry.hours + hours).max(1e-12);
            entry.hours += hours;
            entry.new_connections += connections;
            entry.bytes += bytes;
        }
        hour_of(&mut self.gauges.usage.internet_out, hour).0 += internet as u64;
        hour_of(&mut self.gauges.usage.cross_zone, hour).0 += crossed as u64;
    }

    /// Ends the run.
    pub(super) fn finish(mut self) -> Measured {
        if self.now > self.gauges.row_start {
            self.read_gauges();
        }
        let mut usage = std::mem::take(&mut self.gauges.usage);
        usage.completed = self.recorder.requests().completed;
        usage.instances = self
            .instances
            .iter()
            .map(|instance| InstanceUse {
                fleet: instance.fleet,
                launched: Time(instance.launched),
                ended: Time(instance.ended.min(self.end)),
            })
            .collect();
        let (mut orphans, mut in_system) = (0, 0);
        for id in 0..self.attempts.len() as u32 {
            match self.attempts[id].state {
                State::Orphan => orphans += 1,
                State::Active | State::Late | State::Pausing => in_system += 1,
                State::Free | State::Probe => {}
            }
        }
        Measured {
            orphans,
            requests_in_system: in_system,
            fleets: (0..self.fleets.len()).map(|index| self.fleet_outcome(index, &usage)).collect(),
            caches: (0..self.caches.len()).map(|index| self.cache_outcome(index)).collect(),
            databases: (0..self.databases.len()).map(|index| self.database_outcome(index)).collect(),
            services: (0..self.services.len()).map(|index| self.service_outcome(index)).collect(),
            scaling: self.gauges.activities.into_iter().map(|(activity, _)| activity).collect(),
            incidents: self.gauges.incidents,
            recorder: self.recorder,
            stages: self.program.stages,
            usage,
        }
    }

    fn fleet_outcome(&mut self, index: usize, usage: &Usage) -> FleetOutcome {
        let settings = &self.scenario.fleets[index];
        let cpu_target = settings.policies.iter().find_map(|policy| match policy.kind {
            PolicyKind::TargetTracking { target, .. } if policy.metric == Metric::Cpu => Some(target),
            _ => None,
        });
        let ids: Vec<u32> = (0..self.instances.len() as u32)
            .filter(|&id| self.instances[id as usize].fleet == index)
            .collect();
        let busy: f64 = ids.iter().map(|&id| self.cpu_area(id)).sum();
        let served: f64 = ids
            .iter()
            .map(|&id| &self.instances[id as usize])
            .map(|instance| instance.ended.min(self.end).saturating_sub(instance.running) as f64)
            .sum();
        let state = &self.fleets[index];
        FleetOutcome {
            name: settings.name.clone(),
            instance: settings.instance.name.clone(),
            cpu_target,
            peak_instances: state.peak as u32,
            launched: state.launched,
            terminated: state.terminated,
            instance_seconds: usage
                .instances
                .iter()
                .filter(|instance| instance.fleet == index)
                .map(|instance| (instance.ended - instance.launched).as_secs_f64())
                .sum(),
            cpu_mean: busy / (served * f64::from(settings.instance.vcpus)).max(1.0),
        }
    }

    fn cache_outcome(&self, index: usize) -> CacheOutcome {
        let (settings, state) = (&self.scenario.caches[index], &self.caches[index]);
        let counts = state.counts;
        CacheOutcome {
            name: settings.name.clone(),
            lookups: counts.lookups,
            hits: counts.hits,
            hit_ratio: counts.hits as f64 / counts.lookups.max(1) as f64,
            evictions: counts.evictions,
            expirations: counts.expirations,
            invalidations: counts.invalidations,
            coalesced: counts.coalesced,
            items: state.len(),
            capacity: settings.capacity(),
        }
    }

    fn database_outcome(&self, index: usize) -> DatabaseOutcome {
        let (settings, state) = (&self.scenario.databases[index], &self.databases[index]);
        DatabaseOutcome {
            name: settings.name.clone(),
            engine: match settings.engine {
                Engine::AuroraMysql => "aurora-mysql".into(),
                Engine::Mysql => "mysql".into(),
            },
            reads: state.reads,
            writes: state.writes,
            commits: state.commits,
            lock_timeouts: state.lock_timeouts,
            deadlocks: state.deadlocks,
            connections_refused: state.refused,
            peak_connections: state.nodes[0].peak,
            replica_reads: state.replica_reads,
            stale_reads: state.stale_reads,
            lag_ms: (&state.replication.lag).into(),
            mean_lock_wait_ms: state.locks.waited as f64 / state.locks.granted_after_wait.max(1) as f64 / 1e6,
            buffer_hit_ratio: (state.pages.1 > 0).then(|| state.pages.0 as f64 / state.pages.1 as f64),
        }
    }

    fn service_outcome(&mut self, index: usize) -> ServiceOutcome {
        let settings = &self.scenario.services[index];
        let state = &self.services[index];
        let span = self.now.max(1) as f64;
        let (busy, present) = match state.processor {
            super::request::NONE => {
                let station = &mut self.stations[state.station as usize];
                let busy = station.busy_area(self.now);
                (busy, busy + station.waiting_area(self.now))
            }
            processor => {
                let processor = &mut self.processors[processor as usize];
                (processor.busy_area(self.now), processor.jobs_area(self.now))
            }
        };
        ServiceOutcome {
            name: settings.name.clone(),
            arrived: state.arrived,
            served: state.served,
            rejected: state.rejected,
            abandoned: state.abandoned,
            delayed: state.delayed,
            mean_wait_ms: state.wait.mean() / 1e6,
            wait_ms: (&state.wait).into(),
            utilisation: busy / span / f64::from(settings.servers.max(1)),
            mean_in_station: present / span,
        }
    }
}

fn hour_of<T: Default + Clone>(hours: &mut Vec<T>, hour: usize) -> &mut T {
    if hours.len() <= hour {
        hours.resize(hour + 1, T::default());
    }
    &mut hours[hour]
}
