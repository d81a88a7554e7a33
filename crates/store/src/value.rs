//! The four kinds of value that both databases share: nothing, a whole number, text, bytes.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::error::DbError;

/// A statement's parameter. Times are milliseconds since 1970, durations hundredths of a second, truth is 0 or 1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Param<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(t) => ValueRef::Text(t.as_bytes()),
            Self::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

impl From<i64> for Param<'_> {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}
impl From<u32> for Param<'_> {
    fn from(n: u32) -> Self {
        Self::Int(i64::from(n))
    }
}
impl From<u64> for Param<'_> {
    /// Sequence numbers and sizes. A value that no `i64` holds (nothing real is) is stored as the largest.
    fn from(n: u64) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl<'a> From<&'a str> for Param<'a> {
    fn from(t: &'a str) -> Self {
        Self::Text(t)
    }
}
impl<'a> From<&'a String> for Param<'a> {
    fn from(t: &'a String) -> Self {
        Self::Text(t)
    }
}
impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(b: &'a [u8]) -> Self {
        Self::Blob(b)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(b: &'a [u8; N]) -> Self {
        Self::Blob(b)
    }
}
impl<'a, T> From<Option<T>> for Param<'a>
where
    Param<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// One row of an answer, read by column position.
pub(crate) struct Row<'r>(pub(crate) &'r rusqlite::Row<'r>);

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64, DbError> {
        Ok(self.0.get(column)?)
    }
    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>, DbError> {
        Ok(self.0.get(column)?)
    }
    /// A number that was stored from an unsigned one.
    pub(crate) fn count(&self, column: usize) -> Result<u64, DbError> {
        u64::try_from(self.int(column)?).map_err(|_| self.odd(column, "a negative count"))
    }
    pub(crate) fn small(&self, column: usize) -> Result<u32, DbError> {
        u32::try_from(self.int(column)?).map_err(|_| self.odd(column, "a number outside 32 bits"))
    }
    pub(crate) fn opt_small(&self, column: usize) -> Result<Option<u32>, DbError> {
        self.opt_int(column)?
            .map(u32::try_from)
            .transpose()
            .map_err(|_| self.odd(column, "a number outside 32 bits"))
    }
    pub(crate) fn text(&self, column: usize) -> Result<String, DbError> {
        Ok(self.0.get(column)?)
    }
    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<String>, DbError> {
        Ok(self.0.get(column)?)
    }
    pub(crate) fn blob(&self, column: usize) -> Result<Vec<u8>, DbError> {
        Ok(self.0.get(column)?)
    }
    /// Exactly `N` bytes: digests and ids.
    pub(crate) fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], DbError> {
        self.blob(column)?.try_into().map_err(|_| self.odd(column, "bytes of another length"))
    }
    pub(crate) fn opt_bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, DbError> {
        let found: Option<Vec<u8>> = self.0.get(column)?;
        found.map(TryInto::try_into).transpose().map_err(|_| self.odd(column, "bytes of another length"))
    }
    /// One of a closed set of words.
    pub(crate) fn word<T>(&self, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| self.odd(column, &format!("the unknown word {text:?}")))
    }

    fn odd(&self, column: usize, what: &str) -> DbError {
        let name = self.0.as_ref().column_name(column).unwrap_or("?").to_owned();
        DbError::Corrupt(format!("column {name} holds {what}"))
    }
}
