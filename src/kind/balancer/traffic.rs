//! What passes balancers. In: how often each border was passed, at the end of each row. Out: the hours of each balancer, for
//! its capacity units.

use super::bill::{Hour, PerUnit};
use super::clients::{Clients, Seen};
use super::counts::Inside;
use super::language::Balancer;
use super::sessions::Opened;
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
    /// Of each balancer, the row that was read last.
    rows: Vec<Row>,
    /// Of each balancer, the connections of its clients.
    clients: Vec<Clients>,
    /// Of each balancer, all requests and new connections.
    sums: Vec<(u64, f64)>,
    /// Of each balancer.
    units: Vec<PerUnit>,
    /// Whether each is billed by its bytes, and by no capacity units.
    by_bytes: Vec<bool>,
}

/// What passed a balancer in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    pub requests: u64,
    /// What the row adds to its hour.
    pub hour: Hour,
}

impl Traffic {
    /// Nothing has passed.
    pub fn new(borders: Vec<Border>, settings: &[Balancer]) -> Traffic {
        let balancers = settings.len();
        let borders = borders.into_iter().map(|border| (border, Mark::default())).collect();
        Traffic {
            borders,
            hours: vec![Vec::new(); balancers],
            rows: vec![Row::default(); balancers],
            clients: settings.iter().map(Balancer::clients).collect(),
            sums: vec![(0, 0.0); balancers],
            units: settings.iter().map(PerUnit::of).collect(),
            by_bytes: settings.iter().map(|it| it.classic.is_some()).collect(),
        }
    }

    /// Books what passed in a row to the hour in which it began. `flows` has the connections of a balancer that counts all of them: those that
    /// were opened, and those that were open on the mean; `dialed` has the same of those that hosts and users opened to a balancer, and `inside` has what
    /// is at the targets of each, and its failures.
    pub fn read(
        &mut self,
        span: f64,
        settings: &[Balancer],
        flow: &Flow,
        mut flows: impl FnMut(usize) -> Option<(f64, f64)>,
        dialed: &[Opened],
        inside: impl Fn(usize) -> Inside,
    ) {
        let mut passed = vec![(0, 0, 0.0); settings.len()];
        for (border, mark) in &mut self.borders {
            let count = mark.grown(flow.passed[border.at]);
            let (requests, of_hosts, bytes) = &mut passed[settings[border.balancer].root(border.balancer)];
            *requests += if border.answer { 0 } else { count };
            *of_hosts += if border.dialed { count } else { 0 };
            *bytes += count as f64 * border.size.0 as f64;
        }
        for (balancer, (requests, of_hosts, bytes)) in passed.into_iter().enumerate() {
            let all = settings;
            let settings = &settings[balancer];
            let (new_connections, active_connections) = flows(balancer).unwrap_or_else(|| {
                let of_users = dialed[balancer].requests;
                let new =
                    requests.saturating_sub(of_hosts + of_users) as f64 / settings.requests_per_connection;
                let held = match settings.group_of {
                    None => {
                        let seen = self.seen(balancer, all, flow, &inside(balancer));
                        self.clients[balancer].read(flow.now, seen).mean
                    }
                    Some(_) => 0.0,
                };
                let Opened { opened, open, .. } = dialed[balancer];
                (new + opened, held + open)
            });
            let row = Hour {
                hours: span / 3.6e12,
                new_connections,
                active_connections,
                bytes,
                rule_evaluations: requests as f64 * settings.rules.len().saturating_sub(FREE_RULES) as f64,
            };
            hour_of(&mut self.hours[balancer], flow.readings.row_start).add(&row);
            self.rows[balancer] = Row { requests, hour: row };
            self.sums[balancer].0 += requests;
            self.sums[balancer].1 += new_connections;
        }
    }

    /// What passed a balancer in the row that was read last.
    pub fn row(&self, balancer: usize) -> Row {
        self.rows[balancer]
    }

    /// What a row asked of each dimension of a balancer, in capacity units.
    pub fn asked(&self, balancer: usize) -> [f64; 4] {
        let hour = self.rows[balancer].hour;
        hour.dimensions(self.units[balancer]).map(|units| units / hour.hours.max(f64::MIN_POSITIVE))
    }

    /// All requests and new connections of a balancer.
    pub fn sum(&self, balancer: usize) -> (u64, f64) {
        self.sums[balancer]
    }

    /// The capacity units over time that each dimension of a balancer asked for, in hours.
    pub fn dimensions(&self, balancer: usize) -> [f64; 4] {
        let mut sum = [0.0; 4];
        for hour in &self.hours[balancer] {
            sum.iter_mut().zip(hour.dimensions(self.units[balancer])).for_each(|(sum, more)| *sum += more);
        }
        sum
    }

    /// Requests that have passed a balancer so far, in all of its groups.
    pub fn requests(&self, balancer: usize, settings: &[Balancer], flow: &Flow) -> u64 {
        let is_own = |border: &Border| settings[border.balancer].root(border.balancer) == balancer;
        let own = self.borders.iter().filter(|(border, _)| is_own(border) && !border.answer);
        own.map(|(border, _)| flow.passed[border.at]).sum()
    }

    /// What has become of the requests of a balancer, of all of its groups: `inside` has how many are at its targets, and its failures.
    pub fn seen(
        &self,
        balancer: usize,
        settings: &[Balancer],
        flow: &Flow,
        Inside { outstanding, counts, of_users }: &Inside,
    ) -> Seen {
        let (mut requests, mut of_hosts, mut answered) = (0, 0, 0);
        for (border, _) in
            self.borders.iter().filter(|(it, _)| settings[it.balancer].root(it.balancer) == balancer)
        {
            let count = flow.passed[border.at];
            match border.answer {
                true => answered += count,
                false => requests += count,
            }
            of_hosts += if border.dialed { count } else { 0 };
        }
        Seen {
            requests,
            answered: answered + counts.after_target(),
            closed: counts.closed,
            outstanding: *outstanding,
            share: requests.saturating_sub(of_hosts + of_users) as f64 / requests.max(1) as f64,
        }
    }

    /// Bytes of requests, or of answers, that have passed a balancer so far.
    pub fn bytes(&self, balancer: usize, answers: bool, flow: &Flow) -> f64 {
        let own = self.borders.iter().map(|(border, _)| border);
        let own = own.filter(|border| border.balancer == balancer && border.answer == answers);
        own.map(|border| flow.passed[border.at] as f64 * border.size.0 as f64).sum()
    }

    /// The capacity units of each hour of a balancer that has reserved so many.
    pub fn capacity_units(&self, balancer: usize, reserved: f64) -> Vec<f64> {
        let units = |hour: &Hour| match self.by_bytes[balancer] {
            true => hour.gigabytes(),
            false => hour.capacity_units(self.units[balancer]),
        };
        self.hours[balancer].iter().map(|hour| units(hour).max(reserved * hour.hours)).collect()
    }
}
