//! Which causes of a trouble did anything, and to what. In: a story. Out: the causes that are told, and the one behind what requests met.

use super::episode::{Episode, TOGETHER_ROWS};
use super::{Story, Told};
use crate::outcome::Resource;

impl Story<'_> {
    /// The causes as they are told: in the order of time, and last the limits that were reached before the trouble and of which nothing
    /// came that anybody felt. What happened before the first of them and did nothing to anybody is not told at all: it may have been
    /// there for long, and is over or harmless when another thing makes the trouble.
    pub(super) fn felt_first(&self, effects: &[usize], symptoms: &[(Option<usize>, Told)]) -> Vec<usize> {
        let is_felt = |cause: &usize| {
            let Episode { resource, rows, .. } = &self.episodes[*cause];
            let is_early = rows.start < self.start && !resource.of.is_event();
            let of_it = |effect: &&usize| self.cause_of(**effect) == Some(*cause);
            let is_harmless = |effect: &usize| self.episodes[*effect].resource.is_harmless_alone();
            !is_early
                || !effects.iter().filter(of_it).all(is_harmless)
                || symptoms.iter().any(|(of, _)| *of == Some(*cause))
        };
        let start = |cause: &usize| self.episodes[*cause].rows.start;
        let does_anything = |cause: &usize| self.does_anything(*cause, effects, symptoms);
        let begun = self.causes.iter().filter(|cause| does_anything(cause)).map(start).min();
        // Where a trouble begins before all that is known to have hurt, what was there before may be why.
        let begun = begun.filter(|begun| *begun <= self.start + TOGETHER_ROWS);
        let is_idle = |cause: &usize| {
            let of = self.episodes[*cause].resource.of;
            // New instances are cold wherever a group grows, and weights are changed on purpose: that is told where something came of it.
            let is_before = begun.is_some_and(|begun| start(cause) < begun)
                || matches!(of, Resource::Cold { .. } | Resource::Reweighted { .. });
            of.is_event() && is_before && !does_anything(cause) && !self.is_behind(*cause, &does_anything)
        };
        let (mut felt, unfelt): (Vec<usize>, Vec<usize>) =
            self.causes.iter().filter(|cause| !is_idle(cause)).partition(|cause| is_felt(cause));
        felt.extend(unfelt);
        felt
    }

    /// Whether it is behind one of the causes that were felt: the loss of a zone of which the return is one, and a strike on a group to which
    /// requests are still sent that should go elsewhere.
    fn is_behind(&self, cause: usize, is_felt: &dyn Fn(&usize) -> bool) -> bool {
        let own = self.episodes[cause].resource;
        self.causes.iter().any(|other| {
            let of = self.episodes[*other].resource;
            let comes_of_it = match own.of {
                Resource::Zone { .. } => matches!(of.of, Resource::ZoneBack { .. }) && of.zone == own.zone,
                Resource::Struck { .. } => {
                    matches!(of.of, Resource::OldAddress { .. } | Resource::OldAnswer { .. })
                }
                _ => false,
            };
            comes_of_it && is_felt(other)
        })
    }

    /// Whether requests met anything that came of a cause: they failed, or waited for something that was full because of it. That fewer
    /// instances or targets are left is nothing that they meet, as long as these are enough.
    fn does_anything(&self, cause: usize, effects: &[usize], symptoms: &[(Option<usize>, Told)]) -> bool {
        let hurts = |position: usize| self.hurts(position) && self.episodes[position].rows.end > self.start;
        // What was there before the trouble, and went on, made none by itself.
        let is_of_now = self.episodes[cause].rows.start + TOGETHER_ROWS >= self.start;
        let is_own = !self.episodes[cause].resource.of.is_event() || hurts(cause) && is_of_now;
        let met = symptoms.iter().filter(|(of, _)| *of == Some(cause)).any(|(_, told)| match told {
            Told::Full(position) => hurts(*position),
            Told::Met(_) => true,
        });
        is_own || met || effects.iter().any(|&effect| hurts(effect) && self.cause_of(effect) == Some(cause))
    }

    /// Whether requests fail or wait because of it.
    fn hurts(&self, position: usize) -> bool {
        let resource = self.episodes[position].resource;
        if resource.of.is_event() { resource.of.fails_requests() } else { !resource.symptom }
    }

    /// Whether a cause can be why requests fail: it is full, or strikes requests or what answers them, or something came of it that fails
    /// requests or makes them wait. Of what only leaves fewer instances than before, requests meet nothing.
    fn is_why(&self, cause: usize) -> bool {
        let of = self.episodes[cause].resource.of;
        let strikes = matches!(
            of,
            Resource::Struck { .. }
                | Resource::WorseVersion { .. }
                | Resource::LostInstances { .. }
                | Resource::ZoneBack { .. }
        );
        strikes
            || self.hurts(cause)
            || (0..self.episodes.len()).any(|it| {
                let is_loss = matches!(self.episodes[it].resource.of, Resource::LostInstances { .. });
                self.holders[it].contains(&cause) && (is_loss || self.hurts(it))
            })
    }

    /// The latest cause that had begun in a row, of those that can be why; before any, the first one. Nothing that requests meet
    /// comes of what only workers wait for, nor of what was done about a trouble while its cause went on, nor of what turned few away while far more failed, nor of what does not concern them.
    pub(super) fn cause_at(&self, row: usize, concerns: &dyn Fn(Resource) -> bool) -> Option<usize> {
        let can_be = |cause: &usize| {
            !self.apart[*cause] && !self.is_answer(*cause) && concerns(self.episodes[*cause].resource.of)
        };
        let able: Vec<usize> =
            self.causes.iter().copied().filter(|it| can_be(it) && !self.unable[*it]).collect();
        let causes = match able.is_empty() {
            // What did little to all may have done all to those that share nothing with the others.
            true => self.causes.iter().copied().filter(can_be).collect(),
            false => able,
        };
        let causes = causes.iter().copied();
        let first = causes.clone().next()?;
        let begun = |cause: &usize| self.episodes[*cause].rows.start <= row;
        let latest = causes.clone().rfind(|cause| begun(cause) && self.is_why(*cause));
        let first = causes.clone().find(|cause| self.is_why(*cause)).unwrap_or(first);
        latest.or_else(|| causes.clone().rfind(begun)).or(Some(first))
    }
}
