//! The events of a trouble: causes in the order of time, each with what it caused. In: full resources. Out: [`Link`]s.
//!
//! Of the resources that are full at once, the deepest is the cause: whatever is held while it is waited for fills
//! too. What came of it (failed requests, retries) follows the cause that was there first. What is lost (`events`) fills
//! what is left, however long ago it was lost. When each was full is in `episode`, what cannot explain
//! the failures in `able`, which of them did anything in `felt`, and what did not come of a strike in `moved`.

mod able;
mod episode;
mod events;
mod felt;
mod moved;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use self::episode::{
    Episode, TOGETHER_ROWS, begin_before, call_together, episode, from_before, is_of_one_zone,
};
use super::held::{Held, is_of_health};
use super::watched::Watched;
use super::words::{Said, Words};
use crate::outcome::{Link, Resource};

/// Causes that are told of one trouble: those that lasted longest.
const MOST_CAUSES: usize = 6;

/// Everything that was full during a trouble and what came of it, each cause before what it caused.
pub(super) fn chain(
    words: &Words<'_>,
    held: &Held,
    (watched, certain): (&[Watched<'_>], &[Vec<bool>]),
    rows: &Range<usize>,
) -> Vec<Link> {
    let held = &held.without(moved::unmoved(watched, held, words, rows));
    let resources = || watched.iter().zip(certain).filter(|(resource, _)| !resource.of.is_event());
    let mut episodes: Vec<Episode<'_>> =
        resources().filter_map(|(resource, certain)| episode(resource, certain, rows)).collect();
    episodes.extend(events::events(watched, held, rows));
    // What may have been full by chance counts where it held up something else, or was held up by it.
    let by_chance = resources().filter(|(resource, certain)| **certain != resource.full);
    let by_chance = by_chance.filter_map(|(resource, _)| {
        let known = episodes.iter().find(|it| it.resource.of == resource.of);
        let found = from_before(episode(resource, &resource.full, rows)?, rows);
        let others = || episodes.iter().filter(|it| it.resource.of != resource.of);
        let counts = match known {
            None => others().any(|it| found.is_held_up_by(it, held) || it.is_held_up_by(&found, held)),
            // It is surely full only after something that came of it. What happens is no proof of that: it may have been there first.
            Some(known) => others().any(|it| {
                !it.resource.of.is_event() && it.is_held_up_by(&found, held) && !it.is_held_up_by(known, held)
            }),
        };
        counts.then_some(found)
    });
    let by_chance: Vec<Episode<'_>> = by_chance.collect();
    episodes.retain(|it| by_chance.iter().all(|found| found.resource.of != it.resource.of));
    episodes.extend(by_chance);
    let mut needless = able::needless(&when(&episodes), held, words, rows).into_iter();
    episodes.retain(|_| needless.next() != Some(true));
    call_together(&mut episodes);
    if words.outcome.runs.count > 1 {
        begin_before(&mut episodes, held, rows);
    }
    episodes.sort_by_key(|episode| (episode.rows.start, episode.resource.of));
    let all = when(&episodes);
    let mut unable = able::unable(&all, words, rows);
    let missed = able::missed(&all, held, words, rows);
    unable.iter_mut().zip(missed).for_each(|(unable, missed)| *unable |= missed);
    let story = Story::of(&episodes, held, rows.start, unable);
    // What came of it, each with its cause: unhealthy targets, failed requests, retries.
    let mut symptoms: Vec<(Option<usize>, Told)> = Vec::new();
    let mut effects: Vec<usize> = Vec::new();
    for position in (0..episodes.len()).filter(|position| !story.causes.contains(position)) {
        let of = episodes[position].resource;
        // Few targets are left, and then a balancer fails open, after its targets have failed their checks.
        match of.symptom || is_of_health(of.of) {
            true => symptoms.push((story.cause_of(position), Told::Full(position))),
            _ if !story.holders[position].is_empty() => effects.push(position),
            _ => {} // One cause too many.
        }
    }
    let parts = parted(rows, story.breaks(rows), &|part| words.fails(part));
    let met = parts.iter().flat_map(|part| words.symptoms(part));
    symptoms.extend(met.map(|(row, of, link)| {
        let concerns = |it: Resource| of.is_none_or(|crowd| crowd.feels(it, held));
        (story.cause_at(row, &concerns), Told::Met(link))
    }));
    story.in_order(&mut effects);
    // What has no cause comes first, so that it does not seem to come of another.
    let (mut told, symptoms): (Vec<_>, Vec<_>) = symptoms.into_iter().partition(|(of, _)| of.is_none());
    let mut told: Vec<Told> = told.drain(..).map(|(_, told)| told).collect();
    let mut branches: BTreeSet<usize> = BTreeSet::new();
    for cause in story.felt_first(&effects, &symptoms) {
        told.push(Told::Full(cause));
        let of_cause = effects.iter().copied().filter(|&effect| story.cause_of(effect) == Some(cause));
        let symptoms: Vec<Told> =
            symptoms.iter().filter(|(of, _)| *of == Some(cause)).map(|(_, told)| told.clone()).collect();
        // What only workers wait for is no reason for what requests meet: it stands by itself after that.
        let meets = symptoms.iter().any(|it| matches!(it, Told::Met(_)));
        let (apart, effects): (Vec<usize>, Vec<usize>) =
            of_cause.partition(|&effect| meets && story.apart[effect]);
        told.extend(story.by_time(effects, symptoms));
        branches.extend(apart.first());
        told.extend(apart.into_iter().map(Told::Full));
    }
    let link = |told: &Told| match told {
        Told::Full(position) => Some(*position),
        Told::Met(_) => None,
    };
    let sentence: Vec<(Resource, Range<usize>)> = told
        .iter()
        .filter_map(link)
        .map(|position| (episodes[position].resource.of, episodes[position].rows.clone()))
        .collect();
    let said = Said { chain: &sentence, span: rows };
    let link = |told| match told {
        Told::Met(link) => link,
        Told::Full(position) => {
            let Episode { resource, rows, .. } = &episodes[position];
            let link = words.link(resource, rows, story.causes.contains(&position), &said);
            Link { cause: link.cause || branches.contains(&position), ..link }
        }
    };
    // What the rest of the sentence has said already has no words.
    told.into_iter().map(link).filter(|link| !link.text.is_empty()).collect()
}

/// Of each episode, what was full and when.
fn when<'a>(episodes: &[Episode<'a>]) -> Vec<able::When<'a>> {
    episodes.iter().map(|it| (it.resource, it.rows.clone())).collect()
}

