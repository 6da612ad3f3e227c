//! `simcap compare` as a gate: baselines, rules with an exit code, and what CI systems read.

use super::{Place, SCENARIO, code, text};

const BASELINE: [&str; 7] =
    ["run", "shop.toml", "--no-charts", "--save-baseline", "base.json", "--seed", "7"];
const SLOW: &str = "service.desk.time=exponential 36ms";

/// A place with a baseline of the small shop.
fn place() -> Place {
    let place = Place::new();
    place.scenario("p99 < 300ms");
    let run = place.run(&BASELINE);
    assert_eq!(code(&run), Some(0), "{}{}", text(&run.stdout), text(&run.stderr));
    place
}

fn gate(place: &Place, more: &[&str]) -> (Option<i32>, String, String) {
    let args = [&["compare", "shop.toml", "--baseline", "base.json"], more].concat();
    let output = place.run(&args);
    (code(&output), text(&output.stdout).to_owned(), text(&output.stderr).to_owned())
}

#[test]
fn a_file_is_compared_with_its_baseline_under_its_seeds_and_runs() {
    let place = place();
    let run = place.run(&BASELINE);
    assert!(text(&run.stdout).contains("base.json"), "{}", text(&run.stdout));
    let size = |name: &str| std::fs::metadata(place.dir.path().join(name)).unwrap().len();
    assert!(3 * size("base.json") < 2 * size("out/shop/outcome.json"), "the rows are left out");
    let (code_, page, said) = gate(&place, &["--fail-if", "p99 changed", "--fail-if", "objectives worse"]);
    assert_eq!(code_, Some(0), "{page}{said}");
    for part in [
        "Gate: all 2 rules passed",
        "8 runs of each from seed 7",
        "A is the baseline base.json.\n",
        "Every figure that both have is the same in every run.",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // What is stored has tails, so that its intervals are those of runs that are made now.
    let changed = ["--set-b", SLOW, "--format", "json"];
    let (_, stored, _) = gate(&place, &changed);
    let fresh = place.run(&[&["compare", "shop.toml", "--seed", "7", "--runs", "8"], &changed[..]].concat());
    let figures = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["figures"].clone();
    assert_eq!(figures(&stored), figures(text(&fresh.stdout)));
    // It is shown like any other outcome, and says what it lacks.
    let shown = place.run(&["report", "base.json"]);
    assert!(code(&shown) == Some(0) && text(&shown.stdout).contains("latency p99 < 300ms"));
    let drawn = place.run(&["report", "base.json", "--out", "pictures"]);
    assert!(code(&drawn) == Some(1) && text(&drawn.stderr).contains("is a baseline: it has no rows"));
    let (code_, page, said) = gate(&place, &["--out", "pictures"]);
    assert!(code_ == Some(1) && page.is_empty() && said.contains("has no rows"), "{said}");
    let html = gate(&place, &["--html", "page.html", "--fail-if", "p99 worse 5%"]);
    assert_eq!(html.0, Some(0), "{}", html.2);
    let html = std::fs::read_to_string(place.dir.path().join("page.html")).unwrap();
    assert!(html.contains("Gate: its rule passed") && !html.contains("NaN"));
}

/// With fewer runs than a comparison makes, an interval would hold nearly every width.
#[test]
fn a_baseline_has_as_many_runs_as_a_comparison() {
    let place = Place::new();
    place.file("few.toml", &format!("runs = 2\n{SCENARIO}"));
    let runs = |more: &[&str]| {
        let run = place.run(&[&["run", "few.toml", "--no-charts"], more].concat());
        text(&run.stdout).lines().next().unwrap().to_owned()
    };
    assert!(runs(&[]).contains("2 runs from seed"));
    assert!(
        runs(&["--save-baseline", "new/few.json"]).contains("5 runs from seed"),
        "and its folder is made"
    );
    assert!(runs(&["--save-baseline", "new/few.json", "--runs", "3"]).contains("3 runs from seed"));
    let compared = place.run(&["compare", "few.toml", "--baseline", "new/few.json"]);
    assert!(text(&compared.stdout).contains("3 runs of each"), "{}", text(&compared.stderr));
}

#[test]
fn a_baseline_of_another_simcap_is_said_to_be_one() {
    let place = place();
    let path = place.dir.path().join("base.json");
    let stored = std::fs::read_to_string(&path).unwrap();
    let own = format!("\"simcap\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(stored.contains(&own));
    std::fs::write(&path, stored.replace(&own, "\"simcap\": \"0.0.1\"")).unwrap();
    let (_, page, _) = gate(&place, &[]);
    assert!(page.contains("A is the baseline base.json, made by simcap 0.0.1 and not "), "{page}");
}

#[test]
fn a_rule_that_surely_fails_sets_the_exit_code() {
    let place = place();
    let rules = [
        "--fail-if",
        "p99 worse 5%",
        "--fail-if",
        "call mean worse 500ms",
        "--fail-if",
        "errors worse 0.1pp",
    ];
    let (code_, page, said) = gate(&place, &[&["--set-b", SLOW], &rules[..]].concat());
    assert_eq!(code_, Some(99), "{page}{said}");
    assert!(page.starts_with("Gate: 1 of 3 rules failed: p99 worse 5%\n"), "{page}");
    assert!(
        page.contains("\n  failed  p99 worse 5%") && page.contains("\n  passed  call mean worse 500ms"),
        "{page}"
    );
    // As JSON, as Markdown, and alone.
    let (code_, json, _) = gate(&place, &[&["--set-b", SLOW, "--format", "json"], &rules[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code_, json["rules"][0]["ruling"].as_str()), (Some(99), Some("failed")));
    let (_, markdown, _) = gate(&place, &[&["--set-b", SLOW, "--format", "markdown"], &rules[..]].concat());
    assert!(
        markdown.contains("**Gate: 1 of 3 rules failed: p99 worse 5%**")
            && markdown.contains("| failed | p99 worse 5% |"),
        "{markdown}"
    );
    let (code_, quiet, said) = gate(&place, &[&["--set-b", SLOW, "-q"], &rules[..]].concat());
    assert!(code_ == Some(99) && quiet.contains("Gate: 1 of 3") && said.is_empty(), "{quiet}");
    // A missed objective alone does not.
    let (code_, page, _) = gate(&place, &["--set-b", SLOW]);
    assert!(code_ == Some(0) && page.contains("B misses its objective, A meets its objective"), "{page}");
    let (code_, page, _) = gate(&place, &["--set-b", SLOW, "--fail-if", "objectives worse"]);
    assert!(code_ == Some(99) && page.contains("met in A and missed: latency p99 < 300ms"), "{page}");
}

#[test]
fn what_the_runs_cannot_tell_fails_only_if_that_is_asked_for() {
    let place = place();
    // A hair slower: surely within 50 %, and nobody can tell of 1 %.
    let hair = "service.desk.time=exponential 20.2ms";
    let near = ["--set-b", hair, "--fail-if", "p99 worse 1%"];
    let (code_, page, _) = gate(&place, &near);
    assert!(code_ == Some(0) && page.starts_with("Gate: its rule cannot be told: p99 worse 1%\n"), "{page}");
    // Every format says that it has failed, and that this is why.
    let strict = |format: &str| {
        let args = [&near[..], &["--fail-if-unsure", "--format", format]].concat();
        let (code_, page, _) = gate(&place, &args);
        assert_eq!(code_, Some(99), "{page}");
        page
    };
    let failed = "its rule failed, because the runs cannot tell: p99 worse 1%";
    let page = strict("text");
    assert!(
        page.starts_with(&format!("Gate: {failed}\n")) && page.contains("\n  failed  p99 worse 1%"),
        "{page}"
    );
    assert!(strict("markdown").contains(failed));
    let json: serde_json::Value = serde_json::from_str(&strict("json")).unwrap();
    assert_eq!(json["rules"][0]["ruling"], "failed");
    assert!(json["rules"][0]["unsure"].is_object(), "{json}");
    for format in ["junit", "github"] {
        let text = strict(format);
        assert!(text.contains("the runs cannot tell, which fails: about "), "{text}");
    }
    assert_eq!(gate(&place, &["--set-b", hair, "--fail-if", "p99 worse 50%", "--fail-if-unsure"]).0, Some(0));
    let one = ["compare", "shop.toml", "--runs", "1", "--set-b", SLOW, "--fail-if", "p99 worse 5%"];
    let output = place.run(&one);
    let page = text(&output.stdout);
    assert!(code(&output) == Some(0) && page.contains("one run of each has no interval"), "{page}");
    assert_eq!(code(&place.run(&[&one[..], &["--fail-if-unsure"]].concat())), Some(99));
}

#[test]
fn every_side_is_judged_against_the_first() {
    let place = place();
    let slow = format!("slow: {SLOW}");
    let variants =
        ["--variant", slow.as_str(), "--variant", "two: service.desk.servers=2", "--fail-if", "p99 worse 5%"];
    let (code_, page, _) = gate(&place, &variants);
    assert_eq!(code_, Some(99), "{page}");
    assert!(page.starts_with("Gate: 1 of 3 rules failed: p99 worse 5% (C)\n"), "{page}");
    assert!(
        page.contains("\n  passed  p99 worse 5%  B  ") && page.contains("\n  failed  p99 worse 5%  C  "),
        "{page}"
    );
    assert!(
        page.contains("\n  B  One server  shop.toml\n") && page.contains("\n  D  two  shop.toml "),
        "{page}"
    );
    assert!(page.contains("A is the baseline base.json."), "{page}");
}

#[test]
fn a_rule_that_cannot_be_is_refused_before_any_run() {
    let place = place();
    for (rule, why, hint) in [
        ("p99 worse 5", "`5` is no width", "20ms"),
        ("cal p99 worse 5%", "no request class `cal`", "did you mean `call`?"),
        ("goodputt less 5%", "no figure `goodputt`", "did you mean `goodput`?"),
        ("cost worse 5%", "neither more nor less of `cost`", "'cost more 5%'"),
        ("p97 worse 5%", "no figure `p97`", ""),
    ] {
        let (code_, page, said) = gate(&place, &["--fail-if", rule]);
        assert!(code_ == Some(2) && page.is_empty(), "{rule}: {page}");
        assert!(
            said.contains(&format!("--fail-if `{rule}`: ")) && said.contains(why) && said.contains(hint),
            "{said}"
        );
    }
    // Of files that are run now, any percentile can be followed.
    let run =
        place.run(&["compare", "shop.toml", "--set-b", SLOW, "--runs", "2", "--fail-if", "p97 worse 900%"]);
    assert!(
        code(&run) == Some(0) && text(&run.stdout).contains("Gate: its rule cannot be told: p97 worse 900%"),
        "{}",
        text(&run.stdout)
    );
    let missing = place.run(&["compare", "shop.toml", "--baseline", "none.json"]);
    let said = text(&missing.stderr);
    assert!(
        code(&missing) == Some(2) && said.contains("simcap run shop.toml --save-baseline none.json"),
        "{said}"
    );
    let other = place.run(&["compare", "shop.toml", "--baseline", "shop.toml"]);
    assert!(code(&other) == Some(1) && text(&other.stderr).contains("is not an outcome of simcap"));
    let seed = gate(&place, &["--seed", "8"]);
    assert!(seed.0 == Some(2) && seed.2.contains("base.json has 8 runs from seed 7"), "{}", seed.2);
    let nowhere = place.run(&["run", "shop.toml", "--save-baseline", "shop.toml/base.json"]);
    assert!(
        code(&nowhere) == Some(1) && text(&nowhere.stderr).contains("--save-baseline FILE"),
        "{}",
        text(&nowhere.stderr)
    );
}

#[test]
fn a_ci_system_reads_every_verdict() {
    let place = place();
    let rules = ["--set-b", SLOW, "--fail-if", "p99 worse 5%", "--fail-if", "p99 worse 900%"];
    let (code_, xml, said) = gate(&place, &[&rules[..], &["--format", "junit"]].concat());
    assert_eq!((code_, said.trim()), (Some(99), "Gate: 1 of 2 rules failed: p99 worse 5%"));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("tests"), root.attribute("failures")), (Some("4"), Some("1")), "{xml}");
    let failed = document.descendants().find(|it| it.has_tag_name("failure")).unwrap();
    assert_eq!(failed.parent().unwrap().attribute("name"), Some("p99 worse 5%"));
    assert!(failed.attribute("message").unwrap().contains(" → "), "{xml}");
    let suites: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
    assert_eq!(
        suites.iter().map(|it| it.attribute("name").unwrap()).collect::<Vec<_>>(),
        ["A: One server", "B: One server"]
    );
    assert!(
        suites[1].attribute("time").is_some()
            && suites[0].attribute("time").is_none_or(|time| time == "0.000"),
        "{xml}"
    );
    let run = place.run(&["report", "out/shop", "--format", "junit"]);
    assert!(
        text(&run.stdout).contains("tests=\"1\"") && text(&run.stdout).contains("failures=\"0\""),
        "{}",
        text(&run.stdout)
    );

    let summary = place.dir.path().join("summary.md");
    std::fs::write(&summary, "before\n").unwrap();
    let annotated = |args: &[&str]| {
        let output = place
            .simcap()
            .env("GITHUB_STEP_SUMMARY", &summary)
            .args(args)
            .args(["--format", "github"])
            .output()
            .unwrap();
        (code(&output), text(&output.stdout).to_owned())
    };
    let (code_, lines) =
        annotated(&[&["compare", "shop.toml", "--baseline", "base.json"], &rules[..]].concat());
    assert_eq!(code_, Some(99));
    let lines: Vec<&str> = lines.lines().collect();
    assert!(
        lines.iter().any(|it| it
            .starts_with("::error file=shop.toml,title=Rule failed in B%3A One server::p99 worse 5%25: ")),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|it| it.starts_with(
            "::warning file=shop.toml,title=Objective missed in B%3A One server::latency p99 < 300ms: missed in "
        )),
        "{lines:?}"
    );
    assert!(lines.iter().all(|it| it.starts_with("::")), "{lines:?}");
    let (code_, missed) = annotated(&["run", "shop.toml", "--no-charts", "--runs", "1", "--set", SLOW]);
    assert!(
        code_ == Some(99) && missed.starts_with("::error file=shop.toml,title=Objective missed::"),
        "{missed}"
    );
    let page = std::fs::read_to_string(&summary).unwrap();
    assert!(
        page.starts_with("before\n## Comparison of One server") && page.contains("\n## One server\n"),
        "{page}"
    );
    // Only what has verdicts has these formats.
    let headroom = place.run(&["headroom", "shop.toml", "--format", "junit"]);
    assert_eq!(code(&headroom), Some(2));
    assert!(!text(&place.run(&["headroom", "--help"]).stdout).contains("junit"));
    assert!(text(&place.run(&["compare", "--help"]).stdout).contains("junit"));
}

