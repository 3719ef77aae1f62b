//! Any program at the level of system calls: any numbers and any bytes, on a node of any driver and kernel.
//!
//! Nothing panics, a call that fails leaves its argument as it was (if it is not one that the kernel copies back always), and after the last close nothing is allocated or mapped.
#![no_main]

mod choices;

use libfuzzer_sys::fuzz_target;
use vidbuf_abi::buffer::v4l2_plane;
use vidbuf_abi::ioctl::{
    Ioctl, TABLE, VIDIOC_CREATE_BUFS, VIDIOC_DQBUF, VIDIOC_EXPBUF, VIDIOC_PREPARE_BUF, VIDIOC_QBUF, VIDIOC_QUERYBUF,
    VIDIOC_REMOVE_BUFS, VIDIOC_REQBUFS, VIDIOC_S_FMT, VIDIOC_STREAMOFF, VIDIOC_STREAMON,
};
use vidbuf_abi::layout::Layout;
use vidbuf_abi::value::Value;
use vidbuf_sim::kernel::{Export, File, Mapping, Node, OpenMode, Protection, QueueId, Returned, Transfer};
use vidbuf_sim::{Kernel, Profile};

use choices::Choices;

type Small = Node<8, 4, 4>;

const PROFILES: [Profile; 11] = [
    Profile::VIVID,
    Profile::VIVID_MULTIPLANAR,
    Profile::VIVID_OUTPUT,
    Profile::VIVID_OUTPUT_MULTIPLANAR,
    Profile::UNICAM,
    Profile::UVC,
    Profile::CODEC,
    Profile::LOOPBACK,
    Profile::WEBCAM,
    Profile::HDMI_BRIDGE,
    Profile::VIVID_WEBCAM,
];

/// The calls that get somewhere most often.
const USUAL: [u32; 11] = [
    VIDIOC_QBUF,
    VIDIOC_DQBUF,
    VIDIOC_QUERYBUF,
    VIDIOC_REQBUFS,
    VIDIOC_STREAMON,
    VIDIOC_STREAMOFF,
    VIDIOC_CREATE_BUFS,
    VIDIOC_PREPARE_BUF,
    VIDIOC_EXPBUF,
    VIDIOC_REMOVE_BUFS,
    VIDIOC_S_FMT,
];

/// A program: what it holds.
struct Program {
    node: Box<Small>,
    files: Vec<File>,
    mappings: Vec<Mapping>,
    exports: Vec<Export>,
}

impl Program {
    fn step(&mut self, choices: &mut Choices<'_>) {
        let Some(file) = self.files.get(choices.up_to(3) as usize).copied() else {
            self.files.extend(self.node.open(OpenMode {
                read: choices.flag(),
                write: true,
                nonblocking: choices.flag(),
            }));
            return;
        };
        let queue = self.node.queue_ids().nth(choices.up_to(3) as usize).unwrap_or(QueueId::FIRST);
        match choices.up_to(15) {
            0 => self.map(file, queue, choices),
            1 => drop(self.mappings.pop().map(|mapping| self.node.unmap(mapping))),
            2 => drop(self.exports.pop().map(|export| self.node.release_export(export))),
            3 => drop(self.node.poll(file, choices.number() as u16)),
            4 => {
                if let Ok(Transfer::Bytes { count, .. }) = self.node.transfer(file, choices.number() as usize) {
                    let _ = self.node.transferred(choices.up_to(count));
                }
            }
            5 | 6 | 7 => drop(self.node.tick(queue)),
            8 if choices.up_to(30) == 1 => self.node.unplug(),
            9 if choices.up_to(30) == 1 => self.node.fail_queue(queue),
            _ => self.ioctl(file, queue, choices),
        }
    }

    fn map(&mut self, file: File, queue: QueueId, choices: &mut Choices<'_>) {
        let known = self.node.cookie(queue, choices.up_to(8), choices.up_to(2));
        let (offset, length) = known.unwrap_or((choices.number().into(), choices.number()));
        self.mappings.extend(self.node.map(file, offset, length.into(), Protection::SHARED));
    }

    fn ioctl(&mut self, file: File, queue: QueueId, choices: &mut Choices<'_>) {
        let number = match choices.up_to(9) {
            0 => choices.number(),
            1 => TABLE[choices.up_to(TABLE.len() as u32 - 1) as usize].number(Layout::TARGET),
            _ => choices.of(&USUAL),
        };
        let mut argument = vec![0; (number >> 16) as usize & 0x3fff];
        let buffer_type = self.node.buffer_type(queue);
        // Any bytes; or small numbers in every word, and a type and a memory that there are.
        if choices.up_to(4) == 0 {
            choices.fill(&mut argument);
            argument.truncate(argument.len() - choices.up_to(argument.len().min(3) as u32) as usize);
        } else {
            for word in argument.chunks_exact_mut(4) {
                word.copy_from_slice(&choices.up_to(3).to_ne_bytes());
            }
            if let Some(structure) = vidbuf_abi::ioctl::find(number, Layout::TARGET).and_then(|known| known.structure())
            {
                for (name, value) in [("type", buffer_type), ("memory", 1), ("length", 1 + choices.up_to(7))] {
                    if let Some((at, _)) = structure.field(Layout::TARGET, name) {
                        value.put(&mut argument, at);
                    }
                }
            } else {
                buffer_type.put(&mut argument, 0);
            }
        }
        let mut planes = [v4l2_plane { bytesused: choices.number(), length: choices.number(), ..v4l2_plane::ZERO }; 8];
        let (given, given_planes) = (argument.clone(), planes);
        let known = vidbuf_abi::ioctl::find(number, Layout::TARGET);
        match self.node.ioctl(file, number, &mut argument, &mut planes[..choices.up_to(8) as usize]) {
            Ok(Returned::Exported(export)) => self.exports.push(export),
            Ok(_) => {}
            Err(_) if known.is_some_and(Ioctl::is_always_copied_back) => assert_eq!(planes, given_planes),
            Err(_) => assert_eq!((argument, planes), (given, given_planes), "changed by a call that failed"),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::new(bytes);
    let kernel = choices.of(&[Kernel::V6_1, Kernel::V6_12, Kernel::V6_19]);
    let node = Box::new(Small::new(choices.of(&PROFILES), kernel, 4096, 16 << 20));
    let mut program = Program { node, files: Vec::new(), mappings: Vec::new(), exports: Vec::new() };
    while !choices.are_over() {
        program.step(&mut choices);
    }
    let Program { mut node, files, mappings, exports } = program;
    for mapping in mappings {
        let _ = node.unmap(mapping);
    }
    exports.into_iter().for_each(|export| node.release_export(export));
    for file in files {
        node.close(file).expect("it is open");
    }
    assert_eq!((node.live_memory(), node.mappings()), (0, 0), "left behind");
});
