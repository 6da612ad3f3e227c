//! What is read of fleets: a row of the timeline when it ends, totals at the end.
//!
//! In: the hosts of each fleet, and integrals over time. Out: how many there are and how busy, in the row and in all.

use super::instance::Instance;
use super::language::Fleet as Settings;
use super::model::Fleets;
use super::record::{FleetSeries, FleetTotals};
use super::sockets::PortsInRow;
use crate::flow::host::Lifecycle;
use crate::flow::whose::threads_of;
use crate::flow::{Flow, NONE, number};
use crate::id::FleetId;
use crate::kind::record::Recorded;
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::measure::column::the_one;
use crate::measure::deployment::Deployment;
use crate::measure::load::{Noted, Spent};
use crate::measure::part::Part;
use crate::measure::resource::Resource;

/// Part of an instance that health checks keep busy at most. Assumption.
const CHECKS: f64 = 0.02;

/// An instance in a row.
#[derive(Clone, Copy, Debug)]
struct There {
    /// Its place among the hosts.
    id: u32,
    /// Its number in the fleet.
    number: u32,
    zone: u32,
    vcpus: f64,
    /// vCPUs with cores of their own that do as much as all of it.
    whole: f64,
    /// Strength of a core.
    strength: f64,
    /// What its CPU did, in the work of a core of strength 1.
    work: f64,
    /// Attempts that were sent to it.
    given: f64,
    /// How long it was there and got requests, or had some, nanoseconds.
    span: f64,
    /// The same of its threads: what it holds of before keeps these, and no CPU.
    held: f64,
    /// How long its application was up.
    up: f64,
}

/// What the instances of a fleet have done in a row.
#[derive(Debug, Default)]
struct Used {
    cpu_waiting: f64,
    backlog: f64,
    serving: f64,
    /// Each instance.
    there: Vec<There>,
    /// Of each, busy-core and busy-thread nanoseconds.
    cpus: Vec<f64>,
    /// The work of its cores, in the same unit; empty where no vCPUs share one.
    work: Vec<f64>,
    threads: Vec<f64>,
}

impl Used {
    fn read(fleet: usize, threads: Option<u32>, instances: &mut [Instance], flow: &mut Flow) -> Used {
        let mut used = Used::default();
        let row_start = flow.readings.row_start;
        for (id, instance) in instances.iter_mut().enumerate() {
            let host = &mut flow.hosts[id];
            if host.group != fleet || host.ended <= row_start {
                continue;
            }
            let from = host.running.max(row_start);
            let row_end = host.served_until().min(flow.now);
            let served_for = row_end.saturating_sub(from) as f64;
            let served_for = (served_for - instance.gaps.down_in_row(flow.now)).max(0.0);
            let out = match host.unregistered {
                true => served_for,
                false => host.rotation.out_in_row(host.running, row_end) as f64,
            };
            used.serving += served_for;
            used.there.push(There {
                id: number(id),
                number: host.number,
                zone: host.place.zone.0.into(),
                vcpus: host.mean_vcpus,
                whole: host.mean_vcpus,
                strength: host.strength,
                work: 0.0,
                given: std::mem::take(&mut host.entered) as f64,
                span: (served_for - out).max(0.0),
                held: 0.0,
                up: served_for,
            });
            let (station, cores, processor) = (threads_of(number(id)), host.cores, host.processor);
            let hangs = flow.hosts[id].hangs();
            let held = flow.busy_in_row(station);
            used.threads.push(held);
            used.backlog += flow.waiting_in_row(station);
            let (busy, waiting) = match processor {
                NONE => (flow.busy_in_row(cores), flow.waiting_in_row(cores)),
                processor => {
                    let (busy, jobs) = flow.processor_in_row(processor);
                    let taken = flow.busy_cores(number(id));
                    let throttled = instance.throttle.as_mut().map_or(0.0, |it| it.taken_in_row(taken));
                    let busy = (busy - throttled).max(0.0);
                    ((busy - instance.gaps.stood_in_row(taken)).max(0.0), jobs - busy)
                }
            };
            used.cpus.push(busy);
            // What gets none from its balancers may get them directly, or work on messages: it is there while it works. Health checks are
            // no work.
            let it = &mut used.there[used.cpus.len() - 1];
            let of_threads = threads.map_or(0.0, |threads| held / f64::from(threads.max(1)));
            if busy / it.whole > CHECKS * it.up {
                it.span = it.up;
            }
            // What hangs keeps its threads, and they are of no use to anybody.
            it.held = if hangs { 0.0 } else { it.span.max(of_threads.min(it.up)) };
            used.cpu_waiting += waiting;
        }
        used
    }

