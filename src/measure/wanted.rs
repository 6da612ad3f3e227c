//! What is wanted of a limit whatever the traffic, such as connections that an application opens when it starts.
//!
//! In: what a kind knows of it. Out: what the list of the headroom shows.

use super::resource::Resource;
use super::stage::StageKind;

/// A limit and what was wanted of it when most was.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub of: Resource,
    /// In words.
    pub resource: String,
    /// What it is that runs out.
    pub kind: StageKind,
    /// The row in which most of it was wanted.
    pub row: usize,
    /// How much there is of it.
    pub limit: f64,
    /// How much was wanted then.
    pub wanted: f64,
    /// The instances that wanted it.
    pub instances: f64,
    /// How much is wanted at the largest size, and the instances then; absent where nothing scales.
    pub at_most: Option<(f64, f64)>,
    /// Whether some of what was wanted was refused.
    pub refused: bool,
}