/// One thing that a sentence says.
#[derive(Clone)]
enum Told {
    /// An episode, by its position.
    Full(usize),
    /// What requests met.
    Met(Link),
}

/// Which episodes are causes, and of what.
struct Story<'a> {
    /// In the order in which they began.
    episodes: &'a [Episode<'a>],
    /// The first row of the trouble.
    start: usize,
    /// Of each episode, what it can be held up by.
    below: Vec<BTreeSet<Resource>>,
    /// Of each episode, those that held it up: deeper, and full when it began.
    holders: Vec<Vec<usize>>,
    /// Episodes that nothing held up, in the order of time.
    causes: Vec<usize>,
    /// Of each episode, whether only workers wait for it.
    apart: Vec<bool>,
    /// Of each episode, whether it cannot explain most of what failed.
    unable: Vec<bool>,
}

impl<'a> Story<'a> {
    fn of(episodes: &'a [Episode<'a>], held: &Held, start: usize, unable: Vec<bool>) -> Story<'a> {
        let below: Vec<_> = episodes.iter().map(|episode| held.below(episode.resource.of)).collect();
        let holders: Vec<Vec<usize>> = episodes
            .iter()
            .map(|episode| {
                (0..episodes.len()).filter(|&other| episode.is_held_up_by(&episodes[other], held)).collect()
            })
            .collect();
        let is_symptom = |position: usize| episodes[position].resource.symptom;
        let mut causes: Vec<usize> = (0..episodes.len())
            .filter(|&position| holders[position].is_empty() && !is_symptom(position))
            .collect();
        // The first cause is always told, and of the others those that lasted longest.
        let first = causes.len().min(1);
        causes[first..].sort_by_key(|&cause| Reverse(episodes[cause].full));
        causes.truncate(MOST_CAUSES);
        causes.sort_unstable();
        let apart = episodes.iter().map(|it| held.is_apart(it.resource.of)).collect();
        Story { episodes, start, below, holders, causes, apart, unable }
    }

    /// The cause of an episode: the earliest of those that held it up, and of losses the latest, for it was there before it came;
    /// or what can hold it up and began before it.
    fn cause_of(&self, position: usize) -> Option<usize> {
        self.cause_behind(position, &mut vec![position])
    }

    /// The same, where these episodes were come to on the way: losses may hold each other up.
    fn cause_behind(&self, position: usize, seen: &mut Vec<usize>) -> Option<usize> {
        let held_up = |cause: &&usize| self.holders[position].contains(cause);
        let is_event = |cause: &usize| self.episodes[*cause].resource.of.is_event();
        // A limit that was reached before, and that nobody felt, is no cause of what begins when something else fills.
        // What happened before that is one only where nothing else is.
        let is_of_now = |cause: &&usize| {
            let allowed = if is_event(cause) { TOGETHER_ROWS } else { 0 };
            self.episodes[**cause].rows.start + allowed >= self.start
        };
        let mut holding = self.causes.iter().filter(held_up);
        let first = holding.clone().find(is_of_now).or_else(|| holding.next());
        // What is still lost is nearer than a zone that has come back meanwhile.
        let is_loss =
            |holder: &&usize| is_event(holder) && !self.causes.contains(holder) && !seen.contains(holder);
        let lost = self.holders[position].iter().rev().find(is_loss);
        if let Some(&lost) = lost.filter(|_| first.is_none_or(is_event)) {
            seen.push(lost);
            return self.cause_behind(lost, seen);
        }
        let direct = match first {
            Some(first) if is_event(first) => {
                self.causes.iter().rev().filter(held_up).find(|it| is_event(it))
            }
            first => first,
        };
        let start = self.episodes[position].rows.start + TOGETHER_ROWS;
        let deeper = |cause: &&usize| {
            let episode = &self.episodes[**cause];
            episode.rows.start <= start
                && self.below[position].contains(&episode.resource.of)
                && is_of_one_zone(episode.resource, self.episodes[position].resource)
        };
        direct
            .or_else(|| self.causes.iter().rev().find(deeper))
            .copied()
            .or_else(|| self.cause_at(start, &|_| true))
    }

    /// The rows in which a cause begins after all that was full before is over: what requests meet from then on comes of that. What
    /// the health of targets makes of it goes on for longer, and says nothing of when a cause is over.
    fn breaks(&self, rows: &Range<usize>) -> Vec<usize> {
        let is_of_health = |position: usize| {
            let resource = self.episodes[position].resource;
            resource.symptom || self::is_of_health(resource.of)
        };
        let all = (0..self.episodes.len()).filter(|&it| !is_of_health(it) && !self.apart[it]);
        let (mut found, mut end) = (Vec::new(), None);
        for position in all {
            let own = &self.episodes[position].rows;
            if end.is_some_and(|end| own.start >= end)
                && own.start > rows.start
                && self.causes.contains(&position)
            {
                found.push(own.start);
            }
            end = Some(end.map_or(own.end, |end: usize| end.max(own.end)));
        }
        found
    }

    /// Puts effects in the order of time. Of those that began together, what is lost comes before what waits for it, and what
    /// holds the least fills first: the innermost effect stands next to its cause.
    fn in_order(&self, effects: &mut [usize]) {
        let start = |position: usize| self.episodes[position].rows.start;
        effects.sort_by_key(|&position| start(position));
        let mut rest = effects;
        while let Some(&first) = rest.first() {
            let count = rest.partition_point(|&position| start(position) <= start(first) + TOGETHER_ROWS);
            let (together, later) = rest.split_at_mut(count);
            together.sort_by_key(|&position| {
                let of = self.episodes[position].resource.of;
                // What a group does about a loss comes after it: of several runs both may show in the first row.
                (!of.is_event(), of.is_answer(), self.below[position].len(), start(position))
            });
            rest = later;
        }
    }

    /// Whether a cause is what a group did about another one, which was there before and went on.
    fn is_answer(&self, cause: usize) -> bool {
        let own = &self.episodes[cause];
        let goes_on = |other: &usize| {
            let other = &self.episodes[*other];
            !other.resource.of.is_answer()
                && other.rows.start <= own.rows.start
                && other.rows.end > own.rows.start
        };
        own.resource.of.is_answer() && self.causes.iter().any(goes_on)
    }

    /// Effects in their order, each after the targets that were unhealthy well before it; then what else came of all that.
    fn by_time(&self, effects: Vec<usize>, symptoms: Vec<Told>) -> Vec<Told> {
        let start = |position: usize| self.episodes[position].rows.start;
        let (mut rest, mut told) = (symptoms, Vec::new());
        for effect in effects {
            let is_before = |it: &Told| match it {
                Told::Full(position) => start(*position) + TOGETHER_ROWS < start(effect),
                Told::Met(_) => false,
            };
            let (before, later) = rest.into_iter().partition(is_before);
            rest = later;
            told.extend::<Vec<Told>>(before);
            told.push(Told::Full(effect));
        }
        told.extend(rest);
        told
    }
}

