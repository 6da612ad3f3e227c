//! `simcap lsp`: scenarios in an editor, by the Language Server Protocol. In: texts and questions on standard input. Out: problems and
//! warnings at their places, what words mean, and what can be written, on standard output, until the editor ends it.
//!
//! A text is looked at as `simcap check` would look at the file; of several changes that come at once only the last one counts.

mod document;
mod frames;
mod offered;
mod problems;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, TryRecvError};

use anyhow::Context;
use gen_lsp_types::{
    CompletionOptions, CompletionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, HoverParams, HoverProvider, InitializeResult, PositionEncodingKind,
    PublishDiagnosticsParams, ServerCapabilities, ServerInfo, TextDocumentContentChangeEvent,
    TextDocumentSync, TextDocumentSyncKind, Uri,
};
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::document::{Document, Encoding};
use self::frames::Frame;
use crate::exit::Exit;

pub fn lsp() -> anyhow::Result<Exit> {
    serve(&frames::of_process(), &mut io::stdout().lock())
}

fn serve(frames: &Receiver<io::Result<Frame>>, to: &mut impl Write) -> anyhow::Result<Exit> {
    let mut server = Server::default();
    loop {
        let frame = match frames.try_recv() {
            Err(TryRecvError::Empty) => {
                server.tell(to)?;
                frames.recv().map_err(|_| TryRecvError::Disconnected)
            }
            frame => frame,
        };
        // An editor that is gone without a word is no fault of anyone here.
        let Ok(frame) = frame else { return Ok(Exit::Fine) };
        match frame.context("what the editor sends is not of the protocol")? {
            Frame::Message(Message::Request(request)) => {
                send(to, server.answer(request))?;
            }
            // The protocol wants an end without a `shutdown` to be one that failed.
            Frame::Message(Message::Notification(news)) if news.method == "exit" => {
                return Ok(if server.is_shut { Exit::Fine } else { Exit::Failure });
            }
            Frame::Message(Message::Notification(news)) => server.hear(news),
            Frame::Message(Message::Response(_)) => {}
            Frame::Refused(refused) => refused.write(to).context(UNREACHABLE)?,
        }
    }
}

const UNREACHABLE: &str = "the editor cannot be reached";

fn send(to: &mut impl Write, message: impl Into<Message>) -> anyhow::Result<()> {
    message.into().write(to).context(UNREACHABLE)
}

/// From the first message to the last.
#[derive(Default)]
struct Server {
    /// None before `initialize`.
    editor: Option<Editor>,
    /// Whether only the end is still to come.
    is_shut: bool,
}

impl Server {
    fn tell(&mut self, to: &mut impl Write) -> anyhow::Result<()> {
        match &mut self.editor {
            Some(editor) if !self.is_shut => editor.tell(to),
            _ => Ok(()),
        }
    }

    fn hear(&mut self, news: Notification) {
        if let Some(editor) = &mut self.editor {
            editor.hear(news);
        }
    }

    fn answer(&mut self, request: Request) -> Response {
        let refused = |code: ErrorCode, why: &str| {
            Response::new_err(request.id.clone(), code as i32, format!("`{}` {why}", request.method))
        };
        match (&self.editor, request.method.as_str()) {
            _ if self.is_shut => refused(ErrorCode::InvalidRequest, "comes after `shutdown`"),
            (None, "initialize") => {
                let encoding = encoding(&request.params);
                self.editor = Some(Editor { encoding, texts: BTreeMap::new(), changed: BTreeSet::new() });
                Response::new_ok(request.id, able(encoding))
            }
            (None, _) => refused(ErrorCode::ServerNotInitialized, "comes before `initialize`"),
            (Some(_), "initialize") => refused(ErrorCode::InvalidRequest, "comes a second time"),
            (Some(_), "shutdown") => {
                self.is_shut = true;
                Response::new_ok(request.id, Value::Null)
            }
            (Some(editor), _) => editor.answer(request),
        }
    }
}

