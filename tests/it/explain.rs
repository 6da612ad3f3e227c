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
