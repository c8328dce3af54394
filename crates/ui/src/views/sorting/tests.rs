use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn places_are_sorted_as_the_library_sorts_them(keys in proptest::collection::vec(0_u8..6, 0..70)) {
        let mut places: Vec<usize> = (0..keys.len()).collect();
        sort(&mut places, &mut |a, b| keys[a].cmp(&keys[b]));
        let mut expected: Vec<usize> = (0..keys.len()).collect();
        expected.sort_by_key(|place| keys[*place]);
        prop_assert_eq!(places, expected);
    }

    #[test]
    fn a_word_is_found_where_the_library_finds_it(text in "[ab√]{0,12}", word in "[ab√]{0,4}") {
        prop_assert_eq!(is_in(text.as_bytes(), word.as_bytes()), text.contains(&word));
    }
}
