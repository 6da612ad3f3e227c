//! Answers, checked as they come. In: texts. Out: a scenario of them, or what the language has against one.

use std::borrow::Cow;

use super::question::{QUESTIONS, Question, find};
use super::{InitError, write};
use crate::kind::database::language::Engine;
use crate::language::names::closest;
use crate::scenario::{self, ScenarioError};
use crate::text::visible;
use crate::units::{Rate, Time, parse_rate, parse_time};

/// An answer to each question, or none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    given: [Option<String>; QUESTIONS.len()],
}

impl Answers {
    /// Those of `--answer KEY=VALUE`.
    ///
    /// # Errors
    /// There is no such question, or an answer makes no scenario.
    pub fn of_arguments(arguments: &[String]) -> Result<Answers, InitError> {
        let mut given: [Option<&str>; QUESTIONS.len()] = Default::default();
        for argument in arguments {
            let (key, value) = argument.split_once('=').ok_or_else(|| InitError::NoKey(shown(argument)))?;
            let (index, question) = find(key.trim()).ok_or_else(|| InitError::NoQuestion(shown(key)))?;
            // On a terminal nothing is the usual answer; here it is rather a variable of a script that is empty.
            if value.trim().is_empty() {
                return Err(InitError::NoAnswer(question.key));
            }
            if given[index].replace(value).is_some() {
                return Err(InitError::Twice(question.key));
            }
        }
        // In the order of the questions, so that theirs does not matter.
        let mut answers = Answers::default();
        for (index, value) in given.into_iter().enumerate() {
            value.map_or(Ok(()), |value| answers.give(index, value))?;
        }
        Ok(answers)
    }

    /// Takes an answer; nothing is the usual one.
    ///
    /// # Errors
    /// The scenario with it, and with the answers before it, has a problem.
    pub fn give(&mut self, index: usize, text: &str) -> Result<(), InitError> {
        let text = match text.trim() {
            "" => self.usual(index).into_owned(),
            text => text.to_owned(),
        };
        let mut with = self.clone();
        with.given[index] = Some(text);
        with.check(index)?;
        *self = with;
        Ok(())
    }

    /// Takes an answer back.
    pub fn forget(&mut self, index: usize) {
        self.given[index] = None;
    }

    /// Takes the usual answer to each question that has none.
    pub fn or_usual(mut self) -> Answers {
        for index in self.open() {
            self.given[index] = Some(self.usual(index).into_owned());
        }
        self
    }

    /// The usual answer to a question, after the answers that there are: what a peak rises from is a part of it, however small the shop is.
    pub fn usual(&self, index: usize) -> Cow<'static, str> {
        let Question { key, default, .. } = QUESTIONS[index];
        match (key, parse_rate(self.text("peak"))) {
            ("normal", Ok(peak)) => twelfth(peak).into(),
            _ => default.into(),
        }
    }

    /// The questions without an answer.
    pub fn open(&self) -> Vec<usize> {
        (0..QUESTIONS.len()).filter(|index| self.given[*index].is_none()).collect()
    }

    /// The scenario, with the usual answers where there are none. `file` is the name that its commands have.
    ///
    /// # Errors
    /// An answer cannot be read.
    pub fn scenario(&self, file: &str) -> Result<String, InitError> {
        let all = self.clone().or_usual();
        Ok(write::scenario(&all, &all.read()?, file))
    }

    /// The language reads the whole file: it has readers for every value and knows what must fit together.
    fn check(&self, index: usize) -> Result<(), InitError> {
        let text = self.scenario("shop.toml")?;
        let Err(error) = scenario::parse("shop.toml", text.as_bytes(), std::path::Path::new(""), &[]) else {
            return Ok(());
        };
        let key = QUESTIONS[index].key;
        let problem = match &error {
            // What is missing may only be so because of what is wrong.
            ScenarioError::Invalid(report) => {
                let problems = report.problems();
                problems.iter().find(|problem| problem.code != "missing-key").or(problems.first())
            }
            ScenarioError::Unreadable { .. } => None,
        };
        Err(match problem {
            Some(problem) => refused(key, asked(&problem.message), problem.hint.as_deref().map(asked)),
            None => refused(key, error.to_string(), None),
        })
    }

    /// Whether the answer is the usual one.
    pub(super) fn is_usual(&self, key: &'static str) -> bool {
        find(key).is_some_and(|(index, _)| self.text(key) == self.usual(index))
    }

    fn text(&self, key: &'static str) -> &str {
        let (index, question) = find(key).expect("every part of the file is a question");
        self.given[index].as_deref().unwrap_or(question.default)
    }

    fn read(&self) -> Result<Parts<'_>, InitError> {
        let latency = self.text("latency");
        if parse_time(latency) == Ok(Time::ZERO) {
            let hint = "write the longest time that people should wait, such as \"500ms\"";
            return Err(refused("latency", "no page is there in no time".into(), Some(hint.into())));
        }
        let (at, hold) = spike(self.text("spike"))?;
        let (engine, class) = database(self.text("database"))?;
        Ok(Parts {
            peak: self.text("peak"),
            normal: self.text("normal"),
            at,
            hold,
            latency,
            instance: self.text("instance"),
            instances: instances(self.text("instances"))?,
            page: self.text("page"),
            hit_ratio: Some(self.text("cache")).filter(|text| !text.eq_ignore_ascii_case("none")),
            engine,
            class,
            query: self.text("query"),
        })
    }
}

