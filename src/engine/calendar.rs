//! The calendar: every pending event, in one total order.
//!
//! In: events with a time, events with one of the constant delays, the next event of each resource, which can be moved,
//! and timers that can be moved and cancelled.
//! Out: the next one. Order: (time, insertion), but events marked as last at their instant come after the others. An
//! arrival from outside the system comes after all of them: what ends at that instant has made room for it. A timer can be set to
//! come first at its instant, as the end of a row does.
//!
//! The next event of a resource counts as inserted when the resource last moved it. One exception keeps the tree of
//! these events cheap: of resources whose next events are at the same instant, the resource that was added first comes
//! first, and the insertion of that one decides against other events. The order is still a function of the state
//! alone, so a run repeats itself.

use std::cmp::Reverse;
use std::hash::{BuildHasherDefault, Hash};

use priority_queue::PriorityQueue;
use rustc_hash::FxHasher;

#[cfg(doc)]
use super::entry::EVENT_BITS;
use super::entry::{Entry, NUMBER_BITS};
use super::lane::{self, LaneId, Lanes};
use super::plans::Plans;
use super::posts::Posts;
use super::wheel::Wheel;

/// Where the next event is, as [`Calendar::find`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Among the posts: [`Calendar::take_from_posts`].
    Posts,
    /// On the wheel: [`Calendar::take_from_wheel`].
    Wheel,
    /// In a lane: [`Calendar::take_from_lane`].
    Lane,
    /// It is the planned event of a resource: [`Calendar::planned`].
    Plan,
    /// It is a control timer: [`Calendar::take_timer`].
    Timer,
    /// There is none before the instant.
    Nowhere,
}

/// What [`Calendar::next`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<T> {
    /// A request event.
    Event(Entry),
    /// The planned event of a resource, which stays pending until the resource plans again.
    Plan(u64, usize),
    /// A control timer, and the entry of its time.
    Timer(Entry, T),
}

/// Events with a number from here on come last at their instant.
const LAST: u64 = 1 << (NUMBER_BITS - 1);

/// Pending events and timers of type `T`. An event is a number below 2^30 ([`EVENT_BITS`]).
#[derive(Debug)]
pub struct Calendar<T: Hash + Eq> {
    /// Events at any time: those for which there is room here, which in most runs are all, and the others.
    posts: Posts,
    wheel: Wheel,
    lanes: Lanes,
    plans: Plans,
    /// The number of the plan of each resource.
    numbers: Vec<u64>,
    timers: PriorityQueue<T, Reverse<Entry>, BuildHasherDefault<FxHasher>>,
    timer_front: Entry,
    /// No event from this instant on is found.
    limit: u64,
    /// The earliest of that instant, the times of that timer and of the first event on the wheel, and the instants from which on there is no plan and nothing in a lane.
    bound: u64,
    number: u64,
}

impl<T: Hash + Eq + Copy> Default for Calendar<T> {
    fn default() -> Self {
        Calendar::new(u64::MAX / 2)
    }
}

impl<T: Hash + Eq + Copy> Calendar<T> {
    /// For a run that ends at this instant.
    pub fn new(end: u64) -> Self {
        let plans = Plans::new(end);
        Calendar {
            posts: Posts::default(),
            wheel: Wheel::default(),
            lanes: Lanes::default(),
            limit: u64::MAX,
            bound: plans.end().min(lane::END),
            plans,
            numbers: Vec::new(),
            timers: PriorityQueue::with_default_hasher(),
            timer_front: Entry::NEVER,
            number: 0,
        }
    }

    /// Adds an event at a time.
    #[inline(never)]
    pub fn at(&mut self, time: u64, event: impl Into<u32>) {
        let number = self.number();
        match self.posts.has_room(time) {
            true => self.posts.push(time, number, event.into()),
            false => self.push_to_wheel(Entry::new(time, number, event.into())),
        }
    }

    /// The number of the event that was added last; no other event has it.
    pub fn latest(&self) -> u64 {
        self.number
    }

    #[inline]
    fn number(&mut self) -> u64 {
        self.number = (self.number + 1) & (LAST - 1);
        self.number
    }

    /// Reserves a number for an event that may be added later: at its instant it comes after all events of the normal
    /// kind.
    #[inline]
    pub fn last_number(&mut self) -> u64 {
        self.number() | LAST
    }

