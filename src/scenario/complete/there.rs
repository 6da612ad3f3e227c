//! The text around the word at the cursor. In: a text that is mostly not whole, and the place in it. Out: the text with another word there,
//! and what the file has there already, before the cursor and behind it.

use toml::de::{DeTable, DeValue};

use super::cursor::{At, Cursor, is_of_word};

/// A word that no file has.
const STRANGE: &str = "zz-no-such-word-zz";

/// The parts of a text around the word at the cursor.
pub(super) struct Around<'a> {
    here: &'a Cursor,
    before: &'a str,
    /// What of the word stands behind the cursor.
    pub(super) rest: &'a str,
    after: &'a str,
}

impl<'a> Around<'a> {
    /// Of a text, with the cursor so many bytes into it.
    pub(super) fn new(here: &'a Cursor, text: &'a str, at: usize) -> Around<'a> {
        let behind = &text[at..];
        let line = behind.lines().next().unwrap_or_default();
        let has_dots = matches!(here.at, At::Value { .. });
        let end = |text: &str| text.find(|c| !is_of_word(c) || (c == '.' && !has_dots)).unwrap_or(text.len());
        let end = match here.at {
            // What stands in quotes goes up to the quote that shuts them, which is none that opens the next text.
            At::Value { quoted: true } => {
                let opens = |at: &usize| line[..*at].trim_end().ends_with(['=', ',', '[', '{']);
                line.find(here.quote).filter(|at| !opens(at)).unwrap_or_else(|| end(line))
            }
            At::Comment => 0,
            _ => end(line),
        };
        let before = &text[..at - here.typed.len()];
        Around { here, before, rest: &behind[..end], after: &behind[end..] }
    }

    /// The keys that lead to the table that the cursor is in.
    pub(super) fn path(&self) -> &[String] {
        &self.here.path
    }

    /// Whether the key at the cursor has its `=` already, or a key inside of it.
    pub(super) fn has_value(&self) -> bool {
        let next = self.after.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
        next.starts_with(['=', '.'])
    }

    /// The text with a value in the place of the word; as whole as it can be made, so that what is open is shut if nothing behind it does.
    /// None if it is not TOML even so.
    pub(super) fn with_value(&self, value: &str) -> Option<String> {
        let At::Value { quoted } = self.here.at else { return None };
        let quote = self.here.quote;
        let (before, after) = match quoted {
            true => (&self.before[..self.before.len() - quote.len()], self.after.strip_prefix(quote)),
            false => (self.before, None),
        };
        let after = after.unwrap_or(self.after);
        self.texts(before, value, after).find(|text| DeTable::parse(text).is_ok())
    }

    /// A word between two texts: as they are, and with what is open shut behind it.
    fn texts(&self, before: &str, word: &str, after: &str) -> impl Iterator<Item = String> {
        let shut = ["", &self.here.to_shut].map(|shut| format!("{before}{word}{shut}{after}"));
        shut.into_iter()
    }

    /// The keys of the table that the cursor is in, wherever in the file they stand.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut known = self.here.seen.clone();
        let value = if self.has_value() { "" } else { " = 0" };
        let texts: Vec<_> = self.texts(self.before, &format!("{STRANGE}{value}"), self.after).collect();
        let whole = texts.iter().find(|text| DeTable::parse(text).is_ok()).or(texts.first());
        let Some(text) = whole else { return known };
        let (tree, _) = DeTable::parse_recoverable(text);
        let around = table_with_strange(tree.get_ref());
        known.extend(around.into_iter().flat_map(DeTable::keys).map(|key| key.get_ref().to_string()));
        known
    }

    /// Whether a table cannot have a header at the cursor, as the file has it already.
    pub(super) fn has_table(&self, name: &str) -> bool {
        let errors = |name: &str| {
            let path: Vec<&str> = self.here.path.iter().map(String::as_str).chain([name]).collect();
            let header: Vec<String> = path.iter().map(|part| format!("\"{part}\"")).collect();
            let lines = self.before.rfind('\n').map_or(0, |at| at + 1);
            let next = self.after.find('\n').map_or("", |at| &self.after[at..]);
            let text = format!("{}[{}]{next}", &self.before[..lines], header.join("."));
            DeTable::parse_recoverable(&text).1.len()
        };
        errors(name) > errors(STRANGE)
    }
}

/// The table that has the strange word as a key.
fn table_with_strange<'t, 'i>(table: &'t DeTable<'i>) -> Option<&'t DeTable<'i>> {
    if table.contains_key(STRANGE) {
        return Some(table);
    }
    table.values().find_map(|value| in_value(value.get_ref()))
}

fn in_value<'t, 'i>(value: &'t DeValue<'i>) -> Option<&'t DeTable<'i>> {
    match value {
        DeValue::Table(table) => table_with_strange(table),
        DeValue::Array(all) => all.iter().find_map(|it| in_value(it.get_ref())),
        _ => None,
    }
}
