//! `[request.NAME]`: a class of requests and its path. In: entrance and steps. Out: a [`Class`].

mod forward;
pub mod language;
mod owned;
mod path;
pub(super) mod scope;
mod steps;
mod tiers;

pub use self::owned::OwnPath;
pub use self::path::{POPULATIONS_MAX, Step, TIERS_MAX, Target};

use std::cell::Cell;

use self::language::{PRIORITY, REQUEST_SIZE, RESPONSE_SIZE};
use self::scope::Scope;
use self::tiers::{Tiers, Way};
use crate::kind;
use crate::kind::front::{Asked, Method};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::source::Span;
use crate::language::value::Value;
use crate::units::Bytes;

/// A class of requests: all its members walk the same path.
#[derive(Clone, Debug)]
pub struct Class {
    /// Name in the file.
    pub name: String,
    /// The path from the client's side: usually one [`Step::Call`] made of `via` and `steps`.
    pub steps: Vec<Step>,
    /// Its level at stations that serve by priority: 7 goes first, 0 last.
    pub priority: u8,
    /// What it does, in the word of HTTP.
    pub method: &'static str,
    /// Its path, if the file has one.
    pub path: Option<String>,
    /// Mean size of a request on the wire.
    pub request_size: Bytes,
    /// Mean size of a response on the wire.
    pub response_size: Bytes,
}

impl Class {
    /// Reads a class.
    pub(super) fn read(name: &str, reader: &Reader, scope: &Scope) -> Class {
        let request_size = reader.or("request_size", Value::bytes, REQUEST_SIZE.value);
        let response_size = reader.or("response_size", Value::bytes, RESPONSE_SIZE.value);
        let mut steps = path_of(reader, scope, [request_size, response_size]);
        few_populations(reader.cx, &reader.span, &steps);
        let bytes = Bytes(request_size.0.saturating_add(response_size.0));
        forward::add(&mut steps, scope.kinds, bytes);
        Class {
            name: name.to_owned(),
            steps,
            method: method(reader).0,
            path: reader.get("path").and_then(|value| value.value.as_str()).map(str::to_owned),
            priority: reader.or("priority", |value| value.count(0..=7), PRIORITY.value) as u8,
            request_size,
            response_size,
        }
    }

    /// The first tier that its requests enter, if they do so before everything else.
    pub(crate) fn entrance(&self) -> Option<Target> {
        let mut found = Vec::new();
        enters(&self.steps, false, &mut found);
        found.first().map(|(target, _)| *target)
    }

    /// Whether something that is no tier answers its clients itself, with nothing between.
    pub(crate) fn is_answered_before_tiers(&self) -> bool {
        self.answered_by().is_some()
    }

    /// The step that does so.
    pub(crate) fn answered_by(&self) -> Option<&kind::Step> {
        answered(&self.steps)
    }

    /// The tiers that its requests enter before everything else and that see its clients, not something that stands between.
    pub(crate) fn faces(&self) -> impl Iterator<Item = Target> {
        let mut found = Vec::new();
        enters(&self.steps, false, &mut found);
        found.into_iter().filter(|(_, hidden)| !hidden).map(|(target, _)| target)
    }
}

/// The tiers that steps enter before everything else: past gates, and on each of several ways. With each, whether its clients are hidden.
fn enters(steps: &[Step], hidden: bool, found: &mut Vec<(Target, bool)>) {
    for step in steps {
        match step {
            Step::Call { target, .. } => {
                found.push((*target, hidden));
                return;
            }
            Step::Of { step, inside } if step.is_way() => {
                enters(inside, hidden || step.hides_clients(), found);
            }
            Step::Of { step, .. } if step.is_gate() => {}
            Step::Cpu(_) | Step::Delay(_) | Step::Of { .. } => return,
        }
    }
}

/// The first of some steps that is no gate, if it answers clients, on one of several ways.
fn answered(steps: &[Step]) -> Option<&kind::Step> {
    for step in steps {
        match step {
            Step::Of { step, .. } if step.is_gate() => {}
            Step::Of { step, inside } if step.is_way() => {
                if step.answers_clients() {
                    return Some(step);
                }
                if !step.hides_clients()
                    && let Some(found) = answered(inside)
                {
                    return Some(found);
                }
            }
            Step::Of { step, .. } => return Some(step).filter(|step| step.answers_clients()),
            Step::Call { .. } | Step::Cpu(_) | Step::Delay(_) => return None,
        }
    }
    None
}

/// What a class does, in the word of HTTP and as those on its way read it.
fn method(reader: &Reader) -> (&'static str, Method) {
    let choices = Method::CHOICES.map(|(word, method)| (word, (word, method)));
    reader.or("method", |value| value.choice(&choices), ("GET", Method::default()))
}

/// The path of a class from its client's side.
fn path_of(reader: &Reader, scope: &Scope, sizes: [Bytes; 2]) -> Vec<Step> {
    let text = |key| reader.maybe(key, Value::text).unwrap_or_default();
    let (_, method) = method(reader);
    let asked = Asked::new(
        text("path"),
        text("host"),
        reader.maybe("keys", Value::id),
        method,
        sizes,
        scope.duration,
    );
    let entered = Cell::new(false);
    let steps = |tiers: Tiers| {
        entered.set(true);
        let steps = |value: Value| {
            let steps = scope.steps(value, tiers)?;
            if value.is_empty_array() {
                value.problem("a request that does nothing", "write a step such as { cpu = \"6ms\" }");
            }
            Some(steps)
        };
        reader.must("steps", steps, Vec::new())
    };
    let Some(via) = reader.get("via") else {
        unread(reader, &asked);
        return steps(&[]);
    };
    let is_cut = Cell::new(false);
    let way = Way { scope, reader, key: "via", asked: Some(&asked), tiers: &[], is_cut: &is_cut };
    let of = kind::Step::entered(via);
    let path = match of {
        Some(of) => way.enter(of, &steps),
        None => way.lost(steps),
    };
    if of.is_some() {
        unread(reader, &asked);
        if let (false, Some(steps)) = (entered.get() || is_cut.get(), reader.get("steps")) {
            let hint =
                "where it enters answers by itself: remove them, or let it lead to a balancer or a fleet";
            steps.problem("steps that no request comes to", hint);
        }
    }
    path
}

/// What a class says of itself for those on its way is read by one of them.
fn unread(reader: &Reader, asked: &Asked) {
    let path = "only a balancer with `rules` or a distribution reads it: write one, or remove it";
    let objects =
        "only a distribution or a bucket that it enters `via` reads it: steps have `keys` of their own";
    for (key, is_read, hint) in [
        ("path", asked.is_looked_at(), path),
        ("host", asked.is_looked_at(), path),
        ("keys", asked.is_drawn(), objects),
    ] {
        if let (false, Some(value)) = (is_read, reader.get(key)) {
            value.problem(format!("a `{key}` that nothing reads"), hint);
        }
    }
}

/// The path of a class draws from few enough populations.
fn few_populations(cx: &Context, span: &Span, steps: &[Step]) {
    let found = path::populations(steps).len();
    if found > POPULATIONS_MAX {
        let message = format!("a path that draws keys from {found} populations");
        let hint =
            format!("at most {POPULATIONS_MAX} are possible: name populations in [keys] and share them");
        cx.push(Problem::at(span, message).hint(hint));
    }
}
