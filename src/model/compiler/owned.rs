//! Paths that resources own: a thread of a host, CPU and steps, and then the op of the kind at which its attempts end.
//!
//! In: an [`OwnPath`]. Out: its ops, and the position of the first. Its attempts have no client, so their time is that of
//! no request, and is booked to no stage of one.

use super::Compiler;
use crate::flow::attempt::NETWORK;
use crate::kind::Parts;
use crate::kind::step::Compile;
use crate::model::program::Op;
use crate::scenario::request::OwnPath;

impl Compiler<'_> {
    pub(super) fn own_path(&mut self, path: &OwnPath) {
        self.begin(path.place.clone(), 0);
        self.is_request = false;
        let entry = self.label();
        self.program.entries.push((path.of, entry));
        self.tiers.push(path.fleet.index());
        self.need_tiers();
        self.emit(Op::Thread { tier: 0, cpu: None }, NETWORK);
        if let Some(law) = &path.cpu {
            self.cpu(law);
        }
        self.steps(&path.steps);
        self.emit(Op::Leave { tier: 0, hop: None }, NETWORK);
        let end = Parts::path_end(path.of.0).expect("a kind that owns paths has an op at their end");
        self.ask(end, NETWORK);
    }
}
