//! `simcap explain` against the pages of whole runs: what they show is explained, in the unit that they show it in.

use std::collections::BTreeSet;

use simcap::report::{every_explained, explain};

/// What a word is explained as.
fn page(what: &str) -> String {
    explain(what).unwrap_or_else(|near| panic!("{what} is not explained; near is {near:?}"))
}

/// Cells of a line of a page: two blanks or more are between them.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect()
}

fn pages() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let pages = files.filter(|it| name(it).ends_with("-page.snap"));
    pages.map(|path| (name(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The rows of the table of a part, each with the titles of its columns.
fn tables<'a>(page: &'a str, title: &str) -> Vec<Vec<(&'a str, &'a str)>> {
    let lines: Vec<&str> = page.lines().collect();
    let mut rows = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.split("  ").next() != Some(title) {
            continue;
        }
        let Some(heads) = lines.get(at + 1).map(|line| cells(line)) else { continue };
        for row in lines[at + 2..].iter().take_while(|line| line.starts_with("  ")).map(|line| cells(line)) {
            // Before the first column is the name.
            if row.len() == heads.len() + 1 {
                rows.push(heads.iter().copied().zip(row[1..].iter().copied()).collect());
            }
        }
    }
    rows
}

#[test]
fn the_unit_of_a_column_is_the_one_that_pages_print() {
    let all = every_explained();
    let (mut seen, mut columns) = (0, BTreeSet::new());
    let is_of = "a column of the part `";
    let parts: BTreeSet<&str> =
        all.iter().filter_map(|it| it.is.strip_prefix(is_of)?.split('`').next()).collect();
    for (name, page) in pages() {
        for part in &parts {
            for (title, cell) in tables(&page, part).into_iter().flatten() {
                let is = format!("{is_of}{part}` of the page of a run");
                let own = all.iter().find(|it| it.path == [title] && it.is == is);
                let own = own.unwrap_or_else(|| panic!("{name}: {part}: {title}"));
                let unit = own.facts.iter().find(|(word, _)| *word == "unit").map_or("", |(_, unit)| unit);
                let number = cell.trim_start_matches(['≤', '±', '~', ' ']);
                if cell == "–" || !number.starts_with(|it: char| it.is_ascii_digit() || it == '<') {
                    continue;
                }
                let is_percent = number.contains('%') && !number.contains('(');
                let is_span = number.ends_with(|it: char| "smhd".contains(it));
                let fits = match unit {
                    "percent" => is_percent,
                    unit if unit.starts_with("a span of time") => is_span,
                    // A part of all may stand behind it: that is said.
                    "" => true,
                    _ => {
                        !is_percent && !is_span && (!number.contains('%') || own.about.contains("in percent"))
                    }
                };
                assert!(fits, "{name}: {title} of {part} is {cell}, and explained in {unit:?}");
                seen += 1;
                columns.insert((part, title.to_owned()));
            }
        }
    }
    assert!(seen > 300 && columns.len() > 40, "{seen} cells of {} columns", columns.len());
}

#[test]
fn every_resource_of_the_headroom_of_a_page_is_explained() {
    let mut seen = BTreeSet::new();
    for (name, text) in pages() {
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.iter().position(|line| line.starts_with("Headroom"));
        let Some(from) = from else { continue };
        for line in lines[from + 2..].iter().take_while(|line| line.starts_with("  ")) {
            let resource = cells(line)[0];
            // A service is called by its name alone, and below the table are sentences.
            if !resource.contains(' ') || cells(line).len() < 3 {
                continue;
            }
            // Each takes a while, and a unit test has all labels.
            if seen.insert(resource.split(" of ").next().unwrap().to_owned()) {
                let explained = page(resource);
                assert!(explained.contains("a resource of a `["), "{name}: {resource}: {explained}");
                assert!(explained.contains("\n  changed by  "), "{resource}: {explained}");
            }
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

/// The lines below the title of a part, as far as it goes.
fn lines_of<'a>(page: &'a str, title: &str) -> Vec<&'a str> {
    let from = page.lines().skip_while(|line| line.split("  ").next() != Some(title)).skip(1);
    from.take_while(|line| line.starts_with("  ")).collect()
}

/// The words that a part of a page has beside titles, without those that say too little to be all that is known of a sentence.
fn words_of(part: &str) -> Vec<String> {
    let too_little = ["until", "at times", "in some runs", "from the start", "left", "the oldest", "→", "·"];
    let is = format!("a word of the part `{part}` of the page of a run");
    let words = every_explained().into_iter().filter(|it| it.is == is).map(|it| it.path.join("."));
    words.filter(|it| !too_little.contains(&it.as_str())).collect()
}

fn has_one_of(text: &str, words: &[String]) -> bool {
    let is_end = |it: Option<char>| it.is_none_or(|it| !it.is_alphabetic());
    words.iter().any(|word| {
        let mut found = text.match_indices(word.as_str());
        found.any(|(at, word)| {
            is_end(text[..at].chars().next_back()) && is_end(text[at + word.len()..].chars().next())
        })
    })
}

/// Each clause of a sentence on a phase, and each incident, has a word that is explained.
#[test]
fn what_a_page_says_of_phases_and_incidents_is_explained() {
    let (of_phases, of_incidents) = (words_of("Bottleneck by phase"), words_of("Incidents"));
    let (mut clauses, mut incidents, mut lost) = (0, 0, BTreeSet::new());
    for (name, page) in pages() {
        let mut sentences: Vec<String> = Vec::new();
        for line in lines_of(&page, "Bottleneck by phase") {
            // A phase begins with its span; the lines below go on with its sentence.
            let span = line.trim().split_once("  ").filter(|(span, _)| {
                span.contains('–') && span.chars().all(|it| it.is_ascii_digit() || ":–".contains(it))
            });
            match (span, sentences.last_mut()) {
                (Some((_, sentence)), _) => sentences.push(sentence.trim().to_owned()),
                (None, Some(sentence)) => *sentence += &format!(" {}", line.trim()),
                (None, None) => panic!("{name}: {line}"),
            }
        }
        for sentence in sentences {
            for clause in sentence.split(" → ").flat_map(|it| it.split(" · ")).flat_map(|it| it.split("; "))
            {
                clauses += 1;
                if !clause.is_empty() && !has_one_of(clause, &of_phases) {
                    lost.insert(format!("{name}: {clause}"));
                }
            }
        }
        for line in lines_of(&page, "Incidents") {
            let Some(text) = cells(line).get(2).copied() else { continue };
            incidents += 1;
            if !has_one_of(text, &of_incidents) {
                lost.insert(format!("{name}: {text}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(clauses > 500 && incidents > 200, "{clauses} clauses, {incidents} incidents");
}

/// Signs that no keyboard has need their explanation most.
#[test]
fn every_sign_on_a_page_is_explained() {
    let mut signs: BTreeSet<char> = BTreeSet::new();
    for (_, page) in pages() {
        signs.extend(page.chars().filter(|it| !it.is_ascii() && !it.is_alphanumeric()));
    }
    for sign in &signs {
        assert!(page(&sign.to_string()).len() > 40, "{sign}");
    }
    assert!(signs.contains(&'±') && signs.len() > 6, "{signs:?}");
}
