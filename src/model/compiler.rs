//! From the paths of a scenario to one flat program.
//!
//! In: the steps of every class, nested as in the file. Out: a [`Program`]. Names of places on the way become names
//! of random streams; journeys that follow each other become one.

mod invoked;
mod keys;
mod owned;
mod places;
mod seam;

use std::sync::Arc;

use super::program::{Between, Crossing, Exit, Line, Op, Program, Work};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::engine::lane::LaneId;
use crate::flow::attempt::{NETWORK, Widths};
use crate::flow::draws::Draws;
use crate::flow::number;
use crate::id::{KeySpaceId, Kind};
use crate::kind::host::Hosts;
use crate::kind::step::Compile;
use crate::kind::{self, Parts};
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::scenario::Scenario;
use crate::scenario::distance::Way;
use crate::scenario::request::language::{REQUEST_SIZE, RESPONSE_SIZE};
use crate::scenario::request::{Class, OwnPath, Step, Target};
use crate::scenario::traffic::{Pattern, Source};
use crate::units::{Bytes, Time};

impl Program {
    /// Compiles every class and every path that a resource owns; `lane` gives the calendar's lane of a delay.
    pub fn compile(scenario: &Scenario, seed: u64, lane: &mut dyn FnMut(Time) -> LaneId) -> Program {
        let mut compiler = Compiler {
            scenario,
            seed,
            lane,
            path: String::new(),
            place: String::new(),
            sizes: USUAL,
            level: 0,
            is_request: true,
            again: false,
            far: Far::default(),
            outside: None,
            class: None,
            is_hidden: false,
            of_users: false,
            of_located: false,
            addressed: false,
            bounded: None,
            own: None,
            inside: &[],
            tiers: Vec::new(),
            slots: Vec::new(),
            bound: Vec::new(),
            drawn: Vec::new(),
            journeys: Vec::new(),
            label: 0,
            ops: Vec::new(),
            program: Program {
                ops: Arc::default(),
                stages: Vec::new(),
                places: Vec::new(),
                entry: Vec::new(),
                entries: Vec::new(),
                away: Vec::new(),
                crossings: Vec::new(),
                exits: Vec::new(),
                widths: Widths::default(),
                draws: Draws::default(),
                keyed: Vec::new(),
                slots: Vec::new(),
                objects: Vec::new(),
                counts_requests: false,
            },
        };
        compiler.stage(StageKind::Network, None, "", "on the network");
        compiler.stage(StageKind::Retry, None, "", "in earlier attempts and the pauses before a retry");
        for (index, class) in scenario.classes.iter().enumerate() {
            compiler.class(index, class);
        }
        for path in &scenario.paths {
            compiler.own_path(path);
        }
        Parts::errands(&scenario.kinds, &mut compiler);
        compiler.join();
        compiler.place_stages();
        Program { ops: compiler.ops.into(), ..compiler.program }
    }
}

/// Sizes of a request of no class and of its answer.
const USUAL: (Bytes, Bytes) = (REQUEST_SIZE.value, RESPONSE_SIZE.value);

/// The way to the resource of a step, where that is in another Region, and whether the kind of the step goes it.
#[derive(Clone, Copy, Debug, Default)]
struct Far {
    way: Option<Way>,
    goes: bool,
}

impl Far {
    /// How long one way takes.
    fn half(self) -> Time {
        self.way.map_or(Time::ZERO, Way::half)
    }
}

