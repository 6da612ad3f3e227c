//! What a kind writes the ops of its steps through.
//!
//! In: laws, journeys, stages and ops of kinds. Out: the program, with a stream of random numbers for each place and purpose.

use super::Compiler;
use crate::dist::Law;
use crate::flow::attempt::NETWORK;
use crate::flow::draws::DrawId;
use crate::flow::number;
use crate::kind;
use crate::kind::step::Compile;
use crate::measure::resource::Resource;
use crate::measure::stage::{Stage, StageKind};
use crate::model::program::Op;
use crate::units::Time;

impl Compile for Compiler<'_> {
    type Op = kind::Op;

    fn level(&self) -> u8 {
        self.level
    }

    fn fleet(&self) -> Option<usize> {
        self.tiers.last().copied()
    }

    fn draw(&mut self, law: &Law, purpose: &str) -> DrawId {
        self.draw_for(law, 1.0, purpose)
    }

    fn recall(&mut self, law: &Law, draw: DrawId, stage: u16) {
        let Law::Replayed { values, plus } = law else { return };
        self.program.draws.columns.push((values.clone(), *plus));
        self.emit(Op::Recall { draw, column: number(self.program.draws.columns.len() - 1) }, stage);
    }

    fn hop(&mut self, hop: Time) {
        if hop == Time::ZERO {
            return;
        }
        let before = self.journeys.last().filter(|journey| journey.0 + 1 == self.program.ops.len());
        let span = match before.filter(|journey| journey.0 + 1 > self.label) {
            Some(&(_, before)) => {
                self.program.ops.pop();
                self.journeys.pop();
                before + hop
            }
            None => hop,
        };
        let lane = (self.lane)(span);
        self.journeys.push((self.program.ops.len(), span));
        self.emit(Op::Hop { lane }, NETWORK);
    }

    /// Where both kinds of nodes are used, it is that of all of them. Only the time of requests has stages.
    fn stage(&mut self, kind: StageKind, of: Option<Resource>, resource: &str, label: &str) -> u16 {
        if !self.is_request {
            return NETWORK;
        }
        let stages = &mut self.program.stages;
        let beside = |known: Option<Resource>| match (known, of) {
            (Some(known), Some(of)) => known.is_beside(of),
            (known, of) => known == of,
        };
        let known = stages.iter().position(|stage| stage.kind == kind && beside(stage.of));
        number(match known {
            Some(known) => {
                if stages[known].of != of {
                    stages[known].of = of.map(Resource::on_all_nodes);
                }
                known
            }
            None => {
                stages.push(Stage { label: label.into(), kind, resource: resource.into(), of });
                stages.len() - 1
            }
        })
    }

    fn label(&mut self) -> u32 {
        self.label = self.program.ops.len();
        number(self.label)
    }

    fn ask(&mut self, op: impl Into<kind::Op>, stage: u16) {
        self.emit(Op::Of(op.into()), stage);
    }
}
