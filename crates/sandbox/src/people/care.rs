//! What stands beside the results: flags, check-ins, protocols, recommendations.

use loop_contracts::clinical::{
    CheckIn, Priority, Protocol, Recommendation, RecommendationCategory, RecommendationSource,
    RedFlag, Severity,
};
use loop_contracts::json::RawJson;
use loop_contracts::time::{DateTime, Timestamp};
use serde_json::{Value, json};

use crate::people::Record;

const DAY_MS: i64 = 86_400_000;

/// Iron first.
pub(crate) fn maya(today: Timestamp) -> Record {
    let patient = "usr_maya";
    Record {
        flags: vec![
            flag(
                patient,
                "ferritin",
                "Iron stores exhausted",
                Severity::Urgent,
                "Ferritin below 10 ng/mL: look for the cause of the loss.",
            ),
            flag(
                patient,
                "ldl_cholesterol",
                "LDL above goal",
                Severity::Warn,
                "LDL above 100 mg/dL at seven draws in a row.",
            ),
            RedFlag {
                acknowledged: true,
                ..flag(
                    patient,
                    "vitamin_d",
                    "Vitamin D low",
                    Severity::Info,
                    "Vitamin D below 30 ng/mL at two of the last three draws.",
                )
            },
        ],
        check_ins: vec![
            check_in(
                patient,
                today,
                (30, 95),
                ["More energy by spring"],
                ["Iron every second day"],
                ["Stomach ache"],
                (6, 6),
            ),
            check_in(
                patient,
                today,
                (60, 65),
                ["Run 5 km again"],
                ["Slept through most nights"],
                ["Forgot the iron while travelling"],
                (7, 8),
            ),
        ],
        protocols: vec![
            protocol(
                ("prt_iron", "Iron repletion", "iron"),
                "Refill iron stores and find out why they ran empty.",
                &json!({ "biomarker": "ferritin", "below": 15 }),
                &[
                    "Iron every second day with vitamin C",
                    "Repeat ferritin after 8 weeks",
                    "Talk to a clinician about the cause",
                ],
                &["Haemochromatosis"],
            ),
            protocol(
                ("prt_lipids", "LDL, step by step", "cardiovascular"),
                "Bring LDL below 100 mg/dL, food first.",
                &json!({ "biomarker": "ldl_cholesterol", "above": 100 }),
                &["Soluble fibre, 10 g a day", "Repeat lipids after 12 weeks"],
                &[],
            ),
        ],
        recommendations: maya_recommendations(patient),
        ..Record::default()
    }
}

fn maya_recommendations(patient: &str) -> Vec<Recommendation> {
    vec![
        recommendation(
            (patient, "1"),
            (RecommendationCategory::Referral, Priority::Critical),
            (
                "Talk to a clinician about your iron",
                "Book an appointment within the next days and bring this report.",
            ),
            "Ferritin fell to 8 ng/mL; losses need to be ruled out.",
            (RecommendationSource::Biomarker, "ferritin"),
        ),
        recommendation(
            (patient, "2"),
            (RecommendationCategory::Supplementation, Priority::High),
            (
                "Iron every second day",
                "As your clinician advises, with vitamin C, away from coffee and tea.",
            ),
            "Every second day is absorbed better than daily.",
            (RecommendationSource::Protocol, "prt_iron"),
        ),
        recommendation(
            (patient, "3"),
            (RecommendationCategory::Dietary, Priority::Medium),
            (
                "More soluble fibre",
                "Oats, beans and barley, about 10 g of soluble fibre a day.",
            ),
            "LDL is 128 mg/dL and on its way down.",
            (RecommendationSource::Protocol, "prt_lipids"),
        ),
        recommendation(
            (patient, "4"),
            (RecommendationCategory::Monitoring, Priority::Low),
            (
                "Measure vitamin D again in spring",
                "Repeat the test after the dark months.",
            ),
            "Vitamin D is 24 ng/mL.",
            (RecommendationSource::Biomarker, "vitamin_d"),
        ),
    ]
}

