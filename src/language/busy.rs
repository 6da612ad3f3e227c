//! CPU time as people know it: `"50/s at 80%"`, the rate of requests at which an instance was so busy. In: the text of a demand. Out: what
//! it says, and the text with a time in its place.
//!
//! By the utilisation law the busy share of an instance is the rate times the CPU time of a request over what the instance does in a
//! second, so that time is share × work / rate. Source: Lazowska, Zahorjan, Graham, Sevcik, "Quantitative System Performance", 1984,
//! section 3.2.

use super::budget::error;
use crate::units::{RATE_MAX, Rate, Time, UnitError, parse_percent, parse_rate};

/// What to write.
const HINT: &str =
    "write \"50/s at 80%\" of the instance that the step runs on, or \"50/s at 80% on m5.large\"";

/// How busy an instance was under how many requests, somewhere in the text of a law.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Busy<'a> {
    /// What stands before it, such as `exponential`.
    before: &'a str,
    /// Requests per second.
    rate: Rate,
    /// Busy share of the CPU of the instance.
    pub(crate) share: f64,
    /// The instance type, if it is another one than that of the step.
    pub(crate) on: Option<&'a str>,
    /// What stands after it, such as `cv 0.5`.
    after: &'a str,
}

/// Whether a text has a rate in it, as no other law does but by the name of a file.
pub(crate) fn is_in(text: &str) -> bool {
    let names_file = ["empirical", "replay"].iter().any(|law| text.trim_start().starts_with(law));
    !names_file && text.split_whitespace().any(is_rate)
}

fn is_rate(word: &str) -> bool {
    let is_unit = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphabetic());
    word.starts_with(|it: char| it.is_ascii_digit())
        && word.split_once('/').is_some_and(|(_, unit)| is_unit(unit))
}

