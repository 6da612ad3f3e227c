//! Work that outlasts the visibility timeout of its queue. In: what workers do with a message. Out: warnings.
//!
//! A receive takes the work on all its messages, as many as can be expected (`fill`): not its `batch`, which fills only while all
//! pollers are busy. By the mean, if that alone is too long; else once in a hundred receives, because they get more then, or because
//! the times of the steps vary.

use super::fill::{self, Fill};
use crate::dist::{Law, Sampler};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::{Expected, Walk};
use crate::kind::queue::language::Queue;
use crate::kind::warning::Warning;
use crate::number::{counted, share};
use crate::rng::stream;
use crate::units::Time;

/// The percentile of work that varies. Assumption: one message in a hundred that is worked on twice is worth a word.
const HIGH: f64 = 0.99;
/// Part of the messages that is all but a rounding.
const ALL: f64 = 1.0 - 1e-9;
/// Receives that are drawn to find it where no formula has it: it is off by a percent or two then.
const RECEIVES: usize = 20_000;
/// Messages that are drawn at the most for it, and receives at the least: those of thousands of messages vary by little.
const DRAWN: usize = 1_000_000;
const LEAST: usize = 200;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    let found = queues.filter_map(|(index, queue)| {
        let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
        of_queue(queue, &expected.queues, walk, fill::of(index, expected)?)
    });
    found.collect()
}

/// Work on the messages of a receive that takes longer than a limit.
pub(super) struct Outlasting {
    /// `a message of queue `orders` takes 1m of work, longer than`.
    pub words: String,
    /// What else would help: of one message no smaller batch makes less.
    pub lower: &'static str,
    /// How many messages the receive gets.
    pub gets: u32,
}

/// Whether the work on a receive takes longer than a limit: on the mean, or once in a hundred times.
pub(super) fn outlasts(queue: &Queue, walk: &Walk<'_>, fill: Fill, limit: Time) -> Option<Outlasting> {
    // With nothing waited for; the messages of a receive wait for each other.
    let mean = Time::from_secs_f64(walk.alone_s * f64::from(fill.mean));
    let high = high(walk, fill.high);
    let (takes, how, gets) = match (mean > limit, high > limit) {
        (true, _) => (mean, "of work", fill.mean),
        (false, true) => (high, "of work once in a hundred times", fill.high),
        (false, false) => return None,
    };
    let (messages, take, lower) = match gets {
        1 => ("a message of".into(), "takes", ""),
        _ => (format!("the {gets} messages of a receive from"), "take", ", or lower `batch`"),
    };
    let words = format!("{messages} queue `{}` {take} {takes} {how}, longer than", queue.name);
    Some(Outlasting { words, lower, gets })
}

fn of_queue(queue: &Queue, queues: &[Queue], walk: &Walk<'_>, fill: Fill) -> Option<Warning> {
    let Outlasting { words, lower, gets } = outlasts(queue, walk, fill, queue.visibility_timeout)?;
    let message = format!("{words} its visibility timeout of {}", queue.visibility_timeout);
    let dead = queue.dead_letter.filter(|_| queue.max_receive_count == 1);
    let becomes = match dead.and_then(|dead| queues.get(dead.index())) {
        // What was received once already is not delivered again.
        Some(dead) => format!("moved to `{}` (`max_receive_count = 1`)", dead.name),
        None => "delivered again".into(),
    };
    // How many receives get more than usual is not known.
    let known = gets == 1 || gets == fill.mean && gets == fill.high;
    let part = if known { outlasting(walk, gets, queue.visibility_timeout) } else { None };
    let who = match (part, gets) {
        (Some(part), _) if part > ALL => "every message is visible again before it is deleted".into(),
        (Some(part), 1) if part > 0.0 => {
            format!("at least {} of the messages are visible again before they are deleted", share(part))
        }
        (Some(part), _) if part > 0.0 => format!(
            "at least {} of the messages of such a receive are visible again before they are deleted",
            share(part)
        ),
        _ => "some messages may be visible again before they are deleted".into(),
    };
    let what = match queue.fifo && part.is_some_and(|part| part > ALL) {
        true => format!("{who}: {}", never_deleted(queue, queues)),
        false => format!("{who}, and can be {becomes}"),
    };
    let hint = format!("{what}: raise `visibility_timeout`{lower}");
    let at = ["queue", &queue.name, "visibility_timeout"];
    Some(Warning::new(Code::WorkOutlastsVisibility, &at, message, hint))
}

