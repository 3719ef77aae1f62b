//! Tuners and modulators: G_TUNER, S_TUNER, G_MODULATOR, S_MODULATOR, G_FREQUENCY, S_FREQUENCY, ENUM_FREQ_BANDS,
//! S_HW_FREQ_SEEK.
//!
//! Kernel: `include/uapi/linux/videodev2.h`, `Documentation/userspace-api/media/v4l/{vidioc-g-tuner,vidioc-g-frequency}.rst`.

use crate::define::{constants, structures};

structures! {
    /// Argument of G_TUNER and S_TUNER. Kernel: `vidioc-g-tuner.rst`.
    #[repr(C)]
    struct v4l2_tuner {
        index: u32, "Which tuner.";
        name: [u8; 32], "On return: a name for people.";
        type_: u32, "On return: `V4L2_TUNER_*`.";
        capability: u32, "On return: `V4L2_TUNER_CAP_*`.";
        rangelow: u32, "On return: the lowest frequency.";
        rangehigh: u32, "On return: the highest frequency.";
        rxsubchans: u32, "On return: `V4L2_TUNER_SUB_*` that are received.";
        audmode: u32, "`V4L2_TUNER_MODE_*`.";
        signal: i32, "On return: strength of the signal, up to 65535.";
        afc: i32, "On return: too low if negative, too high if positive.";
        reserved: [u32; 4], "Zero.";
    }

    /// Argument of G_MODULATOR and S_MODULATOR. Kernel: `vidioc-g-modulator.rst`.
    #[repr(C)]
    struct v4l2_modulator {
        index: u32, "Which modulator.";
        name: [u8; 32], "On return: a name for people.";
        capability: u32, "On return: `V4L2_TUNER_CAP_*`.";
        rangelow: u32, "On return: the lowest frequency.";
        rangehigh: u32, "On return: the highest frequency.";
        txsubchans: u32, "`V4L2_TUNER_SUB_*` that are sent.";
        type_: u32, "On return: `V4L2_TUNER_*`.";
        reserved: [u32; 3], "Zero.";
    }

    /// Argument of G_FREQUENCY and S_FREQUENCY. Kernel: `vidioc-g-frequency.rst`.
    #[repr(C)]
    struct v4l2_frequency {
        tuner: u32, "Which tuner or modulator.";
        type_: u32, "`V4L2_TUNER_*`.";
        frequency: u32, "In units of 62.5 kHz, 62.5 Hz or 1 Hz, by the tuner's capability.";
        reserved: [u32; 8], "Zero.";
    }

    /// Argument of ENUM_FREQ_BANDS. Kernel: `vidioc-enum-freq-bands.rst`.
    #[repr(C)]
    struct v4l2_frequency_band {
        tuner: u32, "Which tuner or modulator.";
        type_: u32, "`V4L2_TUNER_*`.";
        index: u32, "Which band.";
        capability: u32, "On return: `V4L2_TUNER_CAP_*`.";
        rangelow: u32, "On return: the lowest frequency.";
        rangehigh: u32, "On return: the highest frequency.";
        modulation: u32, "On return: `V4L2_BAND_MODULATION_*`.";
        reserved: [u32; 9], "Zero.";
    }

    /// Argument of S_HW_FREQ_SEEK. Kernel: `vidioc-s-hw-freq-seek.rst`.
    #[repr(C)]
    struct v4l2_hw_freq_seek {
        tuner: u32, "Which tuner.";
        type_: u32, "`V4L2_TUNER_*`.";
        seek_upward: u32, "Not 0: upwards.";
        wrap_around: u32, "Not 0: go on at the other end.";
        spacing: u32, "In Hz; 0 is the hardware's choice.";
        rangelow: u32, "The lowest frequency; 0 for both limits is the band's.";
        rangehigh: u32, "The highest frequency.";
        reserved: [u32; 5], "Zero.";
    }

    /// What `read` returns from a radio receiver with RDS. Kernel: `dev-rds.rst`.
    #[repr(C)]
    struct v4l2_rds_data {
        lsb: u8, "The lower half of the block.";
        msb: u8, "The upper half of the block.";
        block: u8, "`V4L2_RDS_BLOCK_*`.";
    }
}

