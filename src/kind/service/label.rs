//! What pages call the resources of a service. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    SERVERS = "NAME",
        "Servers of the service, each of which works on one request at a time.",
        ["service.NAME.servers"];
}
