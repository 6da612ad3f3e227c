//! Calls that simulate: when it is the turn of each, and what becomes of it. In: jobs. Out: answers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::RequestContext;
use serde_json::{Map, Value};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use super::answer::Answer;
use super::arguments::{Check, Subject};
use super::asks::Ask;
use super::child::{self, Limits, Ran};
use super::job::{Job, ResultOf};
use super::place::Place;
use super::{checked, done};

/// Most calls that wait for others.
const WAITING_MAX: usize = 32;

/// The calls of one server.
pub struct Calls {
    place: Place,
    limits: Limits,
    /// Those that run.
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Scenarios whose results are being written: another call would write them into the same files.
    busy: Mutex<HashMap<PathBuf, Arc<tokio::sync::Mutex<()>>>>,
}

/// The right to run, until it is dropped.
type Turn = (Option<OwnedMutexGuard<()>>, OwnedSemaphorePermit);

impl Calls {
    pub fn new(place: Place, limits: Limits, at_once: usize) -> Calls {
        let turns = Arc::new(Semaphore::new(at_once));
        Calls { place, limits, turns, waiting: AtomicUsize::new(0), busy: Mutex::default() }
    }

    /// Runs a call when it is its turn.
    pub async fn job(&self, job: Job, context: &RequestContext<RoleServer>) -> Answer {
        let answer = self.answer(&job, context).await.unwrap_or_else(|why| Answer::refused(&why));
        let Some(draft) = &job.draft else { return answer };
        if !answer.is_error || answer.result.contains_key("stored") {
            let page =
                format!("{}\nThe text is kept as `{}`.\n", answer.page.trim_end(), draft.path.display());
            return Answer { page, ..answer };
        }
        draft.discard(&self.place);
        // The file is gone: what was found is in the text.
        renamed(answer, &draft.path.display().to_string(), "text")
    }

    async fn answer(&self, job: &Job, context: &RequestContext<RoleServer>) -> Result<Answer, String> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(format!(
                "{WAITING_MAX} calls wait already: ask again when some of them are answered"
            ));
        }
        let turn = tokio::select! {
            turn = self.turn(job) => turn,
            () = context.ct.cancelled() => Err("it was cancelled".into()),
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let _turn = turn?;
        let before = done::written(job, &self.place);
        let ran = self.run(job, context, context.meta.get_progress_token()).await?;
        if job.result == ResultOf::Printed {
            return Ok(checked::of_check(&ran));
        }
        let answer = done::of_job(job, &ran, &self.place, before);
        match (&job.scenario, ran.code) {
            (Some((file, set)), Some(2)) => {
                let file = Some(file.display().to_string());
                let check =
                    Check { subject: Subject { file, text: None }, set: set.clone() }.ask(&self.place)?;
                let found = checked::of_check(&self.run(&check, context, None).await?);
                Ok(checked::with_problems(answer, found))
            }
            _ => Ok(answer),
        }
    }

    async fn turn(&self, job: &Job) -> Result<Turn, String> {
        let busy = job.scenario.as_ref().map(|(file, _)| {
            let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody else has those that are not in use.
            busy.retain(|_, lock| Arc::strong_count(lock) > 1);
            busy.entry(file.clone()).or_default().clone()
        });
        let own = match busy {
            Some(busy) => Some(busy.lock_owned().await),
            None => None,
        };
        Ok((own, self.turns.clone().acquire_owned().await.map_err(|error| error.to_string())?))
    }

    async fn run(
        &self,
        job: &Job,
        context: &RequestContext<RoleServer>,
        token: Option<ProgressToken>,
    ) -> Result<Ran, String> {
        let memory = self.limits.memory.map_or_else(|| "none".to_owned(), |bytes| format!("{} B", bytes.0));
        let limits =
            [format!("--max-time={}ms", self.limits.time.as_millis()), format!("--max-memory={memory}")];
        let tell = |seconds: f64, line: String| {
            let Some(token) = token.clone() else { return };
            let line = if line.is_empty() { format!("running for {seconds:.0} s") } else { line };
            let note = ProgressNotificationParam::new(token, seconds).with_message(line);
            let peer = context.peer.clone();
            // A client that does not listen any more is no reason to stop.
            drop(tokio::spawn(async move { peer.notify_progress(note).await }));
        };
        let (words, folder) = (job.words(limits), self.place.root().to_owned());
        child::run(&words, folder, self.limits, context.ct.cancelled(), tell)
            .await
            .map_err(|error| format!("cannot start the call: {error}"))
    }
}

/// An answer that says another name.
fn renamed(answer: Answer, from: &str, to: &str) -> Answer {
    let text = Value::Object(answer.result).to_string().replace(from, to);
    // Neither name has a letter that JSON writes in another way.
    let result: Map<String, Value> = serde_json::from_str(&text).unwrap_or_default();
    Answer { page: answer.page.replace(from, to), result, is_error: answer.is_error }
}
