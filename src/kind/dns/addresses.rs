//! Addresses of instances, where a record leads to a fleet without a balancer. In: instances that come into service and leave it. Out: which
//! instance each address leads to, and which of them are in the record.

use super::address::Address;
use super::model::{Names, Timer};
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, NONE};
use crate::id::Kind;

impl Names<'_> {
    /// What becomes of the addresses of an instance.
    pub(super) fn moves(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::InService(host) | Fact::Connected(host) => self.joins(host, flow),
            Fact::Leaving(host) => self.leaves(host, flow),
            Fact::Gone(host) => {
                let fixed =
                    |settings: &[super::language::Dns], it: &Address| settings[usize::from(it.name)].fixed;
                let settings = self.settings;
                let own = self.addresses.iter_mut().filter(|it| it.host == host && fixed(settings, it));
                own.for_each(|it| it.host = NONE);
            }
            _ => {}
        }
    }

    /// An instance that answers takes an address in each record of its fleet.
    fn joins(&mut self, host: u32, flow: &mut Flow) {
        let state = &flow.hosts[host as usize];
        if state.lifecycle != Lifecycle::InService || !(state.is_running() || flow.now == 0) {
            return;
        }
        let of = (Kind::Fleet, state.group);
        for (name, settings) in (0u16..).zip(self.settings) {
            let Some(record) = settings.records.iter().position(|it| it.to == of) else { continue };
            let record = record as u8;
            let is_own = |it: &Address| it.name == name && it.record == record;
            if self.addresses.iter().any(|it| is_own(it) && it.host == host) {
                continue;
            }
            let is_free = |it: &Address| is_own(it) && (it.host == NONE || it.leaving);
            let free = self.addresses.iter_mut().find(|it| settings.fixed && is_free(it));
            if let Some(free) = free {
                (free.host, free.leaving) = (host, false);
                continue;
            }
            let number = self.addresses.len() as u32;
            let address =
                Address { name, record, host, leaving: false, listed: flow.now == 0, endpoint: NONE };
            self.addresses.push(address);
            self.check_address(number, flow);
            match flow.now {
                0 => self.refresh(name, flow),
                now => flow.set(
                    Timer::List { address: number, listed: true },
                    now.saturating_add(settings.propagation.0),
                ),
            }
        }
    }

    /// An instance begins to leave: another one may take its address, or it will leave the record.
    fn leaves(&mut self, host: u32, flow: &mut Flow) {
        for (number, address) in (0u32..).zip(&mut self.addresses).filter(|(_, it)| it.host == host) {
            let settings = &self.settings[usize::from(address.name)];
            address.leaving = true;
            if !settings.fixed {
                flow.cancel(Timer::List { address: number, listed: true });
                let at = flow.now.saturating_add(settings.propagation.0);
                flow.set(Timer::List { address: number, listed: false }, at);
            }
        }
    }

    /// An address enters its record, or leaves it.
    pub(super) fn list(&mut self, address: u32, listed: bool, flow: &mut Flow) {
        let own = &mut self.addresses[address as usize];
        own.listed = listed;
        let name = own.name;
        if !listed {
            self.check_no_more(address, flow);
        }
        self.refresh(name, flow);
    }
}