/// Blood sugar first.
pub(crate) fn jonas(today: Timestamp) -> Record {
    let patient = "usr_jonas";
    Record {
        flags: vec![
            flag(
                patient,
                "hba1c",
                "Blood sugar in the prediabetic range",
                Severity::Warn,
                "HbA1c 5.7–6.4 % at five draws in a row.",
            ),
            flag(
                patient,
                "triglycerides",
                "Triglycerides high",
                Severity::Warn,
                "Triglycerides above 200 mg/dL.",
            ),
        ],
        check_ins: vec![check_in(
            patient,
            today,
            (30, 20),
            ["Walk after dinner"],
            ["Four walks a week"],
            ["Late shifts"],
            (7, 5),
        )],
        protocols: vec![protocol(
            ("prt_metabolic", "Metabolic reset", "metabolic"),
            "Bring fasting glucose and triglycerides down within six months.",
            &json!({ "any": [{ "biomarker": "hba1c", "above": 5.7 }, { "biomarker": "triglycerides", "above": 150 }] }),
            &[
                "Walk 20 minutes after the largest meal",
                "Protein first at breakfast",
                "Repeat HbA1c after 12 weeks",
            ],
            &["Insulin therapy without supervision"],
        )],
        recommendations: vec![
            recommendation(
                (patient, "1"),
                (RecommendationCategory::Lifestyle, Priority::High),
                ("Walk after dinner", "20 minutes, on most days."),
                "HbA1c is 6.2 %.",
                (RecommendationSource::Protocol, "prt_metabolic"),
            ),
            recommendation(
                (patient, "2"),
                (RecommendationCategory::MedicationReview, Priority::Medium),
                (
                    "Go through your medication",
                    "Ask your clinician whether any of it raises blood sugar.",
                ),
                "Fasting glucose rose over two years.",
                (RecommendationSource::Contraindication, "prt_metabolic"),
            ),
        ],
        ..Record::default()
    }
}

/// Nothing to worry about.
pub(crate) fn amina(_today: Timestamp) -> Record {
    Record {
        protocols: vec![protocol(
            ("prt_thyroid", "Thyroid follow-up", "endocrine"),
            "Watch TSH after a change of dose.",
            &json!({ "biomarker": "tsh" }),
            &["Repeat TSH after 6 months"],
            &[],
        )],
        recommendations: vec![recommendation(
            ("usr_amina", "1"),
            (RecommendationCategory::Monitoring, Priority::Low),
            (
                "Measure TSH again in six months",
                "No change is needed now.",
            ),
            "TSH came down to 2.4 mIU/L and is in range.",
            (RecommendationSource::Protocol, "prt_thyroid"),
        )],
        ..Record::default()
    }
}

/// `biomarker_id` and `detected_at` are filled in when the results are there.
fn flag(patient: &str, code: &str, name: &str, severity: Severity, message: &str) -> RedFlag {
    RedFlag {
        id: format!("flag_{}_{code}", patient.trim_start_matches("usr_")),
        patient_id: patient.to_owned(),
        brand_id: Some("brand_loop".to_owned()),
        rule_id: format!("rule_{code}"),
        rule_name: name.to_owned(),
        severity,
        biomarker_code: Some(code.to_owned()),
        biomarker_id: None,
        message: message.to_owned(),
        acknowledged: false,
        detected_at: DateTime::default(),
    }
}

fn check_in(
    patient: &str,
    today: Timestamp,
    (day_marker, days_ago): (u32, i64),
    goals: [&str; 1],
    wins: [&str; 1],
    blockers: [&str; 1],
    (mood, sleep_quality): (u8, u8),
) -> CheckIn {
    let at = DateTime::from(today.plus(-days_ago * DAY_MS));
    let own = |list: [&str; 1]| list.map(str::to_owned).to_vec();
    CheckIn {
        id: format!("chk_{}_{day_marker}", patient.trim_start_matches("usr_")),
        patient_id: patient.to_owned(),
        day_marker,
        goals: own(goals),
        wins: own(wins),
        blockers: own(blockers),
        protocol_changes: None,
        mood,
        weight_kg: None,
        sleep_quality,
        completed_at: at.clone(),
        created_at: at,
    }
}

fn protocol(
    (id, name, category): (&str, &str, &str),
    description: &str,
    criteria: &Value,
    recommendations: &[&str],
    contraindications: &[&str],
) -> Protocol {
    let raw = |value: Value| RawJson::new(&value.to_string()).unwrap_or_default();
    let texts = |list: &[&str]| list.iter().map(|text| raw(Value::from(*text))).collect();
    Protocol {
        id: id.to_owned(),
        name: name.to_owned(),
        version: raw(json!(2)),
        description: Some(description.to_owned()),
        category: category.to_owned(),
        criteria: raw(criteria.clone()),
        recommendations: texts(recommendations),
        contraindications: texts(contraindications),
        active: true,
    }
}

fn recommendation(
    (patient, number): (&str, &str),
    (category, priority): (RecommendationCategory, Priority),
    (title, description): (&str, &str),
    rationale: &str,
    (source, source_id): (RecommendationSource, &str),
) -> Recommendation {
    Recommendation {
        id: format!("rec_{}_{number}", patient.trim_start_matches("usr_")),
        category,
        priority,
        title: title.to_owned(),
        description: description.to_owned(),
        rationale: rationale.to_owned(),
        source,
        source_id: Some(source_id.to_owned()),
    }
}
