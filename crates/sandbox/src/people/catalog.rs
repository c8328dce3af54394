//! The lab catalogue: what is measured, in which unit, with which range an adult's report prints, and how it moves.
//!
//! Ranges are those that large laboratories commonly print, rounded. They are data for development, not for care.

/// Body systems, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Heart,
    BloodSugar,
    Thyroid,
    Liver,
    Kidney,
    Electrolytes,
    Iron,
    Vitamins,
    RedCells,
    WhiteCells,
    Inflammation,
    Hormones,
    Other,
}

impl Group {
    /// The tag of the catalogue.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Heart => "heart",
            Self::BloodSugar => "blood-sugar",
            Self::Thyroid => "thyroid",
            Self::Liver => "liver",
            Self::Kidney => "kidney",
            Self::Electrolytes => "electrolytes",
            Self::Iron => "iron",
            Self::Vitamins => "vitamins",
            Self::RedCells => "red-blood-cells",
            Self::WhiteCells => "white-blood-cells",
            Self::Inflammation => "inflammation",
            Self::Hormones => "hormones",
            Self::Other => "other",
        }
    }
}

/// One biomarker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marker {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) group: Group,
    pub(crate) unit: &'static str,
    pub(crate) low: Option<f64>,
    pub(crate) high: Option<f64>,
    /// A usual value of a healthy adult.
    pub(crate) typical: f64,
    /// How far one person's values move between draws, as a part of the value.
    pub(crate) spread: f64,
    /// Digits after the point, as labs print it.
    pub(crate) decimals: i32,
    /// LOINC codes that mean this biomarker; the first is the usual one.
    pub(crate) loinc: &'static [&'static str],
}

const fn marker(
    group: Group,
    (code, name, unit): (&'static str, &'static str, &'static str),
    (low, high): (Option<f64>, Option<f64>),
    (typical, spread, decimals): (f64, f64, i32),
    loinc: &'static [&'static str],
) -> Marker {
    Marker {
        code,
        name,
        group,
        unit,
        low,
        high,
        typical,
        spread,
        decimals,
        loinc,
    }
}

const fn within(low: f64, high: f64) -> (Option<f64>, Option<f64>) {
    (Some(low), Some(high))
}

const fn below(high: f64) -> (Option<f64>, Option<f64>) {
    (None, Some(high))
}

const fn above(low: f64) -> (Option<f64>, Option<f64>) {
    (Some(low), None)
}

use Group::{
    BloodSugar, Electrolytes, Heart, Hormones, Inflammation, Iron, Kidney, Liver, Other, RedCells,
    Thyroid, Vitamins, WhiteCells,
};

