//! On which volumes a file is. In: files that are written, each on one host, and hosts that are gone. Out: whether a host has it.
//!
//! A file that nobody has written in the run is on every volume: it came with the image from which instances are launched. One that has been written is on
//! the volume of that host alone, as it is now; another host has none of it, or an old one.

use rustc_hash::FxHashMap;

/// Nobody has the file any more.
const NOBODY: u32 = u32::MAX;

/// The hosts that have what was written in the run, by population and key.
#[derive(Clone, Debug, Default)]
pub(super) struct Copies {
    /// By file, who has it, and when it was written.
    written: FxHashMap<(u16, u32), (u32, u64)>,
}

impl Copies {
    /// A host has written a file at an instant.
    pub fn write(&mut self, file: (u16, u32), host: u32, now: u64) {
        self.written.insert(file, (host, now));
    }

    /// Whether a host has a file.
    pub fn has(&self, file: (u16, u32), host: u32) -> bool {
        self.written.get(&file).is_none_or(|(on, _)| *on == host)
    }

    /// A host is gone, and nobody sees its volume any more: how many files were only there, and when the first of them was written.
    pub fn lose(&mut self, host: u32) -> (u64, u64) {
        let (mut lost, mut first) = (0, u64::MAX);
        for (on, written) in self.written.values_mut().filter(|(on, _)| *on == host) {
            *on = NOBODY;
            (lost, first) = (lost + 1, first.min(*written));
        }
        (lost, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_on_one_host_until_that_is_gone() {
        let mut copies = Copies::default();
        let (old, new, other) = ((0, 7), (0, 8), (1, 8));
        copies.write(new, 3, 10);
        assert!([3, 4].iter().all(|host| copies.has(old, *host) && copies.has(other, *host)));
        assert!(copies.has(new, 3) && !copies.has(new, 4));
        // The last one who wrote it has it.
        copies.write(new, 4, 20);
        assert!(!copies.has(new, 3) && copies.has(new, 4));
        assert_eq!([3, 4, 4].map(|host| copies.lose(host)), [(0, u64::MAX), (1, 20), (0, u64::MAX)]);
        assert!(!copies.has(new, 4) && copies.has(old, 4));
        copies.write(new, 5, 30);
        assert!(copies.has(new, 5));
    }
}
