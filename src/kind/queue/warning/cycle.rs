//! Messages that make more messages than they are, in a cycle of queues. In: what the workers of each queue send. Out: warnings, and
//! what such messages ask for without end.
//!
//! What a message becomes is the number of messages that come back to its own queue for it, by all ways round together. From one
//! on, the queues of the cycle are never empty again, and above one the messages grow without end, however many workers there
//! are. (Branching process: it dies out only with a mean of less than one; Harris, "The Theory of Branching Processes", 1963.)

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::{Expected, Walk};
use crate::kind::queue::step::SENT;
use crate::kind::warning::Warning;
use crate::measure::resource::{Action, Resource};
use crate::number::{all_of, number};

/// Rounds after which what is still on its way stays on it: a cycle beside this queue keeps it.
const ROUNDS: usize = 10_000;
/// Messages still on their way that count as none, and the rounding of those that came back.
const NONE: f64 = 1e-9;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let is_sent = |queue: &usize| expected.load.in_all(|demand| demand.walked((Kind::Queue, *queue))) > 0.0;
    let cycles = growing(&sends(expected.queues.len(), &expected.paths));
    let felt = cycles.iter().filter(|cycle| cycle.queues.iter().any(is_sent));
    felt.map(|cycle| warning(cycle, expected)).collect()
}

