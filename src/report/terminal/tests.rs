//! The page of a hand-made outcome, and what must hold for any page.

use super::*;
use crate::outcome::sample;

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn the_page_tells_the_run_without_colour() {
    let files = ["out/little-shop/outcome.json", "out/little-shop/timeline.csv"].map(PathBuf::from);
    insta::assert_snapshot!("page", plain(&page(&sample::outcome(), &files)));
}

#[test]
fn several_runs_have_margins_and_one_has_none() {
    let text = plain(&page(&sample::several(), &[]));
    insta::assert_snapshot!("several_runs", text);
    assert!(!plain(&page(&sample::outcome(), &[])).contains('±'));
}

#[test]
fn no_line_ends_in_a_blank() {
    let text = plain(&page(&sample::outcome(), &[]));
    assert_eq!(text.lines().find(|line| line.ends_with(' ')), None);
}

#[test]
fn an_outcome_of_nothing_still_has_a_page() {
    let mut outcome = sample::outcome();
    outcome.objectives.clear();
    outcome.phases.clear();
    outcome.scaling.clear();
    outcome.incidents.clear();
    outcome.headroom.clear();
    outcome.fleets.clear();
    outcome.caches.clear();
    outcome.databases.clear();
    outcome.services.clear();
    outcome.bill = Default::default();
    outcome.requests = Default::default();
    outcome.attempts = Default::default();
    outcome.latency_ms = Default::default();
    let text = plain(&page(&outcome, &[]));
    assert!(text.contains("Objectives: none in the scenario"), "{text}");
    assert!(!text.contains("NaN") && !text.contains("Scaling"), "{text}");
}

#[test]
fn the_command_to_repeat_survives_a_shell() {
    let mut outcome = sample::outcome();
    outcome.scenario.overrides = vec!["fleet.web.max=80".into(), "name=it's".into()];
    assert_eq!(
        command("run", &outcome),
        r"simcap run little-shop.toml --seed 7 --runs 1 --set fleet.web.max=80 --set 'name=it'\''s'"
    );
}
