//! What stands before tiers: names, edges and gates, by which requests enter.
//!
//! In: what a request asks for. Out: `Lead`s, each a step and where it leads: to another front, or to a tier.

use std::cell::Cell;

use crate::id::{KeySpaceId, Kind};
use crate::units::{Bytes, Time};

/// What a request asks for, as those see it that look at it on its way.
#[derive(Debug)]
pub(crate) struct Asked<'r> {
    path: &'r str,
    host: &'r str,
    objects: Option<KeySpaceId>,
    /// What it may do there.
    pub method: Method,
    /// Mean size of the request.
    pub request: Bytes,
    /// Mean size of its answer.
    pub response: Bytes,
    /// How long the run is in which it asks.
    pub duration: Time,
    looked: Cell<bool>,
    drawn: Cell<bool>,
}

impl<'r> Asked<'r> {
    /// A request for a path at a host, whose object is drawn from a population, with the sizes of request and answer, in a run of
    /// this length.
    pub fn new(
        path: &'r str,
        host: &'r str,
        objects: Option<KeySpaceId>,
        method: Method,
        sizes: [Bytes; 2],
        duration: Time,
    ) -> Asked<'r> {
        let [request, response] = sizes;
        let (looked, drawn) = (Cell::new(false), Cell::new(false));
        Asked { path, host, objects, method, request, response, duration, looked, drawn }
    }

    /// Somebody looks at its path and its host.
    pub fn look(&self) -> (&'r str, &'r str) {
        self.looked.set(true);
        (self.path, self.host)
    }

    /// Somebody needs the population of its object.
    pub fn objects(&self) -> Option<KeySpaceId> {
        self.drawn.set(true);
        self.objects
    }

    /// Whether somebody has looked at its path and its host.
    pub fn is_looked_at(&self) -> bool {
        self.looked.get()
    }

    /// Whether somebody needed the population of its object.
    pub fn is_drawn(&self) -> bool {
        self.drawn.get()
    }
}

/// Objects of one path that something on the way keeps copies of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Objects {
    /// What keeps them, by kind and position.
    pub of: (Kind, usize),
    /// Which of its behaviours it is.
    pub behaviour: u16,
    /// The path; of a class that has none, the name of the class.
    pub path: String,
    /// What is done there.
    pub method: Method,
    /// The population of the objects, if there are several.
    pub keys: Option<u16>,
    /// Size of a request as it is sent on.
    pub request: Bytes,
    /// Size of an object.
    pub size: Bytes,
}

/// Methods of HTTP, as far as something depends on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// `GET`: its answer may be kept, and it may be sent again.
    #[default]
    Get,
    /// `HEAD`: the same.
    Head,
    /// `OPTIONS`: its answer is not kept.
    Options,
    /// `POST`, `PUT`, `PATCH` and `DELETE`: they change something.
    Post,
    /// See there.
    Put,
    /// See there.
    Patch,
    /// See there.
    Delete,
}

impl Method {
    /// Its words in a file.
    pub(crate) const CHOICES: [(&'static str, Method); 7] = [
        ("GET", Method::Get),
        ("HEAD", Method::Head),
        ("OPTIONS", Method::Options),
        ("POST", Method::Post),
        ("PUT", Method::Put),
        ("PATCH", Method::Patch),
        ("DELETE", Method::Delete),
    ];

    /// Whether it only reads, so that an answer may be kept and a request sent again.
    pub fn reads(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }
}

/// Where a request is led on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lead<S> {
    /// What it does on the way; what follows is inside of this step.
    pub step: S,
    /// The table that it enters next, by kind and position; nothing where the step answers by itself.
    pub to: Option<(Kind, usize)>,
}

impl<S> Lead<S> {
    /// The same by a step of another type.
    pub fn by<T>(self, of: impl FnOnce(S) -> T) -> Lead<T> {
        Lead { step: of(self.step), to: self.to }
    }
}
