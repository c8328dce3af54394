//! Webhook events: names in both documented styles, and the envelope.

#[cfg(feature = "serde")]
use serde::Serialize;

use crate::json::RawJson;
use crate::json_object;
use crate::open_enum::open_enum;

open_enum! {
    /// What happened. Two pages of the documentation name some events differently (C5); both names read as the same
    /// value, and the versioned one is written.
    pub enum EventName {
        /// A lab result was read from a report.
        BiomarkerParsed = "clinical.biomarker.parsed.v1" | "biomarker.result.created",
        /// A lab report was uploaded.
        BloodworkUploaded = "clinical.bloodwork.uploaded.v1",
        /// A result is critical.
        LabResultCritical = "clinical.lab_result.critical.v1",
        /// A biomarker joined the record.
        BiomarkerAdded = "clinical.biomarker.added.v1",
        /// A retest was suggested.
        RetestPrompted = "clinical.retest.prompted.v1",
        /// A retest came in.
        RetestRecorded = "clinical.retest.recorded.v1",
        /// A care protocol began.
        ProtocolStarted = "protocol.started",
    }
}

/// A delivery's body. `data` stays raw: its shape depends on the type.
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct EventEnvelope {
    /// `evt_…`, unique per event, the same on every delivery of it.
    pub id: String,
    /// What happened.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub name: EventName,
    /// Whose data.
    pub user_id: String,
    /// Which app it is for.
    pub client_id: String,
    /// When it happened, RFC 3339.
    pub occurred_at: String,
    /// The payload, as it came.
    pub data: RawJson,
}

json_object!(EventEnvelope { id, name = "type", user_id, client_id, occurred_at, data });

impl std::fmt::Debug for EventEnvelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventEnvelope")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
