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
        "A is the stored outcome out/shop/outcome.json.\n",
        "Every figure that both have is the same in every run.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("narrower"), "it has the tails of its percentiles: {page}");
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

/// A page of many: a row each, what is sure of each against the first, each objective for each; and the same as JSON.
#[test]
fn any_number_of_sides_are_compared_with_the_first() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    place.file(
        "other.toml",
        &format!("{}\n[objectives]\nlatency = \"p50 < 1s\"\n", SCENARIO.replace("One server", "Other")),
    );
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "2"]);
    let files = ["compare", "shop.toml", "other.toml", "out/shop", "--runs", "2"];
    let output = place.run(&files);
    let page = text(&output.stdout);
    assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
    for part in [
        "2 runs of each from seed 1",
        "\n  B  Other  other.toml\n",
        "\nB  Other  against A\nObjectives: not the same, 1 only in A, 1 only in B.\n",
        "\nC is the stored outcome out/shop/outcome.json.\n",
        "\nC misses its objective, A misses its objective; cost the same\nEvery figure that both have is the same",
        "\n  latency p99 < 50ms  A  missed        missed in 2 of 2 runs, ",
        "\n                      B  no objective\n",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("Policies"), "nothing has any: {page}");
    let quiet = place.run(&[&files[..], &["-q"]].concat());
    assert!(text(&quiet.stdout).contains("  B  Other       meets its objective"), "{}", text(&quiet.stdout));
    assert!(!text(&quiet.stdout).contains("against A"));
    let json = place.run(&[&files[..], &["--format", "json"]].concat());
    let all: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let letters = all["sides"].as_array().unwrap().iter().map(|it| it["letter"].as_str().unwrap());
    assert_eq!(letters.collect::<String>(), "ABC");
    assert_eq!(all["comparisons"].as_array().unwrap().len(), 2);
    // Each is what a comparison of two says.
    let two = place.run(&["compare", "shop.toml", "other.toml", "--runs", "2", "--format", "json"]);
    let two: serde_json::Value = serde_json::from_slice(&two.stdout).unwrap();
    assert_eq!(all["comparisons"][0], two);
}

#[test]
fn variants_are_one_file_under_several_overrides() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    let output = place.run(&[
        "compare",
        "shop.toml",
        "--runs",
        "2",
        "--set",
        "seed=5",
        "--variant",
        "slow: service.desk.time=1ms, service.desk.servers=2",
        "--variant",
        "service.desk.time=2ms",
    ]);
    let page = text(&output.stdout);
    for part in [
        "2 runs of each from seed 5",
        "\n  A  One server  shop.toml --set seed=5\n",
        "\n  B  slow  shop.toml --set seed=5 --set service.desk.time=1ms --set service.desk.servers=2\n",
        "\n  C  service.desk.time=2ms  shop.toml ",
    ] {
        assert!(page.contains(part), "{part} in {page}{}", text(&output.stderr));
    }
    // With `--set-b` there is one more side before the variants.
    let both =
        place.run(&["compare", "shop.toml", "--set-b", "name=copy", "--variant", "x: name=y", "--runs", "1"]);
    let page = text(&both.stdout);
    assert!(page.contains("\n  B  copy  ") && page.contains("\n  C  x  "), "{page}");
    // Its pictures are written where they are wanted.
    let drawn =
        ["compare", "shop.toml", "--variant", "service.desk.time=2ms", "--runs", "2", "--out", "pictures"];
    let page = place.run(&drawn);
    assert!(text(&page.stdout).trim_end().ends_with("pictures/compare.png"), "{}", text(&page.stdout));
    assert!(std::fs::read(place.dir.path().join("pictures/compare.png")).unwrap().starts_with(b"\x89PNG"));
    // A single one makes a page of two.
    let one = place.run(&["compare", "shop.toml", "--variant", "slow: service.desk.time=2ms", "--runs", "2"]);
    let page = text(&one.stdout);
    assert!(page.contains("\n  B  slow  shop.toml --set service.desk.time=2ms\n"), "{page}");
    assert!(page.contains("correlation"), "{page}");
}

