//! A part of a study, for one of several machines. In: `17/64`, and the runs of a study. Out: one object for each shard, and of all of
//! them the study again.
//!
//! Shard k of n has run i if i mod n = k: points cost differently, so every shard gets some of each. Its object has all that is needed to
//! put the study together, so a merge needs neither the scenario nor the machines. The object gets its name when it is whole, and
//! one that is there is not made again: every way of trying again is safe.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::head::Head;
use super::key::Key;
use super::store::{self, StoreError};
use super::swept::Swept;
use crate::files;
use crate::outcome::digest::Digest;

/// Version of the layout of an object.
const VERSION: u32 = 2;
/// How the name of an object ends.
const ENDING: &str = ".json.gz";
/// Most shards of a study: as many digits as a name has.
pub const MOST_SHARDS: usize = 99_999;

/// Which part of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// From 0.
    pub index: usize,
    /// Of how many.
    pub count: usize,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Shard = Shard { index: 0, count: 1 };

    /// A shard with a valid index; else what is wrong.
    ///
    /// # Errors
    /// There is no shard, there are too many, or the index is beyond the last.
    pub fn new(index: usize, count: usize) -> Result<Shard, String> {
        match (index, count) {
            (_, 0) => Err("there is no shard".into()),
            (_, count) if count > MOST_SHARDS => Err(format!("a study has at most {MOST_SHARDS} shards")),
            (index, count) if index < count => Ok(Shard { index, count }),
            _ => Err(format!("shards count from 0, so the last of {count} is {}", count - 1)),
        }
    }

    /// The positions of its runs among so many.
    pub fn of(self, runs: usize) -> Vec<usize> {
        (self.index..runs).step_by(self.count).collect()
    }

    /// The name of its object.
    pub fn file(self, study: &Key) -> String {
        let Shard { index, count } = self;
        format!("{}.{index:05}-of-{count:05}{ENDING}", study.short())
    }
}

impl FromStr for Shard {
    type Err = String;

    /// `17/64`.
    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        let (index, count) = numbers.ok_or("write K/N, such as 0/64: K from 0")?;
        Shard::new(index, count)
    }
}

/// The object of a shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardFile {
    version: u32,
    /// Which part it is.
    pub shard: Shard,
    /// The study.
    pub head: Head,
    /// Each of its runs, by its position in the study, or what is wrong with its point.
    pub runs: Vec<(usize, Result<Digest, String>)>,
}

impl ShardFile {
    /// The object of a shard.
    pub fn new(shard: Shard, head: Head, runs: Vec<(usize, Result<Digest, String>)>) -> ShardFile {
        ShardFile { version: VERSION, shard, head, runs }
    }

    /// Whether the object is in a folder already, whole and of this study.
    pub fn is_there(folder: &Path, shard: Shard, study: &Key) -> bool {
        let file = store::read::<ShardFile>(&folder.join(shard.file(study)));
        file.is_ok_and(|it| {
            it.version == VERSION && it.shard == shard && it.head.study == *study && it.is_whole()
        })
    }

    /// Writes it into a folder; returns the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, StoreError> {
        let path = folder.join(self.shard.file(&self.head.study));
        store::write(&path, self).map(|()| path)
    }

    /// Whether it has just the runs of its shard.
    fn is_whole(&self) -> bool {
        let wanted = self.shard.of(self.head.runs());
        self.runs.iter().map(|(at, _)| *at).eq(wanted)
    }
}

/// Why shards make no study.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] StoreError),
    /// There is nothing.
    #[error("no shard is in `{}`", folder.display())]
    Nothing {
        /// The folder.
        folder: PathBuf,
    },
    /// An object is cut, or changed, or of another version of simcap.
    #[error("`{}` is damaged or of another simcap: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Objects of more than one study, or of one study in different numbers of shards.
    #[error("shards of different studies: `{}` and `{}`", one.display(), other.display())]
    Mixture {
        /// One of them.
        one: PathBuf,
        /// One that does not fit.
        other: PathBuf,
    },
    /// Some are not there.
    #[error("missing shards: {0}")]
    Missing(Missing),
}

