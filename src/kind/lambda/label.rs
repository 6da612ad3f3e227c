//! What pages call the resources of a function. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    CONCURRENCY = "concurrency of function NAME",
        "Invocations of the function that may be in progress at once, and how fast it gets environments for more.",
        ["lambda.NAME.reserved_concurrency", "account.lambda_concurrency", "lambda.NAME.provisioned_concurrency", "lambda.NAME.scaling"];
    ACCOUNT = "concurrency of the account (NAME)",
        "Invocations that all functions of the account without a reservation may have in progress at once, and how fast they get environments for more.",
        ["account.lambda_concurrency", "lambda.NAME.reserved_concurrency", "lambda.NAME.scaling"];
    EVENTS = "events of function NAME",
        "Events that invoke the function asynchronously and are dropped: too old, or tried too often.",
        ["lambda.NAME.asynchronous"];
}
