//! Records that the database will never take, a line of JSON each, for people. Of an erased learner it says only that there was one.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use lyceum_store::RegistrationId;
use serde_json::{Value, json};

use super::Record;
use super::files::append_durably;

pub(super) const REFUSED: &str = "refused.jsonl";

/// Keeps a record with the reason. Hold the spool's lock.
pub(super) fn keep(root: &Path, record: &Record, why: &str) -> io::Result<()> {
    append(root, &json!({ "refused": why, "record": record }))
}

/// Keeps that there was a record, and nothing of what the learner entered. Hold the spool's lock.
pub(super) fn keep_fact(root: &Path, record: &Record) -> io::Result<()> {
    append(root, &fact(record.registration, &json!({ "record": record })))
}

fn append(root: &Path, line: &Value) -> io::Result<()> {
    append_durably(&root.join(REFUSED), format!("{line}\n").as_bytes())
}

/// Writes the file anew without what these registrations' learner entered; answers how many records that were. Hold the
/// spool's lock. A crash leaves the old file or the new one.
pub(super) fn forget(root: &Path, of: &[RegistrationId]) -> io::Result<usize> {
    let path = root.join(REFUSED);
    let old = match File::open(&path) {
        Ok(file) => BufReader::new(file),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(e),
    };
    let temporary = root.join("refused.new");
    let mut new = BufWriter::new(File::create(&temporary)?);
    let mut forgotten = 0;
    for line in old.split(b'\n') {
        let line = line?;
        match without(&line, of) {
            Some(fact) => {
                forgotten += 1;
                writeln!(new, "{fact}")?;
            }
            None => {
                new.write_all(&line)?;
                new.write_all(b"\n")?;
            }
        }
    }
    new.into_inner()?.sync_all()?;
    if forgotten == 0 {
        fs::remove_file(&temporary)?;
        return Ok(0);
    }
    fs::rename(&temporary, &path)?;
    crate::folder::sync(root)?;
    Ok(forgotten)
}

/// What is to stand in the place of a line that tells of one of these; `None` where it does not, or no more than it may.
fn without(line: &[u8], of: &[RegistrationId]) -> Option<Value> {
    let text = String::from_utf8_lossy(line);
    let registration = of.iter().find(|id| text.contains(&id.to_string()))?;
    // A line that was torn by a crash tells as much as it may: nothing.
    let told = serde_json::from_str(&text).unwrap_or(Value::Null);
    (told["refused"] != ERASED).then(|| fact(*registration, &told))
}

const ERASED: &str = "the learner was erased";

fn fact(registration: RegistrationId, told: &Value) -> Value {
    let record = &told["record"];
    json!({
        "refused": ERASED,
        "record": {
            "tenant": record["tenant"], "registration": registration.to_string(), "arrived_at": record["arrived_at"],
            "entries": record["request"]["entries"].as_array().map(Vec::len),
        },
    })
}
