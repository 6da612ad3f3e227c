//! EC2 Auto Scaling: metrics become points, points set alarms, alarms change the desired capacity.
//!
//! In: the CPU and request counts of warm instances. Out: points, states of alarms, and the instants at which policies
//! act; what they then want is in `decision`.

use super::alarm::Watch;
use super::cooldown::Cooldowns;
use super::language::{Alarm, Math, Metric};
use super::meter::{Meter, Point, Read};
use super::pods::Controller;
use super::predictive::Forecast;
use super::watched::Own;
use crate::flow::fact::{Fact, Reading};
use crate::flow::host::Lifecycle;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, AlarmOf, FleetId, Gauge};
use crate::kind::Kind;
use crate::kind::fleet::language::Fleet;
use crate::kind::part::{Part, Plan};
use crate::measure::totals::AlarmChange;
use crate::units::Time;

/// The scaling of all fleets.
#[derive(Debug)]
pub struct Controls<'s> {
    pub(super) settings: &'s [Fleet],
    /// One of each fleet, and one of the alarms that are of none.
    pub(super) each: Vec<Control>,
    /// The alarms that only notify.
    pub(super) own: Vec<Own<'s>>,
}

/// Scaling has no steps of requests.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

timers! {
    Kind::Scaling;
    /// A CloudWatch period ends.
    Meter { fleet: u16, meter: u16 } = "metric of fleet";
    /// The high alarm of a policy is evaluated.
    HighAlarm { fleet: u16, policy: u16 } = "high alarm of fleet";
    /// The low alarm of a policy is evaluated.
    LowAlarm { fleet: u16, policy: u16 } = "low alarm of fleet";
    /// An alarm that only notifies is evaluated.
    OwnAlarm { alarm: u16 } = "alarm";
    /// The HorizontalPodAutoscaler of a fleet looks.
    Sync { fleet: u16 } = "look at the pods of fleet";
    /// An hour of predictive scaling ends.
    Hour { fleet: u16, forecast: u16 } = "hour of the forecast of fleet";
    /// An hour of predictive scaling will begin.
    Ahead { fleet: u16, forecast: u16 } = "capacity ahead of an hour of fleet";
}

/// State of a fleet's scaling.
#[derive(Debug)]
pub struct Control {
    meters: Vec<Meter>,
    /// For each policy how often its metric is published.
    published: Vec<Time>,
    /// For each policy its alarm, or its high and its low alarm.
    pub(super) watches: Vec<[Watch; 2]>,
    /// Policies of which an alarm acts at this instant, and whether that is the low one.
    pub(super) acting: Vec<(usize, bool)>,
    /// What its policies have done last, if they are of Application Auto Scaling.
    pub(super) cooldowns: Cooldowns,
    /// The HorizontalPodAutoscaler of its pods.
    pub(super) hpa: Controller,
    /// Its predictive policies.
    pub(super) forecasts: Vec<Forecast>,
}

impl Control {
    /// A group that has kept its size for long: no alarm was on, or its size would have changed.
    fn new(index: usize, fleets: &[Fleet], own: &[Own]) -> Self {
        let policies = fleets.get(index).map_or(&[][..], |fleet| &fleet.policies);
        let mut meters: Vec<Meter> = Vec::new();
        let published: Vec<Time> =
            policies.iter().map(|policy| policy.metric.published(index, fleets)).collect();
        for (policy, &published) in policies.iter().zip(&published) {
            for alarm in policy.alarms().into_iter().flatten() {
                Meter::feed(&mut meters, policy.metric, alarm, published);
            }
        }
        for own in own.iter().filter(|own| own.control == index) {
            Meter::feed(&mut meters, own.metric, &own.alarm, own.published);
        }
        let watches = vec![[Watch::default(); 2]; policies.len()];
        let forecasts = policies.iter().enumerate();
        let forecasts = forecasts.filter_map(|(index, policy)| Forecast::of(index, policy)).collect();
        let cooldowns = Cooldowns::default();
        Control {
            meters,
            published,
            watches,
            acting: Vec::new(),
            cooldowns,
            hpa: Controller::default(),
            forecasts,
        }
    }

    /// The meter that feeds an alarm of a policy, by its position and its metric.
    pub(super) fn meter(&self, (policy, metric): (usize, Metric), alarm: &Alarm) -> Option<&Meter> {
        self.meter_of(metric, alarm, self.published[policy])
    }

    /// The meter that feeds an alarm on a metric that is published so often.
    pub(super) fn meter_of(&self, metric: Metric, alarm: &Alarm, published: Time) -> Option<&Meter> {
        let period = Meter::period(alarm, published);
        self.meters.iter().find(|meter| meter.metric == metric && meter.period == period)
    }
}

