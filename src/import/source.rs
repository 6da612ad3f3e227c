//! The files of an import. In: paths of files and folders, or `-`. Out: sources whose format is known, and readers of their text.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use super::error::ImportError;
use super::folder::{Met, TWICE, walk};
use super::format::{Figures, Format, Found, HEAD, Hints, Shape, detect};
use crate::files;

/// Bytes of all requests that are looked at to propose classes: a log up to this size is seen as a whole.
pub(super) const SAMPLE: u64 = 64 << 20;
const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];
/// First bytes of what is packed in another way, and what to do.
const PACKED: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "a zip archive"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd"),
    (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ", "packed with xz"),
    (b"PAR1", "a Parquet file"),
    (b"\xff\xfe", "UTF-16"),
];

/// Where a source is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    File(PathBuf),
    /// Standard input: what was read of it, and whether the rest belongs to it, which can be read only once.
    Input(Arc<[u8]>, bool),
}

/// A file and how it is read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub place: Place,
    pub format: Format,
    pub shape: Shape,
    pub is_packed: bool,
    /// Bytes on the disk.
    pub size: u64,
}

impl Source {
    /// Its name for messages.
    pub(super) fn name(&self) -> String {
        match &self.place {
            Place::File(path) => path.display().to_string(),
            Place::Input(..) => "standard input".into(),
        }
    }

    /// Opens it from its beginning, unpacked, without a byte order mark; counts bytes of the disk as they are read.
    pub(super) fn open(&self, read: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        let raw: Box<dyn Read + Send> = match &self.place {
            Place::File(path) => Box::new(files::open(path)?),
            Place::Input(head, true) => Box::new(io::Cursor::new(head.clone()).chain(io::stdin())),
            Place::Input(head, false) => Box::new(io::Cursor::new(head.clone())),
        };
        let counted = Counted { inner: raw, read: read.clone() };
        let text: Box<dyn Read + Send> = match self.is_packed {
            true => Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(1 << 18, counted))),
            false => Box::new(counted),
        };
        without_mark(text)
    }

    /// The same without what can be read only once.
    pub(super) fn repeatable(&self) -> Source {
        let place = match &self.place {
            Place::Input(head, _) => Place::Input(head.clone(), false),
            file => file.clone(),
        };
        Source { place, ..self.clone() }
    }

    /// Opens it in the middle; only for what is not packed.
    pub(super) fn open_at(&self, start: u64, read: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        match &self.place {
            Place::File(path) if start > 0 => {
                let mut file = files::open(path)?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Box::new(Counted { inner: Box::new(file), read: read.clone() }))
            }
            _ => self.open(read),
        }
    }
}

