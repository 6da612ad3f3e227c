//! Comparisons whose difference is known by theory or by hand, and the sentences on their page.

use simcap::comparison::{Comparison, Difference, Note, Word};
use simcap::ensemble::Ensemble;
use simcap::outcome::Outcome;
use simcap::outcome::estimate::Quantity;
use simcap::report::Paper;

use crate::run::scenario;

const RUNS: usize = 8;
const P99: Quantity = Quantity::Latency { class: None, quantile: 0.99 };

fn outcome(text: &str, runs: usize) -> Outcome {
    let scenario = scenario(text);
    let mut ensemble = Ensemble::new(&scenario, 1, Some(2), &[], &|_| {}).unwrap();
    ensemble.extend_to(runs);
    ensemble.outcome()
}

fn compared(a: &str, b: &str) -> Comparison {
    Comparison::of(&outcome(a, RUNS), &outcome(b, RUNS))
}

fn page(comparison: &Comparison) -> String {
    anstream::adapter::strip_str(&simcap::report::comparison(
        comparison,
        Paper { whole: true, ..Paper::default() },
    ))
    .to_string()
}

fn figure(comparison: &Comparison, of: Quantity) -> &Difference {
    comparison.figure(&of).unwrap()
}

/// λ = 8/s, μ = 10/s for each server.
fn desk(servers: u32) -> String {
    format!(
        "duration = \"20m\"\nwarmup = \"30s\"\ntraffic.all.rate = \"8/s\"\n\
         request.call.steps = [{{ service = \"desk\" }}]\n\
         service.desk = {{ servers = {servers}, time = \"exponential 100ms\" }}\n"
    )
}

/// An instance for an hour; nothing needs its CPU.
fn hour(instance: &str) -> String {
    format!(
        "duration = \"1h\"\ntraffic.all.rate = \"2/s\"\n[request.call]\nvia = \"web\"\n\
         steps = [{{ delay = \"exponential 10ms\" }}]\n[fleet.web]\ninstance = \"{instance}\"\ninstances = 1\n"
    )
}

/// M/M/1: 1 / (μ - λ) = 500 ms. M/M/2: Erlang's C is 0.8² / 2 / 0.6 / (1 + 0.8 + 0.8² / 2 / 0.6) = 0.2286, over
/// 2 μ - λ = 12/s, and a service of 100 ms.
#[test]
fn a_second_server_saves_what_erlang_says() {
    let part: f64 = 0.32 / 0.6;
    let exact: f64 = 1e3 * (part / (1.8 + part) / 12.0 + 0.1 - 0.5);
    assert!((exact + 380.95).abs() < 0.01, "{exact}");
    let comparison = compared(&desk(1), &desk(2));
    let mean = figure(&comparison, Quantity::Mean(None));
    assert_eq!(mean.word, Word::Better);
    assert!(mean.interval.unwrap().holds(exact), "{mean:?}, exact {exact}");
    assert_eq!(figure(&comparison, Quantity::Arrived).word, Word::Same);
    assert_eq!(comparison.notes, []);
    let page = page(&comparison);
    assert!(page.contains("\nSurely better: p50 −") && !page.contains("Surely worse"), "{page}");

    let back = compared(&desk(2), &desk(1));
    let mean = figure(&back, Quantity::Mean(None));
    assert!(mean.word == Word::Worse && mean.interval.unwrap().holds(-exact), "{mean:?}");
}

#[test]
fn a_scenario_and_itself_are_the_same_in_one_sentence() {
    let comparison = compared(&desk(1), &desk(1));
    let page = page(&comparison);
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(
        lines[..2],
        ["no objectives; cost the same", "Every figure that both have is the same in every run."]
    );
    assert!(!page.contains("one line in twenty"), "nothing can be said by chance: {page}");
}

