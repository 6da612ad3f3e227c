//! Messages that nothing receives. In: what requests use. Out: warnings.

use crate::id::{Kind, QueueId};
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::queue::language::failures;
use crate::kind::queue::step::RECEIVES;
use crate::kind::warning::Warning;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    let found = queues.filter_map(|(index, queue)| {
        let of = (Kind::Queue, index);
        let has_workers = queue.consumer.is_some() || queue.source.is_some();
        let is_received = has_workers || expected.counts.contains(&(of, RECEIVES));
        // Dead letters wait for a person.
        let dead_letters = expected.queues.iter().filter_map(|other| other.dead_letter.map(QueueId::index));
        let mut dead_letters = dead_letters.chain(failures(&expected.lambdas));
        let is_unreceived =
            expected.used.contains(&of) && !is_received && !dead_letters.any(|dead| dead == index);
        let message =
            format!("nothing receives the messages of queue `{}`: they wait until they expire", queue.name);
        let hint = "give it `workers`, add a `receive` step, or make it the `dead_letter` of another queue or the `on_failure` of a function";
        is_unreceived.then(|| Warning::new(Code::Unused, &["queue", &queue.name], message, hint))
    });
    found.collect()
}
