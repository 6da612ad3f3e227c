//! The page of rules quotes numbers of the code: each is compared with its constant.
//!
//! In: words of `rules.md`, here and of the kinds, and the constant that they state. Out: a failure if they differ.

use super::connect::FIRST_RETRANSMISSION;
use super::users::{ANSWERED, IN_VAIN};
use crate::kind::RULES;
use crate::kind::balancer::language::CONNECT_TIMEOUT;
use crate::kind::database::BUFFER_POOL_SHARE;
use crate::kind::database::language::COMMIT;
use crate::kind::database::language::Engine;
use crate::kind::fleet::language::pool;
use crate::kind::fleet::language::shapes::{BOOT_CPU, HEARTBEAT, HEARTBEAT_RANGE, HEARTBEATS_MAX, HOOK_MAX};
use crate::kind::queue::language::shapes::{FIFO_CALLS, LATENCY};
use crate::kind::scaling::language::shapes::{HIGH_PERIODS, LOW_PERIODS, LOW_SHARE};
use crate::number;
use crate::scenario::availability::{DOWN, INTERVAL};

/// A whole number in words.
fn in_words(number: u32) -> &'static str {
    const WORDS: [&str; 16] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen",
    ];
    WORDS[number as usize]
}

#[test]
fn the_rules_quote_the_numbers_of_the_code() {
    // Lines of the page may break anywhere.
    let page: String = RULES.concat().split_whitespace().collect::<Vec<_>>().join(" ");
    let secs = |nanos: u64| nanos / 1_000_000_000;
    // The name of a unit of so many nanoseconds.
    let unit = |nanos: u64| match nanos {
        1_000 => "microsecond",
        1_000_000 => "millisecond",
        other => panic!("{other} ns have no name"),
    };
    let range = [HEARTBEAT_RANGE.start(), HEARTBEAT_RANGE.end()].map(|it| number::count(secs(it.0)));
    let commit = COMMIT.value.mean().0 / 1_000_000;
    let quotes = [
        format!("after {} points of a minute beyond it", in_words(HIGH_PERIODS.value)),
        format!("in after {} below {LOW_SHARE} of it", in_words(LOW_PERIODS.value)),
        format!(
            "sent again after {0} s, {1} s, {2} s",
            secs(FIRST_RETRANSMISSION),
            secs(2 * FIRST_RETRANSMISSION),
            secs(4 * FIRST_RETRANSMISSION)
        ),
        format!("No connection within {} seconds", in_words((CONNECT_TIMEOUT.0 / 1_000_000_000) as u32)),
        format!(
            "InnoDB's are {} KiB and those of PostgreSQL {} KiB",
            Engine::Mysql.page().0 / 1024,
            Engine::Postgres.page().0 / 1024
        ),
        format!("{} quarters of memory hold them", in_words((4.0 * BUFFER_POOL_SHARE) as u32)),
        format!(
            "heartbeat timeout ({} s, from {} s to {} s)",
            number::count(secs(HEARTBEAT.value.0)),
            range[0],
            range[1]
        ),
        format!("over after {HEARTBEATS_MAX} timeouts or {} h", secs(HOOK_MAX.0) / 3_600),
        format!("CPU of booting ({} busy vCPU by default)", in_words(BOOT_CPU.value as u32)),
        format!("connections of a pool does not start: {} by default", in_words(pool::MINIMUM.value)),
        format!("It takes {} calls a second of each action", FIFO_CALLS.value.0),
        format!("a call takes {} ms, half there and half back", LATENCY.value.0 / 1_000_000),
        format!("a user fails at most once a {}, retries included", unit(IN_VAIN)),
        format!("is answered at most once a {}", unit(ANSWERED)),
        format!("intervals of {} minutes", in_words((INTERVAL.value.0 / 60_000_000_000) as u32)),
        format!("more than {} % of the requests", DOWN.value.trim_end_matches('%')),
        format!("A year has {} minutes", number::number(number::MINUTES_OF_A_YEAR)),
        format!("{} milliseconds for a commit across zones", in_words(commit as u32)),
    ];
    for quote in quotes {
        assert!(page.contains(&quote), "the page does not say: {quote}");
    }
}
