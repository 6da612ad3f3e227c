//! How many messages a receive gets. In: the messages that are expected, and their pollers. Out: on the mean, and once in a
//! hundred receives.
//!
//! A poller that waits gets the first message that comes, alone: batches fill only while all pollers are busy. Where messages ask
//! for all of them, receives are full. Below that, a poller gets what came to it while its calls took their time, or what one
//! call has sent at once. Once in a hundred times it is what waits by chance: by Erlang's formula all pollers are busy with a
//! probability C, and then n messages or more wait with the utilisation to the power of n. (Kleinrock, "Queueing Systems", 1975,
//! volume 1, M/M/m.) That is for work that varies as exponential times do; for other work the queue is (1 + c²) / 2 times that,
//! where c is the coefficient of variation. (Allen, "Probability, Statistics and Queueing Theory", 1990: the formula of Allen and
//! Cunneen.) *Assumed*: the same for batches, which shorten the queue.

use super::visibility::drawn;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::expected::{Expected, Walk};
use crate::kind::fleet::language::limits::largest_at;
use crate::kind::queue::crew::Crew;
use crate::kind::queue::step::{SENDS, SENT};

/// The percentile of receives. Assumption: one in a hundred that outlasts its timeout is worth a word.
const ONCE: f64 = 0.01;

/// Messages of a receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    /// On the mean, at the busiest.
    pub mean: u32,
    /// Once in a hundred receives.
    pub high: u32,
}

/// What receives of a queue get when most messages come, at the largest size of its fleet.
pub(super) fn of(queue: usize, expected: &Expected<'_, Settings>) -> Option<Fill> {
    let batch = expected.queues[queue].consumer.as_ref()?.batch;
    let crew = Crew::all(&expected.queues)
        .into_iter()
        .find(|it| it.queues.iter().any(|&of| usize::from(of) == queue))?;
    let fleet = &expected.fleets[crew.fleet];
    let per_second = |of: usize| expected.load.per_second(|demand| demand.walked((Kind::Queue, of)));
    let all: Vec<(Vec<f64>, f64)> =
        crew.queues.iter().map(|&of| (per_second(of.into()), message_s(of.into(), expected))).collect();
    let (own, call_s) = (per_second(queue), call_s(queue, expected));
    let at_once = at_once(queue, expected);
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, queue))?;
    let varied = (1.0 + variation(walk)) / 2.0;
    let fills = expected.load.instants.iter().enumerate().map(|(at, time)| {
        let pollers = f64::from(largest_at(fleet, *time)) * f64::from(crew.pollers);
        let busy = all.iter().map(|(rates, each)| rates[at] * each).sum::<f64>();
        match busy < pollers {
            false => (f64::from(batch), f64::from(batch)),
            true => {
                let mean = (own[at] * call_s / (pollers - busy)).max(at_once);
                (mean, mean.max(varied * waiting(pollers, busy, ONCE)))
            }
        }
    });
    let most = fills.fold((1.0, 1.0), |most: (f64, f64), fill| (most.0.max(fill.0), most.1.max(fill.1)));
    let whole = |fill: f64| fill.ceil().clamp(1.0, f64::from(batch)) as u32;
    Some(Fill { mean: whole(most.0), high: whole(most.1) })
}

/// The square of the coefficient of variation of the work on a message.
fn variation(walk: &Walk<'_>) -> f64 {
    let drawn = drawn(walk, 1);
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    let square = |value: f64| value * value;
    let squares: f64 = drawn.iter().map(|seconds| square(seconds - mean)).sum();
    match walk.alone_s > 0.0 {
        true => squares / drawn.len() as f64 / square(walk.alone_s),
        false => 0.0,
    }
}

/// Seconds of a poller for each message, whatever else it gets with it.
fn message_s(queue: usize, expected: &Expected<'_, Settings>) -> f64 {
    let settings = &expected.queues[queue];
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, queue));
    let deletes_each = settings.consumer.as_ref().is_some_and(|it| !it.delete_together);
    let delete = if deletes_each { settings.latency.as_secs_f64() } else { 0.0 };
    walk.map_or(0.0, |walk| walk.alone_s) + delete
}

/// Seconds of a poller for each receive, however many messages it gets.
fn call_s(queue: usize, expected: &Expected<'_, Settings>) -> f64 {
    let settings = &expected.queues[queue];
    let deletes_once = settings.consumer.as_ref().is_some_and(|it| it.delete_together);
    settings.latency.as_secs_f64() * if deletes_once { 2.0 } else { 1.0 }
}

/// Messages of the largest call that sends to a queue, on the mean of a class or of the workers of another queue.
fn at_once(queue: usize, expected: &Expected<'_, Settings>) -> f64 {
    let of = (Kind::Queue, queue);
    let paths = expected.paths.iter().map(|walk| &walk.demand);
    let calls = expected.load.demands.iter().chain(paths).filter(|demand| demand.count(of, SENDS) > 0.0);
    calls.map(|demand| demand.count(of, SENT) / demand.count(of, SENDS)).fold(1.0, f64::max)
}

/// Messages that wait with a probability, at most: by Erlang's formula for so many pollers, of which so many are busy on the
/// mean.
fn waiting(pollers: f64, busy: f64, probability: f64) -> f64 {
    // Erlang B, poller by poller, then C.
    let (mut blocked, mut count) = (1.0, 0.0);
    while count < pollers {
        count += 1.0;
        blocked = busy * blocked / (count + busy * blocked);
    }
    let utilisation = busy / pollers;
    let waits = blocked / (1.0 - utilisation * (1.0 - blocked));
    match waits > probability {
        true => libm::log(probability / waits) / libm::log(utilisation),
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M/M/1 at 50 %: one waits or more with 1/4, n or more with 1/2^(n+1). Erlang's tables: C(8, 5) = 0.1673.
    #[test]
    fn what_waits_follows_erlang() {
        assert!((waiting(1.0, 0.5, 1.0 / 16.0) - 3.0).abs() < 1e-9);
        let c = 0.01 * libm::pow(5.0 / 8.0, -waiting(8.0, 5.0, 0.01));
        assert!((c - 0.1673).abs() < 1e-4, "{c}");
        assert_eq!(waiting(100.0, 10.0, 0.01), 0.0);
    }
}
