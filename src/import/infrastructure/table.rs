//! A table of the scenario, as text. In: keys, values and remarks. Out: TOML in which each remark stands at its place.

use std::fmt;

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A number or a truth value.
    Plain(String),
    /// Text in quotes.
    Text(String),
    /// Values in brackets.
    List(Vec<Item>),
    /// Keys and values in braces.
    Table(Vec<(String, Item)>),
}

impl Item {
    /// A list of values.
    pub fn list<T: Into<Item>>(items: impl IntoIterator<Item = T>) -> Item {
        Item::List(items.into_iter().map(Into::into).collect())
    }

    /// A table in place.
    pub fn table<const N: usize>(entries: [(&str, Item); N]) -> Item {
        Item::Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A table in place with one more entry.
    pub fn with(self, key: &str, value: impl Into<Item>) -> Item {
        match self {
            Item::Table(mut entries) => {
                entries.push((key.to_owned(), value.into()));
                Item::Table(entries)
            }
            other => other,
        }
    }
}

impl From<&str> for Item {
    fn from(text: &str) -> Item {
        Item::Text(text.to_owned())
    }
}

impl From<String> for Item {
    fn from(text: String) -> Item {
        Item::Text(text)
    }
}

impl From<&String> for Item {
    fn from(text: &String) -> Item {
        Item::Text(text.clone())
    }
}

impl From<bool> for Item {
    fn from(flag: bool) -> Item {
        Item::Plain(flag.to_string())
    }
}

impl From<u64> for Item {
    fn from(number: u64) -> Item {
        Item::Plain(number.to_string())
    }
}

impl From<f64> for Item {
    fn from(number: f64) -> Item {
        // Three digits behind the point: 0.1 + 0.2 is 0.3 for people.
        let rounded = (number * 1000.0).round() / 1000.0;
        Item::Plain(rounded.to_string())
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Plain(text) => write!(f, "{text}"),
            Item::Text(text) => write!(f, "{}", toml::Value::String(text.clone())),
            Item::List(items) => {
                write!(f, "[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
                }
                write!(f, "]")
            }
            Item::Table(entries) if entries.is_empty() => write!(f, "{{}}"),
            Item::Table(entries) => {
                write!(f, "{{ ")?;
                for (i, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{} = {value}", if i == 0 { "" } else { ", " }, quoted(key))?;
                }
                write!(f, " }}")
            }
        }
    }
}

/// A key, in quotes if it needs them.
fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { key.to_owned() } else { toml::Value::String(key.to_owned()).to_string() }
}

#[derive(Clone, Debug)]
enum Shown {
    One(Item),
    /// One line for each, with what is to be said of it.
    Many(Vec<(Item, Option<String>)>),
}

/// A table with its remarks.
#[derive(Clone, Debug)]
pub struct Table {
    kind: &'static str,
    name: String,
    head: Vec<String>,
    rows: Vec<(String, Shown, Option<String>)>,
    notes: Vec<String>,
}

impl Table {
    /// The table `[kind.name]`.
    pub fn new(kind: &'static str, name: &str) -> Table {
        Table { kind, name: name.to_owned(), head: Vec::new(), rows: Vec::new(), notes: Vec::new() }
    }

    /// Its kind: `fleet`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says something above the table.
    pub fn head(&mut self, text: impl Into<String>) -> &mut Table {
        self.head.push(text.into());
        self
    }

    /// Says below its keys what could not be taken over.
    pub fn note(&mut self, text: impl Into<String>) -> &mut Table {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
        self
    }

    /// A key that the files say.
    pub fn set(&mut self, key: &str, value: impl Into<Item>) -> &mut Table {
        self.row(key, Shown::One(value.into()), None);
        self
    }

    /// A key that the files say; nothing if they do not.
    pub fn maybe(&mut self, key: &str, value: Option<impl Into<Item>>) -> &mut Table {
        if let Some(value) = value {
            self.set(key, value);
        }
        self
    }

    /// A key that the files do not say.
    pub fn assumed(&mut self, key: &str, value: impl Into<Item>, why: &str) -> &mut Table {
        self.row(key, Shown::One(value.into()), Some(format!("ASSUMED: {why}")));
        self
    }

    /// A key with a remark beside it.
    pub fn beside(&mut self, key: &str, value: impl Into<Item>, remark: &str) -> &mut Table {
        self.row(key, Shown::One(value.into()), Some(remark.to_owned()));
        self
    }

    /// A list of one item a line, each with its remark.
    pub fn lines(&mut self, key: &str, lines: Vec<(Item, Option<String>)>) -> &mut Table {
        self.row(key, Shown::Many(lines), None);
        self
    }

    /// Its keys as a table in place, if there are any.
    pub fn inline(&self) -> Option<Item> {
        let entries = self.rows.iter().filter_map(|(key, value, _)| match value {
            Shown::One(item) => Some((key.clone(), item.clone())),
            Shown::Many(_) => None,
        });
        let entries: Vec<_> = entries.collect();
        (!entries.is_empty()).then_some(Item::Table(entries))
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.rows.iter().find_map(|(other, value, _)| match value {
            Shown::One(Item::Text(text)) if other == key => Some(text.as_str()),
            _ => None,
        })
    }

    /// A value as it is written.
    pub fn shown(&self, key: &str) -> Option<String> {
        self.rows.iter().find_map(|(other, value, _)| match value {
            Shown::One(item) if other == key => Some(item.to_string()),
            _ => None,
        })
    }

    /// Takes a key out again.
    pub fn drop(&mut self, key: &str) {
        self.rows.retain(|(other, ..)| other != key);
    }

    /// Whether it has a key.
    pub fn has(&self, key: &str) -> bool {
        self.rows.iter().any(|(other, ..)| other == key)
    }

    fn row(&mut self, key: &str, value: Shown, remark: Option<String>) {
        self.rows.retain(|(other, ..)| other != key);
        self.rows.push((key.to_owned(), value, remark));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.head {
            write!(f, "{}", comment(line))?;
        }
        match self.name.is_empty() {
            true => writeln!(f, "[{}]", self.kind)?,
            false => writeln!(f, "[{}.{}]", self.kind, quoted(&self.name))?,
        }
        for (key, value, remark) in &self.rows {
            match value {
                Shown::One(item) => {
                    let line = format!("{} = {item}", quoted(key));
                    match remark {
                        // What is said of a long line stands above it.
                        Some(remark) if line.len() + remark.len() > 116 => {
                            writeln!(f, "{}{line}", comment(remark))?;
                        }
                        Some(remark) => writeln!(f, "{line} # {}", one_line(remark))?,
                        None => writeln!(f, "{line}")?,
                    }
                }
                Shown::Many(lines) => {
                    writeln!(f, "{} = [", quoted(key))?;
                    for (item, remark) in lines {
                        let line = item.to_string();
                        match remark {
                            Some(remark) if line.len() + remark.len() > 112 => {
                                let lines = comment(remark);
                                lines.lines().try_for_each(|line| writeln!(f, "  {line}"))?;
                                writeln!(f, "  {line},")?;
                            }
                            Some(remark) => writeln!(f, "  {line}, # {}", one_line(remark))?,
                            None => writeln!(f, "  {line},")?,
                        }
                    }
                    writeln!(f, "]")?;
                }
            }
        }
        for note in &self.notes {
            write!(f, "{}", comment(&format!("- {note}")))?;
        }
        Ok(())
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A remark as lines of comment that fit a page.
pub fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in one_line(text).split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.len() + word.len() > 112 {
            lines.push_str(&format!("# {line}\n"));
            line = String::from("  ");
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push_str(&format!("# {line}\n"));
    lines
}
