//! What stands behind the size in rows of the Common Log Format: which column holds how long a request took, and which how long the server
//! behind took. In: the beginning of a file, and hints. Out: a [`Tail`], and what it reads of a row.

use std::collections::BTreeMap;

use super::super::super::scan::{field, is_none, nanos, whole};

/// Digits that nginx writes behind the point of a time; its ratio of compression has two.
const DIGITS: usize = 3;
/// Most columns that are looked at.
const COLUMNS_MAX: usize = 64;

/// What a whole number at the end of each row counts, if it is a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Microseconds, as `%D` of Apache.
    Micros,
    /// Milliseconds, as `%{ms}T` of Apache.
    Millis,
    /// Seconds, as `%T` of Apache.
    Seconds,
}

impl TimeUnit {
    fn nanos(self) -> u64 {
        match self {
            TimeUnit::Micros => 1_000,
            TimeUnit::Millis => 1_000_000,
            TimeUnit::Seconds => 1_000_000_000,
        }
    }
}

/// What nginx says of the server behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Upstream {
    /// Nothing.
    Unknown,
    /// `-`: it was not asked.
    None,
    /// How long it took.
    Answered(u64),
}

/// Where a time stands: a column behind the size, counted from 1, or a name such as `rt` of `rt=0.020`.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    Column(usize),
    Name(Vec<u8>),
}

impl Place {
    fn of(text: &str) -> Place {
        text.parse().map_or_else(|_| Place::Name(text.as_bytes().to_vec()), Place::Column)
    }

    fn fits(&self, piece: &Piece) -> bool {
        match self {
            Place::Column(column) => piece.column == *column,
            Place::Name(name) => piece.name == name,
        }
    }
}

/// Which columns hold times.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super::super) struct Tail {
    unit: Option<TimeUnit>,
    request: Option<Place>,
    upstream: Option<Place>,
    /// Whether the user has said one of the two.
    is_said: bool,
}

/// A word behind the size. A list such as `0.010, 0.020` is several words of one column.
struct Piece<'a> {
    column: usize,
    name: &'a [u8],
    text: &'a [u8],
}

fn pieces<'a>(mut rest: &'a [u8]) -> impl Iterator<Item = Piece<'a>> {
    let (mut column, mut name, mut goes_on) = (0, &b""[..], false);
    std::iter::from_fn(move || {
        let is_quoted = rest.trim_ascii_start().starts_with(b"\"");
        let word = field(&mut rest)?;
        let separates = !is_quoted && word == b":";
        let mut text = word;
        if !goes_on && !separates {
            column += 1;
            name = b"";
            if let Some(equals) = memchr::memchr(b'=', word).filter(|at| *at < 32 && !is_quoted) {
                (name, text) = (&word[..equals], &word[equals + 1..]);
            }
        }
        goes_on = !is_quoted && (separates || word.ends_with(b","));
        Some(Piece { column, name, text })
    })
}

/// The parts of a list: several servers were asked one after the other.
fn parts(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b',' | b' ' | b':' | b'"')).filter(|part| !part.is_empty())
}

/// What is known of a column of a sample.
#[derive(Default)]
struct Seen {
    rows: u64,
    times: u64,
    /// Rows with `-`, or with a list: of a server behind, never of a request.
    others: u64,
    /// Words that are neither.
    wrong: u64,
    /// Words that are whole numbers or none.
    wholes: u64,
    sum: u64,
}

impl Seen {
    /// Whether so many of its rows fit; a file may have a few rows of another kind.
    fn is_mostly(&self, fitting: u64) -> bool {
        fitting > 0 && fitting * 20 >= self.rows * 19
    }

    fn has_times(&self) -> bool {
        self.times > 0 && self.is_mostly(self.rows.saturating_sub(self.wrong))
    }
}

