//! What a distribution does with requests of a path. In: one entry of `behaviours`, or `default`. Out: a [`Behaviour`].

use super::given::{ERROR_TTL, TTL_DEFAULT, TTL_MAX, TTL_MIN};
use crate::id::{Kind, UNKNOWN};
use crate::kind;
use crate::kind::path::PathOwner;
use crate::kind::pattern;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// What a distribution does with requests of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Behaviour {
    /// The pattern of the paths; absent for all others.
    pub path: Option<String>,
    /// What is asked for what no cache has: a balancer, a fleet, or what else requests can enter.
    pub origin: PathOwner,
    /// What is asked if that fails.
    pub failover: Option<PathOwner>,
    /// Bounds of the time to live of a copy.
    pub ttl: Ttl,
    /// The time to live that the origin writes into its answers.
    pub max_age: Option<Time>,
    /// Whether its answers are for one person, or must not be kept.
    pub private: bool,
    /// How many variants of an object the cache key tells apart.
    pub variants: u32,
    /// Whether cookies go to the origin.
    pub forwards_cookies: bool,
    /// Size of an answer that is sent compressed, as a share.
    pub compress: f64,
    /// How long an error is kept, by its code.
    pub errors: Errors,
}

/// Bounds of the time to live of a copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ttl {
    /// The least.
    pub min: Time,
    /// Where the origin says nothing.
    pub default: Time,
    /// The most.
    pub max: Time,
}

/// How long an error is kept: of 500, 502, 503 and 504.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors(pub [Time; 4]);

/// Its codes in a file.
const CODES: [&str; 4] = ["500", "502", "503", "504"];
/// Longest time to live: ten years, which is longer than any run.
const TTL_LONGEST: Time = Time::from_secs(315_360_000);
/// Most variants of an object.
const VARIANTS_MAX: u32 = 10_000;

const PATH: Key = Key::required(
    "path",
    "pattern",
    "the paths of classes that it is for, for example \"/static/*\": `*` is any text and `?` one character; the first one that fits counts",
);
const ORIGIN: Key = Key::required(
    "origin",
    "name of a balancer or a fleet, or of what else requests can enter",
    "what is asked for what no cache has",
);
const FAILOVER: Key = Key::optional(
    "failover",
    "name of a balancer or a fleet, or of what else requests can enter",
    "none (Amazon CloudFront developer guide, origin failover: off)",
    "the second origin of an origin group: it is asked where the first one fails or does not answer, for GET, HEAD and OPTIONS only",
);
const TTL: Key = Key::optional(
    "ttl",
    "{ min, default, max }, or a duration",
    "what each key inside has as its default",
    "bounds of the time to live of a copy; a duration is all three of them, and \"0s\" keeps nothing",
);
const MAX_AGE: Key = Key::optional(
    "max_age",
    "duration",
    "the origin says nothing: `ttl.default` counts",
    "the time to live that the origin writes into its answers (`Cache-Control: max-age`), of which the bounds are left",
);
const PRIVATE: Key = Key::optional(
    "private",
    "true or false",
    "`false` (assumption: what a distribution keeps is for everybody)",
    "whether the origin says that its answers must not be kept (`Cache-Control: private`, `no-store` or `no-cache`): they are kept for \
     `ttl.min` then",
);
const VARIANTS: Key = Key::optional(
    "variants",
    "whole number",
    "1 (assumption: one answer for all)",
    "how many variants of an object the cache key tells apart, by query strings, headers and cookies; each request asks for one of \
     them, all equally often",
);
const COOKIES: Key = Key::optional(
    "forwards_cookies",
    "true or false",
    "`false` (assumption: what a distribution keeps is the same for everybody)",
    "whether cookies go to the origin: then simultaneous requests for an object do not wait for each other",
);
const COMPRESS: Key = Key::optional(
    "compress",
    "share",
    "\"100%\": nothing is compressed (assumption: sizes are said as they are sent)",
    "size of an answer that is sent compressed, for example \"25%\" of text; the copy in a cache is as large",
);
const ERRORS: Key = Key::given(
    "error_ttl",
    "duration, or { 500, 502, 503, 504 }",
    || ERROR_TTL.show(),
    "how long an error of the origin is kept, and given to all who ask for that object; an expired copy is given in its place, if there is \
     one. Where nothing is kept, no error is (assumption: such requests are of one person each)",
);

/// The language of the behaviour for all other paths.
pub const DEFAULT_SHAPE: Shape = Shape {
    title: "default = { … }",
    about: "What a distribution does with requests that fit no other behaviour.",
    keys: &[ORIGIN, FAILOVER, TTL, MAX_AGE, PRIVATE, VARIANTS, COOKIES, COMPRESS, ERRORS],
};

/// The language of a behaviour.
pub const BEHAVIOUR_SHAPE: Shape = Shape {
    title: "behaviours = [{ … }]",
    about: "What a distribution does with requests of some paths. Requests whose method is not GET or HEAD always go to the origin.",
    keys: &[PATH, ORIGIN, FAILOVER, TTL, MAX_AGE, PRIVATE, VARIANTS, COOKIES, COMPRESS, ERRORS],
};

