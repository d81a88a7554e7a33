//! Writing a zip from front to back (APPNOTE 4.3): no times, no attributes, UTF-8 names, zip64 only where needed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::{Compression, write::DeflateEncoder};

use super::PackError;

const FLAG_UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Version 2.0 for folders and deflate, 4.5 for zip64 (4.4.3.2).
const VERSION: u16 = 20;
const VERSION_ZIP64: u16 = 45;
/// 1 January 1980, the first day that the format knows.
const FIRST_DAY: u16 = 0x21;
const SENTINEL: u32 = u32::MAX;
const BUFFER_LEN: usize = 128 * 1024;

pub(super) struct ZipWriter<W> {
    out: W,
    written: u64,
    directory: Vec<u8>,
    entries: u64,
    buffer: Box<[u8]>,
}

struct Header<'a> {
    name: &'a str,
    method: u16,
    crc32: u32,
    compressed: u64,
    size: u64,
}

impl<W: Write> ZipWriter<W> {
    pub(super) fn new(out: W) -> Self {
        let buffer = vec![0; BUFFER_LEN].into();
        Self { out, written: 0, directory: Vec::new(), entries: 0, buffer }
    }

    /// Adds the file at `path` under `name` and gives its size. It is deflated when it is at most `deflate_limit` bytes
    /// and becomes smaller so.
    pub(super) fn add(
        &mut self,
        name: &str,
        path: &Path,
        deflate_limit: Option<u64>,
    ) -> Result<u64, PackError> {
        let failed = |error| PackError::Read { path: path.into(), error };
        let mut file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if deflate_limit.is_some_and(|limit| size <= limit) {
            let mut content = Vec::new();
            file.read_to_end(&mut content).map_err(failed)?;
            return self.add_text(name, &content).map_err(PackError::Write);
        }
        self.add_stored(name, path)
    }

    fn add_text(&mut self, name: &str, content: &[u8]) -> io::Result<u64> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content)?;
        let deflated = encoder.finish()?;
        let smaller = deflated.len() < content.len();
        let (method, data) = if smaller { (DEFLATED, &deflated[..]) } else { (STORED, content) };
        let size = content.len() as u64;
        self.header(&Header {
            name,
            method,
            crc32: crc32fast::hash(content),
            compressed: data.len() as u64,
            size,
        })?;
        self.put(data)?;
        Ok(size)
    }

    /// Reads the file twice, since its checksum stands before it; the second time must give the same.
    fn add_stored(&mut self, name: &str, path: &Path) -> Result<u64, PackError> {
        let (size, crc32) = self.pass(path, false)?;
        let header = Header { name, method: STORED, crc32, compressed: size, size };
        self.header(&header).map_err(PackError::Write)?;
        if self.pass(path, true)? != (size, crc32) {
            return Err(PackError::Changed { path: path.into() });
        }
        Ok(size)
    }

    /// Size and checksum of the file; writes it when `copy` is set.
    fn pass(&mut self, path: &Path, copy: bool) -> Result<(u64, u32), PackError> {
        let failed = |error| PackError::Read { path: path.into(), error };
        let mut file = File::open(path).map_err(failed)?;
        let (mut size, mut checksum) = (0, crc32fast::Hasher::new());
        loop {
            let n = match file.read(&mut self.buffer) {
                Ok(0) => return Ok((size, checksum.finalize())),
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(failed(e)),
            };
            size += n as u64;
            checksum.update(&self.buffer[..n]);
            if copy {
                self.out.write_all(&self.buffer[..n]).map_err(PackError::Write)?;
                self.written += n as u64;
            }
        }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Local header (4.3.7) now, directory record (4.3.12) for the end.
    fn header(&mut self, header: &Header<'_>) -> io::Result<()> {
        let offset = self.written;
        let mut sizes = Zip64::default();
        let (size, compressed) = (sizes.place(header.size), sizes.place(header.compressed));
        let mut local = Record::default();
        local.u32(0x0403_4B50).u16(sizes.version()).common(header).u32(compressed).u32(size);
        local.u16(header.name.len() as u16).u16(sizes.len()).bytes(header.name.as_bytes()).extra(&sizes);
        self.put(&local.0)?;

        let offset = sizes.place(offset);
        let mut record = Record(std::mem::take(&mut self.directory));
        record
            .u32(0x0201_4B50)
            .u16(sizes.version())
            .u16(sizes.version())
            .common(header)
            .u32(compressed)
            .u32(size);
        record.u16(header.name.len() as u16).u16(sizes.len());
        // No comment, first disk, no attributes.
        record.u16(0).u16(0).u16(0).u32(0).u32(offset).bytes(header.name.as_bytes()).extra(&sizes);
        self.directory = record.0;
        self.entries += 1;
        Ok(())
    }

    /// Writes the directory and its end records.
    pub(super) fn finish(mut self) -> io::Result<()> {
        let (start, len) = (self.written, self.directory.len() as u64);
        let directory = std::mem::take(&mut self.directory);
        self.put(&directory)?;
        let mut end = Record::default();
        if self.entries > 0xFFFE || start.max(len) >= u64::from(SENTINEL) {
            let at = self.written;
            end.u32(0x0606_4B50).u64(44).u16(VERSION_ZIP64).u16(VERSION_ZIP64).u32(0).u32(0);
            end.u64(self.entries).u64(self.entries).u64(len).u64(start);
            end.u32(0x0706_4B50).u32(0).u64(at).u32(1);
        }
        let entries = self.entries.min(0xFFFF) as u16;
        let capped = |value: u64| value.min(u64::from(SENTINEL)) as u32;
        end.u32(0x0605_4B50)
            .u16(0)
            .u16(0)
            .u16(entries)
            .u16(entries)
            .u32(capped(len))
            .u32(capped(start))
            .u16(0);
        self.put(&end.0)?;
        self.out.flush()
    }
}

