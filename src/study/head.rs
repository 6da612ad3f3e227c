//! A study without its scenarios. In: axes and seeds. Out: [`Head`]: all that is needed where results are put together, and the points of a
//! grid by their positions.

use serde::{Deserialize, Serialize};

use super::axis::{Axis, Choice};
use super::key::{Key, SOURCES};

/// A study without its scenarios: all that is needed where its results are put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version and sources of the simcap that laid it out.
    pub simcap: String,
    /// What identifies the study.
    pub study: Key,
    /// Title of the scenario.
    pub name: String,
    /// The scenario file, as it was named.
    pub file: String,
    /// Overrides of every point.
    pub overrides: Vec<String>,
    /// What is varied; the last axis varies fastest.
    pub axes: Vec<Axis>,
    /// The seed of each run of a point.
    pub seeds: Vec<u64>,
}

impl Head {
    /// How many points it has, those among them that make no scenario.
    pub fn points(&self) -> usize {
        count(&self.axes) as usize
    }

    /// How many runs it has: those of a point that makes no scenario count, as nobody knows of it before.
    pub fn runs(&self) -> usize {
        self.points() * self.seeds.len()
    }
}

/// How many points a grid has.
pub(super) fn count(axes: &[Axis]) -> u128 {
    axes.iter().map(|axis| axis.choices.len() as u128).product()
}

/// Of each axis, the position of its value at a point of the grid.
pub(super) fn choices(axes: &[Axis], at: usize) -> Vec<usize> {
    let mut rest = at;
    let mut choices: Vec<usize> = axes
        .iter()
        .rev()
        .map(|axis| {
            let choice = rest % axis.choices.len();
            rest /= axis.choices.len();
            choice
        })
        .collect();
    choices.reverse();
    choices
}

/// The positions of a point, and of those that differ from it by one value of an axis; of numbers one stands for the others.
pub(super) fn samples(axes: &[Axis], at: usize) -> Vec<usize> {
    let own = choices(axes, at);
    let step = |axis: usize| axes[axis + 1..].iter().map(|it| it.choices.len()).product::<usize>();
    let names = (0..axes.len()).filter(|axis| axes[*axis].numbers().is_none());
    let others = names.flat_map(|axis| {
        let (step, own) = (step(axis), own[axis]);
        let others = (0..axes[axis].choices.len()).filter(move |choice| *choice != own);
        others.map(move |choice| at - own * step + choice * step)
    });
    std::iter::once(at).chain(others).collect()
}

/// The address of a study: what is varied, what the file says at some points of the grid, and the seeds. A value of an axis is known by its
/// text; that all machines read the same of it where it is the name of something is known by a point that has it.
pub(super) fn address(axes: &[Axis], samples: &[Result<Key, String>], seeds: &[u64]) -> Key {
    let of_choice = |it: &Choice| [vec![it.label.clone()], it.overrides.clone()].concat();
    let of_axis = |axis: &Axis| {
        let choices = axis.choices.iter().flat_map(of_choice);
        std::iter::once(axis.name.clone()).chain(choices).collect::<Vec<String>>()
    };
    let samples = samples.iter().map(|it| match it {
        Ok(key) => key.text().to_owned(),
        Err(problem) => problem.clone(),
    });
    let lengths = [axes.len(), samples.len(), seeds.len()].map(|it| it.to_string());
    let parts = [SOURCES.to_owned()].into_iter().chain(lengths).chain(axes.iter().flat_map(of_axis));
    let parts: Vec<String> = parts.chain(samples).chain(seeds.iter().map(u64::to_string)).collect();
    Key::of(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}