/// Whoever decides sees eight figures: those of all requests and of the bill, and what else has moved most. `--all` has every one.
#[test]
fn a_page_decides_first_and_shows_eight_figures() {
    let comparison = compared(&hour("m5.large"), &hour("m5.xlarge"));
    let few =
        anstream::adapter::strip_str(&simcap::report::comparison(&comparison, Paper::default())).to_string();
    assert_eq!(
        few.lines().next().unwrap(),
        page(&comparison).lines().next().unwrap(),
        "the decision is first"
    );
    let rows = |page: &str| -> Vec<String> {
        let table = page.split("\n\n").find(|part| part.starts_with("Figures")).unwrap();
        let rows =
            table.lines().skip(2).take_while(|line| !line.starts_with("  …") && !line.starts_with("  Where"));
        rows.map(|row| row.split("  ").filter(|it| !it.is_empty()).nth(1).unwrap().trim().to_owned())
            .collect()
    };
    let named = rows(&few);
    for name in ["p50", "p99", "errors", "goodput", "cost", "cost per million requests"] {
        assert!(named.iter().any(|it| it == name), "{name}: {few}");
    }
    assert!(named.len() <= 8, "{few}");
    let all = rows(&page(&comparison)).len();
    assert_eq!(all, comparison.figures.len());
    assert!(few.contains(&format!("  … {} more figures with --all\n", all - named.len())), "{few}");
    assert!(!few.contains("Common random numbers") && page(&comparison).contains("Common random numbers"));
}

/// $0.192 instead of $0.096 for the hour, as in the price list, beside the same disk; and nothing is faster for it.
#[test]
fn a_more_expensive_instance_costs_its_price() {
    let comparison = compared(&hour("m5.large"), &hour("m5.xlarge"));
    let cost = figure(&comparison, Quantity::Cost);
    assert!((cost.difference - 0.096).abs() < 1e-9 && cost.word == Word::More, "{cost:?}");
    assert_eq!(figure(&comparison, P99).word, Word::Same);
    let page = page(&comparison);
    assert_eq!(page.lines().next().unwrap(), "no objectives; cost +$0.096 ± 0 (+81 %)", "{page}");
    assert!(page.contains("\nNo figure is better or worse.\n"), "{page}");
}

/// Nobody has a price for hardware of one's own.
#[test]
fn a_cost_without_a_price_on_one_side_is_unknown() {
    let hour = |instance: &str| {
        let own = "{ vcpus = 2, memory = \"16 GiB\", name = \"own.large\" }";
        hour(instance).replace("\"own.large\"", own)
    };
    let with = |instance: &str| format!("{}[objectives]\ncost = \"< $1\"\n", hour(instance));
    for (a, b, who) in [("m5.large", "own.large", "B"), ("own.large", "m5.large", "A")] {
        let comparison = compared(&with(a), &with(b));
        for of in [Quantity::Cost, Quantity::CostPerMillion, Quantity::CostPerMonth] {
            let cost = figure(&comparison, of);
            assert_eq!((cost.word, cost.interval), (Word::Unknown, None), "{cost:?}");
        }
        assert_eq!(comparison.objectives[0].word, Word::Unknown);
        let page = page(&comparison);
        let decided = page.lines().next().unwrap();
        let lacks = format!("; cost unknown: {who} has no price for own.large instance-hours of web");
        assert!(decided.ends_with(&lacks), "{page}");
    }
    let comparison = compared(&hour("own.large"), &hour("own.large"));
    assert_eq!(figure(&comparison, Quantity::Cost).word, Word::Same, "both lack the same");
    let page = page(&comparison);
    assert!(page.contains("cost the same without that: A has no price for own.large"), "{page}");
    let more = hour("own.large").replace("instances = 1", "instances = 2");
    let comparison = compared(&hour("own.large"), &more);
    assert_eq!(figure(&comparison, Quantity::Cost).word, Word::Unknown, "both lack a price, for other hours");
}