/// Outcomes of an earlier simcap are compared, and say what they lack; those that are not whole are refused.
#[test]
fn outcomes_of_other_days_are_compared_or_refused() {
    let place = place();
    let old = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/stored/layout-3.json");
    let both = place.run(&["compare", old, old]);
    assert!(
        code(&both) == Some(0) && text(&both.stdout).contains("the same in every run"),
        "{}",
        text(&both.stderr)
    );
    let path = place.dir.path().join("base.json");
    let stored = std::fs::read_to_string(&path).unwrap();
    let bare: String = stored
        .lines()
        .filter(|it| !it.contains("\"without\"") && !it.contains("\"stretch\""))
        .map(|it| format!("{it}\n"))
        .collect();
    assert!(bare.len() < stored.len());
    std::fs::write(&path, bare.replace("],\n    }", "]\n    }")).unwrap();
    let (_, page, said) = gate(&place, &["--set-b", SLOW]);
    assert!(page.contains("It has no tails, so intervals of percentiles are narrower"), "{page}{said}");
    place.file("long.toml", &SCENARIO.replace("\"60s\"", "\"2000h\""));
    let ended = place.run(&[
        "run",
        "long.toml",
        "--no-charts",
        "--max-time",
        "300ms",
        "--save-baseline",
        "part.json",
    ]);
    assert!(code(&ended) == Some(1) && !place.dir.path().join("part.json").exists());
    let partial = place.run(&["compare", "shop.toml", "--baseline", "out/long"]);
    assert!(
        code(&partial) == Some(2) && text(&partial.stderr).contains("its runs were ended early"),
        "{}",
        text(&partial.stderr)
    );
}
