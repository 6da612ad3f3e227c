//! The fullest of unequal members. In: how busy each shard, replica or instance was. Out: which one, or which ones of a
//! known pace, and by how much fuller than the mean of all.
//!
//! Members of different paces are unequal for a known reason: those of one pace count together, by their own mean. Members of one
//! pace differ by chance too: of n requests each, the work that comes to them varies by √(2/n) of itself (Poisson arrivals,
//! exponential demands). Of these only what exceeds their mean by five such standard deviations is named.
//!
//! Members that get requests by how little they have to do are evened out: one that has more to do at a low load, being the first
//! of equals, has no more than the others at a high one, and a slow one gets less. They count together.

use std::ops::Range;

use crate::measure::load::{LoadSeries, Member, Spent, rows_in_stretch};
use crate::measure::part::Part;
use crate::measure::resource::Resource;

/// Share of its capacity from which a resource, or a member, has nothing left to give.
pub const FULL: f64 = 0.99;
/// Standard deviations that chance may explain.
const CHANCE: f64 = 5.0;

/// By which part of itself chance may move the work of so many equal requests.
pub fn chance(requests: f64) -> f64 {
    CHANCE * (2.0 / requests.max(1.0)).sqrt()
}

/// A member over some rows.
#[derive(Clone, Copy)]
struct Seen<'a> {
    member: &'a Member,
    spent: Spent,
}

impl Seen<'_> {
    fn share(&self) -> f64 {
        self.spent.busy / self.spent.capacity
    }

    /// Work that it did in a unit of time; that of its machine where it did next to nothing.
    fn pace(&self) -> f64 {
        if self.spent.busy > 0.0 { self.spent.work / self.spent.busy } else { self.member.pace }
    }
}

fn stretches(load: &LoadSeries, rows: &Range<usize>) -> Range<usize> {
    let each = rows_in_stretch(load.asked.len());
    rows.start / each..rows.end.div_ceil(each)
}

/// What of a resource fills first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fullest {
    /// Which member, or which ones; absent where all of them fill together.
    pub part: Option<Part>,
    /// How many times the mean share of all its share is.
    pub times: f64,
    /// Its share.
    pub share: f64,
}

/// The fullest member over `rows`, or all of the fullest pace; absent where chance explains it. Of members that are evened out
/// it is all of them, and absent where they are of one pace: then the mean says it. `factor` is what was asked for over what
/// was served.
pub fn fullest(load: &LoadSeries, rows: Range<usize>, factor: f64) -> Option<Fullest> {
    let seen = seen(load, &stretches(load, &rows));
    let all = All::of(&seen, factor);
    if load.evened {
        return together(load, &seen, &all);
    }
    let most = seen.iter().map(|it| it.spent.capacity).fold(0.0, f64::max);
    // Who was there for a part of the time only, warming up or draining, says little.
    let is_there = |it: &Seen<'_>| it.spent.capacity >= most / 2.0;
    let full = seen.iter().filter(|it| is_there(it) && it.share() >= FULL).count();
    let asked: Vec<f64> = seen.iter().map(|it| all.asked(it, full)).collect();
    let there = || (0..seen.len()).filter(|&at| is_there(&seen[at]));
    let chance = chance(load.equal_requests(&rows) / seen.len() as f64);
    let paces = paces(&seen, there());
    let known = (paces.len() > 1).then(|| paces.iter().map(|alike| alike.all(&seen, &asked, all.pace())));
    let of_pace = known.into_iter().flatten().reduce(fuller);
    let single = paces.iter().filter_map(|alike| {
        // All of one pace are compared with the mean of all, those that are there for a part of the time too.
        let mean = match paces.len() {
            1 => (all.mean(), all.mean() * factor),
            _ => alike.means(&seen, &asked),
        };
        // Where what was given says what was asked of each, how busy it was says no more.
        let mean = if all.is_told_by_given(full) { (f64::INFINITY, mean.1) } else { mean };
        alike.odd_one(&seen, &asked, mean, chance)
    });
    let (part, most_asked) = of_pace.into_iter().chain(single).reduce(fuller)?;
    let times = most_asked / (all.mean() * factor);
    (seen.len() > 1 && times > 1.0).then_some(Fullest { part: Some(part), times, share: most_asked })
}

