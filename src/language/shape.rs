//! The shape of a table of the language: its keys, what each means, and what applies when it is absent.
//!
//! In: what each reader declares beside itself. Out: [`Shape`]s, from which tables are read and the reference is
//! written.

use super::law;
use crate::dist::Law;
use crate::units::{Bandwidth, Bytes, Rate, Time};

/// A default and its source.
#[derive(Clone, Copy, Debug)]
pub struct Given<T> {
    /// The value used if the file does not give one.
    pub value: T,
    /// The document it comes from, or the reason for an assumption.
    pub source: &'static str,
}

impl<T: Show> Given<T> {
    /// A default with its source.
    pub const fn new(value: T, source: &'static str) -> Given<T> {
        Given { value, source }
    }
    /// The default as the file would write it, and its source.
    pub fn show(&self) -> (String, &'static str) {
        (self.value.show(), self.source)
    }
}

/// How a default is written in a scenario.
pub trait Show {
    /// As the file writes it.
    fn show(&self) -> String;
}

macro_rules! show {
    ($($type:ty: |$value:ident| $text:expr;)*) => {$(
        impl Show for $type {
            fn show(&self) -> String {
                let $value = self;
                $text
            }
        }
    )*};
}

show! {
    Time: |time| format!("\"{time}\"");
    Bytes: |bytes| format!("\"{bytes}\"");
    Bandwidth: |bandwidth| format!("\"{bandwidth}\"");
    Rate: |rate| format!("\"{rate}\"");
    Law: |law| format!("\"{}\"", law::describe(law));
    &'static str: |text| format!("\"{text}\"");
    u32: |count| count.to_string();
    u64: |count| count.to_string();
    f64: |number| number.to_string();
    bool: |flag| flag.to_string();
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key.
    pub name: &'static str,
    /// The kind of value, as the reference shows it.
    pub value: &'static str,
    /// What it means.
    pub about: &'static str,
    /// What applies when it is absent.
    pub absent: Absent,
}

/// What applies when a key is absent.
#[derive(Clone, Copy, Debug)]
pub enum Absent {
    /// Its absence is a problem.
    Required,
    /// This default, with its source.
    Default(fn() -> (String, &'static str)),
    /// Described in words.
    Words(&'static str),
}

impl Absent {
    /// Of words such as `"never" (assumption: …)`, what applies and where that comes from, if it is said.
    pub fn sourced(&self) -> (&'static str, Option<&'static str>) {
        let Absent::Words(words) = *self else { return ("", None) };
        match words.strip_suffix(')').and_then(|words| words.split_once(" (")) {
            // Of several values each has its own source beside it.
            Some((value, source)) if !source.contains(" (") => (value, Some(source)),
            _ => (words, None),
        }
    }
}

impl Key {
    /// A required key.
    pub const fn required(name: &'static str, value: &'static str, about: &'static str) -> Key {
        Key { name, value, about, absent: Absent::Required }
    }
    /// A key with a default value.
    pub const fn given(
        name: &'static str,
        value: &'static str,
        default: fn() -> (String, &'static str),
        about: &'static str,
    ) -> Key {
        Key { name, value, about, absent: Absent::Default(default) }
    }
    /// An optional key without a default value.
    pub const fn optional(
        name: &'static str,
        value: &'static str,
        absent: &'static str,
        about: &'static str,
    ) -> Key {
        Key { name, value, about, absent: Absent::Words(absent) }
    }
}

/// A table of the language.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its header, for example `[fleet.NAME]`.
    pub title: &'static str,
    /// What the table is for.
    pub about: &'static str,
    /// Its keys, in reading order.
    pub keys: &'static [Key],
}

impl Shape {
    /// The verb of a step: its first key.
    pub(crate) fn verb(&self) -> &'static str {
        self.keys.first().map_or("", |key| key.name)
    }

    /// Whether the table has this key.
    pub fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known.name == key)
    }
}
