//! No file depends on itself through two others: files in a circle can be read, tested and moved only together.
//!
//! In: the sources. Out: the circles among them, by the names in their imports and paths, without unit tests. A name
//! that a parent only re-exports counts as a use of the file that declares it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The path of a module: `scenario`, `fleet`, `boot`.
type Module = Vec<String>;

/// Words, `::`, braces and single marks of a source, without the modules of unit tests.
pub fn tokens(source: TokenStream, found: &mut Vec<String>) {
    let mut rest = source.into_iter().peekable();
    let mut is_test = false;
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Group(group) if is_test => is_test = group.delimiter() != Delimiter::Brace,
            TokenTree::Punct(mark) if is_test => is_test = mark.as_char() != ';',
            _ if is_test => {}
            TokenTree::Ident(word) => found.push(word.to_string()),
            TokenTree::Literal(_) => found.push("\"".into()),
            TokenTree::Punct(mark) if mark.as_char() == ':' && mark.spacing() == Spacing::Joint => {
                rest.next();
                found.push("::".into());
            }
            TokenTree::Punct(mark) => found.push(mark.to_string()),
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Bracket if group.stream().to_string().replace(' ', "") == "cfg(test)" => {
                    is_test = true
                }
                delimiter => {
                    let (open, close) = match delimiter {
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::Parenthesis => ("(", ")"),
                        _ => ("[", "]"),
                    };
                    found.push(open.into());
                    tokens(group.stream(), found);
                    found.push(close.into());
                }
            },
        }
    }
}

/// Every path that a file names, and those that it re-exports with `pub use`.
#[derive(Default)]
struct Paths {
    used: Vec<Module>,
    passed_on: Vec<Module>,
}

impl Paths {
    fn of(source: &str) -> Paths {
        let mut words = Vec::new();
        tokens(source.parse().unwrap(), &mut words);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let is_name = |word: &str| word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let mut paths = Paths::default();
        let (mut at, mut is_public) = (0, false);
        while at < words.len() {
            match word(at) {
                "pub" => {
                    is_public = true;
                    if word(at + 1) == "(" {
                        at += words[at..].iter().position(|word| word == ")").unwrap();
                    }
                }
                // Not what an opaque type captures: `impl Trait + use<'a>`.
                "use" if word(at + 1) != "<" => {
                    let list = if is_public { &mut paths.passed_on } else { &mut paths.used };
                    at += 1;
                    tree(&words, &mut at, Vec::new(), list);
                }
                ";" | "{" | "}" => is_public = false,
                name if is_name(name) && word(at + 1) == "::" => {
                    let mut path = vec![name.to_owned()];
                    while word(at + 1) == "::" && is_name(word(at + 2)) {
                        path.push(words[at + 2].clone());
                        at += 2;
                    }
                    paths.used.push(path);
                }
                _ => {}
            }
            at += 1;
        }
        paths
    }
}

/// The paths of `a::{b, c::{self, d}}`; `at` ends on the mark after them.
fn tree(words: &[String], at: &mut usize, mut path: Module, found: &mut Vec<Module>) {
    loop {
        match words[*at].as_str() {
            "{" => {
                *at += 1;
                while words[*at] != "}" {
                    tree(words, at, path.clone(), found);
                    *at += usize::from(words[*at] == ",");
                }
                *at += 1;
                return;
            }
            "," | "}" | ";" => return found.push(path),
            "as" => *at += 2,
            "::" | "*" => *at += 1,
            name => {
                path.push(name.to_owned());
                *at += 1;
            }
        }
    }
}

/// The sources of a library by their path, and the names in each.
struct Sources(BTreeMap<Module, Paths>);

