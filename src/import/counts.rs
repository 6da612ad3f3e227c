//! How many lines of a file became what. In: what became of each. Out: counts, the first example of each reason, the span of time.

use super::row::Reason;

/// Lines that were dropped for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    /// How many.
    pub count: u64,
    /// The first of them, from 1.
    pub first_line: u64,
}

/// What became of the lines of a file, or of a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Lines that are not empty.
    pub lines: u64,
    /// Lines with or without anything on them.
    pub all_lines: u64,
    /// Lines that became a request, a time of one, or a value.
    pub used: u64,
    /// The others, by reason.
    pub dropped: [Dropped; Reason::COUNT],
    /// Lines that are earlier than the line before them.
    pub disordered: u64,
    /// Instants of the first and the last line, for the order of what follows.
    edges: Option<(i64, i64)>,
    /// The earliest and the latest instant.
    pub span: Option<(i64, i64)>,
}

impl Default for Counts {
    fn default() -> Counts {
        let dropped = [Dropped::default(); Reason::COUNT];
        Counts { lines: 0, all_lines: 0, used: 0, dropped, disordered: 0, edges: None, span: None }
    }
}

impl Counts {
    /// A line was used; its instant in nanoseconds.
    #[inline]
    pub fn used(&mut self, at: i64, _line: u64) {
        self.lines += 1;
        self.used += 1;
        let (first, last) = self.edges.unwrap_or((at, at));
        self.disordered += u64::from(at < last);
        self.edges = Some((first, at));
        let (least, most) = self.span.unwrap_or((at, at));
        self.span = Some((least.min(at), most.max(at)));
    }

    /// A line was dropped.
    pub fn dropped(&mut self, reason: Reason, line: u64) {
        self.lines += 1;
        let dropped = &mut self.dropped[reason as usize];
        dropped.count += 1;
        if dropped.count == 1 {
            dropped.first_line = line;
        }
    }

    /// Takes what comes after this in the same file; its lines count from its own start.
    pub fn append(&mut self, next: &Counts) {
        for (own, more) in self.dropped.iter_mut().zip(&next.dropped) {
            if own.count == 0 && more.count > 0 {
                own.first_line = self.all_lines + more.first_line;
            }
            own.count += more.count;
        }
        self.lines += next.lines;
        self.all_lines += next.all_lines;
        self.used += next.used;
        self.disordered += next.disordered;
        self.edges = match (self.edges, next.edges) {
            (Some((first, last)), Some((next_first, next_last))) => {
                self.disordered += u64::from(next_first < last);
                Some((first, next_last))
            }
            (own, next) => own.or(next),
        };
        self.span = match (self.span, next.span) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (own, next) => own.or(next),
        };
    }

    /// How many lines were dropped for a reason.
    pub fn of(&self, reason: Reason) -> Dropped {
        self.dropped[reason as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_file_add_up_to_the_whole() {
        let mut whole = Counts::default();
        let mut parts = [Counts::default(), Counts::default()];
        for (line, at) in [5, 7, 6, 9, 8, 10].into_iter().enumerate() {
            let (part, within) = (line / 3, line as u64 % 3 + 1);
            for (counts, line) in [(&mut whole, line as u64 + 1), (&mut parts[part], within)] {
                counts.all_lines += 1;
                match at {
                    9 => counts.dropped(Reason::NoTime, line),
                    at => counts.used(at, line),
                }
            }
        }
        let mut both = parts[0];
        both.append(&parts[1]);
        assert_eq!(both, whole);
        assert_eq!(
            (whole.disordered, whole.of(Reason::NoTime).first_line, whole.span),
            (1, 4, Some((5, 10)))
        );
    }
}
