//! A figure of a resource as `outcome.json` has it.
//!
//! In: `{"cpu": {"kind": "fleet", "name": "web"}}`, `{"lag": {"quantile": 0.99, "of": null}}`, `null` being all resources of
//! the kind. Out: the figure of that name in the tables of the kinds. A name that no table has is refused. Earlier versions
//! wrote positions: `{"cpu": 0}`, `{"lag": {"quantile": 0.99, "database": null}}`.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::Owner;
#[cfg(feature = "schema")]
use crate::id::Reference;
use crate::kind::figure::{KindFigure, Known};
use crate::kind::figures;
use crate::language::names::Named;

pub(super) fn serialize<S: Serializer>(figure: &KindFigure, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    let of = figure.owner();
    match figure.quantile() {
        None => map.serialize_entry(figure.name(), &of)?,
        Some(quantile) => {
            map.serialize_entry(figure.name(), &Percentile { quantile, of: of.map(Place::Owner) })?;
        }
    }
    map.end()
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<KindFigure, D::Error> {
    let refused = || D::Error::custom("no such figure");
    let (name, of) = match Written::deserialize(deserializer)? {
        Written::OfAll(text) => {
            (text.strip_suffix("_of_all").map(str::to_owned).ok_or_else(refused)?, Of::Whole(None))
        }
        Written::Of(entry) if entry.len() == 1 => entry.into_iter().next().ok_or_else(refused)?,
        Written::Of(_) => return Err(refused()),
    };
    let known = figures().find(|known| known.name == name).ok_or_else(refused)?;
    let (place, quantile) = match of {
        Of::Whole(place) => (place, None),
        Of::Percentile(Percentile { quantile, of }) => (of, Some(quantile)),
        Of::Positions(Positions { quantile, of }) => {
            let index = *of.get(known.kind.table()).ok_or_else(refused)?;
            (index.map(Place::Index), Some(quantile))
        }
    };
    let index = place.map(|place| place.index(&known).ok_or_else(refused)).transpose()?;
    KindFigure::new(known, index, quantile).ok_or_else(refused)
}

/// Of which resource a figure is, as a schema says it.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Figure {
    /// Which resource it is of; null is all of its kind.
    One(Option<Reference>),
    /// A percentile of it.
    Percentile {
        /// Which percentile, as the part that took no longer. In: a share between 0 and 1.
        quantile: f64,
        /// Which resource it is of; null is all of its kind.
        of: Option<Reference>,
    },
}

/// A figure by its name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    /// `hit_ratio_of_all`, as earlier versions wrote it.
    OfAll(String),
    Of(BTreeMap<String, Of>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Of {
    Whole(Option<Place>),
    Percentile(Percentile),
    Positions(Positions),
}

/// A resource; by its number as earlier versions wrote it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Place {
    Index(usize),
    Owner(Owner),
}

impl Place {
    /// The position among the resources of the kind; nothing if it is of another one.
    fn index(&self, known: &Known) -> Option<usize> {
        match self {
            Place::Index(index) => Some(*index),
            Place::Owner(owner) => (owner.kind() == known.kind).then(|| owner.index()),
        }
    }
}

/// A percentile: which, and of which resource.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Percentile {
    quantile: f64,
    of: Option<Place>,
}

/// A percentile as earlier versions wrote it.
#[derive(Deserialize)]
struct Positions {
    quantile: f64,
    #[serde(flatten)]
    of: BTreeMap<String, Option<usize>>,
}
