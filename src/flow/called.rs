//! Calls to an event bus. In: calls that queues take for topics. Out: how many there were, of which topics tell.

/// Calls to a bus so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Each once, however often it was tried.
    pub calls: u64,
    /// Tries that were throttled.
    pub throttled: u64,
    /// Calls that gave up after all their tries.
    pub given_up: u64,
}

/// Those of every topic that is a bus.
#[derive(Debug, Default)]
pub struct Calls(Vec<Called>);

impl Calls {
    /// Those of a topic, to count.
    pub fn of_mut(&mut self, topic: usize) -> &mut Called {
        if self.0.len() <= topic {
            self.0.resize(topic + 1, Called::default());
        }
        &mut self.0[topic]
    }

    /// Those of a topic.
    pub fn of(&self, topic: usize) -> Called {
        self.0.get(topic).copied().unwrap_or_default()
    }
}
