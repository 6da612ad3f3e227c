//! A figure of a resource as `outcome.json` has it.
//!
//! In: `{"cpu": 0}`, `{"lag": {"quantile": 0.99, "database": null}}`, `null` being all resources of the kind. Out: the figure
//! of that name in the tables of the kinds. A name that no table has is refused.

use std::collections::BTreeMap;

use serde::de::Error;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kind::figure::KindFigure;
use crate::kind::figures;
use crate::language::names::Named;

pub(super) fn serialize<S: Serializer>(figure: &KindFigure, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    match figure.quantile() {
        None => map.serialize_entry(figure.name(), &figure.index())?,
        Some(quantile) => {
            let of = BTreeMap::from([(figure.kind().table().to_owned(), figure.index())]);
            map.serialize_entry(figure.name(), &Percentile { quantile, of })?;
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
    let (index, quantile) = match of {
        Of::Whole(index) => (index, None),
        Of::Percentile(Percentile { quantile, of }) => {
            (*of.get(known.kind.table()).ok_or_else(refused)?, Some(quantile))
        }
    };
    KindFigure::new(known, index, quantile).ok_or_else(refused)
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
    Whole(Option<usize>),
    Percentile(Percentile),
}

/// A percentile: which, and of which resource.
#[derive(Serialize, Deserialize)]
struct Percentile {
    quantile: f64,
    #[serde(flatten)]
    of: BTreeMap<String, Option<usize>>,
}
