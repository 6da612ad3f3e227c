//! Requests that users would send if slow answers did not keep them waiting.
//!
//! In: populations, and how many of their users wait. Out: requests of each class in a row. A population of N users who
//! think for Z and whose request takes R with nothing waited for sends N / (Z + R) then. With W of them waiting it sends
//! (N - W) / Z. What an impatient client tries again whatever the load belongs to R. So what is kept back is
//! (W - N R / (Z + R)) / Z. Users whose thought is shorter than their request ask for as much as they get, so nothing is kept back.
//!
//! By chance, or because users are in step, more of them wait at one time and fewer at another: in step all of them, and then none. What
//! is too little in some rows is made up for in those after them, up to twice the N R / (Z + R) requests that users in step keep back less
//! in a thought: a row sees them at one instant, and so now and then twice as many.

use super::crowd::Crowds;
use crate::scenario::Scenario;
use crate::scenario::demand;
use crate::scenario::effort::shares;
use crate::scenario::patience::{seconds, tries};
use crate::scenario::traffic::Pattern;

/// One population.
#[derive(Debug)]
pub(super) struct HeldBack {
    /// Its place among the populations.
    population: usize,
    think_s: f64,
    /// Part of its users who wait for an answer while nothing is waited for.
    asking: f64,
    /// Requests by which fewer were kept back than none, since more were.
    spared: f64,
    /// The share of each class in its requests.
    shares: Vec<f64>,
}

impl HeldBack {
    /// Of all populations that ask for less when answers are slow.
    pub fn of(scenario: &Scenario) -> Vec<HeldBack> {
        let demands = demand::of_classes(scenario);
        let populations = scenario.sources.iter().filter_map(|source| match &source.pattern {
            Pattern::Users(users) => Some((source, users)),
            _ => None,
        });
        let found = populations.enumerate().filter_map(|(population, (source, users))| {
            let shares = shares(source, demands.len());
            let alone_s = seconds(&shares, &demands, &tries(scenario, &source.client, &demands));
            let think_s = users.think.mean().as_secs_f64();
            let asking = alone_s / (think_s + alone_s);
            users.thinks_longer(alone_s).then_some(HeldBack {
                population,
                think_s,
                asking,
                spared: 0.0,
                shares,
            })
        });
        found.collect()
    }

    /// Adds what was kept back in a row of so many nanoseconds to the requests that arrived in it, by class.
    pub fn add(&mut self, crowds: &Crowds, span: f64, arrived: &mut [f64]) {
        let (present, waiting) = crowds.present_and_waiting(self.population);
        let requests = self.kept_back(f64::from(present), f64::from(waiting.min(present)), span / 1e9);
        arrived.iter_mut().zip(&self.shares).for_each(|(arrived, share)| *arrived += requests * share);
    }

    /// Requests that so many users keep back in some seconds while so many of them wait.
    fn kept_back(&mut self, present: f64, waiting: f64, seconds: f64) -> f64 {
        let usual = present * self.asking;
        let more = (waiting - usual) / self.think_s * seconds - self.spared;
        self.spared = (-more).clamp(0.0, 2.0 * usual);
        more.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn held_back(think: &str) -> Vec<HeldBack> {
        let text = format!(
            "duration = \"1m\"\nusers.a = {{ count = 10, think = \"{think}\" }}\n\
             request.r.steps = [{{ delay = \"1s\" }}]\nclient.round_trip = \"0s\"\n"
        );
        HeldBack::of(&crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap())
    }

    /// Ten users who think for 3 s and ask for 1 s: in step all of them wait for a second of four. That keeps nothing back, however long it
    /// goes on. Where all of them wait for good, 2.5/s are missing, but for those of the first two seconds.
    #[test]
    fn users_in_step_keep_nothing_back() {
        let mut of = held_back("3s").remove(0);
        let mut sum = |waiting: &dyn Fn(u32) -> f64, rows: u32| -> f64 {
            (0..rows).map(|row| of.kept_back(10.0, waiting(row), 1.0)).sum()
        };
        let in_step = sum(&|row| if row % 4 == 0 { 10.0 } else { 0.0 }, 400);
        assert!((in_step - 2.5).abs() < 1e-9, "what the first row says by itself: {in_step}");
        let by_chance = sum(&|row| if row % 2 == 0 { 3.5 } else { 1.5 }, 400);
        assert!(by_chance < 1e-9, "{by_chance}");
        let overloaded = sum(&|_| 10.0, 101);
        assert!((overloaded - 99.0 * 2.5).abs() < 2.5 + 1e-9, "{overloaded}");
    }

    #[test]
    fn a_quarter_of_the_users_asks_where_nothing_is_waited_for() {
        let found = held_back("3s");
        assert_eq!((found.len(), found[0].asking), (1, 0.25));
        assert_eq!(found[0].shares, [1.0]);
        assert!(held_back("0s").is_empty(), "a load test without a pause");
        assert!(held_back("500ms").is_empty(), "it asks for as much as it gets");
    }
}
