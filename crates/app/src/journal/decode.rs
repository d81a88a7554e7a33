//! Reading packed entries. Whatever the bytes are, the answer is entries or `None`.

use lyceum_attempt::entry::{Entry, Outcome, Recorded};

use super::{ACTIVITY, CALL_BITS, CALLS, ELEMENT, OUTCOME, SERVER};

pub(super) fn entries(bytes: &[u8], has_sequencing: bool) -> Option<Vec<Recorded>> {
    let mut reader = Reader { bytes, has_sequencing, seq: 0, at: 0, activity: String::new() };
    let mut all = Vec::new();
    while !reader.bytes.is_empty() {
        all.push(reader.recorded()?);
    }
    Some(all)
}

struct Reader<'a> {
    bytes: &'a [u8],
    has_sequencing: bool,
    seq: u64,
    at: i64,
    activity: String,
}

impl Reader<'_> {
    fn recorded(&mut self) -> Option<Recorded> {
        let head = self.byte()?;
        let call = *CALLS.get(usize::from(head & CALL_BITS))?;
        self.seq = self.seq.wrapping_add(self.signed()?.cast_unsigned());
        self.at = self.at.wrapping_add(self.signed()?);
        if head & ACTIVITY != 0 {
            self.activity = self.text()?;
        }
        let element = if head & ELEMENT != 0 { self.text()? } else { String::new() };
        let value = self.text()?;
        let Outcome { error, flags, result, seeds, sequencing } =
            if head & OUTCOME != 0 { self.outcome()? } else { Outcome::default() };
        let server = if head & SERVER != 0 { Some(self.outcome()?) } else { None };
        let (seq, at, activity) = (self.seq, self.at, self.activity.clone());
        let entry =
            Entry { seq, at, activity, call, element, value, error, flags, result, seeds, sequencing };
        Some(Recorded { entry, server })
    }

    fn outcome(&mut self) -> Option<Outcome> {
        let error = u16::try_from(self.number()?).ok()?;
        let flags = u16::try_from(self.number()?).ok()?;
        let result = self.text()?;
        let count = self.number()?;
        let mut seeds = Vec::new();
        for _ in 0..count {
            seeds.push((self.text()?, self.text()?));
        }
        let sequencing = match self.has_sequencing.then(|| self.text()) {
            None => None,
            Some(text) => Some(text?).filter(|text| !text.is_empty()),
        };
        let sequencing = match sequencing {
            None => None,
            Some(text) => Some(serde_json::from_str(&text).ok()?),
        };
        Some(Outcome { error, flags, result, seeds, sequencing })
    }

    fn text(&mut self) -> Option<String> {
        let len = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }
}
