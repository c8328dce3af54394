//! What criterion wrote, turn after turn, as one table.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::term::{Failure, Outcome, Tried};

/// The groups of the benches, and what each is called, in the order of the table.
pub(super) const JOBS: [(&str, &str); 8] = [
    ("authorize", "PKCE and the URL of the authorization request"),
    ("callback", "callback, accepted"),
    ("callback, refused", "callback, refused, eight reasons"),
    ("id_token", "id_token, ES256"),
    ("id_token, claims alone", "id_token without the curve"),
    ("parse", "10,000 results from JSON"),
    ("number line", "number line"),
    ("trend", "trend"),
];
/// Who is compared with the others.
const OURS: &str = "ours";

/// What one job of one size took, for each who does it: a median of each turn, in nanoseconds.
#[derive(Default)]
pub(super) struct Figures(BTreeMap<(usize, u64), Job>);

struct Job {
    amount: Amount,
    /// By name; the order of the turns is the same for all.
    medians: BTreeMap<String, Vec<f64>>,
}

/// How much one of it is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Amount {
    Bytes(f64),
    Items(f64),
}

/// The middle, and between which values the middle half lies.
struct Spread {
    median: f64,
    quartiles: [f64; 2],
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            median: quantile(&sorted, 2),
            quartiles: [quantile(&sorted, 1), quantile(&sorted, 3)],
        }
    }

    fn json(&self, round: fn(f64) -> f64) -> Value {
        let [q1, q3] = self.quartiles;
        json!({ "median": round(self.median), "q1": round(q1), "q3": round(q3) })
    }
}

/// Below how many values so many quarters of them lie; between two of them, the middle of the way.
#[expect(clippy::cast_precision_loss, reason = "a count of turns")]
fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let place = (sorted.len() - 1) * quarters;
    let (below, share) = (place / 4, (place % 4) as f64 / 4.0);
    let next = sorted.get(below + 1).unwrap_or(&sorted[below]);
    sorted[below] + (next - sorted[below]) * share
}

/// Ours by another one's: of the medians, with the quartiles of the ratios turn by turn.
fn ratio(ours: &[f64], other: &[f64]) -> Spread {
    let turns: Vec<f64> = ours.iter().zip(other).map(|(a, b)| a / b).collect();
    Spread {
        median: Spread::of(ours).median / Spread::of(other).median,
        quartiles: Spread::of(&turns).quartiles,
    }
}

impl Figures {
    /// Takes in what a turn has left in a folder.
    pub(super) fn read(&mut self, home: &Path) -> Outcome<()> {
        let mut files = Vec::new();
        find(home, &mut files)?;
        for file in files {
            let about = read(&file)?;
            let estimates = read(&file.with_file_name("estimates.json"))?;
            self.add(&about, &estimates).ok_or_else(|| {
                Failure::new(format!("{} is not as criterion writes it.", file.display()))
            })?;
        }
        Ok(())
    }

    fn add(&mut self, about: &Value, estimates: &Value) -> Option<()> {
        let group = about["group_id"].as_str()?;
        let place = JOBS.iter().position(|(job, _)| *job == group)?;
        let size = match &about["value_str"] {
            Value::Null => 0,
            size => size.as_str()?.parse().ok()?,
        };
        let throughput = &about["throughput"];
        let amount = match throughput["BytesDecimal"].as_f64() {
            Some(bytes) => Amount::Bytes(bytes),
            None => Amount::Items(throughput["Elements"].as_f64()?),
        };
        let job = self.0.entry((place, size)).or_insert_with(|| Job {
            amount,
            medians: BTreeMap::new(),
        });
        let who = about["function_id"].as_str()?.to_owned();
        let median = estimates["median"]["point_estimate"].as_f64()?;
        job.medians.entry(who).or_default().push(median);
        Some(())
    }

    /// As Markdown: a line for each who does the same job.
    pub(super) fn table(&self) -> String {
        let mut lines = vec![
            "| | ours | a second | beside it | takes | a second | ours ÷ it |".to_owned(),
            "|---|---|---|---|---|---|---|".to_owned(),
        ];
        for ((place, size), job) in &self.0 {
            let Some(ours) = job.medians.get(OURS) else {
                continue;
            };
            let name = match size {
                0 => JOBS[*place].1.to_owned(),
                size => format!("{}, {size} points", JOBS[*place].1),
            };
            let own = Spread::of(ours);
            let mut start = format!(
                "| {name} | {} | {}",
                time(&own),
                job.amount.rate(own.median)
            );
            let others: Vec<_> = job.medians.iter().filter(|(who, _)| *who != OURS).collect();
            if others.is_empty() {
                lines.push(format!("{start} | – | – | – | – |"));
            }
            for (who, medians) in others {
                let (other, ratio) = (Spread::of(medians), ratio(ours, medians));
                let [q1, q3] = ratio.quartiles;
                lines.push(format!(
                    "{start} | {who} | {} | {} | {:.2} ({q1:.2}–{q3:.2}) |",
                    time(&other),
                    job.amount.rate(other.median),
                    ratio.median,
                ));
                // Ours is said once.
                "| | |".clone_into(&mut start);
            }
        }
        lines.join("\n")
    }

