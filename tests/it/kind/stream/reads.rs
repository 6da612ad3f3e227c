//! What shards give: calls and bytes a second, shared by all who read, and fan-outs of their own.

use super::{STEP, is_conserved, put, worked};

/// Six applications read the only shard in turn, each once a second: a call each sixth of a second, where five sixths of one come back. Five are saved up, so that the 26th call
/// is the first that is throttled, at 4.17 s, and then each sixth one. In 20 s there are 120 calls, or 121 with that at the very end.
#[test]
fn a_shard_takes_five_calls_a_second() {
    let outcome = put("100ms", "20s", STEP, "shards = 1\nreaders = 6");
    let stream = &outcome.streams[0];
    assert!((120.0..=121.0).contains(&stream.reads), "{stream:?}");
    assert_eq!(stream.reads_throttled, 16.0);
    let five = put("100ms", "20s", STEP, "shards = 1\nreaders = 5");
    assert_eq!(five.streams[0].reads_throttled, 0.0);
    // That is always the same one: it read until 3.17 s, has not got the record of 3.2 s, and falls behind by a second each second.
    let age = &outcome.timeline.streams[0].iterator_age_s;
    assert!((age[9] - 6.8).abs() < 0.01 && (age[18] - 15.8).abs() < 0.01, "{age:?}");
    assert!(five.timeline.streams[0].iterator_age_s.iter().all(|age| *age <= 1.0));
    // More calls, or rarer ones.
    let with =
        |more: &str| put("100ms", "20s", STEP, &format!("shards = 1\n{more}")).streams[0].reads_throttled;
    assert_eq!(with("readers = 6\nshard = { calls = \"6/s\" }"), 0.0);
    assert_eq!(with("readers = { count = 6, interval = \"2s\" }"), 0.0);
}

/// 8 records of 120 KiB a second are 0.94 MiB; three applications would read 2.8 MiB of a shard that gives 2. Two can, and so can any number with a fan-out of their own.
#[test]
fn a_shard_gives_two_mebibytes_a_second() {
    let step = "{ put_record = \"scores\", size = \"120 KiB\" }";
    let with = |readers: &str| put("125ms", "60s", step, &format!("shards = 1\nreaders = {readers}"));
    let age = |readers: &str| {
        let outcome = with(readers);
        outcome.timeline.streams[0].iterator_age_s.iter().copied().fold(0.0, f64::max)
    };
    assert!(age("2") <= 1.0 && with("2").streams[0].reads_throttled == 0.0);
    let three = with("3");
    assert!(three.streams[0].reads_throttled > 10.0 && age("3") > 5.0);
    // No more is read than the shard gives, and what a call is larger than what is left.
    let read: f64 = three.timeline.streams[0].read_mib.iter().sum();
    assert!(read <= 2.0 * 60.0 + 2.0 + 10.0, "{read}");
    let fan_out = "{ count = 3, fan_out = true }";
    assert!(age(fan_out) <= 0.2 && with(fan_out).streams[0].reads == 0.0);
    let read: f64 = with(fan_out).timeline.streams[0].read_mib.iter().sum();
    assert!((read - 3.0 * 60.0 * 8.0 * 120.0 / 1_024.0).abs() < 4.0, "{read}");
}

/// Lambda reads at 1 s, 2 s …; records come every 250 ms. What comes at the instant of a read is in the next one, so the last one is 250 ms old.
#[test]
fn a_shard_is_polled_once_a_second() {
    let outcome = worked("250ms", "10s", "");
    let stream = &outcome.streams[0];
    // A histogram has three significant digits.
    assert!((stream.iterator_age_ms.p50 - 250.0).abs() < 0.5, "{stream:?}");
    assert!(is_conserved(stream));
    // The first read finds nothing; nine find records, of which the first has one less.
    assert_eq!((stream.batches, stream.worked), (9.0, 3.0 + 8.0 * 4.0));
    let often = worked("250ms", "10s", "poll_interval = \"500ms\"");
    assert_eq!(often.streams[0].batches, 19.0);
}

/// With a fan-out each record is there after 70 ms, alone, and nobody polls.
#[test]
fn with_a_fan_out_records_are_pushed_after_seventy_milliseconds() {
    let outcome = worked("250ms", "10s", "fan_out = true");
    let stream = &outcome.streams[0];
    assert!(
        (stream.iterator_age_ms.max - 70.0).abs() < 0.1 && (stream.iterator_age_ms.mean - 70.0).abs() < 0.1
    );
    assert_eq!((stream.reads, stream.batches), (0.0, stream.worked));
    assert!(stream.worked >= 38.0 && is_conserved(stream));
}

/// Records of 1 MiB come once a second, and are read every 25 s: a call gives ten of them, however many there are.
#[test]
fn a_call_gives_ten_mebibytes_at_most() {
    let step = "{ put_record = \"scores\", size = \"1 MiB\" }";
    let outcome = put("1s", "60s", step, "shards = 1\nreaders = { count = 1, interval = \"25s\" }");
    // At 25 s it reads ten of 24, and at 50 s ten more.
    let read = &outcome.timeline.streams[0].read_mib;
    assert_eq!((read[25], read[50]), (10.0, 10.0));
    assert_eq!(outcome.streams[0].reads, 3.0);
}
