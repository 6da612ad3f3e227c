//! Functions that work on records: batches, windows, how far they fall behind, what becomes of those that fail.

use super::{STEP, is_conserved, put, scenario, worked};
use crate::run::run;

/// 120 records a second for a minute, of which one lane works on 100. By the fluid: at 60 s the one in turn is the 6,000th of 7,200, which came at 50 s, so it is 10 s old;
/// 1,200 wait, which take 12 s, so that the last one is 12 s old. It is handed over with its batch, up to a second before, and found by a poll up to a second after it came.
#[test]
fn a_function_that_is_too_slow_falls_behind_as_a_fluid_does() {
    let rate = "rate = [[\"0s\", \"120/s\"], [\"60s\", \"120/s\"], [\"60s\", \"0/s\"], [\"120s\", \"0/s\"]]";
    let of = |more: &str| {
        let text = scenario(
            "1s",
            "120s",
            STEP,
            &format!("shards = 1\nworkers = \"update\"\ntime = \"10ms\"\n{more}"),
        );
        let text = text.replace("interarrival = \"1s\"", rate);
        run(&text, 3)
    };
    let outcome = of("");
    let (stream, rows) = (&outcome.streams[0], &outcome.timeline.streams[0]);
    // Arrivals are a Poisson process: their number is 7,200 but for some 85, which is some 0.9 s of work.
    let behind = stream.records / 100.0 - 60.0;
    let age = &rows.iterator_age_s;
    assert!((age[59] - behind * 60.0 / (60.0 + behind)).abs() < 1.5, "{behind} {age:?}");
    assert!((age[29] - 5.0).abs() < 1.5, "{age:?}");
    let most = age.iter().copied().fold(0.0, f64::max);
    assert!((behind - 1.1..=behind + 1.1).contains(&most), "{behind} {most}");
    let end = 60.0 + behind;
    let gone = age.iter().skip(61).position(|age| *age == 0.0).unwrap() as f64 + 61.0;
    assert!((gone - end).abs() <= 3.0, "{gone} {end}");
    assert!(is_conserved(stream) && stream.left == 0.0);
    assert!((rows.batches_percent[30] - 100.0).abs() < 0.1);
    // Twice the lanes or twice the shards work on 200 a second, and nothing is ever older than a poll and some batches.
    for more in ["parallelization_factor = 4", "batch_window = \"0s\"\nparallelization_factor = 10"] {
        let age = of(more).timeline.streams[0].iterator_age_s.iter().copied().fold(0.0, f64::max);
        assert!(age < 2.5, "{more}: {age}");
    }
}

/// As many batches at once as shards times the factor, and no more.
#[test]
fn concurrency_is_shards_times_the_factor_at_most() {
    let most = |more: &str| {
        let stream = format!("workers = \"update\"\ntime = \"500ms\"\n{more}");
        put("2ms", "20s", STEP, &stream).lambdas[0].most
    };
    assert_eq!(most("shards = 1"), 1.0);
    assert_eq!(most("shards = 3"), 3.0);
    assert_eq!(most("shards = 2\nparallelization_factor = 5"), 10.0);
}

/// Records every 100 ms, read each second. From the read at 1 s on a batch waits for 5 s: at 6 s it has what was read until 5 s, 49 records, the last of which came at 4.9 s.
/// Lambda reads again when they are done, at 6.49 s, and so on until 10.49 s; at 11.49 s the next batch has the 55 records from 5 s to 10.4 s.
#[test]
fn a_batch_waits_for_its_window_or_until_it_is_full() {
    let outcome = worked("100ms", "13s", "batch_window = \"5s\"");
    let stream = &outcome.streams[0];
    assert_eq!((stream.batches, stream.worked), (2.0, 49.0 + 55.0));
    let ages = &stream.iterator_age_ms;
    assert_eq!(ages.count, 3, "two batches, and the record of 10.5 s that waits at the end");
    assert!((ages.p50 - 1_100.0).abs() < 2.0 && (ages.max - 2_500.0).abs() < 3.0, "{stream:?}");
    // With 25 a batch is full at the read of 3 s, which has 29.
    let full = worked("100ms", "4s", "batch_window = \"5s\"\nbatch = 25");
    assert_eq!((full.streams[0].batches, full.streams[0].worked), (1.0, 25.0));
}

