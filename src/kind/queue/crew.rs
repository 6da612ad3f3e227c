//! Pollers, and the crews that they belong to.
//!
//! In: the workers of the queues. Out: crews, each with its queues in the order in which they are asked.

use std::collections::VecDeque;

use super::language::Queue as Settings;
use super::store::Receipt;
use crate::flow::number;

/// Pollers that are alike: those of one queue, or of the queues of a fleet that share them.
#[derive(Debug)]
pub struct Crew {
    /// The fleet on whose hosts they are.
    pub fleet: usize,
    /// On each of them.
    pub pollers: u32,
    /// Its queues, in the order in which they are asked.
    pub queues: Vec<u16>,
}

/// What a poller is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    /// It waits for its next poll.
    Pausing,
    /// It receives.
    Asking,
    /// It works on the first message of its batch.
    Working,
    /// It deletes what it is done with.
    Deleting,
    /// Its host is leaving or gone.
    Stopped,
}

/// A poller.
#[derive(Debug)]
pub struct Poller {
    pub crew: usize,
    pub host: u32,
    pub(super) doing: Doing,
    /// Which of the queues of its crew it is at.
    pub at: usize,
    /// Received and not worked on.
    pub(super) batch: VecDeque<Receipt>,
    /// Worked on and not deleted.
    pub(super) finished: Vec<Receipt>,
}

impl Crew {
    /// All crews of these queues.
    pub(super) fn all(settings: &[Settings]) -> Vec<Crew> {
        let mut crews: Vec<Crew> = Vec::new();
        let mut shared: Vec<usize> = Vec::new();
        for (queue, settings) in settings.iter().enumerate() {
            let Some(consumer) = &settings.consumer else { continue };
            let fleet = consumer.fleet.index();
            let known = shared.iter().copied().find(|&crew| crews[crew].fleet == fleet);
            match (consumer.priority, known) {
                (Some(_), Some(crew)) => crews[crew].queues.push(number(queue)),
                (priority, _) => {
                    if priority.is_some() {
                        shared.push(crews.len());
                    }
                    crews.push(Crew { fleet, pollers: consumer.pollers, queues: vec![number(queue)] });
                }
            }
        }
        let priority = |queue: &u16| settings[usize::from(*queue)].consumer.as_ref().and_then(|it| it.priority);
        crews.iter_mut().for_each(|crew| crew.queues.sort_by_key(|queue| std::cmp::Reverse(priority(queue))));
        crews
    }
}
