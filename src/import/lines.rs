//! Lines out of bytes. In: a reader, and from where to where lines may begin. Out: each line, without its end, at no more memory than a line
//! may be long.

use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::{memchr, memrchr};

use super::source::fill;

/// Bytes that are read at once; a longer line is none of a log.
pub(super) const BLOCK: usize = 1 << 20;

/// A line, or one that is too long.
pub(super) enum Line<'a> {
    Text(&'a [u8]),
    TooLong,
}

/// Gives each line that begins before `end`, counted from where the reader stands. If the reader stands in the middle of a line, that one is
/// left out: whoever reads what is before has it. Stops between blocks if `go_on` says so.
pub(super) fn each(
    input: &mut dyn Read,
    is_inside: bool,
    end: u64,
    mut go_on: impl FnMut() -> ControlFlow<()>,
    mut line: impl FnMut(Line) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; BLOCK];
    let mut kept = 0;
    // Where the first byte of the buffer is.
    let mut start = 0u64;
    let mut skips = is_inside;
    let mut is_long = false;
    loop {
        if go_on().is_break() {
            return Ok(());
        }
        let (count, failed) = fill(input, &mut buffer[kept..]);
        let filled = kept + count;
        let is_last = filled < buffer.len() || failed.is_some();
        let whole = match memrchr(b'\n', &buffer[..filled]) {
            Some(newline) => newline + 1,
            None if is_last => filled,
            None => {
                // A line that fills the buffer: none of it is kept.
                if start < end && !skips && !is_long && line(Line::TooLong).is_break() {
                    return Ok(());
                }
                (is_long, kept) = (true, 0);
                start += filled as u64;
                continue;
            }
        };
        let whole = if is_last { filled } else { whole };
        let mut at = 0;
        while at < whole {
            let next = memchr(b'\n', &buffer[at..whole]).map_or(whole, |newline| at + newline + 1);
            let text = &buffer[at..next];
            if !skips && start + at as u64 >= end {
                return Ok(());
            }
            if skips || is_long {
                (skips, is_long) = (false, false);
            } else {
                let text = text.strip_suffix(b"\n").unwrap_or(text);
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                if line(Line::Text(text)).is_break() {
                    return Ok(());
                }
            }
            at = next;
        }
        if let Some(error) = failed {
            return Err(error);
        }
        if is_last {
            return Ok(());
        }
        buffer.copy_within(whole..filled, 0);
        kept = filled - whole;
        start += whole as u64;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8], is_inside: bool, end: u64) -> Vec<Vec<u8>> {
        let mut found = Vec::new();
        let go_on = || ControlFlow::Continue(());
        each(&mut &text[..], is_inside, end, go_on, |line| {
            found.push(match line {
                Line::Text(text) => text.to_vec(),
                Line::TooLong => b"too long".to_vec(),
            });
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    #[test]
    fn lines_end_in_several_ways() {
        assert_eq!(read(b"a\r\nb\n\nc", false, u64::MAX), [&b"a"[..], b"b", b"", b"c"]);
        assert_eq!(read(b"", false, u64::MAX), Vec::<Vec<u8>>::new());
        let mut text = vec![b'x'; BLOCK * 2 + 5];
        text.extend_from_slice(b"\nend\n");
        assert_eq!(read(&text, false, u64::MAX), [&b"too long"[..], b"end"]);
    }

    proptest! {
        /// Wherever a file is cut, every line is in exactly one part.
        #[test]
        fn parts_have_every_line_once(lines in prop::collection::vec("[a-c]{0,5}", 0..40), cuts in prop::collection::vec(0usize..200, 0..5)) {
            let text = lines.join("\n").into_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.extend([0, text.len()]);
            cuts.sort_unstable();
            cuts.dedup();
            let mut found = Vec::new();
            for (index, start) in cuts.iter().enumerate() {
                let end = cuts.get(index + 1).map_or(u64::MAX, |end| (end - start) as u64);
                // Begins one byte earlier, so that a line that begins at the cut is seen to begin there.
                let (from, is_inside) = if *start == 0 { (0, false) } else { (start - 1, true) };
                let end = if is_inside && end != u64::MAX { end + 1 } else { end };
                found.extend(read(&text[from..], is_inside, end));
            }
            let whole = read(&text, false, u64::MAX);
            prop_assert_eq!(found, whole);
        }
    }
}