/// Each batch takes 300 ms, and each of its records 10 ms; batches of 10 from 40 records a second take 400 ms for 10: 25 a second.
#[test]
fn a_batch_has_a_time_of_its_own() {
    let outcome = worked("25ms", "30s", "batch = 10\nbatch_time = \"300ms\"");
    let rows = &outcome.timeline.streams[0];
    let worked: f64 = rows.worked[10..20].iter().sum();
    assert!((worked - 250.0).abs() <= 10.0, "{:?}", rows.worked);
    assert!((rows.batches_percent[15] - 100.0).abs() < 1e-6);
}

/// A record every 10 s, on each of which the function fails. That of 10 s is read at 11 s; it fails at 11.01 s, 12.02 s and 14.03 s, and is given up.
#[test]
fn a_batch_is_tried_again_as_often_as_it_may() {
    let outcome = worked("10s", "19s", "poison = \"100%\"\nmaximum_retry_attempts = 2");
    let stream = &outcome.streams[0];
    assert_eq!((stream.failed, stream.discarded, stream.again, stream.worked), (3.0, 1.0, 2.0, 0.0));
    let rows = &outcome.timeline.streams[0];
    let failed: Vec<usize> = (0..19).filter(|row| rows.failed[*row] > 0.0).collect();
    let lost: Vec<usize> = (0..19).filter(|row| rows.lost[*row] > 0.0).collect();
    assert_eq!((failed, lost), (vec![11, 12, 14], vec![14]));
    assert!(is_conserved(stream));
    // It is sent at 11 s, 12.01 s and 14.02 s, and its age counts each time.
    let ages = &stream.iterator_age_ms;
    assert_eq!(ages.count, 3);
    assert!((ages.p50 - 2_010.0).abs() < 5.0 && (ages.max - 4_020.0).abs() < 5.0, "{ages:?}");
    let most = rows.iterator_age_s.iter().copied().fold(0.0, f64::max);
    assert!((most - 4.02).abs() < 0.005, "the page says the same: {most}");
}

/// Without a bound the first record blocks its shard: nothing is done, and the iterator age grows by a second each second. Fails are at 11.01, 12.02, 14.03, 18.04, 26.05,
/// 42.06 s; with a largest age of 60 s the try of 74.06 s finds it too old, and the next one gets its turn.
#[test]
fn a_record_that_fails_blocks_its_shard_until_it_is_too_old() {
    let outcome = worked("10s", "70s", "poison = \"100%\"");
    let (stream, age) = (&outcome.streams[0], &outcome.timeline.streams[0].iterator_age_s);
    assert_eq!((stream.failed, stream.worked, stream.discarded), (6.0, 0.0, 0.0));
    assert!(is_conserved(stream));
    assert!((age[39] - 30.0).abs() < 0.1 && (age[59] - 50.0).abs() < 0.1, "{age:?}");
    let aged = worked("10s", "75s", "poison = \"100%\"\nmaximum_record_age = \"60s\"");
    assert_eq!((aged.streams[0].failed, aged.streams[0].discarded), (7.0, 1.0));
}

/// One record of a hundred is poison. It blocks the shard; split, and with one try more, it is the only one that is lost.
#[test]
fn bisecting_gets_a_record_that_fails_out_of_the_way() {
    let stuck = worked("20ms", "300s", "poison = \"1%\"");
    let rows = &stuck.timeline.streams[0];
    let first = rows.failed.iter().position(|failed| *failed > 0.0).unwrap();
    assert!(first < 30 && rows.worked[first + 1..].iter().all(|worked| *worked == 0.0));
    assert!((rows.iterator_age_s[299] - (299.0 - first as f64)).abs() < 3.0, "{first}");
    // Of 15,000 records 30 are poison, give or take five standard deviations of a Poisson law.
    let split = worked("20ms", "300s", "poison = \"0.2%\"\nbisect = true\nmaximum_retry_attempts = 1");
    let stream = &split.streams[0];
    assert!((3.0..=57.0).contains(&stream.discarded), "{stream:?}");
    assert!(stream.worked > 0.95 * stream.records && is_conserved(stream));
    // Each record that is alone fails once more before it is given up.
    assert!(stream.failed > 2.0 * stream.discarded);
    // Reports say where it failed: what came before it is not done again.
    let reported = worked(
        "20ms",
        "300s",
        "poison = \"0.2%\"\nreport_failures = true\nbisect = true\nmaximum_retry_attempts = 1",
    );
    assert!(reported.streams[0].again < stream.again && is_conserved(&reported.streams[0]));
}

