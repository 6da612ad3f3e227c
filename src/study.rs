//! Studies: one scenario at many points, each under the same seeds.
//!
//! In: a file, values for some of its keys ([`Axis`], [`Point`]), a seed and a number of runs. Out: for each point what its
//! runs say together ([`Swept`]).
//!
//! ```text
//!  axes, points ──► Study: an ordered list of runs ──► Runner ──► Store ──► Swept: figures and verdicts of each point
//!                     │        (point, seed)             ▲           │
//!                     └── Shard k of n: every n-th of them            └──► objects of shards ──► merge
//! ```
//!
//! A study is a pure function of what it is made of: the same file, values, seed and version of simcap give the same list of
//! runs, in the same order, on every machine, and so the same [`Study::id`]. Seeds belong to runs and never to shards or
//! threads. What is kept of a run has an address by its content (`key`): the scenario with all its values, the seed, and the
//! sources of simcap. So a study that was killed goes on where it was, a larger grid repeats nothing of a smaller one, and it
//! does not matter which process or machine did which part.

mod axis;
mod check;
mod error;
mod file;
mod grid;
mod head;
mod key;
mod runner;
#[cfg(test)]
pub(crate) mod sample;
mod shard;
mod store;
mod swept;
mod variant;

pub use crate::language::names::closest;
pub use axis::{Axis, AxisError, Choice};
pub use check::MOST_POINTS;
pub use error::StudyError;
pub use file::{Asked, check_file};
pub(crate) use grid::first_line;
pub use grid::{Point, Study};
pub use head::Head;
pub use key::{Key, SOURCES};
pub use runner::{Runner, RunnerError, Stopped};
pub use shard::{MergeError, Shard, ShardFile, merge};
pub use store::{Store, StoreError};
pub use swept::{Figure, Judged, PointResult, Swept, VERSION};
pub use variant::Variant;
