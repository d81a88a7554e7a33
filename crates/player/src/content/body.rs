//! The body of an answer: bytes from memory, or a file in pieces.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use lyceum_archive::{EntryReader, Source};
use tokio::task::{JoinHandle, spawn_blocking};

use super::buffers::{Buffer, Buffers};

/// The body of an answer with course content. Its length is always known. It fails when the file cannot be read to its
/// end, which breaks the connection, so that the client does not take a part for the whole.
#[derive(Debug, Default)]
pub struct ContentBody {
    /// Sent first.
    head: Option<Bytes>,
    rest: Option<Box<Rest>>,
}

/// A file in pieces, and what follows it.
#[derive(Debug)]
struct Rest {
    state: State,
    /// Bytes that are still to be read.
    left: u64,
    tail: Option<Bytes>,
    buffers: Arc<Buffers>,
}

#[derive(Debug)]
enum State {
    Idle(Feed),
    /// A piece is being read on a thread that may block.
    Reading(JoinHandle<Piece>),
    /// A piece was at hand.
    Read(Piece),
    Done,
}

/// Where the pieces come from.
#[derive(Debug)]
pub(super) enum Feed {
    /// Consecutive bytes of a file.
    File {
        source: Arc<Source>,
        /// The next byte.
        position: u64,
    },
    /// An entry that is inflated on the way.
    Entry(Box<EntryReader>),
}

impl ContentBody {
    /// No bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// `head`, then `len` bytes from `feed`, then `tail`.
    pub(super) fn around(head: Bytes, feed: Feed, len: u64, tail: Bytes, buffers: &Arc<Buffers>) -> Self {
        let some = |bytes: Bytes| (!bytes.is_empty()).then_some(bytes);
        let rest =
            Rest { state: State::Idle(feed), left: len, tail: some(tail), buffers: Arc::clone(buffers) };
        Self { head: some(head), rest: Some(Box::new(rest)) }
    }

    /// `len` bytes from `feed`.
    pub(super) fn feed(feed: Feed, len: u64, buffers: &Arc<Buffers>) -> Self {
        Self::around(Bytes::new(), feed, len, Bytes::new(), buffers)
    }

    fn len(&self) -> u64 {
        let bytes = |part: &Option<Bytes>| part.as_ref().map_or(0, |bytes| bytes.len() as u64);
        bytes(&self.head) + self.rest.as_ref().map_or(0, |rest| rest.left + bytes(&rest.tail))
    }
}

impl From<Bytes> for ContentBody {
    fn from(bytes: Bytes) -> Self {
        Self { head: (!bytes.is_empty()).then_some(bytes), rest: None }
    }
}

impl Body for ContentBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        let piece = match ready!(rest.poll_piece(context)) {
            Some(Ok(piece)) => Some(Ok(Frame::data(piece))),
            Some(Err(error)) => {
                self.rest = None;
                Some(Err(error))
            }
            None => None,
        };
        Poll::Ready(piece)
    }

    fn is_end_stream(&self) -> bool {
        self.len() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.len())
    }
}

/// A piece, and the feed for the next one.
type Piece = (Feed, io::Result<Bytes>);

impl Rest {
    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.left == 0 {
            return Poll::Ready(self.tail.take().map(Ok));
        }
        let state = match std::mem::replace(&mut self.state, State::Done) {
            State::Idle(feed) => self.read(feed),
            other => other,
        };
        let (feed, piece) = match state {
            State::Read(piece) => piece,
            State::Reading(mut thread) => match Pin::new(&mut thread).poll(context) {
                Poll::Ready(joined) => joined.map_err(io::Error::other)?,
                Poll::Pending => {
                    self.state = State::Reading(thread);
                    return Poll::Pending;
                }
            },
            State::Idle(_) | State::Done => return Poll::Ready(None),
        };
        let piece = piece?;
        self.left -= piece.len() as u64;
        self.state = State::Idle(feed);
        Poll::Ready(Some(Ok(piece)))
    }

    /// The next piece at once if the system has it in memory, else a thread that gets it.
    fn read(&self, feed: Feed) -> State {
        let (mut buffer, left) = (self.buffers.take(), self.left);
        let at_once = match &feed {
            Feed::File { source, position } => source.read_cached_at(buffer.space(left), *position),
            Feed::Entry(_) => Ok(None),
        };
        match at_once {
            Ok(Some(n)) if n > 0 => State::Read((feed.after(n), Ok(buffer.share(n)))),
            Ok(_) => State::Reading(spawn_blocking(move || feed.read(buffer, left))),
            Err(error) => State::Read((feed, Err(error))),
        }
    }
}

impl Feed {
    fn after(self, n: usize) -> Self {
        match self {
            Self::File { source, position } => Self::File { source, position: position + n as u64 },
            entry => entry,
        }
    }

    /// Reads the next piece, at most `left` bytes. Blocks.
    fn read(mut self, mut buffer: Buffer, left: u64) -> Piece {
        let space = buffer.space(left);
        let n = match &mut self {
            Self::File { source, position } => source.read_exact_at(space, *position).map(|()| space.len()),
            Self::Entry(reader) => reader.read(space).and_then(|n| verified(reader, n, left)),
        };
        match n {
            Ok(0) => (self, Err(io::ErrorKind::UnexpectedEof.into())),
            Ok(n) => (self.after(n), Ok(buffer.share(n))),
            Err(error) => (self, Err(error)),
        }
    }
}

/// Lets the last piece go only after the read behind the end, which verifies the checksum.
fn verified(reader: &mut EntryReader, n: usize, left: u64) -> io::Result<usize> {
    if n as u64 == left && reader.read(&mut [0])? > 0 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(n)
}
