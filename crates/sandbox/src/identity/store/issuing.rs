//! From a person's yes to tokens, and from one refresh token to the next.

use loop_contracts::oauth::token_prefix;
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;

use super::{Access, Family, Grant, Lives, Pair, Refresh, RefreshState, TokenStore};
use crate::secret;

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
        if refresh.state == RefreshState::Rotated {
            self.old_refresh_tokens += 1;
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
}
