//! Logs, measurements and infrastructure become a scenario.

mod command;
mod folders;
mod formats;
mod infrastructure;
mod lines;
mod private;
mod public;
mod random;

use std::fs;
use std::path::{Path, PathBuf};

use simcap::guard::Guard;
use simcap::import::{self, Hints, ImportError, Options};
use tempfile::TempDir;

/// What an import made: the page, and every file by its name.
struct Made {
    page: String,
    files: Vec<(String, String)>,
}

impl Made {
    fn file(&self, name: &str) -> &str {
        let found = self.files.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("there is no {name} in {:?}", self.names())).1
    }

    fn names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The values of a column, as text.
    fn column(&self, file: &str, column: &str) -> Vec<String> {
        let mut reader = csv::Reader::from_reader(self.file(file).as_bytes());
        let index = reader.headers().unwrap().iter().position(|name| name == column);
        let index = index
            .unwrap_or_else(|| panic!("no column {column} in {}", self.file(file).lines().next().unwrap()));
        reader.records().map(|record| record.unwrap()[index].to_owned()).collect()
    }

    /// Everything that came out.
    fn all(&self) -> String {
        self.files.iter().map(|(_, text)| text.as_str()).collect::<String>() + &self.page
    }
}

fn options() -> Options {
    Options { top: 12, threads: 2, ..Options::default() }
}

/// Imports files of these names and contents.
fn import_with(files: &[(&str, &[u8])], options: Options) -> Result<Made, ImportError> {
    let folder = TempDir::new().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, content)| {
            let path = folder.path().join("in").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            path
        })
        .collect();
    import_paths(&paths, &folder.path().join("out"), options)
}

fn import_paths(paths: &[PathBuf], out: &Path, options: Options) -> Result<Made, ImportError> {
    let made = import::open(paths, options)?.run(&Guard::new(None, None), &|_| {})?;
    made.write(out)?;
    Ok(Made { page: made.page(), files: files_of(out) })
}

fn files_of(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
    };
    let mut files: Vec<_> = entries.map(read).collect();
    files.sort();
    files
}

fn import(files: &[(&str, &str)]) -> Result<Made, ImportError> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    import_with(&files, options())
}

fn hinted(hints: Hints) -> Options {
    Options { hints, ..options() }
}
