//! Checking every entry of an archive, in the background and for `check`.

use std::io::Read;
use std::ops::ControlFlow;

use crate::archive::Archive;
use crate::entry::EntryId;
use crate::read::ReadError;

/// What [`Archive::verify`] found.
#[derive(Debug, Default)]
pub struct Verification {
    /// Files whose size and checksum are right.
    pub sound: u64,
    /// Uncompressed bytes that were read.
    pub bytes: u64,
    /// Files that are damaged, in the order of the file. Each is marked: its reads fail from now on.
    pub damaged: Vec<(EntryId, ReadError)>,
    /// Whether every file was looked at; false when `go_on` ended it or the archive could not be read.
    pub complete: bool,
    /// Why the archive could not be read to the end. A fault of this machine, not of the package.
    pub failure: Option<ReadError>,
}

const BUFFER_LEN: usize = 64 * 1024;

impl Archive {
    /// Reads every file once, in the order in which they lie, and compares size and checksum with the directory. Damaged
    /// files are marked, so that later requests for them fail at once. `go_on` is asked after every file and may end it.
    pub fn verify(&self, mut go_on: impl FnMut(&Verification) -> ControlFlow<()>) -> Verification {
        let mut order: Vec<EntryId> = self.files().map(|(id, _)| id).collect();
        order.sort_by_key(|id| self.entry(*id).header_offset);
        let mut found = Verification::default();
        let mut buffer = vec![0; BUFFER_LEN];
        for id in order {
            match self.verify_entry(id, &mut buffer) {
                Ok(bytes) => {
                    found.sound += 1;
                    found.bytes += bytes;
                }
                Err(error) if error.is_damage() => {
                    self.mark_damaged(id);
                    found.damaged.push((id, error));
                }
                Err(error) => {
                    found.failure = Some(error);
                    return found;
                }
            }
            if go_on(&found).is_break() {
                return found;
            }
        }
        found.complete = true;
        found
    }

    /// Reads one file and compares size and checksum with the directory, without holding it in memory.
    pub fn check(&self, id: EntryId) -> Result<(), ReadError> {
        self.verify_entry(id, &mut vec![0; BUFFER_LEN]).map(drop)
    }

    fn verify_entry(&self, id: EntryId, buffer: &mut [u8]) -> Result<u64, ReadError> {
        let mut reader = self.reader(id)?;
        let mut bytes = 0;
        loop {
            match reader.read(buffer)? {
                0 => return Ok(bytes),
                n => bytes += n as u64,
            }
        }
    }
}
