//! Links. In: every Markdown file that people read. Out: the links that lead to no file, or to no heading of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::root;

/// A page: what its headings are called in addresses, and where its links lead.
#[derive(Debug, Default, PartialEq)]
pub struct Links {
    pub headings: Vec<String>,
    pub targets: Vec<String>,
}

/// The name of a heading in an address, as GitHub and mdBook write it: small letters, a dash for each space, nothing for other signs.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect::<String>().to_lowercase()
}

pub fn links(text: &str) -> Links {
    let mut found = Links::default();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let name = anchor(&heading.take().unwrap_or_default());
                let same = found.headings.iter().filter(|it| **it == name).count();
                found.headings.push(if same == 0 { name } else { format!("{name}-{same}") });
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                found.targets.push(dest_url.into_string());
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

/// The path without `.` and `..`, so that a file has one name.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => assert!(plain.pop(), "{} leads out of the project", path.display()),
            part => plain.push(part),
        }
    }
    plain
}

/// Where a link of a page leads: a file of the project and a heading of it, if it leads into the project.
fn target(page: &Path, link: &str) -> Option<(PathBuf, Option<String>)> {
    if link.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(char::is_alphanumeric)) {
        return None;
    }
    let (file, heading) = link.split_once('#').map_or((link, None), |(file, it)| (file, Some(it.to_owned())));
    let file = if file.is_empty() { page.to_owned() } else { plain(&page.with_file_name("").join(file)) };
    Some((file, heading))
}

/// All pages below a folder of the project.
fn pages(folder: &Path, found: &mut BTreeMap<PathBuf, Links>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let name = folder.join(entry.unwrap().file_name());
        // Nobody has written what is built.
        let built = ["target", "out", "node_modules", ".git"].iter().any(|it| name.ends_with(it));
        if root().join(&name).is_dir() && !built {
            pages(&name, found);
        } else if name.extension().is_some_and(|it| it == "md") {
            let text = fs::read_to_string(root().join(&name)).unwrap();
            found.insert(name, links(&text));
        }
    }
}

/// The links that lead nowhere, each with its page.
fn dead(pages: &BTreeMap<PathBuf, Links>) -> Vec<String> {
    let mut dead = Vec::new();
    for (page, links) in pages {
        for link in &links.targets {
            let Some((file, heading)) = target(page, link) else { continue };
            let there = match (heading, pages.get(&file)) {
                (None, _) => root().join(&file).is_file(),
                (Some(heading), Some(links)) => links.headings.contains(&heading),
                (Some(_), None) => false,
            };
            if !there {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    dead
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut all = BTreeMap::new();
    pages(Path::new(""), &mut all);
    let count = |page: &str| all[Path::new(page)].targets.len();
    assert!(count("README.md") > 20 && count("src/book/SUMMARY.md") > 50);
    assert_eq!(dead(&all), Vec::<String>::new());
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let page = "# A shop: `sale`, 2 %\n\n## Again\n\n## Again\n\n[it](#a-shop-sale-2-) [twice](#again-1) [out](https://example.com) ![no](none.png)\n\
                [no](#thrice) [file](src/book/SUMMARY.md) [no](src/book/SUMMARY.md#none) [no](src/lib.rs#none)\n\n`[code](none)`\n\n```text\n[code](none)\n```\n";
    assert_eq!(links(page).headings, ["a-shop-sale-2-", "again", "again-1"]);
    let mut all = BTreeMap::from([(PathBuf::from("page.md"), links(page))]);
    all.insert(PathBuf::from("src/book/SUMMARY.md"), links("# Summary"));
    let expected = ["none.png", "#thrice", "src/book/SUMMARY.md#none", "src/lib.rs#none"];
    assert_eq!(dead(&all), expected.map(|link| format!("page.md: {link}")));
}
