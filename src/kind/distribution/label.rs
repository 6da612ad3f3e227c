//! What pages call the resources of a distribution. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    QUOTAS = "quotas of NAME",
        "Requests and bits a second that the distribution takes and sends at most.",
        ["distribution.NAME.requests", "distribution.NAME.bandwidth"];
}
