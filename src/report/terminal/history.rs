//! The event as it went: bottleneck by phase, scaling, incidents. In: an [`Outcome`]. Out: lines in time order.

use super::heading;
use crate::outcome::figure::{clock, count};
use crate::outcome::{Activity, Outcome};
use crate::report::table::{Cell, PLAIN, QUIET, Side, Table, WARNING, wrapped};
use crate::units::Time;

/// Entries of a history that are shown; of a longer one the first few and the last.
const MOST_ENTRIES: usize = 8;
/// Characters of a finding on one line.
const LINE: usize = 96;

pub(super) fn phases(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&[Side::Right, Side::Left]);
    for phase in &outcome.phases {
        let style = if phase.trouble { WARNING } else { PLAIN };
        let mut span = format!("{}–{}", clock(phase.from_s), clock(phase.to_s));
        for line in wrapped(&phase.sentence, LINE) {
            table.row([Cell::new(std::mem::take(&mut span), style), Cell::new(line, style)]);
        }
    }
    (!outcome.phases.is_empty()).then(|| format!("{}{table}", heading("Bottleneck by phase", "")))
}

pub(super) fn scaling(outcome: &Outcome) -> Option<String> {
    let activities = &outcome.scaling;
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Right, Side::Left, Side::Left]);
    for entry in folded(activities) {
        table.row(match entry {
            Entry::One(activity) => scaling_row(activity).to_vec(),
            Entry::Gap(hidden) => vec![Cell::new("…", QUIET), Cell::new(format!("{hidden} more"), QUIET)],
        });
    }
    (!activities.is_empty())
        .then(|| format!("{}{table}", heading("Scaling", &activities_in(activities.len()))))
}

pub(super) fn incidents(outcome: &Outcome) -> Option<String> {
    let incidents = &outcome.incidents;
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Left]);
    for entry in folded(incidents) {
        table.row(match entry {
            Entry::One(incident) => vec![
                clock(incident.at_s).into(),
                incident.resource.as_str().into(),
                incident.text.as_str().into(),
            ],
            Entry::Gap(hidden) => vec![Cell::new("…", QUIET), Cell::new(format!("{hidden} more"), QUIET)],
        });
    }
    (!incidents.is_empty())
        .then(|| format!("{}{table}", heading("Incidents", &count(incidents.len() as u64))))
}

fn scaling_row(activity: &Activity) -> [Cell; 5] {
    let done = match activity.done_s {
        Some(done_s) => {
            // Whole seconds: nobody plans a launch to the nanosecond.
            format!("done after {}", Time::from_secs((done_s - activity.at_s).max(0.0).round() as u64))
        }
        None => "not done by the end".into(),
    };
    [
        clock(activity.at_s.floor()).into(),
        activity.fleet.as_str().into(),
        format!("{} → {}", activity.from, activity.to).into(),
        Cell::new(done, if activity.done_s.is_some() { PLAIN } else { WARNING }),
        Cell::new(activity.cause.as_str(), QUIET),
    ]
}

fn activities_in(activities: usize) -> String {
    match activities {
        1 => "1 activity".into(),
        many => format!("{} activities", count(many as u64)),
    }
}

enum Entry<'a, T> {
    One(&'a T),
    /// So many are not shown.
    Gap(String),
}

fn folded<T>(history: &[T]) -> Vec<Entry<'_, T>> {
    match history {
        [first @ .., last] if history.len() > MOST_ENTRIES => {
            let shown = MOST_ENTRIES - 2;
            let hidden = count((first.len() - shown) as u64);
            let first = first.iter().take(shown).map(Entry::One);
            first.chain([Entry::Gap(hidden), Entry::One(last)]).collect()
        }
        _ => history.iter().map(Entry::One).collect(),
    }
}
