//! What Loop suggests to the person, why, and what it rests on.

use loop_contracts::clinical::{
    BiomarkerStatus, Priority, Recommendation, RecommendationCategory, RecommendationSource,
};

use super::{Find, about, badge, entry, fact, facts, list, named, said};
use crate::format;
use crate::markup::{Markup, Text};

/// In the order in which they are shown. A word that is not known stands before what can wait.
fn rank(priority: &Priority) -> u8 {
    match priority {
        Priority::Critical => 0,
        Priority::High => 1,
        Priority::Medium => 3,
        Priority::Low => 4,
        _ => 2,
    }
}

/// The recommendations, by priority. `find` finds the page of a biomarker by its code; `protocol` the name of a protocol by its
/// id, with an address that is not looked at.
pub fn recommendations(advice: &[Recommendation], find: Find, protocol: Find) -> Markup {
    let ranks = advice.iter().map(|one| i64::from(rank(&one.priority)));
    list(ranks.collect(), &|place| {
        row(&advice[place], find, protocol)
    })
}

fn row(advice: &Recommendation, find: Find, protocol: Find) -> Markup {
    let (like, word): (_, Text) = match &advice.priority {
        Priority::Critical => (BiomarkerStatus::Critical, "Most important".into()),
        Priority::High => (BiomarkerStatus::High, "High priority".into()),
        Priority::Medium => (BiomarkerStatus::from(""), "Medium priority".into()),
        Priority::Low => (BiomarkerStatus::from(""), "Low priority".into()),
        other => (
            BiomarkerStatus::from(""),
            format::clean(other.as_str(), 40).into(),
        ),
    };
    let category: Text = match &advice.category {
        RecommendationCategory::Lifestyle => "Lifestyle".into(),
        RecommendationCategory::Dietary => "Food".into(),
        RecommendationCategory::Supplementation => "Supplement".into(),
        RecommendationCategory::Monitoring => "Measure again".into(),
        RecommendationCategory::Referral => "See a clinician".into(),
        RecommendationCategory::MedicationReview => "Medication".into(),
        other => format::clean(other.as_str(), 40).into(),
    };
    let id = advice.source_id.clone().unwrap_or_default();
    let rests = match &advice.source {
        RecommendationSource::Biomarker => about("Rests on", id, find, "a lab result".into()),
        RecommendationSource::Protocol => named("Rests on", id, protocol, "a protocol"),
        RecommendationSource::Contraindication => fact("Rests on a contraindication"),
        other => fact(format!("Rests on: {}", format::clean(other.as_str(), 40))),
    };
    entry(&advice.title, "Recommendation")
        .with(badge(&like, word))
        .with_all(said("", &advice.description))
        .with_all(said("Why:", &advice.rationale))
        .with(facts([Some(fact(category)), Some(rests), None]))
}
