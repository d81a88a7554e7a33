//! The four kinds of value in PostgreSQL's binary form.

use std::borrow::Cow;
use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::value::{Kind, Param};

type Odd = Box<dyn Error + Sync + Send>;

impl Param<'_> {
    /// What the server is told about the parameter. Left to itself it takes `$1 IS NULL` for a riddle, and the 1 in `$1 - 1`
    /// for a sign that the parameter has 32 bits.
    pub(super) fn postgres_type(&self) -> Type {
        match self {
            Self::Int(_) | Self::Null(Kind::Int) => Type::INT8,
            Self::Text(_) | Self::Null(Kind::Text) => Type::TEXT,
            Self::Blob(_) | Self::Null(Kind::Blob) => Type::BYTEA,
        }
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Odd> {
        match self {
            Self::Null(_) => Ok(IsNull::Yes),
            Self::Int(n) if *ty == Type::INT8 => n.to_sql(ty, out),
            Self::Text(text) if <&str as ToSql>::accepts(ty) => storable(text).as_ref().to_sql(ty, out),
            Self::Blob(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            _ => Err(format!("{self:?} does not fit a parameter of type {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// PostgreSQL's text holds every character but U+0000. Nothing that means anything has one; it is replaced rather than
/// refused.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}").into() } else { text.into() }
}

/// A whole number of whatever width.
pub(crate) struct Whole(pub(crate) i64);

impl<'a> FromSql<'a> for Whole {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Odd> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self),
            Type::INT4 => i32::from_sql(ty, raw).map(|n| Self(n.into())),
            _ => i16::from_sql(ty, raw).map(|n| Self(n.into())),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_text_cannot_hold_is_replaced() {
        assert_eq!(storable("a\0b"), "a\u{FFFD}b");
        assert!(matches!(storable("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn a_value_of_another_type_is_an_error_and_not_another_value() {
        let mut out = BytesMut::new();
        assert!(Param::Int(1).to_sql(&Type::INT4, &mut out).is_err());
        assert!(Param::Int(1).to_sql(&Type::TEXT, &mut out).is_err());
        assert!(Param::Text("1").to_sql(&Type::INT8, &mut out).is_err());
    }
}
