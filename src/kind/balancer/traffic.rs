//! What passes balancers. In: how often each border was passed, at the end of each row. Out: the hours of each balancer, for
//! its capacity units.

use super::bill::Hour;
use super::language::Balancer;
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::part::Border;
use crate::usage::hour_of;

/// Rules that are free of charge. Source: Elastic Load Balancing pricing page.
const FREE_RULES: usize = 10;

/// The traffic of all balancers.
#[derive(Debug)]
pub(super) struct Traffic {
    borders: Vec<(Border, Mark)>,
    /// Of each balancer.
    hours: Vec<Vec<Hour>>,
}

impl Traffic {
    /// Nothing has passed.
    pub fn new(borders: Vec<Border>, balancers: usize) -> Traffic {
        let borders = borders.into_iter().map(|border| (border, Mark::default())).collect();
        Traffic { borders, hours: vec![Vec::new(); balancers] }
    }

    /// Books what passed in a row to the hour in which it began.
    pub fn read(&mut self, span: f64, settings: &[Balancer], flow: &Flow) {
        let mut passed = vec![(0, 0.0); settings.len()];
        for (border, mark) in &mut self.borders {
            let count = mark.grown(flow.passed[border.at]);
            let (requests, bytes) = &mut passed[settings[border.balancer].root(border.balancer)];
            *requests += if border.answer { 0 } else { count };
            *bytes += count as f64 * border.size.0 as f64;
        }
        for ((requests, bytes), (settings, hours)) in
            passed.into_iter().zip(settings.iter().zip(&mut self.hours))
        {
            let connections = requests as f64 / settings.requests_per_connection;
            let hours_passed = span / 3.6e12;
            let hour = hour_of(hours, flow.readings.row_start);
            // A connection is held until the idle timeout after its last request.
            let active = connections * 1e9 / span * settings.idle_timeout.as_secs_f64();
            hour.active_connections = (hour.active_connections * hour.hours + active * hours_passed)
                / (hour.hours + hours_passed).max(1e-12);
            hour.hours += hours_passed;
            hour.new_connections += connections;
            hour.bytes += bytes;
            hour.rule_evaluations += requests as f64 * settings.rules.len().saturating_sub(FREE_RULES) as f64;
        }
    }

    /// Requests that have passed a balancer so far, in all of its groups.
    pub fn requests(&self, balancer: usize, settings: &[Balancer], flow: &Flow) -> u64 {
        let is_own = |border: &Border| settings[border.balancer].root(border.balancer) == balancer;
        let own = self.borders.iter().filter(|(border, _)| is_own(border) && !border.answer);
        own.map(|(border, _)| flow.passed[border.at]).sum()
    }

    /// Bytes of requests, or of answers, that have passed a balancer so far.
    pub fn bytes(&self, balancer: usize, answers: bool, flow: &Flow) -> f64 {
        let own = self.borders.iter().map(|(border, _)| border);
        let own = own.filter(|border| border.balancer == balancer && border.answer == answers);
        own.map(|border| flow.passed[border.at] as f64 * border.size.0 as f64).sum()
    }

    /// The capacity units of each hour of a balancer that has reserved so many.
    pub fn capacity_units(&self, balancer: usize, reserved: f64) -> Vec<f64> {
        self.hours[balancer].iter().map(|hour| hour.capacity_units().max(reserved * hour.hours)).collect()
    }
}