/// Everything that the labs here measure.
#[rustfmt::skip]
pub(crate) const MARKERS: &[Marker] = &[
    marker(Heart, ("total_cholesterol", "Total cholesterol", "mg/dL"), below(200.0), (178.0, 0.05, 0), &["2093-3"]),
    marker(Heart, ("ldl_cholesterol", "LDL cholesterol", "mg/dL"), below(100.0), (86.0, 0.06, 0), &["13457-7", "2089-1", "18262-6"]),
    marker(Heart, ("hdl_cholesterol", "HDL cholesterol", "mg/dL"), above(40.0), (56.0, 0.05, 0), &["2085-9"]),
    marker(Heart, ("triglycerides", "Triglycerides", "mg/dL"), below(150.0), (92.0, 0.12, 0), &["2571-8"]),
    marker(Heart, ("apolipoprotein_b", "Apolipoprotein B", "mg/dL"), below(90.0), (74.0, 0.05, 0), &["1884-6"]),
    marker(Heart, ("lipoprotein_a", "Lipoprotein(a)", "nmol/L"), below(75.0), (22.0, 0.06, 0), &["43583-4"]),
    marker(Heart, ("non_hdl_cholesterol", "Non-HDL cholesterol", "mg/dL"), below(130.0), (112.0, 0.05, 0), &["43396-1"]),

    marker(BloodSugar, ("glucose_fasting", "Glucose, fasting", "mg/dL"), within(70.0, 99.0), (88.0, 0.04, 0), &["1558-6", "2345-7", "2339-0"]),
    marker(BloodSugar, ("hba1c", "Hemoglobin A1c", "%"), below(5.7), (5.2, 0.015, 1), &["4548-4", "17856-6"]),
    marker(BloodSugar, ("insulin_fasting", "Insulin, fasting", "µIU/mL"), within(2.6, 24.9), (6.2, 0.15, 1), &["27873-9", "20448-7"]),
    marker(BloodSugar, ("c_peptide", "C-peptide", "ng/mL"), within(1.1, 4.4), (1.9, 0.1, 1), &["1986-9"]),
    marker(BloodSugar, ("homa_ir", "HOMA-IR", ""), below(2.0), (1.3, 0.12, 1), &["47214-2"]),

    marker(Thyroid, ("tsh", "TSH", "mIU/L"), within(0.4, 4.5), (1.8, 0.13, 2), &["3016-3"]),
    marker(Thyroid, ("free_t4", "Free T4", "ng/dL"), within(0.8, 1.8), (1.2, 0.05, 1), &["3024-7"]),
    marker(Thyroid, ("free_t3", "Free T3", "pg/mL"), within(2.3, 4.2), (3.1, 0.05, 1), &["3051-0"]),
    marker(Thyroid, ("tpo_antibodies", "TPO antibodies", "IU/mL"), below(9.0), (2.0, 0.1, 0), &["8099-4"]),
    marker(Thyroid, ("reverse_t3", "Reverse T3", "ng/dL"), within(8.0, 25.0), (15.0, 0.08, 0), &["3052-8"]),

    marker(Liver, ("alt", "ALT", "U/L"), below(40.0), (20.0, 0.12, 0), &["1742-6"]),
    marker(Liver, ("ast", "AST", "U/L"), below(40.0), (21.0, 0.1, 0), &["1920-8"]),
    marker(Liver, ("ggt", "GGT", "U/L"), below(60.0), (18.0, 0.1, 0), &["2324-2"]),
    marker(Liver, ("alp", "Alkaline phosphatase", "U/L"), within(36.0, 130.0), (64.0, 0.06, 0), &["6768-6"]),
    marker(Liver, ("bilirubin_total", "Bilirubin, total", "mg/dL"), within(0.2, 1.2), (0.6, 0.15, 1), &["1975-2"]),
    marker(Liver, ("albumin", "Albumin", "g/dL"), within(3.6, 5.1), (4.5, 0.025, 1), &["1751-7"]),
    marker(Liver, ("total_protein", "Total protein", "g/dL"), within(6.1, 8.1), (7.0, 0.025, 1), &["2885-2"]),

    marker(Kidney, ("creatinine", "Creatinine", "mg/dL"), within(0.6, 1.29), (0.9, 0.04, 2), &["2160-0"]),
    marker(Kidney, ("egfr", "eGFR", "mL/min/1.73m²"), above(60.0), (102.0, 0.04, 0), &["98979-8", "62238-1", "33914-3"]),
    marker(Kidney, ("bun", "Urea nitrogen (BUN)", "mg/dL"), within(7.0, 25.0), (14.0, 0.1, 0), &["3094-0"]),
    marker(Kidney, ("uric_acid", "Uric acid", "mg/dL"), within(2.5, 7.0), (4.6, 0.07, 1), &["3084-1"]),
    marker(Kidney, ("cystatin_c", "Cystatin C", "mg/L"), within(0.52, 1.2), (0.8, 0.04, 2), &["33863-2"]),
    marker(Kidney, ("urine_albumin_creatinine", "Albumin/creatinine ratio, urine", "mg/g"), below(30.0), (7.0, 0.2, 0), &["9318-7", "14959-1"]),

    marker(Electrolytes, ("sodium", "Sodium", "mmol/L"), within(135.0, 146.0), (140.0, 0.006, 0), &["2951-2"]),
    marker(Electrolytes, ("potassium", "Potassium", "mmol/L"), within(3.5, 5.3), (4.3, 0.04, 1), &["2823-3"]),
    marker(Electrolytes, ("chloride", "Chloride", "mmol/L"), within(98.0, 110.0), (103.0, 0.01, 0), &["2075-0"]),
    marker(Electrolytes, ("bicarbonate", "Bicarbonate", "mmol/L"), within(20.0, 32.0), (25.0, 0.04, 0), &["2028-9", "1963-8"]),
    marker(Electrolytes, ("calcium", "Calcium", "mg/dL"), within(8.6, 10.2), (9.4, 0.02, 1), &["17861-6"]),
    marker(Electrolytes, ("magnesium", "Magnesium", "mg/dL"), within(1.5, 2.5), (2.0, 0.03, 1), &["19123-9"]),
    marker(Electrolytes, ("phosphate", "Phosphate", "mg/dL"), within(2.5, 4.5), (3.5, 0.07, 1), &["2777-1"]),

    marker(Iron, ("ferritin", "Ferritin", "ng/mL"), within(15.0, 150.0), (68.0, 0.12, 0), &["2276-4"]),
    marker(Iron, ("iron", "Iron", "µg/dL"), within(40.0, 190.0), (92.0, 0.15, 0), &["2498-4"]),
    marker(Iron, ("tibc", "Iron binding capacity (TIBC)", "µg/dL"), within(250.0, 450.0), (330.0, 0.05, 0), &["2500-7"]),
    marker(Iron, ("transferrin_saturation", "Transferrin saturation", "%"), within(16.0, 45.0), (28.0, 0.12, 0), &["2502-3"]),

    marker(Vitamins, ("vitamin_d", "Vitamin D", "ng/mL"), within(30.0, 100.0), (44.0, 0.08, 0), &["1989-3", "62292-8"]),
    marker(Vitamins, ("vitamin_b12", "Vitamin B12", "pg/mL"), within(200.0, 1100.0), (520.0, 0.08, 0), &["2132-9"]),
    marker(Vitamins, ("folate", "Folate", "ng/mL"), above(5.4), (13.0, 0.1, 1), &["2284-8"]),
    marker(Vitamins, ("homocysteine", "Homocysteine", "µmol/L"), below(11.4), (8.1, 0.06, 1), &["13965-9"]),
    marker(Vitamins, ("vitamin_a", "Vitamin A", "µg/dL"), within(38.0, 98.0), (58.0, 0.06, 0), &["2923-1"]),
    marker(Vitamins, ("zinc", "Zinc", "µg/dL"), within(60.0, 130.0), (88.0, 0.07, 0), &["5763-8"]),
    marker(Vitamins, ("omega3_index", "Omega-3 index", "%"), above(5.4), (6.6, 0.05, 1), &[]),

    marker(RedCells, ("hemoglobin", "Hemoglobin", "g/dL"), within(13.2, 17.1), (14.9, 0.02, 1), &["718-7"]),
    marker(RedCells, ("hematocrit", "Hematocrit", "%"), within(38.5, 50.0), (44.2, 0.02, 1), &["4544-3", "20570-8"]),
    marker(RedCells, ("rbc", "Red blood cells", "10⁶/µL"), within(4.2, 5.8), (4.9, 0.02, 2), &["789-8"]),
    marker(RedCells, ("mcv", "MCV", "fL"), within(80.0, 100.0), (90.0, 0.01, 1), &["787-2"]),
    marker(RedCells, ("mch", "MCH", "pg"), within(27.0, 33.0), (30.0, 0.012, 1), &["785-6"]),
    marker(RedCells, ("mchc", "MCHC", "g/dL"), within(32.0, 36.0), (33.8, 0.01, 1), &["786-4"]),
    marker(RedCells, ("rdw", "RDW", "%"), within(11.0, 15.0), (12.9, 0.02, 1), &["788-0"]),
    marker(RedCells, ("platelets", "Platelets", "10³/µL"), within(140.0, 400.0), (245.0, 0.06, 0), &["777-3"]),

    marker(WhiteCells, ("wbc", "White blood cells", "10³/µL"), within(3.8, 10.8), (6.1, 0.09, 1), &["6690-2"]),
    marker(WhiteCells, ("neutrophils", "Neutrophils", "10³/µL"), within(1.5, 7.8), (3.5, 0.12, 1), &["751-8"]),
    marker(WhiteCells, ("lymphocytes", "Lymphocytes", "10³/µL"), within(0.85, 3.9), (1.9, 0.08, 2), &["731-0"]),
    marker(WhiteCells, ("monocytes", "Monocytes", "10³/µL"), within(0.2, 0.95), (0.48, 0.1, 2), &["742-7"]),
    marker(WhiteCells, ("eosinophils", "Eosinophils", "10³/µL"), within(0.01, 0.5), (0.15, 0.14, 2), &["711-2"]),
    marker(WhiteCells, ("basophils", "Basophils", "10³/µL"), within(0.0, 0.2), (0.04, 0.15, 2), &["704-7"]),

    marker(Inflammation, ("hs_crp", "hs-CRP", "mg/L"), below(3.0), (0.8, 0.25, 1), &["30522-7"]),
    marker(Inflammation, ("esr", "Sedimentation rate (ESR)", "mm/h"), below(20.0), (8.0, 0.15, 0), &["4537-7", "30341-2"]),
    marker(Inflammation, ("fibrinogen", "Fibrinogen", "mg/dL"), within(200.0, 400.0), (285.0, 0.06, 0), &["3255-7"]),

    marker(Hormones, ("testosterone_total", "Testosterone, total", "ng/dL"), within(250.0, 1100.0), (540.0, 0.08, 0), &["2986-8"]),
    marker(Hormones, ("testosterone_free", "Testosterone, free", "pg/mL"), within(35.0, 155.0), (92.0, 0.08, 0), &["2991-8"]),
    marker(Hormones, ("shbg", "SHBG", "nmol/L"), within(10.0, 50.0), (32.0, 0.07, 0), &["13967-5"]),
    marker(Hormones, ("estradiol", "Estradiol", "pg/mL"), below(39.0), (24.0, 0.1, 0), &["2243-4"]),
    marker(Hormones, ("progesterone", "Progesterone", "ng/mL"), below(1.4), (0.4, 0.12, 1), &["2839-9"]),
    marker(Hormones, ("fsh", "FSH", "mIU/mL"), within(1.6, 8.0), (4.3, 0.09, 1), &["15067-2"]),
    marker(Hormones, ("lh", "LH", "mIU/mL"), within(1.5, 9.3), (4.6, 0.12, 1), &["10501-5"]),
    marker(Hormones, ("prolactin", "Prolactin", "ng/mL"), within(2.0, 18.0), (7.9, 0.12, 1), &["2842-3"]),
    marker(Hormones, ("dhea_s", "DHEA-S", "µg/dL"), within(74.0, 480.0), (240.0, 0.06, 0), &["2191-5"]),
    marker(Hormones, ("cortisol_am", "Cortisol, morning", "µg/dL"), within(4.0, 22.0), (13.0, 0.12, 1), &["9813-7", "2143-6"]),
    marker(Hormones, ("igf_1", "IGF-1", "ng/mL"), within(88.0, 246.0), (158.0, 0.07, 0), &["2484-4"]),

    marker(Other, ("psa", "PSA", "ng/mL"), below(4.0), (0.9, 0.1, 1), &["2857-1"]),
    marker(Other, ("lipase", "Lipase", "U/L"), within(7.0, 60.0), (27.0, 0.1, 0), &["3040-3"]),
    marker(Other, ("amylase", "Amylase", "U/L"), within(21.0, 101.0), (54.0, 0.08, 0), &["1798-8"]),
    marker(Other, ("lead", "Lead, blood", "µg/dL"), below(3.5), (1.2, 0.1, 1), &["5671-3", "77307-7"]),
    marker(Other, ("mercury", "Mercury, blood", "µg/L"), below(10.0), (2.6, 0.15, 0), &["5685-3"]),
];

