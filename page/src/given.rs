//! What the page hands over. In: JSON. Out: the files, as the library reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use simcap::scenario::Files;

/// A scenario with all files that it may name.
#[derive(Deserialize)]
pub struct Given {
    /// Its path among them.
    pub file: String,
    /// The text of each.
    files: BTreeMap<PathBuf, String>,
}

impl Given {
    /// The path of the scenario.
    pub fn path(&self) -> &Path {
        Path::new(&self.file)
    }

    /// The files.
    pub fn files(&self) -> Files {
        Files::given(self.files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())))
    }
}
