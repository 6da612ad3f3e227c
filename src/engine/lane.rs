//! A lane: entries that all lie the same delay ahead, and so come due in the order in which they are added.
//!
//! Network hops and timeouts have constant delays; a ring buffer orders them for a fraction of what a heap or
//! a wheel takes.

use super::ring::Ring;
use super::wheel::Entry;

/// A lane is looked through for dead entries no more often than after so many new ones.
const CROWDED: usize = 64;

/// A FIFO of entries in order of time.
#[derive(Debug)]
pub struct Lane<E> {
    delay: u64,
    /// With so many entries it is worth looking for dead ones.
    crowded: usize,
    entries: Ring<Entry<E>>,
}

impl<E: Copy> Lane<E> {
    /// A lane of this delay in nanoseconds.
    pub fn new(delay: u64) -> Self {
        Lane { delay, crowded: CROWDED, entries: Ring::default() }
    }

    /// The delay in nanoseconds.
    pub fn delay(&self) -> u64 {
        self.delay
    }

    /// Whether it holds nothing.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether it has doubled since it was last trimmed.
    #[inline]
    pub fn is_crowded(&self) -> bool {
        self.entries.len() >= self.crowded
    }

    /// Drops dead entries from the head: each is looked at once, when it is dropped or when it keeps others from it.
    pub fn trim(&mut self, dead: impl Fn(&Entry<E>) -> bool) {
        while self.entries.front().is_some_and(&dead) {
            self.entries.pop();
        }
        self.crowded = 2 * self.entries.len() + CROWDED;
    }

    /// Adds an entry, not earlier than the last one.
    #[inline(always)]
    pub fn push(&mut self, entry: Entry<E>) {
        self.entries.push(entry);
    }

    /// The earliest entry.
    #[inline]
    pub fn peek(&self) -> Option<&Entry<E>> {
        self.entries.front()
    }

    /// Takes the earliest entry.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry<E>> {
        self.entries.pop()
    }
}