impl Tail {
    /// Finds out which columns hold times: those that have, in nearly every row, a number with three decimals or `-`. The one that is never smaller is
    /// that of the request; of the others, the largest is that of the answer of the server behind.
    pub(in super::super) fn of<'a>(
        rests: impl Iterator<Item = &'a [u8]>,
        unit: Option<TimeUnit>,
        named: &[(String, String)],
    ) -> Tail {
        let said = |what: &str| {
            let column = named.iter().find(|(name, _)| name == what);
            column.map(|(_, column)| Place::of(column))
        };
        let (request, upstream) = (said("duration"), said("service"));
        let is_said = request.is_some() || upstream.is_some();
        let mut tail = Tail { unit, request, upstream, is_said };
        let mut columns: BTreeMap<usize, Seen> = BTreeMap::new();
        let mut rows = 0;
        for rest in rests {
            rows += 1;
            let mut last = 0;
            for piece in pieces(rest).take_while(|piece| piece.column <= COLUMNS_MAX) {
                if !piece.name.is_empty() {
                    continue;
                }
                let is_whole = whole(piece.text).is_some() || is_none(piece.text);
                let seen = columns.entry(piece.column).or_default();
                seen.wholes += u64::from(is_whole);
                seen.rows += u64::from(last != piece.column);
                let mut count = u64::from(last == piece.column);
                last = piece.column;
                if piece.text.is_empty() {
                    seen.wrong += 1;
                }
                for part in parts(piece.text) {
                    count += 1;
                    match nanos(part).filter(|_| decimals(part) == DIGITS) {
                        Some(span) => {
                            seen.times += 1;
                            seen.sum = seen.sum.saturating_add(span);
                        }
                        None if part == b"-" => seen.others += 1,
                        None => seen.wrong += 1,
                    }
                }
                seen.others += u64::from(count > 1);
            }
        }
        tail.choose(&columns, rows);
        if tail.request.is_none() && tail.unit.is_some() {
            let found =
                columns.iter().find(|(_, seen)| seen.others < seen.rows && seen.is_mostly(seen.wholes));
            tail.request = found.map(|(column, _)| Place::Column(*column));
        }
        tail
    }

    fn choose(&mut self, columns: &BTreeMap<usize, Seen>, rows: u64) {
        let taken = |place: &Option<Place>, column: usize| *place == Some(Place::Column(column));
        let mut times: Vec<(usize, &Seen)> = columns
            .iter()
            .filter(|(column, seen)| seen.has_times() && !taken(&self.upstream, **column))
            .map(|(column, seen)| (*column, seen))
            .collect();
        if self.request.is_none() {
            // The first of equals, and one without `-` and lists before one with them.
            let best = times.iter().min_by_key(|(column, seen)| {
                (seen.others * 20 > seen.rows, std::cmp::Reverse(seen.sum), *column)
            });
            self.request = best.map(|(column, _)| Place::Column(*column));
        }
        times.retain(|(column, _)| !taken(&self.request, *column));
        if self.upstream.is_none() {
            // The last of equals: connect, header, response is the usual order.
            let best = times.iter().max_by_key(|(column, seen)| (seen.sum, *column));
            self.upstream = best.map(|(column, _)| Place::Column(*column));
        }
        if let (None, Some(Place::Column(request))) = (&self.upstream, &self.request) {
            // No server was asked in the whole sample.
            let is_dash = |seen: &Seen| seen.wrong == 0 && seen.times == 0 && seen.others == rows;
            let after = columns.range(request + 1..).find(|(column, seen)| **column > 2 && is_dash(seen));
            self.upstream = after.map(|(column, _)| Place::Column(*column));
        }
    }

    /// What was taken for what, if anything was.
    pub(in super::super::super) fn words(&self) -> Option<String> {
        let of = |place: &Place| match place {
            Place::Column(column) => format!("column {column} behind the size"),
            // What a user has named, not what a row has.
            Place::Name(name) => format!("`{}`", String::from_utf8_lossy(name)),
        };
        let by =
            if self.is_said { "" } else { ", by its values: if not so, say --column duration=N, service=N" };
        match (self.request.as_ref().map(of), self.upstream.as_ref().map(of)) {
            (Some(request), Some(upstream)) => {
                Some(format!("{request} is the time of a request, {upstream} that of the server behind{by}"))
            }
            (Some(request), None) => Some(format!("{request} is the time of a request{by}")),
            (None, Some(upstream)) => Some(format!("{upstream} is the time of the server behind{by}")),
            (None, None) => None,
        }
    }

    /// Reads the times of a row.
    pub(super) fn read(&self, rest: &[u8]) -> Times {
        let mut found = Times { total: None, upstream: Upstream::Unknown, is_logged_at_the_end: false };
        let is_at = |place: &Option<Place>, piece: &Piece, names: [&[u8]; 2]| match place {
            Some(place) => place.fits(piece) || piece.name == names[0] || piece.name == names[1],
            None => piece.name == names[0] || piece.name == names[1],
        };
        for piece in pieces(rest) {
            if is_at(&self.request, &piece, [b"rt", b"request_time"]) {
                let text = parts(piece.text).next().unwrap_or_default();
                match nanos(text).filter(|_| text.contains(&b'.')) {
                    Some(span) => (found.total, found.is_logged_at_the_end) = (Some(span), true),
                    None => {
                        let span = self.unit.zip(whole(text));
                        found.total = span.map(|(unit, value)| value.saturating_mul(unit.nanos()));
                    }
                }
            } else if is_at(&self.upstream, &piece, [b"urt", b"upstream_response_time"]) {
                for part in parts(piece.text) {
                    found.upstream = match (nanos(part).filter(|_| part.contains(&b'.')), found.upstream) {
                        (Some(span), Upstream::Answered(before)) => {
                            Upstream::Answered(before.saturating_add(span))
                        }
                        (Some(span), _) => Upstream::Answered(span),
                        (None, Upstream::Unknown) if part == b"-" => Upstream::None,
                        (None, before) => before,
                    };
                }
            }
        }
        found
    }
}

/// Times of a row.
pub(super) struct Times {
    pub total: Option<u64>,
    pub upstream: Upstream,
    /// nginx writes the time of the end, Apache that of the start.
    pub is_logged_at_the_end: bool,
}

fn decimals(text: &[u8]) -> usize {
    memchr::memchr(b'.', text).map_or(0, |point| text.len() - point - 1)
}
