//! Who the people are: five invented lives, as their lab reports tell them.

use std::collections::BTreeMap;

use loop_contracts::clinical::{BiomarkerResult, Measured};
use loop_contracts::time::Timestamp;

use crate::people::catalog::MARKERS;
use crate::people::series::{Point, Writer, newest_first};
use crate::people::{Person, Record, care};

/// Id of the person whose results come from `--data`.
pub(crate) const FROM_FILE: &str = "usr_file";
/// How many results the person with very many has.
const MANY: usize = 10_000;

/// Everybody, in the order of the sign-in page, with their records as of `today`.
pub(crate) fn everybody(
    today: Timestamp,
    from_file: Option<Vec<BiomarkerResult>>,
) -> (Vec<Person>, BTreeMap<String, Record>) {
    let person = |id, name, email, leading, summary: &str| Person {
        id,
        name,
        summary: summary.to_owned(),
        email,
        leading,
    };
    let mut cast = vec![
        (
            person(
                "usr_maya",
                "Maya Lindqvist",
                "maya@example.com",
                true,
                "62 biomarkers over two years, ferritin critical",
            ),
            Record {
                results: maya(today),
                ..care::maya(today)
            },
        ),
        (
            person(
                "usr_jonas",
                "Jonas Okafor",
                "jonas@example.com",
                true,
                "Blood sugar and fats high, odd ranges and units",
            ),
            Record {
                results: jonas(today),
                ..care::jonas(today)
            },
        ),
        (
            person(
                "usr_amina",
                "Amina Haddad",
                "amina@example.com",
                true,
                "Thyroid follow-up, everything in range",
            ),
            Record {
                results: amina(today),
                ..care::amina(today)
            },
        ),
        (
            person(
                "usr_new",
                "Noor New",
                "noor@example.com",
                false,
                "No results yet",
            ),
            Record::default(),
        ),
        (
            person(
                "usr_many",
                "Sam Tenthousand",
                "sam@example.com",
                false,
                "10,000 results",
            ),
            Record {
                results: many(today),
                ..Record::default()
            },
        ),
    ];
    if let Some(mut results) = from_file {
        for result in &mut results {
            FROM_FILE.clone_into(&mut result.patient_id);
        }
        newest_first(&mut results);
        let summary = format!("{} results from your file", results.len());
        let file = person(FROM_FILE, "From File", "file@example.com", false, &summary);
        cast.push((
            file,
            Record {
                results,
                ..Record::default()
            },
        ));
    }
    for (_, record) in &mut cast {
        point_flags_to_results(record);
    }
    let records = cast
        .iter()
        .map(|(person, record)| (person.id.to_owned(), record.clone()))
        .collect();
    (
        cast.into_iter().map(|(person, _)| person).collect(),
        records,
    )
}

/// A flag is about the newest result of its biomarker.
fn point_flags_to_results(record: &mut Record) {
    for flag in &mut record.flags {
        let code = flag.biomarker_code.as_deref();
        let newest = record
            .results
            .iter()
            .find(|result| Some(result.biomarker_code.as_str()) == code);
        if let Some(result) = newest {
            flag.biomarker_id = Some(result.id.clone());
            flag.detected_at = result.parsed_at.clone();
        }
    }
}

/// Of Maya, in range at each draw.
#[rustfmt::skip]
const MAYA_ALWAYS: &[&str] = &[
    "alt", "ast", "alp", "bilirubin_total", "albumin", "total_protein", "creatinine", "egfr", "bun", "sodium",
    "potassium", "chloride", "bicarbonate", "calcium", "hematocrit", "rbc", "mch", "mchc", "platelets", "wbc",
    "neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils", "hs_crp", "tsh",
];

/// Of Maya, in range, not at each draw.
#[rustfmt::skip]
const MAYA_SOMETIMES: &[&str] = &[
    "free_t4", "free_t3", "tpo_antibodies", "ggt", "uric_acid", "magnesium", "phosphate", "vitamin_b12",
    "folate", "homocysteine", "zinc", "omega3_index", "insulin_fasting", "homa_ir", "lipoprotein_a", "esr",
    "testosterone_total", "shbg", "estradiol", "dhea_s",
];

/// Of Jonas, in range at each draw.
#[rustfmt::skip]
const JONAS_ALWAYS: &[&str] = &[
    "total_cholesterol", "apolipoprotein_b", "ast", "ggt", "creatinine", "egfr", "bun", "sodium", "potassium",
    "calcium", "hemoglobin", "hematocrit", "rbc", "mcv", "platelets", "wbc", "tsh",
];

/// Of Jonas, in range, not at each draw.
#[rustfmt::skip]
const JONAS_SOMETIMES: &[&str] = &[
    "c_peptide", "urine_albumin_creatinine", "cystatin_c", "testosterone_total", "shbg", "psa", "ferritin",
];

