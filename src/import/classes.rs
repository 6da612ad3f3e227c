//! Classes of requests: `classes.toml`, which is proposed, edited, and given back. In: text or proposals. Out: a list of [`Class`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use super::method::is_method;
use super::names::{ANY, name};
use super::tree::Proposal;

/// The class of what fits no other.
pub const OTHER: &str = "other";
/// The class of files.
const STATIC: &str = "static";
/// Most classes: a scenario has at most 100 sources of traffic.
pub const CLASSES_MAX: usize = 90;
/// Files that no program makes.
const STATIC_EXTENSIONS: [&str; 27] = [
    "css",
    "js",
    "mjs",
    "map",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "svg",
    "ico",
    "bmp",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp4",
    "webm",
    "mp3",
    "pdf",
    "zip",
    "gz",
    "txt",
    "wasm",
    "webmanifest",
];

/// A class: which requests are of it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name in the scenario and in the columns.
    pub name: String,
    /// Patterns such as `GET /items/*`.
    #[serde(default)]
    pub fits: Vec<String>,
    /// Endings of files, such as `png`.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// Whether its requests are left out.
    #[serde(default)]
    pub drop: bool,
}

impl Class {
    /// The method and the segments of each pattern.
    pub(super) fn patterns(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.fits.iter().map(|pattern| split(pattern))
    }
}

/// `GET /items/*` as a method and segments; a pattern without a method fits any.
fn split(pattern: &str) -> (&str, Vec<&str>) {
    let pattern = pattern.trim();
    let (method, path) = match pattern.split_once(char::is_whitespace) {
        Some((method, path)) => (method, path.trim()),
        None => (ANY, pattern),
    };
    (method, path.split('/').filter(|segment| !segment.is_empty()).collect())
}

/// Why classes cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ClassesError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    class: Vec<Class>,
}

/// Reads `classes.toml`.
pub fn parse(text: &str) -> Result<Vec<Class>, ClassesError> {
    let file: File = toml::from_str(text).map_err(|error| {
        // The library would quote the line, and the file may be a log that was given by mistake.
        let line = error
            .span()
            .map_or(1, |span| text.as_bytes()[..span.start.min(text.len())].split(|it| *it == b'\n').count());
        ClassesError(format!("line {line}: {}", error.message()))
    })?;
    checked(file.class)
}

/// Reads `NAME=METHOD /path` of the command line.
pub fn of_pattern(text: &str) -> Result<Class, ClassesError> {
    let (name, pattern) = text.split_once('=').ok_or_else(|| {
        ClassesError(format!("`{text}` is neither a file nor a class: write 'checkout=POST /checkout'"))
    })?;
    Ok(Class { name: name.trim().to_owned(), fits: vec![pattern.trim().to_owned()], ..Class::default() })
}

/// The classes, if each can be used.
pub fn checked(classes: Vec<Class>) -> Result<Vec<Class>, ClassesError> {
    let wrong = |text: String| Err(ClassesError(text));
    let mut names = BTreeSet::new();
    for class in &classes {
        let name = &class.name;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 60 || !name.chars().all(is_plain) {
            return wrong(format!("the class `{name}` needs a name of letters, digits, `-` and `_`"));
        }
        if name == OTHER || !names.insert(name.clone()) {
            return wrong(format!("two classes are called `{name}`; `{OTHER}` is what fits no class"));
        }
        for pattern in &class.fits {
            let (method, segments) = split(pattern);
            let is_path = pattern.trim().trim_start_matches(method).trim_start().starts_with('/');
            if !is_method(method) || !is_path || segments.iter().any(|it| it.contains(char::is_whitespace)) {
                return wrong(format!(
                    "`{pattern}` of `{name}` is no pattern: write \"GET /items/*\" or \"* /items/**\""
                ));
            }
            if segments.iter().any(|it| it.matches('*').count() > 1 && *it != "**") {
                return wrong(format!("a segment of `{pattern}` has more than one `*`"));
            }
        }
    }
    let mut patterns = BTreeMap::new();
    for class in &classes {
        for pattern in &class.fits {
            match patterns.insert(split(pattern), &class.name) {
                Some(other) if *other != class.name => {
                    return wrong(format!("`{pattern}` is of two classes: `{other}` and `{}`", class.name));
                }
                _ => {}
            }
        }
    }
    match classes.len() {
        0 => wrong("there is no [[class]]".into()),
        count if count > CLASSES_MAX => wrong(format!("{count} classes are too many: at most {CLASSES_MAX}")),
        _ => Ok(classes),
    }
}

