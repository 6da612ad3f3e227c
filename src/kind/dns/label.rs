//! What pages call the resources of a name. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    ANSWERS = "answers of NAME",
        "Answers of the name that lead to what does not serve, and that clients keep although no lookup has them any more.",
        ["dns.NAME.ttl", "dns.NAME.holds"];
}
