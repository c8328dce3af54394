use std::ffi::OsStr;

use super::*;

#[test]
fn the_password_of_a_database_is_in_no_flag() {
    let tools = tools::unchecked(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let options = Crash {
        runs: 5,
        seed: 2,
        json: true,
    };
    let address = "postgres://tester:sesame@db.example/name";
    let built = Path::new("built");
    let trial = trial(&tools, &options, built, Path::new("databases"), address);
    let words: Vec<_> = trial.get_args().filter_map(OsStr::to_str).collect();
    let receiver = built.join(program(RECEIVER));
    let wanted = [
        "crash",
        "--receiver",
        receiver.to_str().unwrap(),
        "--folder",
        "databases",
        "--runs",
        "5",
        "--seed",
        "2",
        "--json",
    ];
    assert_eq!(words, wanted);
    let variable = (OsStr::new(postgres::NAMED), Some(OsStr::new(address)));
    assert!(trial.get_envs().any(|one| one == variable));
}
