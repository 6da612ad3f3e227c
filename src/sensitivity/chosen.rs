//! Which inputs are varied, and by how much. In: the numbers of a file, and what the command line says of them. Out: [`Chosen`] inputs.

use std::str::FromStr;

use crate::language::names::closest;
use crate::language::overrides::keys_of_path;
use crate::number::percent;
use crate::scenario::inputs::Input;
use crate::units::parse_percent;

/// Largest part by which an input is varied.
const SPAN_MAX: f64 = 0.95;

/// An input, and by how much it is varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The input.
    pub input: Input,
    /// The part of it that is taken away and added: 0.2 is ±20 %.
    pub span: f64,
}

impl Chosen {
    /// By what it is multiplied on a side.
    pub fn factor(&self, higher: bool) -> f64 {
        if higher { 1.0 + self.span } else { 1.0 - self.span }
    }
}

/// An input that is asked for: `traffic.all.rate ±20%`, or its path alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// Its path, or that of a table or a list with all of its numbers.
    pub path: String,
    /// The keys of that path, however it is written.
    keys: Vec<String>,
    /// Its own span.
    pub span: Option<f64>,
}

impl FromStr for Vary {
    type Err = String;

    fn from_str(text: &str) -> Result<Vary, String> {
        let text = text.trim();
        let (path, span) = match (keys_of_path(text), text.rsplit_once(char::is_whitespace)) {
            // A key between quotes may have blanks of its own.
            (None, Some((path, span))) => (path.trim(), Some(self::span(span)?)),
            _ => (text, None),
        };
        match keys_of_path(path) {
            Some(keys) => Ok(Vary { path: path.to_owned(), keys, span }),
            None => {
                Err("write the path of a number, and by how much it is varied: \"traffic.all.rate ±20%\""
                    .into())
            }
        }
    }
}

/// A span: `±20%` or `20%`.
///
/// # Errors
/// It is no percentage from 1 % to 95 %.
pub fn span(text: &str) -> Result<f64, String> {
    let plain = text.trim().trim_start_matches(['±', '+']).trim_start_matches('-');
    let span = parse_percent(plain).map_err(|error| format!("{}; {}", error.message, error.hint))?;
    match (0.01..=SPAN_MAX).contains(&span) {
        true => Ok(span),
        false => Err(format!("a span lies between 1% and {}", percent(100.0 * SPAN_MAX).replace(' ', ""))),
    }
}

/// Inputs that cannot be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChosenError {
    /// No number has such a path.
    #[error("`{path}` is no number of the scenario")]
    Unknown {
        /// The path.
        path: String,
        /// A path that is like it, if there is one.
        close: Option<String>,
    },
    /// A number that cannot be multiplied.
    #[error("`{path}` is {text}, which does not change when it is multiplied")]
    Fixed {
        /// The path.
        path: String,
        /// Its value.
        text: String,
    },
    /// No number of the file is an estimate.
    #[error("no number of the scenario had to be estimated")]
    Nothing,
}

impl ChosenError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            ChosenError::Unknown { close: Some(close), .. } => format!("did you mean `{close}`?"),
            ChosenError::Unknown { close: None, .. } | ChosenError::Nothing => {
                "name a number of the file by its path, as --set does: request.order.steps.0.cpu".into()
            }
            ChosenError::Fixed { .. } => {
                "a whole number needs a larger span; measured times of a file, zero and 100 % stay what they are".into()
            },
        }
    }
}

