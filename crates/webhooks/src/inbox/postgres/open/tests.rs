#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use super::*;

#[test]
fn an_address_is_read_or_refused() {
    let read = |address| read(address).map(drop);
    assert_eq!(read("postgres://me@db.example/inbox"), Ok(()));
    assert_eq!(read("host=/run/postgresql user=me"), Ok(()));
    assert_eq!(
        read("postgres://me@db.example:no/inbox"),
        Err(StartError::Address)
    );
    assert_eq!(read("mysql"), Err(StartError::Address));
    assert_eq!(read("postgres://me@/inbox"), Err(StartError::Address));
    // It would be sent in the clear.
    let secure = "postgres://me@db.example/inbox?sslmode=require";
    assert_eq!(read(secure), Err(StartError::NoTls));
}

#[test]
fn nothing_waits_forever_unless_the_address_says_so() {
    let config = read("postgres://me@db.example/inbox").unwrap();
    assert_eq!(config.get_connect_timeout(), Some(&PATIENCE));
    assert_eq!(config.get_tcp_user_timeout(), Some(&SILENCE));
    assert_eq!(config.get_keepalives_idle(), SILENCE);
    let own = "host=db.example connect_timeout=3 keepalives_idle=5 keepalives_retries=9";
    let config = read(own).unwrap();
    assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(3)));
    assert_eq!(config.get_keepalives_idle(), Duration::from_secs(5));
    assert_eq!(config.get_keepalives_retries(), Some(9));
}
