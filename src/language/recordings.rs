//! Files of recorded and measured values: each column is read once, and the total size is limited.
//!
//! In: the text of a demand, such as `"replay FILE column NAME unit us plus 300us"`. Out: a law that shares its values
//! with all other uses of the column.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::budget::{Budget, error, unreadable};
use super::cell::{self, SECONDS, UNITS, Unit};
use super::columns::Table;
use super::files::Files;
use super::names::list;
use crate::dist::Law;
use crate::units::{Time, UnitError, parse_time};

/// Most bytes of a file that is read as text: a price list of all Regions fits.
const TEXT_MAX: u64 = 64 << 20;

/// A column of a file, in a unit.
type Column = (PathBuf, String, Unit);

/// The files that a scenario names.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    files: Files,
    /// Where files are looked for, in this order.
    folders: Vec<PathBuf>,
    budget: Rc<Budget>,
    columns: RefCell<BTreeMap<Column, Arc<[Time]>>>,
    measured: RefCell<BTreeMap<PathBuf, Arc<[Time]>>>,
}

impl Recordings {
    /// Files are relative to the first of these folders in which they are.
    pub(crate) fn of(files: Files, folders: Vec<PathBuf>) -> Recordings {
        Recordings { files, folders, ..Recordings::default() }
    }

    /// Counts a value that is kept elsewhere against the budget.
    pub(crate) fn take_value(&self) -> Result<(), UnitError> {
        self.budget.take_value()
    }

    /// Opens a file of columns.
    pub(crate) fn table(&self, name: &str) -> Result<Table, UnitError> {
        let (file, path) = self.open(name)?;
        Table::new(name, file, &path, self.budget.clone())
    }

    /// The text of a small file.
    pub(crate) fn text(&self, name: &str) -> Result<String, UnitError> {
        let (file, _) = self.open(name)?;
        let mut text = String::new();
        let read = file.take(TEXT_MAX + 1).read_to_string(&mut text);
        read.map_err(|io| unreadable(name, io))?;
        match text.len() as u64 > TEXT_MAX {
            true => Err(error(format!("`{name}` is too large"), format!("at most {} MiB", TEXT_MAX >> 20))),
            false => Ok(text),
        }
    }

    /// The recorded values that `"replay FILE column NAME unit us"` names.
    pub(crate) fn replayed(&self, text: &str) -> Result<Law, UnitError> {
        let Replayed { file, column, unit, plus } = parse(text)?;
        let key = (self.find(file)?, column.to_owned(), unit);
        if let Some(values) = self.columns.borrow().get(&key) {
            return Ok(Law::Replayed { values: values.clone(), plus });
        }
        let table = self.table(file)?;
        let index = table.find(column)?;
        let mut values = Vec::new();
        table.each(index, |cell| {
            self.take_value()?;
            values.push(cell::time(cell, unit)?);
            Ok(())
        })?;
        let values: Arc<[Time]> = values.into();
        self.columns.borrow_mut().insert(key, values.clone());
        Ok(Law::Replayed { values, plus })
    }

    /// The measured durations of a file, parsed by `read`.
    pub(super) fn measured(
        &self,
        name: &str,
        read: impl FnOnce(Box<dyn Read>, &Budget) -> Result<Vec<Time>, UnitError>,
    ) -> Result<Arc<[Time]>, UnitError> {
        let path = self.find(name)?;
        if let Some(values) = self.measured.borrow().get(&path) {
            return Ok(values.clone());
        }
        let values: Arc<[Time]> = read(self.open(name)?.0, &self.budget)?.into();
        self.measured.borrow_mut().insert(path, values.clone());
        Ok(values)
    }

    /// The canonical path of a file, however it is written.
    fn find(&self, name: &str) -> Result<PathBuf, UnitError> {
        let mut missing = io::Error::from(io::ErrorKind::NotFound);
        for (index, folder) in self.folders.iter().enumerate() {
            match self.files.find(&folder.join(name)) {
                Ok(path) => return Ok(path),
                Err(io) if index == 0 => missing = io,
                Err(_) => {}
            }
        }
        Err(unreadable(name, missing))
    }

