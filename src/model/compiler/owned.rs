//! Paths that resources own: what attempts without a client do on a host.
//!
//! In: an [`OwnPath`]. Out: its ops as its kind writes them, and the positions of those at which attempts begin. Its attempts
//! have no client, so their time is that of no request, and is booked to no stage of one.

use super::{Compiler, Far};
use crate::flow::attempt::NETWORK;
use crate::kind::Parts;
use crate::kind::path::{CompileErrand, CompileOwn, PathOwner};
use crate::kind::step::Compile;
use crate::model::program::{Op, Work};
use crate::scenario::request::{OwnPath, Target};

impl<'a> Compiler<'a> {
    pub(super) fn own_path(&mut self, path: &'a OwnPath) {
        self.begin(path.place.clone(), 0);
        self.is_request = false;
        self.again = true;
        self.own = Some(path);
        self.inside = &path.steps;
        self.program.entries.push((path.of, Vec::new()));
        self.tiers.push(path.fleet.index());
        // Its kind goes the way between the hosts and the table that has the path.
        self.far = Far { way: self.scenario.way_between(path.fleet.index(), path.of), goes: true };
        self.need_tiers();
        let kinds = &self.scenario.kinds;
        Parts::own_path(path.of, kinds, self);
        self.own = None;
        self.far = Far::default();
    }
}

impl CompileErrand for Compiler<'_> {
    fn errand(&mut self, of: PathOwner, place: String) {
        self.begin(place, 0);
        self.is_request = false;
        let at = self.label();
        self.program.entries.push((of, vec![at]));
    }

    fn enter(&mut self, to: PathOwner, inside: impl FnOnce(&mut Self)) {
        let Some(target) = Target::of(to) else { return };
        self.addressed = true;
        self.called(target, inside);
    }
}

impl CompileOwn for Compiler<'_> {
    fn entry(&mut self) {
        let at = self.label();
        if let Some((_, entries)) = self.program.entries.last_mut() {
            entries.push(at);
        }
    }

    fn thread(&mut self) {
        self.emit(Op::Thread { tier: 0, work: Work::None }, NETWORK);
    }

    fn may_fail(&mut self) {
        self.failing_step(NETWORK);
    }

    fn leave(&mut self) {
        self.emit(Op::Leave { tier: 0, hop: None }, NETWORK);
    }

    fn outside(&mut self) {
        self.tiers.clear();
    }

    fn enter(&mut self, to: PathOwner, inside: impl FnOnce(&mut Self)) {
        if let Some(target) = Target::of(to) {
            self.called(target, inside);
        }
    }
}
