//! Whatever a run leaves and shows is explained. In: stored outcomes, which have every kind of resource, and the tables of columns and
//! figures. Out: verdicts.

mod numbers;

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::section::{Block, Paper, Section};
use super::super::table::lines_of;
use super::super::{csv, terminal, to_json};
use super::*;
use crate::kind;
use crate::measure::column::{Place, declare};
use crate::outcome::{Outcome, Timeline, sample};

fn outcomes() -> [Outcome; 2] {
    [sample::outcome(), sample::several()]
}

/// What a word is, of what is called exactly so.
fn is(all: &[Explained], what: &str, kind: &str) -> Vec<Explained> {
    let found = explained_whole(all, what).into_iter().filter(|it| it.is.contains(kind));
    found.inspect(|it| assert!(it.about.len() > 3, "{what}: {it:?}")).collect()
}

fn fact<'a>(of: &'a Explained, word: &str) -> Option<&'a str> {
    of.facts.iter().find(|(it, _)| *it == word).map(|(_, text)| text.as_str())
}

#[test]
fn every_column_of_a_timeline_is_explained_with_its_unit_and_its_field() {
    let all = every();
    let mut seen = 0;
    for outcome in outcomes() {
        let text = csv::timeline(&outcome);
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let listed = outcome.timeline.columns();
        assert_eq!(header.len(), listed.len());
        for (name, listed) in header.into_iter().zip(listed) {
            let found = is(&all, name, "a column of timeline.csv");
            let [one] = found.as_slice() else { panic!("{name}: {found:?}") };
            assert_eq!(fact(one, "unit"), Some(listed.unit.words_of(listed.name).as_str()), "{name}");
            let field = fact(one, "field").unwrap();
            assert!(field.ends_with(&format!(".{} of outcome.json", listed.name)), "{name}: {field}");
            // The field itself is one of outcome.json, and means the same.
            let field = field.strip_suffix(" of outcome.json").unwrap();
            let field = is(&all, field, "a field of outcome.json").remove(0);
            let about = field.about.split(" Here: ").next().unwrap();
            assert!(one.about.starts_with(about), "{name}: {one:?} {field:?}");
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
    assert_eq!(explained_whole(&all, "fleet.web.pool.orders.writer.waitin"), []);
}

/// Names of resources are made of labels alone, so that these are all that a page can show.
#[test]
fn every_resource_of_a_page_is_explained_with_what_changes_it() {
    let (all, language, mut seen) = (every(), language(), 0);
    for (table, labels) in kind::labels() {
        let mut words: BTreeSet<&str> = BTreeSet::new();
        for label in labels {
            assert!(words.insert(label.words), "[{table}.NAME] has two labels `{}`", label.words);
            assert!(label.about.ends_with('.') && label.about.len() > 20, "{label:?}");
            if label.words == NAME {
                continue;
            }
            for called in [label.quoted(&["eu-shop", "of"]), label.plain(&["eu-shop", "of"])] {
                let found = found(&all, &called.to_string());
                let own = found.iter().find(|it| it.about == label.about);
                let own = own.unwrap_or_else(|| panic!("`{called}`: {found:?}"));
                assert!(own.is.contains(&format!("`[{table}.NAME]`")), "{own:?}");
                assert_eq!(own.facts.len(), label.keys.len(), "{own:?}");
                // Each key is one of the language, and means something.
                assert!(own.facts.iter().all(|(_, key)| !key.ends_with(": ")), "{own:?}");
            }
            // With its part behind it, it is first, and no other one that has no such part.
            for part in label.behind {
                for more in ["", ", at their burst"] {
                    let called = label.plain(&["eu-shop", "of"]).part(part, more);
                    let found = found(&all, &called.to_string());
                    assert_eq!(found[0].about, label.about, "`{called}`: {found:?}");
                }
            }
            // A key that means several things says of which table it is.
            for key in label.keys {
                let meanings = resources::meanings(key, &language);
                assert_eq!(meanings.len(), 1, "{}: {key}: {meanings:?}", label.words);
            }
            seen += 1;
        }
    }
    assert!(seen > 90, "{seen}");
    let page = |what: &str| page(&found(&all, what));
    assert!(
        page("threads of web").contains("\n  changed by  fleet.NAME.threads: "),
        "{}",
        page("threads of web")
    );
    assert!(!page("CPU of the writer of shop").contains("CPU of NAME"));
    assert!(page("CPU of shard 2 of shop").contains("`[fleet.NAME]`"));
    assert!(page("command threads").starts_with(&page("command threads of redis")));
    // A panel of a picture has that name as well.
    assert!(page("command threads").contains("a panel of the picture `cache.png`"));
}

/// Those of kinds and parts that no stored outcome has, too.
#[test]
fn every_column_that_there_can_be_has_a_meaning() {
    let mut declared = Vec::new();
    declare::<Timeline>(None, &Place::default(), &mut declared);
    assert!(declared.len() > 200, "{}", declared.len());
    let columns = results::columns();
    for column in declared {
        let field = format!("timeline.{} of outcome.json", column.place.fields.join("."));
        let mut of = columns.iter().filter(|it| fact(it, "field") == Some(&field)).peekable();
        assert!(of.peek().is_some(), "{field}");
        of.for_each(|it| assert!(it.about.len() > 10, "{it:?}"));
    }
}

/// The fields of a document, without places in lists.
fn paths(value: &Value, path: &str, to: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                to.insert(path.clone());
                paths(field, &path, to);
            }
        }
        Value::Array(all) => all.iter().for_each(|it| paths(it, path, to)),
        _ => {}
    }
}