/// What becomes of the messages of a FIFO queue that are all visible again before they are deleted: it takes no receipt then.
fn never_deleted(queue: &Queue, queues: &[Queue]) -> String {
    let dead = queue.dead_letter.and_then(|dead| queues.get(dead.index()));
    match dead {
        Some(dead) => format!(
            "a FIFO queue then deletes none, and each moves to `{}` after {}",
            dead.name,
            counted(queue.max_receive_count.into(), "receive")
        ),
        None => "a FIFO queue then deletes none, and each is delivered again and again".into(),
    }
}

/// The part of so many messages of a receive that are worked on for longer than a timeout, with nothing waited for; nothing where no
/// formula has it: it has one where one time varies, or none. Each message waits for those before it.
fn outlasting(walk: &Walk<'_>, messages: u32, timeout: Time) -> Option<f64> {
    let mut varying = walk.laws.iter().filter(|(law, _)| !matches!(law, Law::Constant(_)));
    let (one, other) = (varying.next(), varying.next());
    let constant = walk.alone_s - one.map_or(0.0, |(law, part)| part * law.mean().as_secs_f64());
    let above = |messages: u32| {
        let left = timeout.as_secs_f64() - f64::from(messages) * constant;
        match one {
            Some((law, part)) => law.above(messages, left / part),
            None => Some(f64::from(u8::from(left < 0.0))),
        }
    };
    let all: Option<Vec<f64>> = (1..=messages).map(above).collect();
    all.filter(|_| other.is_none()).map(|all| all.iter().sum::<f64>() / all.len() as f64)
}

/// How long so many messages of a receive take at a high percentile: by a formula where one time varies, else by as many receives
/// as are drawn for it. Of a message the times and the CPU of its steps vary; the rest takes its mean.
fn high(walk: &Walk<'_>, messages: u32) -> Time {
    let mean = |(law, part): &(&Law, f64)| part * law.mean().as_secs_f64();
    let mut varying = walk.laws.iter().filter(|(law, _)| !matches!(law, Law::Constant(_)));
    let exact = match (varying.next(), varying.next()) {
        (Some(one), None) => {
            let high = one.0.quantile(messages, HIGH).map(|seconds| one.1 * seconds);
            high.map(|high| high + f64::from(messages) * (walk.alone_s - mean(one)).max(0.0))
        }
        _ => None,
    };
    Time::from_secs_f64(exact.unwrap_or_else(|| {
        let mut receives = drawn(walk, messages);
        let rank = (HIGH * receives.len() as f64) as usize;
        let varying = *receives.select_nth_unstable_by(rank, f64::total_cmp).1;
        let means: f64 = walk.laws.iter().map(mean).sum();
        varying + f64::from(messages) * (walk.alone_s - means).max(0.0)
    }))
}

/// Seconds of what varies in the work on so many messages, drawn for many receives.
pub(super) fn drawn(walk: &Walk<'_>, messages: u32) -> Vec<f64> {
    let samplers: Vec<(Sampler, f64)> = walk.laws.iter().map(|(law, part)| (sampler(law), *part)).collect();
    let mut rng = stream(0, walk.place);
    let mut receive = || {
        let drawn = (0..messages).flat_map(|_| &samplers).map(|(law, part)| part * law.nanos(&mut rng));
        drawn.sum::<f64>() / 1e9
    };
    let receives = RECEIVES.min(DRAWN / (messages as usize).max(1)).max(LEAST);
    (0..receives).map(|_| receive()).collect()
}

/// Recorded values are drawn as if each were as likely as the others.
fn sampler(law: &Law) -> Sampler {
    match law {
        Law::Replayed { values, plus } => {
            Sampler::new(&Law::Empirical(values.iter().map(|value| *value + *plus).collect()))
        }
        law => Sampler::new(law),
    }
}