impl MergeError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            MergeError::Folder(_) | MergeError::Nothing { .. } => {
                "name the folder that `simcap sweep --shard K/N --out DIR` has written to".into()
            }
            MergeError::Damaged { .. } => {
                "take the file away and run its shard again: the K and N of its name".into()
            }
            MergeError::Mixture { .. } => {
                "use a folder for each study, and the same arguments and number of shards for all of it"
                    .into()
            }
            MergeError::Missing(missing) => format!(
                "run these again and then merge again: sbatch --array={missing} for Slurm, or --shard K/{} for each K",
                missing.of
            ),
        }
    }
}

/// Which shards are not there, as schedulers write them: `3,17-19`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Their numbers.
    pub shards: Vec<usize>,
    /// Of how many.
    pub of: usize,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let runs = self.shards.chunk_by(|one, next| *next == one + 1);
        let text = runs.map(|run| match run {
            [only] => only.to_string(),
            [first, .., last] => format!("{first}-{last}"),
            [] => String::new(),
        });
        f.write_str(&text.collect::<Vec<_>>().join(","))
    }
}

/// Puts the shards in a folder together.
///
/// # Errors
/// They are damaged, of different studies, or not complete.
pub fn merge(folder: &Path, shown: &[String]) -> Result<Swept, MergeError> {
    let mut first: Option<(PathBuf, Head, usize)> = None;
    let mut there: BTreeMap<usize, PathBuf> = BTreeMap::new();
    let mut runs: BTreeMap<usize, Result<Digest, String>> = BTreeMap::new();
    for path in objects(folder)? {
        let file = load(&path)?;
        let Shard { index, count } = file.shard;
        match &first {
            // The same study may be of a file by another path, or of another title.
            Some((one, head, of)) if head.study != file.head.study || *of != count => {
                return Err(MergeError::Mixture { one: one.clone(), other: path });
            }
            Some(_) => {}
            None => first = Some((path.clone(), file.head, count)),
        }
        if let Some(one) = there.insert(index, path.clone()) {
            return Err(MergeError::Mixture { one, other: path });
        }
        runs.extend(file.runs);
    }
    let Some((_, head, of)) = first else { return Err(MergeError::Nothing { folder: folder.to_owned() }) };
    let shards: Vec<usize> = (0..of).filter(|index| !there.contains_key(index)).collect();
    if !shards.is_empty() {
        return Err(MergeError::Missing(Missing { shards, of }));
    }
    let seeds = head.seeds.len();
    Swept::of(&head, shown, |point| {
        let from = point * seeds;
        Ok((from..from + seeds).filter_map(|at| runs.remove(&at)).collect())
    })
}

/// Every object of a folder, in the order of their names.
fn objects(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unreadable = |source: io::Error| StoreError::reading(folder, source);
    let mut found = Vec::new();
    for entry in files::entries(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or("");
        if name.ends_with(ENDING) && name.contains("-of-") && !name.starts_with('.') {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn load(path: &Path) -> Result<ShardFile, MergeError> {
    let damaged = |why: &str| MergeError::Damaged { path: path.to_owned(), why: why.into() };
    let file: ShardFile = store::read(path).map_err(|error| damaged(&error.to_string()))?;
    let named = path.file_name().and_then(|it| it.to_str());
    match file.version {
        VERSION if !file.head.study.is_sound() => Err(damaged("its study has no name")),
        VERSION if named != Some(&file.shard.file(&file.head.study)) => {
            Err(damaged("it is not what its name says"))
        }
        VERSION if !file.is_whole() => Err(damaged("runs are missing in it")),
        VERSION => Ok(file),
        other => Err(damaged(&format!("its layout is version {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_all_runs_out() {
        for count in 1..9 {
            let mut all: Vec<usize> = (0..count).flat_map(|index| Shard { index, count }.of(30)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..30).collect::<Vec<_>>());
        }
        assert_eq!(Shard { index: 5, count: 8 }.of(3), Vec::<usize>::new());
    }

    #[test]
    fn a_shard_is_counted_from_zero() {
        assert_eq!("17/64".parse(), Ok(Shard { index: 17, count: 64 }));
        for (text, why) in
            [("64/64", "the last of 64 is 63"), ("0/0", "no shard"), ("1", "K/N"), ("a/2", "K/N")]
        {
            let said = text.parse::<Shard>().unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn missing_shards_are_named_as_schedulers_write_them() {
        let text = |shards: &[usize]| Missing { shards: shards.to_vec(), of: 64 }.to_string();
        assert_eq!(text(&[3, 17, 18, 19]), "3,17-19");
        assert_eq!(text(&[0, 1]), "0-1");
        assert_eq!(text(&[63]), "63");
    }
}
