//! The words of what happened, with numbers of its rows. In: a full resource and its rows. Out: [`Link`]s.
//!
//! Every number is of the rows that it speaks of, so that no sentence says what a count contradicts. What a resource is
//! called and what else it has to say comes from its kind.

use std::ops::Range;

use super::crowds::Crowd;
use super::spans::breath;
use super::watched::Watched;
use crate::kind;
use crate::kind::load::Load;
pub(super) use crate::kind::view::{mean, peak};
use crate::kind::{Full, Scene};
use crate::measure::part::Part;
use crate::measure::resource::{Node, Purpose};
use crate::number::{clock, number};
use crate::outcome::headroom::Series;
use crate::outcome::{Link, Outcome, Resource, Timeline};

/// What is said of something that was over in between.
const AT_TIMES: &str = " at times";
/// Part of a phase for which something is over before it is said until when it was there. Assumption: less is the time in which what came of
/// it ends.
const OVER_PART: usize = 4;

/// What is needed to speak of a run.
pub(super) struct Words<'a> {
    pub scene: &'a Scene<'a>,
    pub outcome: &'a Outcome,
    /// Every resource that requests take a part of.
    pub resources: &'a [Series<'a>],
    /// Rows without trouble: they show what a request asks for when it gets it.
    pub calm: &'a [bool],
    /// What the traffic of the file asks for.
    pub load: &'a Load,
    /// Rows in which a resource must be busy all the time before it has nothing left to give.
    pub window: usize,
    /// Requests that share nothing with others.
    pub crowds: &'a [Crowd],
}

/// The sentence of which something is a part.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    /// What it is about, in order, each with its rows.
    pub chain: &'a [(Resource, Range<usize>)],
    /// The rows of its phase.
    pub span: &'a Range<usize>,
}

