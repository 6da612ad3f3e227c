//! `simcap explain`: every key, every column and every word of a page has a meaning.

use std::collections::BTreeSet;

use assert_cmd::Command;
use simcap::measure::stage::Cause;
use simcap::report::{every_explained, explain};
use simcap::scenario;

/// What a word is explained as.
fn page(what: &str) -> String {
    explain(what).unwrap_or_else(|near| panic!("{what} is not explained; near is {near:?}"))
}

#[test]
fn no_explanation_is_empty() {
    let all = every_explained();
    assert!(all.len() > 2_000, "{}", all.len());
    for it in all {
        assert!(it.about.len() > 2 && !it.is.is_empty() && !it.path.is_empty(), "{it:?}");
        assert!(it.facts.iter().all(|(word, text)| !word.is_empty() && !text.is_empty()), "{it:?}");
    }
}

#[test]
fn every_key_of_the_reference_is_explained_as_there() {
    let mut keys = 0;
    let mut in_language = false;
    let explained: BTreeSet<(String, String)> =
        every_explained().into_iter().map(|it| (it.path.last().unwrap().clone(), it.about)).collect();
    for line in scenario::reference().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            in_language = title.starts_with('`');
        }
        let cells: Vec<String> =
            line.replace("\\|", "\u{1}").split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        if let (true, [_, key, value, _, about, ..]) =
            (in_language && line.starts_with("| `"), cells.as_slice())
        {
            let about = if about.is_empty() { value } else { about };
            assert!(explained.contains(&(key.trim_matches('`').to_owned(), about.clone())), "{line}");
            keys += 1;
        }
    }
    assert!(keys > 1_000, "{keys}");
}

#[test]
fn a_default_comes_with_its_source_and_a_name_of_the_file_may_stand_in_the_path() {
    let boot = page("fleet.web.boot.image");
    assert_eq!(boot, page("fleet.boot.image"));
    assert!(boot.starts_with("fleet.NAME.boot.image  a key of `boot = { … }`\n"), "{boot}");
    let region = page("region");
    assert!(region.contains("\n  default     \"us-east-1\"\n  source      assumption: "), "{region}");
    assert!(page("request.order.steps.0.steps.1.cpu").contains("time on one idle vCPU"));
    assert!(page("duration").contains("simulated span"));
    assert!(page("[fleet.NAME]").contains("keys "), "{}", page("[fleet.NAME]"));
    assert!(page("queue.orders.age").contains("age of the oldest message, seconds"));
    assert!(page("objectives.latency").contains("p99 < 800ms"));
}

#[test]
fn columns_fields_causes_and_words_of_results_are_explained() {
    assert!(page("fleet.web.cpu_percent").contains("Mean CPU utilisation"));
    assert!(page("goodput_per_s").contains("Completed requests per second"));
    assert!(page("requests.in_flight").contains("Not yet ended"));
    for cause in Cause::ALL {
        assert!(page(cause.name()).contains(cause.about()), "{}", cause.name());
    }
    // The kinds of time that phases are told by.
    for word in [
        "network",
        "retry",
        "thread",
        "cpu",
        "pool",
        "cache",
        "database",
        "lock",
        "service",
        "start",
        "waiting_room",
        "queue",
        "storage",
        "delay",
    ] {
        assert!(
            every_explained().iter().any(|it| it.path == [word] && it.is.contains("kind of time")),
            "{word}"
        );
    }
    assert!(page("no-price").contains("no price") && page("unknown-key").contains("does not have"));
}

