//! A lane: entries that all lie the same delay ahead, and so come due in the order in which they are added.
//!
//! Network hops have constant delays; a ring buffer orders them for a fraction of what a heap or
//! a wheel takes.

use super::ring::Ring;
use super::wheel::Entry;

/// A FIFO of entries in order of time.
#[derive(Debug)]
pub struct Lane<E> {
    delay: u64,
    entries: Ring<Entry<E>>,
}

impl<E: Copy> Lane<E> {
    /// A lane of this delay in nanoseconds.
    pub fn new(delay: u64) -> Self {
        Lane { delay, entries: Ring::default() }
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
