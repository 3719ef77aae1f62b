//! Every size, offset, ioctl number and constant of this crate, compared with what a C compiler makes of the kernel's headers.
//!
//! Headers: those of this machine (`linux-libc-dev`), and those of Debian trixie, the release of the 6.12 guest; further
//! releases by `VIDBUF_HEADERS="sid"`. Compilers: this machine's, for x86-64 also with `-m32`, and the one for 32-bit Arm; the
//! 32-bit ones with both widths of time. Nothing that is compiled is run: the numbers stand in the assembly.
//!
//! `cargo test -p vidbuf-abi --test headers -- --nocapture` prints how many numbers were compared.

mod check;
mod compiler;
mod debian;
mod judge;

use check::Check;
use compiler::Target;
use debian::Headers;
use vidbuf_abi::layout::Layout;

fn compare(headers: &Headers) {
    let mut findings = String::new();
    for target in compiler::targets() {
        let checks = check::all(target.layout);
        let answers = target.evaluate(headers, &checks, &[]);
        let verdict = judge::judge(&checks, &answers, headers.is_complete);
        println!("{}, {}: {}", headers.name, target.name, verdict.summary);
        for finding in verdict.findings {
            findings += &format!("{}, {}: {finding}\n", headers.name, target.name);
        }
    }
    assert!(findings.is_empty(), "\n{findings}");
}

/// Some numbers are newer than some machines' headers. They are compared with the newer headers.
#[test]
fn this_machines_headers() {
    compare(&debian::this_machine());
}

#[test]
fn headers_of_the_6_12_guest() {
    compare(&debian::release("trixie"));
}

/// As above, of the releases in `VIDBUF_HEADERS`.
#[test]
fn headers_that_are_asked_for() {
    for suite in std::env::var("VIDBUF_HEADERS").unwrap_or_default().split_whitespace() {
        compare(&debian::release(suite));
    }
}

/// What `judge` finds on this machine's headers after `spoil` has changed one expectation.
fn found(spoil: impl Fn(&mut Check) -> bool) -> Vec<String> {
    let target = Target::native();
    let mut checks = check::all(target.layout);
    let spoilt = checks.iter_mut().filter_map(|check| spoil(check).then_some(())).count();
    assert_eq!(spoilt, 1);
    let answers = target.evaluate(&debian::this_machine(), &checks, &[]);
    judge::judge(&checks, &answers, false).findings
}

#[test]
fn a_wrong_offset_is_found() {
    let findings = found(|check| {
        let hit = check.what == "v4l2_buffer.sequence" && check.is_offset();
        check.expected += u64::from(hit) * 4;
        hit
    });
    assert_eq!(findings, ["offset of v4l2_buffer.sequence: the headers have 56 (0x38), this crate has 60 (0x3c)"]);
}

#[test]
fn a_wrong_size_number_and_constant_are_found() {
    for what in ["v4l2_plane", "VIDIOC_DQBUF", "V4L2_BUF_FLAG_LAST"] {
        let findings = found(|check| {
            let hit = check.what == what && !check.is_alignment();
            check.expected ^= u64::from(hit) << 4;
            hit
        });
        assert_eq!(findings.len(), 1, "{what}: {findings:?}");
        assert!(findings[0].contains(what), "{findings:?}");
    }
}

#[test]
fn a_name_that_the_headers_do_not_have_is_found() {
    let target = Target::native();
    let checks = [Check::constant("V4L2_BUF_FLAG_LOST", 1), Check::constant("VIDEO_MAX_PLANES", 8)];
    let answers = target.evaluate(&debian::this_machine(), &checks, &[]);
    assert_eq!(answers, [None, Some(8)]);
    let findings = judge::judge(&checks, &answers, true).findings;
    assert_eq!(findings, ["V4L2_BUF_FLAG_LOST: the headers do not have it"]);
}

/// The same from the other side: the compiler is told to leave no gaps.
#[test]
fn headers_with_another_layout_are_found() {
    let target = Target::native();
    let checks = check::all(target.layout);
    let answers = target.evaluate(&debian::this_machine(), &checks, &["-fpack-struct=1"]);
    let findings = judge::judge(&checks, &answers, false).findings;
    assert!(findings.iter().any(|finding| finding.starts_with("offset of v4l2_buffer.timestamp:")), "{findings:?}");
    assert!(findings.iter().any(|finding| finding.starts_with("VIDIOC_DQEVENT:")), "{findings:?}");
}

/// A number tells a kernel which ioctl is meant and which layout the argument has: no two may be equal.
#[test]
fn no_two_ioctls_have_the_same_number() {
    for layout in Layout::ALL {
        for (index, ioctl) in vidbuf_abi::ioctl::TABLE.iter().enumerate() {
            let first = vidbuf_abi::ioctl::TABLE.iter().position(|other| other.number(layout) == ioctl.number(layout));
            assert_eq!(first, Some(index), "{} in {layout:?}", ioctl.name);
        }
    }
}