impl Chosen {
    /// Those that are asked for; of none, every number that nobody chooses.
    ///
    /// # Errors
    /// One that is asked for is not there, or cannot be varied.
    pub fn of(all: Vec<Input>, asked: &[Vary], span: f64) -> Result<Vec<Chosen>, ChosenError> {
        let can =
            |it: &Input, span: f64| !it.times(1.0 - span).is_empty() || !it.times(1.0 + span).is_empty();
        if asked.is_empty() {
            let estimated = all.into_iter().filter(|it| it.nature.is_estimated() && can(it, span));
            let chosen: Vec<Chosen> = estimated.map(|input| Chosen { input, span }).collect();
            return if chosen.is_empty() { Err(ChosenError::Nothing) } else { Ok(chosen) };
        }
        let mut chosen: Vec<Chosen> = Vec::new();
        for Vary { path, keys, span: own } in asked {
            let span = own.unwrap_or(span);
            let below = |it: &&Input| keys_of_path(&it.path).is_some_and(|all| all.starts_with(keys));
            let found: Vec<&Input> = all.iter().filter(below).collect();
            let Some(first) = found.first() else {
                let paths = all.iter().map(|it| it.path.as_str());
                let close = closest(path, paths).map(str::to_owned);
                return Err(ChosenError::Unknown { path: path.clone(), close });
            };
            // All numbers of a table: those that somebody had to estimate, if there are such.
            let estimated = found.iter().any(|it| it.nature.is_estimated());
            let mut some = false;
            for input in found.iter().filter(|it| it.nature.is_estimated() || !estimated) {
                if can(input, span) {
                    some = true;
                    chosen.retain(|it| it.input.path != input.path);
                    chosen.push(Chosen { input: (*input).clone(), span });
                }
            }
            if !some {
                return Err(ChosenError::Fixed { path: path.clone(), text: first.text.clone() });
            }
        }
        Ok(chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::inputs::inputs;

    fn shop() -> Vec<Input> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        let text = r#"
            duration = "1m"
            traffic.all.rate = "20/s"
            client.timeout = "3s"
            request.r.steps = [{ delay = "10ms" }, { service = "desk" }]
            service.desk = { servers = 2, time = "exponential 10ms" }
        "#;
        std::fs::write(&file, text).unwrap();
        inputs(&file, &[]).unwrap()
    }

    fn paths(asked: &[&str]) -> Result<Vec<String>, ChosenError> {
        let asked: Vec<Vary> = asked.iter().map(|it| it.parse().unwrap()).collect();
        let name = |it: Chosen| format!("{} {}", it.input.path, it.span);
        Chosen::of(shop(), &asked, 0.2).map(|all| all.into_iter().map(name).collect())
    }

    #[test]
    fn without_a_choice_it_is_what_had_to_be_estimated() {
        let expected = ["traffic.all.rate 0.2", "request.r.steps.0.delay 0.2", "service.desk.time 0.2"];
        assert_eq!(paths(&[]).unwrap(), expected);
        assert_eq!(Chosen::of(Vec::new(), &[], 0.2), Err(ChosenError::Nothing));
    }

    #[test]
    fn a_path_may_have_a_span_of_its_own_and_may_be_a_table() {
        assert_eq!(
            paths(&["traffic.all.rate ±50%", "service"]).unwrap(),
            ["traffic.all.rate 0.5", "service.desk.time 0.2"]
        );
        assert_eq!(paths(&["service.desk.servers ±50%"]).unwrap(), ["service.desk.servers 0.5"]);
        assert_eq!(
            paths(&["client"]).unwrap(),
            ["client.timeout 0.2"],
            "what was decided, as nothing else is there"
        );
        let unknown = paths(&["service.desk.tme"]).unwrap_err();
        assert!(unknown.hint().contains("service.desk.time"), "{}", unknown.hint());
        let fixed = paths(&["service.desk.servers"]).unwrap_err();
        assert!(matches!(fixed, ChosenError::Fixed { .. }), "20 % of two servers are none");
        let plain = paths(&["service . \"desk\".time ±50%"]).unwrap();
        assert_eq!(plain, ["service.desk.time 0.5"], "however it is written");
        let odd: Vary = r#"traffic."a = \"b\" c".rate ±50%"#.parse().unwrap();
        assert_eq!(
            (odd.keys, odd.span),
            (["traffic", "a = \"b\" c", "rate"].map(String::from).to_vec(), Some(0.5))
        );
        assert_eq!("traffic.\"a b\"".parse::<Vary>().unwrap().span, None);
        assert!(["", "a=1", "a ±x", "a 0%", "a 99%"].iter().all(|text| text.parse::<Vary>().is_err()));
    }
}
