//! A recorded day beside runs of it: what is as it was measured is good enough to bet on, and what is not says where.

use simcap::backtest::{Asked, Backtest, Limits, Word};
use simcap::guard::Guard;
use simcap::scenario;

use crate::calibrate::log::Log;

/// A shop whose group grows by a schedule.
const SHOP: &str = r#"
name = "Shop"
duration = "20m"
[traffic.people]
rate = [["0s", "20/s"], ["10m", "60/s"], ["20m", "30/s"]]
[request.home]
via = "web"
steps = [{ cpu = "exponential 8ms" }, { delay = "lognormal 20ms cv 0.5" }]
[fleet.web]
instance = { vcpus = 1, memory = "4 GiB", strength = 1 }
min = 1
max = 4
schedule = [{ at = "6m", min = 2 }]
"#;

const FIGURES: [&str; 7] = [
    "requests of home",
    "errors of home",
    "p50_ms of home",
    "p95_ms of home",
    "p99_ms of home",
    "cpu_percent of web",
    "instances of web",
];

fn backtest(log: &Log, overrides: &[&str]) -> Backtest {
    let overrides: Vec<String> = overrides.iter().map(|it| (*it).to_owned()).collect();
    let scenario = scenario::load(&log.file(), &overrides).unwrap();
    let asked = Asked {
        file: "shop.toml".into(),
        overrides,
        seeds: vec![1, 2],
        threads: None,
        limits: Limits::default(),
        judged: (&|_| true, String::new()),
        background: &[],
    };
    Backtest::of(&scenario, &log.measured, &asked, &Guard::new(None, None), &|_| {}).unwrap()
}

/// A log of the scenario itself, under a seed of its own.
#[test]
fn the_system_itself_is_good_enough_to_bet_on() {
    let log = Log::of(SHOP, &[], &FIGURES, 60.0, 2_001);
    let found = backtest(&log, &[]);
    assert_eq!(found.verdict.word, Word::Yes, "{:?}", found.verdict);
    assert!(found.misfits.is_empty(), "{:?}", found.misfits);
    assert!(found.lacking.is_empty(), "{:?}", found.lacking);
    assert_eq!((found.periods, found.figures.len()), (20, 7));
    let changes = &found.scaling[0].changes;
    assert!(changes.len() == 1 && changes[0].late_s() == Some(0.0), "{changes:?}");
    // Both runs are around what both say together.
    let p95 = &found.figures[3];
    assert!(p95.pairs.iter().all(|it| it.band.is_some_and(|(low, high)| low <= high)));
}

/// Half of the demand, another delay, a group that grows four minutes later: each is said where it is.
#[test]
fn what_is_not_as_measured_is_a_no_and_says_where() {
    let log = Log::of(SHOP, &[], &FIGURES, 60.0, 2_002);
    let rule = |overrides: &[&str], at: usize| {
        let found = backtest(&log, overrides);
        assert_eq!(found.verdict.rules[at].word, Word::No, "{overrides:?}: {:?}", found.verdict.rules);
        assert_eq!(found.verdict.word, Word::No);
        found
    };
    rule(&["traffic.people.rate=60/s"], 1);
    let slow = rule(&["request.home.steps.1.delay=lognormal 35ms cv 0.5"], 2);
    let told = &slow.misfits[0].sentence;
    assert!(
        told.contains("below the prediction nearly all the time") && told.contains("the file has a wait"),
        "{told}"
    );
    let idle = rule(&["request.home.steps.0.cpu=exponential 2ms"], 3);
    assert!(
        idle.misfits.iter().any(|it| it.sentence.contains("a demand of the file is not that")),
        "{:?}",
        idle.misfits
    );
    let late = backtest(&log, &["fleet.web.schedule.0.at=10m"]);
    assert_eq!(late.scaling[0].changes[0].late_s(), Some(240.0), "{:?}", late.scaling);
}

/// The day is replayed as long as both last, and what is missing is told.
#[test]
fn a_comparison_says_what_it_lacks() {
    let figures = ["requests of home", "p95_ms of home", "service_ms of home", "cpu_percent of web"];
    let mut log = Log::of(SHOP, &[], &figures[..2], 60.0, 2_003);
    let empty = simcap::measured::Column { of: figures[2].parse().unwrap(), values: vec![Some(1.0); 20] };
    log.measured.columns.push(empty);
    let found = backtest(&log, &["duration=10m"]);
    assert_eq!((found.periods, found.recorded), (10, 20));
    assert_eq!(found.verdict.word, Word::CannotTell, "{:?}", found.verdict);
    for part in [
        "No run tells `service_ms of home`",
        "Not measured: errors of `home`.",
        "Not measured: CPU of `web`.",
        "The scenario ends 10 periods before the recording.",
    ] {
        assert!(found.lacking.iter().any(|it| it.contains(part)), "{part}: {:?}", found.lacking);
    }
}

/// As many requests as were measured, at other times; and an idle group whose demand is half of the true one.
#[test]
fn what_the_sums_hide_is_a_no() {
    let log = Log::of(SHOP, &[], &FIGURES, 60.0, 2_004);
    let turned = backtest(&log, &["traffic.people.rate=42.5/s"]);
    assert_eq!(turned.verdict.rules[1].word, Word::Yes, "{:?}", turned.verdict.rules);
    assert_eq!((turned.verdict.rules[5].word, turned.verdict.word), (Word::No, Word::No));
    let idle = SHOP.replace("exponential 8ms", "exponential 2ms");
    let log = Log::of(&idle, &[], &FIGURES, 60.0, 2_005);
    let half = backtest(&log, &["request.home.steps.0.cpu=exponential 1ms"]);
    let cpu = half.figures.iter().find(|it| it.of.to_string() == "cpu_percent of web").unwrap();
    assert!(cpu.errors.unwrap().median < 5.0, "{:?}", cpu.errors);
    assert_eq!(half.verdict.rules[3].word, Word::No, "{:?}", half.verdict.rules);
}
