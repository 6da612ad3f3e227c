//! The history of the event: bottleneck by phase, scaling, incidents. In: an [`Outcome`]. Out: lines in time order.

use std::collections::{BTreeMap, BTreeSet};

use crate::number::{clock, count, counted, millis, number};
use crate::outcome::{Activity, AlarmChange, AlarmState, Incident, Outcome, Phase};
use crate::report::section::Section;
use crate::report::table::{Cell, PLAIN, QUIET, Side, Table, WARNING};
use crate::text::Word;
use crate::units::Time;

/// The title of what broke first and next.
pub(in crate::report) const TITLE: &str = PHASES.text;

pub(in crate::report) const PHASES: Word = Word::new(
    "Bottleneck by phase",
    "The event as spans of time that are alike, each with what limited the system then: what was full or lost, what came of it, and how requests fared.",
);
pub(in crate::report) const SCALING: Word = Word::new(
    "Scaling",
    "When a policy, a schedule or a person changed the size of a fleet: when, which one, from how many to how many instances, when that was done, and why.",
);
pub(in crate::report) const ALARMS: Word = Word::new(
    "Alarms",
    "When an alarm went to another state: when, of what, to which state, at which value of its metric, and which alarm it was.",
);
pub(in crate::report) const INCIDENTS: Word = Word::new(
    "Incidents",
    "What happened to resources that is no state: nodes that died, health checks that failed, failovers, with the time of each.",
);
/// Most entries of a history that are shown; of a longer one the first few and the last.
const MOST_ENTRIES: usize = 8;
/// Most incidents that are shown where there are more than that.
const MOST_INCIDENTS: usize = 16;
/// Most entries and incidents of a whole page: a list of thousands is read in outcome.json.
const MOST_OF_ALL: usize = 1_000;
/// Characters of a sentence on one line.
const LINE: usize = 96;

pub(super) fn phases(outcome: &Outcome) -> Option<Section> {
    let mut table = Table::new(&[Side::Right, Side::Left]);
    for phase in &outcome.phases {
        let style = if phase.trouble { WARNING } else { PLAIN };
        // Each following cause starts a new line.
        let causes = phase.sentence.split(" · ").filter(|cause| !cause.is_empty()).map(str::to_owned);
        table.row([Cell::new(span_of(phase), style), Cell::paragraphs(causes.collect(), style, LINE)]);
    }
    let waits = outcome.phases.iter().any(|phase| phase.sentence.contains(" waiting"));
    let row = millis(1e3 * outcome.timeline.bucket_s);
    let of_runs = if outcome.runs.count > 1 { " and of the runs" } else { "" };
    let remark = match waits {
        true => format!("counts of what waits are means of {row}{of_runs}: at an instant more may wait"),
        false => String::new(),
    };
    (!outcome.phases.is_empty()).then(|| Section::of(PHASES, remark).table(table))
}

/// `60:10–70:00`.
pub(in crate::report) fn span_of(phase: &Phase) -> String {
    format!("{}–{}", clock(phase.from_s), clock(phase.to_s))
}

pub(super) fn scaling(outcome: &Outcome, whole: bool) -> Option<Section> {
    let activities = &outcome.scaling;
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Right, Side::Left, Side::Left]);
    for entry in folded(activities, whole) {
        table.row(match entry {
            Entry::One(activity) => scaling_row(activity).to_vec(),
            Entry::Gap(hidden) => gap(hidden).to_vec(),
        });
    }
    let remark = of_first_run(outcome, activities_in(activities.len()));
    let remark = where_all(remark, "scaling", activities.len() > most_entries(whole), whole);
    (!activities.is_empty()).then(|| Section::of(SCALING, remark).table(table))
}

/// When alarms went to another state.
pub(super) fn alarms(outcome: &Outcome, whole: bool) -> Option<Section> {
    let alarms = &outcome.alarms;
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Left, Side::Right, Side::Left]);
    for entry in folded(alarms, whole) {
        table.row(match entry {
            Entry::One(change) => alarm_row(change).to_vec(),
            Entry::Gap(hidden) => gap(hidden).to_vec(),
        });
    }
    let remark = of_first_run(outcome, counted(alarms.len() as u64, "change"));
    let remark = where_all(remark, "alarms", alarms.len() > most_entries(whole), whole);
    (!alarms.is_empty()).then(|| Section::of(ALARMS, remark).table(table))
}

