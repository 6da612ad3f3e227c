//! Paths that an assistant names. In: text. Out: a path below the folder of the server, or why it is none.

use std::path::{Component, Path, PathBuf};

use simcap::files;

/// The folder of the server; its path has no links.
#[derive(Clone, Debug)]
pub struct Place {
    root: PathBuf,
}

impl Place {
    pub fn new(root: PathBuf) -> Place {
        Place { root }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path as it is from the folder, without `.` and `..`. Whether something is there is not looked at.
    pub fn path(&self, text: &str) -> Result<PathBuf, String> {
        let refused = |why: &str| Err(format!("`{}` cannot be used: {why}", short(text)));
        if text.is_empty() || text == "-" || text.contains('\0') {
            return refused("name a file below the folder, such as `shop.toml`");
        }
        let path = Path::new(text);
        let below = match path.is_absolute() {
            true => path.strip_prefix(&self.root).ok(),
            false => Some(path),
        };
        let below = below.and_then(plain);
        match below.filter(|path| files::check_within(&self.root, &self.root.join(path)).is_ok()) {
            Some(path) => Ok(path),
            None => refused(
                "it is outside of the folder, by its name or by a link; name a path below it, such as `shop.toml`",
            ),
        }
    }
}

/// What was named, as a message quotes it.
fn short(text: &str) -> String {
    simcap::text::visible(&text.chars().take(120).collect::<String>()).into_owned()
}

/// A path below a folder without `.` and `..`; nothing if it leads out.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(name) => plain.push(name),
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    Some(if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_the_folder_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let place = Place::new(root.clone());
        let path = |text: &str| place.path(text).map(|it| it.display().to_string());
        assert_eq!(path("a/./b/../shop.toml"), Ok("a/shop.toml".into()));
        assert_eq!(path(&root.join("shop.toml").display().to_string()), Ok("shop.toml".into()));
        assert_eq!(path("."), Ok(".".into()));
        for outside in ["", "-", "/etc/passwd", "../shop.toml", "a/../../shop.toml", "a\0b"] {
            assert!(path(outside).is_err(), "{outside}");
        }
    }
}
