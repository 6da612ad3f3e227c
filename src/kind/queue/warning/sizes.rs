//! One message with two sizes: it is as large in each queue that it comes to. In: topics, queues. Out: warnings.
//!
//! A topic copies a message as it is, and a dead letter stays the message that it was. So queues that get the same messages should
//! say one mean size. A queue of dead letters of several queues may have any mean between theirs.

use crate::id::{Kind, QueueId};
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::queue::language::Queue;
use crate::kind::warning::Warning;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = of_topics(expected);
    found.extend(of_dead_letters(expected));
    found
}

fn of_topics(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let used = expected.topics.iter().enumerate();
    let used = used.filter(|(index, _)| expected.used.contains(&(Kind::Topic, *index)));
    let found = used.filter_map(|(_, topic)| {
        let queues: Vec<&Queue> = topic.queues.iter().filter_map(|queue| of(*queue, expected)).collect();
        let other = |queue: &&&Queue| queue.message_size != queues[0].message_size;
        let (one, other) = (queues.first()?, queues.iter().find(other)?);
        let message = format!(
            "topic `{}` copies each message to `{}` and `{}`, with a `message_size` of {} and of {}",
            topic.name, one.name, other.name, one.message_size, other.message_size
        );
        let hint = "a copy is as large as the message: give the queues one `message_size`; the topic is billed for the largest";
        Some(Warning::new(Code::SizesDisagree, &["topic", &topic.name, "queues"], message, hint))
    });
    found.collect()
}

fn of_dead_letters(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let used = expected.queues.iter().enumerate();
    let found = used.filter_map(|(index, dead)| {
        let leads = |queue: &&Queue| queue.dead_letter.is_some_and(|it| it.index() == index);
        let from: Vec<&Queue> = expected.queues.iter().filter(leads).collect();
        let is_below = from.iter().all(|queue| queue.message_size > dead.message_size);
        let is_above = from.iter().all(|queue| queue.message_size < dead.message_size);
        let first = from.first().filter(|_| is_below || is_above)?;
        let message = format!(
            "the dead letters of `{}` are messages of {}, and its dead-letter queue `{}` has a `message_size` of {}",
            first.name, first.message_size, dead.name, dead.message_size
        );
        let hint = format!("a message keeps its size: give `{}` that of its messages", dead.name);
        Some(Warning::new(Code::SizesDisagree, &["queue", &dead.name, "message_size"], message, hint))
    });
    found.collect()
}

fn of<'a>(queue: QueueId, expected: &Expected<'a, Settings>) -> Option<&'a Queue> {
    expected.settings.queues.get(queue.index())
}
