//! How environments are made and end. In: a function that needs one, an environment that has ended. Out: hosts, of which each has one request at a
//! time, with their connections.

use super::environment::{Environment, State};
use super::state::Lambdas;
use crate::catalog::zone::{Place, Zone};
use crate::engine::station::Station;
use crate::flow::fact::Fact;
use crate::flow::host::{Group, Host, Lifecycle, Rotation, Withheld};
use crate::flow::{Flow, NONE, number};

impl Lambdas<'_> {
    /// Adds the group of each function.
    pub(super) fn add_groups(count: usize, flow: &mut Flow) {
        (0..count).for_each(|_| flow.groups.push(Group::default()));
    }

    /// Makes an environment that has yet to initialize.
    pub(super) fn make(&mut self, function: u16, provisioned: bool, flow: &mut Flow) -> u32 {
        let index = usize::from(function);
        let host: u32 = number(flow.hosts.len());
        let state = &mut self.each[index];
        state.made += 1;
        let zone = self.settings[index].region.map_or(Zone::WHOLE, |region| Zone::WHOLE.moved_to(region));
        flow.hosts.push(Host {
            group: self.first_group + index,
            number: state.made,
            place: Place::at_home(zone),
            lifecycle: Lifecycle::InService,
            launched: flow.now,
            stages: [flow.now; 3],
            running: flow.now,
            in_service: flow.now,
            seasoned: true,
            failed_start: false,
            unregistered: true,
            // It gets no other request before it has ended the one that it has: when it is empty, that is told.
            draining: true,
            warmup: 0,
            idle_since: u64::MAX,
            lost: u64::MAX,
            ended: u64::MAX,
            threads: Station::new(0, 0),
            cpu: NONE,
            cores: NONE,
            processor: NONE,
            speed: 1.0,
            vcpus: 1,
            mean_vcpus: 1.0,
            weight: 1,
            stopped: false,
            down: false,
            ails: false,
            strength: 1.0,
            pace: 1.0,
            withheld: Withheld::default(),
            rotation: Rotation::default(),
            inside: 0,
            entered: 0,
        });
        let environment: u32 = number(self.environments.len());
        self.environments.push(Environment {
            function,
            host,
            state: State::Starts,
            since: flow.now,
            init: 0,
            provisioned,
            refused: false,
            attempt: NONE,
            served: 0,
        });
        self.of_host.resize(flow.hosts.len(), NONE);
        self.of_host[host as usize] = environment;
        let state = &mut self.each[index];
        state.alive += 1;
        state.most_alive = state.most_alive.max(state.alive);
        if !self.settings[index].pools.is_empty() {
            flow.tell(Fact::Launched(host));
        }
        environment
    }

    /// An environment has initialized: it needs its connections.
    pub(super) fn connect(&mut self, environment: u32, flow: &mut Flow) {
        let Environment { function, host, .. } = self.environments[environment as usize];
        if !self.settings[usize::from(function)].pools.is_empty() {
            flow.tell(Fact::Starting(host));
        }
    }

    /// An environment has ended: its connections close.
    pub(super) fn end(&mut self, environment: u32, flow: &mut Flow) {
        let own = &mut self.environments[environment as usize];
        if std::mem::replace(&mut own.state, State::Gone) == State::Gone {
            return;
        }
        let (index, host) = (usize::from(own.function), own.host);
        flow.hosts[host as usize].ended = flow.now;
        flow.hosts[host as usize].lifecycle = Lifecycle::Terminated;
        self.each[index].alive -= 1;
        if !self.settings[index].pools.is_empty() {
            flow.tell(Fact::Gone(host));
        }
    }

    /// The environment of a host, if it is one.
    pub(super) fn environment(&self, host: u32) -> Option<u32> {
        self.of_host.get(host as usize).copied().filter(|it| *it != NONE)
    }
}
