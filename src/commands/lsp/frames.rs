//! Frames of the protocol. In: what an editor sends. Out: messages, and what is wrong with those that are none. The library would reserve as
//! much memory as a header says, whatever that is, and would end at the first message that is no JSON.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

/// Longest message that is taken: a scenario of its largest size, with every letter escaped, is a quarter of it.
const MESSAGE_MAX: u64 = 32 << 20;
/// Longest line of a header.
const LINE_MAX: u64 = 4 << 10;
/// Messages that wait to be looked at.
const WAITING: usize = 8;

/// What is in a frame.
#[derive(Debug)]
pub enum Frame {
    /// A message.
    Message(Message),
    /// Something else, which is answered.
    Refused(Refused),
}

/// Why something is no message.
#[derive(Debug)]
pub struct Refused {
    /// The id that it has, or null: what JSON-RPC wants where none is known.
    id: Value,
    code: ErrorCode,
    why: String,
}

impl Refused {
    /// Answers it.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let error = json!({ "code": self.code as i32, "message": self.why });
        let text = json!({ "jsonrpc": "2.0", "id": self.id, "error": error }).to_string();
        write!(to, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        to.flush()
    }
}

/// What comes on standard input, until it ends or what comes is no frame.
pub fn of_process() -> Receiver<io::Result<Frame>> {
    let (sender, frames) = sync_channel(WAITING);
    thread::spawn(move || {
        let mut from = io::stdin().lock();
        loop {
            let frame = match read(&mut from) {
                Ok(None) => return,
                Ok(Some(frame)) => Ok(frame),
                Err(error) => Err(error),
            };
            let is_last = frame.is_err();
            if sender.send(frame).is_err() || is_last {
                return;
            }
        }
    });
    frames
}

/// The next frame; none at the end. Behind an error nobody knows where the next one begins.
fn read(from: &mut impl BufRead) -> io::Result<Option<Frame>> {
    loop {
        let Some(length) = length(from)? else { return Ok(None) };
        if length > MESSAGE_MAX {
            return Err(wrong(format!("a message of {length} bytes, where {MESSAGE_MAX} are the most")));
        }
        let mut body = Vec::new();
        // It grows as bytes come, whatever the header says.
        from.take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the input ends within a message"));
        }
        if let Some(frame) = frame(&body) {
            return Ok(Some(frame));
        }
    }
}

/// How many bytes the header says; none at the end of the input.
fn length(from: &mut impl BufRead) -> io::Result<Option<u64>> {
    let (mut length, mut line) = (None, Vec::new());
    for number in 0.. {
        line.clear();
        from.take(LINE_MAX).read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line);
        match text.trim() {
            _ if text.is_empty() && number == 0 => return Ok(None),
            _ if !text.ends_with('\n') => return Err(wrong("a header that does not end")),
            "" => break,
            field => {
                let (name, value) =
                    field.split_once(':').ok_or_else(|| wrong(format!("`{field}` is no header")))?;
                if name.trim().eq_ignore_ascii_case("content-length") {
                    let value = value.trim();
                    let known = value.parse::<u64>();
                    length = Some(known.map_err(|_| wrong(format!("`{value}` is no number of bytes")))?);
                }
            }
        }
    }
    length.map(Some).ok_or_else(|| wrong("a header without `Content-Length`"))
}

fn wrong(why: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why.into())
}

/// What the bytes of a frame are. Nothing is made of answers: nobody is asked anything.
fn frame(body: &[u8]) -> Option<Frame> {
    let refused = |id, code, why| Some(Frame::Refused(Refused { id, code, why }));
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            return refused(Value::Null, ErrorCode::ParseError, format!("a message is no JSON: {error}"));
        }
    };
    let has = |key: &str| value.get(key).is_some();
    if !has("method") && (has("result") || has("error")) {
        return None;
    }
    let id = value.get("id").filter(|id| id.is_number() || id.is_string()).cloned().unwrap_or_default();
    // A request with a broken id would be taken for a message that wants no answer.
    let read = match has("id") {
        true => serde_json::from_value(value).map(Message::Request),
        false => serde_json::from_value(value).map(Message::Notification),
    };
    match read {
        Ok(message) => Some(Frame::Message(message)),
        Err(error) => refused(id, ErrorCode::InvalidRequest, format!("no message of the protocol: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of an input, and how it ends.
    fn all(mut input: &[u8]) -> (Vec<Frame>, io::Result<()>) {
        let mut found = Vec::new();
        loop {
            match read(&mut input) {
                Ok(Some(frame)) => found.push(frame),
                Ok(None) => return (found, Ok(())),
                Err(error) => return (found, Err(error)),
            }
        }
    }

    fn framed(bodies: &[&str]) -> Vec<u8> {
        bodies
            .iter()
            .flat_map(|it| format!("Content-Length: {}\r\n\r\n{it}", it.len()).into_bytes())
            .collect()
    }

    #[test]
    fn what_is_no_message_is_answered_and_the_next_one_is_read() {
        let bodies = [
            "{\"id\":1,\"method\":\"a\"}",
            "no JSON",
            "[]",
            "{\"id\":null,\"method\":\"a\"}",
            "{\"id\":7,\"method\":8}",
            "{\"id\":1,\"result\":null}",
            "{\"method\":\"b\"}",
        ];
        let (found, end) = all(&framed(&bodies));
        end.unwrap();
        let [Frame::Message(Message::Request(_)), refused @ .., Frame::Message(Message::Notification(last))] =
            found.as_slice()
        else {
            panic!("{found:?}")
        };
        assert_eq!(last.method, "b");
        let answers = refused.iter().map(|it| {
            let Frame::Refused(it) = it else { panic!("{it:?}") };
            let mut written = Vec::new();
            it.write(&mut written).unwrap();
            let text = String::from_utf8(written).unwrap();
            let (header, body) = text.split_once("\r\n\r\n").unwrap();
            assert_eq!(header, format!("Content-Length: {}", body.len()));
            let answer: Value = serde_json::from_str(body).unwrap();
            (answer["id"].clone(), answer["error"]["code"].as_i64().unwrap())
        });
        let expected =
            [(Value::Null, -32700), (Value::Null, -32600), (Value::Null, -32600), (json!(7), -32600)];
        assert_eq!(answers.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_no_frame_ends_it_and_takes_no_memory() {
        let good = framed(&["{\"method\":\"b\"}"]);
        for (bad, why) in [
            ("Content-Length: 100000000000000\r\n\r\n{}", "a message of 100000000000000 bytes"),
            ("Content-Length: 33554432\r\n\r\n{}", "the input ends within a message"),
            ("Content-Length: 1e3\r\n\r\n{}", "`1e3` is no number of bytes"),
            ("Content-Type: x\r\n\r\n{}", "a header without `Content-Length`"),
            ("hello\r\n\r\n{}", "`hello` is no header"),
            ("Content-Length: 2", "a header that does not end"),
        ] {
            let (found, end) = all(&[good.as_slice(), bad.as_bytes()].concat());
            assert_eq!(found.len(), 1);
            let error = end.unwrap_err().to_string();
            assert!(error.contains(why), "{bad:?}: {error}");
        }
        let endless = "x".repeat(3 * LINE_MAX as usize);
        assert!(all(endless.as_bytes()).1.is_err());
        // As some editors write it.
        let (found, end) = all(b"content-length:14\r\nContent-Type: utf-8\r\n\r\n{\"method\":\"b\"}");
        assert_eq!((found.len(), end.is_ok()), (1, true));
    }
}
