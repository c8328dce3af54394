//! Which app is told what about whom.
//!
//! An app is told what it may read, and not a moment longer: a delivery carries the same results that `GET /v1/biomarkers` would
//! answer with. So there has to be a live grant with the scope when it happens, and the same grant still when it is sent.

use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus};
use loop_contracts::events::EventName;
use loop_contracts::time::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::event::{Event, scope_of};
use crate::switches::EventNames;
use crate::world::State;

/// The other style of the one name that has two (C5).
const PARSED_UNVERSIONED: &str = "biomarker.result.created";

impl State {
    /// Results were read from a report: one event with all of them, and one for each that is critical.
    pub(crate) fn tell_results(
        &mut self,
        person: &str,
        results: &[BiomarkerResult],
        now: Timestamp,
    ) {
        #[derive(Serialize)]
        struct List<'a> {
            results: &'a [BiomarkerResult],
        }
        // A6: both shapes, as they come about by themselves.
        let data = match results {
            [] => return,
            [one] => to_raw_value(one),
            results => to_raw_value(&List { results }),
        };
        let critical = results
            .iter()
            .filter(|result| result.status == BiomarkerStatus::Critical)
            .map(to_raw_value);
        let critical = critical.map(|data| (EventName::LabResultCritical, data));
        for (name, data) in std::iter::once((EventName::BiomarkerParsed, data)).chain(critical) {
            if let Ok(data) = data {
                self.tell(&name, person, &data, now);
            }
        }
    }

    /// Tells every app that has a URL and may know. How many there are.
    pub(crate) fn tell(
        &mut self,
        name: &EventName,
        person: &str,
        data: &RawValue,
        now: Timestamp,
    ) -> usize {
        let scope = scope_of(name);
        let events: Vec<_> = self
            .tokens
            .grants_of(person)
            .filter(|grant| grant.scopes.contains(&scope))
            .filter(|grant| {
                let client = self.clients.get(&grant.client);
                client.is_some_and(|client| client.webhook.target.is_some())
            })
            .map(|grant| {
                let whose = (person, grant.client.as_str(), grant.id.as_str());
                Event::new(name.clone(), whose, data.to_owned(), now)
            })
            .collect();
        let told = events.len();
        for mut event in events {
            if self.switches.webhook_event_names == EventNames::Unversioned
                && event.name == EventName::BiomarkerParsed
            {
                PARSED_UNVERSIONED.clone_into(&mut event.written);
            }
            self.webhooks.outbox.add(event, now);
        }
        self.webhooks.ring();
        told
    }

    /// Drops what waits for an app that may not know any more: the person disconnected it, or took the scope back, or it has no
    /// URL.
    pub(crate) fn drop_untold(&mut self) {
        let (tokens, clients) = (&self.tokens, &self.clients);
        self.webhooks.outbox.drop_unless(|event| {
            let client = clients.get(&event.client_id);
            client.is_some_and(|client| client.webhook.target.is_some())
                && tokens
                    .grants_of(&event.user_id)
                    .any(|grant| grant.id == event.grant && grant.scopes.contains(&event.scope()))
        });
    }
}
