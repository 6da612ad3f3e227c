//! `{ service = … }`: a step at a service station. In: station and time. Out: a [`Visit`], and its ops.

use super::language::Discipline;
use super::model::Op;
use crate::dist::Law;
use crate::flow::number;
use crate::id::{Kind, ServiceId, UNKNOWN};
use crate::kind::path::Leaves;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Bytes;

/// Use a service station.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The station.
    pub service: ServiceId,
    /// Service time of this class, if not the station's own.
    pub time: Option<Law>,
    /// Bytes of the request, which count where it leaves the VPC or the Region.
    pub request: Bytes,
    /// Bytes of its answer.
    pub response: Bytes,
}

/// Bytes of a request: 1 KB.
pub const REQUEST: Given<Bytes> =
    Given::new(Bytes(1_000), "assumption: a small JSON document and its headers");
/// Bytes of its answer: 4 KB.
pub const RESPONSE: Given<Bytes> = Given::new(Bytes(4_000), "assumption: a JSON document and its headers");

/// The language of the step.
pub const SHAPE: Shape = Shape {
    title: "{ service = … }",
    about: "Use a service station.",
    keys: &[
        Key::required("service", "name of a service", "the station"),
        Key::optional("time", "demand", "the station's own", "service time of this request"),
        Key::given(
            "request_size",
            "amount of data",
            || REQUEST.show(),
            "size of the request, which counts where it leaves the VPC or goes to another Region",
        ),
        Key::given("response_size", "amount of data", || RESPONSE.show(), "size of its answer"),
    ],
};

impl Step<Settings, kind::Op> for Visit {
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const GOES: bool = true;

    fn read(_verb: &str, reader: &Reader, _scope: &impl Scope<Settings>) -> Visit {
        Visit {
            service: reader.must("service", Value::id, ServiceId(UNKNOWN)),
            time: reader.maybe("time", Value::demand),
            request: reader.or("request_size", Value::bytes, REQUEST.value),
            response: reader.or("response_size", Value::bytes, RESPONSE.value),
        }
    }

    fn varies<'t>(&'t self, all: &'t Settings) -> Option<&'t Law> {
        self.time.as_ref().or_else(|| Some(&all.services.get(self.service.index())?.time))
    }

    fn outlives_caller(&self) -> bool {
        true
    }

    fn leaves(&self, all: &Settings) -> Option<Leaves> {
        let is_outside = all.services.get(self.service.index())?.outside;
        let Visit { request, response, .. } = *self;
        let to = (Kind::Service, self.service.index());
        is_outside.then_some(Leaves { to, by_endpoint: false, request, response, outlives: true })
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let service = self.service.index();
        let station = &all.services[service];
        let mean = self.time.as_ref().unwrap_or(&station.time).mean().as_secs_f64();
        to.uses((Kind::Service, service));
        to.works(Resource::Service { service }, mean);
        to.passes(mean + 2.0 * station.hop.as_secs_f64(), 1.0);
    }

    /// Asking, being served and going, by the station's discipline.
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.service.index();
        let station = &all.services[index];
        let of = Resource::Service { service: index };
        let stage = to.stage(StageKind::Service, Some(of), &station.name, &format!("at {}", station.name));
        let time = self.time.as_ref().unwrap_or(&station.time);
        let draw = to.draw(time, "service");
        to.hop(station.hop);
        let (service, level) = (number(index), to.level());
        let table = (Kind::Service, index);
        let is_lost = all.lost_with(table).is_some();
        let is_struck = !all.striking(table).is_empty() || is_lost;
        to.reaches(table);
        to.carries(self.request.0 as i64, 0);
        if is_struck {
            to.ask(Op::Knock { service }, stage);
        }
        if station.own.is_some() {
            to.recall(time, draw, stage);
            to.ask(Op::Call { service, draw }, stage);
            if is_struck {
                to.ask(Op::Hang { service }, stage);
            }
            to.ask(Op::Return { service }, stage);
            if is_struck {
                to.ask(Op::Answer { service }, stage);
            }
            to.answers(table);
            to.carries(0, self.response.0 as i64);
            to.hop(station.hop);
            return;
        }
        let is_ranked = station.discipline == Discipline::Priority;
        match is_ranked {
            true => to.ask(Op::Line { service, level }, stage),
            false => to.ask(Op::Queue { service }, stage),
        }
        to.recall(time, draw, stage);
        match station.discipline {
            _ if is_struck => {
                to.ask(Op::Endure { service, draw }, stage);
                to.ask(Op::Hang { service }, stage);
                to.ask(Op::Answer { service }, stage);
            }
            Discipline::ProcessorSharing => to.ask(Op::Share { service, draw }, stage),
            Discipline::Fifo | Discipline::Priority => to.ask(Op::Serve { service, draw }, stage),
        }
        match is_ranked {
            _ if is_lost => to.ask(Op::Quit { service }, stage),
            true => to.ask(Op::DepartLine { service }, stage),
            false => to.ask(Op::Depart { service }, stage),
        }
        to.answers(table);
        to.carries(0, self.response.0 as i64);
        to.hop(station.hop);
    }
}
