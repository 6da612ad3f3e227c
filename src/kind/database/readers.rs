//! Aurora Auto Scaling: replicas that are added and removed.
//!
//! In: once a minute the CPU of the readers, or their connections. Out: replicas that serve after their boot, and replicas that are gone
//! with their connections. The alarms are those of target tracking: three minutes above the target, fifteen below nine tenths of it. Pools keep
//! the connections that they have: only those that they open later lead to a replica that was added. (Aurora user guide, "Using
//! Amazon Aurora Auto Scaling with Aurora replicas".)

use std::collections::VecDeque;

use super::language::{ReaderMetric, ReplicaScaling};
use super::model::{Databases, Timer};
use super::node::Node;
use crate::dist::Sampler;
use crate::flow::{Flow, number};
use crate::id;
use crate::number;
use crate::rng::Stream;
use crate::units::Time;

/// The period of the metrics of RDS: 60 s. Source: Aurora user guide, CloudWatch metrics.
const PERIOD: u64 = 60_000_000_000;
/// Points of the high and of the low alarm. Source: as the alarms that target tracking makes elsewhere.
const POINTS: [usize; 2] = [3, 15];
/// The low alarm is below this part of the target. Source: Application Auto Scaling user guide, target tracking: the same alarms.
const LOW: f64 = 0.9;

/// What a database keeps to add and remove replicas.
#[derive(Debug)]
pub struct Readers {
    /// The last points of the metric, the newest last; nothing where no replica was there for a whole period.
    points: VecDeque<Option<f64>>,
    /// The nodes that were there at the end of the last period, by their processors, and their busy-core nanoseconds then.
    busy: Vec<(u32, f64)>,
    boot: (Sampler, Stream),
    /// How many are being made.
    making: u32,
    /// When replicas were added or removed last.
    added: Option<u64>,
    removed: Option<u64>,
    /// Since when each replica that was added is there, by its processor.
    since: Vec<(u32, u64)>,
    /// From when to when others were.
    gone: Vec<(Time, Time)>,
}

