//! A heap with four children to a node: half as deep as a binary one, and siblings share cache lines.

use super::{Pending, Queue};

/// The earliest entry first.
#[derive(Default)]
pub struct FourAryHeap(Vec<Pending>);

impl Queue for FourAryHeap {
    fn push(&mut self, entry: Pending) {
        let mut at = self.0.len();
        self.0.push(entry);
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.0[parent] <= entry {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = entry;
    }

    fn pop(&mut self) -> Option<Pending> {
        let last = self.0.pop()?;
        let Some(&first) = self.0.first() else { return Some(last) };
        let mut at = 0;
        loop {
            let children = 4 * at + 1..(4 * at + 5).min(self.0.len());
            let Some(least) = children.min_by_key(|&child| self.0[child]) else { break };
            if last <= self.0[least] {
                break;
            }
            self.0[at] = self.0[least];
            at = least;
        }
        self.0[at] = last;
        Some(first)
    }
}