/// Looks a code up.
pub(crate) fn by_code(code: &str) -> Option<&'static Marker> {
    MARKERS.iter().find(|marker| marker.code == code)
}

/// Looks a LOINC code up.
pub(crate) fn by_loinc(loinc: &str) -> Option<&'static Marker> {
    MARKERS.iter().find(|marker| marker.loinc.contains(&loinc))
}

/// Range and usual value where a woman's report differs.
#[rustfmt::skip]
pub(crate) fn for_women(marker: &Marker) -> Marker {
    let (range, typical) = match marker.code {
        "hemoglobin" => (within(11.7, 15.5), 12.9),
        "hematocrit" => (within(35.0, 45.0), 39.1),
        "rbc" => (within(3.8, 5.1), 4.35),
        "creatinine" => (within(0.5, 1.03), 0.74),
        "uric_acid" => (within(2.5, 6.2), 4.1),
        "testosterone_total" => (within(2.0, 45.0), 26.0),
        "testosterone_free" => (within(0.1, 6.4), 2.1),
        "shbg" => (within(17.0, 124.0), 58.0),
        "estradiol" => (within(19.0, 357.0), 96.0),
        "progesterone" => (below(21.5), 1.1),
        "fsh" => (within(2.5, 10.2), 5.8),
        "lh" => (within(1.9, 12.5), 5.4),
        "prolactin" => (within(3.0, 30.0), 11.2),
        "dhea_s" => (within(18.0, 391.0), 168.0),
        _ => return *marker,
    };
    Marker { low: range.0, high: range.1, typical, ..*marker }
}

