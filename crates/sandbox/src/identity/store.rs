//! What was issued: grants, token families, access and refresh tokens; rotation, reuse detection, revocation.
//!
//! A *family* is everything that comes from one authorization code. A *grant* is a person's yes to an app; it may hold
//! several families over time, and only the newest has a live refresh token. Tokens are kept as hashes.

use std::collections::BTreeMap;
use std::collections::HashMap;

use loop_contracts::oauth::token_prefix;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::{DateTime, Timestamp};
use serde_json::{Value, json};

use crate::secret;

/// A person's yes to an app.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) client: String,
    pub(crate) scopes: ScopeSet,
    pub(crate) granted_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// Why it ended.
    pub(crate) ended: Option<String>,
}

#[derive(Clone, Debug)]
struct Family {
    grant: String,
    user: String,
    client: String,
    scopes: ScopeSet,
    revoked: Option<String>,
}

#[derive(Clone, Debug)]
struct Access {
    family: String,
    scopes: ScopeSet,
    issued: Timestamp,
    expires: Timestamp,
    revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RefreshState {
    Active,
    /// Used once, as it should be.
    Rotated,
    /// A later authorization took its place.
    Replaced,
}

#[derive(Clone, Debug)]
struct Refresh {
    family: String,
    expires: Timestamp,
    state: RefreshState,
}

/// What a live access token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) user: String,
    pub(crate) client: String,
    pub(crate) scopes: ScopeSet,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

/// A freshly issued pair.
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) user: String,
    pub(crate) scopes: ScopeSet,
}

/// How long new tokens live, from when on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lives {
    pub(crate) now: Timestamp,
    pub(crate) access_seconds: i64,
    pub(crate) refresh_seconds: i64,
}

/// Why a refresh was refused, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefreshRefused {
    #[error("unknown token")]
    Unknown,
    #[error("token of another client")]
    OtherClient,
    #[error("reuse detected, grant revoked")]
    Reuse,
    #[error("replaced by a later authorization")]
    Replaced,
    #[error("revoked")]
    Revoked,
    #[error("expired")]
    Expired,
    #[error("wider scope")]
    WiderScope,
}

/// Everything issued.
#[derive(Debug, Default)]
pub(crate) struct TokenStore {
    grants: BTreeMap<String, Grant>,
    families: BTreeMap<String, Family>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    counter: u64,
    /// What the person would be told.
    alerts: Vec<String>,
}

impl TokenStore {
    /// Records a person's yes: makes or renews the grant, kills the refresh tokens of earlier authorizations, and opens
    /// a family, whose id is returned.
    pub(crate) fn open(
        &mut self,
        user: &str,
        client: &str,
        scopes: ScopeSet,
        now: Timestamp,
    ) -> String {
        let existing = self
            .grants
            .values_mut()
            .find(|grant| grant.user == user && grant.client == client && grant.ended.is_none());
        let grant = if let Some(grant) = existing {
            grant.scopes = scopes.clone();
            grant.updated_at = now;
            grant.id.clone()
        } else {
            let id = secret::random("grt_")[..20].to_owned();
            let grant = Grant {
                id: id.clone(),
                user: user.to_owned(),
                client: client.to_owned(),
                scopes: scopes.clone(),
                granted_at: now,
                updated_at: now,
                ended: None,
            };
            self.grants.insert(id.clone(), grant);
            id
        };
        for refresh in self.refresh.values_mut() {
            let same = self
                .families
                .get(&refresh.family)
                .is_some_and(|family| family.grant == grant);
            if same && refresh.state == RefreshState::Active {
                refresh.state = RefreshState::Replaced;
            }
        }
        self.counter += 1;
        let family = format!("family_{:06}", self.counter);
        let (user, client) = (user.to_owned(), client.to_owned());
        self.families.insert(
            family.clone(),
            Family {
                grant,
                user,
                client,
                scopes,
                revoked: None,
            },
        );
        family
    }