#[test]
fn every_field_of_an_outcome_is_explained() {
    let all = every();
    let mut seen = BTreeSet::new();
    outcomes().iter().for_each(|it| paths(&serde_json::from_str(&to_json(it)).unwrap(), "", &mut seen));
    assert!(seen.len() > 600, "{}", seen.len());
    let lost: Vec<&String> =
        seen.iter().filter(|path| is(&all, path, "a field of outcome.json").is_empty()).collect();
    assert_eq!(lost, Vec::<&String>::new());
}

/// The title of a part and those of its columns.
fn titles(part: &Section) -> Vec<String> {
    let heads = part.blocks.iter().flat_map(|block| match block {
        Block::Table(table) => table.head().iter().map(|cell| cell.text().join(" ")).collect(),
        Block::Lines { .. } => Vec::new(),
    });
    [part.title.clone()].into_iter().chain(heads).filter(|it| !it.is_empty()).collect()
}

#[test]
fn every_part_and_every_column_of_a_page_is_explained() {
    let all = every();
    let mut seen = BTreeSet::new();
    for outcome in outcomes() {
        for whole in [true, false] {
            let paper = Paper { whole, ..Paper::default() };
            for (_, part) in terminal::parts(&outcome, paper) {
                for title in titles(&part) {
                    assert!(!is(&all, &title, "the page of a run").is_empty(), "`{title}` of {}", part.title);
                    seen.insert(title);
                }
            }
        }
        for (title, ..) in terminal::ending(&outcome, true) {
            assert!(!is(&all, title, "a line at the end").is_empty(), "{title}");
        }
    }
    assert!(seen.len() > 100, "{seen:?}");
    // Of kinds without a resource in these outcomes, too.
    for of in kind::units() {
        for head in of.heads {
            let name = format!("a column of the part `{}`", of.title);
            assert!(!is(&all, head.title, &name).is_empty(), "{}: {head:?}", of.list);
        }
    }
}

/// A column is explained in the unit of its cells, and not in that of the file.
#[test]
fn a_column_of_a_page_is_explained_by_what_it_shows() {
    let all = every();
    for (part, title, words, unit) in [
        ("Fleets", "instance-hours", "Hours of instances", "hours"),
        ("Fleets", "CPU mean", "Mean CPU", "percent"),
        ("Caches", "filled", "of as many as fit", "percent"),
        ("Caches", "hit ratio", "over all look-ups", "percent"),
        ("Services", "busy", "over all servers", "percent"),
        ("Databases", "buffer", "in memory", "percent"),
        ("Databases", "worst lag", "The longest time", "a span of time"),
        ("Distributions", "GB sent", "sent to clients", "gigabytes"),
        ("Buckets", "GB stored", "stored at the end", "gigabytes"),
        ("Streams", "MiB", "Bytes of the records", "MiB"),
    ] {
        let found = is(&all, title, &format!("a column of the part `{part}`"));
        let [one] = found.as_slice() else { panic!("{title}: {found:?}") };
        assert!(one.about.contains(words) && fact(one, "unit").unwrap().starts_with(unit), "{one:?}");
    }
    let of_pages = all.iter().filter(|it| it.is.starts_with("a column of the part"));
    for it in of_pages {
        let other = match fact(it, "unit") {
            Some("percent") => ["0 to 1", "a share between", "second"],
            Some("hours") => ["second", "minute", "percent"],
            Some(unit) if unit.starts_with("a span") => ["millisecond", "seconds", "percent"],
            _ => ["millisecond", "0 to 1", "In: "],
        };
        assert!(!other.iter().any(|word| it.about.contains(word)), "{it:?}");
    }
}