#[test]
fn what_else_differs_is_said_below_the_title() {
    let a = hour("m5.large");
    let notes = |b: &str| {
        let comparison = compared(&a, b);
        let page = page(&comparison);
        let title = page.split("\n\n").nth(1).unwrap();
        let below: Vec<String> = title.lines().skip(3).map(str::to_owned).collect();
        (comparison.notes, below)
    };
    assert_eq!(notes(&a), (vec![], vec![]));
    let (found, lines) = notes(&a.replace("\"1h\"", "\"2h\""));
    assert_eq!(found[0], Note::Duration { a_s: 3_600.0, b_s: 7_200.0 });
    assert!(matches!(found[1], Note::Traffic { sure: true, .. }), "{found:?}");
    assert_eq!(lines[0], "Duration: 1h in A, 2h in B. Counts and costs are those of each event.");
    let (found, lines) = notes(&a.replace("2/s", "4/s"));
    let [Note::Traffic { a: few, b: many, sure: true }] = found[..] else { panic!("{found:?}") };
    assert!((few / 7_200.0 - 1.0).abs() < 0.02 && (many / 14_400.0 - 1.0).abs() < 0.02);
    assert!(
        lines[0].starts_with("Traffic: 7,") && lines[0].contains(" requests in A (2/s), 14,"),
        "{lines:?}"
    );
    // Another name has other random arrivals, of the same number on the mean.
    let (found, lines) = notes(&a.replace("traffic.all", "traffic.some"));
    assert!(matches!(found[..], [Note::Traffic { sure: false, .. }]), "{found:?}");
    assert!(lines[0].contains("not the same requests arrive"), "{lines:?}");
    let (found, lines) = notes(&format!("region = \"ap-northeast-2\"\n{a}"));
    assert_eq!(found, [Note::Region { a: "us-east-1".into(), b: "ap-northeast-2".into() }]);
    assert_eq!(lines, ["Region: us-east-1 in A, ap-northeast-2 in B, with other prices."]);
    let (found, _) = notes(&format!("warmup = \"1m\"\n{a}"));
    assert_eq!(found, [Note::Warmup { a_s: 0.0, b_s: 60.0 }]);
}

