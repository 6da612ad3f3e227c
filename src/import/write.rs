//! The files of an import. In: what it has made, a folder. Out: `scenario.toml`, `rates.csv`, `measured.csv`, `classes.toml`, and the times of classes
//! that no law fits.
//!
//! What people have changed is never replaced: there is a file of another name beside it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::ImportError;
use super::imported::Imported;
use super::instant::shown;
use super::series::Column;
use super::{measured, page, scenario};
use crate::files::{self, neighbour};

impl Imported {
    /// The page for a terminal.
    pub fn page(&self) -> String {
        page::text(&self.summary, &self.page)
    }

    /// Writes all files into a folder, and says which.
    ///
    /// # Errors
    ///
    /// The folder or a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
        let failed = |path: &Path, error| ImportError::Write { name: path.display().to_string(), error };
        files::make_folder(folder).map_err(|error| failed(folder, error))?;
        let mut written = Vec::new();
        let mut write = |name: &str, text: &str| -> Result<(), ImportError> {
            let path = folder.join(name);
            let mut file = neighbour(folder).map_err(|error| failed(&path, error))?;
            file.write_all(text.as_bytes()).map_err(|error| failed(&path, error))?;
            file.persist(&path).map_err(|error| failed(&path, error.error))?;
            written.push(path);
            Ok(())
        };
        if !self.sources.is_empty() {
            let names: Vec<String> = self.sources.iter().map(|source| source.name.clone()).collect();
            let starts = self.summary.has_clock.then(|| shown(self.rows.from).replace(' ', "T") + "Z");
            let copy = is_edited(&folder.join("scenario.toml"), |text| text.starts_with(scenario::MARK));
            let name = if copy { "scenario.new.toml" } else { "scenario.toml" };
            write(name, &scenario::text(&self.sources, &self.rows, starts, &self.summary))?;
            let rates = measured::rates(&self.table, &names);
            write("rates.csv", &rates.csv(&self.rows, |column| column.of.clone().unwrap_or_default(), "0"))?;
        }
        write("measured.csv", &self.table.csv(&self.rows, Column::header, ""))?;
        for (name, values) in &self.empirical {
            write(name, values)?;
        }
        if let Some(text) = self.classes.as_ref().filter(|_| self.is_proposed) {
            let is_ours = |before: &str| {
                before
                    .lines()
                    .filter(|line| !line.starts_with('#'))
                    .eq(text.lines().filter(|line| !line.starts_with('#')))
            };
            let copy = is_edited(&folder.join("classes.toml"), is_ours);
            write(if copy { "classes.new.toml" } else { "classes.toml" }, text)?;
        }
        Ok(written)
    }
}

/// Whether a file is there that people have made or changed.
fn is_edited(path: &Path, is_ours: impl Fn(&str) -> bool) -> bool {
    files::read_text(path).is_ok_and(|text| !is_ours(&text))
}
