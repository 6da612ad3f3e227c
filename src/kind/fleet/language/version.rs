//! `versions` of a fleet: what can be deployed to its instances. In: a table of tables. Out: [`Version`]s.

use crate::dist::Law;
use crate::language::bounds;
use crate::language::names::{closest, fault, list};
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;

/// Most versions of a fleet.
const VERSIONS_MAX: usize = 100;
/// The name of the version that instances have when the run starts.
pub const FIRST: &str = "first";

/// Speed of a version: as fast as the first one.
pub const SPEED: Given<f64> =
    Given::new(1.0, "assumption: another version is another one only in what the file says of it");
/// Share of requests that fail at a version: none.
pub const ERRORS: Given<f64> = Given::new(0.0, "assumption: the same");

/// Share of requests that a version answers with what nobody can read: none.
pub const MALFORMED: Given<f64> = Given::new(0.0, "assumption: the same");

/// The language of versions.
pub const SHAPE: Shape = Shape {
    title: "versions = { NAME = { speed, errors, malformed, health, bootstrap, application } }",
    about: "Versions that a `refresh` or a `deploy` can bring to the instances. What they have when the run starts is the version `\"first\"`, \
            which is as the fleet says. Each key says how a version is other than that one.",
    keys: &[
        Key::given(
            "speed",
            "number above 0, at most 1,000",
            || SPEED.show(),
            "how fast its requests are on the CPU; 0.5 takes twice the CPU time",
        ),
        Key::given(
            "errors",
            "share",
            || ERRORS.show(),
            "share of the requests that fail there with a 500, once they have a thread and before their first step (assumption); of \
             messages, those that are not done",
        ),
        Key::given(
            "malformed",
            "share",
            || MALFORMED.show(),
            "share of the other requests that it answers with what is no HTTP: a balancer that knows HTTP answers 502 in its place, at the \
             same instant",
        ),
        Key::optional(
            "health",
            "true or false",
            "`true` (assumption: a version that passes its checks)",
            "whether it passes the health checks of a balancer; `false` answers them with an error, and requests as ever",
        ),
        Key::optional("bootstrap", "law", "as `boot`", "how long its user data takes"),
        Key::optional(
            "application",
            "law",
            "as `boot`",
            "from the start of its application to its first answer",
        ),
    ],
};

/// A version of what instances run.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// Name in the file.
    pub name: String,
    /// How fast it is on the CPU, of the first version.
    pub speed: f64,
    /// Share of the requests that fail there, 0 to 1.
    pub errors: f64,
    /// Share of the others that it answers with what nobody can read, 0 to 1.
    pub malformed: f64,
    /// Whether it passes health checks.
    pub passes: bool,
    /// How long its user data takes, if not as `boot` of the fleet.
    pub bootstrap: Option<Law>,
    /// How long its application takes to start, likewise.
    pub application: Option<Law>,
}

impl Version {
    /// Whether it fails requests.
    pub fn fails(&self) -> bool {
        self.errors > 0.0 || self.malformed > 0.0
    }

    /// Whether it fails requests, or is slower than the first one.
    pub fn is_worse(&self) -> bool {
        self.fails() || self.speed < 1.0
    }

    /// Those of a fleet, in the order of the file.
    pub(super) fn read_all(value: Value) -> Option<Vec<Version>> {
        let mut all = Vec::new();
        for (name, value) in value.entries("versions = { v2 = { speed = 0.5 } }", VERSIONS_MAX)? {
            let reserved = (name.text == FIRST)
                .then(|| format!("the version `{FIRST}` is what instances have when the run starts"));
            if let Some(fault) = reserved.or_else(|| fault(name.text)) {
                value.problem(fault, "give the version another name, such as v2");
            }
            let name = name.text.to_owned();
            all.extend(value.table(&SHAPE, |reader| Version::read(name, reader)));
        }
        Some(all)
    }

    fn read(name: String, reader: &Reader) -> Version {
        let speed = |value: Value| bounds::positive(value, value.number(0.0..=1_000.0)?);
        Version {
            name,
            speed: reader.or("speed", speed, SPEED.value),
            errors: reader.or("errors", Value::share, ERRORS.value),
            malformed: reader.or("malformed", Value::share, MALFORMED.value),
            passes: reader.or("health", Value::flag, true),
            bootstrap: reader.maybe("bootstrap", Value::law),
            application: reader.maybe("application", Value::law),
        }
    }

    /// The version of a name, as its number: 0 is the first one.
    pub(super) fn find(value: Value, versions: &[Version]) -> Option<usize> {
        let name = value.text()?;
        let mut names = vec![FIRST];
        names.extend(versions.iter().map(|version| version.name.as_str()));
        let found = names.iter().position(|known| *known == name);
        if found.is_none() {
            let hint = match closest(name, names.iter().copied()) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None => format!("there is {}; `versions` of the fleet has the others", list(&names)),
            };
            value.problem(format!("no version is called `{name}`"), hint);
        }
        found
    }
}

/// Instances of a warm pool are prepared before it is known which version they will be of, and a timetable deploys nothing.
pub(super) fn check(reader: &Reader, has_some: bool) {
    let Some(versions) = reader.get("versions").filter(|_| has_some) else { return };
    let reasons = [
        (
            "warm_pool",
            "what a pool has prepared is of no version",
            "replacing the instances of a pool is not modelled",
        ),
        (
            "timetable",
            "a timetable brings no version",
            "a `refresh` or a `deploy` brings a version, and needs Auto Scaling",
        ),
    ];
    for (key, what, hint) in reasons {
        if let Some(other) = reader.get(key) {
            let problem = Problem::at(&versions.span(), format!("versions do not go with `{key}`"));
            reader.cx.push(problem.also(&other.span(), what).hint(format!("{hint}: keep one of the two")));
        }
    }
}
