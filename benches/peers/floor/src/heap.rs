//! The pending events: an implicit heap of four children of packed keys.
//!
//! A key is the bits of a time (positive, so that they sort like the time), with the lowest ten bits replaced by the
//! server that the event is about. That costs 2^-42 of the time, and one integer comparison orders two events.

const SERVER: u64 = (1 << 10) - 1;
const CAPACITY: usize = 128;
const NEVER: u64 = f64::INFINITY.to_bits();

/// The earliest first; unused entries never come.
pub struct Heap {
    len: usize,
    keys: Box<[u64; 4 * CAPACITY + 8]>,
}

#[inline(always)]
fn key(time: f64, server: usize) -> u64 {
    (time.to_bits() & !SERVER) | server as u64
}

impl Heap {
    pub fn new() -> Self {
        Self { len: 0, keys: Box::new([NEVER; 4 * CAPACITY + 8]) }
    }

    /// Time of the earliest; infinity if there is none.
    #[inline(always)]
    pub fn time(&self) -> f64 {
        f64::from_bits(self.keys[0] & !SERVER)
    }

    /// The server of the earliest.
    #[inline(always)]
    pub fn server(&self) -> usize {
        (self.keys[0] & SERVER) as usize
    }

    #[inline(always)]
    pub fn push(&mut self, time: f64, server: usize) {
        assert!(self.len < CAPACITY, "more events than servers");
        let (key, mut at) = (key(time, server), self.len);
        self.len += 1;
        while at > 0 {
            let parent = (at - 1) >> 2;
            if self.keys[parent] <= key {
                break;
            }
            self.keys[at] = self.keys[parent];
            at = parent;
        }
        self.keys[at] = key;
    }

    /// Replaces the earliest by another.
    #[inline(always)]
    pub fn replace(&mut self, time: f64, server: usize) {
        self.sink(key(time, server));
    }

    #[inline(always)]
    fn sink(&mut self, key: u64) {
        let (keys, len) = (&mut self.keys[..], self.len.min(CAPACITY));
        let mut at = 0;
        loop {
            let child = 4 * at + 1;
            if child >= len {
                break;
            }
            let left = child + usize::from(keys[child + 1] < keys[child]);
            let right = child + 2 + usize::from(keys[child + 3] < keys[child + 2]);
            let least = if keys[right] < keys[left] { right } else { left };
            if keys[least] >= key {
                break;
            }
            keys[at] = keys[least];
            at = least;
        }
        keys[at] = key;
    }

    /// Removes the earliest.
    #[inline(always)]
    pub fn pop(&mut self) {
        self.len -= 1;
        let last = std::mem::replace(&mut self.keys[self.len.min(CAPACITY)], NEVER);
        if self.len > 0 {
            self.sink(last);
        }
    }
}