struct Compiler<'a> {
    scenario: &'a Scenario,
    seed: u64,
    lane: &'a mut dyn FnMut(Time) -> LaneId,
    /// Name of the place being compiled: the name of its random streams.
    path: String,
    /// The same of the whole path.
    place: String,
    /// Sizes of the requests to its tiers, and of their answers.
    sizes: (Bytes, Bytes),
    /// Priority of the class being compiled.
    level: u8,
    /// Whether it is the path of a class, whose time is booked to stages.
    is_request: bool,
    /// Whether a request or a message may come by again: clients or calls try again, or it is delivered again.
    again: bool,
    /// The way to another Region that the present step takes.
    far: Far,
    /// Whether what the present step sends goes to the internet, and from where: of nothing, from the Region of the file.
    outside: Option<Option<Region>>,
    /// The class, if it is the path of one.
    class: Option<usize>,
    /// Whether something on the way answers clients itself.
    is_hidden: bool,
    /// Whether users ask for it.
    of_users: bool,
    /// Whether clients with a location ask for it, and are not hidden by something on the way.
    of_located: bool,
    /// Whether something has said to which host of the next tier attempts go.
    addressed: bool,
    /// The API that waits for the next tier.
    bounded: Option<u16>,
    /// The path of a resource that is being compiled, until its steps are.
    own: Option<&'a OwnPath>,
    /// The steps inside of the step that is being compiled, or of the path of a resource.
    inside: &'a [Step],
    /// Fleets of the tiers that the path is inside of.
    tiers: Vec<usize>,
    /// Population of each slot of the class.
    slots: Vec<KeySpaceId>,
    /// Populations whose key is already drawn and stays the same here.
    bound: Vec<KeySpaceId>,
    /// Populations of which every attempt that comes here has drawn a key; on a miss alone is not enough.
    drawn: Vec<KeySpaceId>,
    /// Positions and lengths of the journeys emitted so far.
    journeys: Vec<(usize, Time)>,
    /// The last position to which something jumps.
    label: usize,
    ops: Vec<Line>,
    program: Program,
}

impl<'a> Compiler<'a> {
    fn class(&mut self, index: usize, class: &'a Class) {
        self.begin(format!("request.{}", class.name), class.priority);
        let asks = |it: &Source| it.mix.iter().any(|(class, _)| class.index() == index);
        let mut users = self.scenario.sources.iter().filter(|it| matches!(it.pattern, Pattern::Users(_)));
        self.of_users = users.any(asks);
        self.of_located = self.scenario.sources.iter().any(|it| it.client.from.is_some() && asks(it));
        let tries = self.scenario.sources.iter().any(|it| it.client.retries.max > 0 && asks(it));
        self.again = tries || !self.scenario.names(Kind::Resilience).is_empty();
        self.class = Some(index);
        let entry = self.label();
        self.program.entry.push(entry);
        self.sizes = (class.request_size, class.response_size);
        self.steps(&class.steps);
        let back = self.last_hop();
        self.emit(Op::Respond { back }, NETWORK);
    }

    /// Begins a path, of which no key is drawn yet and no tier entered.
    fn begin(&mut self, place: String, level: u8) {
        self.slots.clear();
        self.bound.clear();
        self.drawn.clear();
        self.tiers.clear();
        self.path.clone_from(&place);
        self.place = place;
        self.sizes = USUAL;
        self.level = level;
        self.is_request = true;
        self.of_users = false;
        self.of_located = false;
        self.class = None;
        self.is_hidden = false;
    }

    fn steps(&mut self, steps: &'a [Step]) {
        let path = self.path.len();
        for (index, step) in steps.iter().enumerate() {
            self.path.push_str(&format!("/{index}"));
            self.step(step);
            self.path.truncate(path);
        }
    }

    fn step(&mut self, step: &'a Step) {
        match step {
            Step::Call { target, steps } => self.call(*target, steps),
            Step::Cpu(law) => self.cpu_step(law),
            Step::Delay(law) => self.delay_step(law),
            Step::Of { step, inside } => {
                let outer = std::mem::replace(&mut self.inside, inside);
                let clients = (self.of_users, self.of_located, self.is_hidden);
                if step.hides_clients() {
                    (self.of_users, self.of_located, self.is_hidden) = (false, false, true);
                }
                let way = self.scenario.far_from(self.fleet(), step);
                let far = std::mem::replace(&mut self.far, Far { way, goes: step.goes() });
                let out = self.to_internet(step);
                let outside = std::mem::replace(&mut self.outside, out);
                let addressed = std::mem::replace(&mut self.addressed, step.addresses());
                self.go_far();
                step.compile(&self.scenario.kinds, self);
                self.go_far();
                self.addressed = addressed;
                self.inside = outer;
                self.far = far;
                self.outside = outside;
                (self.of_users, self.of_located, self.is_hidden) = clients;
            }
        }
    }

    /// A journey over the network; two in a row are one longer journey.
    fn journey(&mut self, hop: Time) {
        if hop == Time::ZERO {
            return;
        }
        let before = self.journeys.last().filter(|journey| journey.0 + 1 == self.ops.len());
        let span = match before.filter(|journey| journey.0 + 1 > self.label) {
            Some(&(_, before)) => {
                self.ops.pop();
                self.journeys.pop();
                before + hop
            }
            None => hop,
        };
        let lane = (self.lane)(span);
        self.journeys.push((self.ops.len(), span));
        self.emit(Op::Hop { lane }, NETWORK);
    }

