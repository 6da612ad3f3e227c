//! Where a value stands in a file. In: the text, and a path of JSON. Out: its line, as an editor marks it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line of the value at a path such as `/fleet/web/min`: of the file as a whole there is none.
pub fn line(text: &str, path: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let mut parts = path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let first = parts.next()?;
    let mut value: &Spanned<DeValue> = root.get_ref().get(first.as_str())?;
    for part in parts {
        value = match value.get_ref() {
            DeValue::Table(table) => table.get(part.as_str())?,
            DeValue::Array(array) => array.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(text[..value.span().start].matches('\n').count() + 1)
}
