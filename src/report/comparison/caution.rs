//! How often the words of a comparison come by chance. In: the words of a page, and the number of runs. Out: sentences below its figures.

use crate::comparison::Word;
use crate::number::amount;

/// How often words come by chance: on lines that say them, or of figures that are called so.
pub(in crate::report) fn caution(
    words: impl Iterator<Item = Word> + Clone,
    runs: usize,
    one: &str,
    says: &str,
) -> Vec<String> {
    let any = |is: fn(Word) -> bool| words.clone().any(is);
    let sure = format!("Where nothing differs, {one} in twenty still {says} better or worse, by chance.");
    let seen = match runs {
        1 => "Higher or lower is what one run of each shows.".to_owned(),
        // The sides of all runs but the first are those of the first.
        runs => format!(
            "Higher or lower is what every run shows; the interval does not rule out chance. Where nothing differs, \
             about {one} in {} {says} so.",
            amount(libm::pow(2.0, (runs - 1) as f64)),
        ),
    };
    let sure = (runs > 1 && any(|word| word != Word::Same)).then_some(sure);
    [sure, any(Word::is_seen).then_some(seen)].into_iter().flatten().collect()
}
