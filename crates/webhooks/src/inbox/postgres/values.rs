//! Values on their way to PostgreSQL, and back.

use std::error::Error;
use std::fmt;

use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::inbox::tx::{Cell, Value};

type Boxed = Box<dyn Error + Sync + Send>;

/// A value and a type that do not go together. Without the value.
#[derive(Debug)]
pub(super) struct Misfit(String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Misfit {}

/// The type below a domain, which says more about values and keeps them in the same way.
fn base(ty: &Type) -> &Type {
    match ty.kind() {
        Kind::Domain(inner) => base(inner),
        _ => ty,
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty.kind(), Kind::Enum(_))
        || [
            Type::TEXT,
            Type::VARCHAR,
            Type::BPCHAR,
            Type::NAME,
            Type::UNKNOWN,
            Type::JSON,
        ]
        .contains(ty)
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        let ty = base(ty);
        let given = match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(value) if *ty == Type::INT8 => return value.to_sql(ty, out),
            Self::Integer(value) if *ty == Type::INT4 => {
                return within(i32::try_from(*value), ty)?.to_sql(ty, out);
            }
            Self::Integer(value) if *ty == Type::INT2 => {
                return within(i16::try_from(*value), ty)?.to_sql(ty, out);
            }
            Self::Integer(value @ (0 | 1)) if *ty == Type::BOOL => {
                return (*value == 1).to_sql(ty, out);
            }
            Self::Real(value) if *ty == Type::FLOAT8 => return value.to_sql(ty, out),
            Self::Text(value) if is_text(ty) => {
                out.extend_from_slice(value.as_bytes());
                return Ok(IsNull::No);
            }
            Self::Text(value) if *ty == Type::JSONB => {
                // The version of the format, then the text.
                out.extend_from_slice(&[1]);
                out.extend_from_slice(value.as_bytes());
                return Ok(IsNull::No);
            }
            Self::Blob(value) if *ty == Type::BYTEA => return value.to_sql(ty, out),
            Self::Integer(_) => "a whole number",
            Self::Real(_) => "a number",
            Self::Text(_) => "a text",
            Self::Blob(_) => "bytes",
        };
        Err(misfit(format!(
            "{given} was given where the statement takes {ty}: cast it in the statement, for example $1::text::{ty}"
        )))
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn within<T, E>(value: Result<T, E>, ty: &Type) -> Result<T, Boxed> {
    value.map_err(|_| misfit(format!("a whole number does not fit into {ty}")))
}

fn misfit(sentence: String) -> Boxed {
    Box::new(Misfit(sentence))
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        let ty = base(ty);
        Ok(if *ty == Type::INT8 {
            Self::Integer(i64::from_sql(ty, raw)?)
        } else if *ty == Type::INT4 {
            Self::Integer(i32::from_sql(ty, raw)?.into())
        } else if *ty == Type::INT2 {
            Self::Integer(i16::from_sql(ty, raw)?.into())
        } else if *ty == Type::BOOL {
            Self::Integer(bool::from_sql(ty, raw)?.into())
        } else if *ty == Type::FLOAT8 {
            Self::Real(f64::from_sql(ty, raw)?)
        } else if *ty == Type::FLOAT4 {
            Self::Real(f32::from_sql(ty, raw)?.into())
        } else if is_text(ty) {
            Self::Text(std::str::from_utf8(raw)?.to_owned())
        } else if *ty == Type::JSONB {
            let text = raw.get(1..).unwrap_or_default();
            Self::Text(std::str::from_utf8(text)?.to_owned())
        } else if *ty == Type::BYTEA {
            Self::Blob(raw.to_vec())
        } else if *ty == Type::VOID {
            Self::Null
        } else {
            return Err(misfit(format!(
                "a column is of type {ty}, which a cell does not have: cast it in the statement, for example to text"
            )));
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A value of the inbox itself. The driver writes values into its log when that is as verbose as it can be: these it cannot.
pub(super) struct Hidden<'a>(pub(super) &'a (dyn ToSql + Sync));

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl ToSql for Hidden<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        self.0.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Values as the driver takes them.
pub(super) fn dynamic<T: ToSql + Sync>(values: &[T]) -> Vec<&(dyn ToSql + Sync)> {
    let each = |value| value as &(dyn ToSql + Sync);
    values.iter().map(each).collect()
}

#[cfg(test)]
mod tests;