constants! { u32:
    V4L2_TUNER_RADIO = 1, "Radio.";
    V4L2_TUNER_ANALOG_TV = 2, "Analogue television.";
    V4L2_TUNER_DIGITAL_TV = 3, "Digital television.";
    V4L2_TUNER_SDR = 4, "Software radio.";
    V4L2_TUNER_RF = 5, "Software radio, the radio frequency part.";
    V4L2_TUNER_CAP_LOW = 0x1, "The unit is 62.5 Hz.";
    V4L2_TUNER_CAP_NORM = 0x2, "Several standards.";
    V4L2_TUNER_CAP_HWSEEK_BOUNDED = 0x4, "Seeking stops at the end.";
    V4L2_TUNER_CAP_HWSEEK_WRAP = 0x8, "Seeking goes on at the other end.";
    V4L2_TUNER_CAP_STEREO = 0x10, "Stereo.";
    V4L2_TUNER_CAP_LANG2 = 0x20, "A second language.";
    V4L2_TUNER_CAP_SAP = 0x20, "A second audio programme.";
    V4L2_TUNER_CAP_LANG1 = 0x40, "A first language.";
    V4L2_TUNER_CAP_RDS = 0x80, "RDS.";
    V4L2_TUNER_CAP_RDS_BLOCK_IO = 0x100, "RDS in blocks.";
    V4L2_TUNER_CAP_RDS_CONTROLS = 0x200, "RDS in controls.";
    V4L2_TUNER_CAP_FREQ_BANDS = 0x400, "Bands can be enumerated.";
    V4L2_TUNER_CAP_HWSEEK_PROG_LIM = 0x800, "Seeking within limits.";
    V4L2_TUNER_CAP_1HZ = 0x1000, "The unit is 1 Hz.";
    V4L2_TUNER_SUB_MONO = 0x1, "Mono.";
    V4L2_TUNER_SUB_STEREO = 0x2, "Stereo.";
    V4L2_TUNER_SUB_LANG2 = 0x4, "A second language.";
    V4L2_TUNER_SUB_SAP = 0x4, "A second audio programme.";
    V4L2_TUNER_SUB_LANG1 = 0x8, "A first language.";
    V4L2_TUNER_SUB_RDS = 0x10, "RDS.";
    V4L2_TUNER_MODE_MONO = 0, "Mono.";
    V4L2_TUNER_MODE_STEREO = 1, "Stereo.";
    V4L2_TUNER_MODE_LANG2 = 2, "The second language.";
    V4L2_TUNER_MODE_SAP = 2, "The second audio programme.";
    V4L2_TUNER_MODE_LANG1 = 3, "The first language.";
    V4L2_TUNER_MODE_LANG1_LANG2 = 4, "One language on each side.";
    V4L2_BAND_MODULATION_VSB = 0x2, "Vestigial sideband.";
    V4L2_BAND_MODULATION_FM = 0x4, "FM.";
    V4L2_BAND_MODULATION_AM = 0x8, "AM.";
    V4L2_RDS_BLOCK_MSK = 0x7, "The bits that name the block.";
    V4L2_RDS_BLOCK_A = 0, "Block A.";
    V4L2_RDS_BLOCK_B = 1, "Block B.";
    V4L2_RDS_BLOCK_C = 2, "Block C.";
    V4L2_RDS_BLOCK_D = 3, "Block D.";
    V4L2_RDS_BLOCK_C_ALT = 4, "Block C'.";
    V4L2_RDS_BLOCK_INVALID = 7, "No block.";
    V4L2_RDS_BLOCK_CORRECTED = 0x40, "An error was corrected.";
    V4L2_RDS_BLOCK_ERROR = 0x80, "An error was not corrected.";
}
