//! The page of rules quotes numbers of the code: each is compared with its constant.
//!
//! In: words of `rules.md` and the constant that they state. Out: a failure if they differ.

use super::connect::FIRST_RETRANSMISSION;
use crate::kind::balancer::language::CONNECT_TIMEOUT;
use crate::kind::database::language::COMMIT;
use crate::kind::database::{BUFFER_POOL_SHARE, PAGE};
use crate::kind::scaling::language::shapes::{HIGH_PERIODS, LOW_PERIODS, LOW_SHARE};

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
    let page: String = include_str!("rules.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let secs = |nanos: u64| nanos / 1_000_000_000;
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
        format!("InnoDB's are {} KiB", PAGE / 1024),
        format!("{} quarters of memory hold them", in_words((4.0 * BUFFER_POOL_SHARE) as u32)),
        format!("{} milliseconds for a commit across zones", in_words(commit as u32)),
    ];
    for quote in quotes {
        assert!(page.contains(&quote), "the page does not say: {quote}");
    }
}
