//! An event that invokes a function, and the pauses before it is tried again. In: what became of its last try. Out: when the next one is.

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The function that it invokes.
    pub function: u16,
    /// When Lambda has taken it.
    pub sent: u64,
    /// When it is tried next.
    pub next: u64,
    /// Invocations that have failed.
    pub failed: u32,
    /// Tries in a row that were throttled.
    pub throttled: u32,
    /// Where it is.
    pub state: State,
}

/// Where an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In the queue.
    Waits,
    /// On its way to an environment.
    Asks,
    /// In an environment.
    Runs,
    /// Nowhere in the queue any more: its destination is told.
    Leaves,
}

const SECOND: u64 = 1_000_000_000;
/// Pauses after invocations that failed. Source: AWS Lambda developer guide, "How Lambda handles errors and retries with asynchronous
/// invocation": a minute between the first two tries, and two between the next.
const PAUSES: [u64; 2] = [60 * SECOND, 120 * SECOND];
/// The first pause after a throttle, and the longest. Source: the same. Assumption: each is twice the one before.
const BACKOFF: u64 = SECOND;
const LONGEST: u64 = 300 * SECOND;

impl Event {
    /// The pause after as many invocations that failed.
    pub fn pause_after_failure(&self) -> u64 {
        let at = (self.failed.max(1) as usize - 1).min(PAUSES.len() - 1);
        PAUSES[at]
    }

    /// The pause after as many throttles.
    pub fn pause_after_throttle(&self) -> u64 {
        let doubled = self.throttled.max(1) - 1;
        BACKOFF.checked_shl(doubled.min(20)).unwrap_or(LONGEST).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(failed: u32, throttled: u32) -> Event {
        Event { function: 0, sent: 0, next: 0, failed, throttled, state: State::Waits }
    }

    #[test]
    fn pauses_are_those_of_the_developer_guide() {
        let failed = [1, 2, 3].map(|failed| event(failed, 0).pause_after_failure() / SECOND);
        assert_eq!(failed, [60, 120, 120]);
        let throttled = [1, 2, 3, 9, 10, 11, 1_000].map(|it| event(0, it).pause_after_throttle() / SECOND);
        assert_eq!(throttled, [1, 2, 4, 256, 300, 300, 300]);
    }
}
