//! Lines before hot rows: statements that wait outside, one of which enters at a time.
//!
//! In: statements that ask for a row in line. Out: who enters, and who is served together with it. Whoever waits here has asked for no
//! lock, so a search for deadlocks does not find it.

use rustc_hash::FxHashMap;

use crate::engine::station::{Links, Queue};
use crate::flow::number;

/// Marks what an attempt waits for as a line.
pub const LINE: u32 = 1 << 31;

/// The lines of one database.
#[derive(Debug, Default)]
pub struct Lines {
    by_row: FxHashMap<u64, u32>,
    lines: Vec<Line>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Line {
    row: u64,
    /// Those that wait to enter.
    waiting: Queue,
    /// Those that are served with the one inside.
    riding: Queue,
}

impl Lines {
    /// An attempt comes to the line of a row. Returns the line, and whether it enters at once.
    pub fn enter(&mut self, id: u32, row: u64, links: &mut Links) -> (u32, bool) {
        if let Some(&line) = self.by_row.get(&row) {
            self.lines[line as usize].waiting.push(id, links);
            return (line, false);
        }
        let fresh = Line { row, waiting: Queue::default(), riding: Queue::default() };
        let line = match self.free.pop() {
            Some(line) => {
                self.lines[line as usize] = fresh;
                line
            }
            None => {
                self.lines.push(fresh);
                number(self.lines.len() - 1)
            }
        };
        self.by_row.insert(row, line);
        (line, true)
    }

    /// The one inside takes up to so many of those that wait with it: they ride. Calls `rides` for each.
    pub fn gather(&mut self, line: u32, most: u32, links: &mut Links, mut rides: impl FnMut(u32)) {
        let Line { waiting, riding, .. } = &mut self.lines[line as usize];
        for _ in 0..most {
            let Some(id) = waiting.pop(links) else { return };
            riding.push(id, links);
            rides(id);
        }
    }

    /// How many ride with the one inside.
    pub fn riders(&self, line: u32) -> u32 {
        self.lines[line as usize].riding.len()
    }

    /// The next one that rode with the one inside, which is done.
    pub fn arrived(&mut self, line: u32, links: &mut Links) -> Option<u32> {
        self.lines[line as usize].riding.pop(links)
    }

    /// The one inside leaves. Returns who enters now. Those that rode with it and have not arrived go back to the front of the line;
    /// `waits` is called for each.
    pub fn exit(&mut self, line: u32, links: &mut Links, mut waits: impl FnMut(u32)) -> Option<u32> {
        let Line { row, waiting, riding } = &mut self.lines[line as usize];
        if !riding.is_empty() {
            let mut front = Queue::default();
            while let Some(id) = riding.pop(links) {
                front.push(id, links);
                waits(id);
            }
            while let Some(id) = waiting.pop(links) {
                front.push(id, links);
            }
            *waiting = front;
        }
        let next = waiting.pop(links);
        if next.is_none() {
            self.by_row.remove(row);
            self.free.push(line);
        }
        next
    }

    /// An attempt that waits, or rides, gives up.
    pub fn leave(&mut self, line: u32, id: u32, rides: bool, links: &mut Links) {
        let Line { waiting, riding, .. } = &mut self.lines[line as usize];
        if rides { riding.remove(id, links) } else { waiting.remove(id, links) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five() -> (Lines, Links) {
        let mut links = Links::default();
        links.grow(5);
        let mut lines = Lines::default();
        assert_eq!(lines.enter(0, 7, &mut links), (0, true));
        for id in 1..5 {
            assert_eq!(lines.enter(id, 7, &mut links), (0, false));
        }
        (lines, links)
    }

    #[test]
    fn one_enters_at_a_time() {
        let (mut lines, mut links) = five();
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(1));
        lines.leave(0, 3, false, &mut links);
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(2));
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(4));
        assert_eq!(lines.exit(0, &mut links, |_| {}), None);
        assert_eq!(lines.enter(3, 7, &mut links), (0, true), "nobody is inside");
    }

    #[test]
    fn some_ride_with_the_one_inside() {
        let (mut lines, mut links) = five();
        let mut riders = Vec::new();
        lines.gather(0, 2, &mut links, |id| riders.push(id));
        assert_eq!((riders, lines.riders(0)), (vec![1, 2], 2));
        lines.leave(0, 1, true, &mut links);
        assert_eq!(lines.arrived(0, &mut links), Some(2));
        assert_eq!(lines.arrived(0, &mut links), None);
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(3));
    }

    #[test]
    fn riders_of_one_that_fails_are_first_in_the_line_again() {
        let (mut lines, mut links) = five();
        lines.gather(0, 2, &mut links, |_| {});
        let mut back = Vec::new();
        assert_eq!(lines.exit(0, &mut links, |id| back.push(id)), Some(1));
        assert_eq!(back, [1, 2]);
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(2));
        assert_eq!(lines.exit(0, &mut links, |_| {}), Some(3));
    }
}