struct Counted {
    inner: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Reads up to so many bytes: how many there were, and why no more if something failed.
pub(super) fn fill(input: &mut dyn Read, buffer: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

/// The same where what cannot be read to its end is of no use.
fn first_of(input: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    match fill(input, buffer) {
        (0, Some(error)) => Err(error),
        (count, _) => Ok(count),
    }
}

fn without_mark(mut text: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut first = [0; 3];
    let count = first_of(&mut *text, &mut first)?;
    let kept = if first == BOM { Vec::new() } else { first[..count].to_vec() };
    Ok(Box::new(io::Cursor::new(kept).chain(text)))
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub sources: Vec<Source>,
    /// Files that are empty, or that only show that a service may write.
    pub empty: u64,
    /// Files that were passed over, by the reason why.
    pub passed: BTreeMap<&'static str, u64>,
}

/// Why files are passed over.
const NO_FORMAT: &str = "in no format that is known";
const INFRASTRUCTURE: &str = "describes infrastructure";
const TOTALS: &str = "totals of Locust, which have no time: what has times counts";

/// Looks at all files and folders. `-` is standard input. A folder may have other files beside logs; what is named itself may not be one.
pub(super) fn find(paths: &[PathBuf], hints: &Hints) -> Result<Sources, ImportError> {
    let mut found = Sources::default();
    let mut met = Met::default();
    let mut first_passed = None;
    for path in paths {
        if path.as_os_str() == "-" {
            // What classes are proposed from has to be kept: the rest can be read only once.
            let mut head = Vec::new();
            let read = io::stdin().take(SAMPLE).read_to_end(&mut head);
            read.map_err(|error| ImportError::read("standard input", error))?;
            let (is_packed, size) = (head.starts_with(&GZIP), head.len() as u64);
            add(Place::Input(head.into(), true), is_packed, size, hints, &mut found)?;
            continue;
        }
        let metadata = files::check(path)
            .and_then(|()| fs::metadata(path))
            .map_err(|error| ImportError::read(&path.display().to_string(), error))?;
        if !metadata.is_dir() {
            match met.is_new(path) {
                true => add_file(path, hints, &mut found)?,
                false => *found.passed.entry(TWICE).or_default() += 1,
            }
            continue;
        }
        let mut files = Vec::new();
        walk(path, 0, &mut met, &mut files, &mut found.passed)?;
        for file in files {
            let Err(error) = add_file(&file, hints, &mut found) else { continue };
            let why = match &error {
                ImportError::Unknown { .. } => NO_FORMAT,
                ImportError::Packed { what, .. } => what,
                ImportError::Infrastructure { .. } => INFRASTRUCTURE,
                _ => return Err(error),
            };
            *found.passed.entry(why).or_default() += 1;
            first_passed.get_or_insert(error);
        }
    }
    let is_totals =
        |source: &Source| matches!(&source.shape, Shape::Figures(Figures::Locust(it)) if !it.is_history());
    let totals = found.sources.iter().filter(|source| is_totals(source)).count();
    if totals > 0 && totals < found.sources.len() {
        found.sources.retain(|source| !is_totals(source));
        found.passed.insert(TOTALS, totals as u64);
    }
    match first_passed {
        Some(error) if found.sources.is_empty() => Err(error),
        _ => Ok(found),
    }
}

/// Looks at a file.
fn add_file(file: &Path, hints: &Hints, found: &mut Sources) -> Result<(), ImportError> {
    let name = file.display().to_string();
    let unreadable = |error| ImportError::read(&name, error);
    let metadata = files::check(file).and_then(|()| fs::metadata(file)).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(ImportError::read(
            &name,
            io::Error::other("not a file: give it as `-` through standard input"),
        ));
    }
    let mut first = [0; 2];
    let count = first_of(&mut files::open(file).map_err(unreadable)?, &mut first).map_err(unreadable)?;
    add(Place::File(file.to_owned()), first[..count] == GZIP, metadata.len(), hints, found)
}

fn add(
    place: Place,
    is_packed: bool,
    size: u64,
    hints: &Hints,
    found: &mut Sources,
) -> Result<(), ImportError> {
    let mut source = Source { place, format: Format::Csv, shape: Shape::CloudWatch, is_packed, size };
    let name = source.name();
    let unreadable = |error| ImportError::read(&name, error);
    let mut head = vec![0; HEAD];
    let mut text = source.repeatable().open(&Arc::default()).map_err(unreadable)?;
    // A packed file may be damaged later on; what was read says what it is.
    let filled = first_of(&mut *text, &mut head).map_err(unreadable)?;
    head.truncate(filled);
    if let Some((_, what)) = PACKED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(ImportError::Packed { name, what });
    }
    if head.iter().filter(|byte| **byte == 0).count() > head.len() / 4 {
        return Err(ImportError::Unknown { name, asked: hints.format });
    }
    match detect(&head, hints) {
        Found::Format(format, shape) => {
            (source.format, source.shape) = (format, *shape);
            found.sources.push(source);
            Ok(())
        }
        Found::Nothing => {
            found.empty += 1;
            Ok(())
        }
        Found::Beside(why) => {
            *found.passed.entry(why).or_default() += 1;
            Ok(())
        }
        Found::Infrastructure => Err(ImportError::Infrastructure { name }),
        Found::Unknown => Err(ImportError::Unknown { name, asked: hints.format }),
    }
}
