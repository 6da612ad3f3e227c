//! Where in a TOML file the cursor is. In: the text before it. Out: the keys that lead there, what is to be written there, and which keys
//! the table has already. A file that somebody writes is mostly not whole, so this reads what a parser would refuse.

/// What is written at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// The header of a table.
    Header,
    /// A key.
    Key,
    /// The value of a key; whether its quote is open.
    Value { quoted: bool },
    /// Words for people.
    Comment,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) at: At,
    /// The keys that lead to the table that the cursor is in.
    pub(super) path: Vec<String>,
    /// Of a value, its key, in its parts.
    pub(super) key: Vec<String>,
    /// What of the word at the cursor is there.
    pub(super) typed: String,
    /// The keys of the table before the cursor.
    pub(super) seen: Vec<String>,
    /// The same of the tables around it, each with the number of keys that lead to it.
    pub(super) around: Vec<(usize, Vec<String>)>,
    /// The quote that is open.
    pub(super) quote: &'static str,
    /// The brackets that shut what is open, from the inside out.
    pub(super) to_shut: String,
}

/// A table or an array that is open, with the key that it is the value of.
struct Open {
    is_table: bool,
    path: Vec<String>,
    key: String,
    seen: Vec<String>,
}

const QUOTES: [&str; 4] = ["\"\"\"", "'''", "\"", "'"];

/// Reads a text up to its end.
#[derive(Default)]
struct Scan {
    header: Vec<String>,
    seen: Vec<String>,
    open: Vec<Open>,
    key: String,
    in_value: bool,
}

