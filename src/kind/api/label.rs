//! What pages call the resources of an API. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    RATE = "request rate of API NAME",
        "Requests a second that the stage of the API takes; what comes above it is throttled (429).",
        ["api.NAME.throttle"];
    ACCOUNT = "request rate of the account (NAME)",
        "Requests a second that all APIs of the account take together in the Region; what comes above it is throttled (429).",
        ["account.api_rate", "account.api_burst", "api.NAME.throttle"];
    ROUTES = "routes of API NAME",
        "Requests a second that the routes of the API take, of the route that has least left.",
        ["api.NAME.routes"];
    KEYS = "keys of API NAME",
        "Requests a second that the keys of the usage plans of the API may send, of the plan whose keys have least left.",
        ["api.NAME.plans"];
}