/// What messages that never end ask for: all that keeps messages in the queues of such a cycle, and in those to which it leads, and
/// what their workers use.
pub(in crate::kind::queue) fn endless(settings: &Settings, paths: &[Walk<'_>]) -> Vec<Resource> {
    let sends = sends(settings.queues.len(), paths);
    let first = growing(&sends).into_iter().filter_map(|cycle| cycle.queues.first().copied());
    let fed = first.flat_map(|queue| (0..sends.len()).zip(reached(&sends, queue)).filter(|(_, is)| *is));
    let of = |queue: usize| {
        let calls = Action::ALL.map(|action| Resource::Calls { queue, action });
        let own = [Resource::InFlight { queue }, Resource::Groups { queue }].into_iter().chain(calls);
        let walk = paths.iter().find(|walk| walk.of == (Kind::Queue, queue));
        let used = walk.into_iter().flat_map(|walk| {
            let holder = settings.holder(walk.of, walk.fleet);
            walk.demand.work_s.keys().copied().chain([holder])
        });
        own.chain(used).collect::<Vec<_>>()
    };
    fed.flat_map(|(queue, _)| of(queue)).collect()
}

/// Queues in which messages come back to where they were, one or more for each.
struct Cycle {
    queues: Vec<usize>,
    /// The one to speak of, and what one of its messages becomes.
    told: (usize, Option<f64>),
}

/// The cycles in which messages never end.
fn growing(sends: &[Vec<f64>]) -> Vec<Cycle> {
    let reach: Vec<Vec<bool>> = (0..sends.len()).map(|queue| reached(sends, queue)).collect();
    let mut known = vec![false; sends.len()];
    let mut found = Vec::new();
    for queue in 0..sends.len() {
        // The queues that messages come to and come back from.
        let queues: Vec<usize> =
            (0..sends.len()).filter(|&it| reach[queue][it] && reach[it][queue]).collect();
        if queues.is_empty() || std::mem::replace(&mut known[queue], true) {
            continue;
        }
        queues.iter().for_each(|&queue| known[queue] = true);
        let becomes: Vec<(usize, Option<f64>)> =
            queues.iter().map(|&queue| (queue, comes_back(sends, queue))).collect();
        let grows = |times: Option<f64>| times.is_none_or(|times| times >= 1.0 - NONE);
        if !becomes.iter().any(|(_, times)| grows(*times)) {
            continue;
        }
        // The first one with a figure: another cycle may keep the messages of the others.
        let told = becomes.iter().find(|(_, times)| times.is_some_and(|_| grows(*times))).or(becomes.first());
        found.extend(told.copied().map(|told| Cycle { queues, told }));
    }
    found
}

fn warning(cycle: &Cycle, expected: &Expected<'_, Settings>) -> Warning {
    let Cycle { queues, told: (queue, times) } = cycle;
    let (queue, times) = (*queue, *times);
    let name = |queue: usize| format!("`{}`", expected.queues[queue].name);
    let others: Vec<String> =
        queues.iter().filter(|&&other| other != queue).map(|&other| name(other)).collect();
    let through = match others.is_empty() {
        true => String::new(),
        false => format!(", through {}", all_of(&others)),
    };
    let own = name(queue);
    let message = match times {
        Some(times) if times <= 1.0 + NONE => {
            format!("each message of queue {own} comes back to it{through}: it never ends")
        }
        Some(times) => {
            format!("one message of queue {own} becomes {} when it comes back to it{through}", number(times))
        }
        None => {
            format!("the messages of queue {own} become more each time that they come back to it{through}")
        }
    };
    let hint = "the backlog grows without end, however many workers there are: send less than one message for each that is \
                received, or send to a queue that does not lead back";
    Warning::new(Code::MessagesMultiply, &["queue", &expected.queues[queue].name, "steps"], message, hint)
}

/// Messages that the work on one of each queue sends to each.
fn sends(count: usize, paths: &[Walk<'_>]) -> Vec<Vec<f64>> {
    let walk = |queue: usize| paths.iter().find(|walk| walk.of == (Kind::Queue, queue));
    let of = |queue: usize, to: usize| walk(queue).map_or(0.0, |it| it.demand.count((Kind::Queue, to), SENT));
    (0..count).map(|queue| (0..count).map(|to| of(queue, to)).collect()).collect()
}

/// The queues to which messages of a queue lead, at once or through others.
fn reached(sends: &[Vec<f64>], from: usize) -> Vec<bool> {
    let mut reached = vec![false; sends.len()];
    let mut open = vec![from];
    while let Some(queue) = open.pop() {
        for to in (0..sends.len()).filter(|&to| sends[queue][to] > 0.0) {
            if !std::mem::replace(&mut reached[to], true) {
                open.push(to);
            }
        }
    }
    reached
}

/// Messages that come back to a queue for one of it, by all ways round; nothing where some never do and grow elsewhere.
fn comes_back(sends: &[Vec<f64>], queue: usize) -> Option<f64> {
    let mut back = 0.0;
    let mut away = sends[queue].clone();
    for _ in 0..ROUNDS {
        back += std::mem::take(&mut away[queue]);
        let left: f64 = away.iter().sum();
        if left < NONE {
            return Some(back);
        }
        if !left.is_finite() {
            return None;
        }
        let next = |to: usize| away.iter().zip(sends).map(|(count, sends)| count * sends[to]).sum();
        away = (0..sends.len()).map(next).collect();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 0 sends half a message to itself and one to 1, which sends 0.8 back: 0.5 + 0.8.
    #[test]
    fn all_ways_round_count_together() {
        let sends = [vec![0.5, 1.0], vec![0.8, 0.0]];
        assert!((comes_back(&sends, 0).unwrap() - 1.3).abs() < 1e-9);
        // From 1: 0.8 to 0, which goes round itself a half, a quarter … times before it comes: 0.8 / (1 - 0.5).
        assert!((comes_back(&sends, 1).unwrap() - 1.6).abs() < 1e-6);
    }

    /// 0 doubles by itself; seen from 1, its messages never come back in an end.
    #[test]
    fn a_cycle_beside_it_that_grows_has_no_figure() {
        let sends = [vec![2.0, 0.1], vec![1.0, 0.0]];
        assert_eq!(comes_back(&sends, 1), None);
        assert!((comes_back(&sends, 0).unwrap() - 2.1).abs() < 1e-9);
        assert_eq!(comes_back(&[vec![0.0, 1.0], vec![0.0, 0.0]], 0), Some(0.0));
    }
}
