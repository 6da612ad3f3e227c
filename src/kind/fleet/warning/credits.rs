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

/// Instances that the traffic will keep busier than their baseline.
/// Where they become another type, a mean over the run says nothing of either.
pub(super) fn expected(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Option<Warning> {
    let credits = fleet.credits.as_ref().filter(|_| fleet.resize.is_empty())?;
    let span = expected.duration.as_secs_f64();
    let asked = expected.load.in_all(|demand| demand.of(Resource::Cpu { fleet: index })) / span;
    let cpu = busy(fleet, asked);
    let lasts = Lasts::of(fleet, credits, cpu)?;
    let has_credits = lasts.span(credits.initial) >= span;
    let spent = lasts.words(credits.initial);
    let then = match (has_credits, credits.unlimited) {
        (true, _) => format!("longer than the run; {}", lasts.of_new(credits)),
        (false, true) => "then it spends a surplus".into(),
        (false, false) => "then its instances are held to that".into(),
    };
    let message = format!(
        "fleet `{}` of {} will run at {} of its CPU on the mean, where its baseline is {}: {spent}, {then}",
        fleet.name,
        fleet.instance.name,
        setting(cpu),
        setting(credits.baseline)
    );
    Some(warning(fleet, credits, message, has_credits))
}

/// How fast each instance spends more credits than it earns.
struct Lasts {
    /// Credits a second.
    over: f64,
}

impl Lasts {
    /// At this mean busy share of its CPU; nothing where an instance earns what it spends.
    fn of(fleet: &Fleet, credits: &Credits, cpu: f64) -> Option<Lasts> {
        let over = (cpu - credits.baseline) * f64::from(fleet.instance.vcpus) / 60.0;
        (over > 0.0).then_some(Lasts { over })
    }

    /// Seconds that a balance lasts for.
    fn span(&self, balance: f64) -> f64 {
        balance / self.over
    }

    fn words(&self, balance: f64) -> String {
        match balance > 0.0 {
            true => format!("its credits last for {}", about(self.span(balance))),
            false => "it begins without credits".into(),
        }
    }

    /// What an instance has that is launched later.
    fn of_new(&self, credits: &Credits) -> String {
        match credits.launch > 0.0 {
            true => format!("those of a new instance last for {}", about(self.span(credits.launch))),
            false => "a new instance has none".into(),
        }
    }
}

/// Instances that had no credits left, or were on their way there.
pub(super) fn seen(fleet: &Fleet, totals: &FleetOutcome) -> Option<Warning> {
    let credits = fleet.all_hardware().find_map(|hardware| hardware.credits)?;
    let (held, surplus) = (totals.held_seconds, totals.surplus_hours + totals.owed_hours);
    let has_credits = held == 0.0 && surplus == 0.0;
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
        _ => {
            let lasts = Lasts::of(fleet, credits, totals.cpu_mean).filter(|_| fleet.resize.is_empty())?;
            format!(
                "fleet `{}` of {} ran at {} of its CPU on the mean, where its baseline is {}: a balance of {} lasts for {}; {}",
                fleet.name,
                fleet.instance.name,
                setting(totals.cpu_mean),
                setting(credits.baseline),
                number(credits.initial),
                about(lasts.span(credits.initial)),
                lasts.of_new(credits)
            )
        }
    };
    Some(warning(fleet, credits, message, has_credits))
}

fn warning(fleet: &Fleet, credits: &Credits, message: String, has_credits: bool) -> Warning {
    let hint = HINT[usize::from(credits.unlimited)];
    let hint = match has_credits {
        true => format!("`credits = {{ initial = 0 }}` shows a run without them; {hint}"),
        false => hint.to_string(),
    };
    Warning::new(Code::BurstableAboveBaseline, &["fleet", &fleet.name, "instance"], message, hint)
}
