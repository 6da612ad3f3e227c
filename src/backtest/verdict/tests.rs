//! What rules say of figures that are made up. In: figures. Out: that their verdicts are right.

use super::*;
use crate::backtest::compared::Scale;

fn compared(what: What, name: Option<&str>, median: f64, sums: (f64, f64)) -> Compared {
    let errors = Errors {
        periods: 20,
        mean: median,
        median,
        bias: -median,
        worst: 0,
        largest: median,
        measured: sums.0,
        predicted: sums.1,
        part: None,
    };
    let of = Figure { what, name: name.map(str::to_owned) };
    Compared { of, scale: Scale::of(what), pairs: Vec::new(), few: 0, errors: Some(errors) }
}

fn all() -> Vec<Compared> {
    vec![
        compared(What::Requests, Some("home"), 0.01, (600_000.0, 606_000.0)),
        compared(What::Errors, Some("home"), 0.0, (3_000.0, 1_000.0)),
        compared(What::P95, Some("home"), 0.08, (1.0, 1.0)),
        compared(What::Cpu, Some("web"), 2.0, (1.0, 1.0)),
    ]
}

#[test]
fn a_model_that_is_near_is_good_enough() {
    let found = Verdict::of(&all(), Limits::default(), true);
    assert_eq!(found.word, Word::Yes, "{found:?}");
    let latency = &found.rules[2];
    assert_eq!(latency.found, "8 % (p95 of home), bias -8 %");
}

#[test]
fn one_rule_that_fails_is_a_no_and_what_is_not_measured_leaves_it_open() {
    let word = |change: &dyn Fn(&mut Vec<Compared>), limits: Limits| {
        let mut figures = all();
        change(&mut figures);
        Verdict::of(&figures, limits, true).word
    };
    let usual = Limits::default();
    assert_eq!(word(&|_| {}, Limits { latency: 0.05, ..usual }), Word::No);
    assert_eq!(word(&|_| {}, Limits { cpu_points: 1.0, ..usual }), Word::No);
    assert_eq!(word(&|_| {}, Limits { throughput: 0.009, ..usual }), Word::No);
    assert_eq!(word(&|_| {}, Limits { errors: 0.003, ..usual }), Word::No);
    assert_eq!(word(&|_| {}, Limits { periods: 21, ..usual }), Word::CannotTell);
    assert_eq!(word(&|it| drop(it.remove(3)), usual), Word::CannotTell, "no CPU");
    assert_eq!(word(&|it| drop(it.remove(2)), usual), Word::CannotTell, "no latency");
    assert_eq!(word(&|it| drop(it.remove(1)), usual), Word::Yes, "errors are asked for if there are some");
    let few = |it: &mut Vec<Compared>| it[0] = compared(What::Requests, None, 0.0, (1_000.0, 1_030.0));
    assert_eq!(word(&few, usual), Word::CannotTell, "so few requests may be off by 9 %");
}

#[test]
fn of_periods_that_are_all_known_nobody_can_tell() {
    let mut figures = all();
    for figure in &mut figures {
        let pair = crate::backtest::compared::Pair {
            period: 0,
            measured: 1.0,
            predicted: 9.0,
            band: None,
            noise: None,
            judged: false,
        };
        (figure.errors, figure.pairs) = (None, vec![pair]);
    }
    let found = Verdict::of(&figures, Limits::default(), true);
    assert_eq!((found.word, found.rules.len()), (Word::CannotTell, 1), "{found:?}");
}

#[test]
fn what_is_wrong_of_a_class_or_at_a_time_is_not_made_good_by_another_one() {
    let usual = Limits::default();
    let mut swapped = all();
    swapped[0] = compared(What::Requests, Some("home"), 0.3, (600_000.0, 420_000.0));
    swapped.push(compared(What::Requests, Some("order"), 0.3, (600_000.0, 780_000.0)));
    let found = Verdict::of(&swapped, usual, true);
    assert_eq!((found.rules[1].word, found.rules[5].word), (Word::Yes, Word::No), "{found:?}");
    let mut early = all();
    early[0] = compared(What::Requests, Some("home"), 0.4, (600_000.0, 600_000.0));
    let found = Verdict::of(&early, usual, true);
    assert_eq!(found.word, Word::No);
    assert_eq!(found.rules[5].found, "40 % in the median period (requests of home)");
    // Ten in a period are off by 30 % by chance alone.
    early[0] = compared(What::Requests, Some("home"), 0.3, (200.0, 202.0));
    assert_eq!(Verdict::of(&early, usual, true).rules[5].word, Word::Yes);
}

#[test]
fn a_few_points_are_much_of_little_cpu() {
    let with = |points: f64, part: f64| {
        let mut figures = all();
        figures[3] = compared(What::Cpu, Some("web"), points, (1.0, 1.0));
        figures[3].errors.as_mut().unwrap().part = Some(part);
        Verdict::of(&figures, Limits::default(), true).word
    };
    assert_eq!(with(2.0, 0.5), Word::No, "4 % measured, 2 % predicted");
    assert_eq!(with(2.0, 0.2), Word::Yes);
    assert_eq!(with(0.3, 0.5), Word::Yes, "what monitoring rounds");
    assert_eq!(with(5.5, 0.1), Word::No);
}

#[test]
fn times_that_are_all_off_in_one_direction_are_a_no() {
    let with = |mean: f64, p50: f64| {
        let mut figures = all();
        figures.push(compared(What::Mean, Some("home"), -mean, (1.0, 1.0)));
        figures.push(compared(What::P50, Some("home"), -p50, (1.0, 1.0)));
        let found = Verdict::of(&figures, Limits::default(), true);
        (found.rules[6].word, found.rules[6].found.clone())
    };
    assert_eq!(with(-0.13, -0.12).0, Word::No);
    assert_eq!(with(-0.13, 0.12).0, Word::Yes);
    assert_eq!(with(-0.13, -0.05).0, Word::Yes);
    assert!(with(0.2, 0.14).1.starts_with("+14 % at least"), "{}", with(0.2, 0.14).1);
}
