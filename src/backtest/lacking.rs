//! What a comparison lacks. In: a replay and its recording. Out: sentences: what was not measured, what is not in the file, what is not told.

use super::replay::Replay;
use super::source::Absent;
use crate::measured::{Figure, Measured, What};
use crate::number::{all_of, counted, number};
use crate::text::visible;

/// Percentage points of a background from which they are told.
const LEAST: f64 = 0.05;

/// Sentences on what is not compared.
pub(super) fn lacking(replay: &Replay, measured: &Measured, background: &[(Figure, f64)]) -> Vec<String> {
    let mut said = replay.unread();
    let added =
        background.iter().filter(|it| it.1 >= LEAST && replay.figures.iter().any(|(of, _)| *of == it.0));
    said.extend(added.map(|(of, points)| {
        format!(
            "{} points of {} without any request, as calibrated, are added to the prediction: the file has no such number, and runs of it lack them.",
            number(*points),
            of.words()
        )
    }));
    let scenario = &replay.scenario;
    let has = |what: What, name: &str| measured.column(&Figure::of(what, name)).is_some();
    let is_whole = |what: What| measured.column(&Figure::of_all(what)).is_some();
    let named = |missing: Vec<&str>| all_of(&missing.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>());
    let mut not_measured = |what: &str, missing: Vec<&str>| {
        if !missing.is_empty() {
            said.push(format!("Not measured: {what} of {}.", named(missing)));
        }
    };
    let times = [What::Mean, What::P50, What::P90, What::P95, What::P99];
    let classes = || scenario.classes.iter().map(|it| it.name.as_str());
    if !is_whole(What::Requests) || scenario.classes.len() > 1 {
        not_measured("requests", classes().filter(|it| !has(What::Requests, it)).collect());
    }
    let is_timed = |name: &&str| times.iter().any(|what| has(*what, name));
    if scenario.classes.len() > 1 || !times.iter().any(|what| is_whole(*what)) {
        not_measured("latency", classes().filter(|it| !is_timed(it)).collect());
    }
    if !is_whole(What::Errors) {
        not_measured("errors", classes().filter(|it| !has(What::Errors, it)).collect());
    }
    let names = |all: Vec<&'_ str>, what: What| -> Vec<String> {
        all.into_iter().filter(|it| !has(what, it)).map(str::to_owned).collect()
    };
    let fleets: Vec<&str> = scenario.fleets.iter().map(|it| it.name.as_str()).collect();
    let databases = scenario.databases.iter().map(|it| it.name.as_str());
    let scaling = scenario.fleets.iter().filter(|it| it.scales()).map(|it| it.name.as_str());
    let caches = scenario.caches.iter().map(|it| it.name.as_str());
    let cpus = names(fleets.into_iter().chain(databases).collect(), What::Cpu);
    let sizes = names(scaling.collect(), What::Instances);
    let hits = names(caches.collect(), What::Hit);
    let text = |all: &[String]| all.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>();
    for (what, missing) in [("CPU", cpus), ("instances", sizes), ("hit ratio", hits)] {
        if !missing.is_empty() {
            said.push(format!("Not measured: {what} of {}.", all_of(&text(&missing))));
        }
    }
    said.extend(replay.unused(measured));
    said
}

impl Replay {
    /// Sentences on what was measured and is not compared.
    pub(crate) fn unread(&self) -> Vec<String> {
        let mut said = Vec::new();
        let quoted = |it: &Figure| format!("`{}`", visible(&it.to_string()));
        for (figure, why) in &self.absent {
            if let Absent::Unknown(why) = why {
                said.push(format!(
                    "{} was measured and is not in the file: {}.",
                    quoted(figure),
                    visible(why)
                ));
            }
        }
        let untold = self.absent.iter().filter(|it| it.1 == Absent::Untold).map(|it| quoted(&it.0));
        let untold: Vec<String> = untold.collect();
        if !untold.is_empty() {
            said.push(format!("No run tells {}: not compared.", all_of(&untold)));
        }
        said
    }

    /// Sentences on periods that the scenario does not have, and on what was left out of the recording.
    pub(crate) fn unused(&self, measured: &Measured) -> Vec<String> {
        let rest = measured.periods.saturating_sub(self.periods);
        let ends = format!("The scenario ends {} before the recording.", counted(rest as u64, "period"));
        let notes = measured.notes.iter().map(|it| format!("In `{}`, {it}.", visible(&measured.file)));
        (rest > 0).then_some(ends).into_iter().chain(notes).collect()
    }
}
