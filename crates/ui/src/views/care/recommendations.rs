//! What Loop suggests to the person, why, and what it rests on.

use loop_contracts::clinical::{
    BiomarkerStatus, Priority, Recommendation, RecommendationCategory, RecommendationSource,
};

use super::{Find, about, around, badge, entry, fact, facts, isolated, list, said, word};
use crate::format;
use crate::language::Phrase;
use crate::markup::Markup;

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
    let none = BiomarkerStatus::from("");
    let (like, priority) = match &advice.priority {
        Priority::Critical => (BiomarkerStatus::Critical, Some(Phrase::CareAdviceCritical)),
        Priority::High => (BiomarkerStatus::High, Some(Phrase::CareAdviceHigh)),
        Priority::Medium => (none, Some(Phrase::CareAdviceMedium)),
        Priority::Low => (none, Some(Phrase::CareAdviceLow)),
        _ => (none, None),
    };
    let category = match &advice.category {
        RecommendationCategory::Lifestyle => Some(Phrase::CareAdviceLifestyle),
        RecommendationCategory::Dietary => Some(Phrase::CareAdviceDietary),
        RecommendationCategory::Supplementation => Some(Phrase::CareAdviceSupplement),
        RecommendationCategory::Monitoring => Some(Phrase::CareAdviceMonitoring),
        RecommendationCategory::Referral => Some(Phrase::CareAdviceReferral),
        RecommendationCategory::MedicationReview => Some(Phrase::CareAdviceMedication),
        _ => None,
    };
    let id = advice.source_id.clone().unwrap_or_default();
    let rests = match &advice.source {
        RecommendationSource::Biomarker => {
            let otherwise = Phrase::CareAdviceLab.text().to_owned();
            about(Phrase::CareAdviceRests, id, find, otherwise)
        }
        RecommendationSource::Protocol => around(Phrase::CareAdviceRests, move || {
            isolated(match protocol(&id) {
                Some((name, _)) => Phrase::CareAdviceProtocolNamed.fill(&[&name]),
                None => Phrase::CareAdviceProtocol.text().to_owned(),
            })
        }),
        RecommendationSource::Contraindication => fact(Phrase::CareAdviceContraindication),
        other => {
            let word = format::clean(other.as_str(), 40);
            fact(Phrase::CareAdviceRestsOther.fill(&[&word]))
        }
    };
    let category = fact(word(category, advice.category.as_str()));
    entry(&advice.title, Phrase::CareAdviceOne)
        .with(badge(&like, word(priority, advice.priority.as_str())))
        .with_all(said(None, &advice.description))
        .with_all(said(Some(Phrase::CareAdviceWhy), &advice.rationale))
        .with(facts([Some(category), Some(rests), None]))
}
