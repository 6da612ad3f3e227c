//! Quotas of a distribution: requests and bytes of a second. In: requests. Out: whether they are taken.

const SECOND: u64 = 1_000_000_000;

/// What a distribution takes within a second.
#[derive(Debug)]
pub(super) struct Quota {
    requests: u64,
    bytes: u64,
    /// What is left of the present second, and its end.
    left: (u64, u64),
    until: u64,
}

impl Quota {
    /// So many requests and bytes a second.
    pub fn new(requests: f64, bytes: f64) -> Quota {
        let (requests, bytes) = (requests as u64, bytes as u64);
        Quota { requests, bytes, left: (requests, bytes), until: SECOND }
    }

    /// Whether one more request for so many bytes is taken.
    #[inline]
    pub fn takes(&mut self, bytes: u64, now: u64) -> bool {
        if now >= self.until {
            self.until = now - now % SECOND + SECOND;
            self.left = (self.requests, self.bytes);
        }
        let takes = self.left.0 > 0 && self.left.1 >= bytes;
        if takes {
            self.left = (self.left.0 - 1, self.left.1 - bytes);
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_requests_and_its_bytes() {
        let mut quota = Quota::new(3.0, 1_000.0);
        let taken = |quota: &mut Quota, bytes, now| (0..5).filter(|_| quota.takes(bytes, now)).count();
        assert_eq!(taken(&mut quota, 10, 0), 3);
        assert_eq!(taken(&mut quota, 10, SECOND - 1), 0);
        assert_eq!(taken(&mut quota, 400, SECOND), 2, "a third would be 1,200 bytes");
        assert_eq!(taken(&mut quota, 400, 7 * SECOND + 5), 2);
        assert_eq!(taken(&mut quota, 200, 8 * SECOND - 1), 1, "200 bytes are left of them");
    }
}
