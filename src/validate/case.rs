//! The validation cases as data. In: the files of `cases/`. Out: families, cases, their scenarios as text, their
//! answers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Embeds the files of families.
macro_rules! files {
    ($($id:literal),* $(,)?) => { &[$(($id, include_str!(concat!("cases/", $id, ".toml")))),*] };
}

/// Every family, in the order of the report.
const FILES: &[(&str, &str)] = files![
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14", "A15",
    "A16", "A17", "A18", "A19", "A20", "A21", "A23", "A24", "A25", "A26", "B1", "B2", "B3", "B4", "B5", "B6",
    "B7", "C1", "C3", "D1", "D2", "D3", "D4", "D5", "D6",
];

/// The origin of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Trust {
    /// Theory, or arithmetic.
    Exact,
    /// An independent simulation, with its standard error.
    Simulated,
    /// A real system.
    Measured,
}

/// An expected number, and how exact it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Expected {
    /// A number without an error.
    Exact(f64),
    /// A simulated number with its standard error.
    Simulated([f64; 2]),
    /// The mean of a measurement's repetitions, the smallest and the largest of them.
    Measured {
        /// Mean.
        value: f64,
        /// Smallest repetition.
        min: f64,
        /// Largest repetition.
        max: f64,
    },
    /// Activities of Auto Scaling: (second, from, to).
    Activities(Vec<(f64, u32, u32)>),
}

/// Cases of one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Short name, such as `A02`.
    #[serde(skip)]
    pub id: &'static str,
    /// What it is about.
    pub title: String,
    /// How the answers were obtained, and by whom.
    pub origin: String,
    /// What the comparison leaves out, or what else a reader must know.
    #[serde(default)]
    pub notes: String,
    /// Whether it is on the page of calibration, which is made with `--calibration`, and not among the others.
    #[serde(default)]
    pub calibration: bool,
    /// Whether a longer run makes the same numbers more exact; if not, more seeds do.
    #[serde(default = "yes")]
    pub stationary: bool,
    /// Runs of each case.
    #[serde(default = "twenty")]
    pub seeds: u64,
    /// Scenario; `{word}` stands for the parameter of that name.
    pub template: String,
    /// The cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// One scenario and its answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Name in its family and among all, such as `A02.3`.
    pub id: String,
    /// A few words about it.
    pub name: String,
    /// Parameters of the template.
    pub with: BTreeMap<String, toml::Value>,
    /// Number of runs, if different from the family.
    pub seeds: Option<u64>,
    /// Whether it takes so long that the quick comparison skips it, unless it is asked for by name.
    #[serde(default)]
    pub long: bool,
    /// Its own template, if it has one.
    pub template: Option<String>,
    /// Answers by metric.
    pub expect: BTreeMap<String, Expected>,
    /// Known misses: metric, reason.
    #[serde(default)]
    pub known: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn twenty() -> u64 {
    20
}

static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    let read = |&(id, text): &(&'static str, &str)| {
        let family: Family = toml::from_str(text).unwrap_or_else(|error| panic!("{id}: {error}"));
        Family { id, ..family }
    };
    FILES.iter().map(read).collect()
});

/// Every family.
pub fn families() -> &'static [Family] {
    &FAMILIES
}

/// The case with this name, and its family.
pub fn find(id: &str) -> Option<(&'static Family, &'static Case)> {
    families()
        .iter()
        .find_map(|family| family.cases.iter().find(|case| case.id == id).map(|case| (family, case)))
}

impl Case {
    /// The scenario as a file; `seconds` of simulated time are multiplied by `longer`.
    pub fn scenario(&self, family: &Family, longer: u32) -> String {
        let template = self.template.as_ref().unwrap_or(&family.template).trim();
        let body = self.with.iter().fold(template.to_owned(), |text, (word, value)| {
            let value = match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Integer(seconds) if word == "seconds" => {
                    (seconds * i64::from(longer)).to_string()
                }
                value => value.to_string(),
            };
            text.replace(&format!("{{{word}}}"), &value)
        });
        format!("# {}: {}. {}.\nname = \"{}\"\n{body}\n", self.id, family.title, self.name, self.id)
    }
}

impl Expected {
    /// The origin of the answer.
    pub fn trust(&self) -> Trust {
        match self {
            Expected::Exact(_) | Expected::Activities(_) => Trust::Exact,
            Expected::Simulated(_) => Trust::Simulated,
            Expected::Measured { .. } => Trust::Measured,
        }
    }
}
