//! A bounded fuzzer with a fixed seed: the good files with bytes, values and lines changed.
//!
//! Every mutant gives a page or a scenario; some of the scenarios are run for a moment. `tests/fuzz/` does the same,
//! guided by coverage, for as long as you like.

use std::fs;
use std::path::Path;

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use simcap::scenario::Scenario;
use simcap::scenario::traffic::{Pattern, Source};
use simcap::units::Time;

use super::{read, sound};

const MUTANTS: usize = 4_000;
const RUNS: usize = 300;

/// Values of every type, at the ends of their ranges and beyond, that replace others.
const VALUES: [&str; 58] = [
    "0",
    "1",
    "-1",
    "2",
    "100",
    "1000000",
    "50000000",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "0.0",
    "-0.0",
    "1e-300",
    "5e-324",
    "1e300",
    "1e400",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "0xff",
    "0b1",
    "1_0",
    "true",
    "false",
    "[]",
    "{}",
    "\"\"",
    "\"0s\"",
    "\"1ns\"",
    "\"1ms\"",
    "\"1s\"",
    "\"36500d\"",
    "\"-1s\"",
    "\"1\"",
    "\"99999999999999999999s\"",
    "\"0/s\"",
    "\"10000k/s\"",
    "\"0.000001/d\"",
    "\"0%\"",
    "\"100%\"",
    "\"101%\"",
    "\"0 B\"",
    "\"1 B\"",
    "\"1048576 TiB\"",
    "\"never\"",
    "\"unlimited\"",
    "\"exponential 36500d\"",
    "\"lognormal 1ms cv 100\"",
    "\"gamma 1ms cv 1e-200\"",
    "\"replay arrivals.csv column cpu_us unit us\"",
    "\"web\"",
    "\"nobody\"",
    "1979-05-27T07:32:00Z",
    "[[\"0s\", 1]]",
    "[[\"5s\", \"1/s\"], [\"1s\", \"9/s\"]]",
    "\"\\u0000é\u{10ffff}\"",
];

type Chance = Xoshiro256PlusPlus;

fn pick<'a, T: ?Sized>(chance: &mut Chance, list: &[&'a T]) -> &'a T {
    list[chance.random_range(0..list.len())]
}

/// Every good file.
fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests/it/good", "scenarios", "scenarios/reference"] {
        files.extend(fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    assert!(files.len() >= 8);
    files.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The ranges of text after an equals sign or between commas.
fn values(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '=' | '[' => start = Some(at + 1),
            ',' | ']' | '}' | '\n' | '#' => {
                if let Some(from) = start.take()
                    && !text[from..at].trim().is_empty()
                {
                    found.push((from, at));
                }
                start = (c == ',').then_some(at + 1);
            }
            _ => {}
        }
    }
    found
}

/// The value with another number in it and the same unit.
fn renumbered(value: &str, chance: &mut Chance) -> String {
    let Some(start) = value.find(|c: char| c.is_ascii_digit()) else { return value.to_owned() };
    let rest = &value[start..];
    let end = start + rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = pick(chance, &["0", "1", "2", "3", "10", "97", "1000", "65536", "0.001", "0.5", "000"]);
    format!("{}{number}{}", &value[..start], &value[end..])
}

/// Makes one change.
fn mutate(text: &str, others: &[String], chance: &mut Chance) -> Vec<u8> {
    let lines: Vec<&str> = text.lines().collect();
    let line =
        |chance: &mut Chance| chance.random_range(0..lines.len().max(1)).min(lines.len().saturating_sub(1));
    let joined = |lines: Vec<&str>| (lines.join("\n") + "\n").into_bytes();
    match chance.random_range(0..11u32) {
        // Mostly a value: that keeps the file valid.
        0..=5 => {
            let values = values(text);
            if values.is_empty() {
                return text.into();
            }
            let (from, to) = values[chance.random_range(0..values.len())];
            let value = match chance.random_range(0..6u32) {
                0 => {
                    let (from, to) = values[chance.random_range(0..values.len())];
                    text[from..to].to_owned()
                }
                1 | 2 => pick(chance, &VALUES).to_owned(),
                _ => renumbered(&text[from..to], chance),
            };
            format!("{}{value}{}", &text[..from], &text[to..]).into_bytes()
        }
        6 => {
            let mut bytes = text.as_bytes().to_vec();
            for _ in 0..chance.random_range(1..8u32) {
                let at = chance.random_range(0..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = (chance.next_u64() >> 56) as u8;
                }
            }
            bytes
        }
        7 => {
            let gone = line(chance);
            joined(lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect())
        }
        8 => {
            let (from, to) = (line(chance), line(chance));
            let mut lines = lines.clone();
            lines.insert(to, lines[from]);
            joined(lines)
        }
        9 => {
            let (one, other) = (line(chance), line(chance));
            let mut lines = lines.clone();
            lines.swap(one, other);
            joined(lines)
        }
        _ => {
            let other = &others[chance.random_range(0..others.len())];
            let strange: Vec<&str> = other.lines().collect();
            let mut lines = lines.clone();
            lines.insert(line(chance), strange[chance.random_range(0..strange.len())]);
            joined(lines)
        }
    }
}

/// Reduces a scenario to a moment of moderate size; `None` if it would still take long or use much memory.
fn moment(mut scenario: Scenario) -> Option<Scenario> {
    let span = Time::from_millis(300);
    scenario.duration = scenario.duration.min(span);
    scenario.bucket = scenario.bucket.min(Time::from_millis(50));
    scenario.warmup = Time::ZERO;
    let keys: u64 = scenario.key_spaces.iter().map(|space| u64::from(space.count)).sum();
    let instances: u32 = scenario.fleets.iter().map(|fleet| fleet.max.max(fleet.desired)).sum();
    let users: u32 = scenario.sources.iter().map(users).sum();
    (keys < 4_000_000 && instances < 2_000 && users < 100_000).then_some(scenario)
}

fn users(source: &Source) -> u32 {
    match &source.pattern {
        Pattern::Users(users) => users.most(),
        _ => 0,
    }
}

#[test]
fn mutants_of_good_files_get_a_page_or_run() {
    let seeds = seeds();
    let mut chance = Chance::seed_from_u64(20_231_124);
    let (mut pages, mut scenarios, mut ran) = (0, 0, 0);
    for round in 0..MUTANTS {
        let mut text = seeds[chance.random_range(0..seeds.len())].clone();
        let mut bytes = Vec::new();
        for _ in 0..chance.random_range(1..3u32) {
            bytes = mutate(&text, &seeds, &mut chance);
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        match read(&bytes) {
            Err(_) => pages += 1,
            Ok(scenario) => {
                scenarios += 1;
                if ran < RUNS
                    && let Some(scenario) = moment(scenario)
                {
                    ran += 1;
                    sound(&scenario, round as u64);
                }
            }
        }
    }
    // A fuzzer whose mutants are all refused, or all accepted, tests little.
    assert!(pages > MUTANTS / 3 && scenarios > MUTANTS / 10 && ran == RUNS, "{pages} {scenarios} {ran}");
}
