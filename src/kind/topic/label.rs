//! What pages call the resources of an event bus. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    PUTS = "PutEvents calls to NAME",
        "Calls of PutEvents a second, of which all event buses of the Region together take only so many.",
        ["account.event_puts"];
    ACCOUNT = "PutEvents calls of the account (NAME)",
        "Calls of PutEvents a second, of which all event buses of the Region together take only so many.",
        ["account.event_puts"];
}
