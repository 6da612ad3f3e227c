//! How a path uses service stations, and what was recorded for its requests.
//!
//! In: a station and a law of time. Out: the ops of asking, being served and going, by the station's discipline.

use super::Compiler;
use crate::dist::Law;
use crate::flow::draws::DrawId;
use crate::flow::number;
use crate::kind::service;
use crate::kind::service::language::Discipline;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::model::program::Op;

impl Compiler<'_> {
    pub(super) fn service(&mut self, index: usize, time: Option<&Law>) {
        let service = &self.scenario.services[index];
        let of = Resource::Service { service: index };
        let stage = self.stage(StageKind::Service, Some(of), &service.name, &format!("at {}", service.name));
        let time = time.unwrap_or(&service.time);
        let draw = self.draw(time, "service");
        self.hop(service.hop);
        let service_index = number(index);
        let ranked = service.discipline == Discipline::Priority;
        match ranked {
            true => self.ask(service::Op::Line { service: service_index, level: self.level }, stage),
            false => self.ask(service::Op::Queue { service: service_index }, stage),
        }
        self.recall(time, draw, stage);
        match service.discipline {
            Discipline::ProcessorSharing => {
                self.ask(service::Op::Share { service: service_index, draw }, stage)
            }
            _ => self.ask(service::Op::Serve { service: service_index, draw }, stage),
        }
        match ranked {
            true => self.ask(service::Op::DepartLine { service: service_index }, stage),
            false => self.ask(service::Op::Depart { service: service_index }, stage),
        }
        self.hop(service.hop);
    }

    /// Before the op that draws a recorded value, with no wait between: puts the value of the request there.
    pub(super) fn recall(&mut self, law: &Law, draw: DrawId, stage: u16) {
        let Law::Replayed { values, plus } = law else { return };
        self.program.draws.columns.push((values.clone(), *plus));
        self.emit(Op::Recall { draw, column: number(self.program.draws.columns.len() - 1) }, stage);
    }
}
