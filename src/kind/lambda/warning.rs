//! What is rarely intended of a function: more invocations at once than it may have, more connections than a database takes. In: the traffic that
//! is expected. Out: warnings.

use super::language::Lambda;
use crate::id::DatabaseId;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{bounded, counted, excess};
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let functions = expected.lambdas.iter().enumerate();
    let mut found: Vec<Warning> =
        functions.filter_map(|(index, function)| concurrency(expected, index, function)).collect();
    found.extend(expected.databases.iter().enumerate().filter_map(|(index, database)| {
        let limit = database.writer_connections;
        if database.proxy.is_some() {
            return None;
        }
        let id = DatabaseId(crate::flow::number(index));
        let own = |function: &Lambda| -> f64 {
            function.pools.iter().filter(|pool| pool.database == id).map(|pool| f64::from(pool.writer)).sum()
        };
        let each = expected.lambdas.iter().map(|function| own(function) * most(expected, function));
        let wanted: f64 = each.sum();
        (wanted > f64::from(limit)).then(|| {
            let message = format!(
                "functions may open {} to database `{}`, whose writer takes {}: one for each environment",
                counted(wanted.round() as u64, "connection"),
                database.name,
                bounded(limit.into())
            );
            let hint = "reserve less concurrency, or put a `proxy` before the database: an environment that gets no connection fails its requests";
            Warning::new(
                Code::ConnectionsAboveLimit,
                &["database", &database.name, "max_connections"],
                message,
                hint,
            )
        })
    }));
    found
}

/// The most environments that a function may have at once.
fn most(expected: &Expected<'_, Settings>, function: &Lambda) -> f64 {
    function.limit(&expected.account, &expected.lambdas)
}

/// The peak asks for more at once than it may have.
fn concurrency(expected: &Expected<'_, Settings>, index: usize, function: &Lambda) -> Option<Warning> {
    if Lambda::shares(index, &expected.lambdas) != index {
        return None; // it is said of the first one
    }
    let sharing = Lambda::sharing(index, &expected.lambdas).count();
    let limit = most(expected, function);
    let of = Resource::Concurrency { lambda: index };
    let asked = expected.load.busy(|demand| demand.of(of), 1.0);
    let (time, times): (Time, f64) = expected.load.worst(&asked, |_| limit)?;
    let message = format!(
        "the traffic at {time} asks for {} the concurrency of {}, {}",
        excess(times),
        match sharing {
            1 => format!("function `{}`", function.name),
            many => format!("the account that {many} functions share"),
        },
        bounded(limit)
    );
    let hint = "requests beyond it are throttled: raise `lambda_concurrency` of [account] or `reserved_concurrency`, or make it faster";
    Some(Warning::new(Code::DemandAboveCapacity, &["lambda", &function.name], message, hint))
}