    /// Adds an event with a number reserved before. It is one that mostly never happens, such as a timeout, and waits long: so it takes
    /// none of the few places among the posts.
    pub fn at_number(&mut self, time: u64, number: u64, event: impl Into<u32>) {
        self.push_to_wheel(Entry::new(time, number, event.into()));
    }

    #[inline(always)]
    fn push_to_wheel(&mut self, entry: Entry) {
        self.bound = self.bound.min(entry.time());
        self.wheel.push(entry);
    }

    /// Makes room for a resource that plans its next event; returns its number, which counts up from 0.
    pub fn add_plan(&mut self) -> usize {
        self.numbers.push(0);
        self.plans.add()
    }

    /// Plans the next event of a resource, in the place of the one planned before; `u64::MAX` for none.
    #[inline(always)]
    pub fn plan(&mut self, resource: usize, time: u64) {
        self.numbers[resource] = self.number();
        self.plans.set(resource, time);
    }

    /// Nothing is planned any more for a resource.
    pub fn unplan(&mut self, resource: usize) {
        self.plans.clear(resource);
    }

    /// The lane for a delay in nanoseconds, made if there is none yet.
    pub fn lane(&mut self, delay: u64) -> LaneId {
        self.lanes.of(delay)
    }

    /// Adds an event one lane's delay after `now`.
    #[inline(never)]
    pub fn after(&mut self, lane: LaneId, now: u64, event: impl Into<u32>) {
        let number = self.number();
        if let Err(entry) = self.lanes.push(lane, now, number, event.into()) {
            self.push_to_wheel(entry);
        }
    }

    /// Sets a timer, moving it if it is set already.
    pub fn set(&mut self, timer: T, time: u64) {
        let number = self.number();
        self.timers.push(timer, Reverse(Entry::new(time, number, 0)));
        self.find_timer_front();
    }

    /// Sets a timer that comes before everything else at its instant, moving it if it is set already.
    pub fn set_first(&mut self, timer: T, time: u64) {
        self.timers.push(timer, Reverse(Entry::new(time, 0, 0)));
        self.find_timer_front();
    }

    /// Cancels a timer, if it is set.
    pub fn cancel(&mut self, timer: &T) {
        self.timers.remove(timer);
        self.find_timer_front();
    }

    /// From now on no event from this instant on is found.
    #[inline]
    pub fn stop_before(&mut self, instant: u64) {
        self.limit = instant;
        self.find_bound();
    }

    #[inline]
    fn find_bound(&mut self) {
        let kept = self.wheel.known().min(self.timer_front.time());
        self.bound = kept.min(self.plans.end()).min(lane::END).min(self.limit);
    }

    /// Takes the earliest event, if it is before an instant.
    pub fn next(&mut self, before: u64) -> Option<Next<T>> {
        self.stop_before(before);
        match self.find() {
            Source::Posts => Some(Next::Event(self.take_from_posts())),
            Source::Wheel => Some(Next::Event(self.take_from_wheel())),
            Source::Lane => Some(Next::Event(self.take_from_lane())),
            Source::Plan => Some(Next::Plan(self.planned().0, self.planned().1)),
            Source::Timer => self.take_timer().map(|(entry, timer)| Next::Timer(entry, timer)),
            Source::Nowhere => None,
        }
    }

    /// Finds the earliest event, if it is before the instant given to [`Calendar::stop_before`]. The run loop takes it from
    /// there itself: so the loop has one branch for each source, and no event is wrapped up and unwrapped again.
    #[inline(always)]
    pub fn find(&mut self) -> Source {
        // Times alone decide the order unless two sources have the same instant. Timers are rare, and mostly there is nothing on
        // the wheel: so the first of these only bounds the others.
        let (post, lane, plan) = (self.posts.earliest(), self.lanes.earliest(), self.plans.earliest());
        let first = post.min(lane).min(plan);
        match first >= self.bound {
            true => self.find_at_bound(first),
            false => self.find_before_bound(),
        }
    }

    /// The source of the earliest event, if it comes before the bound.
    #[inline(always)]
    fn find_before_bound(&mut self) -> Source {
        let (post, lane, plan) = (self.posts.earliest(), self.lanes.earliest(), self.plans.earliest());
        let posted = post.min(lane);
        if plan < posted {
            Source::Plan
        } else if plan == posted || lane == post {
            self.find_in_order()
        } else if lane < post {
            Source::Lane
        } else {
            Source::Posts
        }
    }

