//! The numbers of a scenario file. In: a file and overrides. Out: an [`Input`] for each, in the order of the file, with its path as `--set`
//! has it, what it is, and how to multiply it.
//!
//! Nothing here names a key: a number is what the reader of its table reads it as, so a new key is an input as soon as it can be read.

use std::path::Path;

use rustc_hash::FxHashMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::load::{self, ScenarioError};
use crate::language::nature::Nature;

/// A number of a file, or those of a curve, which are multiplied together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its path: `request.order.steps.0.cpu`.
    pub path: String,
    /// What it is.
    pub nature: Nature,
    /// The value of the file; of a curve, the first and how many more.
    pub text: String,
    /// The number itself, or each of the curve: path and value, as TOML has it.
    parts: Vec<(String, String)>,
}

/// Within this part, a value that is so many times as large is meant to be just that: the rest is of the rounding of its text.
const ROUNDED: f64 = 1e-4;

impl Input {
    /// Whether it is several numbers of a curve, which no single value can set.
    pub fn is_curve(&self) -> bool {
        self.parts.len() > 1
    }

    /// What `--set` needs so that it is so many times as large; nothing where that changes nothing.
    pub fn times(&self, factor: f64) -> Vec<String> {
        let parts = self.parts.iter().zip(self.scaled(factor));
        parts.filter_map(|((path, _), scaled)| Some(format!("{path}={}", scaled?))).collect()
    }

    /// Its value if it is so many times as large, for people.
    pub fn text_times(&self, factor: f64) -> Option<String> {
        let first = self.scaled(factor).into_iter().flatten().next()?;
        Some(if self.parts.len() > 1 { format!("{first}, …") } else { first })
    }

    /// How many times as large it then is: a whole number is rounded, and a share ends at 100 %. Of a curve, that of the sum of its
    /// numbers.
    pub fn real(&self, factor: f64) -> f64 {
        let (mut before, mut after) = (0.0, 0.0);
        for ((_, value), scaled) in self.parts.iter().zip(self.scaled(factor)) {
            let Some(amount) = text_of(value).and_then(|text| self.nature.amount(&text)) else { continue };
            before += amount;
            after += scaled.map_or(Some(amount), |text| self.nature.amount(&text)).unwrap_or(amount * factor);
        }
        let real = after / before;
        if !real.is_finite() || (real / factor - 1.0).abs() < ROUNDED { factor } else { real }
    }

    /// The number, or each of the curve, if it is so many times as large; nothing where that changes nothing.
    fn scaled(&self, factor: f64) -> Vec<Option<String>> {
        let part = |(_, value): &(String, String)| {
            let value = DeValue::parse(value).ok()?;
            self.nature.times(value.get_ref(), factor)
        };
        self.parts.iter().map(part).collect()
    }
}

/// A number as a file has it, without the quotes of TOML.
fn text_of(written: &str) -> Option<String> {
    match DeValue::parse(written).ok()?.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

/// The numbers of a file with overrides.
///
/// # Errors
/// As those of [`load`](super::load()).
pub fn inputs(path: &Path, overrides: &[String]) -> Result<Vec<Input>, ScenarioError> {
    let mut found = Vec::new();
    load::trace(path, overrides, |tree, natures| {
        let natures = natures.iter().map(|(span, it)| ((span.start, span.end), *it)).collect();
        let mut walk = Walk { natures, found: Vec::new() };
        walk.table(tree, "");
        found = walk.found;
    })?;
    // Tables of a file are in no order; overrides come after it.
    found.sort_by_key(|(at, _)| *at);
    Ok(together(found.into_iter().map(|(_, input)| input)))
}

/// Looks for values that were read as numbers.
struct Walk {
    natures: FxHashMap<(usize, usize), Nature>,
    found: Vec<(usize, Input)>,
}

impl Walk {
    fn table(&mut self, table: &DeTable<'_>, above: &str) {
        for (key, value) in table {
            let dot = if above.is_empty() { "" } else { "." };
            self.value(value, &format!("{above}{dot}{}", bare(key.get_ref())));
        }
    }

    /// A table that stands for numbers of a file is multiplied by its factor, which it does not have yet.
    fn of_file(&mut self, value: &Spanned<DeValue<'_>>, path: &str) {
        let span = value.span();
        let Some(nature) = self.natures.get(&(span.start, span.end)) else { return };
        let (path, text) = (format!("{path}.factor"), "1".to_owned());
        let parts = vec![(path.clone(), text.clone())];
        self.found.push((span.start, Input { path, nature: *nature, text, parts }));
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &str) {
        match value.get_ref() {
            DeValue::Table(table) => {
                self.of_file(value, path);
                self.table(table, path);
            }
            DeValue::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.value(item, &format!("{path}.{at}")));
            }
            _ => {
                let span = value.span();
                let Some(nature) = self.natures.get(&(span.start, span.end)) else { return };
                let text = match value.get_ref() {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Integer(number) => number.as_str().to_owned(),
                    DeValue::Float(number) => number.as_str().to_owned(),
                    _ => return,
                };
                let written = match value.get_ref() {
                    DeValue::String(_) => quoted(&text),
                    _ => text.clone(),
                };
                let parts = vec![(path.to_owned(), written)];
                self.found.push((span.start, Input { path: path.to_owned(), nature: *nature, text, parts }));
            }
        }
    }
}