impl<'s> Part<'s> for Controls<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.fleets;
        let own = Own::all(plan.kinds);
        // What is of no fleet has a place behind all of them.
        let places = settings.len() + usize::from(own.iter().any(|own| own.control == settings.len()));
        let each = (0..places).map(|fleet| Control::new(fleet, settings, &own)).collect();
        let mut controls = Controls { settings, each, own };
        if places > settings.len() {
            controls.start_meters(settings.len(), flow);
        }
        controls
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    /// The gauges of a class of requests.
    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let class = (of.kind == id::Kind::Class).then(|| &flow.recorder.classes[of.index as usize])?;
        Some(match of.name {
            "latency" => {
                let count = class.latency.count();
                Reading::Mean { sum: class.latency.mean() / 1e6 * count as f64, count }
            }
            "p50" => percentile(of, 0.5),
            "p90" => percentile(of, 0.9),
            "p95" => percentile(of, 0.95),
            "p99" => percentile(of, 0.99),
            "errors" => {
                Reading::Mean { sum: 100.0 * class.requests.failures() as f64, count: class.requests.arrived }
            }
            _ => Reading::Integral(class.requests.arrived as f64 * 1e9),
        })
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Meter { fleet, meter } => self.read_meter(fleet, meter, flow),
            Timer::HighAlarm { fleet, policy } => self.evaluate_alarm(fleet, policy, false, flow),
            Timer::LowAlarm { fleet, policy } => self.evaluate_alarm(fleet, policy, true, flow),
            Timer::OwnAlarm { alarm } => self.evaluate_own(alarm, flow),
            Timer::Sync { fleet } => self.sync(fleet.into(), flow),
            Timer::Hour { fleet, forecast } => self.hour_ends(fleet, forecast, flow),
            Timer::Ahead { fleet, forecast } => self.ahead_of_hour(fleet, forecast, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Begun(group) if group < self.settings.len() => {
                self.start_meters(group, flow);
                self.start_forecasts(group, flow);
                self.start_hpa(group, flow);
            }
            Fact::Shows { by, reading } => self.read_gauge(by, reading, flow),
            _ => {}
        }
    }
}

