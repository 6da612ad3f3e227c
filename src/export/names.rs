//! Names that k6 takes for a scenario: letters, digits, underscores and dashes. In: names of the file. Out: names that no other has.

use serde_json::{Map, Value};

use super::sent::{Sent, Stream};

/// The name of a stream: that of its source, and of its class if the source has several.
pub(super) fn of_stream(sent: &Sent<'_>, stream: &Stream, taken: &Map<String, Value>) -> String {
    let source = &sent.scenario.sources[stream.source].name;
    let alone = sent.streams.iter().filter(|other| other.source == stream.source).count() == 1;
    match alone {
        true => plain(source, taken),
        false => plain(&format!("{source}_{}", sent.scenario.classes[stream.class].name), taken),
    }
}

/// A name in the letters that k6 takes, with a number if it is taken.
pub(super) fn plain(name: &str, taken: &Map<String, Value>) -> String {
    let letter = |it: char| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' };
    let name: String = name.chars().map(letter).collect();
    let mut numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.clone()).chain(numbered.by_ref()).find(|it| !taken.contains_key(it));
    free.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_free() {
        let mut taken = Map::new();
        for (name, expected) in
            [("shop", "shop"), ("shop", "shop_2"), ("a.b c", "a_b_c"), ("상점", "__"), ("가게", "___2")]
        {
            let found = plain(name, &taken);
            assert_eq!(found, expected);
            taken.insert(found, Value::Null);
        }
    }
}
