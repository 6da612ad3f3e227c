//! Every bad file gives an error page that shows its problems; no file causes a panic.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use simcap::scenario::{self, ScenarioError};

use crate::language::folder;

/// The error page of a file of `bad/`, or of bytes.
fn page(name: &str, text: &[u8], overrides: &[&str]) -> String {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    match scenario::parse(name, text, Path::new("nowhere"), &overrides) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{name} was not refused: {:?}", other.map(|scenario| scenario.name)),
    }
}

#[test]
fn bad_files_get_pages_that_show_their_problems() {
    let mut files: Vec<_> = fs::read_dir(folder("bad")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 15);
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read(&path).unwrap();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), page(name, &text, &[]));
        });
    }
}

const VALID: &str = include_str!("good/everything.toml");

#[test]
fn a_problem_inside_an_override_points_at_the_override() {
    let shop = include_str!("good/shop.toml");
    let overrides = [
        "fleet.web.max=3",
        "fleet.web.thraeds=10",
        "client.timeout=8",
        "balancer.public.targets=wbe",
        "database.orders.replication={ base = 2 }",
    ];
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("overrides", page("shop.toml", shop.as_bytes(), &overrides));
        insta::assert_snapshot!(
            "broken_overrides",
            page("shop.toml", shop.as_bytes(), &["fleet.web.max", "name.x=1", "seed=[1", "a..b=1", "=", ""])
        );
    });
}

/// Each of two overrides is a source of its own, although both are called `--set`.
#[test]
fn two_overrides_that_conflict_are_both_shown() {
    let shop = include_str!("good/shop.toml");
    let page = page("shop.toml", shop.as_bytes(), &["fleet.web.max=3", "fleet.web.instances=2"]);
    assert!(page.contains("fleet.web.max=3") && page.contains("fleet.web.instances=2"), "{page}");
}

/// A new name on the command line that is similar to one of the file is most likely misspelt, unless its table is
/// complete.
#[test]
fn an_override_of_a_misspelt_name_is_asked_what_it_means() {
    let shop = include_str!("good/shop.toml");
    let page = page("shop.toml", shop.as_bytes(), &["fleet.wbe.min=3"]);
    assert!(page.contains("the file has no [fleet.wbe]") && page.contains("did you mean `web`?"), "{page}");
    assert!(!page.contains("missing key") && page.ends_with("1 problem in shop.toml\n"), "{page}");
    let whole = ["fleet.wbe.instances=3".to_owned(), "fleet.wbe.instance=m5.large".to_owned()];
    assert!(scenario::parse("shop.toml", shop.as_bytes(), &folder("good"), &whole).is_ok());
}

#[test]
fn other_formats_and_typographic_quotes_are_called_by_their_names() {
    let only = |text: &str, message: &str, hint: &str| {
        let page = page("shop.toml", text.as_bytes(), &[]);
        assert!(page.starts_with(&format!("error: {message}\n")) && page.contains(hint), "{page}");
        assert!(page.ends_with("1 problem in shop.toml\n"), "{page}");
    };
    only("{\n  \"duration\": \"1h\",\n  \"fleet\": {}\n}\n", "this looks like JSON", "a scenario is TOML");
    only("duration: 1h\ntraffic:\n  all:\n    rate: 5/s\n", "this looks like YAML", "a scenario is TOML");
    only("duration = “1h”\n", "`“` is a typographic quotation mark", "hint: write \"");
    only(
        "request.a.steps = [{ delay = \"1ms\" ]\n",
        "invalid inline table element, expected `,`",
        "shop.toml:1:",
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = scenario::load(Path::new("nowhere/shop.toml"), &[]).unwrap_err();
    assert_eq!(error.to_string(), "cannot read scenario `nowhere/shop.toml`");
}

#[test]
fn bytes_that_are_no_text_are_shown_where_they_are() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("not_utf8", page("shop.toml", b"name = \"shop\"\nregion = \"\xff\"\n", &[]));
    });
}