    /// The source of the earliest event or timer, if what comes first besides timers and the wheel is at or after the bound.
    #[inline(never)]
    fn find_at_bound(&mut self, first: u64) -> Source {
        let (wheel, timer) = (self.wheel.earliest(), self.timer_front.time());
        let other = first.min(timer);
        if wheel.min(other) >= self.limit {
            return Source::Nowhere;
        }
        if wheel < other {
            return Source::Wheel;
        }
        // The bound may be zero, because the first event on the wheel was not looked for.
        self.find_bound();
        match first >= self.bound {
            true => self.find_in_order(),
            false => self.find_before_bound(),
        }
    }

    /// Takes the earliest event of the posts.
    #[inline(always)]
    pub fn take_from_posts(&mut self) -> Entry {
        self.posts.pop()
    }

    /// Takes the earliest event of the wheel.
    #[inline(always)]
    pub fn take_from_wheel(&mut self) -> Entry {
        let entry = self.wheel.pop();
        self.find_bound();
        entry.unwrap_or(Entry::NEVER)
    }

    /// Takes the earliest event of the lanes.
    #[inline(always)]
    pub fn take_from_lane(&mut self) -> Entry {
        self.lanes.pop()
    }

    /// The earliest planned event: its time, and its resource.
    #[inline(always)]
    pub fn planned(&self) -> (u64, usize) {
        (self.plans.earliest(), self.plans.first())
    }

    /// Takes the earliest control timer, with the entry of its time.
    pub fn take_timer(&mut self) -> Option<(Entry, T)> {
        let timer = self.timers.pop();
        self.find_timer_front();
        timer.map(|(timer, Reverse(entry))| (entry, timer))
    }

    /// The source of the earliest event or timer by time and insertion.
    #[inline(never)]
    fn find_in_order(&mut self) -> Source {
        let (post, wheel) = (self.posts.peek(), self.wheel.peek().unwrap_or(Entry::NEVER));
        let resource = self.plans.first();
        let plan = match self.plans.is_empty() {
            true => Entry::NEVER,
            false => Entry::new(self.plans.earliest(), self.numbers[resource], 0),
        };
        let first = post.min(wheel).min(self.lanes.peek()).min(plan.min(self.timer_front));
        if first == Entry::NEVER || first.time() >= self.limit {
            Source::Nowhere
        } else if first == plan {
            Source::Plan
        } else if first == post {
            Source::Posts
        } else if first == wheel {
            Source::Wheel
        } else if first == self.lanes.peek() {
            Source::Lane
        } else {
            Source::Timer
        }
    }

    /// Events that come next; see [`Wheel::opened`].
    #[inline]
    pub fn opened(&mut self) -> impl Iterator<Item = u32> {
        self.wheel.opened().iter().map(|entry| entry.event())
    }

    /// The largest number of request events that were posted at once: there are events on the wheel where the places among the posts are
    /// taken.
    pub fn peak(&self) -> usize {
        self.posts.peak() + self.wheel.peak()
    }

    fn find_timer_front(&mut self) {
        self.timer_front = self.timers.peek().map_or(Entry::NEVER, |(_, Reverse(entry))| *entry);
        self.find_bound();
    }
}

