//! Work that outlasts the visibility timeout of its queue. In: what workers do with a message. Out: warnings.
//!
//! By the mean of the work, if that alone is too long; else by a high percentile of it, where the times of its steps vary.

use crate::dist::{Law, Sampler};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::{Expected, Walk};
use crate::kind::queue::language::Queue;
use crate::kind::warning::Warning;
use crate::number::counted;
use crate::rng::stream;
use crate::units::Time;

/// The percentile of work that varies. Assumption: one message in a hundred that is worked on twice is worth a word.
const HIGH: f64 = 0.99;
/// Receives that are drawn to find it.
const RECEIVES: usize = 2_000;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    let found = queues.filter_map(|(index, queue)| {
        let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
        of_queue(queue, &expected.queues, walk)
    });
    found.collect()
}

fn of_queue(queue: &Queue, queues: &[Queue], walk: &Walk<'_>) -> Option<Warning> {
    let batch = queue.consumer.as_ref()?.batch;
    // With nothing waited for; the messages of a receive wait for each other.
    let mean = Time::from_secs_f64(walk.alone_s * f64::from(batch));
    let high = high(walk, batch);
    let (takes, how) = match (mean > queue.visibility_timeout, high > queue.visibility_timeout) {
        (true, _) => (mean, "of work"),
        (false, true) => (high, "of work once in a hundred times"),
        (false, false) => return None,
    };
    let message = format!(
        "the {} of a receive from queue `{}` {} {how}, longer than its visibility timeout of {}",
        counted(batch.into(), "message"),
        queue.name,
        if batch == 1 { format!("takes {takes}") } else { format!("take {takes}") },
        queue.visibility_timeout
    );
    let dead = queue.dead_letter.filter(|_| queue.max_receive_count == 1);
    let hint = match dead.and_then(|dead| queues.get(dead.index())) {
        // What was received once already is not delivered again.
        Some(dead) => format!(
            "they are moved to `{}` before they are deleted (`max_receive_count = 1`): raise `visibility_timeout`, or lower `batch`",
            dead.name
        ),
        None => {
            "they are delivered again before they are deleted: raise `visibility_timeout`, or lower `batch`"
                .into()
        }
    };
    let at = ["queue", &queue.name, "visibility_timeout"];
    Some(Warning::new(Code::WorkOutlastsVisibility, &at, message, hint))
}

/// How long the messages of a receive take at a high percentile, by as many receives as are drawn for it. Of a message the
/// times and the CPU of its steps vary; the rest takes its mean.
fn high(walk: &Walk<'_>, batch: u8) -> Time {
    let laws = &walk.laws;
    let means: f64 = laws.iter().map(|(law, part)| part * law.mean().as_secs_f64()).sum();
    let samplers: Vec<(Sampler, f64)> = laws.iter().map(|(law, part)| (sampler(law), *part)).collect();
    let mut rng = stream(0, walk.place);
    let mut receives: Vec<f64> = (0..RECEIVES)
        .map(|_| {
            let drawn = (0..batch).flat_map(|_| &samplers).map(|(law, part)| part * law.nanos(&mut rng));
            drawn.sum::<f64>() / 1e9
        })
        .collect();
    let rank = (HIGH * receives.len() as f64) as usize;
    let varying = *receives.select_nth_unstable_by(rank, f64::total_cmp).1;
    Time::from_secs_f64(varying + f64::from(batch) * (walk.alone_s - means).max(0.0))
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
