//! How far each resource is from saturation, estimated from the run itself.
//!
//! In: the rows of the timeline, and sizes from the scenario. Out: a [`Headroom`] for each resource, the nearest first.
//!
//! By the utilisation law a resource is busy for demand per request × rate / capacity. So what is busy for 62 % of the
//! busiest rows has no more to give at 1 / 0.62 = 1.6 times their traffic, as long as a request asks as much of it as
//! it did there: clients do not slow down, mix and hit ratios stay, and, for what is held while others are waited for
//! (threads, connections), response times stay. Response times do grow before a limit, so threads and connections run
//! out sooner than estimated.
//!
//! Where requests fail or something is full, being busy says what was served, not what was asked for. There the busy
//! time is multiplied by what the requests that arrived would have asked for and divided by what was served (`asked`):
//! each request counts once, however often its client tries again, but with the retries that it has where nothing is full: those
//! belong to the traffic. So does each message for the workers of a queue. A
//! queue spreads a burst over time: where its backlog was gone again before the end, all the time in which it could be worked off
//! counts as one row (`spread`, `stopped`), and being busy meanwhile is not being saturated. Where the backlog stayed, all that
//! came counts over that time.
//! What is held while something is struck or lost counts with its usual time (`kept`): how long a fault keeps it is no matter of the traffic.
//! What is gone in a moment is no limit, and fewer rows than the busiest count where it came at once (`peak`, `glut`, `sudden`).
//! The busiest rows are above the mean by chance too: of rows that are expected to be alike, all count (`peak`, `steady`), and a
//! full row among them is no limit where chance explains it.
//! The fullest member counts where members are unequal
//! by more than chance, or for a known reason (`member`): an instance with its part of what was sent to all, at its own pace. What was saturated has
//! a limit below 1, as it stood: it did not carry the traffic of the run, whatever size it may grow to. And the connections of
//! a database count for the largest size of the fleets that open them
//! (in the view of a database). Instances that came into service and never served are not counted on: as long as that goes on, a group
//! is no larger than what served of it.

mod asked;
mod closed;
mod endless;
mod found;
mod glut;
mod growth;
mod held;
mod kept;
mod lengthened;
mod peak;
mod series;
mod spread;
mod steady;
mod stopped;
mod sudden;

use std::cell::OnceCell;

use super::Timeline;
use super::phases::Reach;
use super::scene::scene;
use super::windows::Windows;
use crate::kind::{self, Totals};
use crate::language::shape::Given;
use crate::measure::resource::Resource;
use crate::scenario::Scenario;
use crate::scenario::patience::tries_by_resource;

pub use crate::measure::part::Part;
pub use found::{Headroom, Load};
use peak::FEWEST_ROWS;
use series::About;
pub(super) use series::{Series, series};
pub(super) use steady::{Steady, Traffic, without};

/// Requests that the busiest rows should hold together: 10,000.
#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
pub const REQUESTS: Given<f64> = Given::new(
    10_000.0,
    "assumption: by chance, their demand is off by one or two percent where single demands vary as much as their mean",
);
/// Times what there is that users without a pause ask for at most, if others ask for it too. Assumption: less than that is chance.
const AS_MUCH: f64 = 1.1;
/// Part by which two limits are apart that are one. Assumption: a run does not tell them apart.
const SAME: f64 = 0.01;
/// Part of all rows that the busiest ones are at most: more would level a peak.
const MOST_ROWS: usize = 10;

