//! What a name means, by its text.

/// A name that a call has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The kernel's: the call is none of our business.
    Kernels,
    /// Something in the tree, by its absolute name.
    Ours(String),
    /// Something real that only the runner can reach, because the name begins at a directory of the tree.
    Real(String),
}

/// The same name without `//`, `/./` and `/../`.
pub fn tidy(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A name seen from a directory.
pub fn join(base: &str, path: &str) -> String {
    if path.starts_with('/') { tidy(path) } else { tidy(&format!("{base}/{path}")) }
}

/// The directory of a name, and its last part.
pub fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some(("", last)) => ("/", last),
        Some(pair) => pair,
        None => ("/", path),
    }
}

/// N of `/proc/self/fd/N` and its likes.
pub fn descriptor(path: &str, thread: i32, process: impl FnOnce() -> Option<i32>) -> Option<i32> {
    match path {
        "/dev/stdin" => return Some(0),
        "/dev/stdout" => return Some(1),
        "/dev/stderr" => return Some(2),
        _ => {}
    }
    if let Some(number) = path.strip_prefix("/dev/fd/") {
        return number.parse().ok();
    }
    let (owner, number) = path.strip_prefix("/proc/")?.split_once("/fd/")?;
    let own = matches!(owner, "self" | "thread-self")
        || owner.parse().is_ok_and(|owner: i32| owner == thread || process() == Some(owner));
    if own { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied() {
        for (base, path, expected) in [
            ("/x", "/dev/./../dev//video0", "/dev/video0"),
            ("/dev", "video0", "/dev/video0"),
            ("/dev/v4l/by-id", "../../video0", "/dev/video0"),
            ("/", "..", "/"),
            ("/sys", "", "/sys"),
        ] {
            assert_eq!(join(base, path), expected, "{path} from {base}");
        }
        assert_eq!((split("/dev/video0"), split("/dev")), (("/dev", "video0"), ("/", "dev")));
    }

    #[test]
    fn own_descriptors_are_known_by_their_names() {
        let find = |path| descriptor(path, 70, || Some(69));
        assert_eq!(find("/proc/self/fd/5"), Some(5));
        assert_eq!(find("/proc/69/fd/6"), Some(6));
        assert_eq!(find("/proc/71/fd/6"), None);
        assert_eq!(find("/dev/fd/3"), Some(3));
        assert_eq!(find("/dev/video3"), None);
        assert_eq!(find("/proc/self/fd/x"), None);
    }
}