/// The language of a time to live.
pub const TTL_SHAPE: Shape = Shape {
    title: "ttl = { … }",
    about: "For how long a copy is given without asking the origin.",
    keys: &[
        Key::given("min", "duration", || TTL_MIN.show(), "the least, whatever the origin says"),
        Key::given("default", "duration", || TTL_DEFAULT.show(), "where the origin says nothing"),
        Key::given("max", "duration", || TTL_MAX.show(), "the most, whatever the origin says"),
    ],
};

/// The language of the time for which errors are kept.
pub const ERRORS_SHAPE: Shape = Shape {
    title: "error_ttl = { … }",
    about: "How long errors are kept, by their code. What fails in a tier without an HTTP code of its own is a 500; a connection that came \
            to nothing is a 502, and no answer in time a 504.",
    keys: &{
        const fn of(code: &'static str) -> Key {
            Key::given(code, "duration", || ERROR_TTL.show(), "how long it is kept")
        }
        [of(CODES[0]), of(CODES[1]), of(CODES[2]), of(CODES[3])]
    },
};

impl Behaviour {
    /// Reads one, with a path or for all others.
    pub(super) fn read(reader: &Reader, has_path: bool) -> Behaviour {
        let ttl = reader.or("ttl", Ttl::read, Ttl::GIVEN);
        let max_age = reader.maybe("max_age", ttl_of);
        let private = reader.or("private", Value::flag, false);
        if let (true, Some(value)) = (private, reader.get("max_age")) {
            value.problem("an age of what must not be kept", "remove `max_age`, or `private`");
        }
        let origin = reader.must("origin", kind::Step::entered, LOST);
        let failover = reader.maybe("failover", |value| {
            let of = kind::Step::entered(value)?;
            if of == origin {
                value.problem("the same origin a second time", "name another one, or remove it");
            }
            Some(of)
        });
        Behaviour {
            path: if has_path { reader.must("path", |it| pattern::read(it).map(Some), None) } else { None },
            origin,
            failover,
            ttl,
            max_age,
            private,
            variants: reader.or("variants", |value| value.count(1..=VARIANTS_MAX), 1),
            forwards_cookies: reader.or("forwards_cookies", Value::flag, false),
            compress: reader.or("compress", Value::share, 1.0),
            errors: reader.or("error_ttl", Errors::read, Errors([ERROR_TTL.value; 4])),
        }
    }

    /// In the place of one that is missing.
    pub(super) fn unknown() -> Behaviour {
        Behaviour {
            path: None,
            origin: LOST,
            failover: None,
            ttl: Ttl::GIVEN,
            max_age: None,
            private: false,
            variants: 1,
            forwards_cookies: false,
            compress: 1.0,
            errors: Errors([ERROR_TTL.value; 4]),
        }
    }

    /// How long a copy is fresh; nothing where none is kept.
    pub(crate) fn fresh(&self) -> Option<Time> {
        let Ttl { min, default, max } = self.ttl;
        let age = match (self.private, self.max_age) {
            (true, _) => min,
            (false, Some(age)) => age.max(min).min(max),
            (false, None) => default.max(min).min(max),
        };
        (age > Time::ZERO).then_some(age)
    }

    /// Whether simultaneous requests for an object wait for one fetch.
    pub(crate) fn collapses(&self) -> bool {
        !self.forwards_cookies
    }

    /// The origins in the order in which they are asked.
    pub(crate) fn origins(&self) -> impl Iterator<Item = PathOwner> {
        [self.origin].into_iter().chain(self.failover)
    }
}

impl Ttl {
    const GIVEN: Ttl = Ttl { min: TTL_MIN.value, default: TTL_DEFAULT.value, max: TTL_MAX.value };

    fn read(value: Value) -> Option<Ttl> {
        if !value.is_table() {
            let all = ttl_of(value)?;
            return Some(Ttl { min: all, default: all, max: all });
        }
        value.table(&TTL_SHAPE, |reader| {
            let of = |key: &'static str, given: Time| reader.or(key, ttl_of, given);
            let (min, max) = (of("min", TTL_MIN.value), of("max", TTL_MAX.value));
            // A bound that is written moves a default that is not.
            let default = of("default", TTL_DEFAULT.value.max(min).min(max.max(min)));
            if min > max || default < min || default > max {
                let problem =
                    reader.problem(format!("a time to live of {min} to {max}, and {default} by default"));
                reader.cx.push(problem.hint("they must be in the order `min`, `default`, `max`"));
            }
            Ttl { min, default, max }
        })
    }
}

impl Errors {
    fn read(value: Value) -> Option<Errors> {
        if !value.is_table() {
            return Some(Errors([ttl_of(value)?; 4]));
        }
        value
            .table(&ERRORS_SHAPE, |reader| Errors(CODES.map(|code| reader.or(code, ttl_of, ERROR_TTL.value))))
    }
}

fn ttl_of(value: Value) -> Option<Time> {
    value.time_within(Time::ZERO..=TTL_LONGEST)
}

/// In the place of a name that is broken: no fleet is there.
const LOST: PathOwner = (Kind::Fleet, UNKNOWN as usize);
