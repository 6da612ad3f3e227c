//! `scaling` and `schedule` of a fleet: CloudWatch alarms and scaling policies. Out: [`Policy`], [`ScheduledAction`].

mod check;
pub(crate) mod custom;
mod foreign;
mod gauge;
pub mod hpa;
mod metric;
pub mod predictive;
mod provider;
mod reading;
mod schedule;
pub mod shapes;
mod steps;
mod watched;

use crate::dist::Law;
use crate::id::{Dial, Gauge, Kind};
use crate::kind::GAUGES as GAUGES_OF_ALL;
use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::cluster::RESERVATION;
use crate::units::Time;
use hpa::Hpa;
use predictive::Predictive;
pub use watched::Watched;

const P50: &str =
    "median latency in milliseconds of the requests that are answered in the period, sent after `warmup`";

/// Gauges of request classes: scaling has no resources of its own.
pub(crate) const GAUGES: &[Dial] = &[
    Dial { kind: Kind::Class, name: "requests", own: true, about: "requests that clients send, a second" },
    Dial {
        kind: Kind::Class,
        name: "latency",
        own: true,
        about: "mean latency in milliseconds of the requests that are answered in the period, sent after `warmup`",
    },
    Dial { kind: Kind::Class, name: "p50", own: true, about: P50 },
    Dial {
        kind: Kind::Class,
        name: "p90",
        own: true,
        about: "90th percentile of the latency in milliseconds of the requests that are answered in the period, sent after `warmup`",
    },
    Dial {
        kind: Kind::Class,
        name: "p95",
        own: true,
        about: "95th percentile of the latency in milliseconds of the requests that are answered in the period, sent after `warmup`",
    },
    Dial {
        kind: Kind::Class,
        name: "p99",
        own: true,
        about: "99th percentile of the latency in milliseconds of the requests that are answered in the period, sent after `warmup`",
    },
    Dial {
        kind: Kind::Class,
        name: "errors",
        own: true,
        about: "requests that fail in the period, in percent of those sent in it",
    },
];

/// A dynamic scaling policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Name for the activity history.
    pub name: String,
    /// What is measured.
    pub metric: Metric,
    /// What is done.
    pub kind: PolicyKind,
    /// Warm-up of the instances that this policy launches.
    pub warmup: Time,
    /// Cooldowns after a scale-out and after a scale-in, of a policy of Application Auto Scaling.
    pub cooldowns: Option<[Time; 2]>,
}

impl Policy {
    /// The name of one of its alarms.
    pub(crate) fn alarm_name(&self, low: bool) -> String {
        match (&self.kind, low) {
            (PolicyKind::TargetTracking { .. }, false) => format!("{}, high alarm", self.name),
            (PolicyKind::TargetTracking { .. }, true) => format!("{}, low alarm", self.name),
            _ => self.name.clone(),
        }
    }

    /// The same as other tables name it, after the fleet.
    pub(crate) fn alarm_word(&self, low: bool) -> String {
        match (&self.kind, low) {
            (PolicyKind::TargetTracking { .. }, false) => format!("{}.high", self.name),
            (PolicyKind::TargetTracking { .. }, true) => format!("{}.low", self.name),
            _ => self.name.clone(),
        }
    }

    /// The value of its metric above which it adds instances: infinite where it only takes some away; nothing where it goes by a
    /// forecast.
    pub(crate) fn adds_above(&self) -> Option<f64> {
        match &self.kind {
            PolicyKind::TargetTracking { target, .. } | PolicyKind::Hpa(Hpa { target, .. }) => Some(*target),
            PolicyKind::Step { alarm, .. } | PolicyKind::Simple { alarm, .. } => {
                Some(match alarm.comparison {
                    Comparison::Above | Comparison::AtLeast => alarm.threshold,
                    Comparison::Below | Comparison::AtMost => f64::INFINITY,
                })
            }
            PolicyKind::Predictive(_) => None,
        }
    }

    /// Whether it can take instances away.
    pub(crate) fn removes(&self) -> bool {
        match &self.kind {
            PolicyKind::TargetTracking { low, .. } => low.is_some(),
            PolicyKind::Step { adjustment, steps, .. } => {
                *adjustment == AdjustmentType::ExactCapacity || steps.iter().any(|step| step.change < 0.0)
            }
            PolicyKind::Simple { adjustment, change, .. } => {
                *adjustment == AdjustmentType::ExactCapacity || *change < 0.0
            }
            PolicyKind::Predictive(_) => false,
            PolicyKind::Hpa(_) => true,
        }
    }

