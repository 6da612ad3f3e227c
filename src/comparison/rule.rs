//! A rule of `--fail-if`: `checkout p99 worse 5%`. In: its text, and the figures that each side has. Out: a [`Rule`], or what is wrong
//! with it.
//!
//! A rule is a figure by its name on the page of a comparison, a word, and how far the figure may move in that direction. Without
//! a width, any move is too far. `objectives worse` is about the objectives that both sides have.

mod figures;
mod width;

pub use self::figures::Figures;
pub(super) use self::width::Width;
use super::letter::letter;
use crate::objective::quantity::Quantity;
use crate::outcome::estimate::Better;

/// What a rule can look like.
const EXAMPLES: &str =
    "'p99 worse 5%', 'checkout p99 worse 20ms', 'errors worse 0.1pp', 'cost more 3%' or 'objectives worse'";

/// Which way a figure must not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Worse,
    Better,
    Changed,
    More,
    Less,
}

impl How {
    const ALL: [(&'static str, How); 5] = [
        ("worse", How::Worse),
        ("better", How::Better),
        ("changed", How::Changed),
        ("more", How::More),
        ("less", How::Less),
    ];

    /// Whether it takes a direction that is better than the other.
    pub(super) fn needs_better(self) -> bool {
        matches!(self, How::Worse | How::Better)
    }
}

/// What a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Subject {
    /// The figure, as each side has it.
    Figure(Vec<Quantity>),
    /// The objectives.
    Objectives,
}

/// A rule that all sides but the first are judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// As written.
    pub text: String,
    pub(super) subject: Subject,
    pub(super) how: How,
    pub(super) width: Width,
}

/// A rule that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("--fail-if `{text}`: {message}")]
pub struct RuleError {
    text: String,
    message: String,
    /// What to write instead.
    pub hint: String,
}

impl Rule {
    /// Reads a rule on the figures of some sides, the first one first.
    ///
    /// # Errors
    /// The text is no rule, a side does not have the figure, or the figure cannot get worse.
    pub fn parse(text: &str, sides: &[Figures]) -> Result<Rule, RuleError> {
        let text = text.trim();
        let wrong = |message: String, hint: String| RuleError { text: text.to_owned(), message, hint };
        let (subject, how, width) = cut(text).ok_or_else(|| {
            let message = "not a figure, a word and a width".to_owned();
            wrong(message, format!("the word is worse, better, changed, more or less: {EXAMPLES}"))
        })?;
        if subject == "objectives" {
            return match (how, width) {
                (How::Worse, "") => Rule::on_objectives(text, sides).ok_or_else(|| {
                    wrong("A has no objectives".into(), "write some into [objectives] of the scenario".into())
                }),
                _ => Err(wrong(
                    "objectives can be worse, and nothing else".into(),
                    "write 'objectives worse'".into(),
                )),
            };
        }
        let of = sides.iter().enumerate().map(|(at, side)| {
            side.find(subject).map_err(|unread| match at {
                0 => wrong(unread.message, unread.hint.unwrap_or_else(|| EXAMPLES.into())),
                _ => {
                    let message = format!("{} has no figure `{subject}`, which A has", letter(at));
                    wrong(message, "name a figure that all sides have".into())
                }
            })
        });
        let of: Vec<Quantity> = of.collect::<Result<_, _>>()?;
        let Some(first) = of.first() else { return Err(wrong("nothing to compare".into(), EXAMPLES.into())) };
        if how.needs_better() && first.better() == Better::Neither {
            let message = format!("neither more nor less of `{subject}` is better by itself");
            return Err(wrong(
                message,
                format!("write '{subject} more 5%', '{subject} less 5%' or '{subject} changed 5%'"),
            ));
        }
        let width = Width::parse(width, first.unit()).map_err(|error| wrong(error.message, error.hint))?;
        Ok(Rule { text: text.to_owned(), subject: Subject::Figure(of), how, width })
    }

    fn on_objectives(text: &str, sides: &[Figures]) -> Option<Rule> {
        let is_any = sides.first().is_some_and(|side| side.has_objectives);
        let text = text.to_owned();
        is_any.then_some(Rule {
            text,
            subject: Subject::Objectives,
            how: How::Worse,
            width: Width::Part(0.0),
        })
    }

    /// The figure as a side has it, which its runs must follow; nothing of a rule on objectives.
    pub fn figure(&self, side: usize) -> Option<&Quantity> {
        match &self.subject {
            Subject::Figure(of) => of.get(side),
            Subject::Objectives => None,
        }
    }
}

