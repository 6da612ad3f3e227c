//! What a page says of streams: trouble, headroom, warnings, gauges.

use simcap::outcome::{AlarmState, Resource};
use simcap::warning::Code;

use super::{STEP, put, scenario, worked};
use crate::run::run;

/// Warnings before a run.
fn warned(interval: &str, duration: &str, step: &str, stream: &str) -> Vec<String> {
    let scenario = crate::run::scenario(&scenario(interval, duration, step, stream));
    let found = simcap::warning::of_scenario(&scenario, 1).into_iter();
    found.filter(|it| it.code == Code::DemandAboveCapacity).map(|it| it.message).collect()
}

/// 150 a second for a function that does 100: the shard is behind from about 10 s on, and late from 180 s on. The batches are why.
#[test]
fn a_consumer_that_falls_behind_is_trouble_and_its_batches_are_why() {
    let outcome = worked("6667us", "400s", "");
    let phase = outcome.phases.iter().find(|phase| phase.trouble).expect("late records are trouble");
    let chain: Vec<(Option<Resource>, bool)> =
        phase.chain.iter().map(|link| (link.resource, link.cause)).collect();
    assert_eq!(chain[0], (Some(Resource::Batches { stream: 0 }), true), "{:?}", phase.chain);
    assert!(
        chain.iter().any(|link| link.0 == Some(Resource::StreamRecords { stream: 0 })),
        "{:?}",
        phase.chain
    );
    assert!(
        phase.chain[0].text.starts_with("batches of `scores` full (1 at once, up to "),
        "{:?}",
        phase.chain
    );
    let function = "shards = 1\nworkers = \"update\"\ntime = \"10ms\"";
    assert_eq!(
        warned("6667us", "400s", STEP, function),
        [
            "the records of stream `scores` at 0s ask for 1.5 times what function `update` does with 1 batch at once"
        ]
    );
    // A function that keeps up is no trouble, and warned of nothing.
    let calm = worked("20ms", "400s", "");
    assert!(calm.phases.iter().all(|phase| !phase.trouble), "{:?}", calm.phases);
    assert!(warned("20ms", "400s", STEP, function).is_empty());
    // 200 a second for four seconds are four seconds late, and the polls of a second are part of that. For ten seconds they are ten seconds late, and nobody catches up.
    assert!(warned("5ms", "4s", STEP, function).is_empty());
    assert_eq!(warned("5ms", "10s", STEP, function).len(), 1);
}

/// 100 records a second of one key, each 20 ms, in batches of 10: the one lane that has them does 50 a second, half of that, however many lanes there are.
#[test]
fn a_hot_key_has_one_lane() {
    let step = "{ put_record = \"scores\", keys = { count = 1 } }";
    let stream = "shards = 1\nparallelization_factor = 10\nworkers = \"update\"\ntime = \"20ms\"\nbatch = 10";
    let outcome = put("10ms", "400s", step, stream);
    let batches = outcome.headroom.iter().find(|it| it.of == Resource::Batches { stream: 0 }).unwrap();
    assert!(batches.saturated, "{batches:?}");
    assert!((outcome.timeline.streams[0].batches_percent[200] - 100.0).abs() < 1e-6);
    assert!((outcome.timeline.streams[0].lanes_percent[200] - 100.0).abs() < 1e-6);
    let phase = outcome.phases.iter().find(|phase| phase.trouble).expect("late records are trouble");
    assert_eq!(phase.chain[0].resource, Some(Resource::Batches { stream: 0 }), "{:?}", phase.chain);
    let text = &phase.chain[0].text;
    assert!(text.contains("full (one at a time of a hot key, up to "), "{text}");
    assert_eq!(
        warned("10ms", "400s", step, stream),
        [
            "the records of the most popular key of stream `scores` at 0s ask for 2 times what function `update` does with one batch at a time"
        ]
    );
    // In a minute they are half a minute late, and nobody catches up.
    let minute = put("10ms", "60s", step, stream);
    let phase = minute.phases.iter().find(|phase| phase.trouble).expect("it falls behind until the end");
    assert!(phase.chain[0].cause && phase.chain[0].resource == Some(Resource::Batches { stream: 0 }));
    assert_eq!(warned("10ms", "60s", step, stream).len(), 1);
    // Any keys use all lanes: a fifth of what they do.
    let even = put("10ms", "400s", STEP, stream);
    let batches = even.headroom.iter().find(|it| it.of == Resource::Batches { stream: 0 }).unwrap();
    assert!((3.5..=5.1).contains(&batches.as_it_stood.multiplier.unwrap()), "{batches:?}");
    assert!(warned("10ms", "400s", STEP, stream).is_empty());
}

