//! A station: c equal servers and one FIFO queue.
//!
//! In: customers that take and give back a server. Out: which is served next. Threads of a host, pool
//! connections and service stations are stations; row locks and fills use queues alone. A customer waits in at most one
//! queue at a time, so the queues are linked lists in one array of [`Links`].

/// The neighbours of every waiting customer in its queue.
#[derive(Debug, Default)]
pub struct Links {
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    previous: u32,
    next: u32,
}

/// No customer.
pub const NOBODY: u32 = u32::MAX;

impl Links {
    /// Makes room for customers numbered below `count`.
    pub fn grow(&mut self, count: usize) {
        if self.links.len() < count {
            self.links.resize(count, Link { previous: NOBODY, next: NOBODY });
        }
    }
}

/// A FIFO queue of customers.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    head: u32,
    tail: u32,
    len: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Queue { head: NOBODY, tail: NOBODY, len: 0 }
    }
}

impl Queue {
    /// Customers waiting.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The customer that has waited longest.
    pub fn front(&self) -> Option<u32> {
        (self.head != NOBODY).then_some(self.head)
    }

    /// Joins the queue at the end.
    #[inline]
    pub fn push(&mut self, customer: u32, links: &mut Links) {
        links.links[customer as usize] = Link { previous: self.tail, next: NOBODY };
        match self.tail {
            NOBODY => self.head = customer,
            tail => links.links[tail as usize].next = customer,
        }
        self.tail = customer;
        self.len += 1;
    }

    /// Leaves the queue, from any position.
    #[inline]
    pub fn remove(&mut self, customer: u32, links: &mut Links) {
        let Link { previous, next } = links.links[customer as usize];
        match previous {
            NOBODY => self.head = next,
            previous => links.links[previous as usize].next = next,
        }
        match next {
            NOBODY => self.tail = previous,
            next => links.links[next as usize].previous = previous,
        }
        self.len -= 1;
    }

    /// The customer `n` places after the first.
    pub fn nth(&self, n: u32, links: &Links) -> Option<u32> {
        let next = |customer: u32| links.links[customer as usize].next;
        (0..n)
            .try_fold(self.head, |customer, _| (customer != NOBODY).then(|| next(customer)))
            .filter(|&c| c != NOBODY)
    }

    /// Takes the customer that has waited longest.
    #[inline]
    pub fn pop(&mut self, links: &mut Links) -> Option<u32> {
        let customer = self.front()?;
        self.remove(customer, links);
        Some(customer)
    }
}

/// The result of asking for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It has a server.
    Served,
    /// It waits.
    Waiting,
    /// The queue was full; it is not in the station.
    Refused,
}

/// The integral of a whole number over time, at the price of an addition whenever it changes.
///
/// A unit present from `start` to `end` adds `end − start`: the starts are subtracted as they come, the ends added,
/// and units still present count up to now. Whole numbers, so nothing is lost to rounding.
#[derive(Clone, Copy, Debug, Default)]
pub struct Integral(i128);

impl Integral {
    /// The number has grown by one.
    #[inline]
    pub fn grow(&mut self, now: u64) {
        self.0 -= i128::from(now);
    }

    /// The number has fallen by one.
    #[inline]
    pub fn shrink(&mut self, now: u64) {
        self.0 += i128::from(now);
    }

    /// The number has changed by `by`.
    #[inline]
    pub fn change(&mut self, by: i64, now: u64) {
        self.0 -= i128::from(by) * i128::from(now);
    }

    /// The integral up to `now`, when the number is `present`.
    pub fn up_to(self, now: u64, present: impl Into<i128>) -> f64 {
        (self.0 + present.into() * i128::from(now)) as f64
    }
}

/// Servers, a queue, and their time integrals: a line of a cache. What a customer needs that finds a free server is in the
/// first half.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Station {
    servers: u32,
    busy: u32,
    given: u64,
    busy_area: Integral,
    room: u32,
    queue: Queue,
    waiting_area: Integral,
}

const _: () = assert!(size_of::<Station>() == 64 && std::mem::offset_of!(Station, room) == 32);

/// A station in a line of a cache of its own.
#[derive(Debug)]
#[repr(align(64))]
pub struct Aligned(pub Station);

/// No bound: more than a run can hold.
pub const UNLIMITED: u32 = u32::MAX;

impl Station {
    /// A station of this many servers and waiting places.
    pub fn new(servers: u32, room: u32) -> Self {
        let (busy_area, waiting_area) = (Integral::default(), Integral::default());
        Station { servers, busy: 0, room, queue: Queue::default(), busy_area, waiting_area, given: 0 }
    }

    /// Asks for a server.
    #[inline]
    pub fn take(&mut self, customer: u32, now: u64, links: &mut Links) -> Admission {
        // No customer waits while a server is free: after a resize, the caller admits those that wait.
        if self.busy < self.servers {
            self.busy += 1;
            self.busy_area.grow(now);
            Admission::Served
        } else if self.queue.len() < self.room {
            self.queue.push(customer, links);
            self.waiting_area.grow(now);
            Admission::Waiting
        } else {
            Admission::Refused
        }
    }

    /// Gives a server back; the returned customer now has it.
    #[inline]
    pub fn give(&mut self, now: u64, links: &mut Links) -> Option<u32> {
        self.given += 1;
        if self.busy <= self.servers
            && let Some(customer) = self.queue.pop(links)
        {
            self.waiting_area.shrink(now);
            return Some(customer);
        }
        self.busy -= 1;
        self.busy_area.shrink(now);
        None
    }

