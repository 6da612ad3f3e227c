//! Whose a failed request is: the strike's that holds what it failed at.
//!
//! In: attempts that fail, what they wait for, and the hosts on which they are. Out: the strike that holds one of these, and a count for each.
//! Of several strikes that hold the same, it is the one that began first, so that each request counts once.

use super::language::{Member, OnHosts, OnRequests, Target};
use super::model::Faults;
use super::strike::Strike;
use super::view::is_nothing;
use crate::flow::Flow;
use crate::id::Kind;
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;

impl Faults<'_> {
    /// The strike that holds what an attempt waits for, a host on which it is, or the database that does not answer it.
    pub fn holder(
        &self,
        id: u32,
        waits_for: Option<Resource>,
        cause: Option<Cause>,
        flow: &Flow,
    ) -> Option<u32> {
        let table = waits_for.map(|of| self.table_of(of));
        table
            .and_then(|table| self.first(|it| self.strikes_all_of(it, table)))
            .or_else(|| self.holder_of_hosts(id, (waits_for, cause), flow))
            .or_else(|| if cause == Some(Cause::DatabaseUnavailable) { self.holder_of_nodes() } else { None })
    }

    fn first(&self, is_it: impl Fn(&Strike) -> bool) -> Option<u32> {
        self.open.iter().copied().find(|&it| is_it(&self.strikes[it as usize]))
    }

    /// The table that a resource is of; a pool is of the table to which it leads.
    fn table_of(&self, of: Resource) -> PathOwner {
        let leads_to = match of {
            Resource::Pool { fleet, pool, .. } => self.kinds.pools(Kind::Fleet, fleet).get(pool).copied(),
            _ => None,
        };
        leads_to.unwrap_or_else(|| (of.owner().kind(), of.owner().index()))
    }

    /// Whether a strike keeps all requests of a table. Those at a member of it know themselves which requests meet it, and so do those that it fails:
    /// what waits there waits for something else.
    fn strikes_all_of(&self, strike: &Strike, table: PathOwner) -> bool {
        let own = &self.settings[usize::from(strike.fault)];
        let is_of_all = match own.target {
            Target::Requests { of, member: Member::All, effect } => {
                of == table
                    && !matches!(
                        effect,
                        OnRequests::Fails(_) | OnRequests::Refuses(_) | OnRequests::Corrupts(_)
                    )
            }
            Target::Zone(place) => self.kinds.is_whole_in(table, place.zone),
            _ => false,
        };
        strike.is_present && is_of_all && !is_nothing(own)
    }

    fn holder_of_hosts(&self, id: u32, at: (Option<Resource>, Option<Cause>), flow: &Flow) -> Option<u32> {
        let attempt = &flow.attempts[id];
        let hosts = (attempt.floor..attempt.depth).rev().map(|tier| flow.attempts.tier(id, tier).instance);
        hosts.into_iter().find_map(|host| self.first(|it| self.holds(it, host, flow) && self.keeps(it, at)))
    }

    /// Whether a strike at hosts keeps what is on one of them: one that is only slow keeps what is at its CPU, not what waits elsewhere, and one that
    /// answers errors keeps nobody.
    fn keeps(&self, strike: &Strike, (waits_for, cause): (Option<Resource>, Option<Cause>)) -> bool {
        let own = &self.settings[usize::from(strike.fault)];
        match own.target {
            Target::Hosts { effect: OnHosts::Slow(_), fleet, .. } => {
                waits_for == Some(Resource::Cpu { fleet: fleet.index() }) && !is_nothing(own)
            }
            Target::Hosts { effect: OnHosts::Fails, .. } => cause == Some(Cause::InternalError),
            _ => true,
        }
    }

    /// Whether a strike holds a host at present: it is not over for it, or has ended it.
    pub(super) fn holds(&self, strike: &Strike, host: u32, flow: &Flow) -> bool {
        match self.settings[usize::from(strike.fault)].target {
            Target::Zone(place) => {
                let state = &flow.hosts[host as usize];
                state.is_lost()
                    && state.place.is_in(place)
                    && (strike.is_present || strike.took.contains(&host))
            }
            Target::Hosts { .. } => {
                strike.hosts.contains(&host)
                    || (flow.hosts[host as usize].is_lost() && strike.took.contains(&host))
            }
            _ => false,
        }
    }

    /// The strike by which a node of a database can be away, if there is no more than one.
    fn holder_of_nodes(&self) -> Option<u32> {
        let can = |&it: &u32| match self.settings[usize::from(self.strikes[it as usize].fault)].target {
            Target::Zone(_) => true,
            Target::Requests { of: (kind, _), .. } => kind == Kind::Database,
            _ => false,
        };
        let mut all = self.open.iter().copied().filter(can);
        all.next().filter(|_| all.next().is_none())
    }

    /// A request of a class has failed at what a strike holds.
    pub fn charge(&mut self, strike: u32, class: u16) {
        let row = self.charged.len();
        let own = &mut self.strikes[strike as usize].charged;
        let mut of_row = own.iter_mut().rev().take_while(|it| it.0 == row);
        match of_row.find(|it| it.1 == class) {
            Some((_, _, count)) => *count += 1,
            None => own.push((row, class, 1)),
        }
        self.charged_so_far += 1;
    }

    /// Requests that have failed so far at nothing that a strike held.
    pub(super) fn loose(&self, flow: &Flow) -> u64 {
        flow.recorder.requests().failures().saturating_sub(self.charged_so_far)
    }
}
