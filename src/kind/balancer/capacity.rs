//! What a balancer itself carries, and what it rejects while that grows.
//!
//! In: requests that come. Out: whether the balancer carries them. AWS says that a balancer doubles in five minutes in every
//! dimension, and that it gives 5xx and rejects connections where traffic rises faster.

use std::cmp::Ordering;

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

    /// The part of what it carries that was asked for since it last looked, a second long.
    fn share(&self) -> f64 {
        self.asked / self.carries
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

/// What a balancer carries.
#[derive(Debug)]
pub(super) struct Capacity {
    /// Requests: of new connections, or of active ones, whichever are fewer.
    requests: Limit,
    bytes: Limit,
    /// Requests a second of a capacity unit.
    requests_of_unit: f64,
    /// Of each op at which it chooses, the bytes of a request and its answer.
    sizes: Vec<(u32, f64)>,
    /// What happens at a look.
    rise: Rise,
    passed_at: u64,
    /// Rejected since it last looked, and in all.
    rejected: (u64, u64),
    /// Where it rejects: whether that is for want of bytes.
    rejects: Option<bool>,
}

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
        // A connection is held until the idle timeout after its last request, as for the bill.
        let active = ACTIVE_CONNECTIONS / settings.idle_timeout.as_secs_f64();
        let requests_of_unit = NEW_CONNECTIONS.min(active) * settings.requests_per_connection;
        let looks = every.0 as f64 / LOOKS_EVERY.0 as f64;
        Some(Capacity {
            requests: Limit::new(units * requests_of_unit),
            bytes: Limit::new(units * BYTES / 3_600.0),
            requests_of_unit,
            sizes: sizes(index, all, borders),
            rise: Rise::Times(libm::pow(factor, 1.0 / looks)),
            passed_at: 0,
            rejected: (0, 0),
            rejects: None,
        })
    }

    /// That of a Network Load Balancer: so many bytes a second, and as many more after each minute.
    fn of_bandwidth(bytes: f64, sizes: Vec<(u32, f64)>) -> Capacity {
        Capacity {
            requests: Limit::new(f64::INFINITY),
            bytes: Limit::new(bytes),
            requests_of_unit: 1.0,
            sizes,
            rise: Rise::Plus(bytes * LOOKS_EVERY.as_secs_f64() / 60.0),
            passed_at: 0,
            rejected: (0, 0),
            rejects: None,
        }
    }

    /// A request comes to an op; returns whether it is carried. Of a host whose connections are counted it says whether its own is new:
    /// one that was kept asks for none.
    pub fn admit(&mut self, at: u32, is_new: Option<bool>, now: u64) -> bool {
        let seconds = (now - self.passed_at) as f64 / 1e9;
        self.passed_at = now;
        let bytes = self.sizes.iter().find(|size| size.0 == at).map_or(0.0, |size| size.1);
        let requests = match is_new {
            None => 1.0,
            Some(true) => self.requests_of_unit / NEW_CONNECTIONS,
            Some(false) => 0.0,
        };
        let mut all = [(&mut self.requests, requests), (&mut self.bytes, bytes)];
        for (limit, amount) in &mut all {
            limit.pass(seconds);
            limit.asked += *amount;
        }
        let carried = all.iter().all(|(limit, amount)| limit.has_room(*amount));
        for (limit, amount) in all {
            limit.room -= if carried { amount } else { 0.0 };
        }
        self.rejected.0 += u64::from(!carried);
        carried
    }

    /// What it carries, in capacity units: of connections, and of bytes.
    fn both(&self) -> [f64; 2] {
        [self.requests.carries / self.requests_of_unit, self.bytes.carries * 3_600.0 / BYTES]
    }

    /// The same, where each grows by what is asked of it.
    pub fn limits(&self) -> Option<[f64; 2]> {
        matches!(self.rise, Rise::Times(_)).then(|| self.both())
    }

    /// What it carries of that of which the largest part was asked for, in capacity units; the lesser one where nothing was.
    pub fn units(&self, asked: [f64; 2]) -> f64 {
        let [connections, bytes] = self.both();
        match (asked[0] / connections).total_cmp(&(asked[1] / bytes)) {
            Ordering::Greater => connections,
            Ordering::Less => bytes,
            Ordering::Equal => connections.min(bytes),
        }
    }

    /// An amount of what it carries, in words.
    fn words(&self, units: f64) -> String {
        match self.rise {
            Rise::Times(_) => agreeing(bounded(units), "capacity unit"),
            Rise::Plus(_) => format!("{} Gbit/s", bounded(units * BYTES / 3_600.0 * 8.0 / 1e9)),
        }
    }

    /// What it carries of connections or of bytes, in words.
    fn carried(&self, of_bytes: bool) -> String {
        let limit = if of_bytes { &self.bytes } else { &self.requests };
        let verb = if limit.carries > limit.began { "has grown to" } else { "carries" };
        let of = match (self.rise, of_bytes) {
            (Rise::Times(_), true) => " of bytes",
            (Rise::Times(_), false) => " of connections",
            (Rise::Plus(_), _) => "",
        };
        format!("{verb} {}{of}", self.words(self.both()[usize::from(of_bytes)]))
    }

    /// Looks at what was asked for; returns what is new.
    pub fn look(&mut self) -> Option<String> {
        let seconds = LOOKS_EVERY.0 as f64 / 1e9;
        let rejected = std::mem::take(&mut self.rejected.0);
        self.rejected.1 += rejected;
        // What binds is that of which the largest part is asked for.
        let of_bytes = self.bytes.share() > self.requests.share();
        let rejects = (rejected > 0).then_some(of_bytes);
        let text = match (std::mem::replace(&mut self.rejects, rejects), rejects) {
            (None, Some(of_bytes)) => {
                let asked = match of_bytes {
                    true => self.bytes.asked * 3_600.0 / BYTES,
                    false => self.requests.asked / self.requests_of_unit,
                } / seconds;
                let (asked, code) = match self.rise {
                    Rise::Times(_) => (bounded(asked), " (503)"),
                    Rise::Plus(_) => (self.words(asked), ""),
                };
                Some(format!("{} and is asked for {asked}: rejects the rest{code}", self.carried(of_bytes)))
            }
            (Some(of_bytes), None) => Some(format!(
                "{} and carries everything again, after {}",
                self.carried(of_bytes),
                agreeing(bounded(self.rejected.1 as f64), "rejected request")
            )),
            _ => None,
        };
        [&mut self.requests, &mut self.bytes].into_iter().for_each(|limit| limit.look(seconds, self.rise));
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