#[cfg(test)]
mod order;
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_times_leave_in_order_of_insertion_wherever_they_lie() {
        let mut calendar: Calendar<u32> = Calendar::default();
        let lane = calendar.lane(10);
        calendar.at(10, 1u32);
        calendar.after(lane, 0, 2u32);
        calendar.set(3, 10);
        calendar.at(10, 4u32);
        calendar.after(lane, 0, 5u32);
        let order: Vec<_> = std::iter::from_fn(|| calendar.next(11)).collect();
        let event = |number, event| Next::Event(Entry::new(10, number, event));
        let timer = Next::Timer(Entry::new(10, 3, 0), 3);
        assert_eq!(order, [event(1, 1), event(2, 2), timer, event(4, 4), event(5, 5)]);
    }

    /// More delays than the lanes have room for: the events of the others come in the same order.
    #[test]
    fn events_of_many_delays_leave_in_order_of_time_and_insertion() {
        let mut calendar: Calendar<u32> = Calendar::default();
        let lanes: Vec<LaneId> = (0..300).map(|delay| calendar.lane(delay)).collect();
        // Each event comes at 300 or 301, those of the same instant in the order of insertion.
        for step in 0..600u64 {
            calendar.after(lanes[299 - (step / 2) as usize], 1 + step / 2 + step % 2, step as u32);
        }
        let order = std::iter::from_fn(|| calendar.next(u64::MAX));
        let events: Vec<_> = order
            .filter_map(|next| if let Next::Event(entry) = next { Some(entry.event()) } else { None })
            .collect();
        assert_eq!(events, (0..600).step_by(2).chain((1..600).step_by(2)).collect::<Vec<u32>>());
    }

    #[test]
    fn a_timer_that_is_first_comes_before_all_of_its_instant() {
        let mut calendar: Calendar<u32> = Calendar::default();
        let lane = calendar.lane(10);
        calendar.at(10, 1u32);
        calendar.after(lane, 0, 2u32);
        let resource = calendar.add_plan();
        calendar.plan(resource, 10);
        calendar.set(3, 10);
        calendar.set(4, 9);
        calendar.set_first(5, 10);
        let timers = std::iter::from_fn(|| calendar.next(11)).take(2);
        let timers: Vec<_> =
            timers.filter_map(|it| if let Next::Timer(_, it) = it { Some(it) } else { None }).collect();
        assert_eq!(timers, [4, 5]);
    }

    #[test]
    fn nothing_leaves_before_its_instant() {
        let mut calendar: Calendar<u32> = Calendar::default();
        calendar.at(11, 1u32);
        assert_eq!(calendar.next(11), None);
        assert_eq!(calendar.next(12), Some(Next::Event(Entry::new(11, 1, 1))));
        assert_eq!(calendar.next(u64::MAX), None);
        // Later than posts and lanes have room for.
        let lane = calendar.lane(7);
        calendar.at(1 << 60, 2u32);
        calendar.after(lane, 1 << 60, 3u32);
        calendar.after(lane, 1 << 57, 4u32);
        assert_eq!(calendar.next((1 << 57) + 7), None);
        let order: Vec<_> = std::iter::from_fn(|| calendar.next((1 << 60) + 7)).collect();
        let event = |time, number, event| Next::Event(Entry::new(time, number, event));
        assert_eq!(order, [event((1 << 57) + 7, 4, 4), event(1 << 60, 2, 2)]);
        assert_eq!(calendar.next(u64::MAX), Some(event((1 << 60) + 7, 3, 3)));
    }

    /// Resource 1 planned last, but comes before resource 2, which was added later.
    #[test]
    fn plans_of_one_instant_leave_by_resource_and_others_by_insertion() {
        let mut calendar: Calendar<u32> = Calendar::new(1_000);
        let resources = [(); 3].map(|()| calendar.add_plan());
        let lane = calendar.lane(10);
        calendar.at(10, 7u32);
        calendar.plan(resources[2], 10);
        calendar.plan(resources[1], 10);
        calendar.after(lane, 0, 8u32);
        calendar.plan(resources[0], 11);
        let order: Vec<_> = std::iter::from_fn(|| {
            let next = calendar.next(999)?;
            if let Next::Plan(_, resource) = next {
                calendar.unplan(resource);
            }
            Some(next)
        })
        .collect();
        let event = |number, event| Next::Event(Entry::new(10, number, event));
        assert_eq!(
            order,
            [event(1, 7), Next::Plan(10, 1), Next::Plan(10, 2), event(4, 8), Next::Plan(11, 0)]
        );
    }

    /// A plan that is moved counts as inserted when it was moved.
    #[test]
    fn a_plan_can_be_moved_and_cancelled() {
        let mut calendar: Calendar<u32> = Calendar::new(1_000);
        let [one, other] = [(); 2].map(|()| calendar.add_plan());
        calendar.plan(one, 10);
        calendar.plan(other, 5);
        calendar.at(20, 1u32);
        calendar.plan(one, 20);
        calendar.unplan(other);
        assert_eq!(calendar.next(999), Some(Next::Event(Entry::new(20, 3, 1))));
        assert_eq!(calendar.next(999), Some(Next::Plan(20, one)));
        calendar.unplan(one);
        assert_eq!(calendar.next(u64::MAX), None);
    }

    #[test]
    fn a_timer_can_be_moved_and_cancelled() {
        let mut calendar: Calendar<u32> = Calendar::default();
        calendar.set(7, 5);
        calendar.set(7, 20);
        calendar.set(8, 6);
        calendar.cancel(&8);
        assert_eq!(calendar.next(100), Some(Next::Timer(Entry::new(20, 2, 0), 7)));
        assert_eq!(calendar.next(100), None);
    }
}