    fn open(&self, name: &str) -> Result<(Box<dyn Read>, PathBuf), UnitError> {
        let path = self.find(name)?;
        self.files.recorded(&path).map(|file| (file, path)).map_err(|io| unreadable(name, io))
    }
}

/// A column of recorded demands.
struct Replayed<'a> {
    file: &'a str,
    column: &'a str,
    unit: Unit,
    /// Added to every value.
    plus: Time,
}

/// Parses `"replay FILE column NAME unit us plus 300us"`.
fn parse(text: &str) -> Result<Replayed<'_>, UnitError> {
    let malformed = || {
        error(
            format!("`{text}` does not say which column of which file"),
            "write \"replay trace.csv column service_us unit us\"; the default unit is s",
        )
    };
    let rest = text.trim().strip_prefix("replay ").ok_or_else(malformed)?;
    let (file, rest) = rest.rsplit_once(" column ").ok_or_else(malformed)?;
    let (rest, plus) = match rest.rsplit_once(" plus ") {
        Some((rest, plus)) => (rest, parse_time(plus)?),
        None => (rest, Time::ZERO),
    };
    let (column, unit) = match rest.rsplit_once(" unit ") {
        Some((column, word)) => {
            let unit = UNITS.iter().find(|(known, _)| *known == word.trim());
            let known = UNITS.map(|(word, _)| word);
            let unit = unit.ok_or_else(|| {
                error(
                    format!("`{}` is not a unit of time", word.trim()),
                    format!("choose one of {}", list(&known)),
                )
            })?;
            (column, unit.1)
        }
        None => (rest, SECONDS),
    };
    match (file.trim(), column.trim()) {
        ("", _) | (_, "") => Err(malformed()),
        (file, column) => Ok(Replayed { file, column, unit, plus }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::VALUES_MAX;
    use super::*;
    use std::fs;

    /// The remaining budget shows how much was read.
    fn left(recordings: &Recordings) -> (u64, u64) {
        (recordings.budget.bytes.get(), recordings.budget.values.get())
    }

    #[test]
    fn a_column_is_read_once_however_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("trace.csv"), "a,b\n1,2\n3,4\n").unwrap();
        let recordings = Recordings::of(Files::Disk, vec![folder.path().to_owned()]);
        let law = |text: &str| recordings.replayed(text).unwrap();
        let Law::Replayed { values, plus } = law("replay trace.csv column a") else { panic!() };
        assert_eq!((&values[..], plus), (&[Time::from_secs(1), Time::from_secs(3)][..], Time::ZERO));
        let after_one = left(&recordings);
        assert_eq!(after_one.1, VALUES_MAX - 2);
        for again in ["replay  ./trace.csv column a plus 1ns", "replay trace.csv  column  a unit s plus 2ns"]
        {
            let Law::Replayed { values: shared, plus } = law(again) else { panic!() };
            assert!(Arc::ptr_eq(&values, &shared) && plus > Time::ZERO, "{again}");
        }
        assert_eq!(left(&recordings), after_one, "nothing was read again");
        law("replay trace.csv column b");
        assert_eq!(left(&recordings).1, VALUES_MAX - 4);
    }

    #[test]
    fn all_values_together_have_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("trace.csv"), "a,b\n1,2\n3,4\n").unwrap();
        let recordings = Recordings::of(Files::Disk, vec![folder.path().to_owned()]);
        recordings.budget.values.set(3);
        recordings.replayed("replay trace.csv column a").unwrap();
        let message = recordings.replayed("replay trace.csv column b").unwrap_err().message;
        assert_eq!(message, "line 3 of `trace.csv`: too many recorded values in all files together");
        let recordings = Recordings::of(Files::Disk, vec![folder.path().to_owned()]);
        recordings.budget.bytes.set(5);
        let message = recordings.replayed("replay trace.csv column b").unwrap_err().message;
        assert!(message.contains("too much to read"), "{message}");
    }
}
