//! The columns that a series can have, without any series: what a word of a table means has to be known before a run. In: types with their
//! tables of columns. Out: each column with its place.

use super::{Cells, Column, Series};
use crate::measure::unit::Unit;

/// Where the columns of a series stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the name of a column: words of kinds, and nothing where a label stands.
    pub path: Vec<Option<&'static str>>,
    /// In a document: the fields that lead there.
    pub fields: Vec<&'static str>,
}

impl Place {
    /// The same in a field.
    pub fn inside(&self, field: &'static str) -> Place {
        let fields = self.fields.iter().copied().chain([field]).collect();
        Place { path: self.path.clone(), fields }
    }
}

/// A column that a series can have, or a family of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Where it stands; its own field is the last one.
    pub place: Place,
    /// Its field.
    pub name: &'static str,
    /// What its values are counted in.
    pub unit: Unit,
    /// Of which family it is.
    pub family: Option<Family>,
}

/// What tells the columns of a family apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The cause of failure.
    Cause,
    /// The percentile.
    Percentile,
    /// The stage of a request.
    Stage,
}

/// The columns that a series and its parts can have.
pub fn declare<S: Series>(_: Option<&S>, place: &Place, to: &mut Vec<Declared>) {
    for &Column { name, unit, ref cells } in S::COLUMNS {
        let family = match cells {
            Cells::Parts(parts) => {
                if let Some(declare) = parts.declare {
                    declare(None, place, to);
                }
                continue;
            }
            Cells::Causes(_) => Some(Family::Cause),
            Cells::Percentiles(_) => Some(Family::Percentile),
            Cells::Stages(..) => Some(Family::Stage),
            Cells::Same(_)
            | Cells::Mean(_)
            | Cells::Weighed(..)
            | Cells::Shared(..)
            | Cells::Worst(_)
            | Cells::Derived(_) => None,
        };
        to.push(Declared { place: place.inside(name), name, unit, family });
    }
}

/// [`declare`] of series of a kind, after the place of what they belong to.
pub fn declare_all<S: Series>(_: Option<&[S]>, place: &Place, to: &mut Vec<Declared>) {
    let labels = S::LABELS.iter().map(|_| None);
    let path = place.path.iter().copied().chain([Some(S::KIND)]).chain(labels).collect();
    declare::<S>(None, &Place { path, fields: place.fields.clone() }, to);
}
