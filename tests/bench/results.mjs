// Results by the thousand, the same ones each time.

const STATUSES = ['normal', 'normal', 'normal', 'normal', 'high', 'low', 'normal', 'normal', 'critical', 'borderline'];
const KNOWN = ['ldl_cholesterol', 'hdl_cholesterol', 'triglycerides', 'ferritin', 'tsh', 'free_t4', 'alt', 'ast', 'glucose', 'hba1c', 'sodium', 'potassium', 'creatinine', 'vitamin_d', 'hs_crp'];
const WORDS = ['serum', 'plasma', 'urine', 'total', 'free', 'index', 'ratio', 'antibody', 'panel', 'fraction'];
const DAY = 86_400_000;

/** `count` results of `biomarkers` biomarkers: as many measurements of each as that makes, so many days apart. */
export function results(count, biomarkers, days = 30) {
  return Array.from({ length: count }, (_, place) => {
    const which = place % biomarkers;
    const draw = Math.floor(place / biomarkers);
    const code = KNOWN[which] ?? `marker_${which}`;
    const value = 20 + ((which * 37 + draw * 11) % 100);
    return {
      id: `result-${place}`,
      patient_id: 'usr_maya',
      biomarker_code: code,
      biomarker_name: KNOWN[which] ? code : `Marker ${which} ${WORDS[which % WORDS.length]} ${WORDS[(which * 7) % WORDS.length]}`,
      value,
      unit: 'mg/dL',
      reference_low: 30,
      reference_high: 90,
      status: STATUSES[(which + draw) % STATUSES.length],
      collected_at: new Date(Date.UTC(2026, 2, 3) - draw * days * DAY).toISOString(),
      parsed_at: new Date(Date.UTC(2026, 2, 4) - draw * days * DAY).toISOString(),
    };
  });
}
