//! EC2 Auto Scaling: metrics become points, points set alarms, alarms change the desired capacity.
//!
//! In: the CPU and request counts of warm instances. Out: the wanted capacity, and why. Scale-out compares the
//! need of the warm instances with the desired capacity, which already includes the warming ones, so a breach is not
//! answered twice. Scale-in is blocked while an instance boots, warms up or drains. Of several target
//! tracking policies any can scale out, but all must agree to scale in.
//! (EC2 Auto Scaling user guide, "Target tracking", "Step and simple scaling policies", "Default instance warmup".)

use std::collections::VecDeque;

use super::adjustment::{ceil_of, desired_after, step_for};
use super::alarm::State;
use super::language::{AdjustmentType, Alarm, Metric, Policy, PolicyKind};
use super::meter::{Meter, Point};
use crate::flow::fact::{Fact, Reading};
use crate::flow::host::Lifecycle;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::kind::Kind;
use crate::kind::fleet::language::Fleet;
use crate::kind::part::{Part, Plan};

/// The scaling of all fleets.
#[derive(Debug)]
pub struct Controls<'s> {
    settings: &'s [Fleet],
    each: Vec<Control>,
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
}

/// State of a fleet's scaling.
#[derive(Debug)]
pub struct Control {
    meters: Vec<Meter>,
    /// For each policy the state of its alarm, or of its high and its low alarm.
    states: Vec<[State; 2]>,
}

impl Control {
    /// A group that has kept its size for long: no alarm was on, or its size would have changed.
    fn new(settings: &Fleet) -> Self {
        let mut meters: Vec<Meter> = Vec::new();
        for policy in &settings.policies {
            for alarm in policy.alarms().into_iter().flatten() {
                // A late point delays the newer ones, so the range reaches further back by the delay.
                let late = alarm.delivery_delay.0.div_ceil(alarm.period.0.max(1)) as usize;
                let range = alarm.range() + late + 1;
                let same =
                    |meter: &&mut Meter| meter.metric == policy.metric && meter.period == alarm.period.0;
                match meters.iter_mut().find(same) {
                    Some(meter) => meter.longest_range = meter.longest_range.max(range),
                    None => meters.push(Meter {
                        metric: policy.metric,
                        period: alarm.period.0,
                        points: VecDeque::new(),
                        longest_range: range,
                        cpu: Vec::new(),
                        requests: 0,
                        gauge: 0.0,
                    }),
                }
            }
        }
        let states = vec![[State::Ok; 2]; settings.policies.len()];
        Control { meters, states }
    }

    /// The meter that feeds an alarm on a metric.
    fn meter(&self, metric: Metric, alarm: &Alarm) -> Option<&Meter> {
        self.meters.iter().find(|meter| meter.metric == metric && meter.period == alarm.period.0)
    }
}

impl<'s> Part<'s> for Controls<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.fleets;
        Controls { settings, each: settings.iter().map(Control::new).collect() }
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Meter { fleet, meter } => self.read_meter(fleet, meter, flow),
            Timer::HighAlarm { fleet, policy } => self.evaluate_alarm(fleet, policy, false, flow),
            Timer::LowAlarm { fleet, policy } => self.evaluate_alarm(fleet, policy, true, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Begun(group) => self.start_meters(group, flow),
            Fact::Shows { by, reading } => self.read_gauge(by, reading, flow),
            _ => {}
        }
    }
}

