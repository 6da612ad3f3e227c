//! Names: where each request goes, as its client was told when it looked the name up.
//!
//! In: requests that enter by a name, changes of its records, checks, facts about instances. Out: one of the ways that follow, and an instance if the
//! record leads to a fleet. `clients` keeps what was told, `answer` answers lookups, `addresses` knows the instances, `checks` their health.

use super::address::{self, Address};
use super::answer::{self, Client, Value};
use super::clients::{Asked, Clients, Who};
use super::language::{self, Dns};
use super::marks::Marks;
use super::probe;
use super::reach::Reach;
use super::record::{DnsSeries, DnsTotals};
use super::shown::Shown;
use super::vote::Endpoint;
use crate::catalog::region::Region;
use crate::catalog::zone::Place;
use crate::flow::draws::Draws;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, NONE};
use crate::id::{self, AlarmOf};
use crate::kind::alarm::language::names::Names as Alarms;
use crate::kind::bill::Hourly;
use crate::kind::location::Location;
use crate::kind::part::{Counted, Part, Plan, Share, Skip};
use crate::kind::path::{CompileErrand, PathOwner};
use crate::kind::{self, Kind, Settings};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};
use crate::units::Time;
use crate::usage::Used;

/// All names.
#[derive(Debug)]
pub struct Names<'s> {
    pub(super) settings: &'s [Dns],
    pub(super) all: &'s Settings,
    pub(super) seed: u64,
    pub(super) each: Vec<State>,
    /// Addresses of instances, of all records.
    pub(super) addresses: Vec<Address>,
    /// What checkers check.
    pub(super) endpoints: Vec<Endpoint>,
    /// Of each name, where the check of each record begins.
    pub(super) entries: Vec<Vec<Option<u32>>>,
    /// Which places of what aliases lead to answer.
    pub(super) reach: Reach,
    /// The alarms that decide of records: the name, the record, and whether it is on.
    pub(super) alarms: Vec<(AlarmOf, u16, u8, bool)>,
    /// Where the clients of each source are.
    places: Vec<Option<&'s Location>>,
    /// The Region of the file.
    region: Option<Region>,
    /// The way that was drawn for the attempt that walks at this instant, until it has come there.
    drawn: Option<u8>,
    pub(super) series: Vec<DnsSeries>,
}

/// One name.
#[derive(Debug)]
pub(super) struct State {
    clients: Clients,
    /// The records as they are answered, and as they were at the start.
    pub(super) shown: Vec<Shown>,
    first: Option<Vec<Shown>>,
    /// Whether a record is as healthy as its target.
    pub(super) evaluates: bool,
    stream: Stream,
    /// What has happened so far.
    pub(super) counted: DnsTotals,
    /// Requests that went by each record.
    pub(super) went: Vec<u64>,
    pub(super) marks: Marks,
    pub(super) billed: Hourly,
}

/// Steps at a name.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A client knows where the name leads, or looks it up.
    Look { name: u16 },
    /// It has an address, and may have tried to connect in vain.
    Connect,
    /// One of the ways that follow: attempts that go by another record go past it.
    Way { name: u16, way: u8, past: u32 },
    /// A health check was answered.
    Checked,
}

timers! {
    Kind::Dns;
    /// Route 53 answers by a change.
    Change { name: u16, change: u16 } = "change of records of name/change";
    /// An address enters its record, or leaves it.
    List { address: u32, listed: bool } = "change of the address of an instance/listed";
    /// A checker checks an endpoint.
    Check { endpoint: u32, checker: u32 } = "health check by Route 53 of endpoint/checker";
    /// It was not answered in time.
    Unanswered { endpoint: u32, checker: u32 } = "timeout of a health check by Route 53 of endpoint/checker";
    /// What was lost of the target of an alias has been found to be gone, or to be back.
    Found { spot: u32 } = "check of what an alias leads to/place";
}

