//! Scenarios that come as text. In: text. Out: a file in the folder, named after what is in it, so that the same text is one file; it stays
//! if it can run, so that people can see what was run.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::place::Place;

/// Longest text of a scenario, as of a file.
const TEXT_MAX: usize = 4 << 20;
/// Most drafts in the folder.
const DRAFTS_MAX: usize = 200;
const BEGINS: &str = "draft-";

/// A file with such a text.
#[derive(Debug)]
pub struct Draft {
    /// From the folder.
    pub path: PathBuf,
    is_new: bool,
}

impl Draft {
    /// Writes a text, unless it is there already.
    pub fn write(place: &Place, text: &str) -> Result<Draft, String> {
        if text.len() > TEXT_MAX {
            return Err(format!("`text` has {} bytes, and a scenario has 4 MiB at most", text.len()));
        }
        let hash = Sha256::digest(text.as_bytes());
        let letters: String = hash.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let path = PathBuf::from(format!("{BEGINS}{letters}.toml"));
        let file = place.root().join(&path);
        if file.is_file() {
            return Ok(Draft { path, is_new: false });
        }
        let failed = |error: std::io::Error| format!("cannot keep `text` as a file: {error}");
        if count(place).map_err(failed)? >= DRAFTS_MAX {
            return Err(format!(
                "there are {DRAFTS_MAX} files {BEGINS}*.toml in the folder: remove those that are not needed, or name a `file`"
            ));
        }
        let mut written = simcap::files::neighbour(place.root()).map_err(failed)?;
        written.write_all(text.as_bytes()).map_err(failed)?;
        written.persist(&file).map_err(|error| failed(error.error))?;
        Ok(Draft { path, is_new: true })
    }

    /// Takes it away again, if it was written by this call: it is no scenario.
    pub fn discard(&self, place: &Place) {
        if self.is_new {
            // If it is gone already, so much the better.
            let _ = fs::remove_file(place.root().join(&self.path));
        }
    }
}

fn count(place: &Place) -> std::io::Result<usize> {
    let names = fs::read_dir(place.root())?.flatten().map(|entry| entry.file_name());
    Ok(names.filter(|name| name.to_string_lossy().starts_with(BEGINS)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_one_file_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path().canonicalize().unwrap());
        let one = Draft::write(&place, "a = 1").unwrap();
        let again = Draft::write(&place, "a = 1").unwrap();
        assert_eq!(one.path, again.path);
        again.discard(&place);
        assert!(folder.path().join(&one.path).is_file(), "it was there before");
        one.discard(&place);
        assert!(!folder.path().join(&one.path).exists());
        assert!(Draft::write(&place, &"#".repeat(TEXT_MAX + 1)).is_err());
        for at in 0..DRAFTS_MAX {
            fs::write(folder.path().join(format!("{BEGINS}{at}.toml")), "").unwrap();
        }
        assert!(Draft::write(&place, "a = 2").unwrap_err().contains("remove those"));
    }
}
