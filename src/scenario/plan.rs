//! `[plan]`: what `simcap plan` may choose from, and how sure it has to be. In: texts and numbers. Out: a [`Plan`], of which a run
//! knows nothing.

use crate::language::overrides;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;

/// Most axes.
const MOST_AXES: usize = 20;

/// What there is to choose, and what a choice has to stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Axes, as `--set` has them: `fleet.was.min=4..14`.
    pub axes: Vec<String>,
    /// The multiple of the traffic at which objectives have to be met.
    pub headroom: Option<f64>,
    /// How sure the answer has to be, as a share.
    pub confidence: Option<f64>,
}

/// The traffic of the file.
pub const HEADROOM: Given<f64> = Given::new(1.0, "the traffic of the file");
/// Sure to 95 %.
pub const CONFIDENCE: Given<&str> = Given::new("95%", "assumption: the confidence of every interval here");
/// Least and most of a headroom.
pub const HEADROOMS: std::ops::RangeInclusive<f64> = 0.1..=100.0;
/// Least and most of a confidence.
pub const CONFIDENCES: std::ops::RangeInclusive<f64> = 0.5..=0.9999;

/// The language of a plan.
pub const SHAPE: Shape = Shape {
    title: "[plan]",
    about: "What `simcap plan` may choose from. It changes nothing of a run. The command line comes before it.",
    keys: &[
        Key::optional(
            "axes",
            "text such as \"fleet.web.min=4..14\", or an array of them",
            "what `--set` says",
            "keys with the values that each may have: a range with both ends, with ` by ` and a step, or values between commas",
        ),
        Key::given(
            "headroom",
            "number from 0.1 to 100",
            || HEADROOM.show(),
            "objectives have to be met at so many times the traffic; the bill is that of the traffic itself",
        ),
        Key::given(
            "confidence",
            "share from 50% to 99.99%",
            || CONFIDENCE.show(),
            "how sure it has to be that the values meet every objective and that cheaper ones do not",
        ),
    ],
};

impl Plan {
    pub(super) fn read(reader: &Reader) -> Plan {
        Plan {
            axes: reader.maybe("axes", axes).unwrap_or_default(),
            headroom: reader.maybe("headroom", |value| value.number(HEADROOMS)),
            confidence: reader.maybe("confidence", confidence),
        }
    }
}

fn axes(value: Value) -> Option<Vec<String>> {
    let texts = value.one_or_more(MOST_AXES)?;
    texts.into_iter().map(axis).collect()
}

/// What an axis means is for the command, as on its own line; that it names a key is seen here.
fn axis(value: Value) -> Option<String> {
    let text = value.text()?;
    if !overrides::split(text).is_some_and(|(path, values)| !path.is_empty() && !values.is_empty()) {
        value.problem(
            format!("`{text}` is no key with values"),
            "write \"fleet.web.min=4..14\", or \"fleet.web.instance=c7g.large,c7g.xlarge\"",
        );
        return None;
    }
    Some(text.to_owned())
}

fn confidence(value: Value) -> Option<f64> {
    let share = value.share()?;
    if !CONFIDENCES.contains(&share) {
        value.problem("a confidence lies between 50 % and 99.99 %", "write \"95%\"");
        return None;
    }
    Some(share)
}
