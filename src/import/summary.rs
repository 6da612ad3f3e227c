//! What was read, dropped and assumed, as lines of text: for a terminal and for the comments of a scenario. In: counts and facts. Out: lines of at most
//! 80 columns, with nothing of the content of any line.

use std::collections::BTreeMap;

use super::counts::Counts;
use super::format::Format;
use super::instant::{SECOND, shown};
use super::row::Reason;
use crate::number::{count, counted, share};
use crate::units::Time;

/// Columns of a line.
pub(super) const WIDTH: usize = 78;
/// Longest list of gaps.
const GAPS_SHOWN: usize = 3;

/// What there is to say.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many files of each format.
    pub files: Vec<(Format, u64)>,
    /// Files without a row.
    pub empty: u64,
    /// Files that were passed over, by the reason why.
    pub passed: BTreeMap<&'static str, u64>,
    /// Files that end in the middle, by their place.
    pub cut_off: Vec<usize>,
    /// Counts of each file.
    pub counts: Vec<Counts>,
    /// Periods in which nothing was logged: the first and how many follow it.
    pub gaps: Vec<(i64, i64)>,
    /// How much of the first and of the last period lies between the first and the last line, if that is clearly less than all of them.
    pub edges: Option<(i64, i64)>,
    /// The length of a period.
    pub period: i64,
    /// The first instant and the last.
    pub span: Option<(i64, i64)>,
    /// Whether instants have a clock.
    pub has_clock: bool,
    /// What was assumed.
    pub assumed: Vec<String>,
}

impl Summary {
    /// All files together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in &self.counts {
            total.append(counts);
        }
        total
    }

    /// The sections: a heading, and its lines.
    pub(super) fn sections(&self) -> Vec<(&'static str, Vec<String>)> {
        let mut sections = vec![("Read", self.read())];
        let dropped = self.dropped();
        if !dropped.is_empty() {
            sections.push(("Not used", dropped));
        }
        let order = self.order();
        if !order.is_empty() {
            sections.push(("To know", order));
        }
        if !self.assumed.is_empty() {
            sections.push(("Assumed", self.assumed.clone()));
        }
        sections
    }

    fn read(&self) -> Vec<String> {
        let total = self.total();
        let files: Vec<String> = self
            .files
            .iter()
            .map(|(format, files)| format!("{}: {} (`{format}`)", counted(*files, "file"), format.words()))
            .collect();
        let mut lines = files;
        lines.push(format!("{} with text, {} used", counted(total.lines, "line"), count(total.used)));
        if let Some((first, last)) = self.span {
            let length = Time(u64::try_from(last - first).unwrap_or(0) / SECOND as u64 * SECOND as u64);
            lines.push(match self.has_clock {
                true => format!("from {} to {} UTC: {length}", shown(first), shown(last)),
                false => format!("{length}, without a date"),
            });
        }
        lines.push(format!("in periods of {}", Time(self.period as u64)));
        lines
    }

    fn dropped(&self) -> Vec<String> {
        let total = self.total();
        let mut lines = Vec::new();
        for reason in Reason::ALL {
            let dropped = total.of(reason);
            if dropped.count == 0 {
                continue;
            }
            let part = share(dropped.count as f64 / total.lines.max(1) as f64);
            let first = self.counts.iter().position(|counts| counts.of(reason).count > 0).unwrap_or(0);
            let line = self.counts.get(first).map_or(0, |counts| counts.of(reason).first_line);
            let place = match (reason, self.counts.len()) {
                (Reason::Other, _) => String::new(),
                (_, 1) => format!("; the first is line {}", count(line)),
                _ => format!("; the first is line {} of file {}", count(line), first + 1),
            };
            lines.push(format!("{} ({part}): {}{place}", counted(dropped.count, "line"), reason.words()));
        }
        if self.empty > 0 {
            lines.push(format!("{} without a row", counted(self.empty, "file")));
        }
        for (why, files) in &self.passed {
            lines.push(format!("{}: {why}", counted(*files, "file")));
        }
        lines
    }

    fn order(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let disordered: u64 = self.counts.iter().map(|counts| counts.disordered).sum();
        if disordered > 0 {
            let verb = if disordered == 1 { "is" } else { "are" };
            lines.push(format!(
                "{} {verb} earlier than the line before; nothing is lost by that",
                counted(disordered, "line")
            ));
        }
        for file in &self.cut_off {
            let which =
                if self.counts.len() == 1 { "the file".to_owned() } else { format!("file {}", file + 1) };
            lines.push(format!("{which} is damaged or ends early: what is before that was used"));
        }
        if let Some((before, after)) = self.edges {
            let length = |nanos: i64| Time((nanos / SECOND * SECOND).unsigned_abs());
            let text = "the first period was logged for its last";
            lines.push(format!(
                "{text} {}, the last one for its first {}: their counts are low",
                length(before),
                length(after)
            ));
        }
        let length = |periods: i64| Time((periods * self.period).unsigned_abs());
        for (at, periods) in self.gaps.iter().take(GAPS_SHOWN) {
            lines.push(format!("nothing was logged for {} from {}", length(*periods), shown(*at)));
        }
        if self.gaps.len() > GAPS_SHOWN {
            let more = (self.gaps.len() - GAPS_SHOWN) as u64;
            lines.push(format!("and {} more like that", counted(more, "gap")));
        }
        lines
    }

    /// All of it, broken at 80 columns.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (heading, section) in self.sections() {
            lines.push(heading.to_owned());
            section.iter().for_each(|line| lines.extend(broken(line)));
        }
        lines
    }
}

/// A line with an indent, broken between words.
pub(super) fn broken(line: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::from("  ");
    for word in line.split(' ') {
        if current.chars().count() + word.chars().count() + 1 > WIDTH && current.trim() != "" {
            lines.push(std::mem::replace(&mut current, "    ".into()));
        }
        if !current.ends_with(' ') {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
    lines
}