    /// The way to another Region, or back, of a step whose kind does not go it.
    fn go_far(&mut self) {
        if !self.far.goes {
            self.journey(self.far.half());
        }
    }

    /// So many bytes go a way to another Region here, and so many come back.
    fn crosses(&mut self, way: Option<Way>, there: i64, back: i64) {
        let Some(Way { from, to }) = way.filter(|_| (there, back) != (0, 0)) else { return };
        let at = self.ops.len();
        let both = [((from, to), there), ((to, from), back)].into_iter().filter(|(_, bytes)| *bytes != 0);
        let crossings =
            both.map(|((from, to), bytes)| Crossing { at, between: Between::Regions(from, to), bytes });
        self.program.crossings.extend(crossings);
        self.emit(Op::Cross, NETWORK);
    }

    /// Where what a step sends goes to the internet, and from where.
    fn to_internet(&self, step: &kind::Step) -> Option<Option<Region>> {
        let fleet = self.fleet()?;
        let leaves = step.leaves(&self.scenario.kinds)?;
        (!leaves.by_endpoint).then(|| self.scenario.kinds.region((Kind::Fleet, fleet)))
    }

    /// So many bytes go to the internet here. What comes from there is free.
    fn goes_out(&mut self, bytes: i64) {
        let Some(from) = self.outside.filter(|_| bytes != 0) else { return };
        let at = self.ops.len();
        self.program.crossings.push(Crossing { at, between: Between::Internet(from), bytes });
        self.emit(Op::Cross, NETWORK);
    }

    /// The next op is the one where the answer of a tier leaves it: is that for clients?
    fn exit(&mut self, target: Target) {
        let Some(class) = self.class.filter(|_| self.tiers.len() == 1) else { return };
        let is_facing = target.faces_the_internet(&self.scenario.kinds);
        let (at, region) = (self.ops.len(), self.scenario.kinds.region(target.table()));
        let is_hidden = self.is_hidden;
        self.program.exits.push(Exit { class, at, region, is_hidden, is_public: is_facing && !is_hidden });
    }

    /// A call; where it is that of a client, its way is as long as its location says.
    fn call(&mut self, target: Target, steps: &'a [Step]) {
        let region = self.scenario.region_of(target.table());
        let way = region.filter(|_| self.of_located && self.tiers.is_empty());
        // An attempt that has come there and waits no more is still at the op of its way.
        let first = number(self.ops.len());
        way.into_iter().for_each(|to| self.emit(Op::Travel { to }, NETWORK));
        self.called(target, |it| it.steps(steps));
        if let Some(to) = way {
            self.program.away.push((first..number(self.ops.len()), to));
            self.emit(Op::Travel { to }, NETWORK);
        }
    }

