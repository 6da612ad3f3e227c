//! How fast a node is on which statements slow each other down.
//!
//! In: how many run there. Out: its speed, and the work that it has done.

use super::language::contention::Contention;

/// How fast a node is, and what it has done at other speeds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    law: Contention,
    /// Jobs for which its speed is right.
    running: u32,
    speed: f64,
    /// Work done up to some instant, and the busy-core nanoseconds at that.
    done: f64,
    busy: f64,
}

impl Pace {
    /// A node on which nothing runs.
    pub fn new(law: Contention, strength: f64) -> Pace {
        Pace { law, running: 0, speed: strength, done: 0.0, busy: 0.0 }
    }

    /// Work that it has done so far: what its statements asked for, not what they cost each other.
    pub fn work(&self, busy: f64) -> f64 {
        self.done + (busy - self.busy) * self.speed
    }

    /// So many run now; returns the new speed if it is another one.
    pub fn settle(&mut self, running: u32, busy: f64, strength: f64) -> Option<f64> {
        if running == self.running {
            return None;
        }
        self.done = self.work(busy);
        self.busy = busy;
        self.running = running;
        self.speed = strength / self.law.slowdown(running);
        Some(self.speed)
    }
}
