//! `[instead.REGION]`: what steps in a Region use in place of what they name. In: pairs of names. Out: the names of each Region.

use std::collections::BTreeMap;

use crate::catalog::region::Region;
use crate::id::Kind;
use crate::kind::table::region_of;
use crate::language::reader::{Context, Reader};
use crate::language::source::Span;
use crate::language::value::{Name, Value};

/// For each Region, the names that stand for others there.
pub(super) type Instead = BTreeMap<Region, BTreeMap<String, String>>;

/// Most names of a Region.
const NAMES_MAX: usize = 10_000;

/// Reads all of them.
pub(super) fn read(reader: &Reader) -> Instead {
    let regions =
        reader.maybe("instead", |value| value.entries("[instead.us-east-1]", Region::all().count()));
    let mut found = Instead::new();
    for (name, value) in regions.unwrap_or_default() {
        let Some(region) = region_of(value.cx, &name.span, name.text) else { continue };
        let pairs = value.entries("shop = \"shop-us\"", NAMES_MAX).unwrap_or_default();
        found.insert(region, pairs.into_iter().filter_map(|(from, to)| pair(from, to)).collect());
    }
    found
}

/// Both names are of tables of one kind.
fn pair(from: Name, value: Value) -> Option<(String, String)> {
    let cx = value.cx;
    let to = value.text()?;
    let kind = kind_of(cx, &from.span, from.text)?;
    cx.resolve(&value.span(), &[kind], to)?;
    Some((from.text.to_owned(), to.to_owned()))
}

/// The kind of the table of a name, which must be of one alone.
fn kind_of(cx: &Context, span: &Span, name: &str) -> Option<Kind> {
    cx.resolve(span, &Kind::ALL, name).map(|(kind, _)| kind)
}
