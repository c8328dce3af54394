//! What the portal and the tests are told: counts and reasons, without any token.

use std::collections::BTreeMap;

use loop_contracts::time::{DateTime, Timestamp};
use serde_json::{Value, json};

use super::{RefreshState, TokenStore};

impl TokenStore {
    /// How often a refresh token came that had been used before, whether or not its grant was still there.
    pub(crate) fn old_refresh_tokens(&self) -> u64 {
        self.old_refresh_tokens
    }

    /// How many grants ended, by reason.
    pub(crate) fn ended_grants(&self) -> BTreeMap<&str, usize> {
        let mut ended = BTreeMap::new();
        for why in self
            .grants
            .values()
            .filter_map(|grant| grant.ended.as_deref())
        {
            *ended.entry(why).or_default() += 1;
        }
        ended
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