    /// Gives a server back for whoever asks next, though customers wait; [`Station::wake`] tells one of these.
    pub fn free(&mut self, now: u64) {
        self.given += 1;
        self.busy -= 1;
        self.busy_area.shrink(now);
    }

    /// Takes the longest waiting customer out of the queue, if a server is free: it asks again.
    pub fn wake(&mut self, now: u64, links: &mut Links) -> Option<u32> {
        if self.busy >= self.servers {
            return None;
        }
        let customer = self.queue.pop(links)?;
        self.waiting_area.shrink(now);
        Some(customer)
    }

    /// Removes a waiting customer that gives up.
    #[inline]
    pub fn leave(&mut self, customer: u32, now: u64, links: &mut Links) {
        self.queue.remove(customer, links);
        self.waiting_area.shrink(now);
    }

    /// Changes the number of servers; then call [`Station::admit`] until it returns `None`.
    pub fn resize(&mut self, servers: u32) {
        self.servers = servers;
    }

    /// Serves nobody and lets nobody wait from now on; those that are in it leave one by one.
    pub fn close(&mut self) {
        (self.servers, self.room) = (0, 0);
    }

    /// Has so many servers and waiting places from now on, whatever it had; then call [`Station::admit`] until it returns `None`.
    pub fn open(&mut self, servers: u32, room: u32) {
        (self.servers, self.room) = (servers, room);
    }

    /// Serves the longest waiting customer if a server is free.
    pub fn admit(&mut self, now: u64, links: &mut Links) -> Option<u32> {
        if self.busy >= self.servers {
            return None;
        }
        let customer = self.queue.pop(links)?;
        self.waiting_area.shrink(now);
        self.busy += 1;
        self.busy_area.grow(now);
        Some(customer)
    }

    /// Customers that wait.
    pub fn waiting(&self) -> u32 {
        self.queue.len()
    }

    /// The customer that has waited longest.
    pub fn first(&self) -> Option<u32> {
        self.queue.front()
    }

    /// How many customers can be in it.
    pub fn places(&self) -> u64 {
        u64::from(self.servers) + u64::from(self.room)
    }

    /// How many times a server was taken.
    pub fn taken(&self) -> u64 {
        self.given + u64::from(self.busy)
    }

    /// Servers in use.
    pub fn busy(&self) -> u32 {
        self.busy
    }

    /// Busy-server nanoseconds up to `now`.
    pub fn busy_area(&self, now: u64) -> f64 {
        self.busy_area.up_to(now, self.busy)
    }

    /// Waiting-customer nanoseconds up to `now`.
    pub fn waiting_area(&self, now: u64) -> f64 {
        self.waiting_area.up_to(now, self.queue.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        let mut links = Links::default();
        links.grow(8);
        links
    }

    #[test]
    fn customers_are_served_in_the_order_of_their_arrival() {
        let (mut station, mut links) = (Station::new(1, UNLIMITED), links());
        assert_eq!(station.take(0, 0, &mut links), Admission::Served);
        for customer in 1..4 {
            assert_eq!(station.take(customer, 1, &mut links), Admission::Waiting);
        }
        station.leave(2, 2, &mut links);
        assert_eq!(station.give(3, &mut links), Some(1));
        assert_eq!(station.give(4, &mut links), Some(3));
        assert_eq!(station.give(5, &mut links), None);
        assert_eq!(station.busy(), 0);
        assert_eq!(station.busy_area(9), 5.0);
        // 3 waiting for 1 ns, 2 for 1 ns, 1 for 1 ns
        assert_eq!(station.waiting_area(9), 6.0);
    }

    #[test]
    fn who_is_woken_asks_again_and_may_find_that_another_was_faster() {
        let (mut station, mut links) = (Station::new(1, UNLIMITED), links());
        station.take(0, 0, &mut links);
        station.take(1, 0, &mut links);
        assert_eq!(station.wake(1, &mut links), None);
        station.free(2);
        assert_eq!(station.wake(2, &mut links), Some(1));
        assert_eq!(station.take(2, 3, &mut links), Admission::Served);
        assert_eq!(station.take(1, 4, &mut links), Admission::Waiting);
        station.free(7);
        assert_eq!((station.waiting(), station.busy(), station.taken()), (1, 0, 2));
        assert_eq!((station.busy_area(9), station.waiting_area(9)), (6.0, 7.0));
    }

    #[test]
    fn a_full_queue_refuses() {
        let (mut station, mut links) = (Station::new(1, 1), links());
        assert_eq!(station.take(0, 0, &mut links), Admission::Served);
        assert_eq!(station.take(1, 0, &mut links), Admission::Waiting);
        assert_eq!(station.take(2, 0, &mut links), Admission::Refused);
    }

    #[test]
    fn a_closed_station_turns_all_away_and_hands_no_server_on() {
        let (mut station, mut links) = (Station::new(1, UNLIMITED), links());
        station.take(0, 0, &mut links);
        station.take(1, 0, &mut links);
        station.close();
        assert_eq!(station.take(2, 1, &mut links), Admission::Refused);
        assert_eq!(station.give(2, &mut links), None);
        station.leave(1, 3, &mut links);
        assert_eq!((station.busy(), station.busy_area(9), station.waiting_area(9)), (0, 2.0, 3.0));
    }

    #[test]
    fn a_station_that_shrinks_serves_nobody_new_until_it_is_small_enough() {
        let (mut station, mut links) = (Station::new(2, UNLIMITED), links());
        for customer in 0..3 {
            station.take(customer, 0, &mut links);
        }
        station.resize(1);
        assert_eq!(station.give(2, &mut links), None);
        assert_eq!(station.give(3, &mut links), Some(2));
        station.resize(3);
        assert_eq!(station.admit(4, &mut links), None);
    }
}
