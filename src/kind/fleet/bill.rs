//! What a fleet is charged for: instance-hours, surplus CPU credits, detailed monitoring, and the alarms of its policies with the custom
//! metrics that they go by and the requests that publish those.
//!
//! In: the group, the lives of its instances by market, and the surplus that was charged by hour or is owed. Out: its charges. Not charged: root
//! volumes.

use super::language::{Fleet, Spot};
use crate::cost::BillPart;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::id;
use crate::kind::Settings;
use crate::kind::bill::{Billed, custom_metrics};
use crate::kind::scaling::language::Policy;
use crate::kind::scaling::language::custom::{Custom, cpu_each, requests};
use crate::number::setting;
use crate::units::Time;
use crate::usage::Used;

/// An alarm with a shorter period is one of high resolution.
const MINUTE: Time = Time::from_secs(60);
/// Metrics of an instance that detailed monitoring charges for: $2.10 a month at $0.30 each (Infracost, test data of `aws_instance`).
const METRICS: f64 = 7.0;
/// Basic monitoring has a point each five minutes and costs nothing (EC2 user guide, "Manage detailed monitoring").
const BASIC: Time = Time::from_secs(300);

impl Billed<Settings> for Fleet {
    const PLACE: u8 = 0;

    fn charges<'a>(&'a self, all: &'a Settings, instances: &Used) -> Vec<Charge<'a>> {
        let alarms = |fast: bool| {
            // An alarm costs as much for each metric that it evaluates: metric math has two.
            let metrics = |policy: &Policy| {
                let alarms = policy.alarms().into_iter().flatten();
                alarms.filter(|alarm| (alarm.period < MINUTE) == fast).count() * policy.metric.parts()
            };
            let count: usize = self.policies.iter().map(metrics).sum();
            let (sku, what) = match fast {
                true => ("alarm-high-resolution", "CloudWatch alarms, high resolution"),
                false => ("alarm-standard", "CloudWatch alarms"),
            };
            let a_month = count as f64 / MONTH_HOURS;
            Charge {
                what: what.into(),
                ..Charge::steady("CloudWatch", sku, &self.name, "alarm-month", a_month)
            }
        };
        let spans = |lives: &[(Time, Time)]| {
            Accrual::Spans(lives.iter().map(|&life| (life.0, life.0 + billed(life))).collect())
        };
        let instance = &self.instance.name;
        let bursts = self.all_hardware().find(|hardware| hardware.credits.is_some());
        let bursts = bursts.map_or(instance, |hardware| &hardware.instance.name);
        let surplus = Charge {
            what: "surplus CPU credits".into(),
            accrual: Accrual::Due(instances.hours.clone(), instances.owed),
            ..Charge::steady("EC2", surplus_credits(bursts), &self.name, "vCPU-hour", 1.0)
        };
        let hours = |instance: &'a str, lives: &[(Time, Time)]| Charge {
            what: format!("{instance} instance-hours"),
            accrual: spans(lives),
            ..Charge::steady("EC2", instance, &self.name, "hour", 1.0)
        };
        let mut charges = match &self.tasks {
            Some(tasks) if tasks.is_fargate() => self.fargate_charges(&instances.spans, 1.0).into(),
            // What they run on is charged for.
            Some(_) => Vec::new(),
            None => vec![hours(instance, &instances.spans)],
        };
        let later = instances.resized.iter().zip(1..);
        charges.extend(later.map(|(lives, model)| hours(&self.hardware(model).instance.name, lives)));
        let place = charges.len();
        charges.push(alarms(false));
        let resized = instances.resized.iter().flatten();
        let all_lives: Vec<(Time, Time)> =
            instances.spans.iter().chain(instances.spot.iter().flatten()).chain(resized).copied().collect();
        let detailed = Charge {
            what: "detailed monitoring of instances".into(),
            accrual: spans(&all_lives),
            ..Charge::steady("CloudWatch", "metric", &self.name, "metric-month", METRICS / MONTH_HOURS)
        };
        charges.extend((self.metric_period < BASIC && self.tasks.is_none()).then_some(detailed));
        charges.extend(Some(alarms(true)).filter(|charge| charge.factor > 0.0));
        // CPU in periods of less than a minute comes from each instance, one request for each point.
        let index = all.fleets.iter().position(|fleet| fleet.name == self.name).unwrap_or(usize::MAX);
        let fast = cpu_each(index, all);
        let mut custom = Custom::of((id::Kind::Fleet, index), all);
        custom.metrics += usize::from(fast.is_some());
        charges.extend(custom_metrics(custom.metrics, custom.requests, &self.name, "policies"));
        charges.extend(fast.map(|period| Charge {
            what: format!("PutMetricData requests of instances, CPU each {period}"),
            accrual: spans(&all_lives),
            ..Charge::steady("CloudWatch", "put-metric-data", &self.name, "thousand", requests(period))
        }));
        let spot = self.spot.iter().flat_map(|spot| {
            let of_type = |model: usize| {
                let instance = &self.hardware(model).instance.name;
                let own = self.overrides.get(model).and_then(|of| of.spot_price);
                let (price, none) = (own.unwrap_or(spot.price), Vec::new());
                let lives = instances.spot.get(model).unwrap_or(&none);
                Charge {
                    what: format!("{instance} Spot instance-hours, at {} of the price", setting(price)),
                    part: Some(BillPart::Spot),
                    accrual: spans(lives),
                    ..Charge::steady("EC2", instance, &self.name, "on-demand hour", price)
                }
            };
            (0..self.types()).map(of_type).collect::<Vec<Charge>>()
        });
        match &self.tasks {
            Some(_) => {
                let none = Vec::new();
                let lives = instances.spot.first().unwrap_or(&none);
                let of = |spot: &Spot| self.fargate_charges(lives, spot.price);
                charges.splice(place..place, self.spot.iter().flat_map(of));
            }
            None => {
                charges.splice(place..place, spot);
            }
        }
        let has_surplus = instances.owed > 0.0 || instances.hours.iter().any(|hours| *hours > 0.0);
        charges.extend(has_surplus.then_some(surplus));
        let is_eks = self.cluster.as_ref().is_some_and(|cluster| cluster.is_eks);
        charges.extend(is_eks.then(|| Charge {
            what: "cluster-hours".into(),
            ..Charge::steady("EKS", "cluster", &self.name, "hour", 1.0)
        }));
        charges
    }
}