/// Of Amina, in range at each draw.
#[rustfmt::skip]
const AMINA_ALWAYS: &[&str] = &[
    "reverse_t3", "total_cholesterol", "ldl_cholesterol", "hdl_cholesterol", "triglycerides",
    "glucose_fasting", "hba1c", "alt", "ast", "creatinine", "egfr", "sodium", "potassium", "calcium",
    "ferritin", "vitamin_d", "vitamin_b12", "hemoglobin", "hematocrit", "wbc", "platelets", "hs_crp",
];

/// Seven draws in two years. Iron runs out, LDL comes down while the lab lowers its range, vitamin D is low.
fn maya(today: Timestamp) -> Vec<BiomarkerResult> {
    let mut w = Writer::new("usr_maya", true, today, &[745, 590, 466, 374, 284, 134, 20]);
    let before: [f64; 4] = [160.0, 156.0, 151.0, 149.0];
    let after: [f64; 3] = [139.0, 139.0, 128.0];
    let ldl = |value: &f64, high| Point {
        value: Measured::Number(*value),
        unit: "mg/dL",
        low: None,
        high: Some(high),
    };
    let points = before
        .iter()
        .map(|value| ldl(value, 130.0))
        .chain(after.iter().map(|value| ldl(value, 100.0)));
    w.points("ldl_cholesterol", points.collect());
    w.values("ferritin", &[38.0, 33.0, 29.0, 24.0, 19.0, 15.0, 8.0]);
    w.values("vitamin_d", &[21.0, 24.0, 27.0, 31.0, 33.0, 29.0, 24.0]);
    w.values(
        "hdl_cholesterol",
        &[53.0, 54.0, 54.0, 55.0, 54.0, 57.0, 58.0],
    );
    w.values(
        "triglycerides",
        &[112.0, 118.0, 121.0, 108.0, 104.0, 97.0, 92.0],
    );
    w.values(
        "apolipoprotein_b",
        &[112.0, 109.0, 106.0, 103.0, 97.0, 93.0, 88.0],
    );
    w.values(
        "glucose_fasting",
        &[92.0, 91.0, 93.0, 92.0, 94.0, 92.0, 91.0],
    );
    w.values("hba1c", &[5.4, 5.5, 5.4, 5.4, 5.3, 5.3, 5.3]);
    // What iron that runs out looks like before anaemia: saturation and cells at the low end, capacity at the high end.
    w.values("iron", &[88.0, 81.0, 74.0, 70.0, 61.0, 52.0, 46.0]);
    w.values("tibc", &[332.0, 338.0, 351.0, 360.0, 378.0, 401.0, 428.0]);
    w.values(
        "transferrin_saturation",
        &[26.0, 24.0, 21.0, 20.0, 18.0, 17.0, 16.0],
    );
    w.values("hemoglobin", &[13.4, 13.3, 13.1, 12.9, 12.7, 12.4, 12.0]);
    w.values("mcv", &[89.8, 89.2, 88.7, 87.9, 86.4, 84.9, 82.6]);
    w.values("rdw", &[12.7, 12.8, 13.0, 13.2, 13.5, 14.0, 14.6]);
    w.values_in(
        "total_cholesterol",
        &[229.0, 226.0, 221.0, 219.0, 212.0, 209.0, 199.0],
        None,
        Some(200.0),
    );
    for code in MAYA_ALWAYS {
        w.steady(code);
    }
    for code in MAYA_SOMETIMES {
        w.steady_sometimes(code);
    }
    w.finish()
}

/// Five draws. Everything that is awkward to show: one-sided and missing ranges, a biomarker seen once, a comparator,
/// a unit that changes.
fn jonas(today: Timestamp) -> Vec<BiomarkerResult> {
    let mut w = Writer::new("usr_jonas", false, today, &[800, 610, 420, 210, 33]);
    w.values("glucose_fasting", &[104.0, 108.0, 112.0, 121.0, 118.0]);
    w.values("hba1c", &[5.8, 5.9, 6.1, 6.4, 6.2]);
    w.values("triglycerides", &[188.0, 204.0, 231.0, 262.0, 236.0]);
    w.values("insulin_fasting", &[14.2, 16.8, 19.1, 23.4, 21.7]);
    w.values("homa_ir", &[3.6, 4.5, 5.3, 7.0, 6.3]);
    w.values("hdl_cholesterol", &[43.0, 42.0, 41.0, 38.0, 39.0]);
    w.values("ldl_cholesterol", &[118.0, 121.0, 119.0, 124.0, 112.0]);
    w.values("alt", &[38.0, 41.0, 47.0, 52.0, 44.0]);
    w.values("uric_acid", &[6.4, 6.6, 6.9, 7.4, 7.1]);
    // No range was printed.
    w.values_in("homocysteine", &[9.8, 10.4, 10.1], None, None);
    w.values_in("igf_1", &[141.0, 137.0], None, None);
    // Seen once.
    w.values("lipoprotein_a", &[96.0]);
    // Below what the lab can measure.
    let crp = |value| Point {
        value,
        unit: "mg/L",
        low: None,
        high: Some(3.0),
    };
    w.points(
        "hs_crp",
        vec![
            crp(Measured::Number(2.1)),
            crp(Measured::Number(1.4)),
            crp(Measured::Number(0.9)),
            crp(Measured::Number(0.5)),
            crp(Measured::Text("<0.3".to_owned())),
        ],
    );
    // The lab moved from ng/mL to nmol/L; the factor is 2.496.
    let d = |value, unit, low, high| Point {
        value: Measured::Number(value),
        unit,
        low: Some(low),
        high: Some(high),
    };
    w.points(
        "vitamin_d",
        vec![
            d(27.0, "ng/mL", 30.0, 100.0),
            d(31.0, "ng/mL", 30.0, 100.0),
            d(34.0, "ng/mL", 30.0, 100.0),
            d(88.0, "nmol/L", 75.0, 250.0),
            d(92.0, "nmol/L", 75.0, 250.0),
        ],
    );
    for code in JONAS_ALWAYS {
        w.steady(code);
    }
    for code in JONAS_SOMETIMES {
        w.steady_sometimes(code);
    }
    w.finish()
}