    /// Issues a pair in a family. `None` when the family was revoked meanwhile.
    pub(crate) fn issue(
        &mut self,
        family: &str,
        scopes: Option<ScopeSet>,
        lives: Lives,
    ) -> Option<Pair> {
        let known = self
            .families
            .get(family)
            .filter(|known| known.revoked.is_none())?;
        let scopes = scopes.unwrap_or_else(|| known.scopes.clone());
        let pair = Pair {
            access: secret::random(token_prefix::ACCESS),
            refresh: secret::random(token_prefix::REFRESH),
            user: known.user.clone(),
            scopes: scopes.clone(),
        };
        let access = Access {
            family: family.to_owned(),
            scopes,
            issued: lives.now,
            expires: lives.now.plus(lives.access_seconds * 1000),
            revoked: false,
        };
        let refresh = Refresh {
            family: family.to_owned(),
            expires: lives.now.plus(lives.refresh_seconds * 1000),
            state: RefreshState::Active,
        };
        self.access.insert(secret::hash(&pair.access), access);
        self.refresh.insert(secret::hash(&pair.refresh), refresh);
        Some(pair)
    }

    /// Swaps a refresh token for a new pair. One that was used before means that somebody else has it: the whole grant
    /// of this person and client ends.
    pub(crate) fn rotate(
        &mut self,
        token: &str,
        client: &str,
        asked: Option<&ScopeSet>,
        replaced_counts_as_reuse: bool,
        lives: Lives,
    ) -> Result<Pair, RefreshRefused> {
        let hash = secret::hash(token);
        let refresh = self
            .refresh
            .get(&hash)
            .cloned()
            .ok_or(RefreshRefused::Unknown)?;
        let family = self
            .families
            .get(&refresh.family)
            .cloned()
            .ok_or(RefreshRefused::Unknown)?;
        if family.client != client {
            return Err(RefreshRefused::OtherClient);
        }
        if family.revoked.is_some() {
            return Err(RefreshRefused::Revoked);
        }
        let is_reuse = match refresh.state {
            RefreshState::Active => false,
            RefreshState::Rotated => true,
            RefreshState::Replaced if replaced_counts_as_reuse => true,
            RefreshState::Replaced => return Err(RefreshRefused::Replaced),
        };
        if is_reuse {
            self.end_grants(&family.user, &family.client, "reuse of a refresh token");
            self.alerts.push(format!(
                "{}: a refresh token of {} was used twice",
                family.user, family.client
            ));
            return Err(RefreshRefused::Reuse);
        }
        if lives.now >= refresh.expires {
            return Err(RefreshRefused::Expired);
        }
        if asked.is_some_and(|asked| !asked.without(&family.scopes).is_empty()) {
            return Err(RefreshRefused::WiderScope);
        }
        let pair = self
            .issue(&refresh.family, asked.cloned(), lives)
            .ok_or(RefreshRefused::Revoked)?;
        if let Some(used) = self.refresh.get_mut(&hash) {
            used.state = RefreshState::Rotated;
        }
        Ok(pair)
    }

    /// What a token stands for, if it is alive.
    pub(crate) fn live(&self, token: &str, now: Timestamp) -> Option<Live> {
        let access = self.access.get(&secret::hash(token))?;
        let family = self.families.get(&access.family)?;
        (!access.revoked && family.revoked.is_none() && now < access.expires).then(|| Live {
            user: family.user.clone(),
            client: family.client.clone(),
            scopes: access.scopes.clone(),
            issued: access.issued,
            expires: access.expires,
        })
    }

