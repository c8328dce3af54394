#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use super::*;

/// There and back.
fn through(value: Value<'_>, ty: &Type) -> Result<Cell, String> {
    let mut bytes = BytesMut::new();
    match value
        .to_sql_checked(ty, &mut bytes)
        .map_err(|error| error.to_string())?
    {
        IsNull::Yes => Cell::from_sql_null(ty),
        IsNull::No => Cell::from_sql(ty, &bytes),
    }
    .map_err(|error| error.to_string())
}

#[test]
fn values_come_back_as_they_went() {
    let cases: [(Value<'_>, &[Type], Cell); 6] = [
        (
            Value::Integer(-7),
            &[Type::INT2, Type::INT4, Type::INT8],
            Cell::Integer(-7),
        ),
        (Value::Integer(1), &[Type::BOOL], Cell::Integer(1)),
        (Value::Real(0.5), &[Type::FLOAT8], Cell::Real(0.5)),
        (
            Value::Text("{\"ä\":1}"),
            &[Type::TEXT, Type::VARCHAR, Type::JSON, Type::JSONB],
            Cell::Text("{\"ä\":1}".to_owned()),
        ),
        (
            Value::Blob(&[0, 255]),
            &[Type::BYTEA],
            Cell::Blob(vec![0, 255]),
        ),
        (
            Value::Null,
            &[Type::TEXT, Type::INT2, Type::TIMESTAMPTZ],
            Cell::Null,
        ),
    ];
    for (value, types, cell) in cases {
        for ty in types {
            assert_eq!(through(value, ty), Ok(cell.clone()), "{ty}");
        }
    }
}

#[test]
fn what_does_not_go_together_says_so_without_the_value() {
    let cases = [
        (Value::Integer(32_768), Type::INT2, "does not fit into int2"),
        (
            Value::Integer(-2_147_483_649),
            Type::INT4,
            "does not fit into int4",
        ),
        (Value::Integer(2), Type::BOOL, "cast it"),
        (Value::Integer(5), Type::TEXT, "cast it"),
        (Value::Text("77123"), Type::INT8, "cast it"),
        (Value::Text("2026-01-01"), Type::TIMESTAMPTZ, "cast it"),
    ];
    for (value, ty, wanted) in cases {
        let error = through(value, &ty).unwrap_err();
        assert!(error.contains(wanted), "{error}");
        assert!(
            !error.contains("77123") && !error.contains("2026"),
            "{error}"
        );
    }
    let error = Cell::from_sql(&Type::TIMESTAMPTZ, &[0; 8]).unwrap_err();
    assert!(error.to_string().contains("cast it"), "{error}");
}

#[test]
fn the_drivers_log_has_no_values() {
    assert_eq!(format!("{:?}", Hidden(&"usr_1")), "..");
    assert_eq!(format!("{:?}", Value::Text("usr_1")), "Value(..)");
}
