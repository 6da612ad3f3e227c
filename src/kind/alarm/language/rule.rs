//! The rule of a composite alarm. In: `ALARM(a) AND NOT OK("b")`. Out: a [`Rule`], which says by the states of other alarms whether it
//! holds. (Amazon CloudWatch user guide, "Creating a composite alarm"; API reference, PutCompositeAlarm, AlarmRule.)

use crate::language::source::Span;
use crate::language::value::Value;

/// Most elements of a rule: alarms, TRUE, FALSE, and pairs of parentheses. Source: API reference, PutCompositeAlarm.
const ELEMENTS_MAX: usize = 500;
/// Most alarms of a rule. Source: the same.
const ALARMS_MAX: usize = 100;
/// Most parentheses and NOTs inside of each other: an assumption, far beyond what anybody reads.
const DEPTH_MAX: usize = 50;
const ALLOWED: &str = "a rule is made of ALARM(NAME), OK(NAME), INSUFFICIENT_DATA(NAME), TRUE, FALSE, AND, OR, NOT and parentheses";

/// A state that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Within the threshold.
    Ok,
    /// Beyond it.
    Alarm,
    /// No data to judge.
    InsufficientData,
}

impl State {
    /// As a rule writes it.
    const fn word(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Alarm => "ALARM",
            State::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// The name of an alarm, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    pub(crate) span: Span,
}

/// When a composite alarm is on.
#[derive(Clone, Debug)]
pub struct Rule {
    /// As the file has it.
    pub text: String,
    /// The alarms that it names, one after the other.
    pub names: Vec<Named>,
    holds: Term,
}

/// What a rule is made of.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Always(bool),
    /// An alarm is in a state: that of a name by its position.
    In(State, usize),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
}

impl Default for Rule {
    fn default() -> Rule {
        Rule { text: String::new(), names: Vec::new(), holds: Term::Always(false) }
    }
}

impl Term {
    fn holds(&self, state: &impl Fn(usize) -> State) -> bool {
        match self {
            Term::Always(holds) => *holds,
            Term::In(wanted, name) => state(*name) == *wanted,
            Term::Not(term) => !term.holds(state),
            Term::All(terms) => terms.iter().all(|term| term.holds(state)),
            Term::Any(terms) => terms.iter().any(|term| term.holds(state)),
        }
    }
}

/// What is wrong with a part of a rule; an empty part is its end.
struct Fault<'t> {
    part: &'t str,
    message: String,
    hint: String,
}

