//! `[topic.NAME]`: an Amazon SNS topic that copies messages to queues. In: queues. Out: a [`Topic`].

mod foreign;

use crate::catalog::region::Region;
use crate::id::{Dial, Kind, QueueId, UNKNOWN};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
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
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Topics have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];
/// Most subscriptions of a topic here.
const QUEUES_MAX: usize = 100;

/// The language of a topic.
pub const SHAPE: Shape = Shape {
    title: "[topic.NAME]",
    about: "An Amazon SNS topic: a message that is sent to it is copied to each of its queues, at once, or in another Region after the way there. No copy is lost.",
    keys: &[Key::required("queues", "array of names of queues", "where copies go")],
};

impl Table<Settings> for Topic {
    const ABOUT: &'static str = "topics that copy messages to queues";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Topic {
        let queues = |value: Value| {
            let mut queues: Vec<QueueId> = Vec::new();
            for element in value.elements(QUEUES_MAX)? {
                let Some(queue) = element.id() else { continue };
                if queue != QueueId(UNKNOWN) && queues.contains(&queue) {
                    let problem = "the queue is named twice, and would get each message twice";
                    element.problem(problem, "name each queue once");
                }
                queues.push(queue);
            }
            if value.is_empty_array() {
                value.problem(
                    "a topic needs at least one queue",
                    "name the queues that get a copy, or send to a queue",
                );
            }
            Some(queues)
        };
        Topic { name: name.to_owned(), queues: reader.must("queues", queues, Vec::new()), region: None }
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.queues.iter().map(|queue| (Kind::Queue, queue.index())).collect()
    }
}