impl Words<'_> {
    pub fn timeline(&self) -> &Timeline {
        &self.outcome.timeline
    }

    pub fn time(&self, row: usize) -> f64 {
        self.scene.time_s(row)
    }

    /// A resource that was full over `rows`, in a sentence with others. Its numbers are of its own rows: of what was lost before
    /// a trouble, as many as were lost then.
    pub fn link(&self, resource: &Watched<'_>, rows: &Range<usize>, cause: bool, said: &Said<'_>) -> Link {
        let mut text = self.full(resource, rows, cause, said);
        if cause && rows.start == 0 && !resource.of.is_event() && !text.is_empty() {
            text.push_str(" from the start");
        }
        // What was over for a good part of a phase is not all of it.
        let is_short = rows.end + said.span.len() / OVER_PART < said.span.end;
        let until = format!(" until {}", clock(self.time(rows.end)));
        let says_it = text.contains(&until);
        if !resource.of.is_event() && is_short && !resource.symptom && !text.is_empty() && !says_it {
            text.push_str(&until);
        }
        // A zone that is back says so itself, a lost writer ends with another one, and weights stay.
        let says_its_end = matches!(
            resource.of,
            Resource::Zone { .. }
                | Resource::ZoneBack { .. }
                | Resource::Reweighted { .. }
                | Resource::LostNodes { node: Node::Writer, .. }
        );
        if resource.of.is_event() && !says_its_end && !text.is_empty() && rows.end < said.span.end {
            text.push_str(&format!(" until {}", clock(self.time(rows.end))));
        }
        Link {
            at_s: self.time(rows.start),
            until_s: self.time(rows.end),
            resource: Some(resource.of),
            cause,
            text,
        }
    }

    /// `pollers of `jobs` full from 5:10 to 17:45`: what worked off a queue in rows without trouble, all of it busy while more waited, as
    /// long as the objectives allow that.
    pub fn buffered(&self, watched: &[&Watched<'_>], rows: &Range<usize>) -> Vec<String> {
        let said = Said { chain: &[], span: rows };
        let is_full = |it: &Watched<'_>, row: usize| {
            it.full.get(row) == Some(&true) && it.buffered.get(row) == Some(&true)
        };
        let words = |resource: &&Watched<'_>| {
            let mut found: Option<Range<usize>> = None;
            let mut longest: Option<Range<usize>> = None;
            for row in rows.clone().filter(|&row| is_full(resource, row)) {
                let next = match found.take() {
                    Some(last) if row - last.end <= breath(rows.len()) => last.start..row + 1,
                    _ => row..row + 1,
                };
                if longest.as_ref().is_none_or(|longest| next.len() > longest.len()) {
                    longest = Some(next.clone());
                }
                found = Some(next);
            }
            // Less is a burst that is gone as soon as it came.
            let mut full = longest.filter(|full| full.len() >= self.window)?;
            if let Some(series) = self.resources.iter().find(|series| series.of() == resource.of) {
                full.start = series.steady.surely_since(&full);
            }
            let text = self.full(resource, &full, false, &said);
            let (from, until) = (self.time(full.start), self.time(full.end));
            (!text.is_empty()).then(|| format!("{text} from {} to {}", clock(from), clock(until)))
        };
        watched.iter().filter(|it| !it.of.delays_requests()).filter_map(words).collect()
    }

    /// `1 shard of `catalog` lost until 20:00`: what was lost in rows without trouble, other than zones, which say nothing of
    /// what was in them, and what a group gave up by itself; in the order of time.
    pub fn lost(&self, watched: &[&Watched<'_>], rows: &Range<usize>) -> Vec<String> {
        let is_left_out = |of| {
            matches!(
                of,
                Resource::Zone { .. }
                    | Resource::ZoneBack { .. }
                    | Resource::ScaledIn { .. }
                    | Resource::Reweighted { .. }
                    | Resource::Cold { .. }
            ) || matches!(of, Resource::TakenOut { by, .. } if by != Purpose::Unhealthy)
        };
        // Applications that cannot start are missing as well.
        let cannot_start =
            |it: &Watched<'_>| matches!(it.of, Resource::Instances { .. }) && peak(&it.waiting, rows) > 0.0;
        let all = || watched.iter().copied();
        // Why they cannot is said as well: the connections of a database are all taken.
        let is_why = |it: &Watched<'_>| {
            let is_at_limit = |row: usize| it.full.get(row) == Some(&true);
            let is_missing =
                |other: &Watched<'_>, row| other.waiting.get(row).is_some_and(|many| *many > 0.0);
            let mut stuck = all().filter(|other| cannot_start(other));
            matches!(it.of, Resource::Connections { .. })
                && stuck.any(|other| rows.clone().any(|row| is_at_limit(row) && is_missing(other, row)))
        };
        let is_said =
            |it: &&Watched<'_>| it.of.is_event() && !is_left_out(it.of) || cannot_start(it) || is_why(it);
        let lost = all().filter(is_said);
        let said = Said { chain: &[], span: rows };
        let mut lost: Vec<(usize, String)> = lost
            .filter_map(|resource| {
                let is_lost = |row: &usize| resource.full.get(*row) == Some(&true);
                let (first, last) = (rows.clone().find(is_lost)?, rows.clone().rev().find(is_lost)?);
                let text = self.full(resource, &(first..last + 1), false, &said);
                let clock = |row: usize| clock(self.time(row));
                let when = match (first == rows.start, last + 1) {
                    _ if text.is_empty() => return None,
                    // One row is the rest of a trouble that ended in it.
                    (true, end) if end == rows.start + 1 => return None,
                    (true, end) if end < rows.end => format!(" until {}", clock(end)),
                    (true, _) => String::new(),
                    (false, end) if end < rows.end => format!(" from {} to {}", clock(first), clock(end)),
                    (false, _) => format!(" from {} on", clock(first)),
                };
                // Between its first and its last row it may have been over; some texts say that themselves.
                let gaps = (first..last).any(|row| !is_lost(&row)) && !text.contains(AT_TIMES);
                let at_times = if gaps { AT_TIMES } else { "" };
                Some((first, text + at_times + &when))
            })
            .collect();
        lost.sort_by_key(|(first, _)| *first);
        lost.into_iter().map(|(_, text)| text).collect()
    }

    /// `CPU of `was` full (10 instances, its load needs about 19)`.
    fn full(&self, resource: &Watched<'_>, rows: &Range<usize>, cause: bool, said: &Said<'_>) -> String {
        let of = resource.of;
        // The member that was full first: others may have come later, and the sentence begins with the time.
        let first = rows.start..rows.end.min(rows.start + self.window);
        let part = resource.fullest(rows, &first);
        let name = part.map_or_else(|| self.name(of), |part| self.name_of_member(of, part));
        let waiting = peak(&resource.waiting, rows);
        // Waiting requests are counted of all members together.
        let waiting = match (waiting >= 1.0, part) {
            (false, _) => String::new(),
            (true, None) => format!("up to {} waiting", number(waiting.round())),
            (true, Some(part)) => {
                format!("up to {} waiting at all {}", number(waiting.round()), part.plural())
            }
        };
        let Words { scene, calm, load, .. } = *self;
        let (name, waiting, Said { chain, span }) = (&name, &waiting, *said);
        kind::full(&Full { scene, resource, rows, cause, name, waiting, chain, span, calm, load })
    }

    /// What a resource is called: its kind, and the name that the file gives it.
    pub fn name(&self, of: Resource) -> String {
        kind::name(self.scene, of)
    }

    /// `command threads of shard 2 of `store``, `CPU of replica 1 of `orders``.
    pub fn name_of_member(&self, of: Resource, part: Part) -> String {
        let name = match part {
            // A replica says by itself that it is one.
            Part::Replica(_) => self.name(of.on_all_nodes()),
            _ => self.name(of),
        };
        name.replacen(" of ", &format!(" of {part} of "), 1)
    }
}
