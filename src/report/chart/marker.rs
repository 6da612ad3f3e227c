//! What to mark: faults and deployments on every chart of time, on one of them scaling activities and incidents too. In: an outcome. Out: a few
//! [`Marker`]s, near ones merged.

use super::change::{Change, changes, incidents};
use super::text::unquoted;
use super::zoom;
use crate::id;
use crate::number;
use crate::outcome::{Deployment, Incident, Outcome, Strike};

/// Most marks on one chart.
const MOST: usize = 7;
/// Most faults and deployments among them.
const MOST_EVENTS: usize = 4;
/// Events of one kind and resource that are nearer than this share of the run are merged.
const NEAR: f64 = 0.02;
/// So far apart they are merged where there are too many for a mark each; if there still are, the largest changes are marked.
const FAR: f64 = 0.08;
/// Most events of a page that has room.
const MOST_STORIES: usize = 150;
/// There events of one kind and resource are merged that are nearer than this share of the run.
const NEAR_STORIES: f64 = 0.002;

/// An event marked on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// When it began.
    pub at: f64,
    /// When it was over; equal to `at` for an instant.
    pub until: f64,
    /// The kind of event.
    pub kind: Kind,
    /// What happened.
    pub text: String,
    /// The time, for people.
    pub when: String,
    /// Other events that it stands for and counts, each with its time.
    pub others: Vec<String>,
}

/// The kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Capacity added.
    Out,
    /// Capacity removed.
    In,
    /// A fault, as long as it lasts.
    Fault,
    /// A deployment, as long as it takes.
    Deployment,
    /// Any other event.
    Incident,
}

impl Kind {
    /// Whether its end is marked as its begin is.
    pub fn has_end(self) -> bool {
        matches!(self, Kind::Fault | Kind::Deployment)
    }
}

/// The faults and the deployments of a run, in time order, and how many more there were: strikes of one fault that are near each other are
/// one.
pub fn events(outcome: &Outcome) -> (Vec<Marker>, usize) {
    let span = outcome.scenario.duration_s;
    let mut all: Vec<Marker> = Vec::new();
    for near in near(&outcome.faults, span) {
        let mut marker = fault(near[0], span);
        if let [_, others @ ..] = &near[..]
            && !others.is_empty()
        {
            marker.until = near.iter().map(|it| until(it, span)).fold(marker.until, f64::max);
            marker.text += &format!(" (+{} more)", others.len());
            marker.when = number::clock_of_span(marker.at, span);
            let other = |it: &&Strike| format!("{}  {}", when(it.at_s, it.until_s, span), it.what);
            marker.others = others.iter().map(other).collect();
        }
        all.push(marker);
    }
    all.extend(outcome.deployments.iter().map(|it| deployment(it, span)));
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    let unmarked = all.len().saturating_sub(MOST_EVENTS);
    all.truncate(MOST_EVENTS);
    (all, unmarked)
}

/// Strikes of one fault that are near each other.
fn near(strikes: &[Strike], span: f64) -> Vec<Vec<&Strike>> {
    let mut groups: Vec<Vec<&Strike>> = Vec::new();
    for strike in strikes {
        let is_near = |group: &&mut Vec<&Strike>| {
            group
                .last()
                .is_some_and(|last| last.name == strike.name && strike.at_s - last.at_s <= NEAR * span)
        };
        match groups.iter_mut().find(is_near) {
            Some(group) => group.push(strike),
            None => groups.push(vec![strike]),
        }
    }
    groups
}

/// Until when a strike is marked: what does not last is an instant.
fn until(strike: &Strike, span: f64) -> f64 {
    strike.until_s.unwrap_or(span)
}

/// `0:10:00, over 0:15:00`.
fn when(at_s: f64, until_s: Option<f64>, span: f64) -> String {
    let end = match until_s {
        Some(until) => format!("over {}", number::clock_of_span(until, span)),
        None => "not over by the end".into(),
    };
    format!("{}, {end}", number::clock_of_span(at_s, span))
}

fn fault(strike: &Strike, span: f64) -> Marker {
    Marker {
        at: strike.at_s,
        until: until(strike, span),
        kind: Kind::Fault,
        text: unquoted(&format!("{}: {}", strike.name, strike.what)),
        when: when(strike.at_s, strike.until_s, span),
        others: Vec::new(),
    }
}

fn deployment(it: &Deployment, span: f64) -> Marker {
    Marker {
        at: it.at_s,
        until: it.done_s.unwrap_or(span),
        kind: Kind::Deployment,
        text: format!("{}: {}", it.fleet, it.strategy.replace('_', " ")),
        when: when(it.at_s, it.done_s, span),
        others: Vec::new(),
    }
}

