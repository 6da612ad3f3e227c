//! The order of a calendar, held against a list of all that is pending. In: steps at random, with many of one instant. Out: the
//! same next one.

use proptest::prelude::*;

use super::{Calendar, Next};
use crate::engine::entry::Entry;

/// What is pending, each with its entry.
#[derive(Default)]
struct List {
    events: Vec<Entry>,
    plans: [Option<Entry>; 3],
    timers: [Option<Entry>; 2],
}

impl List {
    /// The next one before an instant, which is taken out if it is an event or a timer.
    fn next(&mut self, before: u64) -> Option<Next<usize>> {
        let event = self.events.iter().min().copied();
        // Of plans of one instant, that of the resource that was added first stands for all.
        let plans = self.plans.iter().enumerate().filter_map(|(resource, plan)| Some(((*plan)?, resource)));
        let plan = plans.min_by_key(|(plan, resource)| (plan.time(), *resource));
        let timer =
            self.timers.iter().enumerate().filter_map(|(timer, entry)| Some(((*entry)?, timer))).min();
        let first = [event, plan.map(|(entry, _)| entry), timer.map(|(entry, _)| entry)];
        let first = first.into_iter().flatten().min().filter(|entry| entry.time() < before)?;
        if let Some((entry, timer)) = timer.filter(|(entry, _)| *entry == first) {
            self.timers[timer] = None;
            return Some(Next::Timer(entry, timer));
        }
        if let Some((entry, resource)) = plan.filter(|(entry, _)| *entry == first) {
            return Some(Next::Plan(entry.time(), resource));
        }
        self.events.retain(|entry| *entry != first);
        Some(Next::Event(first))
    }
}

#[derive(Clone, Debug)]
enum Step {
    At(u64),
    Last(u64),
    After(usize),
    Plan(usize, u64),
    Set(usize, u64),
    Cancel(usize),
    Next(u64),
}

fn step() -> impl Strategy<Value = Step> {
    // Most at few instants, some much later.
    let delay = || prop_oneof![9 => 0u64..6, 1 => 0u64..5_000, 1 => Just(1 << 56), 1 => Just(1 << 58)];
    prop_oneof![
        30 => delay().prop_map(Step::At),
        3 => delay().prop_map(Step::Last),
        20 => (0usize..20).prop_map(Step::After),
        15 => (0usize..3, delay()).prop_map(|(resource, delay)| Step::Plan(resource, delay)),
        3 => (0usize..2, delay()).prop_map(|(timer, delay)| Step::Set(timer, delay)),
        1 => (0usize..2).prop_map(Step::Cancel),
        60 => prop_oneof![1u64..4, Just(1 << 57), Just(1 << 59)].prop_map(Step::Next),
    ]
}

proptest! {
    /// From all sources, past the places of the posts (where many come in a row), and in runs that end soon or never.
    #[test]
    fn the_next_is_that_of_a_list(
        end in prop::sample::select(vec![10_000u64, u64::MAX / 2]), crowd in prop::sample::select(vec![0u64, 0, 80]),
        steps in prop::collection::vec(step(), 1..400),
    ) {
        let (mut calendar, mut list, mut now) = (Calendar::<usize>::new(end), List::default(), 0);
        let delays: Vec<u64> = (0..20).collect();
        let lanes: Vec<_> = delays.iter().map(|delay| calendar.lane(*delay)).collect();
        (0..3).for_each(|_| _ = calendar.add_plan());
        let steps = (0..crowd).map(|step| Step::At(step % 7)).chain(steps);
        for (event, step) in (0u32..).zip(steps) {
            match step {
                Step::At(delay) => {
                    calendar.at(now + delay, event);
                    list.events.push(Entry::new(now + delay, calendar.latest(), event));
                }
                Step::Last(delay) => {
                    let number = calendar.last_number();
                    calendar.at_number(now + delay, number, event);
                    list.events.push(Entry::new(now + delay, number, event));
                }
                Step::After(lane) => {
                    calendar.after(lanes[lane], now, event);
                    list.events.push(Entry::new(now + delays[lane], calendar.latest(), event));
                }
                Step::Plan(resource, delay) => {
                    // A plan is for an instant of the run.
                    let time = if now + delay < end { now + delay } else { u64::MAX };
                    calendar.plan(resource, time);
                    list.plans[resource] = (time < end).then(|| Entry::new(time, calendar.latest(), 0));
                }
                Step::Set(timer, delay) => {
                    calendar.set(timer, now + delay);
                    list.timers[timer] = Some(Entry::new(now + delay, calendar.latest(), 0));
                }
                Step::Cancel(timer) => {
                    calendar.cancel(&timer);
                    list.timers[timer] = None;
                }
                Step::Next(later) => {
                    let next = calendar.next(now + later);
                    prop_assert_eq!(next, list.next(now + later));
                    match next {
                        Some(Next::Event(entry) | Next::Timer(entry, _)) => now = entry.time(),
                        Some(Next::Plan(time, resource)) => {
                            now = time;
                            calendar.unplan(resource);
                            list.plans[resource] = None;
                        }
                        None => {}
                    }
                }
            }
        }
    }
}