/// What the file is made of.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub peak: &'a str,
    pub normal: &'a str,
    pub at: (&'a str, Time),
    pub hold: (&'a str, Time),
    pub latency: &'a str,
    pub instance: &'a str,
    pub instances: (u32, u32),
    pub page: &'a str,
    pub hit_ratio: Option<&'a str>,
    pub engine: &'a str,
    pub class: &'a str,
    pub query: &'a str,
}

/// Most characters of an answer in a message.
const SHOWN: usize = 40;

/// What somebody has typed, as a message quotes it.
fn shown(text: &str) -> String {
    let short: String = text.chars().take(SHOWN).collect();
    visible(&short).into_owned()
}

fn refused(key: &'static str, message: String, hint: Option<String>) -> InitError {
    let usual = || format!("write it as in {}", find(key).map_or("", |(_, question)| question.default));
    InitError::Answer { key, message, hint: hint.unwrap_or_else(usual) }
}

type Span<'a> = (&'a str, Time);

/// A twelfth of a rate, in the largest unit in which it is a whole number of some size.
fn twelfth(Rate(peak): Rate) -> String {
    const UNITS: [(f64, &str); 4] = [(1.0, "/s"), (60.0, "/min"), (3_600.0, "/h"), (86_400.0, "/day")];
    let rate = peak / 12.0;
    let unit = UNITS.into_iter().find(|(factor, _)| rate == 0.0 || rate * factor >= 10.0);
    let (factor, unit) = unit.unwrap_or(UNITS[3]);
    format!("{:.0}{unit}", rate * factor)
}

/// `15m for 15m`.
fn spike(text: &str) -> Result<(Span<'_>, Span<'_>), InitError> {
    let no = |message: String, hint: String| refused("spike", message, Some(hint));
    let (at, hold) = text
        .split_once(" for ")
        .ok_or_else(|| no(format!("`{}` is not two times", shown(text)), "write \"15m for 20m\"".into()))?;
    let time = |text: &'_ str| parse_time(text.trim()).map_err(|error| no(error.message, error.hint));
    Ok(((at.trim(), time(at)?), (hold.trim(), time(hold)?)))
}

/// `2..10` or `4`.
fn instances(text: &str) -> Result<(u32, u32), InitError> {
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str| {
        text.trim().parse().map_err(|_| {
            let message = format!("`{}` is not a number of instances", shown(text));
            refused(
                "instances",
                message,
                Some("write \"2..10\", or \"4\" for a group that does not scale".into()),
            )
        })
    };
    match (number(min)?, number(max)?) {
        (_, 0) => {
            let hint = "write how many there are, such as \"2..10\"";
            Err(refused("instances", "a group without an instance serves nobody".into(), Some(hint.into())))
        }
        group => Ok(group),
    }
}

/// What messages on the file say, and what the questions call it.
const WORDS: [(&str, &str); 6] = [
    ("`base`", "`normal`"),
    (" base of ", " `normal` of "),
    ("min of ", "the least of "),
    ("max of ", "the most of "),
    ("`min`", "the least"),
    ("`max`", "the most"),
];

/// A message on the file, in the words of the questions.
fn asked(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (key, word)| text.replace(key, word))
}

/// The engine that is meant by a text that names no class.
fn alone(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    if text.contains('.') || text.contains(char::is_whitespace) {
        return None;
    }
    closest(&lower, Engine::names())
}

/// `aurora-mysql db.r6g.large`, or the class alone.
fn database(text: &str) -> Result<(&str, &str), InitError> {
    let (engine, class) = match text.split_once(char::is_whitespace) {
        Some((engine, class)) => (engine, class.trim()),
        None => ("aurora-mysql", text),
    };
    if let Some(engine) = alone(text) {
        let hint = format!("add its class: \"{engine} db.r6g.large\"");
        return Err(refused(
            "database",
            format!("`{}` is an engine without a class", shown(text)),
            Some(hint),
        ));
    }
    let known = crate::catalog::database_class_names();
    if known.contains(&class) {
        return Ok((engine, class));
    }
    let close = closest(class, known.iter().copied());
    let hint = close.map_or_else(
        || "write an engine and a class: \"mysql db.m6i.large\"".into(),
        |close| format!("did you mean `{close}`?"),
    );
    Err(refused("database", format!("`{}` is no database class that is known", shown(class)), Some(hint)))
}
