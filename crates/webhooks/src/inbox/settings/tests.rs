use std::time::Duration;

use super::*;

#[test]
fn pauses_double_up_to_the_longest_and_are_spread() {
    let retries = Retries {
        first: Duration::from_secs(1),
        most: Duration::from_mins(1),
        tries: 10,
    };
    for (tries, about) in [
        (1, 1_000),
        (2, 2_000),
        (3, 4_000),
        (6, 32_000),
        (7, 60_000),
        (u32::MAX, 60_000),
    ] {
        let pauses: Vec<_> = (0..200).map(|seq| retries.pause(tries, seq)).collect();
        let (least, most) = (pauses.iter().min().unwrap(), pauses.iter().max().unwrap());
        assert!(
            *least >= about * 3 / 4 && *most <= about * 5 / 4,
            "{tries}: {least} to {most}"
        );
        assert!(most - least > about / 3, "{tries}: all at once");
        assert!(*most <= retries.longest());
    }
}

#[test]
fn no_setting_overflows() {
    let forever = Retries {
        first: Duration::MAX,
        most: Duration::MAX,
        tries: u32::MAX,
    };
    assert!(forever.pause(u32::MAX, i64::MAX) > 0);
    assert!(forever.longest() > 0);
    assert_eq!(
        Retries {
            first: Duration::ZERO,
            ..forever
        }
        .pause(9, 9),
        0
    );
}
