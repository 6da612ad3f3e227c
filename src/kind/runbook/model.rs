//! Runbooks are worked through.
//!
//! In: alarms and timers. Out: orders, one after the other, each in the incidents.

use super::language::{Action, Begins, Restore, Runbook, To};
use crate::dist::{Law, Sampler};
use crate::flow::fact::{Fact, Order, Point};
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, AlarmOf};
use crate::kind::alarm::language::names::Names;
use crate::kind::part::{Part, Plan};
use crate::kind::{Kind, Settings};
use crate::measure::totals::AlarmState;
use crate::rng::{Stream, stream};
use crate::units::Time;

/// All runbooks.
#[derive(Debug)]
pub struct Runbooks<'s> {
    kinds: &'s Settings,
    each: Vec<State>,
}

/// A runbook.
#[derive(Debug)]
struct State {
    /// The alarm that it begins by.
    alarm: Option<AlarmOf>,
    /// It has begun.
    has_begun: bool,
    /// The step that comes when what it waits for is there.
    awaits: Option<u16>,
    stream: Stream,
}

/// No step of a request takes place at a runbook.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

timers! {
    Kind::Runbook;
    /// A runbook begins at its time.
    Begins { runbook: u16 } = "begin of runbook";
    /// A step of a runbook is next.
    Next { runbook: u16, step: u16 } = "step of runbook/step";
}

impl<'s> Part<'s> for Runbooks<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let kinds = plan.kinds;
        let names = Names::of(kinds);
        let of = |runbook: &Runbook| State {
            alarm: match &runbook.begins {
                Begins::Alarm(alarm) => names.find(&alarm.name),
                Begins::At(_) | Begins::After(_) => None,
            },
            has_begun: false,
            awaits: None,
            stream: stream(plan.seed, &format!("runbook.{}", runbook.name)),
        };
        for (index, runbook) in kinds.runbooks.iter().enumerate() {
            if let Begins::At(at) = runbook.begins {
                flow.set(Timer::Begins { runbook: number(index) }, at.0);
            }
        }
        Runbooks { kinds, each: kinds.runbooks.iter().map(of).collect() }
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Alarm { of, state: AlarmState::Alarm } => {
                for runbook in 0..self.each.len() {
                    if self.each[runbook].alarm == Some(of) {
                        self.begin(runbook, flow);
                    }
                }
            }
            Fact::Ready { by } => {
                if let Some(step) = self.each.get_mut(usize::from(by)).and_then(|it| it.awaits.take()) {
                    self.take(by.into(), step, flow);
                }
            }
            _ => {}
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Begins { runbook } => self.begin(runbook.into(), flow),
            Timer::Next { runbook, step } => self.take(runbook.into(), step, flow),
        }
    }
}

impl Runbooks<'_> {
    /// Somebody has been called: the first step comes when it is decided. Each runbook is worked through once.
    fn begin(&mut self, runbook: usize, flow: &mut Flow) {
        let settings = &self.kinds.runbooks[runbook];
        if std::mem::replace(&mut self.each[runbook].has_begun, true) {
            return;
        }
        let decided = self.drawn(runbook, &settings.decide);
        let why = match &settings.begins {
            Begins::Alarm(alarm) => format!("begins, because alarm `{}` is on", alarm.name),
            Begins::At(_) => "begins".to_owned(),
            Begins::After(before) => {
                format!("begins, because `{}` is over", self.kinds.runbooks[before.index()].name)
            }
        };
        let until = match decided {
            0 => String::new(),
            span => format!(": decided in {}", Time(span)),
        };
        flow.incident(id::Kind::Runbook, &settings.name, why + &until);
        flow.set(Timer::Next { runbook: number(runbook), step: 0 }, flow.now.saturating_add(decided));
    }

    /// A span of time of a law.
    fn drawn(&mut self, runbook: usize, law: &Law) -> u64 {
        Sampler::new(law).time(&mut self.each[runbook].stream).0
    }

    /// The next step, or the end.
    fn take(&mut self, runbook: usize, step: u16, flow: &mut Flow) {
        let settings = &self.kinds.runbooks[runbook];
        let Some(action) = settings.steps.get(usize::from(step)) else {
            flow.incident(id::Kind::Runbook, &settings.name, "is over".into());
            return self.follow(runbook, flow);
        };
        let mut at = flow.now;
        match *action {
            Action::Wait(ref law) => at = at.saturating_add(self.drawn(runbook, law)),
            Action::Size { fleet, min, max, desired } => {
                let order = Order::Size { min, max, desired };
                let sizes = [("min", min), ("max", max), ("desired", desired)];
                let words = sizes.iter().filter_map(|(word, size)| size.map(|size| format!("{word} {size}")));
                let words: Vec<String> = words.collect();
                let text =
                    format!("sets fleet `{}` to {}", self.kinds.fleets[fleet.index()].name, words.join(", "));
                self.order(runbook, (id::Kind::Fleet, fleet.index()), order, text, flow);
            }
            Action::Restore(Restore { database, to, region, stop }) => {
                let name = &self.kinds.databases[database.index()].name;
                let (to, when) = match to {
                    To::Latest => (Point::Latest, "the last point that there is".to_owned()),
                    To::At(at) => (Point::At(at), at.to_string()),
                    To::Before(fault) => {
                        let name = &self.kinds.faults[fault.index()].name;
                        (Point::Before(number(fault.index())), format!("before `{name}`"))
                    }
                };
                let place = region.map_or_else(String::new, |region| format!(" in {}", region.code()));
                let text = format!("restores database `{name}`{place}: {when}");
                let order = Order::Restore { to, region, stop };
                self.order(runbook, (id::Kind::Database, database.index()), order, text, flow);
            }
            Action::WaitFor(database) => {
                let text = format!(
                    "waits for the second Region of `{}`",
                    self.kinds.databases[database.index()].name
                );
                self.each[runbook].awaits = Some(step + 1);
                let order = Order::Report { by: number(runbook) };
                return self.order(runbook, (id::Kind::Database, database.index()), order, text, flow);
            }
            Action::Promote(database) | Action::SwitchOver(database) => {
                let (order, does) = match action {
                    Action::Promote(_) => (Order::Promote, "promotes the copy of"),
                    _ => (Order::SwitchOver, "switches over"),
                };
                let text = format!("{does} database `{}`", self.kinds.databases[database.index()].name);
                self.order(runbook, (id::Kind::Database, database.index()), order, text, flow);
            }
        }
        flow.set(Timer::Next { runbook: number(runbook), step: step + 1 }, at);
    }

    fn order(
        &self,
        runbook: usize,
        (kind, index): (id::Kind, usize),
        order: Order,
        text: String,
        flow: &mut Flow,
    ) {
        flow.incident(id::Kind::Runbook, &self.kinds.runbooks[runbook].name, text);
        flow.tell(Fact::Ordered { of: (kind, number(index)), order });
    }

    /// Those that begin when this one is over.
    fn follow(&mut self, runbook: usize, flow: &mut Flow) {
        for next in 0..self.each.len() {
            if matches!(self.kinds.runbooks[next].begins, Begins::After(before) if before.index() == runbook)
            {
                self.begin(next, flow);
            }
        }
    }
}
