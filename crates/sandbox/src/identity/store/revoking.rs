//! The end of tokens and grants.

use loop_contracts::time::Timestamp;

use super::{RefreshState, TokenStore};
use crate::secret;

impl TokenStore {
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
}