    /// Its alarms: its own or its high one, and its low one.
    pub(crate) fn alarms(&self) -> [Option<&Alarm>; 2] {
        match &self.kind {
            PolicyKind::TargetTracking { high, low, .. } => [Some(high), low.as_ref()],
            PolicyKind::Step { alarm, .. } | PolicyKind::Simple { alarm, .. } => [Some(alarm), None],
            PolicyKind::Predictive(_) | PolicyKind::Hpa(_) => [None, None],
        }
    }
}

/// What the policies of a fleet take from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// Period of the instances' metrics.
    pub(crate) metric_period: Time,
    /// Warm-up of instances, unless a policy has its own.
    pub(crate) warmup: Time,
    /// Cooldown of simple scaling, unless a policy has its own.
    pub(crate) cooldown: Time,
    /// Its position among the fleets.
    pub(crate) own: u32,
    /// Whether it is a service of tasks, which Application Auto Scaling scales.
    pub(crate) containers: bool,
}

/// A CloudWatch metric that a fleet scales on; its own are averages over the instances in service and past warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Mean CPU utilisation in percent.
    Cpu,
    /// Requests per target and minute (`ALBRequestCountPerTarget`).
    RequestsPerTarget,
    /// A gauge of any resource, as a custom metric.
    Gauge(Gauge),
    /// Metric math of two gauges.
    Math(Math, [Gauge; 2]),
}

/// Metric math of two values of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Math {
    /// Their sum.
    Add,
    /// The first less the second.
    Subtract,
    /// Their product.
    Multiply,
    /// The first over the second; nothing where that is 0.
    Divide,
}

impl Math {
    /// What it makes of two values.
    pub(crate) fn of(self, one: f64, other: f64) -> Option<f64> {
        match self {
            Math::Add => Some(one + other),
            Math::Subtract => Some(one - other),
            Math::Multiply => Some(one * other),
            Math::Divide => (other != 0.0).then(|| one / other),
        }
    }

    pub(super) const fn sign(self) -> char {
        match self {
            Math::Add => '+',
            Math::Subtract => '-',
            Math::Multiply => '×',
            Math::Divide => '/',
        }
    }
}

impl Metric {
    /// Its name in sentences.
    pub(crate) fn word(self) -> String {
        let word = |gauge: Gauge| gauge.name.replace('_', " ");
        match self {
            Metric::Cpu => "cpu".into(),
            Metric::RequestsPerTarget => "requests per target".into(),
            Metric::Gauge(gauge) => word(gauge),
            Metric::Math(math, [one, other]) => format!("{} {} {}", word(one), math.sign(), word(other)),
        }
    }

    /// The gauges that it reads, if it is made of some.
    pub(crate) fn gauges(self) -> impl Iterator<Item = Gauge> {
        let gauges = match self {
            Metric::Cpu | Metric::RequestsPerTarget => [None, None],
            Metric::Gauge(gauge) => [Some(gauge), None],
            Metric::Math(_, gauges) => gauges.map(Some),
        };
        gauges.into_iter().flatten()
    }

    /// The gauges that it reads and that AWS does not publish.
    pub(crate) fn own_gauges(self) -> impl Iterator<Item = Gauge> {
        let is_own = |gauge: &Gauge| {
            let mut dials = GAUGES_OF_ALL.iter().copied().flatten();
            dials.any(|dial| (dial.kind, dial.name, dial.own) == (gauge.kind, gauge.name, true))
        };
        self.gauges().filter(is_own)
    }

    /// How many metrics an alarm on it evaluates.
    pub(crate) fn parts(self) -> usize {
        self.gauges().count().max(1)
    }

    /// How often it is published at the most, of a fleet by its position: CPU and network come as often as the monitoring of their
    /// instances says; the others in any period.
    pub(crate) fn published(self, own: usize, fleets: &[Fleet]) -> Time {
        let of = |fleet: usize| fleets.get(fleet).map_or(Time::ZERO, |fleet| fleet.metric_period);
        match self {
            Metric::Cpu => of(own),
            _ => {
                let networks = self.gauges().filter(|gauge| gauge.is_network());
                networks.map(|gauge| of(gauge.index as usize)).max().unwrap_or(Time::ZERO)
            }
        }
    }

