//! `simcap compare` on files, on what runs have left, and on both.

use super::{Place, SCENARIO, code, text};

#[test]
fn a_stored_outcome_is_compared_under_its_own_seeds() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "3", "--seed", "7"]);
    let twice = place.run(&["compare", "out/shop", "shop.toml"]);
    let page = text(&twice.stdout);
    assert_eq!(code(&twice), Some(0), "{}", text(&twice.stderr));
    for part in [
        "3 runs of each from seed 7",
        "A is the stored outcome out/shop/outcome.json: ",
        "Every figure that both have is the same in every run.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(page.contains("outcome.json: intervals of percentiles are narrower than"), "{page}");
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "1", "--set", "name=once"]);
    let once = place.run(&["compare", "out/shop+name=once", "shop.toml", "--runs", "1"]);
    let page = text(&once.stdout);
    assert!(page.contains("one run of each, seed 1: no intervals"), "{page}{}", text(&once.stderr));
    assert!(!page.contains("narrower"), "what has no intervals has no narrow ones: {page}");
    // As B, by its file, and against something else.
    let other =
        place.run(&["compare", "shop.toml", "out/shop/outcome.json", "--set-a", "service.desk.time=1ms"]);
    let page = text(&other.stdout);
    assert!(page.contains("  worse  latency p99 < 50ms"), "{page}{}", text(&other.stderr));
    let both = place.run(&["compare", "out/shop", "out/shop", "--format", "json"]);
    let comparison: serde_json::Value = serde_json::from_slice(&both.stdout).unwrap();
    let sides: Vec<&str> =
        comparison["notes"].as_array().unwrap().iter().map(|it| it["side"].as_str().unwrap()).collect();
    assert_eq!(sides, ["a", "b"]);
}

#[test]
fn what_cannot_be_paired_is_refused_with_what_to_do() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "3", "--seed", "7"]);
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "1", "--set", "seed=2"]);
    for (args, why, hint) in [
        (
            &["out/shop", "out/shop+seed=2"][..],
            "out/shop+seed=2/outcome.json has 1 run from seed 2, and 3 runs from seed 7 are to be compared",
            "--seed 7 --runs 3",
        ),
        (&["out/shop", "shop.toml", "--runs", "2"], "has 3 runs from seed 7", "--seed 7 --runs 2"),
        (&["out/shop", "shop.toml", "--set", "seed=2"], "no value of it can be replaced", "name the file"),
        (&["nowhere", "shop.toml"], "nowhere", ""),
        (&["out", "shop.toml"], "out/outcome.json", ""),
    ] {
        let output = place.run(&[&["compare"], args].concat());
        let said = text(&output.stderr);
        assert!(code(&output) != Some(0) && output.stdout.is_empty(), "{args:?}");
        assert!(said.contains(why) && said.contains(hint), "{args:?}: {said}");
    }
}

#[test]
fn seeds_and_runs_that_only_one_file_asks_for_are_said_first() {
    let place = Place::new();
    place.file("a.toml", &format!("seed = 1\nruns = 2\n{SCENARIO}"));
    place.file("b.toml", &format!("seed = 9\nruns = 3\n{SCENARIO}"));
    let lines = |args: &[&str]| {
        let page =
            text(&place.run(&[&["compare", "a.toml", "b.toml", "-q"], args].concat()).stdout).to_owned();
        page.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let said = lines(&[]);
    assert!(
        said[0].starts_with("Seed: both run under the seeds from 1, that of A. The seed of B, 9, is"),
        "{said:?}"
    );
    assert_eq!(
        said[1],
        "Runs: alone, A would have 2 and B 3. Here both have the same number, to make pairs."
    );
    assert_eq!(lines(&["--seed", "3", "--runs", "2"])[0], "no objectives; cost the same");
}