    /// The same, whatever happens inside.
    fn called(&mut self, target: Target, inside: impl FnOnce(&mut Self)) {
        if let Target::Function(function) = target {
            return self.invoked(function.index(), target, inside);
        }
        let addressed = std::mem::take(&mut self.addressed);
        let tier = number(self.tiers.len());
        let (mut surges, mut keeps, mut session) = (None, false, None);
        let caller = self.fleet().and_then(|fleet| self.scenario.kinds.hosts(fleet));
        let from = caller.filter(|caller| caller.connects).map(|_| self.tier());
        let (fleet, hop, races) = match target {
            Target::Balancer(id) => {
                let balancer = &self.scenario.balancers[id.index()];
                let fleet = balancer.targets.index();
                let kinds = &self.scenario.kinds;
                if balancer.loses_nodes(kinds) || !kinds.striking((Kind::Balancer, id.index())).is_empty() {
                    self.ask(Op::resolve(number(id.index())), NETWORK);
                    self.ask(Op::connect(), NETWORK);
                }
                if let Some(from) = from {
                    let addresses = self.scenario.kinds.fleets[fleet].zones();
                    self.ask(Op::connect_to_balancer(from, number(id.index()), addresses), NETWORK);
                }
                let closes = self.scenario.kinds.fleets[fleet].keep_alive.is_some();
                let races = closes && balancer.keeps_connections();
                if balancer.surge_queue().is_some() {
                    surges = Some(id.index());
                    self.line_up(id.index(), &balancer.name);
                }
                keeps = races || !balancer.knows_http();
                let looks = races || balancer.looks_at_callers();
                if self.of_users && self.tiers.is_empty() && balancer.knows_http() {
                    let root: u16 = number(balancer.root(id.index()));
                    session = Some(root);
                    if !looks {
                        self.ask(Op::comes(root), NETWORK);
                    }
                }
                match looks {
                    true => self.choose(id.index(), tier, fleet),
                    false => {
                        self.emit(Op::Pick { balancer: number(id.index()), tier, hop: None }, NETWORK);
                    }
                }
                (fleet, balancer.hop, races)
            }
            Target::Fleet(id) => {
                self.ask(Op::direct(number(id.index()), tier, addressed), NETWORK);
                if let Some(from) = from {
                    self.ask(Op::connect_to_host(from), NETWORK);
                }
                (id.index(), Time::ZERO, false)
            }
            // It has been invoked.
            Target::Function(_) => return,
        };
        // Clients are as far as they say themselves.
        let way = self.fleet().and_then(|from| self.scenario.far_to(Some(from), target));
        let hop = hop + way.map_or(Time::ZERO, Way::half);
        if let Some(api) = self.bounded.take() {
            self.ask(Op::bound(api, tier), NETWORK);
        }
        self.journey(hop);
        if races {
            self.ask(Op::reach(tier), NETWORK);
        }
        let (request, answer) = self.sizes;
        self.crosses(way, request.0 as i64, 0);
        self.tiers.push(fleet);
        self.need_tiers();
        let hosts = self.scenario.kinds.hosts(fleet);
        let (name, sheds) = hosts.map_or(("", false), |hosts| (hosts.name, hosts.sheds));
        let of = Resource::Threads { fleet };
        let label = format!("waiting for a thread of {name}");
        let stage = self.stage(StageKind::Thread, Some(of), name, &label);
        if sheds {
            self.ask(Op::admit(tier, false), stage);
        }
        self.emit(Op::Thread { tier, work: Work::None }, stage);
        if sheds {
            self.ask(Op::admit(tier, true), stage);
        }
        self.failing_step(stage);
        inside(self);
        self.answer_step(fleet, tier);
        if keeps {
            self.ask(Op::keep(tier), NETWORK);
        }
        if let Some(balancer) = session {
            self.ask(Op::rests(balancer), NETWORK);
        }
        self.crosses(way, 0, answer.0 as i64);
        self.exit(target);
        self.emit(Op::Leave { tier, hop: None }, NETWORK);
        if let Some(balancer) = surges {
            self.ask(Op::freed(number(balancer)), NETWORK);
        }
        self.tiers.pop();
        self.journey(hop);
        if let Some(from) = from {
            self.ask(Op::hang_up(from), NETWORK);
        }
    }

    /// A balancer with a surge queue lets a request wait there until a target can take it.
    fn line_up(&mut self, balancer: usize, name: &str) {
        let of = Resource::Surge { balancer };
        let label = format!("waiting in the surge queue of {name}");
        let stage = self.stage(StageKind::Queue, Some(of), name, &label);
        let at = self.label();
        let number = number(balancer);
        self.ask(Op::line(number, at), stage);
        self.ask(Op::called(number), NETWORK);
        let past = self.label();
        self.patch(at, Op::line(number, past));
    }

    /// A balancer chooses, and looks at who asks.
    fn choose(&mut self, balancer: usize, tier: u8, fleet: usize) {
        let at = number(self.ops.len());
        self.ask(Op::choose(number(balancer), tier, number(fleet), at), NETWORK);
    }

    /// The answer of a tier takes time on the link of its host, if bytes do there; its thread is held meanwhile.
    fn answer_step(&mut self, fleet: usize, tier: u8) {
        let Some(Hosts { name, link: Some(link), .. }) = self.scenario.kinds.hosts(fleet) else { return };
        let (of, label) = (Resource::Network { fleet }, format!("sending answers from {name}"));
        let stage = self.stage(StageKind::Network, Some(of), name, &label);
        let draw = self.draw(&Law::Constant(link.time_of(self.sizes.1)), "answer");
        self.ask(Op::send(tier, draw), stage);
    }