/// The events to mark, in time order, and how many more there were.
pub fn markers(outcome: &Outcome) -> (Vec<Marker>, usize) {
    let span = outcome.scenario.duration_s;
    // Where a part of the event is enlarged, what lies apart there is not merged.
    let shown = zoom::window(outcome).map_or(span, |(from, to)| 2.0 * (to - from));
    let (mut window, widest) = (NEAR * shown.min(span), FAR * span);
    let (events, more_events) = events(outcome);
    let most = MOST - events.len();
    // Faults have a mark of their own, and so have deployments.
    let own = |it: &&Incident| !is_of_fault(it) && !begins_deployment(it, &outcome.deployments);
    let others: Vec<Incident> = outcome.incidents.iter().filter(own).cloned().collect();
    let mut changes = changes(&outcome.scaling, window);
    let mut incidents = incidents(&others, window);
    while changes.len() + incidents.len() > most && window < widest {
        window *= 1.5;
        changes = self::changes(&outcome.scaling, window);
        incidents = self::incidents(&others, window);
    }
    let together = changes.len() + incidents.len() > most;
    changes.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let changes = at_once(&changes, |it| it.first.at_s, together);
    // The first of what happens at one instant is what the others come of.
    let incidents = at_once(&incidents, |it| it.first.at_s, together);
    let shown = incidents.len().min(most / 2);
    // Of one instant, a fault before what comes of it.
    let mut markers = events;
    markers.extend(changes.iter().take(most - shown).map(|(change, more)| change.marker(span, *more)));
    markers.extend(incidents.iter().take(shown).map(|(run, more)| run.marker(span, *more)));
    markers.sort_by(|a, b| a.at.total_cmp(&b.at));
    let left_out = changes
        .iter()
        .skip(most - shown)
        .map(|(_, more)| more)
        .chain(incidents.iter().skip(shown).map(|(_, more)| more));
    let unmarked: usize = left_out.map(|more| 1 + more).sum();
    (markers, unmarked + more_events)
}

/// The events for a page that has room: each activity with its cause, each incident, the faults and deployments, in time order; those
/// that are very near count as one. Also how many more there were.
pub fn stories(outcome: &Outcome) -> (Vec<Marker>, usize) {
    let span = outcome.scenario.duration_s;
    let others: Vec<Incident> = outcome.incidents.iter().filter(|it| !is_of_fault(it)).cloned().collect();
    let mut window = NEAR_STORIES * span;
    let (mut changes, mut incidents) = (changes(&outcome.scaling, window), incidents(&others, window));
    while changes.len() + incidents.len() > MOST_STORIES && window < span / 6.0 {
        window *= 1.5;
        (changes, incidents) = (self::changes(&outcome.scaling, window), self::incidents(&others, window));
    }
    let because = |change: &Change<'_>| {
        let mut marker = change.marker(span, 0);
        if !change.first.cause.is_empty() {
            marker.text += &unquoted(&format!(": {}", change.first.cause));
        }
        marker
    };
    let mut all: Vec<Marker> = outcome.faults.iter().map(|it| fault(it, span)).collect();
    all.extend(outcome.deployments.iter().map(|it| deployment(it, span)));
    all.extend(changes.iter().map(because));
    all.extend(incidents.iter().map(|run| run.marker(span, 0)));
    all.sort_by(|a, b| a.at.total_cmp(&b.at));
    let unmarked = all.len().saturating_sub(MOST_STORIES);
    all.truncate(MOST_STORIES);
    (all, unmarked)
}

fn is_of_fault(incident: &Incident) -> bool {
    incident.of.as_ref().is_some_and(|of| of.kind == id::Kind::Fault)
}

fn begins_deployment(incident: &Incident, deployments: &[Deployment]) -> bool {
    let begins = |it: &Deployment| it.fleet == incident.resource && it.at_s == incident.at_s;
    incident.text.ends_with(" begins") && deployments.iter().any(begins)
}

