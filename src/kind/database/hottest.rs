//! How long the hottest of many rows was held.
//!
//! In: rows, and for how long each was held. Out: for how long the hottest of them was held, all its spans together, since the last reading.
//!
//! The longest of many rows that are alike was held for longer than any of them is on the mean, by chance alone. So that one counts only if it
//! is beyond that chance. Else one that is beyond it in all readings so far counts with its part in those; else the mean.
//!
//! A row that limits anything is held for much of the time, so no row needs a counter of its own: each has a place by its
//! number, where the one that is held longer stays and the others count against it. What that hides of a row is what the others of
//! its place were held, about a thousandth of all; rows of a population no larger than the number of places share none.

/// Places for rows.
const PLACES: usize = 1_024;
/// Part of what is known of a row that is left after each reading. Assumption: a row that was the hottest fifty readings ago may not be it now.
const LEFT: f64 = 0.98;

/// Halvings of the interval in which the number of rows lies: it is known to the last digit that is shown.
const HALVINGS: u32 = 40;

/// Chance of one reading in which some row of many that are alike seems to be hot. Assumption: less than one in the readings of a day.
const BY_CHANCE: f64 = 1e-6;

/// A row that was held in its place for longer than the others there, by so many nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    row: u64,
    ahead: f64,
}

impl Place {
    fn held(&mut self, row: u64, nanos: f64) {
        if self.row == row {
            self.ahead += nanos;
        } else if self.ahead >= nanos {
            self.ahead -= nanos;
        } else {
            *self = Place { row, ahead: nanos - self.ahead };
        }
    }
}

/// For how long rows were held, by their places; no places before one was held.
#[derive(Debug, Default)]
struct Held {
    places: Vec<Place>,
    /// Nanoseconds of all, and the squares of each span.
    all: f64,
    squares: f64,
}

impl Held {
    #[inline]
    fn held(&mut self, row: u64, nanos: f64) {
        if self.places.is_empty() {
            self.places.resize(PLACES, Place::default());
        }
        // The population is in the upper half of the number: its rows begin at a place of their own.
        let place = (row ^ (row >> 32).wrapping_mul(0x9E37)) as usize % PLACES;
        self.places[place].held(row, nanos);
        self.all += nanos;
        self.squares += nanos * nanos;
    }

    /// Takes up what was held since then, and forgets a part of what it knew.
    fn take_up(&mut self, since: &mut Held) {
        self.places.resize(PLACES, Place::default());
        for (place, since) in self.places.iter_mut().zip(&mut since.places) {
            place.ahead *= LEFT;
            place.held(since.row, std::mem::take(&mut since.ahead));
        }
        self.all = LEFT * self.all + std::mem::take(&mut since.all);
        self.squares = LEFT * self.squares + std::mem::take(&mut since.squares);
    }

    /// The longest, where it is beyond chance among so many rows that are alike. Spans of a row come as a Poisson process: that there are `k` where `m` are expected
    /// has at most the chance exp(k - m - k ln(k / m)). (Chernoff's bound.) Spans of unequal length are as few as the squares of them say.
    fn longest(&self, rows: f64) -> Option<f64> {
        let longest = self.places.iter().map(|place| place.ahead).fold(0.0, f64::max);
        let each = self.squares / self.all;
        let (spans, expected) = (longest / each, self.all / rows / each);
        let chance = libm::log(rows) + spans - expected - spans * libm::log(spans / expected);
        (rows < 2.0 || spans > expected && chance < libm::log(BY_CHANCE)).then_some(longest)
    }
}

/// Which row is the hottest.
#[derive(Debug, Default)]
pub struct Hottest {
    /// Since the last reading.
    now: Held,
    /// In all readings so far.
    past: Held,
    /// Spans so far.
    spans: f64,
}

impl Hottest {
    /// A row was held for so many nanoseconds.
    #[inline]
    pub fn held(&mut self, row: u64, nanos: f64) {
        self.spans += 1.0;
        self.now.held(row, nanos);
    }

