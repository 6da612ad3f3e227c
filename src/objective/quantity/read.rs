//! How people name a figure of all requests, of a class or of the bill: `p99`, `checkout p99.9`, `errors`, `cost`. In: words, and the
//! request classes there are. Out: a [`Quantity`], or what is wrong with the words.

use super::Quantity;
use crate::id::ClassId;
use crate::language::names::{closest, list};
use crate::scenario::objective::quantile;

/// Words that name no such figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that is known.
    pub hint: Option<String>,
}

impl Quantity {
    /// Reads `p99`, `checkout p99`, `mean`, `errors` or `cost`; the classes are in the order of the file.
    ///
    /// # Errors
    /// The words name no figure, or a class that is not there.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn read(words: &str, classes: &[&str]) -> Result<Quantity, Unread> {
        let words = words.trim();
        let (class, figure) = words.rsplit_once(char::is_whitespace).unwrap_or(("", words));
        let class = of_class(class.trim(), classes)?;
        match (figure, class) {
            ("mean", class) => Ok(Quantity::Mean(class)),
            ("errors", class) => Ok(Quantity::Errors(class)),
            ("cost", None) => Ok(Quantity::Cost),
            ("cost", Some(_)) => Err(Unread { message: "a class has no bill of its own".into(), hint: None }),
            (percentile, class) => match quantile(percentile) {
                Ok(quantile) => Ok(Quantity::Latency { class, quantile }),
                Err((message, _)) => Err(Unread { message, hint: None }),
            },
        }
    }
}

/// The class of a name; no name is all requests.
fn of_class(name: &str, classes: &[&str]) -> Result<Option<ClassId>, Unread> {
    if name.is_empty() {
        return Ok(None);
    }
    let Some(index) = classes.iter().position(|known| *known == name) else {
        let hint = match closest(name, classes.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the scenario has {}", list(classes)),
        };
        return Err(Unread { message: format!("no request class `{name}`"), hint: Some(hint) });
    };
    // A single class has all requests, so it goes by the name of the total.
    Ok((classes.len() > 1).then_some(ClassId(index as u32)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_named_as_an_objective_names_it() {
        let read = |words| Quantity::read(words, &["home", "check out"]).unwrap();
        assert_eq!(read(" p99.9 "), Quantity::Latency { class: None, quantile: 0.999 });
        assert_eq!(read("check out  p50"), Quantity::Latency { class: Some(ClassId(1)), quantile: 0.5 });
        assert_eq!(read("home errors"), Quantity::Errors(Some(ClassId(0))));
        assert_eq!(Quantity::read("only mean", &["only"]), Ok(Quantity::Mean(None)));
        let wrong = |words| Quantity::read(words, &["home", "checkout"]).unwrap_err();
        assert_eq!(wrong("chekout p99").hint.as_deref(), Some("did you mean `checkout`?"));
        assert_eq!(wrong("basket p99").hint.as_deref(), Some("the scenario has `home`, `checkout`"));
        assert!(wrong("home cost").message.contains("no bill of its own"));
        assert!(wrong("speed").message.contains("not a percentile"));
    }
}