    /// What each instance did of `all` that it could.
    fn members<'a>(
        &'a self,
        busy: &'a [f64],
        all: impl Fn(&There) -> f64 + 'a,
    ) -> impl Iterator<Item = Noted> + 'a {
        let members = self.there.iter().zip(busy);
        members.map(move |(there, &busy)| {
            let all = all(there);
            let noted = Noted::new(Part::Instance(there.number), if all > 0.0 { busy } else { 0.0 }, all);
            let spent = Spent { work: busy * there.strength, ..noted.spent };
            Noted { zone: Some(there.zone), pace: there.strength, spent, ..noted }
        })
    }

    /// The same of their CPU: it takes as long as the instance is slow, and as long for each attempt that was sent there.
    fn cpus(&self) -> impl Iterator<Item = Noted> + '_ {
        let work = if self.work.is_empty() { &self.cpus } else { &self.work };
        self.members(work, |there| there.span * there.whole).zip(&self.there).map(|(noted, there)| Noted {
            spent: Spent { given: there.given, work: there.work, ..noted.spent },
            ..noted
        })
    }
}

impl Used {
    /// What there was for CPU, in vCPU-nanoseconds.
    fn capacity(&self, settings: &Settings) -> f64 {
        if settings.types() == 1 {
            return self.serving * settings.instance.mean_vcpus();
        }
        self.there.iter().map(|there| there.up * there.vcpus).sum()
    }
}

