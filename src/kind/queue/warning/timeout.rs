//! Work on a batch that outlasts the timeout of its function: the batch fails as a whole, however much of it was done. In: what a function does with a message.
//! Out: warnings.
//!
//! Batches are full where messages wait for pollers. Lambda has five of them at first, and more only because messages wait: so batches fill where the work asks for more
//! than five. With fewer, a batch has what comes within its window, of which each of five pollers gathers one; without a window it has one message.

use super::fill::Fill;
use super::visibility::{Outlasting, outlasts};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::queue::language::Queue;
use crate::kind::queue::language::source::FIRST;
use crate::kind::warning::Warning;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    queues.filter_map(|(index, queue)| of_queue(index, queue, expected)).collect()
}

fn of_queue(index: usize, queue: &Queue, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let source = queue.source?;
    let function = expected.lambdas.get(source.function.index())?;
    let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
    let messages = expected.load.per_second(|demand| demand.walked((Kind::Queue, index)));
    let most = messages.into_iter().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let gets = match most * walk.alone_s > f64::from(FIRST) {
        true => source.batch,
        // What comes while five pollers gather, and the one with which each begins.
        false => {
            let gathered = most * source.window.as_secs_f64() / f64::from(FIRST);
            (1.0 + gathered).floor().min(f64::from(source.batch)) as u32
        }
    };
    let Outlasting { words, lower, .. } =
        outlasts(queue, walk, Fill { mean: gets, high: gets }, function.timeout)?;
    let message = format!("{words} the `timeout` of function `{}`, {}", function.name, function.timeout);
    let hint = format!(
        "the invocation ends then, and all of its messages come back: raise `timeout` (and `visibility_timeout`){lower}"
    );
    Some(Warning::new(Code::WorkOutlastsTimeout, &["lambda", &function.name, "timeout"], message, hint))
}
