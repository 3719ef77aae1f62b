//! The numbers, against a table of literals and against the kernel's headers as `linux-raw-sys` has them.

use linux_raw_sys::ioctl as kernel;

/// (ours, 64-bit literal, 32-bit literal, 32-bit x86 literal, the headers')
macro_rules! numbers {
    ($($name:ident: $bits64:literal, $bits32:literal, $x86:literal;)+) => {
        [$((stringify!($name), super::$name as u32, [$bits64, $bits32, $x86], kernel::$name as u32)),+]
    };
}

const NUMBERS: [(&str, u32, [u32; 3], u32); 16] = numbers! {
    VIDIOC_QUERYCAP: 0x8068_5600, 0x8068_5600, 0x8068_5600;
    VIDIOC_ENUM_FMT: 0xc040_5602, 0xc040_5602, 0xc040_5602;
    VIDIOC_G_FMT: 0xc0d0_5604, 0xc0cc_5604, 0xc0cc_5604;
    VIDIOC_S_FMT: 0xc0d0_5605, 0xc0cc_5605, 0xc0cc_5605;
    VIDIOC_REQBUFS: 0xc014_5608, 0xc014_5608, 0xc014_5608;
    VIDIOC_QUERYBUF: 0xc058_5609, 0xc050_5609, 0xc04c_5609;
    VIDIOC_QBUF: 0xc058_560f, 0xc050_560f, 0xc04c_560f;
    VIDIOC_DQBUF: 0xc058_5611, 0xc050_5611, 0xc04c_5611;
    VIDIOC_STREAMON: 0x4004_5612, 0x4004_5612, 0x4004_5612;
    VIDIOC_STREAMOFF: 0x4004_5613, 0x4004_5613, 0x4004_5613;
    VIDIOC_G_PARM: 0xc0cc_5615, 0xc0cc_5615, 0xc0cc_5615;
    VIDIOC_S_PARM: 0xc0cc_5616, 0xc0cc_5616, 0xc0cc_5616;
    VIDIOC_G_CTRL: 0xc008_561b, 0xc008_561b, 0xc008_561b;
    VIDIOC_S_CTRL: 0xc008_561c, 0xc008_561c, 0xc008_561c;
    VIDIOC_TRY_FMT: 0xc0d0_5640, 0xc0cc_5640, 0xc0cc_5640;
    VIDIOC_ENUM_FRAMESIZES: 0xc02c_564a, 0xc02c_564a, 0xc02c_564a;
};

#[test]
#[cfg(not(any(
    target_arch = "mips",
    target_arch = "mips64",
    target_arch = "powerpc",
    target_arch = "powerpc64",
    target_arch = "sparc64"
)))]
fn numbers_equal_the_literal_table() {
    let column = crate::abi::by_target(0, 1, 2);
    for (name, ours, literals, _) in NUMBERS {
        assert_eq!(ours, literals[column], "{name}: {ours:#x}");
    }
}

/// The headers' numbers for 32-bit targets are those of 32-bit time, where the buffer is of another size.
#[test]
fn numbers_equal_the_kernel_headers() {
    for (name, ours, _, headers) in NUMBERS {
        let has_a_time = ["VIDIOC_QUERYBUF", "VIDIOC_QBUF", "VIDIOC_DQBUF"].contains(&name);
        if cfg!(target_pointer_width = "64") || !has_a_time {
            assert_eq!(ours, headers, "{name}: {ours:#x}");
        } else {
            assert_eq!(headers & 0xffff, ours & 0xffff, "{name}");
            assert_eq!(headers >> 16 & 0x1fff, 68, "{name}");
        }
    }
}