/// What begins in the same second as one before it counts with that one, if there are too many for a mark each: each that stays, and
/// how many it stands for beside itself.
fn at_once<T>(events: &[T], at_s: impl Fn(&T) -> f64, too_many: bool) -> Vec<(&T, usize)> {
    let mut kept: Vec<(&T, usize)> = Vec::new();
    for event in events {
        match kept.iter_mut().find(|(other, _)| too_many && at_s(other).floor() == at_s(event).floor()) {
            Some((_, more)) => *more += 1,
            None => kept.push((event, 0)),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{FleetId, Kind as Table, Reference};
    use crate::outcome::{Activity, Outcome, Phase, sample};

    fn activity(at_s: f64, from: u32, to: u32) -> Activity {
        let (fleet, of, cause) = ("web".to_string(), Some(FleetId(0)), String::new());
        let launches = to.saturating_sub(from);
        Activity { at_s, done_s: Some(at_s + 240.0), fleet, of, from, to, cause, launches, called_off: 0 }
    }

    fn strike(name: &str, at_s: f64, until_s: Option<f64>) -> Strike {
        let (name, what) = (name.to_owned(), "zone b lost".to_owned());
        let (detected_after_s, mitigated_after_s, recovered_after_s) = (None, None, None);
        Strike {
            name,
            what,
            at_s,
            until_s,
            detected_after_s,
            detected_by: None,
            mitigated_after_s,
            recovered_after_s,
            failed: 0,
            failed_meanwhile: 0,
        }
    }

    /// Where there is room, each activity has its cause, and nothing is left out that a picture has no room for.
    #[test]
    fn a_page_with_room_has_the_story_of_each_event() {
        let mut outcome = four_hours();
        outcome.incidents.clear();
        outcome.deployments.clear();
        let grown = |at: u32| Activity {
            cause: format!("cause {at}"),
            ..activity(f64::from(at) * 600.0, 2 + at, 3 + at)
        };
        outcome.scaling = (0..12).map(grown).collect();
        outcome.faults = vec![strike("one", 60.0, Some(120.0))];
        let (all, unmarked) = stories(&outcome);
        assert_eq!((all.len(), unmarked), (13, 0));
        assert_eq!((all[0].text.as_str(), all[1].text.as_str()), ("web 2 → 3: cause 0", "one: zone b lost"));
        assert_eq!(all[12].text, "web 13 → 14: cause 11");
        assert!(markers(&outcome).0.len() <= MOST);
        // Far more than anybody reads: near ones are merged until there are few enough.
        outcome.scaling = (0..2_000).map(|at| activity(f64::from(at) * 7.0, 2 + at, 3 + at)).collect();
        assert!(stories(&outcome).0.len() <= MOST_STORIES);
    }

    /// Two strikes that are near are one mark; an incident of a fault has none of its own; what is not over lasts to the end.
    #[test]
    fn faults_are_marked_from_begin_to_end() {
        let mut outcome = four_hours();
        outcome.scaling.clear();
        outcome.deployments.clear();
        outcome.faults = vec![
            strike("one", 60.0, Some(120.0)),
            strike("one", 200.0, Some(600.0)),
            strike("two", 3_600.0, None),
        ];
        let (marks, unmarked) = events(&outcome);
        let found: Vec<_> = marks.iter().map(|it| (it.text.as_str(), it.at, it.until)).collect();
        let expected = [("one: zone b lost (+1 more)", 60.0, 600.0), ("two: zone b lost", 3_600.0, 14_400.0)];
        assert_eq!((&found[..], unmarked), (&expected[..], 0));
        assert_eq!(marks[1].when, "1:00:00, not over by the end");
        let of = Some(Reference { kind: Table::Fault, name: "two".into() });
        outcome.incidents =
            vec![Incident { at_s: 3_600.0, resource: "two".into(), of, text: "zone b is lost".into() }];
        assert_eq!(markers(&outcome).0.len(), 2);
        outcome.faults = (0..9).map(|at| strike("far", f64::from(at) * 1_000.0, Some(10.0))).collect();
        assert_eq!((events(&outcome).0.len(), events(&outcome).1), (MOST_EVENTS, 9 - MOST_EVENTS));
    }

    /// A deployment has one mark and not a second one for the incident that says that it begins; names have no quotes.
    #[test]
    fn a_deployment_is_marked_once() {
        let mut outcome = four_hours();
        outcome.scaling.clear();
        outcome.deployments = vec![Deployment {
            at_s: 600.0,
            done_s: Some(900.0),
            fleet: "web".into(),
            of: Some(FleetId(0)),
            strategy: "rolling".into(),
            from: None,
            to: Some("v2".into()),
            before: 8,
            least: 6,
            failed: 0,
            ended: crate::outcome::Ended::Complete,
            turned_s: None,
            reason: None,
        }];
        let incident = |at_s, text: &str| Incident {
            at_s,
            resource: "web".into(),
            of: Some(Reference { kind: Table::Fleet, name: "web".into() }),
            text: text.into(),
        };
        outcome.incidents = vec![
            incident(600.0, "a rolling deployment to `v2` begins"),
            incident(3_600.0, "the deployment to `v2` is rolled back"),
        ];
        let (marks, _) = markers(&outcome);
        let texts: Vec<&str> = marks.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["web: rolling", "web: the deployment to v2 is rolled back"]);
    }

    fn four_hours() -> Outcome {
        let mut outcome = sample::outcome();
        outcome.scenario.duration_s = 14_400.0;
        // Nothing stands out, so nothing is enlarged.
        outcome.phases.clear();
        outcome.timeline.offered.fill(1.0);
        outcome.utilisation.clear();
        outcome
    }

    /// What lies apart where a part of the event is enlarged has a mark each.
    #[test]
    fn activities_of_a_part_that_is_enlarged_are_not_merged() {
        let mut outcome = four_hours();
        outcome.incidents.clear();
        outcome.scaling = vec![activity(3_600.0, 8, 12), activity(3_660.0, 12, 20)];
        assert_eq!(markers(&outcome).0.len(), 1);
        let phase = sample::outcome().phases[0].clone();
        outcome.phases = vec![Phase { from_s: 3_600.0, to_s: 3_900.0, trouble: true, ..phase }];
        let found = markers(&outcome).0;
        let texts: Vec<&str> = found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["web 8 → 12", "web 12 → 20"]);
    }

    #[test]
    fn near_activities_of_one_direction_are_one_mark() {
        let mut outcome = four_hours();
        outcome.incidents.clear();
        outcome.scaling =
            vec![activity(3_600.0, 8, 12), activity(3_660.0, 12, 20), activity(3_720.0, 20, 18)];
        let (markers, unmarked) = markers(&outcome);
        assert_eq!(unmarked, 0);
        assert_eq!(
            markers.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(),
            ["web 8 → 12 → 20", "web 20 → 18"]
        );
        assert_eq!((markers[0].at, markers[0].until), (3_600.0, 3_900.0));
        assert_eq!(markers[0].when, "1:00:00 to 1:01:00, in service 1:05:00");
    }

    /// A queue and a fleet may have one name: what happens to both within a minute is two marks, and to one of them, one.
    #[test]
    fn incidents_of_two_kinds_with_one_name_are_two_marks() {
        let mut outcome = four_hours();
        outcome.scaling.clear();
        let incident = |at_s, kind| Incident {
            at_s,
            resource: "orders".into(),
            of: Some(Reference { kind, name: "orders".into() }),
            text: "lost".into(),
        };
        outcome.incidents = vec![
            incident(3_600.0, Table::Cache),
            incident(3_620.0, Table::Fleet),
            incident(3_640.0, Table::Cache),
        ];
        let marks = |outcome: &Outcome| -> Vec<String> {
            markers(outcome).0.into_iter().map(|marker| marker.text).collect()
        };
        assert_eq!(marks(&outcome), ["orders: lost (+1 more)", "orders: lost"]);
        assert_eq!(markers(&outcome).0[0].others, ["1:00:40  lost"]);
        // Files of older versions have the name alone.
        outcome.incidents.iter_mut().for_each(|incident| incident.of = None);
        assert_eq!(marks(&outcome), ["orders: lost (+2 more)"]);
    }

    /// Seven things are lost in one second, and one later: two marks, and none is left out. Four at one instant have room.
    #[test]
    fn what_begins_at_one_instant_is_one_mark_where_there_are_too_many() {
        let mut outcome = four_hours();
        outcome.scaling.clear();
        let incident = |at_s, name: String| Incident {
            at_s,
            resource: name.clone(),
            of: Some(Reference { kind: Table::Fleet, name }),
            text: "lost".into(),
        };
        outcome.incidents =
            (0..7).map(|at| incident(3_600.0 + 0.1 * f64::from(at), format!("f{at}"))).collect();
        outcome.incidents.push(incident(9_000.0, "f9".into()));
        let (marks, unmarked) = markers(&outcome);
        let texts: Vec<&str> = marks.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(
            (texts.as_slice(), unmarked),
            (["f0: lost and 6 more at this time", "f9: lost"].as_slice(), 0)
        );
        outcome.incidents.truncate(4);
        assert_eq!(markers(&outcome).0[0].text, "f0: lost");
        // Of fleets that grow at one instant, the one that grows most is named.
        outcome.incidents.clear();
        let grown = |at: u32| Activity {
            fleet: format!("f{at}"),
            of: Some(FleetId(at)),
            ..activity(60.0, 2, 3 + at)
        };
        outcome.scaling = (0..8).map(grown).collect();
        let (marks, unmarked) = markers(&outcome);
        assert_eq!(
            (marks.len(), marks[0].text.as_str(), unmarked),
            (1, "f7 2 → 10 and 7 more at this time", 0)
        );
    }

    #[test]
    fn many_activities_leave_the_largest_and_are_counted() {
        let mut outcome = four_hours();
        outcome.incidents.clear();
        outcome.scaling =
            (0..40).map(|i| activity(f64::from(i) * 360.0, 8 + i % 2, 8 + (i + 1) % 2)).collect();
        outcome.scaling[8] = activity(2_880.0, 8, 90);
        let (markers, unmarked) = markers(&outcome);
        assert_eq!(markers.len() + unmarked, 40);
        assert_eq!(markers.len(), MOST);
        assert!(markers.iter().any(|marker| marker.text == "web 8 → 90"));
    }
}