impl Fleets<'_> {
    /// Reads a row of every fleet.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for index in 0..self.each.len() {
            self.read(index, span, flow);
            self.read_accounts(index, flow);
            self.read_links(index, span, flow);
            self.read_ports(index, span, flow);
            self.read_memory(index, flow);
            self.read_waiting(index, flow);
            self.read_pool(index, flow);
            self.read_spot(index, flow);
            self.read_standby(index, flow);
            self.read_resizing(index, flow);
            self.note_interrupted(index, flow);
            self.note_in_service(index, flow);
        }
    }

    fn read(&mut self, index: usize, span: f64, flow: &mut Flow) {
        let mut used = Used::read(index, self.settings[index].threads, &mut self.instances, flow);
        if self.series.len() <= index {
            let name = self.settings[index].name.clone();
            self.series.push(FleetSeries { name, ..FleetSeries::default() });
        }
        self.read_work(&mut used, flow);
        self.read_cores(index, span, &mut used, flow);
        let work = used.there.iter().map(|it| it.span * it.whole * it.strength).fold(0.0, |sum, it| sum + it);
        self.read_mixed(index, work / span, flow);
        self.read_quotas(index, used.serving, flow);
        let settings = &self.settings[index];
        flow.note_members(Resource::Cpu { fleet: index }, used.cpus());
        let there = used.capacity(settings);
        if let Some(each) = settings.threads {
            flow.note_members(
                Resource::Threads { fleet: index },
                used.members(&used.threads, move |there| there.held * f64::from(each)),
            );
        }
        let warm = flow.warm(index).count() as u32;
        let in_service = flow.count(index, |lifecycle| lifecycle == Lifecycle::InService);
        // The group does not know yet that they are lost: for it they are in service.
        let lost = in_service - flow.in_service(index);
        let (pending, terminating) =
            (flow.count(index, Lifecycle::is_pending), flow.count(index, Lifecycle::is_terminating));
        let (entering, away) = (self.entering_standby(index, flow), self.away(index, flow));
        let desired = self.desired_instances(index, flow);
        let fleet = &mut self.each[index];
        let refused = fleet.refused_mark.grown(fleet.refused);
        // The sum of no instances would be -0.
        let sum = |each: &[f64]| each.iter().fold(0.0, |sum, of_one| sum + of_one);
        let (threads, cpu) = (sum(&used.threads), sum(&used.cpus));
        let series = &mut self.series[index];
        series.pending.push((pending - away).into());
        series.warming.push(f64::from(in_service - warm - lost));
        series.in_service.push((warm + lost).into());
        series.lost.push(lost.into());
        series.terminating.push((terminating - entering).into());
        series.desired.push(desired);
        series.serving.push(used.serving / span);
        series.in_rotation.push(used.there.iter().fold(0.0, |sum, it| sum + it.span) / span);
        series.cpu_percent.push(100.0 * cpu / there.max(1.0));
        series.cpu_waiting.push(used.cpu_waiting.max(0.0) / span);
        series.threads_busy.push(threads / used.serving.max(1.0));
        series.backlog.push(used.backlog / span);
        series.refused.push(refused as f64 * 1e9 / span);
    }

    /// What the CPU of each instance did in the row.
    fn read_work(&mut self, used: &mut Used, flow: &Flow) {
        for there in &mut used.there {
            let done = self.work_done(there.id, flow);
            let mark = &mut self.instances[there.id as usize].done_mark;
            there.work = done - std::mem::replace(mark, done);
        }
    }

    /// A row of the work of cores of which each has two threads, if the fleet has some; each instance by its own.
    fn read_cores(&mut self, index: usize, span: f64, used: &mut Used, flow: &Flow) {
        if self.settings[index].all_hardware().all(|hardware| hardware.cores.is_none()) {
            return;
        }
        for (there, busy) in used.there.iter_mut().zip(&used.cpus) {
            let (shared, whole) = self.shared_in_row(there.id, flow);
            there.whole = whole;
            used.work.push((busy - shared).max(0.0));
        }
        let series = the_one(&mut self.series[index].cores);
        series.work.push(used.work.iter().fold(0.0, |sum, work| sum + work) / span);
        series.most.push(used.there.iter().fold(0.0, |sum, it| sum + it.span * it.whole) / span);
    }

    /// A row of the local ports of a fleet, if they can run out.
    fn read_ports(&mut self, index: usize, span: f64, flow: &Flow) {
        if self.settings[index].sockets.is_none() {
            return;
        }
        let PortsInRow { taken, busy, calls, opened, failed } = self.ports_in_row(index, span, flow);
        let series = the_one(&mut self.series[index].ports);
        series.taken_percent.push(100.0 * taken);
        series.busy_percent.push(100.0 * busy);
        series.calls.push(calls as f64 * 1e9 / span);
        series.opened.push(opened as f64 * 1e9 / span);
        series.failed.push(failed as f64 * 1e9 / span);
    }

    /// A row of the memory of a fleet, if the file says what it uses.
    fn read_memory(&mut self, index: usize, flow: &Flow) {
        let Some(memory) = self.settings[index].memory else { return };
        let hosts = flow.groups[index].alive.iter().map(|&it| (it, &flow.hosts[it as usize]));
        let in_service = hosts.filter(|(_, host)| host.lifecycle == Lifecycle::InService);
        let (sum, count) = in_service.fold((0.0, 0.0), |(sum, count), (it, host)| {
            let whole = self.hardware_of(it, flow).instance.memory;
            (sum + memory.used(host.inside, whole), count + 1.0)
        });
        the_one(&mut self.series[index].memory).used_percent.push(if count > 0.0 {
            sum / count
        } else {
            0.0
        });
    }

    /// A row of the tasks of a fleet that find no room, if they are on instances.
    fn read_waiting(&mut self, index: usize, flow: &Flow) {
        if self.on_nodes(index).is_some() {
            let own = self.waiting.iter().filter(|&&task| flow.hosts[task as usize].group == index);
            let waiting = own.count() as f64;
            the_one(&mut self.series[index].tasks).waiting.push(waiting);
        }
    }

    /// Totals of every fleet.
    fn totals(&self, flow: &Flow) -> Vec<FleetTotals> {
        (0..self.each.len()).map(|index| self.totals_of(index, flow)).collect()
    }

    fn totals_of(&self, index: usize, flow: &Flow) -> FleetTotals {
        let (settings, state) = (&self.settings[index], &self.each[index]);
        let cpu_target = settings.policies.iter().find_map(|policy| match policy.kind {
            PolicyKind::TargetTracking { target, .. } if policy.metric == Metric::Cpu => Some(target),
            // Of what a pod requests, which may be less than its limit.
            PolicyKind::Hpa(hpa) if policy.metric == Metric::Cpu => {
                Some(hpa.target * settings.requested_vcpus() / settings.instance.mean_vcpus())
            }
            _ => None,
        });
        let hosts = || flow.hosts.iter().zip(0..).filter(|(host, _)| host.group == index);
        // Of each type for itself: what is there is a whole number of vCPUs times a span.
        let cpu_there = (0..settings.types()).fold(0.0, |sum, model| {
            let own = hosts().filter(|&(_, id)| self.instances[id as usize].model == model);
            let served =
                own.map(|(host, _)| host.served_until().min(flow.end).saturating_sub(host.running) as f64);
            sum + served.fold(0.0, |sum, span| sum + span) * settings.hardware(model).instance.mean_vcpus()
        });
        let (held_for, owed) = self.accounts(index, flow);
        let is_own = |it: &&Deployment| it.of == Some(FleetId(index as u32));
        let deployments = || flow.journal.deployments().filter(is_own);
        FleetTotals {
            name: settings.name.clone(),
            instance: settings.type_names(),
            cpu_target,
            max_instances: Some(settings.max.into()),
            peak_instances: state.peak as u32,
            wanted_instances: state.wanted_most,
            wanted_times: state.wanted_times,
            launched: state.launched.into(),
            terminated: state.terminated.into(),
            failed_launches: state.failed,
            interrupted: state.interrupted,
            missing: self.missing(index, flow),
            from_pool: state.pool.as_ref().map_or(0, |pool| pool.taken),
            never_served: hosts().filter(|&(host, id)| host.served_nobody() && !self.goes_on(id)).count()
                as u64
                + u64::from(state.abandoned),
            instance_seconds: self
                .all_lives(index, flow)
                .map(|life| life.span)
                .chain(self.pool_spans(index, flow.end))
                .map(|(from, to)| (to - from).as_secs_f64())
                .fold(0.0, |sum, seconds| sum + seconds),
            held_seconds: held_for / 1e9,
            limited_seconds: self.limited_for(index, flow).0 / 1e9,
            limited_periods: self.limited_for(index, flow).1,
            throttled_seconds: self.throttled_for(index, flow) / 1e9,
            deploying_seconds: deployments()
                .map(|it| it.span_s(flow.end as f64 / 1e9))
                .fold(0.0, |sum, span| sum + span),
            deploying_failed: deployments().map(|it| it.failed).sum(),
            deploying_least: deployments().map(|it| it.least).min().unwrap_or(0).into(),
            deploys: deployments().next().is_some().into(),
            surplus_hours: state.surplus.iter().fold(0.0, |sum, hours| sum + hours),
            owed_hours: owed,
            cpu_busy: hosts().map(|(_, id)| flow.cpu_area(id)).fold(0.0, |sum, area| sum + area),
            cpu_there,
        }
    }
}

impl Recorded for Fleets<'_> {
    type Series = FleetSeries;
    type Totals = FleetTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<FleetSeries>, Vec<FleetTotals>) {
        for (group, series) in self.series.iter_mut().enumerate() {
            let rows = std::mem::take(flow.readings.group(group));
            (series.unhealthy, series.pools) = (rows.unhealthy, rows.pools);
        }
        (std::mem::take(&mut self.series), self.totals(flow))
    }
}
