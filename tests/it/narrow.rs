//! Pages on terminals of 80, 100 and 140 columns: nothing is wider, no word is broken, and what decides is there.

use simcap::outcome::{Activity, Headroom, Outcome};
use simcap::report::{self, Paper};
use unicode_width::UnicodeWidthStr;

use crate::run::run;

fn outcomes() -> Vec<Outcome> {
    let file =
        |name: &str| std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let minutes =
        |text: String, long: &str| text.replacen(&format!("duration = \"{long}\""), "duration = \"5m\"", 1);
    vec![
        run(&minutes(file("scenarios/zone-outage.toml"), "30m"), 1),
        run(&minutes(file("scenarios/deploy-under-load.toml"), "90m"), 1),
        run(&file("scenarios/cache-failover.toml"), 1),
        run(&file("scenarios/asg-lab.toml"), 1),
    ]
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Everything that stands between blanks in a page of any width.
fn words(page: &str) -> Vec<String> {
    page.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_page_fits_its_terminal_and_breaks_no_word() {
    for outcome in outcomes() {
        let whole = plain(&report::page(&outcome, &[]));
        let known = words(&whole);
        for width in [80, 100, 140] {
            let page =
                plain(&report::page_on(&outcome, &[], Paper { width: Some(width), ..Paper::default() }));
            for line in page.lines() {
                // A single word, such as a path, may be wider than a terminal.
                let is_one = line.split_whitespace().count() < 2;
                assert!(line.width() <= width || is_one, "{width}: {} columns: {line}", line.width());
            }
            // What had no room is named at its end, and is on the whole page.
            let shown = page.split("Columns without room here: ").next().unwrap_or_default();
            for word in words(shown) {
                assert!(known.contains(&word), "{width}: `{word}` is no word of the whole page:\n{page}");
            }
            for title in
                ["Objectives", "p50", "p99", "Requests", "Bottleneck", "Headroom", "Bill", "Verdict", "Next"]
            {
                assert!(page.contains(title), "{width}: {title}: {page}");
            }
        }
    }
}

#[test]
fn a_page_ends_with_verdict_cause_and_next_step() {
    let outcome = &run(
        &std::fs::read_to_string(format!("{}/scenarios/zone-outage.toml", env!("CARGO_MANIFEST_DIR")))
            .unwrap(),
        1,
    );
    let page = plain(&report::page(outcome, &[]));
    let last: Vec<&str> = page.lines().rev().take(3).collect();
    assert!(
        last[2].starts_with("Verdict  ")
            && last[1].starts_with("Cause  ")
            && last[0].starts_with("Next  simcap compare ")
            && last[0].ends_with(" --variant 'without faults: fault={}'"),
        "{last:?}"
    );
    let trouble = outcome.phases.iter().find(|phase| phase.trouble).unwrap();
    // It begins with the phase, which says when once.
    let first = trouble.sentence.split(" → ").next().unwrap().strip_prefix("10:00 ").unwrap();
    assert!(last[1].starts_with("Cause  10:00–") && last[1].contains(first), "{last:?}");
}

/// Without the fault nothing fails, and more traffic is the next question; what came nearest to a limit is no cause.
#[test]
fn a_page_of_a_run_that_held_ends_with_what_was_nearest() {
    let file = format!("{}/scenarios/zone-outage.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let (calm, fault) = (text.split("[fault.power]").next().unwrap(), text.find("[objectives]").unwrap());
    let outcome = run(&format!("{calm}{}", &text[fault..]).replacen("\"30m\"", "\"5m\"", 1), 1);
    assert!(outcome.phases.iter().all(|phase| !phase.trouble));
    let page = plain(&report::page(&outcome, &[]));
    let last: Vec<&str> = page.lines().rev().take(2).collect();
    assert!(last[1].starts_with("Nearest  ") && last[0].starts_with("Next  simcap headroom "), "{last:?}");
}

#[test]
fn the_bill_is_folded_to_services_unless_all_is_asked_for() {
    let outcome = &outcomes()[0];
    let folded = plain(&report::page(outcome, &[]));
    let whole = plain(&report::page_on(outcome, &[], Paper { whole: true, ..Paper::default() }));
    assert!(folded.contains("every item with --bill"), "{folded}");
    assert!(!whole.contains("every item with --bill"));
    for item in &outcome.bill.items {
        assert!(whole.contains(&item.what) && folded.contains(&item.service), "{}", item.what);
    }
}

/// Everything that a page leaves out, it names `-v` for, and a page that is asked for everything leaves nothing out.
#[test]
fn a_whole_page_has_lists_to_their_end() {
    let mut outcome = outcomes()[3].clone();
    let first = outcome.scaling[0].clone();
    outcome.scaling = (1..=40).map(|to| Activity { from: to - 1, to, ..first.clone() }).collect();
    let limit = outcome.headroom[0].clone();
    outcome.headroom =
        (0..9).map(|at| Headroom { resource: format!("resource {at}"), ..limit.clone() }).collect();
    let part = plain(&report::page(&outcome, &[]));
    let whole = plain(&report::page_on(&outcome, &[], Paper { whole: true, ..Paper::default() }));
    assert!(part.contains("40 activities, all with -v and in `scaling` of outcome.json"), "{part}");
    assert!(part.contains("… 3 more, from") && part.contains(" (-v)"), "{part}");
    let lines = |page: &str, has: &str| page.lines().filter(|line| line.contains(has)).count();
    assert_eq!((lines(&part, " 19 → 20 "), lines(&whole, " 19 → 20 ")), (0, 1));
    assert_eq!((lines(&part, "resource 8"), lines(&whole, "resource 8")), (0, 1));
    assert!(!whole.contains("-v)") && !whole.contains("with -v"), "{whole}");
}
