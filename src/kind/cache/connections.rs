//! Connections of instances to the nodes of a cache, of which a node takes only so many.
//!
//! In: instances that send commands, and those whose application ends. Out: whether an instance is connected. It connects with its first
//! command, to every node alike, and tries again with each command for as long as it is refused.

use rustc_hash::FxHashSet;

use super::language::Cache as Settings;

/// The connections to each node.
#[derive(Debug)]
pub struct Connections {
    /// Of each instance.
    each: u32,
    /// How many a node takes.
    limit: u32,
    connected: FxHashSet<u32>,
    /// Whether one was refused before.
    was_refused: bool,
}

/// What becomes of a command of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// It is connected.
    Yes,
    /// It is not, and gets no connections.
    No {
        /// It is the first one that gets none.
        first: bool,
    },
}

impl Connections {
    /// None yet; nothing where the file does not say how many an instance opens.
    pub fn new(settings: &Settings) -> Option<Connections> {
        settings.connections.map(|each| Connections {
            each,
            limit: settings.max_connections,
            connected: FxHashSet::default(),
            was_refused: false,
        })
    }

    /// An instance sends a command.
    pub fn admits(&mut self, instance: u32) -> Admitted {
        if self.connected.contains(&instance) {
            return Admitted::Yes;
        }
        if self.open() + u64::from(self.each) <= u64::from(self.limit) {
            self.connected.insert(instance);
            return Admitted::Yes;
        }
        Admitted::No { first: !std::mem::replace(&mut self.was_refused, true) }
    }

    /// The application of an instance has ended, or the instance: its connections are closed.
    pub fn ends(&mut self, instance: u32) {
        self.connected.remove(&instance);
    }

    /// How many each node has.
    pub fn open(&self) -> u64 {
        self.connected.len() as u64 * u64::from(self.each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_connects_as_soon_as_there_is_room() {
        let mut to = Connections { each: 30, limit: 70, connected: FxHashSet::default(), was_refused: false };
        assert_eq!([to.admits(1), to.admits(2), to.admits(1)], [Admitted::Yes; 3]);
        assert_eq!([to.admits(3), to.admits(3)], [true, false].map(|first| Admitted::No { first }));
        assert_eq!(to.open(), 60);
        to.ends(1);
        assert_eq!((to.admits(3), to.open()), (Admitted::Yes, 60));
    }
}
