//! Any bytes and any mixture of lines: no panic, every line is counted once, nothing private comes out.

use proptest::prelude::*;
use simcap::guard::Guard;
use simcap::import::{self, Reason};

use super::lines::{CLOUDFRONT, K6, LOCUST, alb, cloudfront, combined, k6, locust};
use super::options;

/// A line of one of the formats.
fn line() -> impl Strategy<Value = String> {
    let field = prop_oneof![
        "[a-z0-9/:.-]{0,12}",
        "\\PC{0,6}",
        Just("-1".to_owned()),
        Just("0.010".to_owned()),
        Just("\"".to_owned())
    ];
    (0u32..3_000, field.clone(), field.clone(), field).prop_flat_map(|(second, a, b, c)| {
        prop_oneof![
            Just(alb(second, "192.0.2.1", "0.001 0.010 0.001", "200 200", &format!("GET https://h/{a}"), &b)),
            Just(alb(second, &a, &format!("{b} {c} 0.1"), &format!("200 {a}"), &format!("GET {c}"), &b)),
            Just(combined(second, &a, &format!("GET /{b}"), 200, &c, "a", &format!(" {c} {b}"))),
            Just(cloudfront(second, &a, &b, "200", &c, "Hit", &c)),
            Just(k6(second, &a, 200, 20.0, "")),
            Just(locust(second, &b, 5, 0, 10.0)),
            Just(format!("{a},{b},{c}\n")),
            Just(format!("{a} {b}\n")),
        ]
    })
}

/// Imports a file, and checks that its lines add up.
fn hold(text: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    std::fs::write(&path, text).unwrap();
    let Ok(import) = import::open(&[path], options()) else { return };
    let Ok(made) = import.run(&Guard::new(None, None), &|_| {}) else { return };
    let total = made.summary.total();
    let dropped: u64 = Reason::ALL.iter().map(|reason| total.of(*reason).count).sum();
    assert_eq!(total.used + dropped, total.lines);
    // A line of white space is none; a JSON document is counted by its values.
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count() as u64;
    let has_mark = text.starts_with(b"\xef\xbb\xbf");
    assert!(
        total.lines == lines || has_mark || text.trim_ascii_start().starts_with(b"{"),
        "{} of {lines} lines",
        total.lines
    );
    made.write(&folder.path().join("out")).unwrap();
    assert!(made.page().lines().all(|line| line.chars().count() <= 80), "{}", made.page());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn mixtures_of_lines_add_up(head in 0usize..5, lines in prop::collection::vec(line(), 0..30)) {
        let head = ["", CLOUDFRONT, K6, LOCUST, "time,path,status,duration_ms\n"][head];
        hold((head.to_owned() + &lines.concat()).as_bytes());
    }

    #[test]
    fn any_bytes_are_no_harm(start in 0usize..7, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let start: &[u8] = [&b""[..], CLOUDFRONT.as_bytes(), K6.as_bytes(), LOCUST.as_bytes(), b"\x1f\x8b\x08", b"{\"Datapoints\":", b"time,value\n"][start];
        hold(&[start, &bytes[..]].concat());
    }

    /// However many threads read it, and wherever it is cut into files, a log is the same.
    #[test]
    fn files_and_threads_make_no_difference(lines in prop::collection::vec((0u32..600, 0usize..4), 1..60), cut in 0usize..60) {
        let paths = ["/", "/items/17", "/cart", "/x.css"];
        let rows: Vec<String> = lines.iter().map(|(second, path)| combined(*second, "192.0.2.1", &format!("GET {}", paths[*path]), 200, "-", "a", " 0.010 0.005")).collect();
        let cut = cut.min(rows.len());
        let whole = super::import(&[("a.log", &rows.concat())]).unwrap();
        let parts: Vec<(&str, String)> = [("a.log", rows[..cut].concat()), ("b.log", rows[cut..].concat())].into();
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let cut = super::import_with(&parts, super::Options { threads: 1, ..options() }).unwrap();
        for file in ["rates.csv", "measured.csv", "classes.toml"] {
            prop_assert_eq!(cut.file(file), whole.file(file));
        }
    }
}