/// Values at which a lab calls at once. Few biomarkers have them.
pub(crate) fn critical_bounds(code: &str) -> (Option<f64>, Option<f64>) {
    match code {
        "ferritin" => above(10.0),
        "potassium" => within(2.8, 6.2),
        "sodium" => within(120.0, 158.0),
        "glucose_fasting" => within(45.0, 450.0),
        "calcium" => within(6.5, 13.0),
        "hemoglobin" => within(7.0, 20.0),
        "platelets" => within(40.0, 1000.0),
        "wbc" => within(1.5, 50.0),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_in_thirteen_groups() {
        let codes: HashSet<_> = MARKERS.iter().map(|marker| marker.code).collect();
        let groups: HashSet<_> = MARKERS.iter().map(|marker| marker.group.tag()).collect();
        let loinc: Vec<_> = MARKERS.iter().flat_map(|marker| marker.loinc).collect();
        assert_eq!(codes.len(), MARKERS.len());
        assert_eq!(groups.len(), 13);
        assert_eq!(loinc.iter().collect::<HashSet<_>>().len(), loinc.len());
    }

    #[test]
    fn a_usual_value_is_within_its_range() {
        for marker in MARKERS.iter().copied().chain(MARKERS.iter().map(for_women)) {
            let inside = marker.low.is_none_or(|low| low < marker.typical)
                && marker.high.is_none_or(|high| marker.typical < high);
            assert!(inside, "{}", marker.code);
        }
    }

    #[test]
    fn loinc_codes_have_their_check_digit() {
        for code in MARKERS.iter().flat_map(|marker| marker.loinc) {
            assert!(crate::loinc::has_check_digit(code), "{code}");
        }
    }
}