impl Controls<'_> {
    fn start_meters(&mut self, fleet: usize, flow: &mut Flow) {
        for (meter, state) in self.each[fleet].meters.iter().enumerate() {
            flow.set(Timer::Meter { fleet: number(fleet), meter: number(meter) }, state.next);
        }
        self.start_own(fleet, flow);
        let policies = self.settings.get(fleet).map_or(&[][..], |fleet| &fleet.policies);
        for (policy, settings) in policies.iter().enumerate() {
            for (low, alarm) in [false, true].into_iter().zip(settings.alarms()) {
                if let Some(alarm) = alarm {
                    let first = (alarm.period + alarm.delivery_delay).0;
                    self.each[fleet].watches[policy][usize::from(low)].next = first;
                    flow.set(alarm_timer(number(fleet), number(policy), low), first);
                }
            }
        }
    }

    /// Begins to evaluate the alarms that only notify whose metrics are kept at a place.
    fn start_own(&mut self, control: usize, flow: &mut Flow) {
        for (at, own) in self.own.iter().enumerate().filter(|(_, own)| own.control == control) {
            flow.set(Timer::OwnAlarm { alarm: number(at) }, (own.alarm.period + own.alarm.delivery_delay).0);
        }
    }

    /// Evaluates an alarm that only notifies.
    fn evaluate_own(&mut self, alarm: u16, flow: &mut Flow) {
        let own = &mut self.own[usize::from(alarm)];
        flow.set(Timer::OwnAlarm { alarm }, flow.now.saturating_add(own.alarm.tick().0));
        let meter = self.each[own.control].meter_of(own.metric, &own.alarm, own.published);
        if let Some((change, fact)) = meter.and_then(|meter| own.evaluate(meter, self.settings, flow.now)) {
            flow.journal.alarm(change);
            flow.tell(fact);
        }
    }

    /// A period of a metric ends: its point is the average over the instances whose warm-up is over.
    fn read_meter(&mut self, fleet: u16, meter: u16, flow: &mut Flow) {
        let (index, now) = (usize::from(fleet), flow.now);
        let metric = self.each[index].meters[usize::from(meter)].metric;
        if let Metric::Gauge(_) | Metric::Math(..) = metric {
            // The kinds that have them answer at once, and in this order.
            metric.gauges().for_each(|gauge| flow.tell(Fact::Read { gauge, by: (fleet, meter) }));
            return;
        }
        let warm: Vec<u32> = flow.warm(index).collect();
        let alive = flow.groups[index].alive.iter();
        let areas: Vec<(u32, f64)> = alive.map(|&instance| (instance, flow.cpu_area(instance))).collect();
        let requests = flow.requests_of(index);
        let settings = &self.settings[index];
        let instances = &flow.hosts;
        let state = &mut self.each[index].meters[usize::from(meter)];
        let period = state.period;
        let value = match state.metric {
            Metric::Cpu => {
                // CPU use for requests and for booting, in the part of the period in which the instance was in service.
                let utilisation = |&(instance, area): &(u32, f64)| {
                    let before = state.cpu.get(instance as usize).copied().unwrap_or(0.0);
                    let instance = &instances[instance as usize];
                    let from = instance.in_service.max(now - period);
                    let boot = instance.boot_area(&settings.boot.cpu, from, now);
                    let there = (now - from).max(1) as f64 * instance.mean_vcpus;
                    100.0 * (area - before + boot) / there
                };
                let of_warm = areas.iter().filter(|(instance, _)| warm.contains(instance));
                (!warm.is_empty()).then(|| of_warm.map(utilisation).sum::<f64>() / warm.len() as f64)
            }
            // Published only while there are requests.
            Metric::RequestsPerTarget => (requests > state.requests && !warm.is_empty()).then(|| {
                let per_minute = (requests - state.requests) as f64 * 60e9 / period as f64;
                per_minute / warm.len() as f64
            }),
            Metric::Gauge(_) | Metric::Math(..) => None,
        };
        state.cpu.resize(instances.len(), 0.0);
        for (instance, area) in areas {
            state.cpu[instance as usize] = area;
        }
        state.requests = requests;
        state.add(Point { end: now, value, warm: flow.capacity_of(warm.into_iter()) });
        state.next = now.saturating_add(period);
        flow.set(Timer::Meter { fleet, meter }, state.next);
    }

    /// A period of a gauge ends.
    fn read_gauge(&mut self, (fleet, meter): (u16, u16), reading: Option<Reading>, flow: &mut Flow) {
        let settings = self.each[usize::from(fleet)].meters[usize::from(meter)].metric;
        let state = &mut self.each[usize::from(fleet)].meters[usize::from(meter)];
        let operand = usize::from(state.first.is_some());
        let read = state.grown(operand, reading, fleet.into(), flow);
        let read = match (settings, state.first) {
            (Metric::Math(..), None) => {
                state.first = Some(read);
                return;
            }
            (Metric::Math(math, [_, other]), Some(first)) => {
                state.first = None;
                let units = || flow.capacity(fleet.into(), |lifecycle| lifecycle == Lifecycle::InService);
                combine(math, first, read, other.is_size_of(fleet.into()).then(units))
            }
            _ => read,
        };
        let is_group = usize::from(fleet) < flow.groups.len();
        let warm =
            read.1.unwrap_or_else(|| if is_group { flow.capacity_of(flow.warm(fleet.into())) } else { 0 });
        state.add(Point { end: flow.now, value: read.0, warm });
        state.next = flow.now.saturating_add(state.period);
        flow.set(Timer::Meter { fleet, meter }, state.next);
    }

    /// Evaluates an alarm over the delivered points; if it acts, the group decides once all alarms of this instant have been
    /// evaluated. A period that ends at this instant is read before: what is decided now is no part of it.
    fn evaluate_alarm(&mut self, fleet: u16, policy: u16, low: bool, flow: &mut Flow) {
        let index = usize::from(fleet);
        if self.each[index].meters.iter().any(|meter| meter.next == flow.now) {
            return flow.set(alarm_timer(fleet, policy, low), flow.now);
        }
        let settings = &self.settings[index].policies[usize::from(policy)];
        let Some(alarm) = settings.alarms()[usize::from(low)] else { return };
        let next = flow.now.saturating_add(alarm.tick().0);
        flow.set(alarm_timer(fleet, policy, low), next);
        let control = &mut self.each[index];
        let Some(meter) = control.meter((policy.into(), settings.metric), alarm) else { return };
        let points = meter.judged(alarm, flow.now);
        let value = meter.newest(alarm, flow.now).and_then(|point| point.value);
        let watch = &mut control.watches[usize::from(policy)][usize::from(low)];
        watch.next = next;
        let (from, to) = (watch.state, alarm.evaluate(&points, watch.state));
        if from != to {
            flow.journal.alarm(AlarmChange {
                at_s: flow.now as f64 / 1e9,
                fleet: Some(self.settings[index].name.clone()),
                of: Some(FleetId(fleet.into())),
                alarm: settings.alarm_name(low),
                from,
                to,
                value,
                threshold: Some(alarm.threshold),
                rule: None,
                held_back_by: None,
                notified_s: None,
            });
            let of = AlarmOf::OfPolicy { fleet: index, policy: policy.into(), low };
            flow.tell(Fact::Alarm { of, state: to });
        }
        if watch.set(to, flow.now) {
            control.acting.push((policy.into(), low));
        }
        let all_evaluated = control.watches.iter().flatten().all(|watch| watch.next != flow.now);
        if all_evaluated && !control.acting.is_empty() {
            self.decide(index, flow);
        }
    }
}

/// Metric math of two readings. What is divided by the instances in service says what as many need.
fn combine(math: Math, one: Read, other: Read, size: Option<u32>) -> Read {
    let value = one.0.zip(other.0).and_then(|(one, other)| math.of(one, other));
    let size = size.filter(|_| math == Math::Divide && other.0.is_some());
    (value, size.or(one.1).or(other.1))
}

fn alarm_timer(fleet: u16, policy: u16, low: bool) -> Timer {
    match low {
        false => Timer::HighAlarm { fleet, policy },
        true => Timer::LowAlarm { fleet, policy },
    }
}

/// What a percentile of the latency of a class is read from.
fn percentile(of: Gauge, quantile: f64) -> Reading {
    Reading::Percentile { class: of.index as usize, quantile }
}
