//! Words of the scenario language. In: a word. Out: the part of the reference about it, short enough to be read.

use simcap::scenario;

/// Most rows of other tables that are shown.
const ROWS_MAX: usize = 30;

/// The part of the reference about a word; without a word, its headings. A word that is not there is an error.
pub fn looked_up(word: Option<&str>) -> Result<String, String> {
    let reference = scenario::reference();
    let sections = sections(&reference);
    let Some(word) = word.map(plain).filter(|word| !word.is_empty()) else { return Ok(headings(&sections)) };
    let (table, key) = match word.rsplit_once('.') {
        // `fleet.web.min`, as an override has it.
        Some((path, key)) => (path.split('.').next(), key),
        None => (None, word.as_str()),
    };
    let mut text = String::new();
    if table.is_none() {
        sections.iter().filter(|section| section.names.iter().any(|it| it == key)).for_each(|section| {
            text.push_str(&format!("## {}\n{}\n", section.heading, section.body.trim_end()));
            text.push('\n');
        });
    }
    let rows = rows(&sections, table, |first, _| first == key);
    let rows = if rows.is_empty() && text.is_empty() {
        self::rows(&sections, table, |_, row| row.contains(key))
    } else {
        rows
    };
    for row in rows.iter().take(ROWS_MAX) {
        text.push_str(&format!("{row}\n"));
    }
    if rows.len() > ROWS_MAX {
        text.push_str(&format!("and {} more\n", rows.len() - ROWS_MAX));
    }
    match text.is_empty() {
        false => Ok(text),
        true => Err(unknown(&word, &sections)),
    }
}

/// A part of the reference below one heading.
struct Section<'a> {
    heading: &'a str,
    /// What the heading is about: `fleet` of `[fleet.NAME]`, `rate` of `rate = { … }`.
    names: Vec<String>,
    body: &'a str,
}

fn sections(reference: &str) -> Vec<Section<'_>> {
    let parts = reference.split("\n## ").skip(1);
    parts
        .map(|part| {
            let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
            let words = heading.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            let names = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
            Section { heading, names, body }
        })
        .collect()
}

/// Rows of tables, each with its heading, whose first cell and text fit.
fn rows(sections: &[Section<'_>], table: Option<&str>, fits: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let chosen = sections
        .iter()
        .filter(|section| table.is_none_or(|table| section.names.iter().any(|it| it == table)));
    let of = |section: &Section<'_>| {
        let rows = section
            .body
            .lines()
            .filter_map(|line| Some((line, line.strip_prefix("| `")?.split('`').next()?)));
        let fitting = rows.filter(|(line, first)| fits(first, &line.to_lowercase()));
        fitting.map(|(line, _)| format!("{}: {line}", section.heading)).collect::<Vec<_>>()
    };
    chosen.flat_map(of).collect()
}

fn headings(sections: &[Section<'_>]) -> String {
    let lines: String = sections.iter().map(|section| format!("{}\n", section.heading)).collect();
    format!("Look one of these up, or a key such as `fleet.min`:\n\n{lines}")
}

fn unknown(word: &str, sections: &[Section<'_>]) -> String {
    let names: Vec<String> = sections.iter().flat_map(|section| section.names.clone()).collect();
    let keys = rows(sections, None, |_, _| true);
    let keys = keys.iter().filter_map(|row| row.split("| `").nth(1)?.split('`').next());
    let close = simcap::study::closest(word, names.iter().map(String::as_str).chain(keys));
    let hint = close.map_or_else(
        || "without a word, all headings are listed".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    format!("the reference says nothing of `{}`: {hint}", super::cut::short(word, 100))
}

/// A word as the reference writes it.
fn plain(word: &str) -> String {
    word.trim().trim_matches(['[', ']', '`', '"']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_keys_and_both_are_found() {
        let fleet = looked_up(Some("[fleet]")).unwrap();
        assert!(fleet.contains("## `[fleet.NAME]`") && fleet.contains("| `instance`"), "{fleet}");
        let min = looked_up(Some("fleet.web.min")).unwrap();
        assert!(min.contains("| `min`") && min.len() < 4_000, "{min}");
        assert!(looked_up(Some("target_tracking")).is_ok());
        assert!(looked_up(None).unwrap().contains("[fleet.NAME]"));
        assert!(looked_up(Some("fleeet")).unwrap_err().contains("did you mean `fleet`?"));
        assert!(looked_up(Some("quantum-entanglement")).is_err());
    }
}
