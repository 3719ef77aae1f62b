//! The other direction: ioctls and structures of the headers that this crate does not have.

use vidbuf_abi::ioctl::{ALIASES, TABLE};
use vidbuf_abi::table;

use crate::debian::Headers;

/// Every header but `v4l2-controls.h`, whose structures are those of stateless codecs.
const HEADERS: [&str; 10] = [
    "videodev2.h",
    "v4l2-common.h",
    "v4l2-subdev.h",
    "v4l2-mediabus.h",
    "media.h",
    "dma-buf.h",
    "dma-heap.h",
    "udmabuf.h",
    "sync_file.h",
    "uvcvideo.h",
];

/// Left out on purpose: a second name of DMA_BUF_SET_NAME_A or _B, and what ivtv embeds in an MPEG stream.
const LEFT_OUT: [&str; 5] = [
    "DMA_BUF_SET_NAME",
    "struct v4l2_mpeg_vbi_itv0_line",
    "struct v4l2_mpeg_vbi_itv0",
    "struct v4l2_mpeg_vbi_ITV0",
    "struct v4l2_mpeg_vbi_fmt_ivtv",
];

/// What the headers have and this crate does not.
pub fn unknown(headers: &Headers) -> Vec<String> {
    HEADERS.iter().flat_map(|header| unknown_in(&headers.text(header))).collect()
}

/// The same, of the text of a header.
pub fn unknown_in(header: &str) -> Vec<String> {
    let names = header.lines().filter_map(|line| ioctl(line).or_else(|| structure(line)));
    names.filter(|name| !is_known(name) && !LEFT_OUT.contains(&name.as_str())).collect()
}

fn ioctl(line: &str) -> Option<String> {
    let (name, value) = line.strip_prefix("#define ")?.trim_start().split_once(char::is_whitespace)?;
    value.trim_start().starts_with("_IO").then(|| name.into())
}

fn structure(line: &str) -> Option<String> {
    let name = line.strip_prefix("struct ")?.strip_suffix('{')?.trim_end();
    Some(format!("struct {name}"))
}

fn is_known(name: &str) -> bool {
    match name.strip_prefix("struct ") {
        Some(name) => table::structures().any(|structure| structure.name == name),
        None => TABLE.iter().any(|ioctl| ioctl.name == name) || ALIASES.iter().any(|(alias, _)| *alias == name),
    }
}
