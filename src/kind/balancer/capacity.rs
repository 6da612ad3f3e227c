//! What a balancer itself carries, and what it rejects while that grows.
//!
//! In: requests that come. Out: whether the balancer carries them. AWS says that a balancer doubles in five minutes in every
//! dimension, and that it gives 5xx and rejects connections where traffic rises faster.

use std::collections::VecDeque;

use super::clients::{Clients, Seen};
use super::language::{Balancer as Settings, Growth, LOOKS_EVERY};
use crate::kind::part::Border;
use crate::number::{agreeing, bounded};

/// New connections a second of a capacity unit. Source: Elastic Load Balancing pricing page.
pub(super) const NEW_CONNECTIONS: f64 = 25.0;
/// Active connections of a capacity unit. Source: Elastic Load Balancing pricing page.
pub(super) const ACTIVE_CONNECTIONS: f64 = 3_000.0;
/// Bytes an hour of a capacity unit. Source: Elastic Load Balancing pricing page.
pub(super) const BYTES: f64 = 1e9;
/// It grows while more than this share of what it carries is asked for. An assumption: then a doubling is what is needed.
const PRESSED: f64 = 0.5;
/// Times the part of what bound it before that is clearly larger. An assumption: chance moves the parts of a row by less.
const CLEARLY: f64 = 1.1;
/// Time over which it evens out what it carries. An assumption.
const BURST_S: f64 = 1.0;

/// One dimension of a balancer.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// What it carries in a second.
    carries: f64,
    /// What it may carry at once now.
    room: f64,
    /// What was asked for since it last looked.
    asked: f64,
    /// What it carried at the start.
    began: f64,
}

impl Limit {
    fn new(carries: f64) -> Limit {
        Limit { carries, room: carries * BURST_S, asked: 0.0, began: carries }
    }

    fn pass(&mut self, seconds: f64) {
        self.room = (self.room + self.carries * seconds).min(self.carries * BURST_S);
    }

    /// The largest request passes where there is room for a whole one, or for all that there can be.
    fn has_room(&self, amount: f64) -> bool {
        self.room >= amount.min(self.carries * BURST_S)
    }

    /// Grows if it is pressed.
    fn look(&mut self, seconds: f64, growth: Rise) {
        if self.asked / seconds > PRESSED * self.carries {
            match growth {
                Rise::Times(factor) => self.carries *= factor,
                Rise::Plus(more) => self.carries += more,
            }
        }
        self.asked = 0.0;
    }
}

/// How a limit grows from one look to the next.
#[derive(Clone, Copy, Debug)]
enum Rise {
    /// By a factor.
    Times(f64),
    /// By so much.
    Plus(f64),
}

/// Connections that are open: what it carries of them is a level, and no rate.
#[derive(Clone, Debug)]
struct Level {
    /// How many it carries.
    carries: f64,
    /// How many are open.
    open: f64,
    /// Connections that were refused since it last looked.
    refused: f64,
    /// The same of each look before, the last one last, as long as they would still be open.
    past: VecDeque<f64>,
    /// How many it carried at the start.
    began: f64,
    /// For so many seconds one is open at the least.
    held: f64,
}

impl Level {
    fn has_room(&self, amount: f64) -> bool {
        amount == 0.0 || self.open + amount <= self.carries.max(amount)
    }

    /// How many would be open if none had been refused: each of those would be open for as long as one is at the least.
    fn asked(&self) -> f64 {
        self.open + self.refused + self.past.iter().sum::<f64>()
    }

    fn look(&mut self, seconds: f64, growth: Rise) {
        if let (Rise::Times(factor), true) = (growth, self.asked() > PRESSED * self.carries) {
            self.carries *= factor;
        }
        self.past.push_back(std::mem::take(&mut self.refused));
        while self.past.len() as f64 * seconds > self.held {
            self.past.pop_front();
        }
    }
}

/// What a balancer carries.
#[derive(Debug)]
pub(super) struct Capacity {
    /// New connections.
    new: Limit,
    /// Connections that are open.
    active: Level,
    bytes: Limit,
    /// Connections of a request.
    of_request: f64,
    /// The connections of its clients, and when they were last counted; absent where they have no end.
    clients: Option<(Clients, u64)>,
    /// Of each op at which it chooses, the bytes of a request and its answer.
    sizes: Vec<(u32, f64)>,
    /// What happens at a look.
    rise: Rise,
    passed_at: u64,
    /// Rejected since it last looked, and in all.
    rejected: (u64, u64),
    /// Where it rejects: for want of what.
    rejects: Option<Of>,
    /// What bound it in the last row, once anything was asked for.
    binds: Option<Of>,
}

/// A dimension of what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    New,
    Active,
    Bytes,
}

/// All of them, in the order of [`Capacity::units_of_each`].
const ALL: [Of; 3] = [Of::New, Of::Active, Of::Bytes];

