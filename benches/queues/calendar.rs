//! A calendar queue (R. Brown, Communications of the ACM 31(10), 1988): a year of days, each with its sorted events.

use super::{Pending, Queue};

/// Days are doubled or halved with the number of events; then the length of a day is chosen anew.
pub struct CalendarQueue {
    /// The events of each day, of all years, latest first.
    days: Vec<Vec<Pending>>,
    /// Length of a day, nanoseconds.
    width: u64,
    /// Where the search continues: no event is before this instant.
    now: u64,
    len: usize,
}

const FEWEST_DAYS: usize = 16;

impl Default for CalendarQueue {
    fn default() -> Self {
        CalendarQueue { days: vec![Vec::new(); FEWEST_DAYS], width: 1 << 20, now: 0, len: 0 }
    }
}

impl CalendarQueue {
    fn place(&mut self, entry: Pending) {
        let day = (entry.time() / self.width) as usize % self.days.len();
        let day = &mut self.days[day];
        let at = day.partition_point(|other| *other > entry);
        day.insert(at, entry);
    }

    /// Chooses a day that holds about three events: three times the mean distance of the next events.
    fn resize(&mut self, days: usize) {
        let mut entries: Vec<Pending> = std::mem::take(&mut self.days).into_iter().flatten().collect();
        let sample = entries.len().min(64);
        if sample > 2 {
            entries.select_nth_unstable(sample - 1);
            let latest = entries[sample - 1].time();
            self.width = (3 * (latest - self.now) / sample as u64).max(1);
        }
        self.days = vec![Vec::new(); days];
        entries.into_iter().for_each(|entry| self.place(entry));
    }
}

impl Queue for CalendarQueue {
    fn push(&mut self, entry: Pending) {
        self.place(entry);
        self.len += 1;
        if self.len > 2 * self.days.len() {
            self.resize(2 * self.days.len());
        }
    }

    fn pop(&mut self) -> Option<Pending> {
        if self.len == 0 {
            return None;
        }
        let days = self.days.len();
        let today = self.now / self.width;
        let this_year = (today..today + days as u64).find(|&day| {
            self.days[day as usize % days].last().is_some_and(|entry| entry.time() / self.width == day)
        });
        let day = match this_year {
            Some(day) => day as usize % days,
            // No event within a year: take the earliest of all.
            None => (0..days)
                .filter(|&day| !self.days[day].is_empty())
                .min_by_key(|&day| self.days[day].last())?,
        };
        let entry = self.days[day].pop()?;
        self.now = entry.time();
        self.len -= 1;
        if self.len < days / 2 && days > FEWEST_DAYS {
            self.resize(days / 2);
        }
        Some(entry)
    }
}