/// The headroom of every resource; the nearest limit first, what another one held full after that one, and what nothing
/// asked for last.
pub(super) fn headroom(
    scenario: &Scenario,
    timeline: &Timeline,
    totals: Option<&Totals>,
    runs: usize,
) -> Vec<Headroom> {
    let rows = busiest_rows(timeline);
    let reach = Reach::of(timeline);
    let scene = scene(scenario, timeline, totals);
    let watched = kind::watch(&scene);
    let traffic = Traffic::of(scenario, timeline);
    let all = series(scenario, &scene, &watched, &traffic, runs);
    // What no request waits for keeps nothing from another resource.
    let full = all.iter().filter(|it| it.of().delays_requests()).map(|it| it.full_or_kept(&reach));
    let by_resource = OnceCell::new();
    let tries = |of| by_resource.get_or_init(|| tries_by_resource(scenario)).get(&of).copied().unwrap_or(1.0);
    let mut lacking = asked::lacking(&scene, full, &watched, &reach, &tries);
    // What was done while a burst was worked off is what it is: nothing says when it should have been.
    let bursts = all.iter().flat_map(|it| &it.bursts);
    bursts.for_each(|burst| lacking.leave_out(burst.rows.clone()));
    let end_s = scenario.duration.as_secs_f64();
    let about = About { reach: &reach, lacking: &lacking, traffic: &traffic, end_s };
    let mut found: Vec<Headroom> = all.iter().map(|it| it.headroom(timeline, rows, &about)).collect();
    let wanted = kind::wanted(&scene).into_iter();
    let wanted: Vec<Headroom> =
        wanted.map(|it| Headroom::of_wanted(&it, growth::times(&it, &found), timeline)).collect();
    // What is known of the whole run counts, and not the estimate of its busiest rows.
    found.retain(|it| wanted.iter().all(|other| other.of != it.of));
    found.extend(wanted);
    held::find(&mut found, scenario, &scene, &all, &reach);
    held::level(&mut found);
    held::leave_out(&mut found, scenario, &all);
    let closed = closed::Filled::of(scenario);
    let is_closed =
        |it: &Headroom| it.saturated && closed.is_by(it.of.owner(), it.as_it_stood.busy < AS_MUCH);
    for it in found.iter_mut().filter(|it| is_closed(it)) {
        let times =
            closed::wanted_over_sent(scenario, timeline, it.as_it_stood.at_s).filter(|times| *times > 1.0);
        match times {
            Some(times) => it.ask_for(times),
            None => it.closed = true,
        }
    }
    endless::mark(&mut found, scenario);
    nearest_first(&mut found);
    found
}

/// First what was saturated, and of that first what no other resource kept full: how long it is held then says how full the
/// other one was. Then by the multiple.
fn nearest_first(found: &mut [Headroom]) {
    let limit = |it: &Headroom| it.limit().unwrap_or(f64::INFINITY);
    let is_after_another = |it: &Headroom| it.held_by.is_some_and(Resource::is_capacity);
    let rank = |it: &Headroom| (!it.saturated, is_after_another(it));
    // Of what was saturated, each has a limit of 1 at most: the fullest first.
    let nearest = |it: &Headroom| it.at_largest().unwrap_or(f64::INFINITY);
    let by_limit =
        |a: &Headroom, b: &Headroom| limit(a).total_cmp(&limit(b)).then(nearest(a).total_cmp(&nearest(b)));
    let order: Vec<Resource> = found.iter().map(|it| it.of).collect();
    found.sort_by(|a, b| rank(a).cmp(&rank(b)).then(by_limit(a, b)));
    let place = |it: &Headroom| order.iter().position(|of| *of == it.of);
    // Of what is as near, what holds another comes before it, and parts of one thing in the file stand in their own order: a message is
    // sent before it is deleted.
    let is_before = |a: &Headroom, b: &Headroom| {
        b.held_by == Some(a.of) || a.of.owner() == b.of.owner() && place(a) < place(b)
    };
    let is_as_near = |a: &Headroom, b: &Headroom| rank(a) == rank(b) && limit(b) <= limit(a) * (1.0 + SAME);
    for alike in found.chunk_by_mut(is_as_near) {
        for at in 0..alike.len() {
            let rest = &alike[at..];
            let is_first = |it: &Headroom| !rest.iter().any(|other| is_before(other, it));
            let first = rest.iter().position(is_first).unwrap_or(0);
            alike[at..=at + first].rotate_right(1);
        }
    }
}

/// How many rows together count as the busiest: the fewest side by side that have enough requests where most of them came.
fn busiest_rows(timeline: &Timeline) -> usize {
    let rows = timeline.time_s.len();
    let most = (rows / MOST_ROWS).max(FEWEST_ROWS).min(rows);
    // By the requests of one run, whatever the number of runs: the peak of fewer rows is higher, and would be another figure.
    let requests = |width: usize| {
        let windows = Windows::new(timeline.offered.iter().map(|rate| rate * timeline.bucket_s), width);
        windows.whole().fold(0.0, f64::max)
    };
    // More rows have more requests: so the fewest are found by halving.
    let (mut few, mut enough) = (FEWEST_ROWS.min(rows), most);
    while few < enough {
        let middle = (few + enough) / 2;
        match requests(middle) >= REQUESTS.value {
            true => enough = middle,
            false => few = middle + 1,
        }
    }
    enough
}

#[cfg(test)]
mod tests;
