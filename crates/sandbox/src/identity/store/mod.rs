//! What was issued: grants, token families, access and refresh tokens; rotation, reuse detection, revocation.
//!
//! A *family* is everything that comes from one authorization code. A *grant* is a person's yes to an app; it may hold
//! several families over time, and only the newest has a live refresh token. Tokens are kept as hashes.
//!
//! `mod.rs` has what is kept; `issuing.rs` makes tokens, `revoking.rs` ends them, `summary.rs` tells of them without one.

mod issuing;
mod revoking;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::HashMap;

use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;

pub(crate) use issuing::RefreshRefused;

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

/// Everything issued.
#[derive(Debug, Default)]
pub(crate) struct TokenStore {
    grants: BTreeMap<String, Grant>,
    families: BTreeMap<String, Family>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    counter: u64,
    /// How often a refresh token came that had been used before.
    old_refresh_tokens: u64,
    /// What the person would be told.
    alerts: Vec<String>,
}

impl TokenStore {
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

    /// A person's live grants.
    pub(crate) fn grants_of(&self, user: &str) -> impl Iterator<Item = &Grant> {
        self.grants
            .values()
            .filter(move |grant| grant.user == user && grant.ended.is_none())
    }
}
