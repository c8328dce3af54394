//! The clinical record: lab results first, then what stands beside them.
//!
//! A text that only explains may be missing or `null`: an entry is read for what it says, not refused for what it leaves out.

use std::fmt;

#[cfg(feature = "serde")]
use serde::{Serialize, Serializer};

use crate::json::{Decimal, FromJson, Json, Members, RawJson, ToJson};
use crate::json_object;
use crate::open_enum::open_enum;
use crate::time::DateTime;

/// Paths on the clinical host. The list of results is an assumption: [`crate::assumptions::BIOMARKERS_PATH`].
pub mod path {
    /// `GET …/{patient_id}`
    pub const RED_FLAGS: &str = "/v1/red-flags";
    /// `GET` lists, `POST` adds.
    pub const CHECK_INS: &str = "/v1/check-ins";
    /// `GET`, with `enrolled_at`.
    pub const NEXT_CHECK_IN: &str = "/v1/check-ins/next";
    /// `GET …/{id}`
    pub const PROTOCOLS: &str = "/v1/protocols";
    /// `GET`, with `q`, `state`, `tag`, `limit`, `offset`.
    pub const LAB_CATALOG_MARKERS: &str = "/v1/lab-catalog/markers";
}

open_enum! {
    /// The platform's word on a result. It is shown, never recomputed.
    pub enum BiomarkerStatus {
        /// Within its range.
        Normal = "normal",
        /// Below its range.
        Low = "low",
        /// Above its range.
        High = "high",
        /// Far enough out to need a clinician.
        Critical = "critical",
    }
}

/// A measured value. The platform documents a number; labs also print "<0.3" or nothing, and both are shown as they came.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// A finite number.
    Number(f64),
    /// What the lab printed instead of a number, such as "<0.3". Untrusted text.
    Text(String),
    /// No value.
    Missing,
}

impl Measured {
    /// The number, when there is one to draw.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Missing => None,
        }
    }
}

#[cfg(feature = "serde")]
impl Serialize for Measured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Missing => serializer.serialize_none(),
        }
    }
}

impl FromJson<'_> for Measured {
    fn from_json(json: Json<'_>) -> Option<Self> {
        if let Some(number) = f64::from_json(json) {
            return Some(Self::Number(number));
        }
        let text = Option::<String>::from_json(json)?.unwrap_or_default();
        Some(if text.trim().is_empty() {
            Self::Missing
        } else {
            Self::Text(text)
        })
    }
}
json_object!(@serde Measured);

/// One measurement of one biomarker.
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct BiomarkerResult {
    /// Unique per result.
    pub id: String,
    /// Whose.
    pub patient_id: String,
    /// The same for every measurement of a biomarker.
    pub biomarker_code: String,
    /// The lab's name for it. Untrusted text.
    pub biomarker_name: String,
    /// What was measured, in `unit`.
    pub value: Measured,
    /// Free text; may differ between two measurements of one biomarker.
    pub unit: String,
    /// Lower end of the range printed with this result; `None` for a one-sided range.
    pub reference_low: Option<f64>,
    /// Upper end of the range printed with this result.
    pub reference_high: Option<f64>,
    /// The platform's word.
    pub status: BiomarkerStatus,
    /// When the sample was taken.
    pub collected_at: DateTime,
    /// When the platform read the report.
    pub parsed_at: DateTime,
}

json_object!(BiomarkerResult { id, patient_id, biomarker_code, biomarker_name default, value, unit default, reference_low, reference_high, status, collected_at, parsed_at default });

/// Without the measurement, and whose it is.
impl fmt::Debug for BiomarkerResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BiomarkerResult")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

open_enum! {
    /// How urgent a flag is.
    pub enum Severity {
        /// Talk to a clinician now.
        Urgent = "urgent",
        /// Talk to a clinician.
        Warn = "warn",
        /// For information.
        Info = "info",
    }
}

/// A rule about the person's results that fired.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct RedFlag {
    /// Unique.
    pub id: String,
    /// Whose.
    pub patient_id: String,
    /// Under which brand.
    pub brand_id: Option<String>,
    /// Which rule.
    pub rule_id: String,
    /// The rule's name. Untrusted text.
    pub rule_name: String,
    /// How urgent.
    pub severity: Severity,
    /// About which biomarker.
    pub biomarker_code: Option<String>,
    /// About which result.
    pub biomarker_id: Option<String>,
    /// Words for a clinician. Untrusted text.
    pub message: String,
    /// Whether somebody has seen it.
    pub acknowledged: bool,
    /// When.
    pub detected_at: DateTime,
}

json_object!(RedFlag {
    id, patient_id, brand_id, rule_id default, rule_name default, severity, biomarker_code, biomarker_id, message default, acknowledged default, detected_at default
});

/// A check-in that was answered. One page says weekly, another day 30, 60 or 90 (C9): the marker is any whole number.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct CheckIn {
    /// Unique.
    pub id: String,
    /// Whose.
    pub patient_id: String,
    /// Days since enrolment.
    pub day_marker: u32,
    /// What the person aims for.
    pub goals: Vec<String>,
    /// What went well.
    pub wins: Vec<String>,
    /// What stood in the way.
    pub blockers: Vec<String>,
    /// Changes to the protocol.
    pub protocol_changes: Option<String>,
    /// 1 to 10.
    pub mood: u8,
    /// Kilograms.
    pub weight_kg: Option<f64>,
    /// 1 to 10.
    pub sleep_quality: u8,
    /// When it was answered.
    pub completed_at: DateTime,
    /// When it was written.
    pub created_at: DateTime,
}

