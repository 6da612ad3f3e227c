//! The waiting requests in order of arrival, and the idle servers.

/// A queue in a ring that doubles when it is full; its size is a power of two.
pub struct Ring<T> {
    slots: Box<[T]>,
    head: usize,
    tail: usize,
}

impl<T: Copy + Default> Ring<T> {
    pub fn new() -> Self {
        Self { slots: vec![T::default(); 256].into_boxed_slice(), head: 0, tail: 0 }
    }

    #[inline(always)]
    pub fn push(&mut self, value: T) {
        if self.tail - self.head >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        self.slots[self.tail & mask] = value;
        self.tail += 1;
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let len = self.slots.len();
        let mut slots: Vec<T> = (0..len).map(|at| self.slots[(self.head + at) & (len - 1)]).collect();
        slots.resize(2 * len, T::default());
        self.slots = slots.into_boxed_slice();
        (self.head, self.tail) = (0, len);
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.head == self.tail {
            return None;
        }
        let value = self.slots[self.head & (self.slots.len() - 1)];
        self.head += 1;
        Some(value)
    }
}

/// At most eight idle servers; the last to become idle is the next to work.
#[derive(Clone, Copy)]
pub struct Idle {
    servers: [u32; 8],
    len: usize,
}

impl Idle {
    pub fn new(servers: std::ops::Range<usize>) -> Self {
        let mut idle = Self { servers: [0; 8], len: 0 };
        servers.for_each(|server| idle.push(server));
        idle
    }

    #[inline(always)]
    pub fn push(&mut self, server: usize) {
        self.servers[self.len & 7] = server as u32;
        self.len += 1;
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Option<usize> {
        self.len = self.len.checked_sub(1)?;
        Some(self.servers[self.len & 7] as usize)
    }
}
