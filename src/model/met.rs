//! Which strike of a fault a failure is of. In: an attempt that fails, or whose caller goes. Out: the strike that holds what it was at, if one
//! does, or the last one that it met.

use super::World;
use crate::kind::Kind;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

impl World<'_> {
    /// An attempt fails, or is cut off from its caller: from now on it is known which strike it met.
    #[inline]
    pub(super) fn find_met(&mut self, id: u32, cause: Option<Cause>) {
        if self.flow.met.is_any
            && let Some(strike) = self.met_by(id, cause)
        {
            self.flow.meets(id, strike);
        }
    }

    /// What was met at this very instant has ended it. Else that is where it waits, innermost first: its tries, what it waits for, its
    /// hosts. Else it has met something before that kept it for too long.
    #[cold]
    fn met_by(&self, id: u32, cause: Option<Cause>) -> Option<u32> {
        let met = self.flow.met(id);
        if let Some((strike, true)) = met {
            return Some(strike);
        }
        let tries = self.parts.resilience.tries_of(id).chain(self.parts.distribution.try_of(id));
        let of_tries = tries.into_iter().find_map(|it| self.met_by(it, None));
        of_tries
            .or_else(|| self.parts.fault.holder(id, self.waits_for(id), cause, &self.flow))
            .or(met.map(|(strike, _)| strike))
    }

    /// The resource at which an attempt spends its time.
    fn waits_for(&self, id: u32) -> Option<Resource> {
        let place = self.flow.attempts[id].stage;
        let stage = self.program.places.iter().position(|it| *it == place)?;
        self.program.stages[stage].of
    }

    /// A try has failed, or is given up: its caller has met what it met.
    #[cold]
    pub(super) fn tell_met(&mut self, id: u32, caller: u32) {
        if let Some((strike, _)) = self.flow.met(id) {
            self.flow.meets(caller, strike);
        }
    }

    /// An errand comes to nothing: if it is a try, its caller has met what it met.
    pub(super) fn errand_met(&mut self, id: u32, cause: Option<Cause>) {
        if self.flow.met.is_any {
            self.find_met(id, cause);
            let caller = |kind: Kind| self.flow.errand(id, kind as u8);
            if let Some(caller) = caller(Kind::Resilience).or_else(|| caller(Kind::Distribution)) {
                self.tell_met(id, caller);
            }
            self.flow.forget_met(id);
        }
    }

    /// Whether an attempt tries to connect to an address where nothing is: nothing goes on there when its caller has gone.
    pub(super) fn is_in_vain(&self, id: u32) -> bool {
        self.flow.is_in_vain(id)
    }

    /// An attempt has failed, and its request with it if it was the last one.
    #[cold]
    pub(super) fn charge(&mut self, id: u32, is_last: bool) {
        if let (Some((strike, _)), true) = (self.flow.met(id), is_last) {
            let class = self.flow.attempts[id].class;
            self.parts.fault.charge(strike, class);
        }
        self.flow.forget_met(id);
    }
}
