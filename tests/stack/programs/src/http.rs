//! As much of HTTP/1.1 as the stack needs, on blocking sockets. In: a stream. Out: the head of a request or of an answer, and
//! what belongs to it read from the stream.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context as _, Result, bail, ensure};
use httparse::{EMPTY_HEADER, Request, Response, Status};

const HEAD_MAX: usize = 8192;
const HEADERS_MAX: usize = 32;

/// The path of the next request; `None` if the other side has closed. Requests of the stack have no body.
pub fn request(stream: &mut TcpStream) -> Result<Option<String>> {
    let mut buffer = Vec::with_capacity(1024);
    loop {
        if !more(stream, &mut buffer)? {
            ensure!(buffer.is_empty(), "a request that ends in its head");
            return Ok(None);
        }
        let mut headers = [EMPTY_HEADER; HEADERS_MAX];
        let mut request = Request::new(&mut headers);
        if let Status::Complete(_) = request.parse(&buffer)? {
            return Ok(Some(request.path.context("a request without a path")?.to_owned()));
        }
    }
}

pub fn answer(stream: &mut TcpStream, status: u16, body: &[u8]) -> Result<()> {
    let mut bytes = format!(
        "HTTP/1.1 {status} {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        if status == 200 { "OK" } else { "Error" },
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    Ok(stream.write_all(&bytes)?)
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Whether the connection can be used again.
    pub stays: bool,
}

/// Sends one request and reads its answer to the end.
pub fn exchange(stream: &mut TcpStream, method: &str, path: &str) -> Result<Answer> {
    let length = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
    stream.write_all(format!("{method} {path} HTTP/1.1\r\nHost: shop\r\n{length}\r\n").as_bytes())?;
    let mut buffer = Vec::with_capacity(1024);
    loop {
        ensure!(more(stream, &mut buffer)?, "an answer that ends in its head");
        let mut headers = [EMPTY_HEADER; HEADERS_MAX];
        let mut response = Response::new(&mut headers);
        if let Status::Complete(head) = response.parse(&buffer)? {
            let header = |name: &str| {
                let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
                found.and_then(|header| std::str::from_utf8(header.value).ok()).map(str::to_owned)
            };
            let status = response.code.context("an answer without a status")?;
            let stays = !header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
            let body: usize = header("content-length").context("an answer of unknown length")?.parse()?;
            while buffer.len() < head + body {
                ensure!(more(stream, &mut buffer)?, "an answer that ends in its body");
            }
            return Ok(Answer { status, stays });
        }
    }
}

/// Reads what there is; `false` at the end of the stream.
fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<bool> {
    if buffer.len() > HEAD_MAX {
        bail!("a head of more than {HEAD_MAX} bytes");
    }
    let mut chunk = [0; 4096];
    let read = stream.read(&mut chunk)?;
    buffer.extend_from_slice(&chunk[..read]);
    Ok(read > 0)
}