#[test]
fn hostile_files_end_in_a_page_of_bounded_size() {
    let nested = |open: &str, close: &str, depth| format!("{}{}", open.repeat(depth), close.repeat(depth));
    let steps = nested("{ cache = \"c\", keys = \"k\", miss = ", "}", 40);
    let tables: String =
        (0..200).map(|i| format!("[fleet.f{i}]\ninstances = 1\ninstance = \"m5.large\"\n")).collect();
    let name = |i: usize| format!("{i:063}");
    let stations = (0..100).map(|i| format!("[service.\"{}\"]\nservers = 1\ntime = \"1s\"\n", name(i)));
    let lost: Vec<String> = (100..40_100).map(|i| format!("{{ service = \"{}\" }}", name(i))).collect();
    let lists: Vec<String> = lost
        .chunks(10_000)
        .map(|steps| format!("{{ cache = \"c\", miss = [{}] }}", steps.join(",")))
        .collect();
    let long_names = format!("request.r.steps = [{}]\n{}", lists.join(","), stations.collect::<String>());
    let knots = "[\"0s\",\"1/s\"],".repeat(100_001);
    for text in [
        format!("a = {}", nested("[", "]", 100_000)),
        format!("a = {}", nested("{ a = ", "}", 60)),
        format!("duration = \"1h\"\nrequest.r.steps = [{steps}]"),
        (0..100_000).map(|i| format!("unknown{i} = 1\n")).collect(),
        format!("{} = 1", "x".repeat(1_000_000)),
        format!("duration = \"{}\"", "9".repeat(100_000)),
        format!("seed = {}", "9".repeat(100_000)),
        format!("traffic.t.rate = [{knots}]"),
        "keys.k.count = 50_000_000\n".to_owned() + "keys.k2.count = 4_000_000_000\n",
        "a.".repeat(10_000) + "a = 1",
        "[[".repeat(100_000),
        " ".repeat(5 << 20),
        tables,
        // Tens of thousands of names that are similar to a hundred long ones, but not equal.
        long_names,
        "duration = \"31d\"\nbucket = \"10ms\"\ntraffic.a.rate = \"1/s\"\nrequest.r.steps = [{ delay = \"1s\" }]".into(),
    ] {
        let page = page("hostile.toml", text.as_bytes(), &[]);
        assert!(page.len() < 100_000, "{} bytes of page", page.len());
    }
}

/// Gives a page or a scenario; either is fine.
fn survive(text: &[u8], overrides: &[String]) {
    if let Err(ScenarioError::Invalid(report)) = scenario::parse("any.toml", text, &folder("good"), overrides)
    {
        let page = report.render(false);
        assert!(page.ends_with(" in any.toml\n"), "{page}");
        assert!(!report.problems().is_empty());
        report.render(true);
    }
}

/// Pieces that a mutation may insert anywhere.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        "\n",
        "#",
        "'",
        "-",
        "-1",
        "0",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "\"0s\"",
        "\"never\"",
        "\"1/s\"",
        "99999999999",
        "true",
        "[]",
        "{}",
        "µ",
        "\u{0}",
        "1979-05-27",
        "cpu",
        "steps",
        "\"web\"",
    ];
    prop_oneof![prop::sample::select(words.to_vec()).prop_map(str::to_owned), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survive(&bytes, &[]);
    }

    #[test]
    fn any_text_and_override_are_survived(text in any::<String>(), overrides in prop::collection::vec(any::<String>(), 0..3)) {
        survive(text.as_bytes(), &overrides);
        survive(VALID.as_bytes(), &overrides);
    }

    /// Cuts, copies and insertions, which leave most of a valid file intact.
    #[test]
    fn mutations_of_a_valid_file_are_survived(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40, piece()), 1..6),
    ) {
        let mut text = VALID.to_owned();
        for (place, length, piece) in edits {
            let boundary = |offset: usize| (0..=offset).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            let start = boundary(place.index(text.len() + 1));
            let end = boundary((start + length).min(text.len())).max(start);
            text.replace_range(start..end, &piece);
        }
        survive(text.as_bytes(), &[]);
    }

    /// Values in place of other values, which reach deeper than broken syntax.
    #[test]
    fn other_values_in_a_valid_file_are_survived(
        lines in prop::collection::vec((any::<prop::sample::Index>(), piece()), 1..5),
    ) {
        let mut text: Vec<String> = VALID.lines().map(str::to_owned).collect();
        for (line, piece) in lines {
            let line = line.index(text.len());
            if let Some((key, _)) = text[line].clone().split_once(" = ") {
                text[line] = format!("{key} = {piece}");
            }
        }
        survive(text.join("\n").as_bytes(), &[]);
    }
}