impl Readers {
    /// Nothing has been added.
    pub fn new(settings: &ReplicaScaling, stream: Stream) -> Readers {
        Readers {
            points: VecDeque::new(),
            busy: Vec::new(),
            boot: (Sampler::new(&settings.boot), stream),
            making: 0,
            added: None,
            removed: None,
            since: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// Whether a node is one of those that were added.
    pub fn has_added(&self, node: &Node) -> bool {
        self.since.iter().any(|it| it.0 == node.processor)
    }

    /// From when to when replicas were there that were added.
    pub fn spans(&self, now: u64) -> Vec<(Time, Time)> {
        let present = self.since.iter().map(|&(_, since)| (Time(since), Time(now)));
        self.gone.iter().copied().chain(present).collect()
    }

    /// A period ends: the mean over the replicas that were there for all of it.
    fn note(&mut self, metric: ReaderMetric, nodes: &[Node], flow: &Flow) {
        let busy = |node: &Node| flow.processors[node.processor as usize].busy_area(flow.now);
        let present = nodes.iter().skip(1).filter(|node| !node.lost);
        let now = present.clone().map(|node| (node.processor, busy(node))).collect();
        let before = std::mem::replace(&mut self.busy, now);
        let mut values = Vec::new();
        for node in present {
            match metric {
                ReaderMetric::Connections => values.push(f64::from(node.open)),
                ReaderMetric::Cpu => {
                    if let Some((_, before)) = before.iter().find(|it| it.0 == node.processor) {
                        let cores = PERIOD as f64 * f64::from(node.vcpus);
                        values.push(100.0 * (busy(node) - before) / cores);
                    }
                }
            }
        }
        let mean = (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        self.points.push_back(mean);
        if self.points.len() > POINTS[1] {
            self.points.pop_front();
        }
    }

    /// Whether so many points, up to the last one, are all beyond a value.
    fn are(&self, points: usize, beyond: impl Fn(f64) -> bool) -> bool {
        self.points.len() >= points && self.points.iter().rev().take(points).all(|it| it.is_some_and(&beyond))
    }

    /// How many replicas there are to be, of so many.
    fn wanted(&self, settings: &ReplicaScaling, present: u32, now: u64) -> u32 {
        let Some(Some(value)) = self.points.back().copied() else { return present };
        let is_over = |at: Option<u64>, span: Time| at.is_none_or(|at| now >= at.saturating_add(span.0));
        // As many as bring the metric to its target, if the work is spread over them.
        let needed = (f64::from(present) * value / settings.target - 1e-9).ceil().max(0.0) as u32;
        let needed = needed.clamp(settings.min, settings.max);
        let is_high = present < settings.min || self.are(POINTS[0], |it| it > settings.target);
        let is_low = self.are(POINTS[1], |it| it < LOW * settings.target);
        if is_high && needed > present && is_over(self.added, settings.cooldown_out) {
            needed
        } else if is_low
            && needed < present
            && settings.scale_in
            && is_over(self.removed, settings.cooldown_in)
        {
            needed
        } else {
            present
        }
    }
}

impl Databases<'_> {
    /// The first look at the readers of each database that adds some.
    pub(super) fn begin_readers(&mut self, flow: &mut Flow) {
        for database in 0..self.each.len() {
            if self.each[database].readers.is_some() {
                flow.set(Timer::Minute { database: number(database) }, flow.now.saturating_add(PERIOD));
            }
        }
    }

    /// A minute is over.
    pub(super) fn look_at_readers(&mut self, database: usize, flow: &mut Flow) {
        flow.set(Timer::Minute { database: number(database) }, flow.now.saturating_add(PERIOD));
        let Some(settings) = &self.settings[database].replica_scaling else { return };
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.note(settings.metric, &state.nodes, flow);
        let present = state.nodes[1..].iter().filter(|node| !node.absent).count() as u32;
        // It waits until each replica is available.
        if readers.making > 0 || state.nodes.iter().any(|node| node.lost && !node.absent) {
            return;
        }
        let wanted = readers.wanted(settings, present, flow.now);
        let value = readers.points.back().copied().flatten().unwrap_or(0.0);
        let why = match settings.metric {
            ReaderMetric::Cpu => {
                format!(
                    "CPU of {} % where {} % is the target",
                    number::number(value),
                    number::number(settings.target)
                )
            }
            ReaderMetric::Connections => {
                let (value, target) = (number::number(value), number::number(settings.target));
                format!("{value} connections to each where {target} is the target")
            }
        };
        if wanted > present {
            self.add_readers(database, wanted - present, &why, flow);
        } else if wanted < present {
            self.remove_readers(database, present - wanted, &why, flow);
        }
    }

    fn add_readers(&mut self, database: usize, count: u32, why: &str, flow: &mut Flow) {
        let name = &self.settings[database].name;
        let text = format!("{} will be added: {why}", number::things(count.into(), "replica"));
        flow.incident(id::Kind::Database, name, text);
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.making += count;
        let absent = state.nodes.iter().filter(|node| node.absent).map(|node| node.processor);
        for processor in absent.take(count as usize) {
            let span = readers.boot.0.time(&mut readers.boot.1);
            let at = flow.now.saturating_add(span.0);
            flow.set(Timer::Serves { database: number(database), processor }, at);
        }
    }

    /// A replica that was added serves from now on.
    pub(super) fn serve(&mut self, database: usize, processor: u32, flow: &mut Flow) {
        let state = &mut self.each[database];
        let Some(readers) = &mut state.readers else { return };
        readers.making -= 1;
        if readers.making == 0 {
            readers.added = Some(flow.now);
        }
        readers.since.push((processor, flow.now));
        let Some(node) = state.nodes.iter_mut().find(|node| node.processor == processor) else { return };
        node.absent = false;
        if !self.lost.contains(&node.place) {
            node.start_cold();
        }
        flow.incident(id::Kind::Database, &self.settings[database].name, "a replica was added".into());
        self.rejoin_replicas(database, flow);
        self.note_lost(database, flow);
        self.fill_pools(flow);
    }

    fn remove_readers(&mut self, database: usize, count: u32, why: &str, flow: &mut Flow) {
        let mut removed = 0;
        for _ in 0..count {
            let state = &mut self.each[database];
            let Some(readers) = &mut state.readers else { break };
            // The one that was added last, unless it is the writer by now.
            let is_replica =
                |processor: u32| state.nodes.iter().skip(1).position(|it| it.processor == processor);
            let found = readers
                .since
                .iter()
                .enumerate()
                .rev()
                .find_map(|(index, it)| Some((index, is_replica(it.0)?)));
            let Some((index, place)) = found else { break };
            let (_, since) = readers.since.remove(index);
            readers.gone.push((Time(since), Time(flow.now)));
            readers.removed = Some(flow.now);
            let node = &mut state.nodes[1 + place];
            (node.absent, node.lost) = (true, true);
            state.replication.lose(place, flow.now);
            self.break_off(database, 1 + place, flow);
            removed += 1;
        }
        if removed > 0 {
            let text = format!("{} removed: {why}", number::things(removed.into(), "replica"));
            flow.incident(id::Kind::Database, &self.settings[database].name, text);
            self.note_lost(database, flow);
        }
    }
}
