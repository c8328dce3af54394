//! Rotation, reuse, replacement and the end of every token.

use super::*;

const LIVES: Lives = Lives {
    now: Timestamp(1_000_000),
    access_seconds: 60,
    refresh_seconds: 600,
};

fn opened() -> (TokenStore, Pair) {
    let mut store = TokenStore::default();
    let family = store.open(
        "usr_maya",
        "app",
        ScopeSet::parse("openid read:biomarkers"),
        LIVES.now,
    );
    let pair = store.issue(&family, None, LIVES).unwrap();
    (store, pair)
}

#[test]
fn a_rotated_token_that_comes_back_ends_the_grant() {
    let (mut store, first) = opened();
    let second = store
        .rotate(&first.refresh, "app", None, false, LIVES)
        .unwrap();
    assert!(store.live(&second.access, LIVES.now).is_some());
    assert_eq!(
        store
            .rotate(&first.refresh, "app", None, false, LIVES)
            .err(),
        Some(RefreshRefused::Reuse)
    );
    assert!(store.live(&first.access, LIVES.now).is_none());
    assert!(store.live(&second.access, LIVES.now).is_none());
    assert_eq!(
        store
            .rotate(&second.refresh, "app", None, false, LIVES)
            .err(),
        Some(RefreshRefused::Revoked)
    );
    assert_eq!(store.grants_of("usr_maya").count(), 0);
}

#[test]
fn a_later_authorization_replaces_the_refresh_token_and_leaves_the_access_token() {
    for (counts_as_reuse, expected) in [
        (false, RefreshRefused::Replaced),
        (true, RefreshRefused::Reuse),
    ] {
        let (mut store, first) = opened();
        let family = store.open("usr_maya", "app", ScopeSet::parse("openid"), LIVES.now);
        let second = store.issue(&family, None, LIVES).unwrap();
        assert!(store.live(&first.access, LIVES.now).is_some());
        assert_eq!(
            store
                .rotate(&first.refresh, "app", None, counts_as_reuse, LIVES)
                .err(),
            Some(expected)
        );
        assert_eq!(
            store.live(&second.access, LIVES.now).is_some(),
            !counts_as_reuse
        );
    }
}

#[test]
fn tokens_die_at_their_time_and_belong_to_their_client() {
    let (mut store, pair) = opened();
    assert!(store.live(&pair.access, LIVES.now.plus(59_999)).is_some());
    assert!(store.live(&pair.access, LIVES.now.plus(60_000)).is_none());
    assert_eq!(
        store
            .rotate(&pair.refresh, "other", None, false, LIVES)
            .err(),
        Some(RefreshRefused::OtherClient)
    );
    let late = Lives {
        now: LIVES.now.plus(600_000),
        ..LIVES
    };
    assert_eq!(
        store.rotate(&pair.refresh, "app", None, false, late).err(),
        Some(RefreshRefused::Expired)
    );
}

#[test]
fn a_refresh_may_ask_for_less_and_never_for_more() {
    let (mut store, pair) = opened();
    let wider = ScopeSet::parse("openid read:red_flags");
    assert_eq!(
        store
            .rotate(&pair.refresh, "app", Some(&wider), false, LIVES)
            .err(),
        Some(RefreshRefused::WiderScope)
    );
    let less = ScopeSet::parse("openid");
    let narrow = store
        .rotate(&pair.refresh, "app", Some(&less), false, LIVES)
        .unwrap();
    assert_eq!(narrow.scopes, less);
    let whole = store
        .rotate(&narrow.refresh, "app", None, false, LIVES)
        .unwrap();
    assert_eq!(whole.scopes, ScopeSet::parse("openid read:biomarkers"));
}
