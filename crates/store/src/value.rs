//! The four kinds of value that both databases share: nothing, a whole number, text, bytes.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::error::DbError;
use crate::postgres::Whole;

/// A statement's parameter. Times are milliseconds since 1970, durations hundredths of a second, truth is 0 or 1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Param<'a> {
    /// Nothing, where there could be something of this kind: PostgreSQL wants to know.
    Null(Kind),
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Blob,
}

/// A Rust type whose values are always of one kind.
pub(crate) trait Kinded {
    const KIND: Kind;
}

impl Kinded for i64 {
    const KIND: Kind = Kind::Int;
}
impl Kinded for u32 {
    const KIND: Kind = Kind::Int;
}
impl Kinded for u64 {
    const KIND: Kind = Kind::Int;
}
impl Kinded for &str {
    const KIND: Kind = Kind::Text;
}
impl Kinded for &String {
    const KIND: Kind = Kind::Text;
}
impl Kinded for &[u8] {
    const KIND: Kind = Kind::Blob;
}
impl<const N: usize> Kinded for &[u8; N] {
    const KIND: Kind = Kind::Blob;
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null(_) => ValueRef::Null,
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
    T: Kinded,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null(T::KIND), Self::from)
    }
}

/// One row of an answer, read by column position.
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64, DbError> {
        self.present(column, self.opt_int(column)?)
    }
    pub(crate) fn opt_int(&self, column: usize) -> Result<Option<i64>, DbError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get::<_, Option<Whole>>(column)?.map(|Whole(n)| n)),
        }
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
        self.present(column, self.opt_text(column)?)
    }
    pub(crate) fn opt_text(&self, column: usize) -> Result<Option<String>, DbError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }
    pub(crate) fn blob(&self, column: usize) -> Result<Vec<u8>, DbError> {
        self.present(column, self.opt_blob(column)?)
    }
    pub(crate) fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, DbError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => Ok(row.try_get(column)?),
        }
    }
    /// Exactly `N` bytes: digests and ids.
    pub(crate) fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], DbError> {
        self.blob(column)?.try_into().map_err(|_| self.odd(column, "bytes of another length"))
    }
    pub(crate) fn opt_bytes<const N: usize>(&self, column: usize) -> Result<Option<[u8; N]>, DbError> {
        let found = self.opt_blob(column)?;
        found.map(TryInto::try_into).transpose().map_err(|_| self.odd(column, "bytes of another length"))
    }
    /// One of a closed set of words.
    pub(crate) fn word<T>(&self, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| self.odd(column, &format!("the unknown word {text:?}")))
    }

    fn present<T>(&self, column: usize, value: Option<T>) -> Result<T, DbError> {
        value.ok_or_else(|| self.odd(column, "nothing"))
    }

    fn odd(&self, column: usize, what: &str) -> DbError {
        let name = match self {
            Self::Sqlite(row) => row.as_ref().column_name(column).unwrap_or("?"),
            Self::Postgres(row) => row.columns().get(column).map_or("?", |column| column.name()),
        };
        DbError::Corrupt(format!("column {name} holds {what}"))
    }
}
