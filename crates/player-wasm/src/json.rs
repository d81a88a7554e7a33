//! Reads the server's answer: a small JSON reader for serde.
//!
//! `serde_json` reads JSON as well, and costs three times as much of what the browser has to download: it reads floats,
//! borrows texts, takes every struct as a list too, and writes elaborate errors. The texts here were written by our own
//! server a moment ago; a fault in them is a fault of ours, and its place is all that helps.

use std::fmt;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

/// Values inside values that are followed; more is no answer of ours.
const MAX_DEPTH: u32 = 64;

/// Why a text could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Error {
    /// Byte of the text at which the reader stood.
    at: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server's answer cannot be read at byte {}", self.at)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    /// The message is dropped with everything that would have formatted it. The reader puts the place in.
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { at: 0 }
    }
}

/// Reads one value, which is the whole text.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, depth: 0, scratch: String::new() };
    let value = T::deserialize(&mut reader);
    let whole = value.and_then(|value| if reader.peek().is_none() { Ok(value) } else { Err(reader.error()) });
    whole.map_err(|_| reader.error())
}

struct Reader<'de> {
    bytes: &'de [u8],
    at: usize,
    depth: u32,
    /// The last string that was read.
    scratch: String,
}

type Done = Result<(), Error>;

impl Reader<'_> {
    fn error(&self) -> Error {
        Error { at: self.at }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Done {
        if self.peek() != Some(byte) {
            return Err(self.error());
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str) -> Done {
        self.peek();
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error());
        }
        self.at += word.len();
        Ok(())
    }

    fn enter(&mut self, byte: u8) -> Done {
        self.expect(byte)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.error()) } else { Ok(()) }
    }

    fn leave(&mut self, byte: u8) -> Done {
        self.depth -= 1;
        self.expect(byte)
    }

    /// Whether another element follows before `close`. The comma between elements is eaten.
    fn another(&mut self, is_first: &mut bool, close: u8) -> Result<bool, Error> {
        if self.peek() == Some(close) {
            return Ok(false);
        }
        if !*is_first {
            self.expect(b',')?;
        }
        *is_first = false;
        Ok(true)
    }

    /// Reads a string into `scratch`.
    fn string(&mut self) -> Done {
        self.expect(b'"')?;
        self.scratch.clear();
        loop {
            let from = self.at;
            while self.bytes.get(self.at).is_some_and(|&b| b != b'"' && b != b'\\' && b >= 0x20) {
                self.at += 1;
            }
            // The text is UTF-8, and both ends stand beside ASCII.
            let plain = std::str::from_utf8(&self.bytes[from..self.at]).map_err(|_| self.error())?;
            self.scratch.push_str(plain);
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(self.error()),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Done {
        let escaped = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        let meant = match escaped {
            Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode()?,
            _ => return Err(self.error()),
        };
        self.scratch.push(meant);
        Ok(())
    }

    /// `XXXX` after `\u`, and the second half of a surrogate pair.
    fn unicode(&mut self) -> Result<char, Error> {
        let high = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).ok_or_else(|| self.error());
        }
        if !self.bytes[self.at..].starts_with(b"\\u") {
            return Err(self.error());
        }
        self.at += 2;
        let low = self.four_digits()?;
        let low = low.checked_sub(0xDC00).filter(|&low| low < 0x400).ok_or_else(|| self.error())?;
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + low).ok_or_else(|| self.error())
    }

    fn four_digits(&mut self) -> Result<u32, Error> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self
                .bytes
                .get(self.at)
                .and_then(|&b| char::from(b).to_digit(16))
                .ok_or_else(|| self.error())?;
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }

    /// A whole number: its sign and its size.
    fn number(&mut self) -> Result<(bool, u64), Error> {
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let from = self.at;
        let mut value: u64 = 0;
        while let Some(digit) = self.bytes.get(self.at).filter(|b| b.is_ascii_digit()) {
            let next = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0')));
            value = next.ok_or_else(|| self.error())?;
            self.at += 1;
        }
        if self.at == from { Err(self.error()) } else { Ok((is_negative, value)) }
    }

    /// Passes over a value that nobody wants.
    fn skip(&mut self) -> Done {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(open @ (b'{' | b'[')) => self.skip_inside(open),
            _ => {
                let from = self.at;
                while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
                {
                    self.at += 1;
                }
                if self.at == from { Err(self.error()) } else { Ok(()) }
            }
        }
    }

    fn skip_inside(&mut self, open: u8) -> Done {
        // `{` and `}`, `[` and `]` stand two apart in ASCII.
        let close = open + 2;
        self.enter(open)?;
        let mut is_first = true;
        while self.another(&mut is_first, close)? {
            if open == b'{' {
                self.string()?;
                self.expect(b':')?;
            }
            self.skip()?;
        }
        self.leave(close)
    }
}

macro_rules! whole_numbers {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.number()? {
                (false, value) => visitor.visit_u64(value),
                (true, value) => {
                    let value = 0i64.checked_sub_unsigned(value).ok_or_else(|| self.error())?;
                    visitor.visit_i64(value)
                }
            }
        }
    )*};
}

macro_rules! not_ours {
    ($($deserialize:ident($($argument:ty),*))*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, $(_: $argument,)* _: V) -> Result<V::Value, Error> {
            Err(self.error())
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    // Shapes that none of the types has which a session opens with.
    not_ours! {
        deserialize_any() deserialize_f32() deserialize_f64() deserialize_char() deserialize_bytes()
        deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(&'static str)
        deserialize_tuple_struct(&'static str, usize)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.peek() == Some(b't');
        self.word(if value { "true" } else { "false" })?;
        visitor.visit_bool(value)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.string()?;
        visitor.visit_str(&self.scratch)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter(b'[')?;
        let value = visitor.visit_seq(Elements { reader: self, is_first: true })?;
        self.leave(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter(b'{')?;
        let value = visitor.visit_map(Elements { reader: self, is_first: true })?;
        self.leave(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    /// Variants without content: their names.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.string()?;
        let name: StrDeserializer<'_, Error> = self.scratch.as_str().into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// What stands between brackets.
struct Elements<'a, 'de> {
    reader: &'a mut Reader<'de>,
    is_first: bool,
}

impl<'de> de::SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.reader.another(&mut self.is_first, b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'de> de::MapAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.reader.another(&mut self.is_first, b'}')? {
            return Ok(None);
        }
        seed.deserialize(Key(&mut *self.reader)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// The name of a member: a string, also where a number is meant.
struct Key<'a, 'de>(&'a mut Reader<'de>);

impl<'de> Key<'_, 'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.string()?;
        match self.0.scratch.parse() {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => Err(self.0.error()),
        }
    }
}

impl<'de> de::Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_str(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.number(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