/// Rows parted where they break, as far as requests fail in each part: else what they meet is of one story.
fn parted(
    rows: &Range<usize>,
    breaks: Vec<usize>,
    fails: &dyn Fn(&Range<usize>) -> bool,
) -> Vec<Range<usize>> {
    let mut parts = vec![rows.clone()];
    for at in breaks {
        let last = parts.pop().unwrap_or(rows.clone());
        let (before, after) = (last.start..at, at..last.end);
        match fails(&before) && fails(&after) {
            true => parts.extend([before, after]),
            false => parts.push(last),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::Purpose;

    /// In one of several runs an instance is replaced in the row in which it was lost with its zone, so both begin there.
    #[test]
    fn what_is_lost_comes_before_what_replaces_it() {
        let of = |of| Watched::marked(of, vec![true; 4]);
        let zone = of(Resource::Zone { fault: 0 });
        let replaced = of(Resource::TakenOut { fleet: 0, by: Purpose::Unhealthy });
        let lost = of(Resource::LostInstances { fleet: 0 });
        let episode = |resource| Episode { resource, rows: 0..4, full: 4 };
        let mut episodes = [episode(&lost), episode(&replaced), episode(&zone)];
        episodes.sort_by_key(|it| (it.rows.start, it.resource.of));
        let held = Held::of_zones([zone.of]);
        let story = Story::of(&episodes, &held, 0, vec![false; 3]);
        let mut effects = vec![0, 1, 2];
        effects.retain(|position| !story.causes.contains(position));
        story.in_order(&mut effects);
        let told: Vec<Resource> = effects.iter().map(|&position| episodes[position].resource.of).collect();
        assert_eq!(told, [lost.of, replaced.of]);
    }

    /// Requests fail in rows 2 and 3, and from row 8 on; in row 6 something begins that fails none.
    #[test]
    fn what_requests_meet_is_told_for_each_part_in_which_some_fail() {
        let failing = [2, 3, 8, 9];
        let fails = |part: &Range<usize>| failing.iter().any(|row| part.contains(row));
        let parts = |breaks: &[usize]| parted(&(0..10), breaks.to_vec(), &fails);
        assert_eq!(parts(&[6]), [0..6, 6..10]);
        assert_eq!(parts(&[1, 6]), [0..6, 6..10], "nothing fails before the first break");
        assert_eq!(parts(&[4, 6]), [0..4, 4..10], "nothing fails between them");
        assert_eq!(parts(&[]).as_slice(), std::slice::from_ref(&(0..10)));
    }
}