impl<'a> Busy<'a> {
    /// Reads a text that has a rate in it.
    pub(crate) fn parse(text: &'a str) -> Result<Busy<'a>, UnitError> {
        let mut words = Words { text, at: 0 };
        let before_end = loop {
            let start = words.at;
            let word = words.next().ok_or_else(|| error(format!("`{text}` has no rate"), HINT))?;
            if is_rate(word) {
                words.at = start;
                break start;
            }
        };
        let written = words.next().unwrap_or_default();
        let rate = parse_rate(written)?;
        if rate.0 <= 0.0 || rate > RATE_MAX {
            return Err(error(
                format!("a rate of {rate} here"),
                format!("above zero, and at most {RATE_MAX}"),
            ));
        }
        let (mut share, mut on) = (None, None);
        loop {
            let start = words.at;
            match words.next() {
                Some("at") if share.is_none() => share = Some(words.share()?),
                Some("on") if on.is_none() => on = Some(words.instance()?),
                _ => {
                    words.at = start;
                    break;
                }
            }
        }
        let share = share
            .ok_or_else(|| error(format!("`{written}` does not say how busy the instance was"), HINT))?;
        let on = on.flatten();
        Ok(Busy { before: text[..before_end].trim(), rate, share, on, after: text[words.at..].trim() })
    }

    /// The text of the law with the CPU time of a request in place of the rate; `work` is what the instance does in a second while so
    /// busy, in vCPU-seconds of strength 1.
    pub(crate) fn law(&self, work: f64) -> String {
        let time = Time::from_secs_f64(work / self.rate.0);
        self.with(&format!("{}ns", time.0))
    }

    /// The same text for requests that take so many times as much CPU.
    pub(super) fn times(&self, factor: f64, short: impl Fn(f64) -> f64) -> String {
        let on = self.on.map(|name| format!(" on {name}")).unwrap_or_default();
        self.with(&format!("{}/s at {}%{on}", short(self.rate.0 / factor), short(100.0 * self.share)))
    }

    fn with(&self, middle: &str) -> String {
        let parts = [self.before, middle, self.after];
        Vec::from_iter(parts.into_iter().filter(|it| !it.is_empty())).join(" ")
    }
}

/// The words of a text, with the place after the last one.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let start = rest.find(|it: char| !it.is_whitespace())?;
        let length = rest[start..].find(char::is_whitespace).unwrap_or(rest.len() - start);
        self.at += start + length;
        Some(rest[start..start + length].trim_end_matches(','))
    }

    /// The next word, if it is one of these.
    fn one_of(&mut self, words: &[&str]) -> bool {
        let start = self.at;
        let is_one = self.next().is_some_and(|it| words.contains(&it));
        if !is_one {
            self.at = start;
        }
        is_one
    }

    /// What follows `at`: `80%`, `80 %`, `80 % CPU`.
    fn share(&mut self) -> Result<f64, UnitError> {
        let percent = self.next().unwrap_or_default();
        let unit = if !percent.ends_with('%') && self.one_of(&["%"]) { "%" } else { "" };
        let share = parse_percent(&format!("{percent}{unit}"))?;
        if share <= 0.0 {
            return Err(error("an instance that was not busy at all says nothing of a request", HINT));
        }
        self.one_of(&["of"]);
        self.one_of(&["CPU", "cpu"]);
        Ok(share)
    }

    /// What follows `on`: an instance type, or `this instance`, which is that of the step.
    fn instance(&mut self) -> Result<Option<&'a str>, UnitError> {
        self.one_of(&["a", "an", "the"]);
        match self.next() {
            Some("this") if self.one_of(&["instance"]) => Ok(None),
            Some(name) => Ok(Some(name)),
            None => Err(error("`on` names no instance type", HINT)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law(text: &str, work: f64) -> String {
        Busy::parse(text).unwrap().law(work)
    }

    #[test]
    fn a_time_takes_the_place_of_the_rate() {
        // 0.8 × 2 vCPUs / 50 = 32 ms.
        assert_eq!(law("50/s at 80%", 1.6), "32000000ns");
        assert_eq!(law("  exponential 3000/min at 80 % ", 1.6), "exponential 32000000ns");
        assert_eq!(law("lognormal 50/s at 80% on m5.large cv 0.5", 1.6), "lognormal 32000000ns cv 0.5");
        let busy = Busy::parse("lognormal 50/s at 80 % on m5.large cv 0.5").unwrap();
        assert_eq!((busy.share, busy.on), (0.8, Some("m5.large")));
        assert_eq!(Busy::parse("50/s at 80%").unwrap().on, None);
        for same in
            ["50/s on this instance at 80 % CPU", "50/s at 80% cpu on this instance", "50/s, at 80% of CPU"]
        {
            assert_eq!(law(same, 1.6), "32000000ns", "{same}");
        }
        let busy = Busy::parse("lognormal 50/s on m5.large at 80 % CPU cv 0.5").unwrap();
        assert_eq!((busy.share, busy.on, busy.after), (0.8, Some("m5.large"), "cv 0.5"));
        assert!(!is_in("lognormal 6ms cv 0.5") && !is_in("empirical 5/s") && is_in("erlang-4 5/s"));
    }

    #[test]
    fn more_work_for_a_request_is_a_lower_rate() {
        let times = |text: &str| Busy::parse(text).unwrap().times(1.25, |it| it);
        assert_eq!(times("50/s at 80%"), "40/s at 80%");
        assert_eq!(times("exponential 600/min at 50% on m5.large"), "exponential 8/s at 50% on m5.large");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let message = |text: &str| Busy::parse(text).unwrap_err().message;
        assert_eq!(message("50/s"), "`50/s` does not say how busy the instance was");
        assert_eq!(message("50/s by 80%"), "`50/s` does not say how busy the instance was");
        assert_eq!(message("0/s at 80%"), "a rate of 0/s here");
        assert_eq!(message("50/s at 0%"), "an instance that was not busy at all says nothing of a request");
        assert_eq!(message("50/s at 80% on"), "`on` names no instance type");
        for wrong in ["50/fortnight at 80%", "50/s at", "50/s at 80", "50/s at 180%", "50/s at %"] {
            assert!(Busy::parse(wrong).is_err(), "{wrong}");
        }
    }
}
