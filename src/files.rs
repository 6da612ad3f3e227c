//! Files under temporary names, until they are whole. In: a folder. Out: a new file in it that nobody knows.

use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// A new file beside those of a folder; it goes away unless it gets a name. Its own name is unpredictable: a link or a file that
/// another user put in its place is never followed.
pub fn neighbour(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".partial");
    // With the permissions of any new file, by the mask of the user; the library would allow only the owner.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(dir)
}