/// How the editor counts columns.
fn encoding(asked: &Value) -> Encoding {
    let known = asked.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
    match known.is_some_and(|known| known.iter().any(|it| it == "utf-8")) {
        true => Encoding::Utf8,
        false => Encoding::Utf16,
    }
}

/// What this server does.
fn able(encoding: Encoding) -> InitializeResult {
    let position_encoding = Some(match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
    });
    let after = ["[", ".", "\"", "{", "="].map(str::to_owned).to_vec();
    let capabilities = ServerCapabilities {
        position_encoding,
        text_document_sync: Some(TextDocumentSync::Kind(TextDocumentSyncKind::Full)),
        hover_provider: Some(HoverProvider::Bool(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(after),
            ..Default::default()
        }),
        ..Default::default()
    };
    let server_info =
        Some(ServerInfo { name: "simcap".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) });
    InitializeResult { capabilities, server_info }
}

/// What the editor has open, by its address.
struct Editor {
    encoding: Encoding,
    texts: BTreeMap<String, Document>,
    /// Those of which the editor has not heard what is wrong.
    changed: BTreeSet<String>,
}

impl Editor {
    /// Tells what is wrong with every text that has changed.
    fn tell(&mut self, to: &mut impl Write) -> anyhow::Result<()> {
        for uri in std::mem::take(&mut self.changed) {
            let (text, uri) = (self.texts.get(&uri), Uri(uri));
            let found = text.map_or_else(Vec::new, |text| problems::of(text, &uri, self.encoding));
            let params = PublishDiagnosticsParams::new(uri, text.map(|text| text.version), found);
            let news = Notification::new("textDocument/publishDiagnostics".to_owned(), params);
            send(to, news)?;
        }
        Ok(())
    }

    /// A text is opened, changed, saved or closed.
    fn hear(&mut self, news: Notification) {
        match news.method.as_str() {
            "textDocument/didOpen" => {
                let Ok(DidOpenTextDocumentParams { text_document: it }) = serde_json::from_value(news.params)
                else {
                    return;
                };
                self.opens(it.uri.0, it.text, it.version);
            }
            "textDocument/didChange" => {
                let Ok(it) = serde_json::from_value::<DidChangeTextDocumentParams>(news.params) else {
                    return;
                };
                let uri = it.text_document.text_document_identifier.uri;
                // The whole text comes with each change, as was agreed.
                if let Some(TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole)) =
                    it.content_changes.into_iter().next_back()
                {
                    self.opens(uri.0, whole.text, it.text_document.version);
                }
            }
            // It may be what others extend, or a file that they name.
            "textDocument/didSave" => {
                self.changed.extend(self.texts.keys().cloned());
            }
            "textDocument/didClose" => {
                let Ok(it) = serde_json::from_value::<DidCloseTextDocumentParams>(news.params) else {
                    return;
                };
                self.texts.remove(&it.text_document.uri.0);
                self.changed.insert(it.text_document.uri.0);
            }
            _ => {}
        }
    }

    fn opens(&mut self, uri: String, text: String, version: i32) {
        self.texts.insert(uri.clone(), Document::new(&uri, text, version));
        self.changed.insert(uri);
    }

    fn answer(&self, request: Request) -> Response {
        match request.method.as_str() {
            "textDocument/hover" => {
                answered(request, |HoverParams { text_document_position_params: of, .. }| {
                    offered::hover(self.texts.get(&of.text_document.uri.0)?, of.position, self.encoding)
                })
            }
            "textDocument/completion" => answered(request, |params: CompletionParams| {
                let of = params.text_document_position_params;
                let text = self.texts.get(&of.text_document.uri.0)?;
                Some(offered::completion(text, of.position, self.encoding))
            }),
            method => {
                let message = format!("simcap does not know `{method}`");
                Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
            }
        }
    }
}

/// The answer to a request, if its parameters are those of its method.
fn answered<P: DeserializeOwned, A: Serialize>(
    Request { id, params, .. }: Request,
    answer: impl FnOnce(P) -> Option<A>,
) -> Response {
    match serde_json::from_value(params) {
        Ok(params) => Response::new_ok(id, answer(params)),
        Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
