//! The clockwork: an event calendar with a total order, and the two ways of sharing a resource.
//!
//! In: events with their times. Out: the same events in (time, insertion) order. Knows nothing of AWS.
//!
//! * [`calendar`]: the order of events, each an [`entry`]. Request events lie in a tree of [`posts`] while they are few, and on a
//!   timing [`wheel`] beyond that; delays of constant length in FIFO [`lane`]s ([`ring`] buffers), the next event of each resource in a
//!   tree of [`plans`], and control timers, which are moved and cancelled, in a priority queue.
//! * [`station`]: c servers and one queue, the implementation of waiting in the crate but for one case:
//! * [`priority`]: c servers and a queue of levels.
//! * [`processor`]: processor sharing over cores, its `jobs` in the order in which they are done, those that come `later` apart.
//! * [`lru`], [`eviction`]: what is kept of more than fits. [`turns`]: each member once in a round.
//! * [`bucket`]: tokens that fill at a rate up to a burst. [`meter`]: pieces one after the other, faster while there are credits.
//! * `tree`: the least of the keys of posts, lanes and plans. `sorted`: how the lists of jobs and of the wheel are kept in order.
//! * [`peaks`]: the largest window of something that ended long enough ago.

pub mod bucket;
pub mod calendar;
pub mod entry;
pub mod eviction;
mod jobs;
pub mod lane;
mod later;
pub mod lru;
pub mod meter;
pub mod peaks;
pub mod plans;
pub mod posts;
pub mod priority;
pub mod processor;
pub mod ring;
mod sorted;
pub mod station;
mod tree;
pub mod turns;
pub mod wheel;
