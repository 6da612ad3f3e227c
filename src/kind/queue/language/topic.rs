//! `[topic.NAME]`: an Amazon SNS topic that copies messages to queues. In: queues. Out: a [`Topic`].

use crate::id::QueueId;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// A topic: what is sent to it arrives at each of its queues.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Name in the file.
    pub name: String,
    /// Its queues.
    pub queues: Vec<QueueId>,
}

/// Most subscriptions of a topic here.
const QUEUES_MAX: usize = 100;

/// The language of a topic.
pub const SHAPE: Shape = Shape {
    title: "[topic.NAME]",
    about: "An Amazon SNS topic: a message that is sent to it is copied to each of its queues, at once and without fail.",
    keys: &[Key::required("queues", "array of names of queues", "where copies go")],
};

impl Topic {
    pub(crate) fn read(name: &str, reader: &Reader) -> Topic {
        let queues = |value: Value| {
            let queues: Vec<QueueId> =
                value.elements(QUEUES_MAX)?.into_iter().filter_map(|element| element.id()).collect();
            if value.is_empty_array() {
                value.problem("a topic without queues", "name the queues that get a copy, or send to a queue");
            }
            Some(queues)
        };
        Topic { name: name.to_owned(), queues: reader.must("queues", queues, Vec::new()) }
    }
}
