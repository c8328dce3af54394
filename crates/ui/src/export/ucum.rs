//! Units as labs spell them → the code of the same unit in UCUM.
//!
//! Only what is surely the same unit. `K/uL` means thousands to a lab and kelvins to UCUM, `G/L` would be gauss and `T/L` tesla,
//! and `mU/L` of a hormone is no enzyme activity: these have no code, and their text says all there is.
//!
//! # Specification
//! UCUM 2.1, case sensitive

/// The codes that stand for themselves.
const CODES: &[&str] = &[
    "%", "/uL", "10*12/L", "10*3/uL", "10*6/uL", "10*9/L", "L/L", "U/L", "U/mL", "[IU]/L",
    "[IU]/mL", "fL", "fmol", "g/L", "g/dL", "g/g", "k[IU]/L", "kU/L", "m[IU]/L", "m[IU]/mL",
    "meq/L", "mg/L", "mg/dL", "mg/g", "mg/mmol", "mm/h", "mmol/L", "mmol/mol", "mosm/kg", "ng/L",
    "ng/dL", "ng/mL", "nmol/L", "pg", "pg/mL", "pmol/L", "s", "u[IU]/mL", "ug/L", "ug/dL", "ug/mL",
    "ukat/L", "umol/L",
];

/// Spellings that are neither a code nor a matter of letters.
const SPELLINGS: &[(&str, &str)] = &[
    ("IU/L", "[IU]/L"),
    ("IU/mL", "[IU]/mL"),
    ("cells/uL", "{cells}/uL"),
    ("kIU/L", "k[IU]/L"),
    ("mEq/L", "meq/L"),
    ("mIU/L", "m[IU]/L"),
    ("mIU/mL", "m[IU]/mL"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("mOsm/kg", "mosm/kg"),
    ("mg/L FEU", "mg/L{FEU}"),
    ("mm/hr", "mm/h"),
    ("ng/mL FEU", "ng/mL{FEU}"),
    ("uIU/mL", "u[IU]/mL"),
];

/// The code of a unit; `None` when it is not known for sure.
pub(super) fn code(unit: &str) -> Option<&'static str> {
    let mut plain: String = unit
        .chars()
        .map(|c| match c {
            // The micro sign and the Greek letter.
            'µ' | 'μ' => 'u',
            '²' => '2',
            '³' => '3',
            '⁶' => '6',
            '⁹' => '9',
            '^' => '*',
            other => other,
        })
        .collect();
    // A power of ten with the exponent above the line: `10³/µL`.
    if let Some(power) = plain
        .strip_prefix("10")
        .filter(|rest| rest.starts_with(['3', '6', '9']))
    {
        plain = format!("10*{power}");
    }
    if let Some(rest) = plain.strip_prefix("mcg") {
        plain = format!("ug{rest}");
    }
    // `mg/dl` is `mg/dL`.
    if plain.contains('/') && plain.ends_with('l') {
        plain.pop();
        plain.push('L');
    }
    let spelled = SPELLINGS.iter().find(|(spelling, _)| *spelling == plain);
    match spelled {
        Some((_, code)) => Some(code),
        None => CODES.iter().find(|code| **code == plain).copied(),
    }
}
