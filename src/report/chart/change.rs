//! Scaling activities and incidents that are near each other, as one. In: those of a run. Out: groups of them, each with its mark.

use super::marker::{Kind, Marker};
use super::text::unquoted;
use crate::number;
use crate::outcome::{Activity, Incident};

/// Most sizes of a fleet that one mark names.
const MOST_SIZES: usize = 4;

/// Activities of one fleet in one direction, shortly after each other.
pub struct Change<'a> {
    /// The first of them.
    pub first: &'a Activity,
    last: &'a Activity,
    /// The sizes in order, from the first to the last.
    sizes: Vec<u32>,
    done: Option<f64>,
    /// Whether one of its launches was called off.
    called_off: bool,
}

impl Change<'_> {
    /// How much it says.
    pub fn weight(&self) -> f64 {
        let (from, to) = (f64::from(self.first.from.max(1)), f64::from(self.last.to.max(1)));
        // Added capacity explains an event better than removed capacity.
        (to / from).ln().abs() * if to > from { 2.0 } else { 1.0 }
    }

    /// `10 → 19 → 37`; of many steps the ends and their number.
    fn steps(&self) -> String {
        let each: Vec<String> = match self.sizes.len() {
            ..=MOST_SIZES => self.sizes.iter().map(u32::to_string).collect(),
            steps => return format!("{} → {} in {} steps", self.first.from, self.last.to, steps - 1),
        };
        each.join(" → ")
    }

    /// Its mark, which stands for others as well.
    pub fn marker(&self, span: f64, others: usize) -> Marker {
        let out = self.last.to >= self.first.from;
        let mut when = number::clock_of_span(self.first.at_s, span);
        // Several decisions are told from one: else the first one seems to take as long as all of them.
        if self.last.at_s > self.first.at_s {
            when += &format!(" to {}", number::clock_of_span(self.last.at_s, span));
        }
        match self.done {
            Some(done) if out && self.called_off => {
                when += &format!(", in part without effect, {}", number::clock_of_span(done, span));
            }
            Some(done) if out => when += &format!(", in service {}", number::clock_of_span(done, span)),
            None if out => when += ", not in service by the end",
            _ => {}
        }
        Marker {
            at: self.first.at_s,
            until: if out { self.done.unwrap_or(span) } else { self.first.at_s },
            kind: if out { Kind::Out } else { Kind::In },
            text: unquoted(&format!("{} {}{}", self.first.fleet, self.steps(), and_more(others))),
            when,
            others: Vec::new(),
        }
    }
}

/// Activities of each fleet, those of one direction within a window together.
pub fn changes(activities: &[Activity], window: f64) -> Vec<Change<'_>> {
    let mut changes: Vec<Change<'_>> = Vec::new();
    for activity in activities.iter().filter(|activity| activity.from != activity.to) {
        let out = activity.to > activity.from;
        let same = |change: &&mut Change<'_>| {
            change.first.is_beside(activity) && (change.last.to > change.last.from) == out
        };
        // The latest activity of the fleet, so that a change of direction begins a new change.
        let latest = changes.iter_mut().rev().find(|change| change.first.is_beside(activity));
        match latest.filter(same) {
            Some(change) if activity.at_s - change.last.at_s <= window => {
                change.last = activity;
                change.sizes.push(activity.to);
                change.done = change.done.zip(activity.done_s).map(|(a, b)| a.max(b));
                change.called_off |= activity.called_off > 0;
            }
            _ => changes.push(Change {
                first: activity,
                last: activity,
                sizes: vec![activity.from, activity.to],
                done: activity.done_s,
                called_off: activity.called_off > 0,
            }),
        }
    }
    changes
}

/// Incidents of one resource, shortly after each other.
pub struct Run<'a> {
    /// The first of them.
    pub first: &'a Incident,
    last: f64,
    more: Vec<&'a Incident>,
}

impl Run<'_> {
    /// Its mark, which stands for others as well.
    pub fn marker(&self, span: f64, others: usize) -> Marker {
        let more = match self.more.len() {
            0 => String::new(),
            more => format!(" (+{more} more)"),
        };
        let other =
            |it: &&Incident| unquoted(&format!("{}  {}", number::clock_of_span(it.at_s, span), it.text));
        Marker {
            at: self.first.at_s,
            until: self.last,
            kind: Kind::Incident,
            text: unquoted(&format!(
                "{}: {}{more}{}",
                self.first.resource,
                self.first.text,
                and_more(others)
            )),
            when: number::clock_of_span(self.first.at_s, span),
            others: self.more.iter().map(other).collect(),
        }
    }
}

/// Incidents of each resource, those within a window together.
pub fn incidents(incidents: &[Incident], window: f64) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for incident in incidents {
        match runs.iter_mut().rev().find(|run| run.first.place() == incident.place()) {
            Some(run) if incident.at_s - run.last <= window => {
                run.last = incident.at_s;
                run.more.push(incident);
            }
            _ => runs.push(Run { first: incident, last: incident.at_s, more: Vec::new() }),
        }
    }
    runs
}

/// The words for what a mark stands for beside what it names.
fn and_more(more: usize) -> String {
    if more > 0 { format!(" and {more} more at this time") } else { String::new() }
}
