//! Random answers. In: what people type, or anything. Out: a file that passes `check`, or a refusal.

use proptest::prelude::*;
use simcap::catalog;
use simcap::init::{Answers, QUESTIONS};

use super::parsed;

/// Answers as people give them.
fn answers() -> impl Strategy<Value = Vec<String>> {
    let rate = |most: u32| {
        prop_oneof![
            (1..=most).prop_map(|it| format!("{it}/s")),
            (1..=most).prop_map(|it| format!("{}k/min", it)),
        ]
    };
    let span = (1u32..600, prop_oneof![Just("s"), Just("m")]).prop_map(|(it, unit)| format!("{it}{unit}"));
    let demand = prop_oneof![
        (1u32..500).prop_map(|it| format!("{it}ms")),
        Just("p50 8ms p99 60ms".to_owned()),
        Just("exponential 3ms".to_owned()),
    ];
    let instance = proptest::sample::select(catalog::instance_type_names());
    let class = proptest::sample::select(catalog::database_class_names());
    let engine = proptest::sample::select(vec!["aurora-mysql", "mysql", "aurora-postgresql", "postgres"]);
    let group = (1u32..40, 0u32..40).prop_map(|(min, more)| match more {
        0 => min.to_string(),
        _ => format!("{min}..{}", min + more),
    });
    let cache = prop_oneof![
        Just("none".to_owned()),
        (0u32..=1000).prop_map(|it| format!("{}%", f64::from(it) / 10.0))
    ];
    (
        (1000u32..=9000).prop_map(|it| format!("{it}/s")),
        rate(900).prop_filter("no more than the peak", |it| !it.ends_with("k/min") || it.len() < 7),
        (span.clone(), span.clone()).prop_map(|(at, hold)| format!("{at} for {hold}")),
        span,
        instance,
        group,
        demand.clone(),
        cache,
        (engine, class).prop_map(|(engine, class)| format!("{engine} {class}")),
        demand,
    )
        .prop_map(|(peak, normal, spike, latency, instance, group, page, cache, database, query)| {
            vec![peak, normal, spike, latency, instance.to_owned(), group, page, cache, database, query]
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answers_make_a_file_that_passes_check(texts in answers()) {
        let mut answers = Answers::default();
        for (index, text) in texts.iter().enumerate() {
            let given = answers.give(index, text);
            prop_assert!(given.is_ok(), "{}: {text}: {given:?}", QUESTIONS[index].key);
        }
        let file = answers.scenario("shop.toml").unwrap();
        let scenario = parsed(&file);
        prop_assert!(scenario.is_ok(), "{}", scenario.unwrap_err());
        // Every answer is in it.
        for (index, text) in texts.iter().enumerate() {
            let parts: Vec<&str> = match QUESTIONS[index].key {
                "spike" => text.split(" for ").collect(),
                "instances" => text.split("..").collect(),
                "database" => text.split(' ').collect(),
                _ if text == "none" => vec![],
                _ => vec![text],
            };
            prop_assert!(parts.iter().all(|part| file.contains(part)), "{text}");
        }
    }

    #[test]
    fn whatever_is_typed_is_refused_or_makes_a_file(index in 0..QUESTIONS.len(), text in "\\PC{0,30}|[0-9msk/%.\"\\\\#=\\[\\]{}\n]{0,12}") {
        let mut answers = Answers::default();
        if answers.give(index, &text).is_ok() {
            let file = answers.scenario("shop.toml").unwrap();
            prop_assert!(parsed(&file).is_ok(), "{text:?}");
        }
    }
}