impl<'s> Part<'s> for Names<'s> {
    type Op = Op;
    type Timer = Timer;

    fn errands(all: &Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
        probe::write(all, to);
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let all = plan.kinds;
        let settings = all.domains.as_slice();
        let places = plan.origins.iter().map(|it| plan.locations.get(it.location?)).collect();
        let entries = |(index, dns): (usize, &Dns)| probe::entries(dns, index, &plan.entries);
        let mut names = Names {
            settings,
            all,
            seed: plan.seed,
            each: settings.iter().map(|it| State::new(it, plan.seed)).collect(),
            addresses: Vec::new(),
            endpoints: Vec::new(),
            entries: settings.iter().enumerate().map(entries).collect(),
            reach: Reach::of(all),
            alarms: alarms(all),
            places,
            region: Region::of(plan.region),
            drawn: None,
            series: Vec::new(),
        };
        if !settings.is_empty() {
            // A retry is of the client of its request.
            flow.counts_requests = true;
        }
        for (name, dns) in (0u16..).zip(settings) {
            for (change, it) in (0u16..).zip(&dns.changes) {
                flow.set(Timer::Change { name, change }, (it.at + dns.propagation).0);
            }
            for (record, it) in (0u8..).zip(&dns.records) {
                let is_checked = it.check.as_ref().is_some_and(|check| check.alarm.is_none());
                if is_checked && it.to.0 != id::Kind::Fleet {
                    names.begin_checks(name, record, NONE, flow);
                }
            }
        }
        names
    }

    /// Attempts that go by another record.
    fn skips(op: Op, _draws: &Draws) -> Option<Skip> {
        let Op::Way { name, way, past } = op else { return None };
        let counted = Counted::Way { kind: id::Kind::Dns, choice: name, way };
        Some(Skip { to: past, share: Share::Counted(counted) })
    }

    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        let Counted::Way { kind: id::Kind::Dns, choice, way } = of else { return None };
        let went = &self.each.get(usize::from(choice))?.went;
        let came: u64 = went.iter().sum();
        Some((came, came - went.get(usize::from(way))?))
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Look { name } => self.look(name, id, flow),
            Op::Connect => flow.connect(id),
            Op::Way { way, past, .. } => match self.drawn == Some(way) {
                true => {
                    self.drawn = None;
                    Next::Op
                }
                false => Next::At(past),
            },
            Op::Checked => {
                self.answered(id, flow);
                Next::Gone
            }
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Change { name, change } => self.change(name, change, flow),
            Timer::List { address, listed } => self.list(address, listed, flow),
            Timer::Check { endpoint, checker } => self.check(endpoint, checker, flow),
            Timer::Unanswered { endpoint, checker } => self.judge(endpoint, checker, false, flow),
            Timer::Found { spot } => {
                self.reach.find(spot);
                self.evaluate(flow);
            }
        }
    }

    fn lost(&mut self, id: u32, cause: Option<Cause>, flow: &mut Flow) {
        self.check_lost(id, cause.is_some(), flow);
    }

    fn renumbered(&mut self, from: u32, to: u32, flow: &mut Flow) {
        self.check_renumbered(from, to, flow);
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        if self.settings.is_empty() {
            return;
        }
        self.moves(fact, flow);
        match *fact {
            Fact::Alarm { of, state } => self.alarm(of, state, flow),
            Fact::Begun(_)
            | Fact::Admitted(_)
            | Fact::Healthy(_)
            | Fact::Unhealthy(_)
            | Fact::Deregistered { .. } => self.evaluate(flow),
            Fact::ZoneLost(place) => self.reach_changes(place, true, flow),
            Fact::ZoneBack(place) => self.reach_changes(place, false, flow),
            Fact::RegionLost { region, .. } => self.reach_changes(Place::at_home(region), true, flow),
            Fact::RegionBack { region } => self.reach_changes(Place::at_home(region), false, flow),
            _ => {}
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.evaluate(flow);
        self.read_all(span, flow);
    }

    fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, state) in self.each.iter().enumerate() {
            // The endpoints of each record: what they cost is a matter of the record.
            let of_record = |record: usize| {
                let own = self
                    .endpoints
                    .iter()
                    .filter(move |it| usize::from(it.name) == index && usize::from(it.record) == record);
                own.map(|it| (Time(it.span.0), Time(it.span.1.min(flow.now)))).collect()
            };
            let resized = (0..self.settings[index].records.len()).map(of_record).collect();
            add((id::Kind::Dns, index), Used { resized, ..state.billed.used() });
        }
    }
}

/// The alarms that decide of records.
fn alarms(all: &Settings) -> Vec<(AlarmOf, u16, u8, bool)> {
    let known = Alarms::of(all);
    let mut found = Vec::new();
    for (name, dns) in (0u16..).zip(&all.domains) {
        for (record, it) in (0u8..).zip(&dns.records) {
            let alarm = it.check.as_ref().and_then(|check| known.find(&check.alarm.as_ref()?.name));
            found.extend(alarm.map(|of| (of, name, record, false)));
        }
    }
    found
}

impl State {
    fn new(settings: &Dns, seed: u64) -> State {
        let records = &settings.records;
        let show = |it: &language::Record| Shown {
            switch: language::Switch { weight: it.weight, on: true },
            healthy: true,
            addresses: (it.to.0 == id::Kind::Fleet).then(Vec::new),
        };
        State {
            clients: Clients::new(settings, seed),
            shown: records.iter().map(show).collect(),
            first: None,
            evaluates: records.iter().any(|it| it.evaluates),
            stream: stream(seed, &format!("dns.{}/answers", settings.name)),
            counted: DnsTotals { name: settings.name.clone(), ..DnsTotals::default() },
            went: vec![0; records.len()],
            marks: Marks::new(records.len()),
            billed: Hourly::default(),
        }
    }
}

