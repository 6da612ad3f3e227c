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

#[test]
fn a_bare_name_leads_to_the_titles_beside_it() {
    let output = Command::cargo_bin("simcap").unwrap().args(["explain", "payment"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap().replace("\n", " ");
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("may also be the name of a table in your file"), "{told}");
    for title in ["`Headroom`", "`full at`", "`Services`", "`busy`"] {
        assert!(told.contains(title), "{title}: {told}");
    }
    let output = Command::cargo_bin("simcap").unwrap().args(["explain", "no such words"]).output().unwrap();
    assert!(!String::from_utf8(output.stderr).unwrap().contains("name of a table"));
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
    for of_database in
        ["CPU of shop (writer)", "CPU of shop (replicas)", "volumes of shop (replicas, at their burst)"]
    {
        let page = page(of_database);
        assert!(page.lines().next().unwrap().contains("`[database.NAME]`"), "{page}");
    }
    for (what, key) in [
        ("connections of shop", "database.NAME.max_connections"),
        ("row locks of shop (hottest row)", "request.NAME.steps.rows of { write = … }"),
        ("writer pool of web to shop", "fleet.NAME.pools"),
        ("CPU of replica 1 of shop", "database.NAME.replicas"),
        ("row locks", "request.NAME.steps.rows of { write = … }"),
        ("volumes of shop (replicas, at their burst while there are credits)", "database.NAME.storage.iops"),
        ("concurrency of the account (functions `a` and `b`)", "account.lambda_concurrency"),
    ] {
        assert!(page(what).contains(&format!("\n  changed by  {key}: ")), "{what}: {}", page(what));
    }
}
