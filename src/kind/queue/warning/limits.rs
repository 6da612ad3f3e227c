//! More messages than a limit of their queue lets through: calls that receive and delete, messages in flight, message groups.
//!
//! In: the traffic that is expected. Out: warnings. As for workers, a burst that is worked off in time is none.

use super::workers::{Excess, lost_after, too_much};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::queue::language::Queue;
use crate::kind::queue::language::consumer::Consumer;
use crate::kind::queue::language::shapes::IN_FLIGHT;
use crate::kind::warning::Warning;
use crate::number::{self, share};

/// A limit: the part of the messages that it is of if not of all, what it is of, how much of it a message takes for a second, how much there is, the key,
/// and what to do.
struct Limit {
    part: Option<String>,
    what: &'static str,
    each: f64,
    there: f64,
    key: &'static str,
    hint: &'static str,
}

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    queues.filter_map(|(index, queue)| of_queue(index, queue, expected)).collect()
}

fn of_queue(index: usize, queue: &Queue, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let consumer = queue.consumer.as_ref()?;
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
    let nothing = vec![0.0; expected.load.instants.len()];
    let messages = expected.load.per_second(|demand| demand.walked((Kind::Queue, index)));
    let found = limits(queue, consumer, walk.alone_s).into_iter().filter_map(|limit| {
        let asked: Vec<f64> = messages.iter().map(|each| each * limit.each).collect();
        Some((too_much(expected, &[index], (&asked, &nothing), |_| limit.there)?, limit))
    });
    let (excess, limit) = found.max_by(|a, b| a.0.times.total_cmp(&b.0.times))?;
    let Excess { at, times, .. } = excess;
    let messages = match limit.part {
        Some(part) => {
            format!("the messages of the most popular message group of `{}`, {part} of all,", queue.name)
        }
        None => format!("the messages of `{}`", queue.name),
    };
    let message = format!("{messages} at {at} need {} the {}", number::excess(times), limit.what);
    let lost = lost_after(&[index], &excess, expected).map_or(String::new(), |lost| format!("; {lost}"));
    let hint = format!("{}{lost}", limit.hint);
    Some(Warning::new(Code::DemandAboveCapacity, &["queue", &queue.name, limit.key], message, hint))
}

/// The limits of a queue whose messages are each worked on for so many seconds.
fn limits(queue: &Queue, consumer: &Consumer, work_s: f64) -> Vec<Limit> {
    let mut found = vec![Limit {
        part: None,
        what: "messages in flight that it allows",
        // From the answer of the call that received it until the call that deletes it has come: half of each. Receives get one
        // message each where few can be in flight, and calls that are full would only hold them longer.
        each: work_s + queue.latency.as_secs_f64(),
        there: f64::from(queue.in_flight),
        key: "in_flight",
        hint: match queue.in_flight < IN_FLIGHT.value {
            true => {
                "raise `in_flight` (SQS allows 120,000), or shorten the work; as it is, messages wait while pollers are idle"
            }
            false => {
                "SQS allows no more in flight of a queue: shorten the work, or spread the messages over several queues; as it is, \
                 they wait while pollers are idle"
            }
        },
    }];
    if let Some(rate) = queue.limit() {
        let calls = |what, each, hint| Limit { part: None, what, each, there: rate.0, key: "calls", hint };
        found.push(calls(
            "receive calls that it takes",
            consumer.receives(),
            "receive several with a call (`batch`), or set `high_throughput`",
        ));
        found.push(calls(
            "delete calls that it takes",
            consumer.deletes(),
            "delete several with a call (`delete = \"batch\"` and `batch`), or set `high_throughput`",
        ));
    }
    if let (true, Some(first)) = (queue.fifo, queue.first_share()) {
        let (part, what, hint) = match queue.is_even() {
            true => (
                None,
                "message groups that it has: each is worked on one message at a time",
                "spread the messages over more `groups`, or shorten the work; more pollers do not help",
            ),
            // The first one gets most, and is full first.
            false => (
                Some(share(first)),
                "time that there is: a group is worked on one message at a time",
                "spread the messages over more `groups`, or more evenly (a smaller `zipf`), or shorten the work; more pollers do not \
                 help",
            ),
        };
        found.push(Limit {
            part,
            what,
            // With full receives, and deletes as they are made.
            each: (work_s + queue.latency.as_secs_f64() * consumer.deletes()) * first,
            there: 1.0,
            key: "groups",
            hint,
        });
    }
    found
}
