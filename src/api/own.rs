//! What a program brings to a scenario itself. In: a scenario, and code of the program. Out: the scenario, with that in it.

use super::{Error, Scenario};
use crate::language::names::list;
use crate::own::{Arrival, Arrivals, OwnError, Run, Station, Stations};
use crate::scenario::traffic::Pattern;
use crate::scenario::traffic::own::Own;

impl Scenario {
    /// Lets the program make the requests of a source: of `[traffic.NAME]`, in place of those that the file says.
    ///
    /// `arrivals` is called once for each run, from any thread, and gives its requests in order of time; those after the end of the run are
    /// not asked for. What the file says of the source, such as its `rate`, is what is expected before a run, for warnings and estimates;
    /// its classes and its client stay. A search for the headroom sends a multiple: k times as many requests between two of them.
    ///
    /// The same seed gives the same bytes, on any number of threads, as long as the requests depend on nothing but the [`Run`].
    ///
    /// ```
    /// use std::time::Duration;
    /// use simcap::own::{Arrival, Run};
    ///
    /// let scenario = simcap::parse(
    ///     r#"
    ///     duration = "1m"
    ///     traffic.sensors.rate = "10/s"
    ///     request.report.steps = [{ service = "store" }]
    ///     service.store = { servers = 1, time = "60ms" }
    ///     "#,
    ///     &[],
    /// )?;
    /// // Ten sensors report at each full second, all at once.
    /// let scenario = scenario.with_arrivals("sensors", |run: &Run| {
    ///     let seconds = (0..run.length().as_secs()).map(Duration::from_secs);
    ///     seconds.flat_map(|second| std::iter::repeat_n(Arrival::at(second), 10))
    /// })?;
    /// let outcome = simcap::Simulation::of(&scenario).run()?;
    ///
    /// // Each waits for those before it: the last one for 540 ms.
    /// assert_eq!(outcome.requests.completed, 600.0);
    /// assert_eq!(outcome.latency_ms.max.round(), 600.0);
    /// # Ok::<(), simcap::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Own`] if the file has no such source, or if it is one of `[users.NAME]`, who send when they are answered. That requests are
    /// out of order or ask for no class of the file is found in a run, which then fails with this error.
    pub fn with_arrivals<I>(
        mut self,
        source: &str,
        arrivals: impl Fn(&Run) -> I + Send + Sync + 'static,
    ) -> Result<Scenario, Error>
    where
        I: IntoIterator<Item = Arrival>,
        I::IntoIter: Send + 'static,
    {
        let is_open = |it: &&mut crate::scenario::traffic::Source| !matches!(it.pattern, Pattern::Users(_));
        let classes = self.classes.iter().map(|class| class.name.clone()).collect();
        let Some(found) = self.sources.iter_mut().filter(is_open).find(|it| it.name == source) else {
            return Err(self.no_source(source).into());
        };
        found.own = Some(Own { arrivals: Arrivals::new(arrivals), classes, factor: 1.0 });
        Ok(self)
    }

    /// Lets the program be a service station: `[service.NAME]`, in place of its servers and their queue.
    ///
    /// `station` is called once for each run, from any thread, and makes the station of that run. What the file says of it is what is
    /// expected before a run, for warnings and estimates, and by its `servers` the busy share is counted. Its `time` is drawn for each
    /// call, its `patience` ends the wait of a call, its `hop` and its faults stay.
    ///
    /// The same seed gives the same bytes, on any number of threads, as long as a station depends on nothing but the [`Run`] and what it is
    /// told.
    ///
    /// ```
    /// use simcap::own::{Call, Desk, Run, Station};
    ///
    /// /// A partner that takes one call in so long, and refuses the others.
    /// struct Partner {
    ///     next: std::time::Duration,
    /// }
    ///
    /// impl Station for Partner {
    ///     fn asked(&mut self, call: Call, desk: &mut Desk<'_>) {
    ///         if desk.now() < self.next {
    ///             return desk.refuse(call);
    ///         }
    ///         self.next = desk.now() + std::time::Duration::from_millis(100);
    ///         desk.serve(call, call.time());
    ///     }
    /// }
    ///
    /// let scenario = simcap::parse(
    ///     r#"
    ///     duration = "1m"
    ///     traffic.shop = { interarrival = "50ms" }
    ///     request.pay.steps = [{ service = "partner" }]
    ///     service.partner = { servers = 1, time = "20ms" }
    ///     "#,
    ///     &[],
    /// )?;
    /// let scenario = scenario.with_service("partner", |_: &Run| Partner { next: Default::default() })?;
    /// let outcome = simcap::Simulation::of(&scenario).run()?;
    ///
    /// // Every second call is refused.
    /// assert_eq!((outcome.services[0].served, outcome.services[0].rejected), (600.0, 599.0));
    /// # Ok::<(), simcap::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Own`] if the file has no such service. That a station serves or refuses a call that is not there is found in a run, which
    /// then fails with this error.
    pub fn with_service<S: Station + 'static>(
        mut self,
        service: &str,
        station: impl Fn(&Run) -> S + Send + Sync + 'static,
    ) -> Result<Scenario, Error> {
        let classes = self.classes.iter().map(|class| class.name.clone()).collect();
        match self.kinds.services.iter_mut().find(|it| it.name == service) {
            Some(found) => found.own = Some(Stations::new(station, classes)),
            None => {
                let known = self.kinds.services.iter().map(|it| it.name.as_str());
                let hint = match known.collect::<Vec<_>>() {
                    none if none.is_empty() => {
                        "add one with its `servers` and `time`, as they are expected".into()
                    }
                    known => format!("there is {}", list(&known)),
                };
                let message = format!("there is no [service.{service}] in the scenario");
                return Err(OwnError::new(message, hint).into());
            }
        }
        Ok(self)
    }

    fn no_source(&self, wanted: &str) -> Box<OwnError> {
        if self.sources.iter().any(|it| it.name == wanted) {
            let message = format!("the requests of [users.{wanted}] cannot be given");
            return OwnError::new(
                message,
                "users send when they are answered: give those of a [traffic.NAME]",
            );
        }
        let open = self.sources.iter().filter(|it| it.table() == "traffic").map(|it| it.name.as_str());
        let hint = format!("there is {}", list(&open.collect::<Vec<_>>()));
        OwnError::new(format!("there is no [traffic.{wanted}] in the scenario"), hint)
    }
}
