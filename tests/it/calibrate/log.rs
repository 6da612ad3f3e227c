//! Logs of systems whose numbers are known: a run of the true scenario, read as if it had been measured. In: the text of a scenario, what is
//! true of it, a seed. Out: a folder with the file, and what was measured.

use std::path::PathBuf;

use simcap::backtest::{Prediction, Replay};
use simcap::guard::Guard;
use simcap::measured::{Column, Figure, Measured};
use simcap::scenario;
use tempfile::TempDir;

/// A file, and a log of the system that it is of.
pub struct Log {
    folder: TempDir,
    pub measured: Measured,
}

impl Log {
    /// Runs a scenario with what is true of it, and keeps these figures of it.
    pub fn of(text: &str, truth: &[&str], figures: &[&str], width_s: f64, seed: u64) -> Log {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.toml"), text).unwrap();
        let truth: Vec<String> = truth.iter().map(|it| (*it).to_owned()).collect();
        let scenario = scenario::load(&folder.path().join("shop.toml"), &truth).unwrap();
        let periods = (scenario.duration.as_secs_f64() / width_s) as usize;
        let column = |it: &&str| Column { of: it.parse().unwrap(), values: vec![Some(1.0); periods] };
        let empty = Measured {
            file: "measured.csv".into(),
            width_s,
            periods,
            first_s: 0.0,
            starts: None,
            columns: figures.iter().map(column).collect(),
            notes: Vec::new(),
        };
        let replay = Replay::of(&scenario, &empty).unwrap();
        let run = replay.play(seed, &Guard::new(None, None), &|_| {}).unwrap();
        let prediction = Prediction::of(&replay, &[run]);
        let columns = prediction.figures.iter();
        let columns = columns.map(|it| Column { of: it.of.clone(), values: it.values.clone() }).collect();
        Log { folder, measured: Measured { columns, ..empty } }
    }

    /// The scenario file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("shop.toml")
    }

    /// Changes a figure from a period on.
    pub fn change(&mut self, of: &str, from: usize, change: impl Fn(f64) -> f64) {
        let of: Figure = of.parse().unwrap();
        let column = self.measured.columns.iter_mut().find(|it| it.of == of).unwrap();
        column.values.iter_mut().skip(from).for_each(|it| *it = it.map(&change));
    }

    /// Writes the measurements as a table into the folder.
    pub fn write(&self) -> PathBuf {
        let mut text = String::from("at_s");
        self.measured.columns.iter().for_each(|it| text += &format!(",{}", it.of));
        for period in 0..self.measured.periods {
            text += &format!("\n{}", self.measured.start_s(period));
            for column in &self.measured.columns {
                text += &column.values[period].map_or(",".into(), |value| format!(",{value}"));
            }
        }
        let path = self.folder.path().join("measured.csv");
        std::fs::write(&path, text + "\n").unwrap();
        path
    }

    /// The folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}