impl Controls<'_> {
    fn start_meters(&mut self, fleet: usize, flow: &mut Flow) {
        for meter in 0..self.each[fleet].meters.len() {
            let period = self.each[fleet].meters[meter].period;
            flow.set(Timer::Meter { fleet: number(fleet), meter: number(meter) }, period);
        }
        for (policy, settings) in self.settings[fleet].policies.iter().enumerate() {
            for (low, alarm) in [false, true].into_iter().zip(settings.alarms()) {
                if let Some(alarm) = alarm {
                    let timer = alarm_timer(number(fleet), number(policy), low);
                    flow.set(timer, (alarm.period + alarm.delivery_delay).0);
                }
            }
        }
    }

    /// A period of a metric ends: its point is the average over the instances whose warm-up is over.
    fn read_meter(&mut self, fleet: u16, meter: u16, flow: &mut Flow) {
        let (index, now) = (usize::from(fleet), flow.now);
        if let Metric::Gauge(gauge) = self.each[index].meters[usize::from(meter)].metric {
            // The kind that has it answers at once.
            return flow.tell(Fact::Read { gauge, by: (fleet, meter) });
        }
        let warm: Vec<u32> = flow.warm(index).collect();
        let alive = flow.groups[index].alive.iter();
        let areas: Vec<(u32, f64)> = alive.map(|&instance| (instance, flow.cpu_area(instance))).collect();
        let requests = flow.requests_of(index);
        let settings = &self.settings[index];
        let vcpus = f64::from(settings.instance.vcpus);
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
                    let boot = instance.boot_area(&settings.boot.cpu, vcpus, from, now);
                    100.0 * (area - before + boot) / ((now - from).max(1) as f64 * vcpus)
                };
                let of_warm = areas.iter().filter(|(instance, _)| warm.contains(instance));
                (!warm.is_empty()).then(|| of_warm.map(utilisation).sum::<f64>() / warm.len() as f64)
            }
            // Published only while there are requests.
            Metric::RequestsPerTarget => (requests > state.requests && !warm.is_empty()).then(|| {
                let per_minute = (requests - state.requests) as f64 * 60e9 / period as f64;
                per_minute / warm.len() as f64
            }),
            Metric::Gauge(_) => None,
        };
        state.cpu.resize(instances.len(), 0.0);
        for (instance, area) in areas {
            state.cpu[instance as usize] = area;
        }
        state.requests = requests;
        state.add(Point { end: now, value, warm: warm.len() as u32 });
        flow.set(Timer::Meter { fleet, meter }, now.saturating_add(period));
    }

    /// A period of a gauge ends.
    fn read_gauge(&mut self, (fleet, meter): (u16, u16), reading: Reading, flow: &mut Flow) {
        let warm = flow.warm(fleet.into()).count() as u32;
        let in_service = |group| flow.count(group, |lifecycle| lifecycle == Lifecycle::InService);
        let state = &mut self.each[usize::from(fleet)].meters[usize::from(meter)];
        let (value, warm) = match reading {
            Reading::Level(value) => (Some(value), warm),
            // What is divided by the instances in service says what as many need, those that warm up included.
            Reading::PerInstance { sum, group } => match in_service(group) {
                0 => (None, 0),
                count => {
                    (Some(sum / f64::from(count)), if group == usize::from(fleet) { count } else { warm })
                }
            },
            Reading::Integral(area) => {
                let grown = area - std::mem::replace(&mut state.gauge, area);
                (Some(grown / state.period as f64), warm)
            }
        };
        state.add(Point { end: flow.now, value, warm });
        let next = flow.now.saturating_add(state.period);
        flow.set(Timer::Meter { fleet, meter }, next);
    }

    /// Evaluates an alarm over the delivered points; if it is on, its policy acts.
    fn evaluate_alarm(&mut self, fleet: u16, policy: u16, low: bool, flow: &mut Flow) {
        let index = usize::from(fleet);
        let settings = &self.settings[index].policies[usize::from(policy)];
        let Some(alarm) = settings.alarms()[usize::from(low)] else { return };
        flow.set(alarm_timer(fleet, policy, low), flow.now.saturating_add(alarm.period.0));
        let control = &mut self.each[index];
        let Some(meter) = control.meter(settings.metric, alarm) else { return };
        let points = meter.judged(alarm, flow.now);
        let newest = meter.newest(alarm, flow.now);
        let state = &mut control.states[usize::from(policy)][usize::from(low)];
        *state = alarm.evaluate(&points, *state);
        if *state == State::Alarm
            && let Some(Point { value: Some(value), warm: measured, .. }) = newest
        {
            self.act(index, settings, low, (value, measured), flow);
        }
    }

    /// Carries out a policy in alarm, for a value measured over this many instances.
    fn act(&self, fleet: usize, policy: &Policy, low: bool, (value, measured): (f64, u32), flow: &mut Flow) {
        let group = &flow.groups[fleet];
        let (desired, warmup) = (group.desired, policy.warmup);
        let warm = flow.warm(fleet).count() as u32;
        let steady = warm == desired && group.alive.len() as u32 == desired;
        let (unit, name) = (&metric_name(policy.metric), &policy.name);
        match &policy.kind {
            PolicyKind::TargetTracking { target, .. } if !low => {
                // The need of the measured instances; instances that have warmed up since already carry a part of it.
                let needed = ceil_of(f64::from(measured) * value / target);
                let cause = format!("{name}: {unit} {value:.1} above the target {target}");
                flow.tell(Fact::Wanted { group: fleet, capacity: needed.max(desired), cause, warmup });
            }
            PolicyKind::TargetTracking { target, .. } => {
                if let Some(keep) = self.agreed_scale_in(fleet, flow)
                    && steady
                {
                    let cause = format!("{name}: {unit} {value:.1} well below the target {target}");
                    flow.tell(Fact::Wanted { group: fleet, capacity: keep.min(desired), cause, warmup });
                }
            }
            PolicyKind::Step { alarm, adjustment, steps, min_magnitude } => {
                let Some(step) = step_for(steps, value - alarm.threshold, alarm) else { return };
                let out = desired_after(warm, step.change, *adjustment, *min_magnitude);
                let new = match step.change < 0.0 && *adjustment != AdjustmentType::ExactCapacity {
                    true if steady => desired_after(desired, step.change, *adjustment, *min_magnitude),
                    true => return,
                    false if *adjustment == AdjustmentType::ExactCapacity => out,
                    false => out.max(desired),
                };
                let cause = format!("{name}: {unit} {value:.1} against the threshold {}", alarm.threshold);
                flow.tell(Fact::Wanted { group: fleet, capacity: new, cause, warmup });
            }
            PolicyKind::Simple { alarm, adjustment, change, min_magnitude, cooldown } => {
                let cooling =
                    group.finished.is_some_and(|finished| flow.now < finished.saturating_add(cooldown.0));
                if group.under_way > 0 || cooling {
                    return;
                }
                let new = desired_after(desired, *change, *adjustment, *min_magnitude);
                let cause = format!("{name}: {unit} {value:.1} against the threshold {}", alarm.threshold);
                flow.tell(Fact::Wanted { group: fleet, capacity: new, cause, warmup });
            }
        }
    }

    /// The size that all target tracking policies with scale-in accept, if all their low alarms are on.
    fn agreed_scale_in(&self, fleet: usize, flow: &Flow) -> Option<u32> {
        let (state, settings) = (&self.each[fleet], &self.settings[fleet]);
        let (group, mut keep) = (&flow.groups[fleet], 0);
        for (policy, states) in settings.policies.iter().zip(&state.states) {
            let PolicyKind::TargetTracking { target, low: Some(low), .. } = &policy.kind else { continue };
            let meter = state.meter(policy.metric, low)?;
            let Point { end, value: Some(value), .. } = meter.newest(low, flow.now)? else {
                return None;
            };
            // A point whose period contains the group's last change describes neither the old size nor the new one.
            let settled = group.finished.is_none_or(|finished| finished.saturating_add(meter.period) <= end);
            if states[1] != State::Alarm || !settled {
                return None;
            }
            keep = keep.max(ceil_of(f64::from(group.desired) * value / target));
        }
        Some(keep)
    }
}

fn alarm_timer(fleet: u16, policy: u16, low: bool) -> Timer {
    match low {
        false => Timer::HighAlarm { fleet, policy },
        true => Timer::LowAlarm { fleet, policy },
    }
}

fn metric_name(metric: Metric) -> String {
    match metric {
        Metric::Cpu => "CPU percent".into(),
        Metric::RequestsPerTarget => "requests per target and minute".into(),
        Metric::Gauge(gauge) => gauge.name.replace('_', " "),
    }
}