#[test]
fn an_objective_of_one_side_alone_is_shown_with_the_value_of_the_other() {
    let a = format!("{}objectives.latency = [\"p99 < 10s\", \"p50 < 1s\", \"max < 1h\"]\n", desk(1));
    let b = format!("{}objectives = {{ latency = \"p50 < 2s\", errors = \"< 1%\" }}\n", desk(1));
    let comparison = compared(&a, &b);
    assert!(comparison.objectives.is_empty());
    let only = &comparison.objectives_only;
    let names = |side: &[simcap::comparison::OneSided]| -> Vec<String> {
        side.iter().map(|one| one.verdict.objective.clone()).collect()
    };
    assert_eq!(names(&only.a), ["latency p99 < 10s", "latency p50 < 1s", "latency max < 1h"]);
    assert_eq!(names(&only.b), ["latency p50 < 2s", "errors < 1%"]);
    assert_eq!(only.a[0].other, Some(figure(&comparison, P99).b));
    assert_eq!((only.a[2].other, only.b[1].other), (None, Some(0.0)), "no figure is followed for a maximum");
    let page = page(&comparison);
    for part in [
        "\nObjectives: not the same, 3 only in A, 2 only in B.\n",
        "\n  only A  latency p99 < 10s  met",
        "\n  only B  latency p50 < 2s   no objective  ",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(page.starts_with("B meets all 2, A meets all 3; cost the same\n"), "{page}");
    let own = compared(&a, &a);
    assert!(
        own.objectives.len() == 3 && own.objectives_only.a.is_empty() && own.objectives_only.b.is_empty()
    );
}

/// One run of each shows no chance; two short ones leave it open.
#[test]
fn what_is_not_sure_is_said_to_be_so() {
    let short = |time: &str| {
        format!(
            "duration = \"20s\"\ntraffic.all.rate = \"8/s\"\nrequest.call.steps = [{{ service = \"desk\" }}]\n\
             service.desk = {{ servers = 1, time = \"{time}\" }}\n"
        )
    };
    let (a, b) = (short("exponential 100ms"), short("lognormal 100ms cv 1"));
    let one = Comparison::of(&outcome(&a, 1), &outcome(&b, 1));
    assert!(page(&one).contains("\nOne run of each: no difference is sure."), "{}", page(&one));
    assert!(page(&one).contains("\n  Higher or lower is what one run of each shows.\n"), "{}", page(&one));
    let two = Comparison::of(&outcome(&a, 2), &outcome(&b, 2));
    let page = page(&two);
    for part in [
        "\nLower in 2 of 2 runs, not sure: p50 −4.8 % to −0.42 %.\n",
        "\nNot sure: p90, p95, p99, p99.9, p99.99 and 4 more.\n",
        "\n  lower        p50 ",
        "the interval does not rule out chance. Where nothing differs, about one line in 2 says so.\n",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

/// Two servers for 160 or 190 requests a second, at 10 and 12 ms, or 5 and 12 ms: every run is slower, by factors that are
/// alike, and the amounts are far apart.
#[test]
fn two_runs_that_agree_on_a_tail_are_never_open() {
    for (rate, quick) in [("160/s", "10ms"), ("190/s", "5ms")] {
        let of = |time: &str| {
            format!(
                "duration = \"2m\"\ntraffic.a.rate = \"{rate}\"\nrequest.r.steps = [{{ service = \"s\" }}]\n\
                 service.s = {{ servers = 2, time = \"exponential {time}\" }}\n"
            )
        };
        for (a, b, word) in [(quick, "12ms", Word::Worse), ("12ms", quick, Word::Better)] {
            let comparison = Comparison::of(&outcome(&of(a), 2), &outcome(&of(b), 2));
            for quantile in [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999] {
                let found = figure(&comparison, Quantity::Latency { class: None, quantile });
                let ratio = found.ratio.unwrap();
                assert_eq!(found.seen.runs(), 2);
                assert!(found.word == word || found.word.is_seen(), "{rate}: {found:?}");
                assert!(ratio.low > 0.0 && ratio.holds(found.b / found.a), "{found:?}");
            }
            let mean = figure(&comparison, Quantity::Mean(None)).word;
            assert!(mean == word || mean.is_seen(), "{rate}: {mean:?}");
            let page = page(&comparison);
            let open =
                |line: &&str| line.starts_with("  cannot tell  p") || line.starts_with("  cannot tell  mean");
            assert_eq!(page.lines().filter(open).count(), 0, "{page}");
        }
    }
}

/// M/M/1 against the same under other arrivals and demands: nothing differs but chance. What is said to be sure may be
/// wrong in one of twenty lines.
#[test]
fn chance_alone_is_sure_in_no_more_than_one_of_twenty_lines() {
    const BASES: u64 = 120;
    const RUNS: [usize; 4] = [2, 3, 5, 8];
    let of = |name: &str| {
        scenario(&format!(
            "duration = \"60s\"\ntraffic.{name}.rate = \"24/s\"\nrequest.call.steps = [{{ service = \"{name}\" }}]\n\
             service.{name} = {{ servers = 1, time = \"exponential 30ms\" }}\n"
        ))
    };
    let (a, b) = (of("one"), of("other"));
    let (mut sure, mut seen, mut lines) = ([0; 4], [0; 4], 0);
    for base in 1..=BASES {
        let mut sides = [&a, &b].map(|it| Ensemble::new(it, base, Some(2), &[], &|_| {}).unwrap());
        lines += 4;
        for (at, runs) in RUNS.into_iter().enumerate() {
            sides.iter_mut().for_each(|side| side.extend_to(runs));
            let comparison = Comparison::of(&sides[0].outcome(), &sides[1].outcome());
            let quantile = |quantile| Quantity::Latency { class: None, quantile };
            for of in [Quantity::Mean(None), quantile(0.5), quantile(0.99), quantile(0.999)] {
                let word = figure(&comparison, of).word;
                sure[at] += usize::from(word.is_sure());
                seen[at] += usize::from(word.is_seen());
            }
        }
    }
    println!("of {lines} lines, with {RUNS:?} runs, {sure:?} are sure and {seen:?} agree");
    // The four lines of a comparison rise and fall together: 120 comparisons, a share of 0.05 to 0.02.
    assert!(sure.iter().all(|sure| *sure <= lines * 9 / 100), "{sure:?} of {lines}");
    assert!((lines * 35 / 100..=lines * 60 / 100).contains(&seen[0]), "two runs agree by chance: {seen:?}");
    assert!(seen[3] <= lines * 3 / 100, "eight hardly ever do: {seen:?}");
}

/// M/M/1 has latencies that are exponential with the rate μ - λ: 1/30 ms - 24/s = 9.33/s against 1/25 ms - 24/s = 16/s. So each
/// percentile of the second, and the mean, is 0.5833 times that of the first. The interval holds that with 2 pairs as with 30.
#[test]
fn the_interval_of_a_ratio_holds_for_any_number_of_pairs() {
    const BASES: u64 = 60;
    const PAIRS: [usize; 5] = [2, 3, 5, 8, 30];
    let of = |time: &str| {
        scenario(&format!(
            "duration = \"60s\"\nwarmup = \"5s\"\ntraffic.all.rate = \"24/s\"\n\
             request.call.steps = [{{ service = \"desk\" }}]\n\
             service.desk = {{ servers = 1, time = \"exponential {time}\" }}\n"
        ))
    };
    let (a, b) = (of("30ms"), of("25ms"));
    let exact = (1.0 / 0.030 - 24.0) / (1.0 / 0.025 - 24.0);
    let (mut held, mut narrow) = ([[0; 3]; 5], [0.0; 5]);
    for base in 1..=BASES {
        let mut sides = [&a, &b].map(|it| Ensemble::new(it, base, Some(2), &[], &|_| {}).unwrap());
        for (at, pairs) in PAIRS.into_iter().enumerate() {
            sides.iter_mut().for_each(|side| side.extend_to(pairs));
            let comparison = Comparison::of(&sides[0].outcome(), &sides[1].outcome());
            let quantile = |quantile| Quantity::Latency { class: None, quantile };
            for (of, held) in
                [Quantity::Mean(None), quantile(0.5), quantile(0.99)].into_iter().zip(&mut held[at])
            {
                let ratio = figure(&comparison, of).ratio.unwrap();
                *held += u64::from(ratio.holds(exact));
                narrow[at] += ratio.half_width / (3 * BASES) as f64;
            }
        }
    }
    println!("of {BASES} intervals of {PAIRS:?} pairs, {held:?} hold; half widths {narrow:?}");
    assert!(held.iter().flatten().all(|held| *held >= BASES * 85 / 100), "{held:?} of {BASES}");
    assert!(narrow[4] < 0.4 * narrow[2], "more pairs are narrower: {narrow:?}");
}

/// Half as long an event has half as many requests, completed and failed. That is no loss and no gain; what is a rate or
/// a share is compared as ever.
#[test]
fn counts_of_events_of_different_length_are_more_or_less_but_not_better_or_worse() {
    let long = "duration = \"20m\"\ntraffic.all.rate = \"8/s\"\nclient.timeout = \"200ms\"\n\
         request.call.steps = [{ service = \"desk\" }]\n\
         service.desk = { servers = 1, time = \"exponential 100ms\" }\n";
    let short = long.replace("20m", "10m");
    let comparison = compared(long, &short);
    for of in [Quantity::Arrived, Quantity::Completed, Quantity::Failed] {
        assert_eq!(figure(&comparison, of).word, Word::Less);
    }
    let back = compared(&short, long);
    for of in [Quantity::Arrived, Quantity::Completed, Quantity::Failed] {
        assert_eq!(figure(&back, of).word, Word::More);
    }
    // As long as each other, fewer that fail are better, and more that complete.
    let alike = compared(long, &long.replace("servers = 1", "servers = 2"));
    assert_eq!(figure(&alike, Quantity::Failed).word, Word::Better);
    assert_eq!(figure(&alike, Quantity::Completed).word, Word::Better);
    let faster = compared(long, &short.replace("servers = 1", "servers = 2"));
    assert_eq!(figure(&faster, Quantity::Goodput).word, Word::Better);
    assert_eq!(figure(&faster, Quantity::Errors(None)).word, Word::Better);
}