fn alarm_row(change: &AlarmChange) -> [Cell; 5] {
    let style = if change.to == AlarmState::Ok { PLAIN } else { WARNING };
    let value = match (change.value, &change.rule) {
        (Some(value), _) => number(value),
        (None, Some(_)) => String::new(),
        (None, None) => "no data".into(),
    };
    let by = match (&change.rule, change.threshold) {
        (Some(rule), _) => format!("{}: {rule}", change.alarm),
        (None, Some(threshold)) => format!("{}, threshold {}", change.alarm, number(threshold)),
        (None, None) => change.alarm.clone(),
    };
    let held_back = match (&change.held_back_by, change.notified_s) {
        (Some(by), Some(at_s)) => format!("; notified at {}, held back by `{by}`", clock(at_s.floor())),
        (Some(by), None) => format!("; not notified, held back by `{by}`"),
        (None, _) => String::new(),
    };
    [
        clock(change.at_s.floor()).into(),
        change.fleet.as_deref().unwrap_or_default().into(),
        Cell::new(change.to.word(), style),
        value.into(),
        Cell::new(format!("{by}{held_back}"), QUIET),
    ]
}

pub(super) fn incidents(outcome: &Outcome, whole: bool) -> Option<Section> {
    let incidents = &outcome.incidents;
    let shown: Vec<usize> = match whole {
        true => (0..incidents.len().min(MOST_OF_ALL)).collect(),
        false => telling(incidents),
    };
    let mut table = Table::new(&[Side::Right, Side::Left, Side::Left, Side::Right]);
    for (nth, &at) in shown.iter().enumerate() {
        let incident = &incidents[at];
        let hidden = shown.get(nth + 1).unwrap_or(&incidents.len()) - at - 1;
        let mut cells: Vec<Cell> = vec![
            clock(incident.at_s).into(),
            incident.resource.as_str().into(),
            incident.text.as_str().into(),
        ];
        // What is not shown is counted where it is.
        if hidden > 0 {
            let [dots, more] = gap(hidden);
            cells.push(dots.followed(&format!(" {}", more.text().join(" "))));
        }
        table.row(cells);
    }
    let remark = of_first_run(outcome, count(incidents.len() as u64));
    let remark = where_all(remark, "incidents", shown.len() < incidents.len(), whole);
    (!incidents.is_empty()).then(|| Section::of(INCIDENTS, remark).table(table))
}

/// What stands in the place of entries that are not shown: how many they are.
fn gap(hidden: usize) -> [Cell; 2] {
    [Cell::new("…", QUIET), Cell::new(format!("{} more", count(hidden as u64)), QUIET)]
}

/// `10 activities, all with -v and in `scaling` of outcome.json`: where a list can be read of which only a part is shown.
fn where_all(remark: String, list: &str, is_part: bool, whole: bool) -> String {
    match (is_part, whole) {
        (true, true) => format!("{remark}, all in `{list}` of outcome.json"),
        (true, false) => format!("{remark}, all with -v and in `{list}` of outcome.json"),
        (false, _) => remark,
    }
}

fn most_entries(whole: bool) -> usize {
    if whole { MOST_OF_ALL } else { MOST_ENTRIES }
}

/// If there are many incidents, shows the first, the last and the second of each kind, as far as there is room for them, so that a
/// rare kind is not lost among a common one. Incidents of one kind are those of one resource that differ only in their numbers.
fn telling(incidents: &[Incident]) -> Vec<usize> {
    if incidents.len() <= MOST_ENTRIES {
        return (0..incidents.len()).collect();
    }
    let mut kinds: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, incident) in incidents.iter().enumerate() {
        let words = incident.text.replace(|c: char| c.is_ascii_digit(), "");
        kinds.entry((incident.place(), words)).or_default().push(index);
    }
    let mut kinds: Vec<Vec<usize>> = kinds.into_values().collect();
    kinds.sort_by_key(|of_kind| of_kind[0]);
    // One of each kind comes before a second one of any.
    let first = kinds.iter().filter_map(|of| of.first());
    let last = kinds.iter().filter_map(|of| of.last());
    let second = kinds.iter().filter_map(|of| of.get(1));
    let mut shown = BTreeSet::new();
    for index in first.chain(last).chain(second) {
        if shown.len() < MOST_INCIDENTS {
            shown.insert(*index);
        }
    }
    shown.into_iter().collect()
}

fn scaling_row(activity: &Activity) -> [Cell; 5] {
    let done = ending(activity);
    [
        clock(activity.at_s.floor()).into(),
        activity.fleet.as_str().into(),
        format!("{} → {}", activity.from, activity.to).into(),
        Cell::new(done, if activity.succeeded() { PLAIN } else { WARNING }),
        Cell::new(activity.cause.as_str(), QUIET),
    ]
}

