//! What every kind shows of a run.
//!
//! In: the list of kinds. Out: functions that ask each of them in turn, for headroom, phases and warnings.

/// Makes what asks all kinds: `folder Part`.
macro_rules! views {
    ($($module:ident $Part:ident;)*) => {
        /// Every resource that can fill, row by row, in the order of the list.
        pub(crate) fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::watch(scene));)*
            all
        }

        /// Every resource of which requests take a part.
        pub(crate) fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::capacities(scene).into_iter().inspect(|it| {
                view::check_label(<$module::$Part as View<All>>::LABELS, &it.resource);
            }));)*
            all
        }

        /// What resources can be called, by the tables of their kinds.
        #[cfg(any(feature = "schema", test))]
        pub(crate) fn labels() -> Vec<(&'static str, &'static [crate::measure::resource::label::Label])> {
            vec![$((stringify!($module), <$module::$Part as View<All>>::LABELS),)*]
        }

        /// Every limit of which something is wanted whatever the traffic.
        pub(crate) fn wanted(scene: &Scene<'_>) -> Vec<Wanted> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::wanted(scene).into_iter().inspect(|it| {
                view::check_label(<$module::$Part as View<All>>::LABELS, &it.resource);
            }));)*
            all
        }

        /// In which rows something asked for was not done, other than requests that failed and resources that were full.
        pub(crate) fn lacking(scene: &Scene<'_>) -> Vec<Vec<bool>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::lacking(scene));)*
            all
        }

        /// In which rows a limit was reached; none of what no kind knows.
        pub(crate) fn at_limit(scene: &Scene<'_>, of: Resource) -> Vec<bool> {
            None$(.or_else(|| <$module::$Part as View<All>>::at_limit(scene, of)))*.unwrap_or_default()
        }

        /// The part of each row in which something kept a resource from working; nothing where it always worked.
        pub(crate) fn not_working(scene: &Scene<'_>, of: Resource) -> Option<Vec<f64>> {
            None$(.or_else(|| <$module::$Part as View<All>>::not_working(scene, of)))*
        }

        /// How many hosts of a group may serve, row by row; nothing where it cannot grow.
        pub(crate) fn most_hosts(scene: &Scene<'_>, group: usize) -> Option<Vec<f64>> {
            None$(.or_else(|| <$module::$Part as View<All>>::most_hosts(scene, group)))*
        }

        /// The resource that stands for a resource: itself, unless several are one and the same.
        pub(crate) fn shared(settings: &Settings, of: Resource) -> Resource {
            None$(.or_else(|| <$module::$Part as View<All>>::shared(settings, of)))*.unwrap_or(of)
        }

        /// The table that stands for a table where they share something, if it does.
        pub(crate) fn shares_with(settings: &Settings, of: PathOwner) -> Option<PathOwner> {
            None$(.or_else(|| <$module::$Part as View<All>>::shares_with(settings, of)))*
        }

        /// Whether a resource is held while another one, further down, is waited for.
        pub(crate) fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
            $(<$module::$Part as View<All>>::waits_for(scene, of, other))||*
        }

        /// What waits though no step of a path says so, and for which resource.
        pub(crate) fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
            $(<$module::$Part as View<All>>::waits(settings, add);)*
        }

        /// Resources of which whatever is full meanwhile can have come.
        pub(crate) fn upsets(settings: &Settings) -> Vec<Resource> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::upsets(settings));)*
            all
        }

        /// What is struck, if it is a strike.
        pub(crate) fn struck(settings: &Settings, of: Resource) -> Vec<PathOwner> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::struck(settings, of));)*
            all
        }

        /// How many requests a second failed at what a strike holds, row by row; nothing of what is no strike.
        pub(crate) fn failed_at<'a>(scene: &Scene<'a>, of: Resource) -> Option<&'a [f64]> {
            None$(.or_else(|| <$module::$Part as View<All>>::failed_at(scene, of)))*
        }

        /// Whether it is a strike that changes nothing.
        pub(crate) fn is_nothing(settings: &Settings, of: Resource) -> bool {
            $(<$module::$Part as View<All>>::is_nothing(settings, of))||*
        }

        /// Whether a resource can be why requests fail by a cause.
        pub(crate) fn can_fail(scene: &Scene<'_>, of: Resource, cause: Cause) -> bool {
            $(<$module::$Part as View<All>>::can_fail(scene, of, cause))&&*
        }

        /// How often calls within the system were tried again in some rows, in words, and in which of them.
        pub(crate) fn again(
            scene: &Scene<'_>,
            rows: &std::ops::Range<usize>,
            calm: &[bool],
        ) -> Option<(std::ops::Range<usize>, String)> {
            None$(.or_else(|| <$module::$Part as View<All>>::again(scene, rows, calm)))*
        }

        /// Whether it only makes something a little slower.
        pub(crate) fn is_slight(scene: &Scene<'_>, of: Resource) -> bool {
            $(<$module::$Part as View<All>>::is_slight(scene, of))||*
        }

        /// Whether something can fill because of what happened.
        pub(crate) fn fills(settings: &Settings, of: Resource) -> bool {
            $(<$module::$Part as View<All>>::fills(settings, of))&&*
        }

        /// Whether a strike keeps what it strikes for longer, or leaves less of it.
        pub(crate) fn keeps(scene: &Scene<'_>, of: Resource) -> bool {
            $(<$module::$Part as View<All>>::keeps(scene, of))&&*
        }

        /// What keeps a resource held that is no capacity, and in which rows.
        pub(crate) fn blocked(scene: &Scene<'_>, of: Resource) -> Option<(Resource, Vec<bool>)> {
            None$(.or_else(|| <$module::$Part as View<All>>::blocked(scene, of)))*
        }

        /// What is asked for without end, whatever the traffic.
        pub(crate) fn endless(settings: &Settings, paths: &[Walk<'_>]) -> Vec<Resource> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::endless(settings, paths));)*
            all
        }

        /// What a resource is called.
        pub(crate) fn name(scene: &Scene<'_>, of: Resource) -> String {
            None$(.or_else(|| {
                let called = <$module::$Part as View<All>>::name(scene, of)?;
                view::check_label(<$module::$Part as View<All>>::LABELS, &called);
                Some(called.to_string())
            }))*.unwrap_or_default()
        }

        /// What is rarely intended, by what can be expected before a run.
        pub(crate) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
            let mut found = Vec::new();
            $(found.extend(<$module::$Part as View<All>>::expected(expected));)*
            found
        }

        /// What is rarely intended, by what runs have shown.
        pub(crate) fn ended(ended: &Ended<'_>) -> Vec<Warning> {
            let mut found = Vec::new();
            $(found.extend(<$module::$Part as View<All>>::ended(ended));)*
            found
        }

        /// A resource that was full, with numbers of its rows.
        pub(crate) fn full(about: &Full<'_>) -> String {
            let usual = || view::with(format!("{} full", about.name), &[about.waiting.into()]);
            None$(.or_else(|| <$module::$Part as View<All>>::full(about)))*.unwrap_or_else(usual)
        }
    };
}
pub(crate) use views;