/// Three draws, everything in range.
fn amina(today: Timestamp) -> Vec<BiomarkerResult> {
    let mut w = Writer::new("usr_amina", true, today, &[260, 120, 12]);
    w.values("tsh", &[4.1, 3.2, 2.4]);
    w.values("free_t4", &[0.9, 1.1, 1.2]);
    w.values("free_t3", &[2.6, 2.9, 3.1]);
    w.values("tpo_antibodies", &[8.0, 7.0, 6.0]);
    for code in AMINA_ALWAYS {
        w.steady(code);
    }
    w.finish()
}

/// As many results as nobody has: everything, every month, for ten years.
fn many(today: Timestamp) -> Vec<BiomarkerResult> {
    let draws: Vec<i64> = (0..MANY.div_ceil(MARKERS.len()))
        .rev()
        .filter_map(|month| i64::try_from(month * 30 + 9).ok())
        .collect();
    let mut w = Writer::new("usr_many", false, today, &draws);
    for marker in MARKERS {
        w.steady(marker.code);
    }
    let mut results = w.finish();
    results.truncate(MANY);
    results
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashSet};

    use loop_contracts::clinical::BiomarkerStatus;

    use super::*;

    const TODAY: Timestamp = Timestamp(1_795_000_000_000);

    fn newest(results: &[BiomarkerResult]) -> BTreeMap<&str, &BiomarkerResult> {
        // Newest first, so the first of each code is kept.
        results
            .iter()
            .rev()
            .map(|result| (result.biomarker_code.as_str(), result))
            .collect()
    }

    #[test]
    fn maya_has_62_biomarkers_of_which_three_are_out_of_range() {
        let results = maya(TODAY);
        let newest = newest(&results);
        assert_eq!(newest.len(), 62);
        let out: BTreeMap<_, _> = newest
            .iter()
            .filter(|(_, result)| result.status != BiomarkerStatus::Normal)
            .map(|(code, result)| (*code, result.status.as_str()))
            .collect();
        assert_eq!(
            out,
            BTreeMap::from([
                ("ferritin", "critical"),
                ("ldl_cholesterol", "high"),
                ("vitamin_d", "low")
            ])
        );
        let days: BTreeSet<_> = results
            .iter()
            .map(|result| result.collected_at.clone().0)
            .collect();
        assert_eq!(days.len(), 7);
    }

    #[test]
    fn jonas_has_every_awkward_case() {
        let results = jonas(TODAY);
        let of = |code: &str| {
            results
                .iter()
                .filter(|result| result.biomarker_code == code)
                .collect::<Vec<_>>()
        };
        for code in ["glucose_fasting", "hba1c", "triglycerides"] {
            assert_eq!(of(code)[0].status, BiomarkerStatus::High, "{code}");
        }
        assert_eq!(of("lipoprotein_a").len(), 1);
        assert_eq!(of("hs_crp")[0].value, Measured::Text("<0.3".to_owned()));
        assert!(
            of("homocysteine")
                .iter()
                .all(|result| result.reference_low.is_none() && result.reference_high.is_none())
        );
        assert_eq!(
            of("vitamin_d")
                .iter()
                .map(|result| result.unit.as_str())
                .collect::<HashSet<_>>()
                .len(),
            2
        );
    }

    #[test]
    fn amina_is_well_and_sam_has_ten_thousand() {
        assert!(
            amina(TODAY)
                .iter()
                .all(|result| result.status == BiomarkerStatus::Normal)
        );
        let many = many(TODAY);
        assert_eq!(many.len(), MANY);
        assert_eq!(
            many.iter()
                .map(|result| &result.id)
                .collect::<HashSet<_>>()
                .len(),
            MANY
        );
    }

    #[test]
    fn the_same_day_gives_the_same_results() {
        assert_eq!(maya(TODAY), maya(TODAY.plus(3_600_000)));
        assert!(maya(TODAY)[0].collected_at.timestamp().unwrap() < TODAY);
    }
}
