//! What a kind writes the ops of its steps through.
//!
//! In: laws, journeys, stages and ops of kinds. Out: the program, with a stream of random numbers for each place and purpose.

use super::Compiler;
use crate::dist::Law;
use crate::flow::attempt::NETWORK;
use crate::flow::draws::{Draw, DrawId, Ratio};
use crate::flow::number;
use crate::id::KeySpaceId;
use crate::kind;
use crate::kind::front::Objects;
use crate::kind::path::PathOwner;
use crate::kind::step::Compile;
use crate::measure::resource::Resource;
use crate::measure::stage::{Stage, StageKind};
use crate::model::program::Op;
use crate::rng::stream;
use crate::units::Time;

impl Compile for Compiler<'_> {
    type Op = kind::Op;

    fn level(&self) -> u8 {
        self.level
    }

    fn comes_again(&mut self) -> bool {
        self.program.counts_requests |= self.again;
        self.again
    }

    fn fleet(&self) -> Option<usize> {
        self.tiers.last().copied()
    }

    fn tier(&self) -> u8 {
        number(self.tiers.len().saturating_sub(1))
    }

    fn draw_on(&mut self, strength: f64, law: &Law, purpose: &str) -> DrawId {
        let stream = stream(self.seed, &format!("{}/{purpose}", self.path));
        self.program.draws.add(Draw::new(law, strength, stream))
    }

    fn ratio(&mut self, ratio: f64) -> u16 {
        let stream = stream(self.seed, &format!("{}/hit", self.path));
        let ratios = &mut self.program.draws.ratios;
        ratios.push(Ratio::new(ratio, stream));
        number(ratios.len() - 1)
    }

    fn recall(&mut self, law: &Law, draw: DrawId, stage: u16) {
        let Law::Replayed { values, plus } = law else { return };
        self.program.draws.columns.push((values.clone(), *plus));
        self.emit(Op::Recall { draw, column: number(self.program.draws.columns.len() - 1) }, stage);
    }

    fn key(&mut self, keys: KeySpaceId, same: bool) -> u8 {
        match self.bound.contains(&keys) {
            true => self.slot(keys),
            false if same => self.same_key(keys),
            false => self.fresh_key(keys),
        }
    }

    fn kept(&self) -> usize {
        self.bound.len()
    }

    fn bounded_by(&mut self, api: u16) {
        self.bounded = Some(api);
    }

    fn keep(&mut self, keys: KeySpaceId) {
        self.bound.push(keys);
    }

    fn forget(&mut self, kept: usize) {
        self.bound.truncate(kept);
    }

    fn keyed(&mut self, of: PathOwner, keys: KeySpaceId) {
        self.program.keyed.push((of, number(keys.index())));
    }

    fn slots(&mut self, list: &[(u16, u8)]) -> u32 {
        let at = number(self.program.slots.len());
        self.program.slots.extend(list);
        at
    }

    /// Classes that ask for the same have the same number.
    fn objects(&mut self, mut objects: Objects) -> u16 {
        if objects.path.is_empty() {
            objects.path.clone_from(&self.place);
        }
        let kind = objects.of.0;
        let known = &mut self.program.objects;
        let own = known.iter().filter(|it| it.of.0 == kind);
        let (count, at) = (own.clone().count(), own.clone().position(|it| *it == objects));
        number(at.unwrap_or_else(|| {
            known.push(objects);
            count
        }))
    }

    fn cpu(&mut self, law: &Law) {
        self.cpu_step(law);
    }

    fn delay(&mut self, law: &Law) {
        self.delay_step(law);
    }

    fn part(&mut self, index: usize, write: impl FnOnce(&mut Self)) {
        let path = self.path.len();
        self.path.push_str(&format!("/{index}"));
        write(self);
        self.path.truncate(path);
    }

    fn hop(&mut self, hop: Time) {
        let far = if self.far.goes { self.far.half() } else { Time::ZERO };
        self.journey(hop + far);
    }

    fn hop_within(&mut self, hop: Time) {
        self.journey(hop);
    }

    /// What clients send is theirs to send, wherever it goes.
    fn carries(&mut self, there: i64, back: i64) {
        let way = self.far.way.filter(|_| self.fleet().is_some());
        match way {
            Some(_) => self.crosses(way, there, back),
            None => self.goes_out(there),
        }
    }

    fn reaches(&mut self, table: PathOwner) {
        if let Some(region) = self.scenario.kinds.lost_with(table) {
            self.ask(Op::reach_region(region), NETWORK);
            self.ask(Op::connect(), NETWORK);
        }
    }

    fn answers(&mut self, table: PathOwner) {
        if let Some(region) = self.scenario.kinds.lost_with(table) {
            self.ask(Op::leave_region(region), NETWORK);
            self.ask(Op::connect(), NETWORK);
        }
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
        self.label = self.ops.len();
        number(self.label)
    }

    fn ask(&mut self, op: impl Into<kind::Op>, stage: u16) {
        self.emit(Op::Of(op.into()), stage);
    }

    fn patch(&mut self, at: u32, op: impl Into<kind::Op>) {
        self.ops[at as usize].op = Op::Of(op.into());
    }

    /// Not every attempt that comes behind them has taken them.
    fn inside(&mut self) {
        if let Some(path) = self.own.take() {
            path.cpu.iter().for_each(|law| self.cpu(law));
            path.time.iter().for_each(|law| self.delay(law));
        }
        let drawn = self.drawn.len();
        // What is inside begins where the step is.
        self.go_far();
        let far = std::mem::take(&mut self.far);
        self.steps(self.inside);
        self.far = far;
        self.go_far();
        self.drawn.truncate(drawn);
    }
}
