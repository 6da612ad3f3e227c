//! What a point without runs may cost, where no number orders the points. In: costs of points that differ from one of them in one value
//! each. Out: the product of what each value adds.
//!
//! A bill is a sum over what was used, and values mostly add to it or multiply a part of it, so the product is near. How near, is seen on
//! the points that have runs, and points are left out only where they cost more by twice that.

use rustc_hash::FxHashMap;

use super::contest::Contest;

/// The least error that is reckoned with.
const LEAST_ERROR: f64 = 0.05;
/// Points that are tried at once, the cheapest first.
const AT_ONCE: usize = 8;

/// The points of a grid by their values.
#[derive(Clone, Debug)]
pub(super) struct Effects {
    choices: Vec<Vec<usize>>,
    by_choices: FxHashMap<Vec<usize>, usize>,
    centre: usize,
}

impl Effects {
    /// Of points that are possible; nothing without one.
    pub fn of(points: &[(usize, &[usize])]) -> Option<Effects> {
        let centre = points.get(points.len() / 2)?.0;
        let last = points.iter().map(|it| it.0).max()?;
        let mut choices = vec![Vec::new(); last + 1];
        let mut by_choices = FxHashMap::default();
        for (point, its) in points {
            choices[*point] = its.to_vec();
            by_choices.insert(its.to_vec(), *point);
        }
        Some(Effects { choices, by_choices, centre })
    }

    /// The points that differ from one of them in one value at most.
    pub fn cross(&self) -> Vec<usize> {
        let centre = &self.choices[self.centre];
        let apart = |its: &Vec<usize>| its.iter().zip(centre).filter(|(a, b)| a != b).count();
        let mut cross: Vec<usize> =
            self.by_choices.iter().filter(|(its, _)| apart(its) <= 1).map(|it| *it.1).collect();
        cross.sort_unstable();
        cross
    }

    /// What a point may cost; nothing where a value was not tried.
    fn cost(&self, point: usize, all: &Contest) -> Option<f64> {
        let centre = all.tried(self.centre)?.cost();
        let of = |(axis, value): (usize, &usize)| {
            let mut its = self.choices[self.centre].clone();
            its[axis] = *value;
            Some(all.tried(*self.by_choices.get(&its)?)?.cost() / centre)
        };
        let effects: Option<Vec<f64>> = self.choices[point].iter().enumerate().map(of).collect();
        Some(centre * effects?.into_iter().product::<f64>()).filter(|it| it.is_finite())
    }

    /// The points of these that should have a run next: those of the cross, then the cheapest of those that may cost less than so much.
    pub fn next(&self, points: Vec<usize>, least: f64, all: &Contest) -> Vec<usize> {
        let cross = self.cross();
        let of_cross: Vec<usize> = points.iter().copied().filter(|it| cross.contains(it)).collect();
        if !of_cross.is_empty() {
            return of_cross;
        }
        let off = |point: usize| Some((self.cost(point, all)? / all.tried(point)?.cost() - 1.0).abs());
        let known = (0..self.choices.len()).filter(|it| !self.choices[*it].is_empty());
        let error = 2.0 * known.filter_map(off).fold(LEAST_ERROR, f64::max);
        let cost = |point: &usize| self.cost(*point, all).unwrap_or(0.0);
        let mut cheaper: Vec<usize> =
            points.into_iter().filter(|it| cost(it) < least * (1.0 + error)).collect();
        cheaper.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.cmp(b)));
        cheaper.truncate(AT_ONCE);
        cheaper
    }
}
