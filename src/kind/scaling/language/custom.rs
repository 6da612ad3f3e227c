//! Metrics that AWS does not publish: custom metrics, for which CloudWatch charges by the month and by the requests that publish them.
//!
//! In: the policies and the alarms of a file. Out: what each table of the file is charged for. A metric is charged once, at the table that
//! goes by it first. Assumed: one request for each metric and minute, or for each point where an alarm has shorter periods; one
//! publisher for each metric, but for the CPU of a group in periods of less than a minute, which each of its instances publishes. (Amazon
//! CloudWatch API reference, PutMetricData; EC2 Auto Scaling user guide, "Create a target tracking scaling policy": high-resolution
//! metrics are published by the user.)

use std::collections::BTreeMap;

use super::{Alarm, Metric};
use crate::id::Kind;
use crate::kind::Settings;
use crate::units::Time;

/// A metric with shorter periods is one of high resolution.
const MINUTE: Time = Time::from_secs(60);

/// What a table is charged for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Custom {
    /// Metrics.
    pub(crate) metrics: usize,
    /// Thousands of requests an hour that publish them.
    pub(crate) requests: f64,
}

/// Thousands of requests in an hour of one each `period`.
pub(crate) fn requests(period: Time) -> f64 {
    3.6 / period.as_secs_f64()
}

/// Every metric that a policy or an alarm of the file goes by, with the table that it is of, in the order of the bill.
fn all_used(all: &Settings) -> impl Iterator<Item = ((Kind, usize), Metric, &Alarm)> {
    let of_policies = all.fleets.iter().enumerate().flat_map(|(index, fleet)| {
        let alarms = |policy: &super::Policy| policy.metric;
        let each = fleet.policies.iter().flat_map(move |policy| {
            policy.alarms().into_iter().flatten().map(move |alarm| (alarms(policy), alarm))
        });
        each.map(move |(metric, alarm)| ((Kind::Fleet, index), metric, alarm))
    });
    let own = all.alarms.iter().enumerate();
    let own =
        own.filter_map(|(index, it)| it.watched().map(|it| ((Kind::Alarm, index), it.metric, &it.alarm)));
    of_policies.chain(own)
}

/// How often the instances of a fleet publish their CPU themselves, if something goes by it in periods of less than a minute.
pub(crate) fn cpu_each(fleet: usize, all: &Settings) -> Option<Time> {
    let own = |(of, metric, alarm): ((Kind, usize), Metric, &Alarm)| {
        let group = match of {
            (Kind::Fleet, index) => Some(index),
            (_, index) => all.alarms[index].watched().and_then(|it| it.group()),
        };
        (metric == Metric::Cpu && group == Some(fleet) && alarm.period < MINUTE).then_some(alarm.period)
    };
    all_used(all).filter_map(own).min()
}

impl Custom {
    /// That of a table.
    pub(crate) fn of(table: (Kind, usize), all: &Settings) -> Custom {
        // Of each gauge the table that goes by it first, and the shortest time between two points.
        let mut gauges: BTreeMap<_, ((Kind, usize), Time)> = BTreeMap::new();
        for (of, metric, alarm) in all_used(all) {
            for gauge in metric.own_gauges() {
                let entry = gauges.entry((gauge.kind, gauge.index, gauge.name)).or_insert((of, MINUTE));
                entry.1 = entry.1.min(alarm.period);
            }
        }
        let own = gauges.values().filter(|(of, _)| *of == table);
        own.fold(Custom::default(), |sum, (_, period)| Custom {
            metrics: sum.metrics + 1,
            requests: sum.requests + requests(*period),
        })
    }
}
