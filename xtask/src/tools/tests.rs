use super::*;

#[test]
fn no_network_is_one_sentence() {
    let failure = not_installed(
        "trunk 0.21.14",
        "crates.io",
        "error: failed to query\n  Could not resolve host: index.crates.io",
    )
    .to_string();
    assert_eq!(
        failure,
        "trunk 0.21.14 has to be downloaded once, and crates.io could not be reached: check the network, then run this again."
    );
}

#[test]
fn the_cache_comes_before_the_rest_of_path() {
    let path = path_with(Path::new("/cache/bin")).unwrap();
    assert_eq!(
        std::env::split_paths(&path).next(),
        Some(PathBuf::from("/cache/bin"))
    );
}