json_object!(CheckIn {
    id, patient_id, day_marker, goals default, wins default, blockers default, protocol_changes, mood, weight_kg, sleep_quality,
    completed_at default, created_at default
});

/// What `POST /v1/check-ins` takes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct NewCheckIn {
    /// Days since enrolment.
    pub day_marker: u32,
    /// When the person enrolled.
    pub enrolled_at: DateTime,
    /// At least one.
    pub goals: Vec<String>,
    /// At least one.
    pub wins: Vec<String>,
    /// At least one.
    pub blockers: Vec<String>,
    /// 1 to 10.
    pub mood: u8,
    /// 1 to 10.
    pub sleep_quality: u8,
    /// Changes to the protocol.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub protocol_changes: Option<String>,
    /// Kilograms, above 0.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub weight_kg: Option<Decimal>,
}

json_object!(NewCheckIn {
    day_marker,
    enrolled_at,
    goals,
    wins,
    blockers,
    mood,
    sleep_quality,
    protocol_changes,
    weight_kg
});

/// What is not there is left out.
impl ToJson for NewCheckIn {
    fn to_json(&self, out: &mut String) {
        let mut members = Members::begin(out);
        members.add("day_marker", &self.day_marker);
        members.add("enrolled_at", &self.enrolled_at);
        for (name, list) in [
            ("goals", &self.goals),
            ("wins", &self.wins),
            ("blockers", &self.blockers),
        ] {
            members.add(name, list);
        }
        members.add("mood", &self.mood);
        members.add("sleep_quality", &self.sleep_quality);
        if let Some(changes) = &self.protocol_changes {
            members.add("protocol_changes", changes);
        }
        if let Some(weight) = &self.weight_kg {
            members.add("weight_kg", weight);
        }
        members.end();
    }
}

/// Which check-in comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct NextCheckIn {
    /// `None` when all are answered.
    pub day_marker: Option<u32>,
    /// When it is due.
    pub due_at: Option<DateTime>,
}

json_object!(NextCheckIn { day_marker, due_at });

/// A care protocol.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct Protocol {
    /// Unique.
    pub id: String,
    /// Its name. Untrusted text.
    pub name: String,
    /// Its version, a number or a text.
    pub version: RawJson,
    /// What it is for.
    pub description: Option<String>,
    /// Kind of protocol.
    pub category: String,
    /// Whom it is for; shape not documented.
    pub criteria: RawJson,
    /// What it suggests; shape not documented.
    pub recommendations: Vec<RawJson>,
    /// When not to follow it; shape not documented.
    pub contraindications: Vec<RawJson>,
    /// Whether it is in use.
    pub active: bool,
}

json_object!(Protocol {
    id, name, version default, description, category default, criteria default, recommendations default, contraindications default, active
});

open_enum! {
    /// What kind of advice.
    pub enum RecommendationCategory {
        /// How to live.
        Lifestyle = "lifestyle",
        /// What to eat.
        Dietary = "dietary",
        /// What to add.
        Supplementation = "supplementation",
        /// What to measure again.
        Monitoring = "monitoring",
        /// Whom to see.
        Referral = "referral",
        /// Which medication to look at.
        MedicationReview = "medication_review",
    }
}

open_enum! {
    /// What comes first.
    pub enum Priority {
        /// First.
        Critical = "critical",
        /// Second.
        High = "high",
        /// Third.
        Medium = "medium",
        /// Last.
        Low = "low",
    }
}

open_enum! {
    /// What a recommendation rests on.
    pub enum RecommendationSource {
        /// A lab result.
        Biomarker = "biomarker",
        /// A protocol.
        Protocol = "protocol",
        /// A contraindication.
        Contraindication = "contraindication",
    }
}

/// A piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct Recommendation {
    /// Unique.
    pub id: String,
    /// What kind.
    pub category: RecommendationCategory,
    /// How important.
    pub priority: Priority,
    /// One line. Untrusted text.
    pub title: String,
    /// What to do. Untrusted text.
    pub description: String,
    /// Why. Untrusted text.
    pub rationale: String,
    /// What it rests on.
    pub source: RecommendationSource,
    /// Which one.
    pub source_id: Option<String>,
}

json_object!(Recommendation {
    id, category, priority, title, description default, rationale default, source, source_id
});

/// What can be measured, and where it is usual. Its shape is not documented: assumption A9.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct LabMarker {
    /// The same as a result's `biomarker_code`.
    pub code: String,
    /// Its name. Untrusted text.
    pub name: String,
    /// Free text.
    pub unit: String,
    /// Lower end of the usual range.
    pub reference_low: Option<f64>,
    /// Upper end of the usual range.
    pub reference_high: Option<f64>,
    /// Groups it belongs to.
    pub tags: Vec<String>,
}

json_object!(LabMarker { code, name default, unit default, reference_low, reference_high, tags default });