    /// RFC 7009: an access token alone, or with a refresh token all that hangs on it. Says what it was; `Err` when it
    /// belongs to another client.
    pub(crate) fn revoke(&mut self, token: &str, client: &str) -> Result<&'static str, ()> {
        let hash = secret::hash(token);
        if let Some(refresh) = self.refresh.get(&hash) {
            let family = self.families.get(&refresh.family).cloned().ok_or(())?;
            if family.client != client {
                return Err(());
            }
            if family.revoked.is_some() {
                return Ok("refresh token, already dead");
            }
            self.end_grants(&family.user, client, "revoked by the app");
            return Ok("refresh token, grant ended");
        }
        if let Some(access) = self.access.get_mut(&hash) {
            if self
                .families
                .get(&access.family)
                .is_none_or(|family| family.client != client)
            {
                return Err(());
            }
            access.revoked = true;
            return Ok("access token");
        }
        Ok("unknown token")
    }

    /// Ends everything that came from one authorization code.
    pub(crate) fn revoke_family(&mut self, family: &str, why: &str) {
        let Some(known) = self.families.get_mut(family) else {
            return;
        };
        if known.revoked.is_none() {
            known.revoked = Some(why.to_owned());
            self.alerts.push(format!(
                "{}: tokens of {} were revoked: {why}",
                known.user, known.client
            ));
        }
        let grant = known.grant.clone();
        let is_last = !self
            .families
            .values()
            .any(|other| other.grant == grant && other.revoked.is_none());
        if let Some(grant) = self
            .grants
            .get_mut(&grant)
            .filter(|grant| is_last && grant.ended.is_none())
        {
            grant.ended = Some(why.to_owned());
        }
    }

    /// Ends a person's grant to a client with all its tokens. Whether there was one.
    pub(crate) fn end_grants(&mut self, user: &str, client: &str, why: &str) -> bool {
        let mut found = false;
        for grant in self.grants.values_mut() {
            if grant.user == user && grant.client == client && grant.ended.is_none() {
                grant.ended = Some(why.to_owned());
                found = true;
            }
        }
        for family in self.families.values_mut() {
            if family.user == user && family.client == client && family.revoked.is_none() {
                family.revoked = Some(why.to_owned());
            }
        }
        found
    }

    /// A person's live grants.
    pub(crate) fn grants_of(&self, user: &str) -> impl Iterator<Item = &Grant> {
        self.grants
            .values()
            .filter(move |grant| grant.user == user && grant.ended.is_none())
    }

    /// For tests: all access tokens are past their time.
    pub(crate) fn expire_access(&mut self, now: Timestamp) -> usize {
        let alive = self
            .access
            .values_mut()
            .filter(|access| now < access.expires);
        alive.map(|access| access.expires = now).count()
    }

    /// For tests: all refresh tokens are dead, and nothing else.
    pub(crate) fn kill_refresh(&mut self, now: Timestamp) -> usize {
        let alive = self
            .refresh
            .values_mut()
            .filter(|token| token.state == RefreshState::Active && now < token.expires);
        alive.map(|token| token.expires = now).count()
    }

    /// Counts and reasons, without any token.
    pub(crate) fn summary(&self, now: Timestamp) -> Value {
        let is_live = |family: &str| {
            self.families
                .get(family)
                .is_some_and(|family| family.revoked.is_none())
        };
        let access = self
            .access
            .values()
            .filter(|token| !token.revoked && now < token.expires && is_live(&token.family));
        let refresh = self.refresh.values().filter(|token| {
            token.state == RefreshState::Active && now < token.expires && is_live(&token.family)
        });
        let mut people: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let person_of = |family: &str| self.families.get(family).map(|family| family.user.as_str());
        for token in access.clone() {
            if let Some(person) = person_of(&token.family) {
                people.entry(person).or_default().0 += 1;
            }
        }
        for token in refresh.clone() {
            if let Some(person) = person_of(&token.family) {
                people.entry(person).or_default().1 += 1;
            }
        }
        let people: BTreeMap<&str, Value> = people
            .into_iter()
            .map(|(person, (access, refresh))| {
                (
                    person,
                    json!({ "access_tokens": access, "refresh_tokens": refresh }),
                )
            })
            .collect();
        let mut grants: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for grant in self.grants.values() {
            grants.entry(&grant.user).or_default().push(json!({
                "id": grant.id,
                "client_id": grant.client,
                "scopes": grant.scopes,
                "granted_at": DateTime::from(grant.granted_at),
                "ended": grant.ended,
            }));
        }
        let revoked: Vec<Value> = self
            .families
            .iter()
            .filter_map(|(id, family)| {
                let why = family.revoked.as_ref()?;
                Some(json!({ "family": id, "user": family.user, "client_id": family.client, "reason": why }))
            })
            .collect();
        json!({
            "access_tokens": access.count(),
            "refresh_tokens": refresh.count(),
            "people": people,
            "grants": grants,
            "revoked_families": revoked,
            "alerts": self.alerts,
        })
    }
}

#[cfg(test)]
mod tests {
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
}
