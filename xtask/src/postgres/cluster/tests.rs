use super::*;

#[test]
fn a_folder_is_a_host_of_an_address() {
    assert_eq!(
        address(Path::new("/tmp/loop-postgres-7")),
        "postgres://postgres@%2Ftmp%2Floop-postgres-7/postgres"
    );
    assert_eq!(
        address(Path::new("/a b/ü%")),
        "postgres://postgres@%2Fa%20b%2F%C3%BC%25/postgres"
    );
}

/// Where there is PostgreSQL.
#[test]
fn a_server_runs_and_leaves_nothing_behind() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools = crate::tools::unchecked(root).unwrap();
    let Some(programs) = crate::postgres::find(&tools) else {
        return;
    };
    let cluster = Cluster::start(&tools, &programs).unwrap();
    let folder = cluster.folder.clone();
    assert!(folder.join(".s.PGSQL.5432").exists());
    assert!(folder.join("data/postmaster.pid").exists());
    assert!(Cluster::start(&tools, &programs).is_err(), "it is there");
    assert!(folder.exists(), "and stays");
    drop(cluster);
    assert!(!folder.exists());

    let nothing = Cluster::start(&tools, Path::new("/nonexistent"));
    assert!(nothing.is_err());
    assert!(!folder.exists());
}
