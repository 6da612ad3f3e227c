//! What is kept of runs, each under its address. In: a folder. Out: the [`Digest`] of a run, if it is there and whole.
//!
//! A file gets its name when all of it is written, so a process that is killed leaves nothing half done. It may leave a file with
//! a temporary name at the top of the folder, which goes away when the folder is opened an hour later. What is damaged, or is not what its name says, counts as absent and is written again.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::key::Key;
use crate::files::{self, neighbour, tidy};
use crate::outcome::digest::Digest;

/// Version of the layout of what is kept.
const VERSION: u32 = 1;
/// Most bytes that what is kept of a run may have when it is unpacked: a file that says more is none of ours.
const MOST: u64 = 256 << 20;

/// Something could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} `{}`", path.display())]
pub struct StoreError {
    what: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    source: io::Error,
}

impl StoreError {
    pub(super) fn writing(path: &Path, source: io::Error) -> StoreError {
        StoreError { what: "write", path: path.to_owned(), source }
    }

    pub(super) fn reading(path: &Path, source: io::Error) -> StoreError {
        StoreError { what: "read", path: path.to_owned(), source }
    }
}

/// A folder with what is kept of runs.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
}

/// What is kept of a run, with its address.
#[derive(Serialize, Deserialize)]
struct Kept<D> {
    version: u32,
    key: Key,
    digest: D,
}

impl Store {
    /// The store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn open(folder: &Path) -> Result<Store, StoreError> {
        let written = files::make_folder(folder).and_then(|()| neighbour(folder)?.close());
        written.map_err(|source| StoreError::writing(folder, source))?;
        tidy(folder);
        Ok(Store { folder: folder.to_owned() })
    }

    /// What was kept of a run; nothing if that is not there, or damaged, or of another run.
    pub fn get(&self, key: &Key) -> Option<Digest> {
        let kept: Kept<Digest> = read(&self.path(key)).ok()?;
        (kept.version == VERSION && kept.key == *key).then_some(kept.digest)
    }

    /// Whether there is something under an address; it may be damaged.
    pub fn has(&self, key: &Key) -> bool {
        self.path(key).is_file()
    }

    /// Keeps a run.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn put(&self, key: &Key, digest: &Digest) -> Result<(), StoreError> {
        let path = self.path(key);
        let made = path.parent().map_or(Ok(()), files::make_folder);
        made.map_err(|source| StoreError::writing(&path, source))?;
        write_by(&self.folder, &path, &Kept { version: VERSION, key: key.clone(), digest })
    }

    /// 256 folders, so that none has too many files.
    fn path(&self, key: &Key) -> PathBuf {
        let (folder, name) = key.text().split_at_checked(2).unwrap_or(("", key.text()));
        self.folder.join(folder).join(format!("{name}.json.gz"))
    }
}

/// Reads packed JSON; whatever is not whole is an error.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    let mut text = Vec::new();
    // Its end has a check sum, which is looked at only there.
    GzDecoder::new(files::open(path)?).take(MOST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    serde_json::from_slice(&text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Writes packed JSON, whole or not at all; makes the folder.
pub(super) fn write(path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    files::make_folder(folder).map_err(|source| StoreError::writing(path, source))?;
    tidy(folder);
    write_by(folder, path, value)
}

/// The same by way of a temporary file in a folder of the same disk.
fn write_by(folder: &Path, path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let written = || {
        let file = neighbour(folder)?;
        let mut packed = GzEncoder::new(io::BufWriter::new(file), Compression::default());
        serde_json::to_writer(&mut packed, value)?;
        let mut file = packed.finish()?;
        file.flush()?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        // A machine that goes down may leave a name without its bytes: that counts as damaged.
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|source| StoreError::writing(path, source))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::ControlFlow;

    use super::*;
    use crate::outcome::digest::digest;
    use crate::scenario;

    #[test]
    fn what_is_damaged_or_of_another_run_is_not_there() {
        let text =
            "duration = \"9s\"\ntraffic.all.rate = \"20/s\"\nrequest.r.steps = [{ delay = \"10ms\" }]\n";
        let scenario = scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let of = |seed| digest(&scenario, seed, &mut |_| ControlFlow::Continue(())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a/b")).unwrap();
        let key = |seed| Key::of_run(&Key::of_scenario(&scenario), seed);
        assert_eq!(store.get(&key(1)), None);
        store.put(&key(1), &of(1)).unwrap();
        store.put(&key(2), &of(2)).unwrap();
        assert_eq!((store.get(&key(1)), store.get(&key(2))), (Some(of(1)), Some(of(2))));
        // Another name, a cut, a changed bit, and nothing.
        fs::create_dir_all(store.path(&key(3)).parent().unwrap()).unwrap();
        fs::copy(store.path(&key(1)), store.path(&key(3))).unwrap();
        assert_eq!(store.get(&key(3)), None);
        let whole = fs::read(store.path(&key(1))).unwrap();
        for end in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(store.path(&key(1)), &whole[..end]).unwrap();
            assert_eq!(store.get(&key(1)), None, "{end}");
        }
        for at in (20..whole.len()).step_by(whole.len() / 30) {
            let mut changed = whole.clone();
            changed[at] ^= 4;
            fs::write(store.path(&key(1)), &changed).unwrap();
            assert_eq!(store.get(&key(1)), None, "{at}");
        }
        store.put(&key(1), &of(1)).unwrap();
        assert_eq!(store.get(&key(1)), Some(of(1)));
    }
}