/// Numbers of one curve, which is a list of lists, are one input.
fn together(all: impl Iterator<Item = Input>) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for mut input in all {
        let Some(curve) = curve(&input.path) else {
            inputs.push(input);
            continue;
        };
        let same = |it: &&mut Input| it.path == curve && it.nature == input.nature;
        match inputs.iter_mut().find(same) {
            Some(one) => {
                one.parts.append(&mut input.parts);
                one.text = format!(
                    "{}, {} more",
                    one.text.split(", ").next().unwrap_or_default(),
                    one.parts.len() - 1
                );
            }
            None => inputs.push(Input { path: curve.to_owned(), ..input }),
        }
    }
    inputs
}

/// The list of lists of which this is a number: `traffic.all.rate` of `traffic.all.rate.3.1`.
fn curve(path: &str) -> Option<&str> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let (above, last) = path.rsplit_once('.')?;
    let (curve, nth) = above.rsplit_once('.')?;
    (is_number(last) && is_number(nth)).then_some(curve)
}

/// A key as a path has it.
fn bare(key: &str) -> String {
    let is_bare = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { quoted(key) }
}

/// A text between quotes. What is escaped in JSON is escaped so in TOML, which wants one more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, overrides: &[&str]) -> Vec<Input> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, text).unwrap();
        let overrides: Vec<String> = overrides.iter().map(|it| (*it).to_owned()).collect();
        inputs(&file, &overrides).unwrap()
    }

    const SHOP: &str = r#"
        duration = "1m"
        traffic.all = { rate = [["0s", "10/s"], ["30s", "20/s"]], requests = { home = 3, order = 1 } }
        client.timeout = "3s"
        request.home.steps = [{ service = "desk" }]
        request.order.steps = [{ delay = "exponential 10ms" }, { service = "desk" }]
        service.desk = { servers = 2, time = "exponential 10ms", queue = 40 }
    "#;

    #[test]
    fn each_number_has_its_path_and_what_it_is() {
        let found = of(SHOP, &["client.round_trip=20ms"]);
        let estimated: Vec<(&str, &str)> = found
            .iter()
            .filter(|it| it.nature.is_estimated())
            .map(|it| (it.path.as_str(), it.text.as_str()))
            .collect();
        let expected = [
            ("traffic.all.rate", "10/s, 1 more"),
            ("traffic.all.requests.home", "3"),
            ("traffic.all.requests.order", "1"),
            ("request.order.steps.0.delay", "exponential 10ms"),
            ("service.desk.time", "exponential 10ms"),
        ];
        assert_eq!(estimated[..5], expected, "{estimated:?}");
        assert_eq!(found.last().unwrap().path, "client.round_trip", "overrides come last");
        let timeout = found.iter().find(|it| it.path == "client.timeout").unwrap();
        assert_eq!((timeout.nature, timeout.nature.is_estimated()), (Nature::Time, false));
        assert!(found.iter().any(|it| it.path == "service.desk.servers" && it.nature == Nature::Number));
    }

    /// What an input says of its changes is what the file is then read as.
    #[test]
    fn an_input_is_changed_by_overrides() {
        let found = of(SHOP, &[]);
        let rate =
            found.iter().find(|it| it.path == "traffic.all.rate" && it.nature == Nature::Rate).unwrap();
        let changes = rate.times(1.5);
        assert_eq!(changes, ["traffic.all.rate.0.1=15/s", "traffic.all.rate.1.1=30/s"]);
        assert_eq!(rate.text_times(1.5).unwrap(), "15/s, …");
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        let again = of(SHOP, &changes);
        let texts: Vec<&str> = again
            .iter()
            .filter(|it| it.path == "traffic.all.rate" && it.nature == Nature::Rate)
            .map(|it| it.text.as_str())
            .collect();
        assert_eq!(texts, ["15/s, 1 more"]);
    }

    /// What was counted is estimated as a rate is, and can be multiplied though the file has no number of it.
    #[test]
    fn counts_of_a_file_are_one_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(folder.path().join("c.csv"), "t,n\n0,60\n60,90\n").unwrap();
        let text = "duration = '1m'\ntraffic.all.rate = { file = 'c.csv', column = 'n', time = 't' }\n\
                    request.r.steps = [{ delay = '10ms' }]\n";
        std::fs::write(&file, text).unwrap();
        let found = inputs(&file, &[]).unwrap();
        let factor = found.iter().find(|it| it.path == "traffic.all.rate.factor").unwrap();
        assert!(factor.nature.is_estimated());
        let changes = factor.times(1.2);
        assert_eq!(changes, ["traffic.all.rate.factor=1.2"]);
        let rate = |set: &[String]| {
            let scenario = super::super::load(&file, set).unwrap();
            scenario.sources[0].rate().unwrap().at(crate::units::Time::ZERO).0
        };
        assert!((rate(&[]) - 1.0).abs() < 1e-12 && (rate(&changes) - 1.2).abs() < 1e-12);
        // With the factor of an override there is still one such number.
        let paths = inputs(&file, &changes).unwrap();
        assert_eq!(paths.iter().filter(|it| it.path == "traffic.all.rate.factor").count(), 1);
    }

    /// What is printed of a name can be given back, whatever letters it has.
    #[test]
    fn the_path_of_any_name_is_read_as_what_it_names() {
        for name in ["a=b", "a.b", "a \"b\" c", "it's", "a\\", "a\\\"=\"", "買=う", "1.5", "a: b, c"] {
            let text = format!(
                "duration = \"1m\"\ntraffic.{}.rate = \"20/s\"\nrequest.r.steps = [{{ delay = \"1ms\" }}]\n",
                quoted(name)
            );
            let found = of(&text, &[]);
            let rate = found.iter().find(|it| it.nature == Nature::Rate).unwrap();
            assert_eq!(rate.text_times(1.5).unwrap(), "30/s", "{}", rate.path);
            let change = rate.times(1.5).remove(0);
            let again = of(&text, &[&change]);
            let rates: Vec<&str> =
                again.iter().filter(|it| it.nature == Nature::Rate).map(|it| it.text.as_str()).collect();
            assert_eq!(rates, ["30/s"], "{change}");
        }
    }

    #[test]
    fn a_change_is_as_large_as_the_value_then_is() {
        let shop = SHOP.replace("servers = 2", "servers = 3");
        let found = of(&shop, &[]);
        let by = |path: &str, factor| found.iter().find(|it| it.path == path).unwrap().real(factor);
        assert_eq!(
            (by("service.desk.servers", 0.8), by("service.desk.servers", 1.2)),
            (2.0 / 3.0, 4.0 / 3.0)
        );
        assert_eq!((by("service.desk.time", 1.2), by("traffic.all.rate", 0.8)), (1.2, 0.8));
        assert_eq!(by("traffic.all.requests.home", 1.2), 1.2);
    }

    #[test]
    fn every_number_of_everything_can_be_set() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good/everything.toml");
        let found = inputs(&file, &[]).unwrap();
        assert!(found.len() > 500, "{}", found.len());
        let estimated: Vec<&Input> = found.iter().filter(|it| it.nature.is_estimated()).collect();
        assert!(estimated.len() > 100, "{}", estimated.len());
        // The path of each is one that an override reaches, whatever the value may lead to.
        for input in estimated.iter().step_by(7) {
            let changes = input.times(0.9);
            if let Err(ScenarioError::Invalid(report)) = super::super::load(&file, &changes) {
                let problems = report.problems();
                assert!(
                    problems.iter().all(|it| !it.message.contains("no number of an item")
                        && !it.message.contains("not a table")),
                    "{changes:?}: {}",
                    problems[0].message
                );
            }
        }
    }
}
