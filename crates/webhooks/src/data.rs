//! What an event carries.

use std::fmt;

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::events::EventName;
use loop_contracts::json::{FromJson as _, Json, Object, RawJson};

/// What an event carries, by its name. Where the platform documents no payload it is the JSON as it came.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Data {
    /// Lab results were read from a report: at least one result, or an empty list if the platform sends one (assumption A6).
    BiomarkerParsed(Vec<BiomarkerResult>),
    /// A lab report was uploaded.
    BloodworkUploaded(RawJson),
    /// A result is critical.
    LabResultCritical(RawJson),
    /// A biomarker joined the record.
    BiomarkerAdded(RawJson),
    /// A retest was suggested.
    RetestPrompted(RawJson),
    /// A retest came in.
    RetestRecorded(RawJson),
    /// A care protocol began.
    ProtocolStarted(RawJson),
    /// The event's name is not known to this version; [`Event::name`](crate::Event::name) has it.
    Unknown(RawJson),
    /// The name is known, and the payload is of another shape. Not one of several results is left out: it is all here.
    Malformed(RawJson),
}

impl Data {
    pub(crate) fn read(name: &EventName, json: Json<'_>) -> Option<Self> {
        let raw = RawJson::from_json(json)?;
        Some(match name {
            EventName::BiomarkerParsed => match results(json) {
                Some(results) => Self::BiomarkerParsed(results),
                None => Self::Malformed(raw),
            },
            EventName::BloodworkUploaded => Self::BloodworkUploaded(raw),
            EventName::LabResultCritical => Self::LabResultCritical(raw),
            EventName::BiomarkerAdded => Self::BiomarkerAdded(raw),
            EventName::RetestPrompted => Self::RetestPrompted(raw),
            EventName::RetestRecorded => Self::RetestRecorded(raw),
            EventName::ProtocolStarted => Self::ProtocolStarted(raw),
            _ => Self::Unknown(raw),
        })
    }

    /// The variant, without what is in it.
    fn kind(&self) -> &'static str {
        match self {
            Self::BiomarkerParsed(_) => "BiomarkerParsed",
            Self::BloodworkUploaded(_) => "BloodworkUploaded",
            Self::LabResultCritical(_) => "LabResultCritical",
            Self::BiomarkerAdded(_) => "BiomarkerAdded",
            Self::RetestPrompted(_) => "RetestPrompted",
            Self::RetestRecorded(_) => "RetestRecorded",
            Self::ProtocolStarted(_) => "ProtocolStarted",
            Self::Unknown(_) => "Unknown",
            Self::Malformed(_) => "Malformed",
        }
    }
}

/// One result, or `{results: […]}` (assumption A6). All of them, or `None`.
fn results(json: Json<'_>) -> Option<Vec<BiomarkerResult>> {
    let object = Object::from_json(json)?;
    if object.has("results") {
        object.get("results")
    } else {
        Some(vec![BiomarkerResult::from_json(json)?])
    }
}

/// Without the payload.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        f.write_str("(..)")
    }
}
