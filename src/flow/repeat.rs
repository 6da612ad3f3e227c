//! Keys of requests that are tried again: who tries again asks for the same.
//!
//! In: draws of attempts. Out: whether the key that the request drew the last time is still the one. Only scenarios in which it matters which rows a request asks
//! for come here: where rows can be wrong, a second try at other rows would help, and in truth it does not.

use super::per_attempt::PerAttempt;

/// Which keys the requests have drawn.
#[derive(Debug)]
pub struct Repeats(PerAttempt<Row>);

#[derive(Clone, Copy, Debug)]
struct Row {
    /// When the request of the record was first sent.
    request: u64,
    /// The slots with a key of that request, as bits.
    slots: u64,
}

impl Default for Repeats {
    fn default() -> Repeats {
        Repeats(PerAttempt::new(Row { request: u64::MAX, slots: 0 }))
    }
}

impl Repeats {
    /// Whether an attempt keeps the key in a slot, because its request, first sent at `request`, has drawn that before; a second draw of the same attempt is a
    /// new one.
    pub fn keeps(&mut self, id: u32, slot: u8, (request, is_retry): (u64, bool)) -> bool {
        let row = self.0.of_mut(id);
        if row.request != request {
            *row = Row { request, slots: 0 };
        }
        // There are hardly ever more than 64.
        let bit = 1u64.checked_shl(slot.into()).unwrap_or(0);
        let keeps = is_retry && row.slots & bit != 0;
        if keeps {
            row.slots &= !bit
        } else {
            row.slots |= bit
        }
        keeps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request draws into slots 1 and 2, and into 1 once more; its second try keeps both and draws once more, and the next request draws all anew.
    #[test]
    fn a_second_try_keeps_the_keys_of_the_first() {
        let mut repeats = Repeats::default();
        let mut keeps = |slot: u8, request: u64, is_retry: bool| repeats.keeps(7, slot, (request, is_retry));
        assert_eq!([1, 2, 1].map(|slot| keeps(slot, 5, false)), [false; 3]);
        assert_eq!([1, 2, 1].map(|slot| keeps(slot, 5, true)), [true, true, false]);
        assert_eq!([1, 3].map(|slot| keeps(slot, 5, true)), [true, false]);
        assert_eq!([1, 2].map(|slot| keeps(slot, 9, false)), [false; 2]);
    }
}