/// Three who share what a shard gives read 100 records of 10 KiB a second each: 3,072,000 bytes of 2,097,152. A second each of 0.32 s is missing.
#[test]
fn more_bytes_than_a_shard_gives_are_warned_of_and_told() {
    let step = "{ put_record = \"scores\", size = \"10 KiB\" }";
    let of = |readers: &str| {
        format!("shards = 1\nreaders = {readers}\nworkers = \"update\"\ntime = \"1ms\"\nbatch = 1000")
    };
    assert_eq!(
        warned("10ms", "60s", step, &of("2")),
        [
            "the 3 consumers of stream `scores` that share what its shards give ask for 1.46 times the 2 MiB a second of 1 shard at 0s"
        ]
    );
    let outcome = put("10ms", "60s", step, &of("2"));
    let phase = outcome.phases.iter().find(|phase| phase.trouble).expect("they fall behind until the end");
    let resources: Vec<Option<Resource>> = phase.chain.iter().map(|link| link.resource).collect();
    assert!(resources.contains(&Some(Resource::ShardReads { stream: 0 })), "{:?}", phase.chain);
    assert!(resources.contains(&Some(Resource::StreamRecords { stream: 0 })), "{:?}", phase.chain);
    // One reader less, or fan-outs for them, and nothing is missing.
    for readers in ["1", "{ count = 2, fan_out = true }"] {
        assert!(warned("10ms", "60s", step, &of(readers)).is_empty(), "{readers}");
        let calm = put("10ms", "60s", step, &of(readers));
        assert!(calm.phases.iter().all(|phase| !phase.trouble), "{readers}: {:?}", calm.phases);
    }
}

/// A record that fails for good is told as such.
#[test]
fn a_blocked_shard_is_told() {
    let outcome = worked("1s", "300s", "poison = \"100%\"");
    let phase = outcome.phases.iter().find(|phase| phase.trouble).unwrap();
    let text = &phase.chain.last().unwrap().text;
    assert!(text.contains("records of `scores`") && text.contains("invocations failed"), "{text}");
}

/// 500 records a second are half of what a shard takes, and 600 bytes each 29 % of its bytes; at 10 ms each a hundred lanes work on 5 % of it.
#[test]
fn the_headroom_of_shards_is_what_they_take() {
    let step = "{ put_record = \"scores\", size = \"600 B\" }";
    let outcome = put("2ms", "60s", step, "shards = 1\nworkers = \"update\"\ntime = \"1ms\"");
    let full_at = |of: Resource| {
        outcome.headroom.iter().find(|it| it.of == of).and_then(|it| it.as_it_stood.multiplier)
    };
    let records = full_at(Resource::ShardRecords { stream: 0 }).unwrap();
    assert!((records - 2.0).abs() < 0.02, "{records}");
    let bytes = full_at(Resource::ShardBytes { stream: 0 }).unwrap();
    assert!((bytes - 1_048_576.0 / 300_000.0).abs() < 0.05, "{bytes}");
    let batches = full_at(Resource::Batches { stream: 0 }).unwrap();
    assert!((batches - 2.0).abs() < 0.1, "{batches}");
    let reads = full_at(Resource::ShardReads { stream: 0 }).unwrap();
    assert!((reads - 2.0 * 1_048_576.0 / 300_000.0).abs() < 0.1, "{reads}");
    // With three others who share what the shard gives it is a fourth of that: less than what the shard takes.
    let shared = put("2ms", "60s", step, "shards = 1\nworkers = \"update\"\ntime = \"1ms\"\nreaders = 3");
    let found = shared.headroom.iter().find(|it| it.of == Resource::ShardReads { stream: 0 }).unwrap();
    let reads = found.as_it_stood.multiplier.unwrap();
    assert!((reads - 2.0 * 1_048_576.0 / 1_200_000.0).abs() < 0.03, "{reads}");
}