/// How an activity ended. A launch that failed or was called off does not count as done.
fn ending(activity: &Activity) -> String {
    let Some(done_s) = activity.done_s else { return "not done by the end".into() };
    // Whole seconds are exact enough for a launch.
    let after = Time::from_secs((done_s - activity.at_s).max(0.0).round() as u64);
    match (activity.called_off, activity.launches) {
        (0, _) => format!("done after {after}"),
        (called_off, launches) if called_off == launches => format!("came to nothing after {after}"),
        (called_off, launches) => format!("{called_off} of {launches} came to nothing, done after {after}"),
    }
}

/// Histories of several runs cannot be merged; the first run stands for all.
fn of_first_run(outcome: &Outcome, remark: String) -> String {
    match outcome.runs.count {
        1 => remark,
        _ => format!("{remark} in the first run"),
    }
}

fn activities_in(activities: usize) -> String {
    counted(activities as u64, "activity")
}

enum Entry<'a, T> {
    One(&'a T),
    /// Number of entries that are not shown.
    Gap(usize),
}

fn folded<T>(history: &[T], whole: bool) -> Vec<Entry<'_, T>> {
    let most = most_entries(whole);
    match history {
        [first @ .., last] if history.len() > most => {
            let shown = most - 2;
            let hidden = first.len() - shown;
            let first = first.iter().take(shown).map(Entry::One);
            first.chain([Entry::Gap(hidden), Entry::One(last)]).collect()
        }
        _ => history.iter().map(Entry::One).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{Kind, Reference};

    /// A fleet and a cache have one name, and something is lost ten times and once: of the fleet the first two and the last are
    /// shown, and that of the cache is not one of them.
    #[test]
    fn incidents_of_two_kinds_with_one_name_are_not_mixed() {
        let incident = |at_s, kind| Incident {
            at_s,
            resource: "shop".into(),
            of: Some(Reference { kind, name: "shop".into() }),
            text: "lost".into(),
        };
        let mut all: Vec<Incident> = (0..10).map(|at| incident(f64::from(at), Kind::Fleet)).collect();
        all.insert(5, incident(4.5, Kind::Cache));
        let shown = |all: &[Incident]| telling(all).iter().map(|at| all[*at].at_s).collect::<Vec<_>>();
        assert_eq!(shown(&all), [0.0, 1.0, 4.5, 9.0]);
        // Files of older versions have the name alone.
        all.iter_mut().for_each(|incident| incident.of = None);
        assert_eq!(shown(&all), [0.0, 1.0, 9.0]);
    }

    /// Ten of one kind: the first two and the last are shown, and seven are hidden before the last.
    #[test]
    fn hidden_incidents_are_counted_where_they_are() {
        let mut outcome = crate::outcome::sample::outcome();
        let first = outcome.incidents[0].clone();
        let at = |at: u32| Incident { at_s: f64::from(at), text: format!("lost {at}"), ..first.clone() };
        outcome.incidents = (0..10).map(at).collect();
        let text = anstream::adapter::strip_str(&incidents(&outcome, false).unwrap().to_string()).to_string();
        let rows: Vec<&str> = text.lines().skip(1).map(str::trim).collect();
        assert_eq!(rows.len(), 3, "{text}");
        assert!(
            rows[0].ends_with("lost 0") && rows[1].ends_with("… 7 more") && rows[2].ends_with("lost 9"),
            "{text}"
        );
    }

    /// Twenty kinds of two incidents each: of the first sixteen kinds one is shown, and none is shown twice while another has none.
    #[test]
    fn each_kind_of_incident_comes_before_a_second_one_of_any() {
        let incident = |at: u32| Incident {
            at_s: f64::from(at),
            resource: "shop".into(),
            of: None,
            text: format!("lost {}", char::from(b'a' + (at % 20) as u8)),
        };
        let all: Vec<Incident> = (0..40).map(incident).collect();
        let shown = telling(&all);
        assert_eq!(shown.len(), MOST_INCIDENTS);
        let kinds: BTreeSet<&str> = shown.iter().map(|at| all[*at].text.as_str()).collect();
        assert_eq!(kinds.len(), MOST_INCIDENTS);
        let said = where_all("40".into(), "incidents", shown.len() < all.len(), false);
        assert_eq!(said, "40, all with -v and in `incidents` of outcome.json");
    }
}
