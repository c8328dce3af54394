use super::*;

#[cfg(unix)]
#[test]
fn the_highest_version_counts_and_not_the_last_word() {
    use std::os::unix::fs::PermissionsExt;
    let root = std::env::temp_dir().join(format!("loop-versions-{}", std::process::id()));
    for (version, has) in [
        ("9", true),
        ("15", true),
        ("13", true),
        ("16", false),
        ("old", true),
    ] {
        let programs = root.join(version).join("bin");
        fs::create_dir_all(&programs).unwrap();
        if has {
            let initdb = programs.join("initdb");
            fs::write(&initdb, "").unwrap();
            fs::set_permissions(&initdb, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    let newest = newest(&root);
    fs::remove_dir_all(&root).unwrap();
    assert_eq!(newest, Some(root.join("15/bin")));
    assert_eq!(super::newest(&root), None);
}