/// The figure, the word and the width. The last such word counts: a class may be called by one.
fn cut(text: &str) -> Option<(&str, How, &str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let how = |word: &str| How::ALL.iter().find(|(name, _)| *name == word).map(|(_, how)| *how);
    let (word, how) = words.iter().rev().find_map(|word| Some((*word, how(word)?)))?;
    // A part of the text itself, so that blanks inside of a name stay.
    let at = word.as_ptr() as usize - text.as_ptr() as usize;
    let (subject, width) = (text[..at].trim(), text[at + word.len()..].trim());
    (!subject.is_empty()).then_some((subject, how, width))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::id::ClassId;
    use crate::outcome::sample;
    use crate::scenario;
    use crate::scenario::Scenario;

    fn shop(classes: &str, more: &str) -> Scenario {
        let text = format!(
            "duration = \"1m\"\ntraffic.all = {{ rate = \"20/s\", requests = {{ {classes} }} }}\n\
             request.home.steps = [{{ service = \"desk\" }}]\nrequest.\"worse off\".steps = [{{ delay = \"1ms\" }}]\n\
             service.desk = {{ servers = 4, time = \"10ms\" }}\n{more}"
        );
        scenario::parse("shop.toml", text.as_bytes(), Path::new(""), &[]).unwrap()
    }

    fn sides() -> Vec<Figures> {
        let a = shop("home = 3, \"worse off\" = 1", "[objectives]\nlatency = \"p99 < 1s\"");
        let b = shop("\"worse off\" = 1, home = 3", "");
        vec![Figures::of_scenario(&a), Figures::of_scenario(&b)]
    }

    #[test]
    fn a_rule_names_a_figure_of_every_side() {
        let rule = Rule::parse(" worse off p97 worse 20ms", &sides()).unwrap();
        assert_eq!((rule.how, rule.width), (How::Worse, Width::Amount(20.0)));
        let p97 = |class| Quantity::Latency { class: Some(ClassId(class)), quantile: 0.97 };
        assert_eq!((rule.figure(0), rule.figure(1)), (Some(&p97(1)), Some(&p97(1))));
        let rule = Rule::parse("errors worse 0.1pp", &sides()).unwrap();
        assert_eq!(rule.width, Width::Amount(0.001));
        assert_eq!(Rule::parse("cost more", &sides()).unwrap().width, Width::Part(0.0));
        let objectives = Rule::parse("objectives worse", &sides()).unwrap();
        assert_eq!((objectives.subject, objectives.how), (Subject::Objectives, How::Worse));
        // A resource by its name on the page.
        let scenario = shop("home = 1, \"worse off\" = 1", "");
        let all = Figures::of_scenario(&scenario);
        let (of_desk, _) = all.named.iter().find(|(name, _)| name.ends_with(" desk")).unwrap().clone();
        assert!(Rule::parse(&format!("{of_desk} changed 5%"), &[all]).is_ok(), "{of_desk}");
    }

    #[test]
    fn what_is_no_rule_says_why_and_what_to_write() {
        for (text, message, hint) in [
            ("p99", "not a figure, a word and a width", "'p99 worse 5%'"),
            ("worse 5%", "not a figure, a word and a width", "'p99 worse 5%'"),
            ("p99 up 5%", "not a figure, a word and a width", "worse, better"),
            ("goodputt less 5%", "no figure `goodputt`", "did you mean `goodput`?"),
            ("shop p99 worse 5%", "no request class `shop`", "the scenario has `home`, `worse off`"),
            ("max worse 5%", "no figure `max`", ""),
            ("desk more 5%", "no figure `desk`", "there are `busy share of desk`, `"),
            ("cost worse 5%", "neither more nor less of `cost`", "'cost more 5%'"),
            ("errors worse 5ms", "`5ms`", "0.1pp"),
            ("p99 worse 5", "`5`", "20ms"),
            ("p99 worse 5pp", "`5pp`", "20ms"),
            ("p99 worse -5%", "`-5%` is no width", "such as 5%"),
            ("objectives worse 5%", "and nothing else", "'objectives worse'"),
            ("objectives better", "and nothing else", "'objectives worse'"),
        ] {
            let error = Rule::parse(text, &sides()).unwrap_err();
            assert!(
                error.to_string().contains(message) && error.hint.contains(hint),
                "{text}: {error}: {}",
                error.hint
            );
        }
        let mut sides = sides();
        sides.reverse();
        assert!(
            Rule::parse("objectives worse", &sides).unwrap_err().to_string().contains("A has no objectives")
        );
    }

    #[test]
    fn a_side_that_lacks_the_figure_is_named() {
        let stored = Figures::of_outcome(&sample::several());
        let scenario = Figures::of_scenario(&shop("home = 1, \"worse off\" = 1", ""));
        let error = Rule::parse("worse off errors worse", &[scenario, stored.clone()]).unwrap_err();
        assert!(error.to_string().contains("B has no figure `worse off errors`, which A has"), "{error}");
        assert!(Rule::parse("p99 worse 5%", std::slice::from_ref(&stored)).is_ok());
        let error = Rule::parse("p97.5 worse 5%", &[stored]).unwrap_err();
        assert!(
            error.to_string().contains("no figure `p97.5`"),
            "what is stored has no other percentiles: {error}"
        );
    }
}