/// The place at the end of a text.
pub(super) fn cursor(text: &str) -> Cursor {
    let mut scan = Scan::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '#' {
            let Some(end) = rest.find('\n') else { return scan.here(At::Comment, String::new()) };
            rest = &rest[end..];
        } else if let Some(quote) = QUOTES.into_iter().find(|quote| rest.starts_with(quote)) {
            let Some(end) = end_of(rest, quote) else {
                let typed = rest[quote.len()..].to_owned();
                let at = if scan.in_value { At::Value { quoted: true } } else { At::Key };
                return Cursor { quote, ..scan.here(at, typed) };
            };
            if !scan.in_value {
                scan.key.push_str(&rest[..end]);
            }
            rest = &rest[end..];
        } else if c == '[' && !scan.in_value && scan.open.is_empty() && scan.key.trim().is_empty() {
            let written = rest.trim_start_matches('[');
            let Some(end) = written.find([']', '\n']) else {
                let mut path = parts(written);
                let is_whole = written.trim_end().ends_with('.') || written.trim().is_empty();
                let typed = if is_whole { String::new() } else { path.pop().unwrap_or_default() };
                scan.header = path;
                return Cursor { seen: Vec::new(), ..scan.here(At::Header, typed) };
            };
            (scan.header, scan.seen) = (parts(&written[..end]), Vec::new());
            rest = written[end..].trim_start_matches(']');
        } else {
            scan.take(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    if scan.in_value {
        let word = text.rfind(|c: char| !is_of_word(c)).map_or(text, |at| &text[at..]);
        return scan
            .here(At::Value { quoted: false }, word.trim_start_matches(|c| !is_of_word(c)).to_owned());
    }
    let mut inside = parts(&scan.key);
    let is_whole = scan.key.trim_end().ends_with('.');
    let typed = if is_whole { String::new() } else { inside.pop().unwrap_or_default() };
    let is_dotted = !inside.is_empty();
    let mut here = scan.here(At::Key, typed);
    here.path.extend(inside);
    if is_dotted {
        here.seen.clear();
    }
    here
}

impl Scan {
    /// A letter that is in no quote and no header.
    fn take(&mut self, c: char) {
        match c {
            '\n' if self.open.is_empty() => (self.key, self.in_value) = (String::new(), false),
            '=' if !self.in_value => {
                let first = parts(&self.key).into_iter().next();
                self.seen_here().extend(first);
                self.in_value = true;
            }
            '{' | '[' if self.in_value => {
                let path = [self.path().to_vec(), parts(&self.key)].concat();
                let key = std::mem::take(&mut self.key);
                // In an array, the table around it is that of its key.
                self.in_value = c == '[';
                self.open.push(Open { is_table: c == '{', path, key, seen: Vec::new() });
            }
            '}' | ']' => {
                if let Some(closed) = self.open.pop() {
                    (self.key, self.in_value) = (closed.key, true);
                }
            }
            ',' => {
                if let Some(open) = self.open.last() {
                    (self.key, self.in_value) = (String::new(), !open.is_table);
                }
            }
            c if !self.in_value => self.key.push(c),
            _ => {}
        }
    }

    fn path(&self) -> &[String] {
        self.open.last().map_or(&self.header, |open| &open.path)
    }

    fn seen_here(&mut self) -> &mut Vec<String> {
        self.open.last_mut().map_or(&mut self.seen, |open| &mut open.seen)
    }

    fn here(mut self, at: At, typed: String) -> Cursor {
        let open = self.open.iter().filter(|open| open.is_table);
        let mut around: Vec<_> = open.map(|open| (open.path.len(), open.seen.clone())).collect();
        around.insert(0, (self.header.len(), self.seen.clone()));
        let shut = self.open.iter().rev().map(|open| if open.is_table { '}' } else { ']' });
        let to_shut = shut.collect();
        let seen = std::mem::take(self.seen_here());
        let mut key = Vec::new();
        if matches!(at, At::Value { .. }) {
            // An element of an array is a value of the key of the array.
            while let Some(array) = self.open.pop_if(|open| !open.is_table) {
                self.key = array.key;
            }
            key = parts(&self.key);
        }
        Cursor { at, path: self.path().to_vec(), key, typed, seen, around, quote: "", to_shut }
    }
}

/// Whether a letter is of a word: of a key, a name or an instance type.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || "_-.".contains(c)
}

/// The end of a text in quotes, behind them; none if it does not end.
fn end_of(text: &str, quote: &str) -> Option<usize> {
    let mut letters = text.char_indices().skip(quote.len());
    while let Some((at, c)) = letters.next() {
        if text[at..].starts_with(quote) {
            return Some(at + quote.len());
        }
        match c {
            '\n' if quote.len() == 1 => return Some(at),
            '\\' if quote.starts_with('"') => drop(letters.next()),
            _ => {}
        }
    }
    None
}

/// The parts of a key with dots.
fn parts(written: &str) -> Vec<String> {
    let parts = written.split('.').map(|part| part.trim().trim_matches(['"', '\'']));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (At, String, String, String) {
        let Cursor { at, path, key, typed, .. } = cursor(text);
        (at, path.join("."), key.join("."), typed)
    }

    fn place(at: At, path: &str, key: &str, typed: &str) -> (At, String, String, String) {
        (at, path.to_owned(), key.to_owned(), typed.to_owned())
    }

    #[test]
    fn a_place_is_known_in_a_file_that_is_not_whole() {
        let [open, shut] = [true, false].map(|quoted| At::Value { quoted });
        for (text, expected) in [
            ("", place(At::Key, "", "", "")),
            ("dura", place(At::Key, "", "", "dura")),
            ("[fle", place(At::Header, "", "", "fle")),
            ("[fleet.", place(At::Header, "fleet", "", "")),
            ("[fleet.web]\nbo", place(At::Key, "fleet.web", "", "bo")),
            ("[fleet.web]\nboot.ima", place(At::Key, "fleet.web.boot", "", "ima")),
            ("[fleet.web]\nboot = { image = 1, app", place(At::Key, "fleet.web.boot", "", "app")),
            ("[fleet.web]\nboot = { image = \"gol", place(open, "fleet.web.boot", "image", "gol")),
            ("[fleet.web]\ninstance = ", place(shut, "fleet.web", "instance", "")),
            ("[fleet.web]\ninstance = \"m6i.la", place(open, "fleet.web", "instance", "m6i.la")),
            ("[fleet.web]\nmax = 3\nmi", place(At::Key, "fleet.web", "", "mi")),
            ("[request.a]\nsteps = [{ cpu = \"1ms\" }, { ca", place(At::Key, "request.a.steps", "", "ca")),
            (
                "[request.a]\nsteps = [\n  { cache = \"r\", miss = [{ ",
                place(At::Key, "request.a.steps.miss", "", ""),
            ),
            ("targets = [\"a\", \"b", place(open, "", "targets", "b")),
            ("a = 1 # [fl", place(At::Comment, "", "", "")),
            ("a = \"# no comment\"\nb", place(At::Key, "", "", "b")),
            ("a = \"\"\"\n[x]\n\"\"\"\nb", place(At::Key, "", "", "b")),
            ("a = \"é\\\"ü\"\nb = tr", place(shut, "", "b", "tr")),
        ] {
            assert_eq!(at(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_keys_of_the_table_are_seen_and_no_others() {
        let seen = |text: &str| cursor(text).seen.join(" ");
        assert_eq!(seen("[a.b]\nx = 1\ny.z = { q = 2 }\n"), "x y");
        assert_eq!(seen("x = 1\n[a.b]\n"), "");
        assert_eq!(seen("x = 1\ny = { p = 1, q = [1, 2], "), "p q");
        assert_eq!(seen("x = 1\ny."), "");
    }
}