/// What can be known before a run.
#[test]
fn too_few_shards_hot_keys_and_too_many_calls_are_warned_of() {
    let of = |step: &str, stream: &str| warned("500us", "20s", step, stream);
    assert_eq!(
        of(STEP, "shards = 1"),
        [
            "the traffic at 0s asks for 2 times the 1,000 records a second that 1 shard of stream `scores` takes"
        ]
    );
    assert!(of(STEP, "shards = 2").is_empty());
    let hot = of("{ put_record = \"scores\", keys = { count = 1 } }", "shards = 4");
    assert_eq!(
        hot,
        [
            "the traffic at 0s asks for 2 times the 1,000 records a second that one partition key of stream `scores` can have"
        ]
    );
    let small = "{ put_record = \"scores\", size = \"100 B\" }";
    let calls = of(small, "shards = 4\nreaders = 6");
    assert_eq!(
        calls,
        ["the consumers of stream `scores` read each shard 6 times a second, and it takes 5 calls"]
    );
    assert!(of(STEP, "shards = 4\nreaders = { count = 6, fan_out = true }").is_empty());
}

/// An alarm sees the iterator age, and objectives bound it.
#[test]
fn an_alarm_and_an_objective_see_the_iterator_age() {
    let stream = "shards = 1\nworkers = \"update\"\ntime = \"10ms\"";
    let more = "[alarm.late]\nmetric = \"stream.scores.iterator_age\"\nabove = 30\nperiod = \"1m\"\nperiods = 1\n\
                [alarm.busy]\nmetric = \"stream.scores.incoming_records\"\nabove = 140\nperiod = \"1m\"\nperiods = 1\n\
                [objectives]\niterator_age = \"p99 < 10s\"\nstream_throttled = \"< 1%\"\nrecords_lost = \"scores < 1%\"\n";
    let of = |interval: &str| {
        let outcome = run(&(scenario(interval, "400s", STEP, stream) + more), 1);
        let on = outcome.alarms.iter().filter(|it| it.to == AlarmState::Alarm).map(|it| it.alarm.clone());
        (on.collect::<Vec<_>>(), outcome.objectives.iter().map(|it| it.met).collect::<Vec<_>>())
    };
    let (alarms, met) = of("6667us");
    assert_eq!((alarms.len(), met), (2, vec![false, true, true]));
    assert_eq!(of("20ms"), (vec![], vec![true, true, true]));
}

/// A hundred records of 100 ms in an invocation that ends after 3 s: none is ever done, which is warned of and told. Thirty of them take 3 s, and are in time.
#[test]
fn batches_that_outlast_their_function_are_warned_of_and_trouble() {
    let text = |batch: u32| {
        let stream = format!("shards = 1\nworkers = \"update\"\ntime = \"100ms\"\nbatch = {batch}");
        scenario("10ms", "60s", STEP, &stream).replace("900s", "3s")
    };
    let warned = |batch: u32| -> Vec<String> {
        let found = simcap::warning::of_scenario(&crate::run::scenario(&text(batch)), 1).into_iter();
        found.filter(|it| it.code == Code::WorkOutlastsTimeout).map(|it| it.message).collect()
    };
    assert_eq!(
        warned(100),
        [
            "the 100 records of a batch from stream `scores` take 10s of work, longer than the `timeout` of function `update`, 3s"
        ]
    );
    assert!(warned(30).is_empty());
    let outcome = run(&text(100), 1);
    assert_eq!(outcome.streams[0].worked, 0.0);
    let phase = outcome.phases.iter().find(|phase| phase.trouble).expect("trouble");
    assert!(phase.sentence.contains("invocations failed"), "{}", phase.sentence);
}