/// Words of the first column are names or words of the page; a sentence on a phase begins with a word of its own.
#[test]
fn every_phase_without_trouble_begins_with_a_word_that_is_explained() {
    let all = every();
    let outcomes = outcomes();
    let phases: Vec<_> = outcomes.iter().flat_map(|it| &it.phases).filter(|phase| !phase.trouble).collect();
    assert!(!phases.is_empty());
    for phase in phases {
        let word = phase.sentence.split([':', ';']).next().unwrap();
        assert!(!is(&all, word, "the part `Bottleneck by phase`").is_empty(), "{}", phase.sentence);
    }
    for row in ["arrived", "completed", "failed", "in flight at the end", "goodput"] {
        assert!(!is(&all, row, "the part `Requests`").is_empty(), "{row}");
        let page = terminal::page(&sample::outcome(), &[]);
        assert!(lines_of(&page).iter().any(|line| line.contains(row)), "{row}");
    }
}

#[test]
fn words_are_found_with_capitals_blanks_and_dashes() {
    let all = every();
    for (word, words) in [
        ("goodput", "Completed requests per second"),
        ("full at", "multiple of this traffic"),
        ("in flight", "not yet ended"),
        ("in_flight", "in flight"),
        ("worst lag", "lag"),
        ("stale reads", "stale"),
        ("Verdict", "objectives were met"),
        ("verdict", "objectives were met"),
        ("LogNormal", "logarithm is normal"),
        ("cv", "standard deviation over its mean"),
        ("p99.9", "999 of 1,000"),
        ("ALARM", "Beyond the threshold"),
        ("alarms", "went to another state"),
        ("tightest", "least room"),
        ("month of 3 events", "so many such events"),
        ("±", "95 % interval"),
        ("fails open", "no target of the balancer is healthy"),
        ("accept backlog", "connections that have come to an instance"),
        ("by 5m intervals", "availability by time"),
        ("down for", "how long the event was without service"),
        ("in zone a", "Availability Zone"),
        ("in trouble", "a shaded span"),
        ("full: requests waited", "requests waited for it"),
        ("latency.p95_ms", "95 of 100 requests took no longer"),
        ("timeline.latency_ms.p99", "99 of 100 requests took no longer"),
        ("classes.latency_ms.p50", "half of the requests took no longer"),
        ("once a year", "in minutes."),
        ("a year like this", "hours or days is in brackets"),
        ("row locks of shop", "of { write = … }: the rows it writes: each is locked until the commit"),
        // The title of a column, and a key of a fleet.
        ("instance", "a column of the part `Fleets`"),
        ("instance", "a key of `[fleet.NAME]`"),
        ("throttled", Cause::Throttled.about()),
    ] {
        let page = page(&found(&all, word));
        assert!(page.to_lowercase().contains(&words.to_lowercase()), "{word}: {page}");
    }
}

/// A word with a letter too few leads back to it, or to what is explained as well.
#[test]
fn what_is_near_an_unknown_word_exists_and_is_near() {
    let all = every();
    let (mut tried, mut found) = (0, 0);
    for it in all.iter().step_by(29) {
        let word = it.path.last().unwrap();
        if word.len() < 6 || !word.is_ascii() || word.contains([' ', '.']) || word.contains(NAME) {
            continue;
        }
        let slip = format!("{}{}", &word[..3], &word[4..]);
        // All words are made once: to make them for each slip would take minutes.
        if !super::found(&all, &slip).is_empty() {
            continue;
        }
        let near = super::near(&all, &slip);
        tried += 1;
        found += usize::from(near.contains(word));
        for near in near {
            assert!(!super::found(&all, &near).is_empty(), "{slip}: {near}");
        }
    }
    assert!(tried > 30 && found * 10 >= tried * 9, "{found} of {tried}");
    assert_eq!(explain("fleet.web.bot").unwrap_err().first().map(String::as_str), Some("boot"));
    for strange in ["xyzzyplugh", "qqq", "", ".", "[]", "fleet..", "💥", &"a".repeat(10_000)] {
        match explain(strange) {
            Ok(page) => assert!(strange.starts_with("fleet"), "{strange}: {page}"),
            Err(near) => assert_eq!(near, Vec::<String>::new(), "{strange}"),
        }
    }
}
