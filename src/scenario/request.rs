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

use self::language::{PRIORITY, REQUEST_SIZE, RESPONSE_SIZE};
use self::scope::Scope;
use self::tiers::Tiers;
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
    /// Mean size of a request on the wire.
    pub request_size: Bytes,
    /// Mean size of a response on the wire.
    pub response_size: Bytes,
}

impl Class {
    /// Reads a class and says which entrance it takes.
    pub(super) fn read(name: &str, reader: &Reader, scope: &Scope) -> (Class, Option<Target>) {
        let via = reader.get("via");
        let entrance = via.and_then(|value| scope.target(value)).map(|target| scope.routed(target, reader));
        let steps = |tiers: Tiers| {
            let steps = |value: Value| {
                let steps = scope.steps(value, tiers)?;
                if value.is_empty_array() {
                    value.problem("a request that does nothing", "write a step such as { cpu = \"6ms\" }");
                }
                Some(steps)
            };
            let steps = reader.must("steps", steps, Vec::new());
            few_populations(reader.cx, &reader.span, &steps);
            steps
        };
        let request_size = reader.or("request_size", Value::bytes, REQUEST_SIZE.value);
        let response_size = reader.or("response_size", Value::bytes, RESPONSE_SIZE.value);
        let mut steps = match via {
            Some(_) => tiers::enter(scope, reader, "via", entrance, &[], steps),
            None => steps(&[]),
        };
        let bytes = Bytes(request_size.0.saturating_add(response_size.0));
        forward::add(&mut steps, scope.kinds, bytes);
        let class = Class {
            name: name.to_owned(),
            steps,
            priority: reader.or("priority", |value| value.count(0..=7), PRIORITY.value) as u8,
            request_size,
            response_size,
        };
        (class, entrance.map(|entrance| entrance.target))
    }
}

impl Class {
    /// Where its requests enter, if they do so before everything else.
    pub(crate) fn entrance(&self) -> Option<Target> {
        match self.steps.first()? {
            Step::Call { target, .. } => Some(*target),
            Step::Of { step, inside } if step.is_way() => match inside.first() {
                Some(Step::Call { target, .. }) => Some(*target),
                _ => None,
            },
            _ => None,
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