#[test]
fn variants_that_cannot_be_are_refused_before_any_run() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "2"]);
    let many = ["--variant", "seed=1"].repeat(26);
    let same = ["--variant", "x: seed=1", "--variant", "x: seed=2"];
    for (args, why, hint) in [
        (
            &["shop.toml", "shop.toml", "--variant", "seed=3"][..],
            "--variant changes one file, and there are 2",
            "name only",
        ),
        (&[&["shop.toml"], &same[..]].concat(), "two variants are called `x`", "before the colon"),
        (
            &[&["shop.toml"], &many[..]].concat(),
            "27 scenarios are too many: a comparison has at most 26",
            "fewer",
        ),
        (
            &["shop.toml", "--variant", "odd: service.dusk.time=3ms"],
            "in variant `odd`:\n",
            "did you mean `desk`?",
        ),
        (&["shop.toml", "--variant", "odd: service.desk.tyme=3ms"], "in variant `odd`:\n", "tyme"),
        (&["shop.toml", "--variant", "odd"], "`odd` is no PATH=VALUE", ""),
        (&["out/shop", "--variant", "seed=3"], "no value of it can be replaced", "name the file"),
        (&["shop.toml"], "both sides are the same scenario", "--variant"),
    ] {
        let output = place.run(&[&["compare"], args].concat());
        let said = text(&output.stderr);
        assert!(code(&output) == Some(2) && output.stdout.is_empty(), "{args:?}: {said}");
        assert!(said.contains(why) && said.contains(hint), "{args:?}: {said}");
    }
}

/// The seeds of every side are compared before the first run begins.
#[test]
fn a_third_side_of_other_seeds_is_refused() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    place.run(&["run", "shop.toml", "--no-charts", "--runs", "2", "--set", "seed=2"]);
    let output = place.run(&["compare", "shop.toml", "shop.toml", "out/shop+seed=2", "--seed", "1"]);
    assert!(text(&output.stderr).contains("only runs of the same seeds can be"), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
}

/// What is odd of all sides is said once, and what is odd of one with its letter.
#[test]
fn a_warning_says_which_side_it_is_about() {
    let place = Place::new();
    place.file("idle.toml", &format!("{SCENARIO}\n[keys.idle]\ncount = 5\n"));
    let busy = "hot: traffic.callers.rate=\"90/s\"";
    let output =
        place.run(&["compare", "idle.toml", "--variant", busy, "--variant", "x: seed=3", "--runs", "1"]);
    let said = text(&output.stderr);
    assert_eq!(said.matches("warning[").count(), 2, "{said}");
    assert!(said.contains("]: A: ") && said.contains("]: B: the traffic at 0s asks for 1.8 times"), "{said}");
    let quiet = place.run(&["compare", "idle.toml", "--variant", busy, "--runs", "1", "-q"]);
    assert!(quiet.stderr.is_empty());
}

/// Runs that a limit ends leave what is known of each side.
#[test]
fn an_early_end_shows_every_side_on_its_own() {
    let place = Place::new();
    place.file("long.toml", &SCENARIO.replace("\"60s\"", "\"2000h\""));
    let sides =
        ["compare", "long.toml", "--variant", "x: seed=3", "--variant", "y: seed=4", "--max-time", "200ms"];
    let output = place.run(&[&sides[..], &["--format", "json"]].concat());
    assert_eq!(code(&output), Some(1), "{}", text(&output.stderr));
    let known: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let known = known["sides"].as_array().unwrap();
    assert!(known.len() == 3 && known[0].is_object() && known[2].is_null());
    let page = place.run(&sides);
    let page = text(&page.stdout);
    assert!(
        page.contains("ended early") && page.ends_with("B  no results yet\nC  no results yet\n"),
        "{page}"
    );
}