/// An invocation that the function does not take is no try of the batch: nothing is given up, however few tries there are.
#[test]
fn what_the_function_does_not_take_is_no_try() {
    let text = scenario(
        "1s",
        "20s",
        STEP,
        "shards = 1\nworkers = \"update\"\ntime = \"10ms\"\nmaximum_retry_attempts = 0",
    );
    let text = text.replace("[lambda.update]", "[lambda.update]\nreserved_concurrency = 0");
    let outcome = run(&text, 1);
    let stream = &outcome.streams[0];
    // Read at 2 s, and tried each second from then on.
    assert_eq!((stream.discarded, stream.worked, stream.failed), (0.0, 0.0, 0.0));
    assert!((17.0..=19.0).contains(&stream.held_off), "{stream:?}");
    assert!(is_conserved(stream));
}

/// A record that nobody has read within a day is lost, to the second: the first at 86,400 s after it came.
#[test]
fn records_are_lost_when_their_retention_ends() {
    let text = scenario(
        "600s",
        "90000s",
        STEP,
        "shards = 1\nworkers = \"update\"\ntime = \"10ms\"\npoll_interval = \"60s\"",
    );
    let text = text.replace("bucket = \"1s\"", "bucket = \"600s\"");
    let text = text.replace("[lambda.update]", "[lambda.update]\nreserved_concurrency = 0");
    let outcome = run(&text, 1);
    let stream = &outcome.streams[0];
    // 600 s, 1,200 s … 3,600 s are a day old at 90,000 s.
    assert!((5.0..=6.0).contains(&stream.expired), "{stream:?}");
    assert!(is_conserved(stream));
}

/// The steps of a record wait for what they use: a table that takes 50 writes a second holds the function, and each record that fails there fails its batch.
#[test]
fn steps_that_fail_fail_their_batch() {
    let table = "[dynamodb.board]\nread_units = 1\nwrite_units = 50\nburst = \"1s\"\nwrite_time = \"0s\"\nhop = \"0s\"\nretries = 0\n";
    let stream = "shards = 1\nworkers = \"update\"\nsteps = [{ put_item = \"board\" }]\nbatch = 10";
    let text = scenario("10ms", "60s", STEP, stream) + table;
    let outcome = run(&text, 1);
    let stream = &outcome.streams[0];
    assert!(stream.failed > 5.0 && stream.again > 0.0, "{stream:?}");
    assert!(stream.worked < 50.0 * 61.0 && is_conserved(stream));
    assert!(outcome.dynamo_tables[0].writes <= 50.0 * 61.0 + 50.0);
}

/// Nothing is lost on the way, whatever the settings.
#[test]
fn records_are_conserved() {
    let all = [
        "parallelization_factor = 3\npoison = \"5%\"\nbisect = true\nmaximum_retry_attempts = 0",
        "batch_window = \"3s\"\nbatch = 7",
        "fan_out = true\npoison = \"3%\"\nmaximum_retry_attempts = 1\nreport_failures = true",
        "readers = 4\nparallelization_factor = 10",
    ];
    for more in all {
        let outcome = worked("7ms", "60s", more);
        assert!(is_conserved(&outcome.streams[0]), "{more}: {:?}", outcome.streams[0]);
        assert!(outcome.streams[0].worked > 0.0);
    }
}

/// A stream and its function are lost with their Region from 10.5 s to 20.5 s. What is put meanwhile comes to nobody; what was there before is worked on, and what comes after.
#[test]
fn a_stream_is_lost_with_its_region_and_keeps_its_records() {
    let far = "region = \"ap-northeast-2\"";
    let stream = format!("shards = 2\nworkers = \"update\"\ntime = \"10ms\"\nbatch_window = \"3s\"\n{far}");
    let text =
        scenario("1s", "30s", STEP, &stream).replace("[lambda.update]", &format!("[lambda.update]\n{far}"));
    let fault = format!("[fault.gone]\n{far}\nat = \"10.5s\"\nfor = \"10s\"\n");
    let outcome = run(&(text.clone() + &fault), 1);
    let (stream, rows) = (&outcome.streams[0], &outcome.timeline.streams[0]);
    // Those of 11 s to 20 s of 29, or 30 with that of the very end.
    assert!((18.0..=20.0).contains(&stream.records), "{stream:?}");
    assert!(rows.worked[11..20].iter().all(|worked| *worked == 0.0), "{:?}", rows.worked);
    assert!(stream.worked + 8.0 >= stream.records && stream.worked >= 10.0, "{stream:?}");
    assert!(is_conserved(stream) && stream.expired + stream.discarded == 0.0);
    assert!(run(&text, 1).streams[0].records >= 28.0);
}
