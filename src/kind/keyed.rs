//! Steps that use keys: what they all say of them. In: keys of a step. Out: whether it takes the key that was drawn before.

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key};
use crate::language::value::Value;

/// What names a population.
pub const KEYS: &str = "name of a [keys.NAME] table or { count, zipf }";

/// Whether a step takes the key that the request drew before: no.
pub const SAME: Given<bool> = Given::new(false, "assumption: a request touches several keys of a population");

/// The key for a step that comes back to what the request has touched.
pub const SAME_KEY: Key = Key::given(
    "same",
    "true or false",
    || SAME.show(),
    "reuse the key that an earlier step of this request drew from the same population (to read your own write); where \
     there was none, a new one; the statements of a transaction have one key of a population anyway",
);

/// Whether a step takes the key that the request drew before; without a population there is none.
pub(crate) fn same(reader: &Reader, population: &'static str) -> bool {
    let same = |value: Value| {
        let same = value.flag()?;
        if same && reader.get(population).is_none() {
            value.problem("the same key of no population", format!("name the `{population}` as well"));
        }
        Some(same)
    };
    reader.or("same", same, SAME.value)
}
