//! Calls of functions. In: a function, and what happens inside. Out: the ops of an invocation: the way there, an environment as a tier, and the way
//! back.

use super::Compiler;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::kind;
use crate::kind::host::Hosts;
use crate::kind::step::Compile;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::model::program::Op;
use crate::scenario::distance::Way;
use crate::scenario::request::Target;
use crate::units::Time;

impl Compiler<'_> {
    /// A caller waits for the answer of a function.
    pub(super) fn invoked(&mut self, function: usize, target: Target, inside: impl FnOnce(&mut Self)) {
        self.addressed = false;
        let kinds = &self.scenario.kinds;
        let Some(group) = target.group(kinds) else { return };
        let Some(Hosts { name, hop, .. }) = kinds.hosts(group.index()) else { return };
        let way = self.fleet().and_then(|from| self.scenario.far_to(Some(from), target));
        let hop = hop + way.map_or(Time::ZERO, Way::half);
        let (request, answer) = self.sizes;
        self.journey(hop);
        self.crosses(way, request.0 as i64, 0);
        self.reaches(target.table());
        self.environment(function, name, group.index(), inside);
        self.answers(target.table());
        self.crosses(way, 0, answer.0 as i64);
        self.journey(hop);
    }

    /// An environment is a tier, from when it has the request until it has answered.
    fn environment(&mut self, function: usize, name: &str, group: usize, inside: impl FnOnce(&mut Self)) {
        let of = kind::shared(&self.scenario.kinds, Resource::Concurrency { lambda: function });
        let label = format!("waiting for an environment of {name} to start");
        let stage = self.stage(StageKind::Start, Some(of), name, &label);
        let tier = number(self.tiers.len());
        self.ask(Op::invoke(number(function), tier), stage);
        self.tiers.push(group);
        self.need_tiers();
        self.ask(Op::connect_environment(tier), stage);
        self.ask(Op::handle(tier), NETWORK);
        inside(self);
        self.emit(Op::Leave { tier, hop: None }, NETWORK);
        self.tiers.pop();
    }
}
