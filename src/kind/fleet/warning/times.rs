//! Actions that never come: after the end of the run, or at a time that no clock shows. In: the times of a fleet, and the end. Out:
//! warnings.

use crate::kind::code::Code;
use crate::kind::fleet::language::Fleet;
use crate::kind::warning::Warning;
use crate::units::Time;

/// An entry of the file that begins at a time.
struct Timed<'a> {
    /// Its array, from the fleet on.
    keys: &'static [&'static str],
    /// Its place among the entries.
    entry: usize,
    /// What it is, with an article.
    what: &'a str,
    at: Time,
}

pub(super) fn warnings(fleet: &Fleet, end: Time) -> impl Iterator<Item = Warning> {
    let late = timed(fleet).into_iter().filter(move |it| it.at >= end && it.at != Time::NEVER);
    late.map(move |it| after_the_end(fleet, &it, end)).chain(never(fleet))
}

/// All that a fleet does at a time of the file: whatever has an `at` is in this list.
fn timed(fleet: &Fleet) -> Vec<Timed<'_>> {
    fn list<'a, T: 'a>(
        keys: &'static [&'static str],
        what: &'a str,
        entries: impl IntoIterator<Item = &'a T> + 'a,
        at: impl Fn(&T) -> Time + 'a,
    ) -> impl Iterator<Item = Timed<'a>> {
        entries.into_iter().enumerate().map(move |(entry, of)| Timed { keys, entry, what, at: at(of) })
    }
    let actions = fleet.schedule.iter();
    let actions = actions.map(|action| Timed {
        keys: &["schedule"],
        entry: action.entry,
        what: "a scheduled action",
        at: action.at,
    });
    let waves = fleet.spot.as_ref().map_or(&[][..], |spot| &spot.waves);
    actions
        .chain(list(&["standby"], "a span of standby", &fleet.standby, |it| it.at))
        .chain(list(&["refresh"], "an instance refresh", fleet.refreshes(), |it| it.at))
        .chain(list(&["deploy"], "a deployment", fleet.deployments(), |it| it.at))
        .chain(list(&["resize"], "a resize", &fleet.resize, |it| it.at))
        .chain(list(&["suspend"], "a suspension", &fleet.suspend, |it| it.at))
        .chain(list(&["launch_failures"], "a span of failed launches", &fleet.launch_failures, |it| it.at))
        .chain(list(&["spot", "interruptions"], "a Spot interruption", waves, |it| it.at))
        .collect()
}

fn after_the_end(fleet: &Fleet, it: &Timed<'_>, end: Time) -> Warning {
    let message =
        format!("{} of fleet `{}` at {} never comes: the run ends at {end}", it.what, fleet.name, it.at);
    let hint = "set `at` to a time within `duration`, or remove it";
    warning(fleet, it.keys, it.entry, "at", message, hint)
}

/// Scheduled actions whose `cron` names no time of the run.
fn never(fleet: &Fleet) -> impl Iterator<Item = Warning> {
    fleet.schedule.iter().filter_map(move |action| {
        let never = action.never.as_ref()?;
        let (cron, name) = (&never.cron, &fleet.name);
        let (message, hint) = match &never.next {
            Some(next) => (
                format!("`{cron}` of a scheduled action of fleet `{name}` names no time of the run"),
                format!("it comes next at {next}: change `cron`, `starts` or `duration`, or remove it"),
            ),
            None => (
                format!("`{cron}` of a scheduled action of fleet `{name}` names a time that never comes"),
                "change `cron`, or remove the action".to_owned(),
            ),
        };
        Some(warning(fleet, &["schedule"], action.entry, "cron", message, &hint))
    })
}

fn warning(fleet: &Fleet, keys: &[&str], entry: usize, last: &str, message: String, hint: &str) -> Warning {
    let entry = entry.to_string();
    let at: Vec<&str> =
        ["fleet", &fleet.name].into_iter().chain(keys.iter().copied()).chain([&*entry, last]).collect();
    Warning::new(Code::ScheduleAfterEnd, &at, message, hint)
}