/// How often connections are counted where they have an end.
const COUNTED_EVERY: u64 = 1_000_000_000;

impl Capacity {
    /// That of a balancer at the start.
    pub fn new(index: usize, all: &[Settings], borders: &[Border]) -> Option<Capacity> {
        let settings = &all[index];
        if let Some(network) = settings.network {
            return Some(Capacity::of_bandwidth(network.bandwidth.0 / 8.0, sizes(index, all, borders)));
        }
        let Growth { initial, reserved, factor, every } =
            settings.growth.filter(|_| settings.group_of.is_none())?;
        let units = initial.max(reserved);
        let looks = every.0 as f64 / LOOKS_EVERY.0 as f64;
        let carries = units * ACTIVE_CONNECTIONS;
        let held = settings.idle_timeout.as_secs_f64();
        Some(Capacity {
            new: Limit::new(units * NEW_CONNECTIONS),
            active: Level { carries, open: 0.0, refused: 0.0, past: VecDeque::new(), began: carries, held },
            bytes: Limit::new(units * BYTES / 3_600.0),
            of_request: 1.0 / settings.requests_per_connection,
            clients: Some((settings.clients(), 0)),
            sizes: sizes(index, all, borders),
            rise: Rise::Times(libm::pow(factor, 1.0 / looks)),
            passed_at: 0,
            rejected: (0, 0),
            rejects: None,
            binds: None,
        })
    }

    /// That of a Network Load Balancer: so many bytes a second, and as many more after each minute.
    fn of_bandwidth(bytes: f64, sizes: Vec<(u32, f64)>) -> Capacity {
        let endless = f64::INFINITY;
        Capacity {
            new: Limit::new(endless),
            active: Level {
                carries: endless,
                open: 0.0,
                refused: 0.0,
                past: VecDeque::new(),
                began: endless,
                held: 0.0,
            },
            bytes: Limit::new(bytes),
            of_request: 1.0,
            clients: None,
            sizes,
            rise: Rise::Plus(bytes * LOOKS_EVERY.as_secs_f64() / 60.0),
            passed_at: 0,
            rejected: (0, 0),
            rejects: None,
            binds: None,
        }
    }

    /// Whether it is time to count its connections.
    pub fn is_to_count(&self, now: u64) -> bool {
        self.clients.as_ref().is_some_and(|(_, counted)| now - counted >= COUNTED_EVERY)
    }

    /// Counts them; `dialed` has those of callers and users, which are counted elsewhere.
    pub fn count(&mut self, now: u64, seen: Seen, dialed: u64) {
        if let Some((clients, counted)) = &mut self.clients {
            *counted = now;
            self.active.open = clients.read(now, seen).now + dialed as f64;
        }
    }

    /// A request comes to an op; returns whether it is carried. Of a host whose connections are counted it says whether its own is new:
    /// one that was kept asks for none.
    pub fn admit(&mut self, at: u32, is_new: Option<bool>, now: u64) -> bool {
        let seconds = (now - self.passed_at) as f64 / 1e9;
        self.passed_at = now;
        let bytes = self.sizes.iter().find(|size| size.0 == at).map_or(0.0, |size| size.1);
        let connections = match is_new {
            None => self.of_request,
            Some(true) => 1.0,
            Some(false) => 0.0,
        };
        let mut all = [(&mut self.new, connections), (&mut self.bytes, bytes)];
        for (limit, amount) in &mut all {
            limit.pass(seconds);
            limit.asked += *amount;
        }
        let has_room = self.active.has_room(connections);
        let carried = has_room && all.iter().all(|(limit, amount)| limit.has_room(*amount));
        for (limit, amount) in all {
            limit.room -= if carried { amount } else { 0.0 };
        }
        match carried {
            // Until they are counted again.
            true => self.active.open += connections,
            false => self.active.refused += connections,
        }
        self.rejected.0 += u64::from(!carried);
        carried
    }

    /// What it carries, in capacity units: of new connections, of active ones, and of bytes.
    fn units_of_each(&self) -> [f64; 3] {
        let Capacity { new, active, bytes, .. } = self;
        [new.carries / NEW_CONNECTIONS, active.carries / ACTIVE_CONNECTIONS, bytes.carries * 3_600.0 / BYTES]
    }

    /// What is asked for of each since it last looked, in the same units.
    fn asked_of_each(&self, seconds: f64) -> [f64; 3] {
        [
            self.new.asked / seconds / NEW_CONNECTIONS,
            self.active.asked() / ACTIVE_CONNECTIONS,
            self.bytes.asked / seconds * 3_600.0 / BYTES,
        ]
    }

    /// The same, where each grows by what is asked of it.
    pub fn limits(&self) -> Option<[f64; 3]> {
        matches!(self.rise, Rise::Times(_)).then(|| self.units_of_each())
    }

