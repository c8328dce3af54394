//! Units as labs spell them → the code of the same unit in UCUM.
//!
//! Only what is surely the same unit. `K/uL` means thousands to a lab and kelvins to UCUM, `G/L` would be gauss and `T/L` tesla,
//! and `mU/L` of a hormone or `U/mL` of an antibody is no enzyme activity: these have no code, and their text says all there is.
//!
//! # Specification
//! UCUM 2.1, case sensitive

/// Spellings with `=`, and the code where it is another, with `|` between them.
const TABLE: &str = "%=|/uL=|10*12/L=|10*3/uL=|10*6/uL=|10*9/L=|L/L=|U/L=|[IU]/L=|[IU]/mL=|fL=|fmol=|g/L=|g/dL=|g/g=|k[IU]/L=\
     |m[IU]/L=|m[IU]/mL=|meq/L=|mg/L=|mg/dL=|mg/g=|mg/mmol=|mm/h=|mmol/L=|mmol/mol=|mosm/kg=|ng/L=|ng/dL=|ng/mL=|nmol/L=|pg=\
     |pg/mL=|pmol/L=|s=|u[IU]/mL=|ug/L=|ug/dL=|ug/mL=|ukat/L=|umol/L=\
     |103/uL=10*3/uL|106/uL=10*6/uL|109/L=10*9/L|1012/L=10*12/L|IU/L=[IU]/L|IU/mL=[IU]/mL|kIU/L=k[IU]/L|mIU/L=m[IU]/L\
     |mIU/mL=m[IU]/mL|uIU/mL=u[IU]/mL|cells/uL={cells}/uL|mEq/L=meq/L|mcg/L=ug/L|mcg/dL=ug/dL|mcg/mL=ug/mL\
     |mL/min/1.73m2=mL/min/{1.73_m2}|mOsm/kg=mosm/kg|mg/L FEU=mg/L{FEU}|ng/mL FEU=ng/mL{FEU}|mm/hr=mm/h";

/// The code of a unit; empty when it is not known for sure.
pub(super) fn code(unit: &str) -> String {
    // Both are a litre: `mg/dl` is `mg/dL`.
    let (unit, end) = match unit.strip_suffix('l') {
        Some(start) => (start, "L="),
        None => (unit, "="),
    };
    let mut entry = String::new();
    for c in unit.chars() {
        entry.push(match c {
            // The micro sign and the Greek letter.
            'µ' | 'μ' => 'u',
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '⁶' => '6',
            '⁹' => '9',
            '^' => '*',
            // What parts the table is in no unit.
            '|' | '=' => ' ',
            other => other,
        });
    }
    entry.push_str(end);
    match TABLE
        .split('|')
        .find_map(|known| known.strip_prefix(&*entry))
    {
        None => String::new(),
        Some("") => entry.trim_end_matches('=').to_owned(),
        Some(code) => code.to_owned(),
    }
}
