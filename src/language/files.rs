//! Where a scenario and the files that it names are: on the disk, or given with it, as a page in a browser does. In: a path. Out: the
//! one path of the file that it leads to, and what is in it.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::files;

/// The files that there are.
#[derive(Clone, Debug, Default)]
pub enum Files {
    /// Those on the disk.
    #[default]
    Disk,
    /// These and no others, by their paths without `.` and `..`.
    Given(Rc<BTreeMap<PathBuf, Rc<[u8]>>>),
}

impl Files {
    /// Files that are given with their bytes.
    pub fn given(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>) -> Files {
        let files = files.into_iter().map(|(path, bytes)| (plain(&path), bytes.into()));
        Files::Given(Rc::new(files.collect()))
    }

    /// The one path of a file, however it is written.
    pub(crate) fn find(&self, path: &Path) -> io::Result<PathBuf> {
        match self {
            Files::Disk => files::check(path).and_then(|()| path.canonicalize()),
            Files::Given(files) => among(files, path).map(|_| plain(path)),
        }
    }

    /// The bytes of a scenario. One more than allowed, so that the parser can say that it is too much.
    pub(crate) fn bytes(&self, path: &Path, allowed: u64) -> io::Result<Vec<u8>> {
        match self {
            Files::Disk => on_disk(path, allowed),
            Files::Given(files) => {
                let mut text = among(files, path)?.to_vec();
                text.truncate(usize::try_from(allowed + 1).unwrap_or(usize::MAX));
                Ok(text)
            }
        }
    }

    /// All bytes of a file.
    #[cfg(feature = "charts")]
    pub(crate) fn whole(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self {
            Files::Disk => files::read(path),
            Files::Given(files) => among(files, path).map(|bytes| bytes.to_vec()),
        }
    }

    /// Opens a file of recorded values. A pipe or a device could block or never end; so could a system file that claims to
    /// be empty.
    pub(crate) fn recorded(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let empty = || io::Error::other("it is empty");
        match self {
            Files::Disk => {
                files::check(path)?;
                let metadata = path.metadata()?;
                match (metadata.is_file(), metadata.len()) {
                    (false, _) => Err(io::Error::other("not a file")),
                    (true, 0) => Err(empty()),
                    (true, _) => Ok(Box::new(files::open(path)?)),
                }
            }
            Files::Given(files) => match among(files, path)? {
                bytes if bytes.is_empty() => Err(empty()),
                bytes => Ok(Box::new(Cursor::new(bytes.clone()))),
            },
        }
    }

    /// Whether a file has a name with this ending where it lies, or comes through a pipe: then its lines may be shown. A link of
    /// that name may lead to anything.
    pub(crate) fn is_called(&self, path: &Path, ending: &str) -> bool {
        let is_so = |path: PathBuf| path.extension().is_some_and(|extension| extension == ending);
        match self {
            Files::Disk => {
                path.metadata().is_ok_and(|it| !it.is_file()) || path.canonicalize().is_ok_and(is_so)
            }
            Files::Given(_) => is_so(path.to_owned()),
        }
    }
}

/// A file among those that are given.
fn among<'f>(files: &'f BTreeMap<PathBuf, Rc<[u8]>>, path: &Path) -> io::Result<&'f Rc<[u8]>> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "there is no such file");
    files.get(&plain(path)).ok_or_else(missing)
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

fn on_disk(path: &Path, allowed: u64) -> io::Result<Vec<u8>> {
    files::check(path)?;
    let metadata = path.metadata()?;
    if is_device(&metadata) {
        return Err(io::Error::other("it is a device"));
    }
    // Nobody may ever write into it. What a shell opens as /dev/stdin or /dev/fd/63 has a writer.
    if is_pipe(&metadata) && !path.starts_with("/dev") && path.canonicalize().is_ok() {
        return Err(io::Error::other(
            "it is a pipe with a name; give the text through /dev/stdin, or as a file",
        ));
    }
    let mut text = Vec::new();
    // A file of the system may say that it is empty and then block for ever.
    if !metadata.is_file() || metadata.len() > 0 {
        files::open(path)?.take(allowed + 1).read_to_end(&mut text)?;
    }
    Ok(text)
}

#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_char_device() || metadata.file_type().is_block_device()
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let files = [("a/b.toml", "name = \"B\""), ("a/./c/../d.csv", "t,n\n0,60\n"), ("a/empty.csv", "")];
        Files::given(files.map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())))
    }

    #[test]
    fn a_given_file_is_found_however_its_path_is_written() {
        let files = files();
        assert_eq!(files.find(Path::new("a/x/../b.toml")).unwrap(), Path::new("a/b.toml"));
        assert_eq!(files.bytes(Path::new("./a/b.toml"), 3).unwrap(), b"name", "one more than allowed");
        let mut text = String::new();
        files.recorded(Path::new("a/d.csv")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "t,n\n0,60\n");
        assert!(files.recorded(Path::new("a/empty.csv")).is_err_and(|it| it.to_string() == "it is empty"));
    }

    #[test]
    fn what_is_not_given_is_not_there_even_if_the_disk_has_it() {
        let files = files();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(path.exists());
        assert!(
            files.find(&path).is_err() && files.bytes(&path, 9).is_err() && files.recorded(&path).is_err()
        );
        assert!(files.bytes(Path::new("../a/b.toml"), 9).is_err(), "nothing is above the first folder");
    }
}
