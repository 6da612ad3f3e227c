//! CPU credits of a fleet. In: the traffic, or what a run has shown. Out: warnings that say when credits are spent, and what
//! the surplus costs.

use super::demand::busy;
use crate::kind::code::Code;
use crate::kind::demand::Demand;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::{Credits, Fleet};
use crate::kind::fleet::record::{FleetOutcome, FleetSeries};
use crate::kind::view::at;
use crate::kind::warning::Warning;
use crate::kind::{Scene, Settings};
use crate::measure::resource::Resource;
use crate::number::{about, number, setting};
use crate::units::Time;

const HINT: [&str; 2] = [
    "take more instances, or a type without credits; `mode = \"unlimited\"` costs money instead of speed",
    "each hour of surplus costs as in `EC2/surplus-credits`; an instance pays it back by what it earns later, if it lives on",
];

/// Instances that the traffic will keep busier than their baseline, by each type that they have one after the other.
pub(super) fn expected(expected: &Expected<'_, Settings>, index: usize, fleet: &Fleet) -> Vec<Warning> {
    let of = |demand: &Demand| demand.of(Resource::Cpu { fleet: index });
    let end = expected.duration;
    let all = stages(fleet, end).filter_map(|stage| {
        let asked = match fleet.resize.is_empty() {
            true => expected.load.in_all(of) / end.as_secs_f64(),
            false => expected.load.mean_between(&expected.load.per_second(of), stage.from, stage.to),
        };
        let cpu = busy(fleet, asked, stage.from);
        let (credits, lasts) = (stage.credits, Lasts::of(&stage, cpu)?);
        let has_credits = lasts.span(stage.balance()) >= stage.seconds();
        let spent = lasts.words(stage.balance());
        let then = match (has_credits, credits.unlimited) {
            (true, _) if stage.is_later => "longer than the run".into(),
            (true, _) => format!("longer than the run; {}", lasts.of_new(credits)),
            (false, true) => "then it spends a surplus".into(),
            (false, false) => "then its instances are held to that".into(),
        };
        let message = format!(
            "{} will run at {} of its CPU on the mean, where its baseline is {}: {spent}, {then}",
            stage.words(fleet),
            setting(cpu),
            setting(credits.baseline)
        );
        Some(warning(fleet, &stage, message, has_credits))
    });
    all.collect()
}

/// A time for which a fleet has one type, which has credits.
struct Stage<'a> {
    credits: &'a Credits,
    name: &'a str,
    vcpus: u32,
    from: Time,
    to: Time,
    /// Its instances became that type: they begin with what a launch gives.
    is_later: bool,
}

/// The types with credits that a fleet has in a run.
fn stages(fleet: &Fleet, end: Time) -> impl Iterator<Item = Stage<'_>> {
    let begin = |of: usize| of.checked_sub(1).map_or(Time::ZERO, |of| fleet.resize[of].at);
    let all = fleet.all_hardware().enumerate().filter_map(move |(of, hardware)| {
        let to = fleet.resize.get(of).map_or(end, |next| next.at.min(end));
        Some(Stage {
            credits: hardware.credits?,
            name: &hardware.instance.name,
            vcpus: hardware.instance.vcpus,
            from: begin(of),
            to,
            is_later: of > 0,
        })
    });
    all.filter(|stage| stage.from < stage.to)
}

impl Stage<'_> {
    fn seconds(&self) -> f64 {
        (self.to - self.from).as_secs_f64()
    }

    /// Credits that its instances begin with.
    fn balance(&self) -> f64 {
        if self.is_later { self.credits.launch } else { self.credits.initial }
    }

    /// `fleet `web` of t3.small`, `fleet `web`, of t2.nano from 5m on,`.
    fn words(&self, fleet: &Fleet) -> String {
        match self.is_later {
            true => format!("fleet `{}`, of {} from {} on,", fleet.name, self.name, self.from),
            false => format!("fleet `{}` of {}", fleet.name, self.name),
        }
    }
}

/// How fast each instance spends more credits than it earns.
struct Lasts {
    /// Credits a second.
    over: f64,
}

impl Lasts {
    /// At this mean busy share of its CPU; nothing where an instance earns what it spends.
    fn of(stage: &Stage<'_>, cpu: f64) -> Option<Lasts> {
        let over = (cpu - stage.credits.baseline) * f64::from(stage.vcpus) / 60.0;
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

/// Instances that had no credits left, or were on their way there, by each type that they had.
pub(super) fn seen(
    fleet: &Fleet,
    series: &FleetSeries,
    totals: &FleetOutcome,
    scene: &Scene<'_>,
) -> Vec<Warning> {
    let mut stages = stages(fleet, scene.duration).peekable();
    let Some(credits) = stages.peek().map(|stage| stage.credits) else { return Vec::new() };
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
        _ => return stages.filter_map(|stage| above(&stage, fleet, series, totals, scene)).collect(),
    };
    let first = stages.next();
    first.map(|stage| warning(fleet, &stage, message, held == 0.0 && surplus == 0.0)).into_iter().collect()
}

/// Instances of a type that were busier than its baseline, with credits left.
fn above(
    stage: &Stage<'_>,
    fleet: &Fleet,
    series: &FleetSeries,
    totals: &FleetOutcome,
    scene: &Scene<'_>,
) -> Option<Warning> {
    let row_at = |time: Time| scene.timeline.time_s.partition_point(|start| *start < time.as_secs_f64());
    let cpu = match fleet.resize.is_empty() {
        true => totals.cpu_mean,
        // Of the instances that serve: none do while all are away.
        false => {
            let rows = row_at(stage.from)..row_at(stage.to);
            let serving = rows.clone().map(|row| at(&series.serving, row));
            let busy: f64 =
                rows.map(|row| at(&series.serving, row) * at(&series.cpu_percent, row) / 100.0).sum();
            busy / serving.sum::<f64>().max(f64::MIN_POSITIVE)
        }
    };
    let (credits, lasts) = (stage.credits, Lasts::of(stage, cpu)?);
    let then = if stage.is_later { String::new() } else { format!("; {}", lasts.of_new(credits)) };
    let lasting = match stage.balance() > 0.0 {
        true => format!(
            "a balance of {} lasts for {}",
            number(stage.balance()),
            about(lasts.span(stage.balance()))
        ),
        false => "it begins without credits".into(),
    };
    let message = format!(
        "{} ran at {} of its CPU on the mean, where its baseline is {}: {lasting}{then}",
        stage.words(fleet),
        setting(cpu),
        setting(credits.baseline),
    );
    Some(warning(fleet, stage, message, true))
}

fn warning(fleet: &Fleet, stage: &Stage<'_>, message: String, has_credits: bool) -> Warning {
    let hint = HINT[usize::from(stage.credits.unlimited)];
    let hint = match has_credits && !stage.is_later {
        true => format!("`credits = {{ initial = 0 }}` shows a run without them; {hint}"),
        false => hint.to_string(),
    };
    let key = if stage.is_later { "resize" } else { "instance" };
    Warning::new(Code::BurstableAboveBaseline, &["fleet", &fleet.name, key], message, hint)
}
