use super::*;

#[test]
fn codes_are_told_apart() {
    let table = [
        // Of the statement: unique_violation, undefined_column, query_canceled, in_failed_sql_transaction, raise_exception.
        ("23505", None),
        ("42703", None),
        ("57014", None),
        ("25P02", None),
        ("P0001", None),
        // Of the database: connection_failure, admin_shutdown, too_many_connections, serialization_failure, deadlock_detected.
        ("08006", Some(StoreError::Unreachable)),
        ("57P01", Some(StoreError::Unreachable)),
        ("53300", Some(StoreError::Unreachable)),
        ("25006", Some(StoreError::Unreachable)),
        ("25P03", Some(StoreError::Unreachable)),
        ("53100", Some(StoreError::Full)),
        ("40001", Some(StoreError::Locked)),
        ("40P01", Some(StoreError::Locked)),
        ("55P03", Some(StoreError::Locked)),
        ("XX001", Some(StoreError::Corrupt)),
        ("", None),
    ];
    for (code, meant) in table {
        assert_eq!(by_code(code), meant, "{code}");
    }
}
