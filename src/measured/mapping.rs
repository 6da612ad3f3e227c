//! Columns with names of their own. In: `cpu_percent of web=CPUUtilization`. Out: a [`Mapping`].

use std::str::FromStr;

use super::figure::Figure;

/// What the times of the rows are called.
pub(super) const TIME: &str = "at_s";

/// A column of the table that is called otherwise there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The figure that it has; the times of the rows without.
    pub of: Option<Figure>,
    /// The head of the column.
    pub column: String,
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Mapping, String> {
        let example = "write \"cpu_percent of web=CPUUtilization\", or at_s=Timestamp";
        let (figure, column) = text.split_once('=').ok_or(example)?;
        let (figure, column) = (figure.trim(), column.trim());
        if column.is_empty() {
            return Err(example.into());
        }
        let of = match figure {
            TIME => None,
            figure => Some(figure.parse().map_err(|hint| format!("`{figure}` is no figure; {hint}"))?),
        };
        Ok(Mapping { of, column: column.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measured::What;

    #[test]
    fn a_column_has_a_figure_or_the_times() {
        let found: Mapping = "cpu_percent of web = CPUUtilization".parse().unwrap();
        assert_eq!(found.of, Some(Figure::of(What::Cpu, "web")));
        assert_eq!(found.column, "CPUUtilization");
        assert_eq!("at_s=Timestamp".parse::<Mapping>().unwrap().of, None);
        for wrong in ["", "cpu_percent of web", "cpu_percent of web=", "cpu of web=x"] {
            assert!(wrong.parse::<Mapping>().is_err(), "{wrong}");
        }
    }
}
