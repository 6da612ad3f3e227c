//! What a fleet is charged for: instance-hours, and the alarms of its policies.
//!
//! In: the group and the lives of its instances. Out: its charges. Not charged: root volumes, detailed monitoring.

use super::language::Fleet;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::Settings;
use crate::kind::bill::Billed;
use crate::kind::scaling::language::PolicyKind;
use crate::units::Time;
use crate::usage::InstanceUse;

/// Its charges are not by a count of its own.
impl Billed<Settings> for Fleet {}

/// What EC2 bills for an instance: by the second from its launch, and never less than a minute.
pub(crate) fn billed(instance: &InstanceUse) -> Time {
    const MINIMUM: Time = Time::from_secs(60);
    (instance.ended - instance.launched).max(MINIMUM)
}

/// The charges of a group.
pub(crate) fn charges<'a, 'u>(
    fleet: &'a Fleet,
    instances: impl Iterator<Item = &'u InstanceUse>,
) -> [Charge<'a>; 2] {
    let alarms: usize = fleet.policies.iter().map(|policy| alarms(&policy.kind)).sum();
    let spans = instances.map(|instance| (instance.launched, instance.launched + billed(instance))).collect();
    let instance = &fleet.instance.name;
    [
        Charge {
            what: format!("{instance} instance-hours"),
            accrual: Accrual::Spans(spans),
            ..Charge::steady("EC2", instance, &fleet.name, "hour", 1.0)
        },
        Charge {
            what: "CloudWatch alarms".into(),
            ..Charge::steady(
                "CloudWatch",
                "alarm-standard",
                &fleet.name,
                "alarm-month",
                alarms as f64 / MONTH_HOURS,
            )
        },
    ]
}

fn alarms(policy: &PolicyKind) -> usize {
    match policy {
        PolicyKind::TargetTracking { low, .. } => 1 + usize::from(low.is_some()),
        PolicyKind::Step { .. } | PolicyKind::Simple { .. } => 1,
    }
}