    pub(super) fn json(&self) -> Value {
        let jobs = self.0.iter().filter_map(|((place, size), job)| {
            let ours = job.medians.get(OURS)?;
            let others = job.medians.iter().filter(|(who, _)| *who != OURS);
            let beside = others.map(|(who, medians)| {
                json!({
                    "name": who,
                    "nanoseconds": Spread::of(medians).json(f64::round),
                    "ours_by_it": ratio(ours, medians).json(hundredths),
                })
            });
            let (unit, amount) = match job.amount {
                Amount::Bytes(bytes) => ("bytes", bytes),
                Amount::Items(items) => ("items", items),
            };
            Some(json!({
                "job": JOBS[*place].0,
                "size": (*size > 0).then_some(*size),
                unit: amount,
                "ours": { "nanoseconds": Spread::of(ours).json(f64::round) },
                "beside": beside.collect::<Vec<_>>(),
            }))
        });
        jobs.collect::<Vec<_>>().into()
    }
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

impl Amount {
    /// How much of it in a second, when one takes so many nanoseconds.
    fn rate(self, nanoseconds: f64) -> String {
        let (amount, unit) = match self {
            Self::Bytes(bytes) => (bytes, "B"),
            Self::Items(items) => (items, ""),
        };
        let a_second = amount * 1e9 / nanoseconds;
        let (number, prefix) = match a_second {
            1e6.. => (a_second / 1e6, "M"),
            1e3.. => (a_second / 1e3, "k"),
            _ => (a_second, ""),
        };
        let text = format!("{} {prefix}{unit}", digits(number));
        text.trim_end().to_owned()
    }
}

/// With the quartiles, all in the unit of the middle.
fn time(spread: &Spread) -> String {
    let (unit, name) = match spread.median {
        1e6.. => (1e6, "ms"),
        1e3.. => (1e3, "µs"),
        _ => (1.0, "ns"),
    };
    let [q1, q3] = spread.quartiles.map(|value| digits(value / unit));
    format!("{} {name} ({q1}–{q3})", digits(spread.median / unit))
}

/// Three of them, as far as they stand behind the point.
fn digits(number: f64) -> String {
    match number {
        100.0.. => format!("{number:.0}"),
        10.0.. => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// What criterion says of each function, this time.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome<()> {
    let tried = || format!("read {}", folder.display());
    for entry in fs::read_dir(folder).tried(tried())? {
        let path = entry.tried(tried())?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.ends_with("new/benchmark.json") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(file: &Path) -> Outcome<Value> {
    let tried = format!("read {}", file.display());
    let text = fs::read_to_string(file).tried(&tried)?;
    serde_json::from_str(&text).tried(&tried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(figures: &mut Figures, group: &str, who: &str, size: Option<&str>, median: f64) {
        let throughput = match group {
            "parse" => json!({ "BytesDecimal": 2_500_000 }),
            _ => json!({ "Elements": size.map_or(1, |size| size.parse().unwrap()) }),
        };
        let about = json!({
            "group_id": group, "function_id": who, "value_str": size, "throughput": throughput
        });
        let estimates = json!({ "median": { "point_estimate": median } });
        figures.add(&about, &estimates).unwrap();
    }

    fn measured() -> Figures {
        let mut figures = Figures::default();
        for (ours, other) in [(100.0, 200.0), (400.0, 500.0), (120.0, 300.0)] {
            turn(&mut figures, "callback", "by hand", None, other);
            turn(&mut figures, "callback", "ours", None, ours);
            turn(&mut figures, "parse", "ours", None, ours * 1e5);
            turn(&mut figures, "parse", "a", None, other * 1e5);
            turn(&mut figures, "parse", "b", None, other * 1e4);
            turn(&mut figures, "trend", "ours", Some("5000"), ours * 1e4);
            turn(&mut figures, "trend", "ours", Some("10"), ours * 100.0);
        }
        figures
    }

    #[test]
    fn the_table_has_medians_what_that_is_a_second_and_ratios() {
        assert_eq!(
            measured().table().lines().skip(2).collect::<Vec<_>>(),
            [
                "| callback, accepted | 120 ns (110–260) | 8.33 M | by hand | 300 ns (250–400) | 3.33 M | 0.40 (0.45–0.65) |",
                "| 10,000 results from JSON | 12.0 ms (11.0–26.0) | 208 MB | a | 30.0 ms (25.0–40.0) | 83.3 MB | 0.40 (0.45–0.65) |",
                "| | | | b | 3.00 ms (2.50–4.00) | 833 MB | 4.00 (4.50–6.50) |",
                "| trend, 10 points | 12.0 µs (11.0–26.0) | 833 k | – | – | – | – |",
                "| trend, 5000 points | 1.20 ms (1.10–2.60) | 4.17 M | – | – | – | – |",
            ]
        );
    }

    #[test]
    fn the_same_figures_are_in_the_json() {
        let json = measured().json();
        assert_eq!(
            json[0],
            json!({
                "job": "callback", "size": null, "items": 1.0,
                "ours": { "nanoseconds": { "median": 120.0, "q1": 110.0, "q3": 260.0 } },
                "beside": [{
                    "name": "by hand",
                    "nanoseconds": { "median": 300.0, "q1": 250.0, "q3": 400.0 },
                    "ours_by_it": { "median": 0.4, "q1": 0.45, "q3": 0.65 }
                }]
            })
        );
        assert_eq!(json[1]["bytes"], 2_500_000.0);
        assert_eq!(json[3]["size"], 5000);
    }

    #[test]
    fn what_criterion_never_wrote_is_no_figure() {
        let good = json!({
            "group_id": "parse", "function_id": "ours", "value_str": null, "throughput": { "BytesDecimal": 1 }
        });
        let estimates = json!({ "median": { "point_estimate": 1.0 } });
        let add = |about: &Value, estimates: &Value| Figures::default().add(about, estimates);
        assert!(add(&good, &estimates).is_some());
        assert!(add(&good, &json!({})).is_none());
        for (member, other) in [
            ("group_id", json!("unknown")),
            ("function_id", json!(null)),
            ("value_str", json!("x")),
            ("throughput", json!(null)),
        ] {
            let mut about = good.clone();
            about[member] = other;
            assert!(add(&about, &estimates).is_none(), "{member}");
        }
    }
}
