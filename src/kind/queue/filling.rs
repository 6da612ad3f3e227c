//! Held time that full receives would not take. In: what pollers receive and hold. Out: time of pollers and of message groups.
//!
//! The calls of a receive take their time once, however many messages it gets: a poller, and each message group of which it got
//! some, is held that long. While little waits, receives get few messages, and are held for their calls again and again; with more
//! traffic they fill. So a limit of pollers or of groups is near only when they would be full with full receives: the calls count as
//! if each receive had got its `batch`. A group is held as well while its poller works on other groups of the same receive. Where
//! groups are what runs out, a receive is full of one, so that time does not count.
//!
//! The time of the calls: a poller asks and hears, and deletes. A group is held while the answer comes back and while the delete goes
//! there. Where each message is deleted by itself, that is a part of the work on each, and only what is on top of it counts here.

use super::crew::{Doing, Poller};
use super::limit::distinct;
use super::state::{Queues, Spread};
use super::store::Receipt;

/// Messages of a receive, and the groups among them that are watched.
fn watched(spread: Spread, hand: &[Receipt]) -> (Vec<u32>, usize) {
    let groups: Vec<u32> = hand.iter().map(|it| it.group).filter(|group| spread.watches(*group)).collect();
    let messages = groups.len();
    (distinct(&groups).collect(), messages)
}

impl Queues<'_> {
    /// A poller has received messages: what its calls hold beside what they would with full receives.
    pub(super) fn receives(&mut self, poller: usize, queue: u16, hand: &[Receipt]) {
        let settings = &self.settings[usize::from(queue)];
        let Some(consumer) = &settings.consumer else { return };
        let (batch, together) = (f64::from(consumer.batch), consumer.delete_together);
        if consumer.batch == 1 || hand.is_empty() {
            return;
        }
        let (latency, fifo) = (settings.latency.0 as f64, settings.fifo);
        let calls = if together { 2.0 * latency } else { latency };
        let crew = self.pollers[poller].crew;
        self.crews[crew].spared += calls * (1.0 - hand.len() as f64 / batch);
        if !fifo {
            return;
        }
        let state = self.of(queue);
        let (groups, messages) = watched(state.spread, hand);
        state.spared += match together {
            true => latency * (groups.len() as f64 - messages as f64 / batch),
            // The answer holds all of them, and is a part of the work on the first message.
            false => {
                let first = usize::from(state.spread.watches(hand[0].group));
                latency / 2.0 * (groups.len() - first) as f64
            }
        };
    }

    /// Counts the groups that a poller holds while it works on another one, after what it has or does has changed.
    pub(super) fn recount(&mut self, poller: usize, now: u64) {
        let queue = self.queue_of(poller);
        let settings = &self.settings[usize::from(queue)];
        let Some(consumer) = settings.consumer.as_ref().filter(|it| settings.fifo && it.batch > 1) else {
            return;
        };
        let together = consumer.delete_together;
        let spread = self.each[usize::from(queue)].spread;
        let waiting = held_beside(&self.pollers[poller], together, spread);
        let was = std::mem::replace(&mut self.pollers[poller].held_beside, waiting);
        if was != waiting {
            self.of(queue).held_beside.change(waiting as i64 - was as i64, now);
        }
    }
}

/// Watched groups of which a poller has messages, without the one that it is at work on.
fn held_beside(poller: &Poller, together: bool, spread: Spread) -> u64 {
    let at_work = match poller.doing {
        Doing::Working => poller.batch.front(),
        Doing::Deleting if !together => poller.finished.first().or(poller.batch.front()),
        _ => return 0,
    };
    let Some(at_work) = at_work.map(|it| it.group) else { return 0 };
    let groups: Vec<u32> = poller.batch.iter().chain(&poller.finished).map(|it| it.group).collect();
    distinct(&groups).filter(|&group| group != at_work && spread.watches(group)).count() as u64
}