impl Sources {
    /// A path from the root, if it can lead into this library.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let mut base = module.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (base, rest) = (Module::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|word| word == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            child => {
                base.push(child.to_owned());
                rest = &path[1..];
                self.0.get(&base)?;
            }
        }
        base.extend(rest.iter().filter(|word| *word != "self").cloned());
        Some(base)
    }

    /// The file that declares the item of a path.
    fn file(&self, path: &[String]) -> Option<Module> {
        let length = (1..=path.len()).rev().find(|&length| self.0.contains_key(&path[..length]))?;
        let module = path[..length].to_vec();
        let passed_on = path.get(length).and_then(|name| {
            let mut origins = self.0[&module].passed_on.iter().filter(|origin| origin.last() == Some(name));
            self.absolute(&module, origins.next()?)
        });
        match passed_on {
            Some(origin) if origin != path => self.file(&origin),
            _ => Some(module),
        }
    }

    fn uses(&self, module: &Module) -> BTreeSet<Module> {
        let paths = self.0[module].used.iter().filter_map(|path| self.absolute(module, path));
        paths.filter_map(|path| self.file(&path)).filter(|other| other != module).collect()
    }

    /// Groups of more than two files, each of which depends on all others.
    fn circles(&self) -> BTreeSet<BTreeSet<String>> {
        let uses: BTreeMap<&Module, BTreeSet<Module>> =
            self.0.keys().map(|module| (module, self.uses(module))).collect();
        let reached = |from: &Module| {
            let (mut found, mut next) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(module) = next.pop() {
                next.extend(uses[&module].iter().filter(|other| found.insert((*other).clone())).cloned());
            }
            found
        };
        let reached: BTreeMap<&Module, BTreeSet<Module>> =
            self.0.keys().map(|module| (module, reached(module))).collect();
        let circle = |from: &Module| -> BTreeSet<String> {
            let back = reached[from].iter().filter(|other| reached[other].contains(from));
            back.map(|module| module.join("/")).collect()
        };
        self.0.keys().map(circle).filter(|circle| circle.len() > 2).collect()
    }
}

#[test]
fn no_circle_of_more_than_two_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    super::files(&folder, &mut files);
    let module = |file: &Path| -> Module {
        let path = file.strip_prefix(&folder).unwrap().with_extension("");
        path.iter().map(|part| part.to_str().unwrap().to_owned()).collect()
    };
    let paths = |file: &Path| Paths::of(&std::fs::read_to_string(file).unwrap());
    let mut sources: BTreeMap<Module, Paths> = files.iter().map(|file| (module(file), paths(file))).collect();
    sources.retain(|module, _| !matches!(module[0].as_str(), "lib" | "main"));
    let circles = Sources(sources).circles();
    assert!(circles.is_empty(), "files that need each other:\n{circles:#?}");
}

#[test]
fn circles_are_found_through_imports_paths_and_names_passed_on() {
    let circles = |files: &[(&str, &str)]| {
        let module = |path: &str| path.split('/').map(str::to_owned).collect::<Module>();
        let sources = files.iter().map(|(path, source)| (module(path), Paths::of(source)));
        let found = Sources(sources.collect()).circles();
        found.into_iter().map(|circle| Vec::from_iter(circle).join(" ")).collect::<Vec<_>>()
    };
    let [b, c] = [("a/b", "use super::c::{self, C};"), ("a/c", "fn c() { crate::a::A }")];
    assert_eq!(circles(&[("a", "struct A(b::B);"), b, c]), ["a a/b a/c"]);
    assert_eq!(circles(&[("a", "// b::B\nmod b; const A: &str = \"b::B\";"), b, c]), Vec::<String>::new());
    assert_eq!(circles(&[("a", "#[cfg(test)] mod tests { use super::b::B; }"), b, c]), Vec::<String>::new());
    assert_eq!(
        circles(&[("a", "fn a() -> impl B + use<'static> { b(); }"), b, c]),
        Vec::<String>::new(),
        "what an opaque type captures is no path"
    );
    // A re-export of `b` by `a` is no use of `b` by `a`; a file that imports it from `a` uses `b`.
    let passed_on = ("a", "pub use b::A; pub(in crate::x) struct B;");
    assert_eq!(circles(&[passed_on, b, c]), Vec::<String>::new());
    assert_eq!(
        circles(&[passed_on, ("a/b", "use super::c::C; use super::d;"), c, ("a/d", "use crate::a::b;")]),
        ["a/b a/c a/d"]
    );
}