impl Fleet {
    /// What tasks on Fargate are charged for that lived so, at a part of the price on demand: vCPUs and memory by the second, from the pull
    /// of their image on, and never less than a minute. (AWS Fargate pricing.)
    fn fargate_charges<'a>(&'a self, lives: &[(Time, Time)], price: f64) -> [Charge<'a>; 2] {
        let (market, part, of) = match price < 1.0 {
            true => ("Fargate Spot", Some(BillPart::Spot), format!(", at {} of the price", setting(price))),
            false => ("Fargate", None, String::new()),
        };
        let spans = || Accrual::Spans(lives.iter().map(|&life| (life.0, life.0 + billed(life))).collect());
        let (vcpus, memory) = (self.instance.mean_vcpus(), self.instance.memory.as_gib());
        let charge = |what: String, sku: &'static str, unit: &'static str, each: f64| Charge {
            what,
            part,
            accrual: spans(),
            ..Charge::steady("Fargate", sku, &self.name, unit, each * price)
        };
        let vcpu = format!("{market} tasks of {vcpus} vCPU{of}");
        let gb = format!("{market} tasks with {memory} GB{of}");
        [
            charge(vcpu, "linux-x86-vcpu", "vCPU-hour", vcpus),
            charge(gb, "linux-x86-memory", "GB-hour", memory),
        ]
    }
}

/// What surplus credits of a type are sold as: those of Graviton cost less.
fn surplus_credits(instance: &str) -> &'static str {
    if instance.starts_with("t4g.") { "surplus-credits-t4g" } else { "surplus-credits" }
}

/// What EC2 bills for an instance that lived from one instant to another: by the second from its launch, and never less than a
/// minute.
fn billed((launched, ended): (Time, Time)) -> Time {
    const MINIMUM: Time = Time::from_secs(60);
    (ended - launched).max(MINIMUM)
}