    /// For how long the hottest was held since the last reading.
    pub fn read(&mut self) -> f64 {
        let all = self.now.all;
        if all <= 0.0 {
            return 0.0;
        }
        let touched = self.now.places.iter().filter(|place| place.ahead > 0.0).count();
        let known = self.past.places.iter().filter(|place| place.ahead > 0.0).count();
        let rows = touched.max(known).max(1) as f64;
        let longest = self.now.longest(rows);
        self.past.take_up(&mut self.now);
        let usual = || self.past.longest(rows).map(|longest| all * longest / self.past.all);
        longest.or_else(usual).unwrap_or(all / rows_of(self.spans, rows))
    }
}

/// How many rows there are, of which so many were seen in so many spans: as many as would leave as few unseen, each span being of any of them. With `n` spans of
/// `R` rows R (1 - exp(-n / R)) are seen on the mean. Where each span was of another row there may be any number; a half of n² of them would have one
/// seen twice.
fn rows_of(spans: f64, seen: f64) -> f64 {
    let most = (spans * spans / 2.0).max(seen);
    let seen_of = |rows: f64| -rows * libm::expm1(-spans / rows);
    let (mut few, mut many) = (seen, most);
    // It grows with their number: halved until nothing of it is left to find.
    for _ in 0..HALVINGS {
        let middle = (few * many).sqrt();
        match seen_of(middle) < seen {
            true => few = middle,
            false => many = middle,
        }
    }
    many
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_was_held_longest_counts() {
        let mut hottest = Hottest::default();
        assert_eq!(hottest.read(), 0.0);
        // It in thirty spans, and forty other rows for 1 each, in two.
        let others = (10..50).flat_map(|row| [(row, 0.5); 2]);
        for (row, nanos) in [(7, 2.0); 30].into_iter().chain(others) {
            hottest.held(row, nanos);
        }
        assert_eq!(hottest.read(), 60.0);
        assert_eq!(hottest.read(), 0.0, "it begins anew");
    }

    /// Row 1 and row 1,025 have one place.
    #[test]
    fn rows_of_one_place_count_against_each_other() {
        let mut hottest = Hottest::default();
        for (row, nanos) in [(1, 10.0), (1_025, 900.0), (1, 5.0)] {
            hottest.held(row, nanos);
        }
        assert_eq!(hottest.read(), 885.0);
    }

    /// A hundred rows, each of which is as likely: in the first reading ten are held, and each of them has a tenth of that time, but no more than
    /// a fiftieth is known of any row; after a thousand each has its hundredth.
    #[test]
    fn rows_that_were_not_seen_yet_have_their_part() {
        let mut hottest = Hottest::default();
        (0..10).for_each(|row| hottest.held(row, 100.0));
        let close = |read: f64, right: f64| assert!((read / right - 1.0).abs() < 1e-6, "{read}");
        close(hottest.read(), 1_000.0 / 50.0);
        for row in (0..100).cycle().take(1_000) {
            hottest.held(row, 100.0);
        }
        assert!((hottest.read() / 1_000.0 - 1.0).abs() < 0.001);
        // 63 of 100 that were seen in 100 spans.
        close(rows_of(100.0, 100.0 * -libm::expm1(-1.0)), 100.0);
        close(rows_of(1_000.0, 1.0), 1.0);
    }

    /// A thousand rows, each held for 100 of 1,000 four times on the mean, by chance: the longest of them is held for all the time, and none
    /// of them is hot. One that is held twice as often stands out.
    #[test]
    fn of_many_rows_that_are_alike_none_is_hot() {
        let mut stream = crate::rng::stream(1, "rows");
        let mut read = |hot: u64| {
            let mut hottest = Hottest::default();
            let readings = 200;
            let mut sum = 0.0;
            for _ in 0..readings {
                for _ in 0..4_000 {
                    hottest.held(crate::dist::below(&mut stream, 1_000), 100.0);
                }
                (0..hot).for_each(|_| hottest.held(3, 100.0));
                sum += hottest.read();
            }
            sum / f64::from(readings)
        };
        let (alike, one) = (read(0), read(40));
        // Before the first reading ends not every row has been touched.
        assert!((alike - 400.0).abs() < 1.0, "the mean: {alike}");
        assert!((one - 4_400.0).abs() < 5.0 * 200.0 / 200_f64.sqrt(), "{one}");
    }
}
