//! Requests that a program makes in place of those that the file says. In: the program's arrivals, and names of classes. Out: an [`Own`].

use crate::own::Arrivals;

/// What makes the requests of a source.
#[derive(Clone, Debug)]
pub struct Own {
    pub(crate) arrivals: Arrivals,
    /// The names of all classes, by their positions.
    pub(crate) classes: Vec<String>,
    /// Times the traffic that is asked for.
    pub(crate) factor: f64,
}

impl Own {
    /// The same with more or less traffic.
    pub(in crate::scenario) fn scaled(&self, factor: f64) -> Own {
        Own { factor: self.factor * factor, ..self.clone() }
    }
}
