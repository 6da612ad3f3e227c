//! Topics have no state: what is sent to one is in its queues at the same instant.
//!
//! In: nothing. Out: nothing.

use crate::flow::Flow;
use crate::flow::next::Next;
use crate::flow::timer::NoTimer;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};

/// All topics.
#[derive(Debug)]
pub struct Topics;

/// No step takes place at a topic.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

/// Topics have no timers.
pub type Timer = NoTimer<{ Kind::Topic as u8 }>;

impl<'s> Part<'s> for Topics {
    type Op = Op;
    type Timer = Timer;

    fn build(_plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        Topics
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }
}
