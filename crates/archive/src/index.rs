//! From the records of the directory to the index: entries in directory order, what is wrong with them, and tables to
//! find them by name. Costs one pass over the directory; no entry is read.

mod judge;
mod layout;
mod table;

use std::collections::HashMap;

use crate::directory::{End, Record, Records};
use crate::entry::{Entry, EntryId, EntryKind, Method};
use crate::limits::Limits;
use crate::name;
use crate::problem::{Code, OpenError, Policy, Problem, Severity};
use crate::source::Source;

pub(crate) use table::NameTable;

/// All that is known of an archive without reading an entry.
#[derive(Debug)]
pub(crate) struct Index {
    pub entries: Box<[Entry]>,
    /// Files by their exact name.
    pub exact: NameTable,
    /// Files by their [`folded`](crate::lookup::fold) name.
    pub folded: NameTable,
    pub problems: Vec<Problem>,
}

impl Index {
    /// Reads and judges the directory of `source`.
    pub(crate) fn read(source: &Source, limits: &Limits, policy: Policy) -> Result<Self, OpenError> {
        let end = End::find(source)?;
        if let Some(problem) = judge::directory(&end, limits) {
            return Err(OpenError::Refused(vec![problem]));
        }
        let mut directory = vec![0; end.directory_len as usize];
        source.read_exact_at(&mut directory, end.directory_start)?;
        let mut builder = Builder::new(&end, limits);
        for record in Records::new(&directory) {
            builder.add(&record?)?;
        }
        builder.finish(policy)
    }

    /// Roughly how much memory the index takes, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let names: usize =
            self.entries.iter().map(|e| e.name.len() + e.raw_name.as_ref().map_or(0, |r| r.len())).sum();
        (names
            + self.entries.len() * (size_of::<Entry>() + size_of::<u64>())
            + self.exact.memory()
            + self.folded.memory()) as u64
    }
}

struct Builder<'a> {
    end: &'a End,
    limits: &'a Limits,
    entries: Vec<Entry>,
    /// Names as in the archive where normalising changed them, for messages.
    shown: HashMap<usize, String>,
    problems: Vec<Problem>,
    backslash_names: u64,
}

impl<'a> Builder<'a> {
    fn new(end: &'a End, limits: &'a Limits) -> Self {
        let problems = judge::around(end);
        Self { end, limits, entries: Vec::new(), shown: HashMap::new(), problems, backslash_names: 0 }
    }

    fn add(&mut self, record: &Record<'_>) -> Result<(), OpenError> {
        // The old end record counts modulo 65,536, so the bound must hold here too.
        if self.entries.len() as u64 == self.limits.entries {
            return Err(OpenError::Refused(vec![judge::too_many_entries(self.limits)]));
        }
        let (decoded, encoding) = name::decode(record);
        let path = name::normalise(&decoded, self.limits);
        let header_offset = record.header_offset.checked_add(self.end.base);
        let header_offset =
            header_offset.ok_or(OpenError::DamagedDirectory("an entry lies beyond all bounds"))?;
        let flaws = judge::entry(record, &path, header_offset, self.end, self.limits);
        let refused = flaws.iter().any(|(code, _)| code.severity() > Severity::Notice);
        let kind = match (refused, judge::is_folder(record, &path)) {
            (true, _) => EntryKind::Refused,
            (false, true) => EntryKind::Folder,
            (false, false) => EntryKind::File,
        };
        self.backslash_names += u64::from(path.backslashes);
        self.problems.extend(flaws.into_iter().map(|(code, message)| Problem {
            code,
            entry: Some(decoded.clone()),
            message,
        }));
        if decoded != path.text {
            self.shown.insert(self.entries.len(), decoded);
        }
        self.entries.push(Entry {
            raw_name: (record.name != path.text.as_bytes()).then(|| record.name.into()),
            junk: name::is_junk(&path.text),
            name: path.text.into(),
            size: record.size,
            compressed: record.compressed,
            header_offset,
            data_limit: self.end.directory_start,
            crc32: record.crc32,
            method: if record.method == 0 || record.compressed == 0 {
                Method::Stored
            } else {
                Method::Deflated
            },
            kind,
            encoding,
        });
        Ok(())
    }

    fn finish(mut self, policy: Policy) -> Result<Index, OpenError> {
        let count = self.entries.len() as u64;
        let stated = if self.end.entries_exact { count } else { count & 0xFFFF };
        if self.end.entries != stated {
            return Err(OpenError::DamagedDirectory("it has more or fewer entries than its end record says"));
        }
        if count == 0 {
            return Err(OpenError::NoEntries);
        }
        if self.backslash_names > 0 {
            self.problems.push(judge::backslashes(self.backslash_names));
        }
        self.refuse_duplicates();
        layout::set_data_limits(&mut self.entries);
        for (entry, other) in layout::overlaps(&self.entries) {
            let message =
                format!("its data overlap those of {:?}; made to expand without end", self.shown(other));
            self.problems.push(Problem { code: Code::Overlap, entry: Some(self.shown(entry)), message });
        }
        self.problems.extend(judge::totals(&self.entries, self.end.directory_start, self.limits));
        let exact = NameTable::new(self.files(), |e| e.name.as_bytes().into());
        let folded =
            NameTable::new(self.files(), |e| crate::lookup::fold(&e.name).into_owned().into_bytes().into());
        self.note_case_collisions(&folded);
        let worst = self.problems.iter().map(Problem::severity).max();
        if worst == Some(Severity::Fatal) || (worst == Some(Severity::Refused) && policy == Policy::Strict) {
            return Err(OpenError::Refused(self.problems));
        }
        Ok(Index { entries: self.entries.into(), exact, folded, problems: self.problems })
    }

    fn files(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        (0..).map(EntryId).zip(&self.entries).filter(|(_, e)| e.is_file())
    }

    /// The name of an entry as in the archive.
    fn shown(&self, index: usize) -> String {
        self.shown.get(&index).cloned().unwrap_or_else(|| self.entries[index].name.to_string())
    }

    /// Of several entries with one path the last stands, as it would after unpacking.
    fn refuse_duplicates(&mut self) {
        let mut last: HashMap<&str, usize> = HashMap::with_capacity(self.entries.len());
        let mut earlier = Vec::new();
        for (at, entry) in self.entries.iter().enumerate().filter(|(_, e)| e.kind != EntryKind::Folder) {
            earlier.extend(last.insert(&entry.name, at));
        }
        earlier.sort_unstable();
        for at in earlier {
            let message = "the same path stands in the archive again later; remove one of them".to_owned();
            self.problems.push(Problem { code: Code::DuplicateName, entry: Some(self.shown(at)), message });
            self.entries[at].kind = EntryKind::Refused;
        }
    }

    fn note_case_collisions(&mut self, folded: &NameTable) {
        for group in folded.groups() {
            let mut names: Vec<&str> = group.map(|id| &*self.entries[id.index()].name).collect();
            names.sort_unstable();
            let Some((first, others)) = names.split_first() else { continue };
            for other in others.iter().filter(|o| crate::lookup::fold(o) == crate::lookup::fold(first)) {
                let message = format!(
                    "differs from {first:?} only in case or accents' form; on Windows one of them is lost"
                );
                self.problems.push(Problem {
                    code: Code::CaseCollision,
                    entry: Some((*other).to_owned()),
                    message,
                });
            }
        }
    }
}
