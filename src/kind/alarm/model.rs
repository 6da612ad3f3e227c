//! Alarms of other alarms: all that change at one instant are looked at together.
//!
//! In: the states of metric alarms, from the kind that evaluates them. Out: the states of composite alarms, as facts and in the history of
//! alarms, each with the instant at which it notifies. A composite alarm is on from the start if its rule holds while every metric alarm is OK.

use super::composite::Composite;
use super::language::rule;
use super::language::{self, Alarm, Suppressor};
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::AlarmOf;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};
use crate::measure::totals::{AlarmChange, AlarmState as State};

/// All alarms that are of other alarms.
#[derive(Debug)]
pub struct Alarms<'s> {
    /// Each alarm that a rule names and each composite alarm, and its state.
    states: Vec<(AlarmOf, State)>,
    /// Each after those of its rule.
    composites: Vec<Of<'s>>,
}

/// A composite alarm.
#[derive(Debug)]
struct Of<'s> {
    alarm: &'s Alarm,
    settings: &'s language::Composite,
    /// The position of each name of its rule among the states.
    names: Vec<usize>,
    suppressor: Option<(&'s Suppressor, usize)>,
    /// Its own position among the states.
    own: usize,
    now: Composite,
    /// Its last change in the history.
    change: Option<usize>,
}

/// No step takes place at an alarm.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

timers! {
    Kind::Alarm;
    /// An alarm has changed: the rules are looked at, after all alarms of the instant.
    Rules { first: u16 } = "rules of alarms";
    /// A composite alarm has waited for its suppressor.
    Waited { alarm: u16 } = "wait of composite alarm";
    /// The time after the suppressor of a composite alarm is over.
    Extended { alarm: u16 } = "extension of composite alarm";
}

impl<'s> Part<'s> for Alarms<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let all = plan.kinds;
        let mut states: Vec<(AlarmOf, State)> = Vec::new();
        let order = language::order(all);
        let mut place = |child: AlarmOf| {
            states.iter().position(|(known, _)| *known == child).unwrap_or_else(|| {
                states.push((child, State::Ok));
                states.len() - 1
            })
        };
        let composites: Vec<Of> = order
            .iter()
            .filter_map(|&index| {
                let alarm = &all.alarms[index];
                let settings = alarm.composite()?;
                let (names, suppressor) = settings.resolved(all);
                let names = names.into_iter().map(&mut place).collect();
                let suppressor = settings.suppressor.as_ref().zip(suppressor.map(&mut place));
                let own = place(AlarmOf::Own(index));
                Some(Of { alarm, settings, names, suppressor, own, now: Composite::default(), change: None })
            })
            .collect();
        if !composites.is_empty() {
            flow.set(Timer::Rules { first: 0 }, 0);
        }
        Alarms { states, composites }
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        let Fact::Alarm { of, state } = *fact else { return };
        // Not the states of composite alarms, which are known already.
        let changed = self.states.iter_mut().find(|(known, before)| *known == of && *before != state);
        if let Some((_, known)) = changed {
            *known = state;
            flow.set(Timer::Rules { first: 0 }, flow.now);
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Rules { .. } => self.evaluate(flow),
            Timer::Waited { alarm } | Timer::Extended { alarm } => self.act(alarm.into(), flow),
        }
    }
}

impl Alarms<'_> {
    /// The rules of all composite alarms, and then what holds them back.
    fn evaluate(&mut self, flow: &mut Flow) {
        let now = flow.now;
        let mut changed = vec![false; self.composites.len()];
        for (at, changed) in changed.iter_mut().enumerate() {
            let it = &mut self.composites[at];
            let holds = it.settings.rule.holds(|name| word(self.states[it.names[name]].1));
            *changed = holds != (it.now.state == State::Alarm);
            let state = if holds { State::Alarm } else { State::Ok };
            self.states[it.own].1 = state;
        }
        for (at, changed) in changed.into_iter().enumerate() {
            let it = &mut self.composites[at];
            let number: u16 = number(at);
            let wait = it.suppressor.map(|(suppressor, place)| {
                let on = self.states[place].1 == State::Alarm;
                if let Some(until) = it.now.suppress(on, now, suppressor.extension.0) {
                    flow.set(Timer::Extended { alarm: number }, until);
                }
                suppressor.wait.0
            });
            if changed {
                let from = it.now.state;
                let holds = from != State::Alarm;
                if let (_, Some(until)) = it.now.set(holds, now, wait) {
                    flow.set(Timer::Waited { alarm: number }, until);
                }
                it.change = flow.journal.alarm(AlarmChange {
                    at_s: now as f64 / 1e9,
                    fleet: None,
                    of: None,
                    alarm: it.alarm.name.clone(),
                    from,
                    to: it.now.state,
                    value: None,
                    threshold: None,
                    rule: Some(it.settings.rule.text.clone()),
                    held_back_by: it
                        .suppressor
                        .filter(|_| it.now.is_held_back(now))
                        .map(|(by, _)| by.alarm.name.clone()),
                    notified_s: None,
                });
                flow.tell(Fact::Alarm { of: self.states[it.own].0, state: it.now.state });
            }
            self.act(at, flow);
        }
    }

    /// Notifies, if nothing holds that back.
    fn act(&mut self, at: usize, flow: &mut Flow) {
        let it = &mut self.composites[at];
        if it.now.notifies(flow.now) {
            flow.journal.notified(it.change, flow.now);
        }
    }
}

/// A state as a rule knows it.
fn word(state: State) -> rule::State {
    match state {
        State::Ok => rule::State::Ok,
        State::Alarm => rule::State::Alarm,
        State::InsufficientData => rule::State::InsufficientData,
    }
}