#[test]
fn a_word_that_is_not_known_has_others_near_it() {
    assert_eq!(explain("fleet.web.bot").unwrap_err().first().map(String::as_str), Some("boot"));
    assert!(explain("xyzzyplugh").unwrap_err().is_empty());
    let output = Command::cargo_bin("simcap").unwrap().args(["explain", "treads"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("nothing is called `treads`") && told.contains("`threads`"), "{told}");
    let output = Command::cargo_bin("simcap").unwrap().arg("explain").output().unwrap();
    assert!(output.status.success() && String::from_utf8(output.stdout).unwrap().contains("http_502"));
}

/// What says something only to who reads another line, or the code.
fn refers(text: &str) -> Option<&'static str> {
    let code = ["`None`", "::", "[row]", "[stage]"];
    let elsewhere = ["see there", "listed below", "the same of ", "of these together"];
    if let Some(word) = code.into_iter().chain(elsewhere).find(|it| text.contains(it)) {
        return Some(word);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    if ["the", "same"] == words[..words.len().min(2)] {
        return Some("begins with `the same`");
    }
    // `of those that wait` says of which.
    let says_which = [
        "that", "which", "who", "whom", "of", "in", "at", "on", "with", "below", "above", "by", "there",
        "sent", "put",
    ];
    let of_these = words.windows(2).enumerate().any(|(at, pair)| {
        pair[0] == "of"
            && ["these", "those"].contains(&pair[1].trim_end_matches([',', '.', ';', ':', ')']))
            && !words.get(at + 2).is_some_and(|next| says_which.contains(next))
    });
    of_these.then_some("of these, and not of which")
}

/// Whether it begins with a word for something that has been named before.
fn begins_in_the_middle(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',', '.', ':']).take(6).collect();
    let first = words[0].to_lowercase();
    let of_them = words.windows(2).any(|pair| ["of", "among"].contains(&pair[0]) && pair[1] == "them");
    ["these", "those", "their", "theirs", "they", "them"].contains(&first.as_str()) || of_them
}

#[test]
fn every_explanation_stands_by_itself() {
    let mut found = BTreeSet::new();
    for it in every_explained() {
        // The words of a value are the grammar of the language: `{ at, share } or an array of them`.
        let facts = it.facts.iter().filter(|(word, _)| !["value", "keys", "source"].contains(word));
        for text in facts.map(|(_, text)| text).chain([&it.about]) {
            found.extend(refers(text).map(|why| format!("{}: {why}: {text}", it.path.join("."))));
        }
        let first = it.about.split_whitespace().next().unwrap_or_default();
        let of_results = ["a field of", "a column of", "a word of"].iter().any(|is| it.is.starts_with(is));
        let is_it = of_results && ["It", "Its", "That", "This", "Which."].contains(&first);
        if begins_in_the_middle(&it.about) || is_it {
            found.insert(format!("{}: begins in the middle: {}", it.path.join("."), it.about));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    // The faults that it is to find.
    for text in [
        "Mean busy threads of each of those.",
        "Hits over look-ups in the row; `None` without look-ups.",
        "milliseconds: `slow_ms[stage][row]`, stages as in `Outcome::stages`.",
        "Of these, those that were throttled.",
        "a golden image, see there",
        "The same of write units.",
    ] {
        assert!(refers(text).is_some(), "{text}");
    }
    assert!(begins_in_the_middle("Those that found their item.") && begins_in_the_middle("Each of them."));
    assert!(refers("Of those that wait, the oldest.").is_none());
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

#[test]
fn a_resource_says_what_it_is_and_what_changes_it() {
    let threads = page("threads of web");
    assert!(
        threads.starts_with("threads of NAME  a resource of a `[fleet.NAME]`, as pages call it\n"),
        "{threads}"
    );
    assert!(threads.contains("\n  changed by  fleet.NAME.threads: "), "{threads}");
    assert_eq!(threads, page("threads of `web`"));
    let commands = page("command threads of redis");
    assert!(commands.contains("`[cache.NAME]`") && commands.contains("cache.NAME.shards: "), "{commands}");
    for (what, key) in [
        ("connections of shop", "database.NAME.max_connections"),
        ("row locks of shop (hottest row)", "request.NAME.steps.rows"),
        ("writer pool of web to shop", "fleet.NAME.pools"),
        ("CPU of replica 1 of shop", "database.NAME.replicas"),
        ("volumes of shop (replicas, at their burst while there are credits)", "database.NAME.storage.iops"),
        ("concurrency of the account (functions `a` and `b`)", "account.lambda_concurrency"),
    ] {
        assert!(page(what).contains(&format!("\n  changed by  {key}: ")), "{what}: {}", page(what));
    }
}
