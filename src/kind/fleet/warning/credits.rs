//! CPU credits of a fleet. In: the traffic, or what a run has shown. Out: warnings that say when credits are spent, and what
//! the surplus costs.

use super::demand::busy;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::{Credits, Fleet};
use crate::kind::fleet::record::FleetOutcome;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{about, number, setting};

const HINT: [&str; 2] = [
    "take more instances, or a type without credits; `mode = \"unlimited\"` costs money instead of speed",
    "each hour of surplus costs as in `EC2/surplus-credits`; an instance pays it back by what it earns later, if it lives on",
];

/// Instances that the traffic will keep busier than their baseline for longer than their credits last.
pub(super) fn expected(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let credits = fleet.credits.as_ref()?;
    let span = expected.duration.as_secs_f64();
    let asked = expected.load.in_all(|demand| demand.of(Resource::Cpu { fleet: index })) / span;
    let cpu = busy(fleet, asked);
    let over = (cpu - credits.baseline) * f64::from(fleet.instance.vcpus);
    let lasts = credits.initial * 60.0 / over;
    (over > 0.0 && lasts < span).then(|| {
        let spent = match credits.initial > 0.0 {
            true => format!("its credits last for {}", about(lasts)),
            false => "it begins without credits".into(),
        };
        let then = match credits.unlimited {
            true => "then it spends a surplus",
            false => "then its instances are held to that",
        };
        let message = format!(
            "fleet `{}` of {} will run at {} of its CPU on the mean, where its baseline is {}: {spent}, {then}",
            fleet.name,
            fleet.instance.name,
            setting(cpu),
            setting(credits.baseline)
        );
        warning(fleet, credits, message)
    })
}

/// Instances that had no credits left.
pub(super) fn seen(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let credits = fleet.credits.as_ref()?;
    let (held, surplus) = (totals.held_seconds, totals.surplus_hours + totals.owed_hours);
    let message = match credits.unlimited {
        false if held > 0.0 => format!(
            "instances of fleet `{}` had no CPU credits left and were held to {} of their CPU, for {} instance-hours in all",
            fleet.name,
            setting(credits.baseline),
            number(held / 3_600.0)
        ),
        true if surplus > 0.0 => format!(
            "fleet `{}` went on without CPU credits: a surplus of {} vCPU-hours is charged, and {} are owed at the end",
            fleet.name,
            number(totals.surplus_hours),
            number(totals.owed_hours)
        ),
        _ => return None,
    };
    Some(warning(fleet, credits, message))
}

fn warning(fleet: &Fleet, credits: &Credits, message: String) -> Warning {
    let hint = HINT[usize::from(credits.unlimited)];
    Warning::new(Code::BurstableAboveBaseline, &["fleet", &fleet.name, "instance"], message, hint)
}
