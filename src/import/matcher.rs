//! Finds the class of a request. In: a method and an address. Out: the place of its class in the list.
//!
//! The most specific pattern counts, segment by segment: a word before `*.pdf`, that before `*`, and `**`, for any number of segments,
//! last; a pattern with a method before one without. So the order in the file does not matter.

use rustc_hash::FxHashMap;

use super::classes::Class;
use super::method::method_index;
use super::names::{path_of, segments};

/// Most paths whose class is remembered, and the longest of them.
const REMEMBERED: usize = 100_000;
const REMEMBERED_LENGTH: usize = 200;
/// Most segments of a path that are looked at.
const SEGMENTS_MAX: usize = 24;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(Box<[u8]>),
    /// Any text between a beginning and an end.
    Glob(Box<[u8]>, Box<[u8]>),
    Any,
    Rest,
}

impl Part {
    fn of(segment: &str) -> Part {
        match segment {
            "*" => Part::Any,
            "**" => Part::Rest,
            segment => match segment.split_once('*') {
                Some((start, end)) => Part::Glob(start.as_bytes().into(), end.as_bytes().into()),
                None => Part::Word(segment.as_bytes().into()),
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Part::Word(_) => 0,
            Part::Glob(..) => 1,
            Part::Any => 2,
            Part::Rest => 3,
        }
    }

    fn fits(&self, segment: &[u8]) -> bool {
        match self {
            Part::Word(word) => **word == *segment,
            Part::Glob(start, end) => {
                segment.len() >= start.len() + end.len()
                    && segment.starts_with(start)
                    && segment.ends_with(end)
            }
            Part::Any => true,
            Part::Rest => false,
        }
    }
}

#[derive(Clone, Debug)]
struct Rule {
    /// A method, or any.
    method: Option<usize>,
    parts: Vec<Part>,
    class: usize,
}

/// Patterns, ready to be compared.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    rules: Vec<Rule>,
    extensions: FxHashMap<Box<[u8]>, usize>,
    /// The class of what fits nothing.
    other: usize,
    remembered: FxHashMap<Box<[u8]>, usize>,
    key: Vec<u8>,
}

impl Matcher {
    /// For a list of classes; `other` is the place of what fits none.
    pub(super) fn new(classes: &[Class], other: usize) -> Matcher {
        let mut rules = Vec::new();
        let mut extensions = FxHashMap::default();
        for (class, of) in classes.iter().enumerate() {
            for (method, segments) in of.patterns() {
                let method = (method != "*").then(|| method_index(method.as_bytes()));
                rules.push(Rule {
                    method,
                    parts: segments.iter().map(|segment| Part::of(segment)).collect(),
                    class,
                });
            }
            for extension in &of.extensions {
                extensions.entry(extension.to_ascii_lowercase().into_bytes().into()).or_insert(class);
            }
        }
        let rank = |rule: &Rule| -> (Vec<u8>, bool) {
            (rule.parts.iter().map(Part::rank).collect(), rule.method.is_none())
        };
        rules.sort_by_key(rank);
        Matcher { rules, extensions, other, remembered: FxHashMap::default(), key: Vec::new() }
    }

    /// The class of a request.
    #[inline]
    pub(super) fn class(&mut self, method: &[u8], address: &[u8]) -> usize {
        let path = path_of(address);
        let method = method_index(method);
        if path.len() > REMEMBERED_LENGTH {
            return self.find(method, path);
        }
        self.key.clear();
        self.key.push(method as u8);
        self.key.extend_from_slice(path);
        if let Some(class) = self.remembered.get(&self.key[..]) {
            return *class;
        }
        let class = self.find(method, path);
        if self.remembered.len() < REMEMBERED {
            self.remembered.insert(self.key[..].into(), class);
        }
        class
    }

    fn find(&self, method: usize, path: &[u8]) -> usize {
        let mut buffer: [&[u8]; SEGMENTS_MAX] = [b""; SEGMENTS_MAX];
        let mut length = 0;
        for (place, segment) in buffer.iter_mut().zip(segments(path)) {
            *place = segment;
            length += 1;
        }
        let found = &buffer[..length];
        if let Some(class) = self.extension(found.last().copied().unwrap_or_default()) {
            return class;
        }
        let rule = self
            .rules
            .iter()
            .find(|rule| rule.method.is_none_or(|it| it == method) && fits(&rule.parts, found));
        rule.map_or(self.other, |rule| rule.class)
    }

    fn extension(&self, file: &[u8]) -> Option<usize> {
        let dot = memchr::memrchr(b'.', file)?;
        let extension = &file[dot + 1..];
        if self.extensions.is_empty() || extension.len() > 8 {
            return None;
        }
        let mut small = [0; 8];
        for (to, from) in small.iter_mut().zip(extension) {
            *to = from.to_ascii_lowercase();
        }
        self.extensions.get(&small[..extension.len()]).copied()
    }
}

/// Whether segments fit a pattern.
fn fits(parts: &[Part], segments: &[&[u8]]) -> bool {
    match parts {
        [] => segments.is_empty(),
        [Part::Rest] => true,
        [Part::Rest, rest @ ..] => (0..=segments.len()).any(|from| fits(rest, &segments[from..])),
        [part, rest @ ..] => match segments {
            [segment, others @ ..] => part.fits(segment) && fits(rest, others),
            [] => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(name: &str, patterns: &[&str]) -> Class {
        Class {
            name: name.into(),
            fits: patterns.iter().map(|it| (*it).to_owned()).collect(),
            ..Class::default()
        }
    }

    #[test]
    fn the_most_specific_pattern_counts() {
        let mut classes = vec![
            class("all", &["* /**"]),
            class("item", &["GET /items/*"]),
            class("search", &["GET /items/search"]),
            class("pdf", &["GET /items/*.pdf"]),
            class("deep", &["* /a/**/z"]),
            class("home", &["GET /"]),
        ];
        classes.push(Class {
            name: "static".into(),
            extensions: vec!["css".into(), "PNG".into()],
            ..Class::default()
        });
        let mut matcher = Matcher::new(&classes, 99);
        let mut of = |method: &str, path: &str| matcher.class(method.as_bytes(), path.as_bytes());
        for _ in 0..2 {
            assert_eq!(
                (of("GET", "/items/7?a"), of("GET", "/items/search"), of("GET", "/items/a.pdf")),
                (1, 2, 3)
            );
            assert_eq!(
                (of("POST", "/items/7"), of("GET", "/a/b/c/z"), of("GET", "/a/z"), of("GET", "//")),
                (0, 4, 4, 5)
            );
            assert_eq!(
                (of("GET", "https://h/x/Y.CSS?v=1"), of("GET", "/a.png"), of("GET", "/a.")),
                (6, 6, 0)
            );
        }
        let mut none = Matcher::new(&classes[1..2], 99);
        assert_eq!((none.class(b"GET", b"/items"), none.class(b"BREW", b"/items/1")), (99, 99));
    }
}
