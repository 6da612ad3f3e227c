//! The files that a run depends on. In: the path of a scenario. Out: that file, those that it extends, and those that their values name.
//!
//! Nothing here names a key: any word of any text that ends like a file of data is taken for one. A file that is broken for a while is
//! read as far as it goes.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::Files;
use super::load::FILE_MAX;

/// What the name of a file of data or of a scenario ends with.
const ENDS: [&str; 3] = [".csv", ".csv.gz", ".toml"];
/// Most files: more are no scenario of anybody.
const MOST: usize = 1_000;

/// The file itself, and the others, whether they are there or not.
pub fn files(path: &Path) -> Vec<PathBuf> {
    let mut files = vec![path.to_owned()];
    let mut next = 0;
    // Those that are added on the way are read, too.
    while let Some(file) = files.get(next).cloned() {
        next += 1;
        if file.extension().is_none_or(|extension| extension != "toml") && next > 1 {
            continue;
        }
        let text = Files::Disk.bytes(&file, FILE_MAX).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let (table, _) = DeTable::parse_recoverable(&text);
        let mut words = Vec::new();
        for value in table.get_ref().values() {
            collect(value.get_ref(), &mut words);
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        for word in words {
            let named = folder.join(word);
            if !files.contains(&named) && files.len() < MOST {
                files.push(named);
            }
        }
    }
    files
}

/// The words of all texts in a value that can be files. A text that is a name with spaces is one, too.
fn collect(value: &DeValue<'_>, words: &mut Vec<String>) {
    match value {
        DeValue::String(text) => {
            let is_file = |word: &&str| ENDS.iter().any(|end| word.ends_with(end) && word.len() > end.len());
            let parts = text.split_whitespace().filter(|word| word.len() < text.len());
            words.extend([&**text].into_iter().chain(parts).filter(is_file).map(str::to_owned));
        }
        DeValue::Array(items) => items.iter().for_each(|item| collect(item.get_ref(), words)),
        DeValue::Table(table) => table.values().for_each(|value| collect(value.get_ref(), words)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn all_files_are_found_also_of_a_file_that_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let text = "extends = \"base.toml\"\n[traffic.a]\nrate = { file = \"my counts.csv\", column = \"n\" }\n\
                    [service.b]\ntime = \"replay trace.csv.gz column t unit us\"\n[request.c]\nx = [{ y = \"empirical t.csv\" }]\nname = \".csv\"\n";
        fs::write(place("shop.toml"), text).unwrap();
        fs::write(place("base.toml"), "price_list = [\"prices.csv\"]\nextends = \"shop.toml\"").unwrap();
        let names = |path: &Path| {
            let mut names: Vec<String> =
                files(path).iter().map(|it| it.file_name().unwrap().to_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        // A name with a space and its second word are both taken for one, and so is a law with its file: what is not there does not change.
        let all = [
            "base.toml",
            "counts.csv",
            "empirical t.csv",
            "my counts.csv",
            "prices.csv",
            "shop.toml",
            "t.csv",
            "trace.csv.gz",
        ];
        assert_eq!(names(&place("shop.toml")), all);
        fs::write(place("shop.toml"), format!("{text}[fleet.d\nmin = = 2\n")).unwrap();
        assert_eq!(names(&place("shop.toml")), all);
        assert_eq!(names(&place("none.toml")), ["none.toml"]);
    }
}