/// The most frequent proposals as classes, and one for files.
pub(super) fn proposed(proposals: &[Proposal], top: usize) -> Vec<Class> {
    let extensions = STATIC_EXTENSIONS.iter().map(|it| (*it).to_owned()).collect();
    let mut classes = vec![Class { name: STATIC.into(), extensions, ..Class::default() }];
    let mut names = BTreeSet::from([STATIC.to_owned(), OTHER.to_owned()]);
    let is_named = |it: &&Proposal| is_method(it.method) || it.method.is_empty();
    for proposal in proposals.iter().filter(is_named).take(top) {
        let base = name(proposal.method, proposal.segments.iter().map(String::as_str));
        let mut own = base.clone();
        let mut number = 2;
        while !names.insert(own.clone()) {
            own = format!("{base}-{number}");
            number += 1;
        }
        let method = if proposal.method.is_empty() { ANY } else { proposal.method };
        let fits = vec![format!("{method} /{}", proposal.segments.join("/"))];
        classes.push(Class { name: own, fits, ..Class::default() });
    }
    classes
}

/// Whether a file is one that no program makes.
pub(super) fn is_static(path: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', path) else { return false };
    let extension = &path[dot + 1..];
    STATIC_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
}

/// `classes.toml`, with how many requests each class had.
pub(super) fn written(classes: &[(Class, u64)], other: u64) -> String {
    let mut text = String::from(
        "# Which requests are of which class. Edit it, and give it back: simcap import LOG --classes classes.toml\n\
         # A pattern is a method, or * for any, and a path: * is any one segment or part of it, ** any number of them.\n\
         # The most specific pattern counts. Put several patterns into one class, rename classes, write drop = true to\n\
         # leave requests out, such as those of health checks. What fits nothing is of the class `other`.\n",
    );
    let _ = writeln!(
        text,
        "# Words of paths stand here as they were asked for, and as the names of classes in scenario.toml, rates.csv, measured.csv,\n\
         # the names of service-*.csv and on the page of the import: look whether any of them is private."
    );
    let quoted = |list: &[String]| {
        let list: Vec<String> = list.iter().map(|it| toml::Value::String(it.clone()).to_string()).collect();
        list.join(", ")
    };
    for (class, count) in classes {
        let _ = write!(
            text,
            "\n# {}\n[[class]]\nname = \"{}\"\n",
            crate::number::counted(*count, "request"),
            class.name
        );
        if !class.fits.is_empty() {
            let _ = writeln!(text, "fits = [{}]", quoted(&class.fits));
        }
        if !class.extensions.is_empty() {
            let _ = writeln!(text, "extensions = [{}]", quoted(&class.extensions));
        }
        if class.drop {
            text.push_str("drop = true\n");
        }
    }
    let _ = write!(text, "\n# {} of `{OTHER}`\n", crate::number::counted(other, "request"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let proposal = |method, segments: &[&str]| Proposal {
            method,
            segments: segments.iter().map(|it| (*it).to_owned()).collect(),
            count: 3,
        };
        let proposals = [
            proposal("GET", &[]),
            proposal("POST", &["a", "*"]),
            proposal("POST", &["a", "id"]),
            proposal("", &["x"]),
        ];
        let classes = proposed(&proposals, 10);
        let names: Vec<&str> = classes.iter().map(|class| &*class.name).collect();
        assert_eq!(names, ["static", "home", "post-a-id", "post-a-id-2", "x"]);
        let counted: Vec<(Class, u64)> = classes.iter().map(|class| (class.clone(), 1)).collect();
        assert_eq!(parse(&written(&counted, 0)), Ok(classes));
    }

    #[test]
    fn what_cannot_be_meant_is_said() {
        let of = |text: &str| parse(text).unwrap_err().to_string();
        assert!(of("").contains("no [[class]]"));
        assert!(of("[[class]]\nname = \"a b\"\n").contains("needs a name"));
        assert!(of("[[class]]\nname = \"other\"\n").contains("two classes"));
        for pattern in ["GET items", "BREW /a", "GET /a /b", ""] {
            assert!(
                of(&format!("[[class]]\nname = \"a\"\nfits = [\"{pattern}\"]\n")).contains("no pattern"),
                "{pattern}"
            );
        }
        assert!(of("[[class]]\nname = \"a\"\nfits = [\"GET /a*b*c\"]\n").contains("more than one"));
        assert!(of("[[class]]\nname = \"a\"\nmatch = 1\n").contains("match"));
        let twice = "[[class]]\nname = \"a\"\nfits = [\"GET /x\", \"GET /x\"]\n[[class]]\nname = \"b\"\nfits = [\"GET  /x/\"]\n";
        assert!(of(twice).contains("is of two classes: `a` and `b`"), "{}", of(twice));
        assert_eq!(of_pattern("a=POST /x").unwrap().fits, ["POST /x"]);
        assert!(of_pattern("missing.toml").is_err());
    }
}
