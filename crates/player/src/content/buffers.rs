//! Buffers for pieces of large files, used again and again: memory that was just written and sent is still in the
//! processor's cache, and need not be cleared.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;

/// A supply of buffers of one length.
#[derive(Debug)]
pub(super) struct Buffers {
    len: usize,
    /// Buffers kept for later use; more are given away and freed.
    keep: usize,
    free: Mutex<Vec<Box<[u8]>>>,
}

impl Buffers {
    pub(super) fn new(len: usize, keep: usize) -> Arc<Self> {
        Arc::new(Self { len, keep, free: Mutex::default() })
    }

    pub(super) fn take(self: &Arc<Self>) -> Buffer {
        let free = self.free.lock().pop();
        Buffer { bytes: free.unwrap_or_else(|| vec![0; self.len].into()), filled: 0, home: Arc::clone(self) }
    }

    fn put_back(&self, bytes: Box<[u8]>) {
        let mut free = self.free.lock();
        if free.len() < self.keep {
            free.push(bytes);
        }
    }
}

/// One buffer, which goes home when it is dropped.
#[derive(Debug)]
pub(super) struct Buffer {
    bytes: Box<[u8]>,
    filled: usize,
    home: Arc<Buffers>,
}

impl Buffer {
    /// At most `len` bytes to be written to.
    pub(super) fn space(&mut self, len: u64) -> &mut [u8] {
        let len = usize::try_from(len).unwrap_or(usize::MAX).min(self.bytes.len());
        &mut self.bytes[..len]
    }

    /// The first `len` bytes, shared; the buffer goes home with the last of the shares.
    pub(super) fn share(mut self, len: usize) -> Bytes {
        self.filled = len;
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.filled]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.home.put_back(std::mem::take(&mut self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_home_with_its_last_share() {
        let buffers = Buffers::new(8, 1);
        let mut buffer = buffers.take();
        buffer.space(3).copy_from_slice(b"abc");
        assert_eq!(buffer.space(100).len(), 8);
        let share = buffer.share(3);
        let part = share.slice(1..);
        drop(share);
        assert_eq!((&part[..], buffers.free.lock().len()), (&b"bc"[..], 0));
        drop(part);
        drop(buffers.take());
        let (one, two) = (buffers.take(), buffers.take());
        drop((one, two));
        assert_eq!(buffers.free.lock().len(), 1);
    }
}