/// The part of its usual pace at which the slowest member worked over `rows`: less than 1 where it is cold or a fault makes it slower.
pub fn slowest(load: &LoadSeries, rows: &Range<usize>) -> f64 {
    let seen = seen(load, &stretches(load, rows));
    let worked = seen.iter().filter(|it| it.spent.busy > 0.0 && it.member.pace > 0.0);
    worked.map(|it| it.pace() / it.member.pace).fold(1.0, f64::min)
}

/// All members as one: what was asked for is done at the pace of all of them once all are full, whoever did it so far. Only
/// work goes by pace: of what is held, each has as much as it has.
fn together(load: &LoadSeries, seen: &[Seen<'_>], all: &All) -> Option<Fullest> {
    let is_work = matches!(load.of, Resource::Cpu { .. });
    let unequal = is_work && paces(seen, 0..seen.len()).len() > 1;
    let (mean, share) = (all.mean(), all.work / all.could.max(f64::MIN_POSITIVE));
    let found = Fullest { part: None, times: share / mean, share: share * all.factor };
    (unequal && mean > 0.0).then_some(found)
}

/// The fuller of two, the former if both are as full.
fn fuller(one: (Part, f64), other: (Part, f64)) -> (Part, f64) {
    if other.1 > one.1 { other } else { one }
}

/// Members of one pace, by their places.
struct Alike {
    pace: f64,
    at: Vec<usize>,
}

/// The members of each pace, the first one first.
fn paces(seen: &[Seen<'_>], there: impl Iterator<Item = usize>) -> Vec<Alike> {
    let mut found: Vec<Alike> = Vec::new();
    for at in there {
        let pace = seen[at].member.pace;
        match found.iter_mut().find(|alike| alike.pace == pace) {
            Some(alike) => alike.at.push(at),
            None => found.push(Alike { pace, at: vec![at] }),
        }
    }
    found
}

impl Alike {
    /// The mean share that they were busy for, and that was asked of them.
    fn means(&self, seen: &[Seen<'_>], asked: &[f64]) -> (f64, f64) {
        let sum = |of: &dyn Fn(usize) -> f64| self.at.iter().map(|&at| of(at)).sum::<f64>();
        let capacity = sum(&|at| seen[at].spent.capacity);
        let of = |at: usize| asked[at] * seen[at].spent.capacity;
        (sum(&|at| seen[at].spent.busy) / capacity, sum(&of) / capacity)
    }

    /// All of them, and the share that was asked of them, beside others whose mean pace is known.
    fn all(&self, seen: &[Seen<'_>], asked: &[f64], mean_pace: f64) -> (Part, f64) {
        let count = self.at.len() as u32;
        let part = match (count, self.pace < mean_pace) {
            (1, _) => seen[self.at[0]].member.part,
            (_, true) => Part::Slow(count),
            (_, false) => Part::Fast(count),
        };
        (part, self.means(seen, asked).1)
    }

    /// The fullest of them, or its zone, if chance does not explain how far it exceeds their means, and what was asked of it.
    fn odd_one(
        &self,
        seen: &[Seen<'_>],
        asked: &[f64],
        (busy, mean_asked): (f64, f64),
        chance: f64,
    ) -> Option<(Part, f64)> {
        let order = |at: usize| seen[at].member.part.number();
        let fullest = self.at.iter().copied().max_by(|&a, &b| {
            let by_share = || seen[a].share().total_cmp(&seen[b].share());
            asked[a].total_cmp(&asked[b]).then_with(by_share).then(order(b).cmp(&order(a)))
        })?;
        let exceeds = |share: f64, mean: f64| mean > 0.0 && share > mean * (1.0 + chance);
        let is_more = exceeds(seen[fullest].share(), busy) || exceeds(asked[fullest], mean_asked);
        is_more.then(|| {
            let part = zone_of(seen, asked, fullest, chance).unwrap_or(seen[fullest].member.part);
            (part, asked[fullest])
        })
    }
}

/// All members over some rows.
struct All {
    spent: Spent,
    /// Work that was done.
    work: f64,
    /// Work that could have been done.
    could: f64,
    /// What was asked for over what was served.
    factor: f64,
}

impl All {
    fn of(seen: &[Seen<'_>], factor: f64) -> All {
        let mut all = All { spent: Spent::default(), work: 0.0, could: 0.0, factor };
        for it in seen {
            all.spent += it.spent;
            all.work += it.spent.work;
            all.could += it.spent.capacity * it.member.pace;
        }
        all
    }

    /// The mean share of all.
    fn mean(&self) -> f64 {
        self.spent.busy / self.spent.capacity.max(f64::MIN_POSITIVE)
    }

    /// The mean pace of all.
    fn pace(&self) -> f64 {
        self.could / self.spent.capacity.max(f64::MIN_POSITIVE)
    }

    /// Whether something was not served though none was full: then what was given to each says what was asked of it.
    fn is_told_by_given(&self, full: usize) -> bool {
        full == 0 && self.factor > 1.0 && self.spent.given > 0.0
    }

    /// The share of its capacity that was asked of a member, where so many were full.
    fn asked(&self, of: &Seen<'_>, full: usize) -> f64 {
        let is_full = of.share() >= FULL;
        match () {
            // Nothing was lacking: what was asked for was served.
            () if self.factor <= 1.0 => of.share() * self.factor,
            // What was not served, the full ones could not serve.
            () if of.member.part.is_bound() && is_full => {
                let lacking = (self.factor - 1.0) * self.spent.busy;
                (of.spent.busy + lacking / full as f64) / of.spent.capacity
            }
            () if of.member.part.is_bound() && full > 0 => of.share(),
            // Of all that was asked for, as large a part as of the attempts that were sent to all, at its own pace: one that answers errors
            // would have had its part of the work.
            () if self.spent.given > 0.0 && !of.member.part.is_bound() => {
                let work = self.factor * self.work * of.spent.given / self.spent.given;
                work / of.pace().max(f64::MIN_POSITIVE) / of.spent.capacity
            }
            // What was not served, all of them could have.
            () if full == 0 => of.share() * self.factor,
            // What one could not serve, any of them might have.
            () => of.share().max(self.mean() * self.factor),
        }
    }
}

/// The members over some stretches.
fn seen<'a>(load: &'a LoadSeries, stretches: &Range<usize>) -> Vec<Seen<'a>> {
    let of = |member: &'a Member| Seen { member, spent: member.over(stretches) };
    load.members.iter().map(of).filter(|it| it.spent.capacity > 0.0).collect()
}

/// The zone of an instance, if as much is asked of the others there as of it, and there are others.
fn zone_of(seen: &[Seen<'_>], asked: &[f64], fullest: usize, chance: f64) -> Option<Part> {
    let at = seen[fullest].member.zone?;
    let of = |inside: bool| {
        let all = seen.iter().zip(asked).filter(move |(it, _)| (it.member.zone == Some(at)) == inside);
        all.map(|(_, asked)| *asked)
    };
    let least = of(true).fold(f64::MAX, f64::min);
    let alike = least >= asked[fullest] * (1.0 - 2.0 * chance).max(0.9);
    let lower = of(false).all(|asked| asked < least);
    (of(true).count() > 1 && of(false).count() > 0 && alike && lower).then_some(Part::Zone(at))
}

/// Marks the rows in which a member was full all the time, over so many rows. One that was not there for all of them,
/// just launched or about to go, had no such time. Of members that are evened out none is full before all are.
pub fn mark_full(load: &LoadSeries, window: usize, full: &mut [bool]) {
    if load.evened {
        return;
    }
    let each = rows_in_stretch(full.len());
    let wide = window.div_ceil(each);
    for member in &load.members {
        let end = full.len().div_ceil(each);
        for first in 0..(end + 1).saturating_sub(wide) {
            let stretches = first..first + wide;
            let Spent { busy, capacity, .. } = member.over(&stretches);
            if member.is_there(&stretches) && busy >= FULL * capacity {
                let rows = (first * each).min(full.len())..((first + wide) * each).min(full.len());
                full[rows].fill(true);
            }
        }
    }
}

/// Whether all members that were full over some rows may have been so by chance, by how busy each was in more rows like
/// these: `requests` come to all of them in the rows.
pub fn is_full_by_chance(load: &LoadSeries, rows: &Range<usize>, like: &Range<usize>, requests: f64) -> bool {
    let seen = seen(load, &stretches(load, rows));
    let chance = chance(requests / seen.len() as f64);
    seen.iter().filter(|it| it.share() >= FULL).all(|it| {
        let Spent { busy, capacity, .. } = it.member.over(&stretches(load, like));
        busy < FULL * capacity && capacity / busy - 1.0 <= chance
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::load::Noted;

    /// Ten rows in which each member has 1 of capacity a row.
    fn load(parts: &[(Part, f64, Option<u32>)]) -> LoadSeries {
        let mut load = LoadSeries::new(Resource::Cpu { fleet: 0 });
        load.asked = vec![0.0; 10];
        for (part, busy, zone) in parts {
            let noted = Noted { zone: *zone, ..Noted::new(*part, *busy, 1.0) };
            let mut member = Member::of(&noted);
            (0..10).for_each(|row| member.add(row, noted.spent));
            load.members.push(member);
        }
        load
    }

    /// The fullest of the members of a load of so many equal requests.
    fn fullest(load: &LoadSeries, rows: Range<usize>, factor: f64, requests: f64) -> Option<(Part, f64)> {
        let mut load = load.clone();
        load.asked = vec![requests / 10.0; 10];
        load.squares = load.asked.clone();
        super::fullest(&load, rows, factor).and_then(|it| Some((it.part?, it.times)))
    }

    fn shards(busy: &[f64]) -> LoadSeries {
        load(&(1..).zip(busy).map(|(number, busy)| (Part::Shard(number), *busy, None)).collect::<Vec<_>>())
    }

    fn instances(of: &[(f64, Option<u32>)]) -> LoadSeries {
        let parts = (1..).zip(of).map(|(number, (busy, zone))| (Part::Instance(number), *busy, *zone));
        load(&parts.collect::<Vec<_>>())
    }

    #[test]
    fn the_full_one_of_three_shards_is_named_with_all_that_was_not_served() {
        let load = shards(&[0.2, 1.0, 0.3]);
        // Of the mean, 0.5, the full shard has twice as much.
        assert_eq!(fullest(&load, 0..10, 1.0, 1e6), Some((Part::Shard(2), 2.0)));
        // 1.4 times as much was asked for as the 1.5 that was served: 0.6 more of the full one, so 1.6 of 0.7.
        let (part, factor) = fullest(&load, 0..10, 1.4, 1e6).unwrap();
        assert_eq!(part, Part::Shard(2));
        assert!((factor - 1.6 / 0.7).abs() < 1e-9, "{factor}");
        let mut full = vec![false; 10];
        mark_full(&load, 9, &mut full);
        assert_eq!(full, [true; 10]);
    }

    /// Three instances get a third of the requests each, and one has 0.6 of the pace of the others. It does the work of 0.6
    /// where it was asked for 0.7: it is asked for 0.7 / 0.6 of what it can do. The others do their 0.7.
    #[test]
    fn what_was_given_to_a_slow_instance_counts_and_not_what_it_served() {
        let mut load = instances(&[]);
        for (part, pace, busy) in [(1, 0.6, 1.0), (2, 1.0, 0.7), (3, 1.0, 0.7)] {
            let spent = Spent { busy, capacity: 1.0, work: busy * pace, given: 70.0 };
            let noted = Noted { part: Part::Instance(part), zone: None, pace, spent };
            let mut member = Member::of(&noted);
            (0..10).for_each(|row| member.add(row, spent));
            load.members.push(member);
        }
        let factor = (3.0 * 0.7) / (0.6 + 0.7 + 0.7);
        let (part, times) = fullest(&load, 0..10, factor, 1e6).unwrap();
        assert_eq!(part, Part::Instance(1));
        let asked = times * factor * (1.0 + 0.7 + 0.7) / 3.0;
        assert!((asked - 0.7 / 0.6).abs() < 1e-12, "{asked}");
    }

    /// One of two instances answers errors and does nothing: the other one is asked for a half of all, as it is.
    #[test]
    fn one_that_answers_errors_would_have_had_its_part() {
        let mut load = instances(&[]);
        for (part, busy) in [(1, 0.25), (2, 0.0)] {
            let noted = Noted::new(Part::Instance(part), busy, 1.0);
            let mut member = Member::of(&noted);
            (0..10).for_each(|row| member.add(row, Spent { given: 50.0, ..noted.spent }));
            load.members.push(member);
        }
        assert_eq!(fullest(&load, 0..10, 2.0, 1e6), None, "each is asked for 25 %");
        // What two thirds were sent to is asked for as much: of 0.5 that is a third.
        load.members[0] = Member::of(&Noted::new(Part::Instance(1), 0.25, 1.0));
        let spent = Spent { given: 100.0, ..Noted::new(Part::Instance(1), 0.25, 1.0).spent };
        (0..10).for_each(|row| load.members[0].add(row, spent));
        let (part, times) = fullest(&load, 0..10, 2.0, 1e6).unwrap();
        assert!(part == Part::Instance(1) && (times * 0.25 - 1.0 / 3.0).abs() < 1e-12, "{times}");
    }

    /// One of two works at a tenth of its pace: it is full of what takes the other one an eighth.
    #[test]
    fn a_member_that_is_slow_for_a_time_is_asked_for_at_its_pace() {
        let mut load = instances(&[]);
        for (part, busy, work) in [(1, 1.0, 0.1), (2, 0.125, 0.125)] {
            let noted = Noted::new(Part::Instance(part), busy, 1.0);
            let mut member = Member::of(&noted);
            (0..10).for_each(|row| member.add(row, Spent { work, given: 50.0, ..noted.spent }));
            load.members.push(member);
        }
        let factor = 0.25 / 0.225;
        let (part, times) = fullest(&load, 0..10, factor, 1e6).unwrap();
        assert!(part == Part::Instance(1) && (times * factor * 1.125 / 2.0 - 1.25).abs() < 1e-12, "{times}");
        assert!((slowest(&load, &(0..10)) - 0.1).abs() < 1e-12);
    }

    /// The first of three is always full and the second for half of the time: together they have room for twice as much. One at
    /// half the pace has done half the work: 1 × 0.5 + 0.5 of the 2.5 that all can do.
    #[test]
    fn members_that_are_evened_out_count_together() {
        let mut alike = shards(&[1.0, 0.5, 0.0]);
        alike.evened = true;
        assert_eq!(super::fullest(&alike, 0..10, 1.0), None, "the mean says it");
        let mut full = vec![false; 10];
        mark_full(&alike, 9, &mut full);
        assert_eq!(full, [false; 10], "none is full before all are");
        let mut load = of_paces(&[(0.5, 1.0), (1.0, 0.5), (1.0, 0.0)]);
        load.evened = true;
        let found = super::fullest(&load, 0..10, 1.0).unwrap();
        assert_eq!((found.part, found.share), (None, 1.0 / 2.5));
        assert!((found.times - 0.4 / 0.5).abs() < 1e-12, "{found:?}");
        load.of = Resource::Threads { fleet: 0 };
        assert_eq!(super::fullest(&load, 0..10, 1.0), None, "threads have no pace");
    }

    #[test]
    fn who_was_not_there_for_all_of_the_rows_was_not_full_in_them() {
        let mut late = instances(&[(0.3, None), (0.3, None)]);
        let noted = Noted::new(Part::Instance(3), 1.0, 1.0);
        let mut member = Member::of(&noted);
        (4..10).for_each(|row| member.add(row, noted.spent));
        late.members.push(member);
        let mut full = vec![false; 10];
        mark_full(&late, 9, &mut full);
        assert_eq!(full, [false; 10], "six rows are not nine");
        mark_full(&late, 6, &mut full);
        assert_eq!(full, [false, false, false, false, true, true, true, true, true, true]);
    }

    #[test]
    fn what_chance_explains_names_nobody() {
        let load = shards(&[0.50, 0.54, 0.51]);
        // √(2 · 3 / 10,000) is 2.4 %, and 0.54 is 4.5 % above the mean.
        assert_eq!(fullest(&load, 0..10, 1.0, 10_000.0), None);
        assert!(fullest(&load, 0..10, 1.0, 1e7).is_some());
        let mut full = vec![false; 10];
        mark_full(&load, 9, &mut full);
        assert_eq!(full, [false; 10]);
    }

    #[test]
    fn a_zone_is_named_where_all_in_it_are_as_full() {
        let zones =
            instances(&[(0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0))]);
        let named = |load| fullest(load, 0..10, 1.0, 1e6).unwrap().0.to_string();
        assert_eq!(named(&zones), "zone b");
        let one = instances(&[(0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0)), (0.3, Some(1))]);
        assert_eq!(named(&one), "instance 2");
    }

    /// Instances of two paces, as (pace, busy).
    fn of_paces(of: &[(f64, f64)]) -> LoadSeries {
        let mut load = instances(&of.iter().map(|(_, busy)| (*busy, None)).collect::<Vec<_>>());
        for (member, (pace, busy)) in load.members.iter_mut().zip(of) {
            let spent = Spent { work: pace * busy, ..Noted::new(member.part, *busy, 1.0).spent };
            let noted = Noted { pace: *pace, spent, ..Noted::new(member.part, *busy, 1.0) };
            *member = Member::of(&noted);
            (0..10).for_each(|row| member.add(row, spent));
        }
        load
    }

    #[test]
    fn members_of_one_pace_count_together() {
        // Three at 80 % of half a pace, by chance 76 to 84: their mean is 0.8, the mean of all 0.7.
        let load = of_paces(&[(0.5, 0.76), (0.5, 0.80), (0.5, 0.84), (1.0, 0.4)]);
        let (part, times) = fullest(&load, 0..10, 1.0, 10_000.0).unwrap();
        assert_eq!(part, Part::Slow(3));
        assert!((times * 0.7 - 0.8).abs() < 1e-12, "{times}");
        // Five standard deviations of 50,000 requests each are 3 %: 0.84 is 5 % above its like.
        assert_eq!(fullest(&load, 0..10, 1.0, 200_000.0).unwrap().0, Part::Instance(3));
        let fast = of_paces(&[(0.1, 0.0), (1.0, 0.8), (1.0, 0.8), (1.0, 0.8)]);
        assert_eq!(
            fullest(&fast, 0..10, 1.0, 1e3).unwrap().0,
            Part::Fast(3),
            "the slow one is out of service"
        );
        let one = of_paces(&[(0.5, 0.8), (1.0, 0.4), (1.0, 0.4)]);
        assert_eq!(fullest(&one, 0..10, 1.0, 10.0).unwrap().0, Part::Instance(1), "however few requests");
    }

    #[test]
    fn a_member_with_room_may_be_full_by_chance() {
        let mut load = instances(&[]);
        for number in [1, 2] {
            let mut member = Member::of(&Noted::new(Part::Instance(number), 0.0, 1.0));
            // Full in rows 4 to 6 of 10, and 80 % busy in the others: 86 % in all.
            let busy = |row| if number == 1 && (4..7).contains(&row) { 1.0 } else { 0.8 };
            (0..10).for_each(|row| member.add(row, Noted::new(Part::Instance(number), busy(row), 1.0).spent));
            load.members.push(member);
        }
        load.asked = vec![1.0; 10];
        // It takes 16 % more than usual; of 1,000 requests to one of two, five standard deviations are 32 %.
        assert!(is_full_by_chance(&load, &(4..7), &(0..10), 1_000.0));
        assert!(!is_full_by_chance(&load, &(4..7), &(0..10), 10_000.0), "of 10,000 they are 10 %");
        assert!(!is_full_by_chance(&load, &(4..7), &(4..7), 1_000.0), "it was full in all rows like these");
    }
}
