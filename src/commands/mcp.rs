//! `simcap mcp`: the commands as tools of an assistant, by the Model Context Protocol. In: requests on standard input. Out: answers on
//! standard output, until the input ends or a signal comes.
//!
//! A call that simulates is a process of its own: this program again, with limits. So nothing that a scenario does ends the server, and a
//! call ends when it is cancelled. The library knows nothing of all this.

mod answer;
mod arguments;
mod asks;
mod calls;
mod checked;
mod child;
mod cut;
mod done;
mod draft;
mod found;
mod job;
mod lines;
mod looked_up;
mod place;
mod resources;
mod server;
mod tools;

use std::time::Duration;

use anyhow::{Context, bail};
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use simcap::files;
use tokio::runtime::Builder;
use tokio::signal::ctrl_c;
use tokio::time::timeout;

use self::server::Server;
use crate::cli::Mcp;
use crate::exit::Exit;

/// How long the last answers may take to be written, once the input has ended.
const LAST: Duration = Duration::from_secs(10);

pub fn mcp(args: &Mcp) -> anyhow::Result<Exit> {
    let shown = args.root.display();
    let root = args.root.canonicalize().with_context(|| format!("cannot serve the folder `{shown}`"))?;
    if !root.is_dir() {
        bail!("cannot serve `{shown}`: it is no folder");
    }
    files::confine(&root)?;
    std::env::set_current_dir(&root).with_context(|| format!("cannot work in `{shown}`"))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(serve(Server::new(root, args)?));
    // Somebody may still wait for a line of the input.
    runtime.shutdown_background();
    served
}

async fn serve(server: Server) -> anyhow::Result<Exit> {
    let (transport, written) = lines::of_process();
    let service = match server.serve(transport).await {
        Ok(service) => service,
        // Nobody has asked for anything.
        Err(ServerInitializeError::ConnectionClosed(_)) => {
            // Only that lines were no JSON may still have to be said.
            let _ = timeout(LAST, written).await;
            return Ok(Exit::Fine);
        }
        Err(error) => return Err(error).context("the client did not begin as the protocol says"),
    };
    tokio::select! {
        ended = service.waiting() => {
            // If nobody reads the answers, that is no reason to stay.
            let _ = timeout(LAST, written).await;
            ended.map(|_| Exit::Fine).context("the server has failed")
        }
        () = terminated() => Ok(Exit::Terminated),
        _ = ctrl_c() => Ok(Exit::Interrupted),
    }
}

/// Waits until the process is asked to end.
#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut asked) => drop(asked.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
