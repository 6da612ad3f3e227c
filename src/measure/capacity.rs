//! A resource of which requests take a part, row by row. In: what a kind knows of it. Out: what the estimate of the
//! headroom needs.

use std::borrow::Cow;

use super::resource::Resource;
use super::resource::label::Called;
use super::stage::StageKind;

/// One resource row by row.
#[derive(Clone, Debug)]
pub struct Capacity<'a> {
    /// Which.
    pub of: Resource,
    /// In words: `CPU of web`.
    pub resource: Called,
    /// What it is that runs out.
    pub kind: StageKind,
    /// Busy share of what there was.
    pub busy: Vec<f64>,
    /// What there was, in a unit of the resource: instances, servers; 1 where it is always as much.
    pub there: Vec<f64>,
    /// Requests that wait for it; where nobody counts them, being busy is enough.
    pub waiting: Option<Cow<'a, [f64]>>,
    /// Times all of it that it turned away, in the rows in which that and what it did were more than all of it, without end where nobody
    /// knows how much it was; 0 in the others, empty where it turns nothing away.
    pub refusing: Vec<f64>,
    /// The rows in which requests waited while it grew; empty where it does not.
    pub growing: Vec<bool>,
    /// How many attempts can hold one unit of what there was at once, if it is held for as long as their work takes and no
    /// request waits for that: of such a resource, being busy says something only over that time.
    pub at_once: Option<f64>,
    /// How much work was finished in each row, if it is held as well while nothing can be done; absent where nobody counts that.
    pub finished: Option<Vec<f64>>,
    /// The instances that share it; absent where there are none.
    pub group: Option<Group<'a>>,
}

/// The instances that share a resource, or the capacity units that it has.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// How many of them there were, row by row.
    pub serving: &'a [f64],
    /// How many there may be, row by row; absent where nothing scales.
    pub at_most: Option<Vec<f64>>,
}

impl<'a> Capacity<'a> {
    /// A resource of which there is always as much, by how busy it was in percent.
    pub fn constant(of: Resource, resource: Called, kind: StageKind, percent: &[f64]) -> Capacity<'a> {
        let there = vec![1.0; percent.len()];
        let busy = shares(percent);
        Capacity {
            of,
            resource,
            kind,
            busy,
            there,
            waiting: None,
            refusing: Vec::new(),
            growing: Vec::new(),
            at_once: None,
            finished: None,
            group: None,
        }
    }
}

/// Shares of percentages.
pub fn shares(percent: &[f64]) -> Vec<f64> {
    percent.iter().map(|percent| percent / 100.0).collect()
}