    /// What it carries of that of which the largest part was asked for in a row, in capacity units; the least one until something is. What that
    /// was in the row before it stays until another part is clearly larger.
    pub fn units(&mut self, asked: [f64; 3]) -> f64 {
        let all = self.units_of_each();
        let share = |of: Of| asked[of as usize] / all[of as usize];
        let largest =
            ALL.into_iter().fold(Of::New, |best, of| if share(of) > share(best) { of } else { best });
        if share(largest) > self.binds.map_or(0.0, |of| share(of) * CLEARLY) {
            self.binds = Some(largest);
        }
        self.binds.map_or_else(|| all.into_iter().fold(f64::INFINITY, f64::min), |of| all[of as usize])
    }

    /// An amount of what it carries, in words.
    fn words(&self, units: f64) -> String {
        match self.rise {
            Rise::Times(_) => agreeing(bounded(units), "capacity unit"),
            Rise::Plus(_) => format!("{} Gbit/s", bounded(units * BYTES / 3_600.0 * 8.0 / 1e9)),
        }
    }

    /// What it carries of a dimension, in words.
    fn carried(&self, of: Of) -> String {
        let has_grown = match of {
            Of::New => self.new.carries > self.new.began,
            Of::Active => self.active.carries > self.active.began,
            Of::Bytes => self.bytes.carries > self.bytes.began,
        };
        let verb = if has_grown { "has grown to" } else { "carries" };
        let words = match (self.rise, of) {
            (Rise::Plus(_), _) => "",
            (Rise::Times(_), Of::New) => " of new connections",
            (Rise::Times(_), Of::Active) => " of active connections",
            (Rise::Times(_), Of::Bytes) => " of bytes",
        };
        format!("{verb} {}{words}", self.words(self.units_of_each()[of as usize]))
    }

    /// Looks at what was asked for; returns what is new.
    pub fn look(&mut self) -> Option<String> {
        let seconds = LOOKS_EVERY.0 as f64 / 1e9;
        let rejected = std::mem::take(&mut self.rejected.0);
        self.rejected.1 += rejected;
        // What binds is that of which the largest part is asked for.
        let (asked, carries) = (self.asked_of_each(seconds), self.units_of_each());
        let share = |of: Of| asked[of as usize] / carries[of as usize];
        let binding =
            ALL.into_iter().fold(Of::New, |best, of| if share(of) > share(best) { of } else { best });
        let rejects = (rejected > 0).then_some(binding);
        let text = match (std::mem::replace(&mut self.rejects, rejects), rejects) {
            (None, Some(of)) => {
                let asked = asked[of as usize];
                let (asked, code) = match self.rise {
                    Rise::Times(_) => (bounded(asked), " (503)"),
                    Rise::Plus(_) => (self.words(asked), ""),
                };
                Some(format!("{} and is asked for {asked}: rejects the rest{code}", self.carried(of)))
            }
            (Some(of), None) => Some(format!(
                "{} and carries everything again, after {}",
                self.carried(of),
                agreeing(bounded(self.rejected.1 as f64), "rejected request")
            )),
            _ => None,
        };
        [&mut self.new, &mut self.bytes].into_iter().for_each(|limit| limit.look(seconds, self.rise));
        self.active.look(seconds, self.rise);
        text
    }
}

/// Of each op at which a balancer chooses, the bytes of a request and of its answer, which is the next one that passes there.
fn sizes(balancer: usize, all: &[Settings], borders: &[Border]) -> Vec<(u32, f64)> {
    let mut sizes: Vec<(u32, f64)> = Vec::new();
    for border in borders.iter().filter(|border| all[border.balancer].root(border.balancer) == balancer) {
        let bytes = border.size.0 as f64;
        match (border.answer, sizes.last_mut()) {
            (true, Some(last)) => last.1 += bytes,
            _ => sizes.push((crate::flow::number(border.at), bytes)),
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A unit of new connections and two of active ones: parts of 0.5 and 0.52 are one by chance, 0.5 and 0.56 are not.
    #[test]
    fn what_bound_it_does_so_until_something_else_clearly_does() {
        let mut capacity = Capacity::of_bandwidth(1.0, Vec::new());
        capacity.new.carries = NEW_CONNECTIONS;
        capacity.active.carries = 2.0 * ACTIVE_CONNECTIONS;
        capacity.bytes.carries = f64::INFINITY;
        let mut carries = |new: f64, active: f64| capacity.units([new, active, 0.0]);
        assert_eq!(carries(0.0, 0.0), 1.0, "the least");
        assert_eq!(carries(0.5, 0.9), 1.0);
        assert_eq!(carries(0.5, 1.04), 1.0);
        assert_eq!(carries(0.5, 1.12), 2.0);
        assert_eq!(carries(0.6, 1.12), 2.0);
        assert_eq!(carries(0.0, 0.0), 2.0, "nothing says otherwise");
    }
}