impl Rule {
    /// Reads a rule; what is wrong with it is a problem at the place in the text.
    pub(crate) fn read(value: Value) -> Option<Rule> {
        let text = value.text()?;
        let mut parser = Parser { text, at: 0, names: Vec::new(), elements: 0, depth: 0 };
        let read = parser.any().and_then(|holds| match parser.peek() {
            "" => Ok(holds),
            ")" => parser.fault("this parenthesis was not opened", "take it out, or add a `(` before"),
            part if part.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
                parser.fault(format!("`{part}` is joined by nothing"), "write AND or OR before it")
            }
            part => parser.fault(format!("`{part}` has no meaning here"), ALLOWED),
        });
        match read {
            Ok(holds) => {
                let names = parser.names.iter();
                let names = names.map(|&part| Named { name: part.to_owned(), span: value.span_of(part) });
                Some(Rule { text: text.trim().to_owned(), names: names.collect(), holds })
            }
            Err(Fault { part, message, hint }) => {
                value.problem_in(part, message, hint);
                None
            }
        }
    }

    /// Whether it holds, by the state of each of its names.
    pub(crate) fn holds(&self, state: impl Fn(usize) -> State) -> bool {
        self.holds.holds(&state)
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    names: Vec<&'t str>,
    elements: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    /// The next word or character; nothing at the end.
    fn peek(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.text[self.at..];
        let word = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        &rest[..word.max(first)]
    }

    /// Takes the next word if it is this one; case does not count.
    fn take(&mut self, word: &str) -> bool {
        let next = self.peek();
        let is_it = next.eq_ignore_ascii_case(word);
        if is_it {
            self.at += next.len();
        }
        is_it
    }

    fn fault<T>(&mut self, message: impl Into<String>, hint: impl Into<String>) -> Result<T, Fault<'t>> {
        Err(Fault { part: self.peek(), message: message.into(), hint: hint.into() })
    }

    fn any(&mut self) -> Result<Term, Fault<'t>> {
        let mut terms = vec![self.all()?];
        while self.take("OR") {
            terms.push(self.all()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Term::Any(terms) })
    }

    fn all(&mut self) -> Result<Term, Fault<'t>> {
        let mut terms = vec![self.one()?];
        while self.take("AND") {
            terms.push(self.one()?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Term::All(terms) })
    }

    fn one(&mut self) -> Result<Term, Fault<'t>> {
        if self.depth > DEPTH_MAX {
            return self
                .fault("too many NOTs and parentheses inside of each other", format!("at most {DEPTH_MAX}"));
        }
        if self.take("NOT") {
            return self.deeper(|parser| Ok(Term::Not(Box::new(parser.one()?))));
        }
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return self.fault("too long a rule", format!("AWS takes {ELEMENTS_MAX} elements"));
        }
        if self.take("(") {
            let inside = self.deeper(Parser::any)?;
            return match self.take(")") {
                true => Ok(inside),
                false => self.fault("this parenthesis is not closed", "add a `)`"),
            };
        }
        for (word, always) in [("TRUE", true), ("FALSE", false)] {
            if self.take(word) {
                return Ok(Term::Always(always));
            }
        }
        let states = [State::Alarm, State::Ok, State::InsufficientData];
        match states.into_iter().find(|state| self.take(state.word())) {
            Some(state) => Ok(Term::In(state, self.name(state)?)),
            None => match self.peek() {
                "" => self.fault("the rule ends where an alarm is expected", ALLOWED),
                part => self.fault(format!("`{part}` has no meaning here"), ALLOWED),
            },
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Term, Fault<'t>>) -> Result<Term, Fault<'t>> {
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// `(NAME)` or `("NAME")`.
    fn name(&mut self, state: State) -> Result<usize, Fault<'t>> {
        let example = format!("write {}(NAME)", state.word());
        if !self.take("(") {
            return self.fault(format!("{} of which alarm?", state.word()), example);
        }
        let quote = self.peek();
        let end = match quote {
            "\"" | "'" => {
                self.at += 1;
                quote
            }
            _ => ")",
        };
        let rest = &self.text[self.at..];
        let Some(length) = rest.find(end) else {
            let missing =
                if end == ")" { "this name is not closed" } else { "the quote of this name is not closed" };
            return self.fault(missing, example);
        };
        let name = rest[..length].trim();
        if name.is_empty() {
            return self.fault("a name is missing", example);
        }
        self.at += length + if end == ")" { 0 } else { 1 };
        if !self.take(")") {
            return self.fault("this name is not closed", example);
        }
        self.names.push(name);
        if self.names.len() > ALARMS_MAX {
            return self.fault("too many alarms in one rule", format!("AWS takes {ALARMS_MAX}"));
        }
        Ok(self.names.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::State::{Alarm, InsufficientData, Ok as Fine};
    use super::*;

    fn parsed(text: &str) -> Result<(Term, Vec<&str>), (String, String)> {
        let mut parser = Parser { text, at: 0, names: Vec::new(), elements: 0, depth: 0 };
        match parser.any() {
            Ok(term) if parser.peek().is_empty() => Ok((term, parser.names)),
            Ok(_) => Err((parser.peek().to_owned(), "left over".to_owned())),
            Err(fault) => Err((fault.part.to_owned(), fault.message)),
        }
    }

    const STATES: [State; 3] = [Fine, Alarm, InsufficientData];

    /// Of a rule of two alarms, for each state of `a` and each of `b`, whether it holds: `X` or `-`.
    fn table(text: &str) -> String {
        let (term, names) = parsed(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        let holds = |a, b| term.holds(&|name| if names[name] == "a" { a } else { b });
        let rows =
            STATES.map(|a| STATES.map(|b| if holds(a, b) { 'X' } else { '-' }).iter().collect::<String>());
        rows.join(" ")
    }

    /// Rows: `a` is OK, in ALARM, without data; columns: `b` the same.
    #[test]
    fn a_rule_has_the_truth_table_of_three_states() {
        for (rule, expected) in [
            ("TRUE", "XXX XXX XXX"),
            ("FALSE", "--- --- ---"),
            ("ALARM(a)", "--- XXX ---"),
            ("OK(a)", "XXX --- ---"),
            ("INSUFFICIENT_DATA(a)", "--- --- XXX"),
            // Not in ALARM is OK or without data.
            ("NOT ALARM(a)", "XXX --- XXX"),
            ("NOT NOT ALARM(a)", "--- XXX ---"),
            ("ALARM(a) AND ALARM(b)", "--- -X- ---"),
            ("ALARM(a) OR ALARM(b)", "-X- XXX -X-"),
            ("ALARM(a) AND NOT ALARM(b)", "--- X-X ---"),
            ("ALARM(a) AND OK(b)", "--- X-- ---"),
            ("OK(a) OR INSUFFICIENT_DATA(b)", "XXX --X --X"),
            // AND binds closer than OR, NOT closer than both.
            ("TRUE OR TRUE AND FALSE", "XXX XXX XXX"),
            ("(TRUE OR TRUE) AND FALSE", "--- --- ---"),
            ("NOT FALSE AND FALSE", "--- --- ---"),
            ("NOT (FALSE AND FALSE)", "XXX XXX XXX"),
            ("NOT(ALARM(a)OR ALARM(b))", "X-X --- X-X"),
        ] {
            assert_eq!(table(rule), expected, "{rule}");
        }
    }

    #[test]
    fn names_may_stand_in_quotes_and_case_does_not_count() {
        let (_, names) =
            parsed("alarm( fleet.web.cpu target 60.high ) and Not ok(\"b (old)\") or insufficient_data('c')")
                .unwrap();
        assert_eq!(names, ["fleet.web.cpu target 60.high", "b (old)", "c"]);
    }

    /// What is marked, and what is said of it.
    #[test]
    fn a_fault_is_marked_where_it_stands() {
        for (rule, part, message) in [
            ("", "", "the rule ends where an alarm is expected"),
            ("ALARM(a) AND", "", "the rule ends where an alarm is expected"),
            ("ALARM(a) && ALARM(b)", "&", "left over"),
            ("ALARM(a) ALARM(b)", "ALARM", "left over"),
            ("a OR b", "a", "`a` has no meaning here"),
            ("ALARM a", "a", "ALARM of which alarm?"),
            ("ALARM()", ")", "a name is missing"),
            ("OK(a", "a", "this name is not closed"),
            ("OK(\"a)", "a", "the quote of this name is not closed"),
            ("(ALARM(a)", "", "this parenthesis is not closed"),
            ("ALARM(a))", ")", "left over"),
        ] {
            assert_eq!(parsed(rule), Err((part.to_owned(), message.to_owned())), "{rule}");
        }
    }

    #[test]
    fn a_rule_has_a_bounded_size() {
        let many = vec!["TRUE"; 500].join(" OR ");
        assert!(parsed(&many).is_ok());
        assert_eq!(parsed(&format!("{many} OR TRUE")).unwrap_err().1, "too long a rule");
        let alarms = vec!["ALARM(a)"; 100].join(" OR ");
        assert!(parsed(&alarms).is_ok());
        assert_eq!(parsed(&format!("{alarms} OR OK(a)")).unwrap_err().1, "too many alarms in one rule");
        let deep = format!("{}TRUE{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(parsed(&deep).unwrap_err().1, "too many NOTs and parentheses inside of each other");
        assert_eq!(
            parsed(&"NOT ".repeat(10_000)).unwrap_err().1,
            "too many NOTs and parentheses inside of each other"
        );
    }
}
