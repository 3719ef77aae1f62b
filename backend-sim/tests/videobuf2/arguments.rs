//! The bytes of arguments: what is cleared, what stays, what is too short.

use vidbuf_sim::kernel::abi::buffer::{v4l2_buffer, v4l2_create_buffers, v4l2_requestbuffers};
use vidbuf_sim::kernel::abi::format::v4l2_pix_format;
use vidbuf_sim::kernel::abi::ioctl::{
    TABLE, VIDIOC_CREATE_BUFS, VIDIOC_QBUF, VIDIOC_QUERYBUF, VIDIOC_REQBUFS, VIDIOC_S_PRIORITY, VIDIOC_STREAMON,
};
use vidbuf_sim::kernel::abi::layout::Layout;
use vidbuf_sim::kernel::abi::value::Value as _;
use vidbuf_sim::kernel::{OpenMode, Returned};
use vidbuf_sim::{Errno, Profile};

use super::Rig;

/// A structure's bytes, with 0xee in everything that is no field.
fn bytes(buffer: v4l2_buffer) -> [u8; size_of::<v4l2_buffer>()] {
    let mut bytes = [0xee; size_of::<v4l2_buffer>()];
    buffer.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn query_clears_what_is_behind_the_last_field_and_enqueue_does_not() {
    let mut rig = Rig::new(Profile::VIVID);
    rig.request(2).unwrap();
    let end = core::mem::offset_of!(v4l2_buffer, request_fd) + 4;
    for (number, left) in [(VIDIOC_QUERYBUF, 0), (VIDIOC_QBUF, 0xee)] {
        let mut argument = bytes(v4l2_buffer { reserved2: 7, request_fd: 8, ..rig.buffer(0) });
        rig.node.ioctl(rig.file, number, &mut argument, &mut []).unwrap();
        let buffer = v4l2_buffer::read(&argument).unwrap();
        assert_eq!((buffer.reserved2, buffer.request_fd), (0, 0));
        assert!(argument[end..].iter().all(|byte| *byte == left), "{number:#x}: {argument:?}");
    }
}

#[test]
fn call_that_fails_leaves_its_argument_alone() {
    let mut rig = Rig::new(Profile::VIVID);
    for number in [VIDIOC_QUERYBUF, VIDIOC_QBUF] {
        let given = bytes(v4l2_buffer { reserved2: 7, request_fd: 8, ..rig.buffer(3) });
        let mut argument = given;
        assert_eq!(rig.node.ioctl(rig.file, number, &mut argument, &mut []), Err(Errno::EINVAL));
        assert_eq!(argument, given);
    }
}

#[test]
fn argument_without_room_is_a_bad_address_and_unknown_numbers_are_no_calls() {
    let mut rig = Rig::new(Profile::VIVID);
    let calls = TABLE.iter().filter(|ioctl| ioctl.group == b'V' && ioctl.size(Layout::TARGET) > 0);
    let mut made = 0;
    for ioctl in calls {
        let mut short = vec![0; ioctl.size(Layout::TARGET) - 1];
        match rig.node.ioctl(rig.file, ioctl.number(Layout::TARGET), &mut short, &mut []) {
            Err(Errno::EFAULT) => made += 1,
            // Nothing is copied in, and there is nothing to copy out.
            Err(Errno::ENOENT) if ioctl.name == "VIDIOC_DQEVENT" => {}
            Err(Errno::ENODATA) if ioctl.name.contains("DV_TIMINGS") || ioctl.name.contains("STD") => {}
            other => assert_eq!(other, Err(Errno::ENOTTY), "{}", ioctl.name),
        }
    }
    assert!(made >= 29, "{made}");
    for number in [VIDIOC_QBUF + 0x4_0000, VIDIOC_QBUF ^ 0x4000_0000, 0xc0d0_56fe, 0] {
        assert_eq!(rig.node.ioctl(rig.file, number, &mut [0; 256], &mut []), Err(Errno::ENOTTY), "{number:#x}");
    }
}

#[test]
fn calls_that_change_something_need_priority() {
    let mut rig = Rig::new(Profile::VIVID);
    let other = rig.node.open(OpenMode::READ_WRITE).unwrap();
    rig.node.call(other, VIDIOC_S_PRIORITY, &mut 3_u32, &mut []).unwrap();
    let mut request = v4l2_requestbuffers { count: 2, type_: 1, memory: 1, ..Default::default() };
    assert_eq!(rig.node.call(rig.file, VIDIOC_REQBUFS, &mut request, &mut []), Err(Errno::EBUSY));
    assert_eq!(rig.node.call(rig.file, VIDIOC_STREAMON, &mut 1_u32, &mut []), Err(Errno::EBUSY));
    assert_eq!(rig.query(0), Err(Errno::EINVAL), "looking needs none");
}

/// The V4L2 core looks at a byte of the encoding and of the quantization, and at all of the transfer function.
#[test]
fn colours_that_the_core_does_not_know_are_cleared_by_what_it_looks_at() {
    let mut rig = Rig::new(Profile::VIVID);
    let created = |rig: &mut Rig, [encoding, quantization, transfer]: [u32; 3]| {
        let mut create = v4l2_create_buffers { count: 0, memory: 1, ..Default::default() };
        create.format.type_ = 1;
        let mut pix =
            v4l2_pix_format { sizeimage: 320 * 240 * 2, colorspace: 9, priv_: 0xfeed_cafe, ..Default::default() };
        (pix.ycbcr_enc, pix.quantization, pix.xfer_func) = (encoding, quantization, transfer);
        create.format.fmt.set_pix(pix);
        assert_eq!(rig.node.call(rig.file, VIDIOC_CREATE_BUFS, &mut create, &mut []), Ok(Returned::Done));
        let pix = create.format.fmt.pix();
        [pix.ycbcr_enc, pix.quantization, pix.xfer_func]
    };
    let table = [
        ([0, 0, 0], [0, 0, 0]),
        ([8, 2, 7], [8, 2, 7]),
        ([9, 3, 8], [0, 0, 0]),
        ([0x1b61_b803, 0x102, 0x103], [0x1b61_b803, 0x102, 0]),
        ([0x100, 0xff00, 3], [0, 0, 3]),
        ([0x109, 0x103, 0], [0, 0, 0]),
    ];
    for (given, kept) in table {
        assert_eq!(created(&mut rig, given), kept, "{given:x?}");
    }
}
