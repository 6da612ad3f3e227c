//! Quantities as regular expressions for editors. In: the sort of a quantity. Out: what its text looks like, as `crate::units` and
//! `super::super::law` read it.
//!
//! They are in the common part of ECMA 262 and of what Rust and Python read, and say what a text looks like, not whether its number is possible:
//! the reader of the file alone knows that.

/// A sort of quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// `"250ms"`.
    Duration,
    /// `"400/s"`.
    Rate,
    /// `"2 GiB"`.
    Data,
    /// `"2 GiB"`, or how it is spread.
    DataLaw,
    /// `"750 Mbit/s"`.
    Bandwidth,
    /// `"90%"`.
    Share,
    /// `"exponential 6ms"`.
    Law,
    /// A law, or a recorded value for each request, or how busy an instance was.
    Demand,
    /// `"checkout p99 < 2s every minute"`.
    Bound,
    /// `"+10%"`.
    Change,
}

/// A number without a sign, as quantities have it.
const NUMBER: &str = r"\+?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)";

impl Quantity {
    /// A text of it; of a bound there is none that says enough.
    pub(crate) fn example(self) -> Option<&'static str> {
        match self {
            Quantity::Duration => Some("30s"),
            Quantity::Rate => Some("400/s"),
            Quantity::Data | Quantity::DataLaw => Some("2 GiB"),
            Quantity::Bandwidth => Some("750 Mbit/s"),
            Quantity::Share => Some("90%"),
            Quantity::Law | Quantity::Demand => Some("6ms"),
            Quantity::Change => Some("+10%"),
            Quantity::Bound => None,
        }
    }

    /// The pattern of its text, without anchors.
    pub(crate) fn pattern(self) -> String {
        let duration = format!(r"(?:{NUMBER}\s*(?:ns|us|µs|ms|sec|s|min|m|h|d)\s*)+");
        match self {
            Quantity::Duration => duration,
            Quantity::Rate => format!(r"{NUMBER}\s*k?\s*/(?:s|min|m|h|day|d)"),
            Quantity::Data => format!(r"{NUMBER}\s*(?:B|[kK]B|[MGT]B|[KMGT]iB)"),
            Quantity::DataLaw => format!(
                r"(?:(?:constant|exponential|erlang-[0-9]+|lognormal|hyperexponential|gamma|weibull|uniform)\s+)?{}(?:\s.*)?",
                Quantity::Data.pattern()
            ),
            Quantity::Bandwidth => format!(r"{NUMBER}\s*(?:[kMG]bit/s|[kMG]bps|MB/s|MiB/s)"),
            Quantity::Share => format!(r"{NUMBER}\s*%"),
            Quantity::Law => law(&duration),
            Quantity::Demand => {
                let busy = format!(r"{},?\s(?:.*\s)?at\s+{NUMBER}\s*%.*", Quantity::Rate.pattern());
                format!(r"{}|replay\s+\S.*", law(&format!("(?:{duration}|{busy})")))
            }
            Quantity::Change => r"[+=-]\s*[0-9.]+\s*%?".to_owned(),
            Quantity::Bound => r"\S?.*(?:<|>)=?\s*\$?\s*[0-9.].*".to_owned(),
        }
    }
}

/// A law of this time.
fn law(time: &str) -> String {
    [
        time.to_owned(),
        format!(r"(?:constant|exponential|erlang-[0-9]+)\s+{time}"),
        format!(r"(?:lognormal|hyperexponential|gamma)\s+{time}\s*cv\s*{NUMBER}"),
        format!(r"weibull\s+{time}\s*shape\s*{NUMBER}"),
        format!(r"uniform\s+{NUMBER}.*"),
        r"(?:lognormal\s+)?(?:p[0-9.]+|mean|average|median)\s+\S.*".to_owned(),
        r"empirical\s+\S.*".to_owned(),
    ]
    .join("|")
}