    /// At some hosts of the innermost tier a request may fail before its first step there.
    fn failing_step(&mut self, stage: u16) {
        let Some(fleet) = self.fleet() else { return };
        let kinds = &self.scenario.kinds;
        let is_struck = kinds.table_of(fleet).is_some_and(|table| !kinds.striking(table).is_empty());
        if is_struck || kinds.hosts(fleet).is_some_and(|hosts| hosts.fails) {
            self.ask(Op::may_fail(self.tier()), stage);
        }
    }

    fn need_tiers(&mut self) {
        let needed = &mut self.program.widths.tiers;
        *needed = (*needed).max(self.tiers.len());
    }

    fn cpu_step(&mut self, law: &Law) {
        let Some(fleet) = self.fleet() else { return };
        let Some(hosts) = self.scenario.kinds.hosts(fleet) else { return };
        let Hosts { name, shares, crowds, .. } = hosts;
        if hosts.alone {
            return self.alone_step(&hosts, law);
        }
        let of = Resource::Cpu { fleet };
        let stage = self.stage(StageKind::Cpu, Some(of), name, &format!("on the CPU of {name}"));
        let tier = self.tier();
        if crowds {
            self.ask(Op::crowd(tier, true), stage);
        }
        self.cpu_ops(shares, law, stage);
        if crowds {
            self.ask(Op::crowd(tier, false), stage);
        }
    }

    /// CPU of a host that has one request at a time: nobody waits for it.
    fn alone_step(&mut self, hosts: &Hosts, law: &Law) {
        let stage = self.stage(StageKind::Cpu, None, hosts.name, &format!("on the CPU of {}", hosts.name));
        let draw = self.draw_on(hosts.strength, law, "cpu");
        self.recall(law, draw, stage);
        self.emit(Op::Delay { draw }, stage);
    }

    fn cpu_ops(&mut self, shares: bool, law: &Law, stage: u16) {
        let draw = self.draw(law, "cpu");
        let tier = number(self.tiers.len() - 1);
        match shares {
            true => {
                self.recall(law, draw, stage);
                self.emit(Op::Cpu { tier, draw }, stage);
            }
            false => {
                let fused = match law {
                    // Recorded values are looked up when the core is there.
                    Law::Replayed { .. } => None,
                    _ => Some(draw),
                };
                self.emit(Op::Core { tier, draw: fused }, stage);
                self.recall(law, draw, stage);
                self.emit(Op::Run { tier, draw }, stage);
                self.emit(Op::Yield, stage);
            }
        }
    }

    fn delay_step(&mut self, law: &Law) {
        let stage = self.stage(StageKind::Delay, None, "", "in delays written in the path");
        let draw = self.draw(law, "delay");
        self.recall(law, draw, stage);
        self.emit(Op::Delay { draw }, stage);
    }

    /// Takes back the journey that ends a path: nothing happens behind it but the way to the client.
    fn last_hop(&mut self) -> u32 {
        let last = self.journeys.last().filter(|journey| journey.0 + 1 == self.ops.len());
        let last = last.filter(|journey| journey.0 + 1 > self.label);
        let back = last.and_then(|&(_, span)| u32::try_from(span.0).ok()).unwrap_or(0);
        if back > 0 {
            self.ops.pop();
        }
        back
    }

    /// Tells ops which one follows them, where they can begin it themselves.
    fn join(&mut self) {
        let ops = &mut self.ops;
        for index in 1..ops.len() {
            let (following, stage) = (ops[index].op, ops[index].stage());
            match (&mut ops[index - 1].op, following) {
                (Op::Pick { hop, .. } | Op::Leave { hop, .. }, Op::Hop { lane }) => *hop = Some(lane),
                (Op::Leave { tier, .. }, Op::Respond { back }) => {
                    let tier = *tier;
                    ops[index - 1].op = Op::Home { tier, back };
                }
                (Op::Thread { work, .. }, Op::Cpu { draw, .. }) => *work = Work::Cpu(draw),
                (Op::Thread { work, .. }, Op::Core { draw: Some(draw), .. }) => *work = Work::Core(draw),
                _ => {}
            }
            ops[index - 1].stages[1] = stage;
            if index > 1 {
                ops[index - 2].stages[2] = stage;
            }
        }
    }

    fn emit(&mut self, op: Op, stage: u16) {
        self.ops.push(Line { op, stages: [stage; 3] });
    }
}
