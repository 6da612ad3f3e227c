//! `[fault.NAME]`: a zone is lost. In: zone, time, length. Out: a [`Fault`].

mod foreign;

use crate::catalog::zone::{Place, Zone};
use crate::id::Dial;
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::kind::zones;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// The loss of an Availability Zone.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Name in the file.
    pub name: String,
    /// What is lost.
    pub place: Place,
    /// When it is lost.
    pub at: Time,
    /// How long it is lost; `None` is until the end.
    pub length: Option<Time>,
}

impl Fault {
    /// When the zone is back, if it is.
    pub fn until(&self) -> Option<Time> {
        self.length.map(|length| self.at + length)
    }
}

/// Faults have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// The language of a fault.
pub const SHAPE: Shape = Shape {
    title: "[fault.NAME]",
    about: "An Availability Zone is lost: whatever has a place there stops at once, and nothing that is sent there is answered.",
    keys: &[
        Key::required("zone", "letter, \"a\" to \"f\"", "the zone, as in the `azs` of a resource"),
        Key::required("at", "duration", "when it is lost, from the start of the run"),
        Key::optional("for", "duration", "until the end of the run", "how long it is lost"),
    ],
};

impl Table<Settings> for Fault {
    const ABOUT: &'static str = "losses of an Availability Zone";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const ACTS: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Fault {
        Fault {
            name: name.to_owned(),
            place: Place::at_home(reader.must("zone", zones::zone, Zone(0))),
            at: reader.must("at", Value::time, Time::ZERO),
            length: reader.maybe("for", Value::span_of_time),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn takes(&self) -> Option<Zone> {
        Some(self.place.zone)
    }

    fn changes(&self) -> Vec<Time> {
        std::iter::once(self.at).chain(self.until()).collect()
    }
}