    /// Whether it is that of a capacity provider.
    pub(crate) fn is_reservation(self) -> bool {
        matches!(self, Metric::Gauge(gauge) if gauge.kind == Kind::Fleet && gauge.name == RESERVATION)
    }

    /// Whether it says what each instance of a fleet has to do, so that there is none without instances.
    pub(crate) fn is_per_instance(self, fleet: u32) -> bool {
        let shared = |gauge: Gauge| gauge.name == "backlog_per_instance";
        match self {
            Metric::Cpu | Metric::RequestsPerTarget => true,
            Metric::Gauge(gauge) => shared(gauge) || gauge.is_network(),
            Metric::Math(math, [one, other]) => {
                shared(one) || shared(other) || (math == Math::Divide && other.is_size_of(fleet))
            }
        }
    }
}

/// The three kinds of dynamic scaling.
#[derive(Clone, Debug)]
pub enum PolicyKind {
    /// Keep the metric near a target, with a high and a low alarm made by the service.
    TargetTracking {
        /// Value to hold (percent, or requests per target and minute).
        target: f64,
        /// Alarm above `target`.
        high: Alarm,
        /// Alarm below its own threshold; `None` with `scale_in = false`.
        low: Option<Alarm>,
    },
    /// Adjust by the size of the breach; keeps responding while an activity runs.
    Step {
        /// The alarm that fires it.
        alarm: Alarm,
        /// How `adjustment` is meant.
        adjustment: AdjustmentType,
        /// Steps with bounds relative to the alarm's threshold.
        steps: Vec<StepAdjustment>,
        /// Smallest change of a percentage adjustment.
        min_magnitude: u32,
    },
    /// One adjustment, then a cooldown.
    Simple {
        /// The alarm that fires it.
        alarm: Alarm,
        /// How `change` is meant.
        adjustment: AdjustmentType,
        /// The adjustment.
        change: f64,
        /// Smallest change of a percentage adjustment.
        min_magnitude: u32,
        /// Pause after the activity has finished.
        cooldown: Time,
    },
    /// Launch ahead of an hour what its forecast takes.
    Predictive(Predictive),
    /// A metric of the HorizontalPodAutoscaler of Kubernetes.
    Hpa(Hpa),
}

/// A CloudWatch alarm: M of N points beyond a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    /// Width of a point.
    pub period: Time,
    /// N: points that are looked at.
    pub evaluation_periods: u32,
    /// M: points among them that must breach.
    pub datapoints: u32,
    /// The threshold.
    pub threshold: f64,
    /// Which side breaches.
    pub comparison: Comparison,
    /// How a missing point counts.
    pub missing: MissingData,
    /// From the end of a period to the moment its point can be seen.
    pub delivery_delay: Time,
}

/// Which side of the threshold breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

/// How a missing point counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingData {
    /// Not at all: no data, no state.
    Missing,
    /// As within the threshold.
    NotBreaching,
    /// As beyond the threshold.
    Breaching,
    /// The alarm keeps its state.
    Ignore,
}

/// How the number of an adjustment is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentType {
    /// Add or remove so many instances.
    ChangeInCapacity,
    /// Add or remove so many percent of the group.
    PercentChangeInCapacity,
    /// Set the group to so many instances.
    ExactCapacity,
}

/// One step of a step policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepAdjustment {
    /// Lower bound relative to the threshold; minus infinity when open.
    pub lower: f64,
    /// Upper bound relative to the threshold; infinity when open.
    pub upper: f64,
    /// The adjustment.
    pub change: f64,
}

/// Sets any of min, max, desired at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduledAction {
    /// Its place among the entries of the file.
    pub entry: usize,
    /// When.
    pub at: Time,
    /// Why it never comes, if `cron` names no time of the run: `at` is [`Time::NEVER`] then.
    pub never: Option<Never>,
    /// How long after that it is carried out.
    pub late: Law,
    /// New smallest size.
    pub min: Option<u32>,
    /// New largest size.
    pub max: Option<u32>,
    /// New desired size.
    pub desired: Option<u32>,
}

/// A cron expression that names no time of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Never {
    /// The expression.
    pub cron: String,
    /// The time that it names first after the start; nothing if there is none.
    pub next: Option<String>,
}
