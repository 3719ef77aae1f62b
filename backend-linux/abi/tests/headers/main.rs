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
mod names;
mod report;

use check::Check;
use compiler::Target;
use debian::Headers;
use vidbuf_abi::layout::Layout;

fn compare(headers: &Headers) {
    let mut findings = String::new();
    for target in compiler::targets() {
        let checks = check::all(target.layout);
        let values = target.evaluate(headers, &checks, &[]);
        let report = report::report(&checks, &values, headers.is_complete);
        println!("{}, {}: {}", headers.name, target.name, report.summary);
        for finding in report.findings {
            findings += &format!("{}, {}: {finding}\n", headers.name, target.name);
        }
    }
    for name in names::unknown(headers) {
        findings += &format!("{}: this crate does not have {name}\n", headers.name);
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

/// What `report` finds on this machine's headers after `spoil` has changed one expectation.
fn found(spoil: impl Fn(&mut Check) -> bool) -> Vec<String> {
    let target = Target::native();
    let mut checks = check::all(target.layout);
    let spoilt = checks.iter_mut().filter_map(|check| spoil(check).then_some(())).count();
    assert_eq!(spoilt, 1);
    let values = target.evaluate(&debian::this_machine(), &checks, &[]);
    report::report(&checks, &values, false).findings
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
    let values = target.evaluate(&debian::this_machine(), &checks, &[]);
    assert_eq!(values, [None, Some(8)]);
    let findings = report::report(&checks, &values, true).findings;
    assert_eq!(findings, ["V4L2_BUF_FLAG_LOST: the headers do not have it"]);
}

/// The same from the other side: the compiler leaves no gaps.
#[test]
fn headers_with_another_layout_are_found() {
    let target = Target::native();
    let checks = check::all(target.layout);
    let values = target.evaluate(&debian::this_machine(), &checks, &["-fpack-struct=1"]);
    let findings = report::report(&checks, &values, false).findings;
    assert!(findings.iter().any(|finding| finding.starts_with("offset of v4l2_buffer.timestamp:")), "{findings:?}");
    assert!(findings.iter().any(|finding| finding.starts_with("VIDIOC_DQEVENT:")), "{findings:?}");
}

#[test]
fn names_that_this_crate_does_not_have_are_found() {
    let header = "#define VIDIOC_QUERYCAP\t_IOR('V', 0, struct v4l2_capability)\n\
        #define VIDIOC_NEWER _IOWR('V', 105, struct v4l2_newer)\n#define VIDIOC_NO_IOCTL 3\n\
        struct v4l2_newer {\n\t__u32 count;\n};\nstruct v4l2_buffer {\n\tstruct timeval timestamp;\n";
    assert_eq!(names::unknown_in(header), ["VIDIOC_NEWER", "struct v4l2_newer"]);
}

/// A kernel knows an ioctl, and the layout of its argument, from the number: no two may be equal.
#[test]
fn no_two_ioctls_have_the_same_number() {
    for layout in Layout::ALL {
        for (index, ioctl) in vidbuf_abi::ioctl::TABLE.iter().enumerate() {
            let first = vidbuf_abi::ioctl::TABLE.iter().position(|other| other.number(layout) == ioctl.number(layout));
            assert_eq!(first, Some(index), "{} in {layout:?}", ioctl.name);
        }
    }
}