/// Values that did not fit in their 32 bits (4.5.3).
#[derive(Default)]
struct Zip64(Vec<u64>);

impl Zip64 {
    /// The value for the 32-bit field; what does not fit goes here.
    fn place(&mut self, value: u64) -> u32 {
        match u32::try_from(value) {
            Ok(fits) if fits != SENTINEL => fits,
            _ => {
                self.0.push(value);
                SENTINEL
            }
        }
    }

    fn version(&self) -> u16 {
        if self.0.is_empty() { VERSION } else { VERSION_ZIP64 }
    }

    fn len(&self) -> u16 {
        if self.0.is_empty() { 0 } else { 4 + 8 * self.0.len() as u16 }
    }
}

/// Little-endian fields one after the other.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// What local header and directory record have in common after their versions, up to the checksum.
    fn common(&mut self, header: &Header<'_>) -> &mut Self {
        self.u16(FLAG_UTF8).u16(header.method).u16(0).u16(FIRST_DAY).u32(header.crc32)
    }

    fn extra(&mut self, values: &Zip64) -> &mut Self {
        if !values.0.is_empty() {
            self.u16(1).u16(8 * values.0.len() as u16);
            values.0.iter().for_each(|value| {
                self.u64(*value);
            });
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Seek, SeekFrom};

    use super::*;
    use crate::archive::Archive;

    #[test]
    fn more_entries_than_the_old_format_counts() {
        let mut file = tempfile::tempfile().unwrap();
        let mut zip = ZipWriter::new(io::BufWriter::new(&mut file));
        for n in 0..65_536 {
            zip.add_text(&n.to_string(), b"").unwrap();
        }
        zip.finish().unwrap();
        let archive = Archive::from_file(file, &Default::default()).unwrap();
        assert_eq!(archive.files().count(), 65_536);
    }

    #[test]
    fn entries_beyond_4_gib() {
        const BEFORE: u64 = 5 << 30;
        let mut file: File = tempfile::tempfile().unwrap();
        let mut zip = ZipWriter::new(file.try_clone().unwrap());
        zip.add_text("first.txt", b"near the beginning").unwrap();
        // Holes in the file stand for 5 GiB of other entries.
        file.seek(SeekFrom::Start(BEFORE)).unwrap();
        zip.written = BEFORE;
        zip.add_text("last.txt", &b"far behind ".repeat(100)).unwrap();
        zip.finish().unwrap();
        let archive = Archive::from_file(file, &Default::default()).unwrap();
        let read = |name| archive.read(archive.lookup(name).unwrap(), 2_000).unwrap();
        assert_eq!(read("first.txt"), b"near the beginning");
        assert_eq!(read("last.txt"), b"far behind ".repeat(100));
        assert_eq!(archive.problems(), []);
    }
}
