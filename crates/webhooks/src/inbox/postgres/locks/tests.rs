use super::*;

#[test]
fn locks_are_taken_in_one_order_and_once() {
    let lane = |user: &str| Lane::of(Some(user), b"salt");
    let one = [lane("a"), lane("b"), Lane::NOBODY, lane("c"), lane("a")];
    let other = [lane("c"), lane("a"), lane("b")];
    let numbers = |lanes: &[Lane]| super::numbers(lanes.iter().copied());
    assert_eq!(numbers(&one), numbers(&other));
    assert_eq!(numbers(&one).len(), 3);
    assert!(numbers(&one).is_sorted());
}
