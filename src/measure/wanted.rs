//! What is wanted of a limit whatever the traffic, such as connections that an application opens when it starts.
//!
//! In: what a kind knows of it. Out: what the list of the headroom shows.

use super::resource::Resource;
use super::resource::label::Called;
use super::stage::StageKind;

/// A limit and what was wanted of it when most was.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub of: Resource,
    /// In words.
    pub resource: Called,
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
    /// The groups of these instances.
    pub groups: Vec<Group>,
    /// How much is wanted at the largest size, and the instances then; absent where nothing scales.
    pub at_most: Option<(f64, f64)>,
    /// The multiple at which what requests hold takes the rest of it, where pools grow with that.
    pub by_traffic: Option<f64>,
    /// Whether some of what was wanted was refused.
    pub refused: bool,
}

/// A group of instances each of which wants some of a limit.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What more instances are added for.
    pub by: Resource,
    /// The busy part of that above which they are added; absent where it is not known.
    pub above: Option<f64>,
    /// How much of the limit each wants.
    pub each: f64,
    /// How many wanted it.
    pub now: f64,
    /// How many there are at most.
    pub most: f64,
}