/// The servers of a name.
struct Servers<'n> {
    settings: &'n Dns,
    shown: &'n [Shown],
    first: &'n [Shown],
    places: &'n [Option<&'n Location>],
    region: Option<Region>,
    stream: &'n mut Stream,
    counted: &'n mut DnsTotals,
}

impl Asked for Servers<'_> {
    fn ask(&mut self, source: u16, before: bool) -> (Vec<Value>, Time) {
        let client = match self.places.get(usize::from(source)).copied().flatten() {
            Some(location) => Client::At(location),
            None => Client::Near(self.region),
        };
        let shown = if before { self.first } else { self.shown };
        let values = answer::values(self.settings, shown, client, self.stream);
        let record = values.first().map(|it| usize::from(it.record));
        if !before {
            self.counted.queries += 1;
            self.counted.billed += u64::from(record.is_none_or(|it| self.settings.is_charged(it)));
        }
        (values, record.map_or(self.settings.ttl, |it| self.settings.ttl_of(it)))
    }
}

impl Names<'_> {
    /// A request enters by a name.
    fn look(&mut self, name: u16, id: u32, flow: &mut Flow) -> Next {
        let index = usize::from(name);
        let State { clients, shown, first, stream, counted, went, .. } = &mut self.each[index];
        let first: &Vec<Shown> = first.get_or_insert_with(|| shown.clone());
        let mut servers = Servers {
            settings: &self.settings[index],
            shown,
            first,
            places: &self.places,
            region: self.region,
            stream,
            counted,
        };
        let value = clients.value(Who::of(id, flow), flow.now, &mut servers);
        counted.requests += 1;
        let Some(value) = value else {
            counted.unanswered += 1;
            return Next::Fail(Cause::NoAnswer);
        };
        went[usize::from(value.record)] += 1;
        let host = match value.address {
            NONE => NONE,
            address => self.addresses[address as usize].host,
        };
        let is_nobody = value.address != NONE && address::is_nobody(host, flow);
        if self.is_old(index, value) {
            self.each[index].counted.old += 1;
            if is_nobody || !self.serves(index, value, flow) {
                flow.note_happened(Resource::OldAnswer { dns: index }, 1);
            }
        }
        if is_nobody {
            return flow.try_in_vain(id);
        }
        if host != NONE {
            *flow.addressed.of_mut(id) = host;
        }
        self.drawn = Some(value.record);
        Next::Op
    }

    /// Whether nobody who looks the name up now would be told this.
    fn is_old(&self, name: usize, value: Value) -> bool {
        let shown = &self.each[name].shown;
        let own = &shown[usize::from(value.record)];
        let (is_there, weight) = (own.is_there() && own.has(value.address), own.switch.weight);
        if !is_there {
            return true;
        }
        let others = || shown.iter().filter(|it| it.is_there());
        let is_weighted = self.settings[name].policy == language::Policy::Weighted;
        if is_weighted && weight == 0 && others().any(|it| it.switch.weight > 0 && it.healthy) {
            return true;
        }
        match self.settings[name].policy {
            language::Policy::Simple => false,
            language::Policy::Multivalue => {
                let healthy = |address: &(u32, bool)| address.1;
                let is_healthy = own.addresses.iter().flatten().any(|it| it.0 == value.address && it.1);
                !is_healthy && others().any(|it| it.addresses.iter().flatten().any(healthy))
            }
            _ => !own.healthy && others().any(|it| it.healthy),
        }
    }

    /// Records are others from now on.
    fn change(&mut self, name: u16, change: u16, flow: &mut Flow) {
        let index = usize::from(name);
        let settings = &self.settings[index];
        let Some(change) = settings.changes.get(usize::from(change)) else { return };
        self.remember(index);
        let mut words = Vec::new();
        for ((shown, after), record) in
            self.each[index].shown.iter_mut().zip(&change.after).zip(&settings.records)
        {
            let before = std::mem::replace(&mut shown.switch, *after);
            let what = match (before.on == after.on, after.on) {
                (false, false) => "off".to_owned(),
                (false, true) => "on".to_owned(),
                (true, _) if settings.policy == language::Policy::Weighted => after.weight.to_string(),
                (true, _) => continue,
            };
            words.push(format!("{} {what}", self.all.names(record.to.0)[record.to.1]));
        }
        flow.incident(id::Kind::Dns, &settings.name, format!("records: {}", words.join(", ")));
        self.refresh(name, flow);
    }

    /// What lookups were answered before the run.
    pub(super) fn remember(&mut self, name: usize) {
        let State { first, shown, .. } = &mut self.each[name];
        first.get_or_insert_with(|| shown.clone());
    }
}
