//! What entities of a media device do, and what kind of node an interface is.
//!
//! Kernel: `include/uapi/linux/media.h`, `Documentation/userspace-api/media/mediactl/media-types.rst`.

use crate::define::constants;

constants! { u32:
    MEDIA_ENT_F_UNKNOWN = 0, "Unknown.";
    MEDIA_ENT_F_V4L2_SUBDEV_UNKNOWN = 0x2_0000, "An unknown subdevice.";
    MEDIA_ENT_F_DTV_DEMOD = 0x1, "Demodulator of digital television.";
    MEDIA_ENT_F_TS_DEMUX = 0x2, "Demultiplexer of a transport stream.";
    MEDIA_ENT_F_DTV_CA = 0x3, "Conditional access.";
    MEDIA_ENT_F_DTV_NET_DECAP = 0x4, "Network decapsulation.";
    MEDIA_ENT_F_IO_V4L = 0x1_0001, "A video node.";
    MEDIA_ENT_F_IO_DTV = 0x1001, "A node of digital television.";
    MEDIA_ENT_F_IO_VBI = 0x1002, "A VBI node.";
    MEDIA_ENT_F_IO_SWRADIO = 0x1003, "A software radio node.";
    MEDIA_ENT_F_CAM_SENSOR = 0x2_0001, "A camera's sensor.";
    MEDIA_ENT_F_FLASH = 0x2_0002, "A flash.";
    MEDIA_ENT_F_LENS = 0x2_0003, "A lens.";
    MEDIA_ENT_F_ATV_DECODER = 0x2_0004, "Decoder of analogue video.";
    MEDIA_ENT_F_TUNER = 0x2_0005, "A tuner.";
    MEDIA_ENT_F_IF_VID_DECODER = 0x2001, "Demodulator of video.";
    MEDIA_ENT_F_IF_AUD_DECODER = 0x2002, "Demodulator of sound.";
    MEDIA_ENT_F_AUDIO_CAPTURE = 0x3001, "Sound in.";
    MEDIA_ENT_F_AUDIO_PLAYBACK = 0x3002, "Sound out.";
    MEDIA_ENT_F_AUDIO_MIXER = 0x3003, "Mixer of sound.";
    MEDIA_ENT_F_PROC_VIDEO_COMPOSER = 0x4001, "Makes one picture of several.";
    MEDIA_ENT_F_PROC_VIDEO_PIXEL_FORMATTER = 0x4002, "Converts how pixels lie in memory.";
    MEDIA_ENT_F_PROC_VIDEO_PIXEL_ENC_CONV = 0x4003, "Converts what pixels mean.";
    MEDIA_ENT_F_PROC_VIDEO_LUT = 0x4004, "A look-up table.";
    MEDIA_ENT_F_PROC_VIDEO_SCALER = 0x4005, "Scales.";
    MEDIA_ENT_F_PROC_VIDEO_STATISTICS = 0x4006, "Counts.";
    MEDIA_ENT_F_PROC_VIDEO_ENCODER = 0x4007, "Compresses.";
    MEDIA_ENT_F_PROC_VIDEO_DECODER = 0x4008, "Decompresses.";
    MEDIA_ENT_F_PROC_VIDEO_ISP = 0x4009, "Makes pictures of raw ones.";
    MEDIA_ENT_F_VID_MUX = 0x5001, "Chooses one of several.";
    MEDIA_ENT_F_VID_IF_BRIDGE = 0x5002, "From one bus to another.";
    MEDIA_ENT_F_DV_DECODER = 0x6001, "Receiver of digital video.";
    MEDIA_ENT_F_DV_ENCODER = 0x6002, "Sender of digital video.";

    MEDIA_INTF_T_DVB_FE = 0x100, "Digital television: front end.";
    MEDIA_INTF_T_DVB_DEMUX = 0x101, "Digital television: demultiplexer.";
    MEDIA_INTF_T_DVB_DVR = 0x102, "Digital television: recorder.";
    MEDIA_INTF_T_DVB_CA = 0x103, "Digital television: conditional access.";
    MEDIA_INTF_T_DVB_NET = 0x104, "Digital television: network.";
    MEDIA_INTF_T_V4L_VIDEO = 0x200, "A video node.";
    MEDIA_INTF_T_V4L_VBI = 0x201, "A VBI node.";
    MEDIA_INTF_T_V4L_RADIO = 0x202, "A radio node.";
    MEDIA_INTF_T_V4L_SUBDEV = 0x203, "A subdevice node.";
    MEDIA_INTF_T_V4L_SWRADIO = 0x204, "A software radio node.";
    MEDIA_INTF_T_V4L_TOUCH = 0x205, "A touch node.";
    MEDIA_INTF_T_ALSA_PCM_CAPTURE = 0x300, "Sound in.";
    MEDIA_INTF_T_ALSA_PCM_PLAYBACK = 0x301, "Sound out.";
    MEDIA_INTF_T_ALSA_CONTROL = 0x302, "A sound card's controls.";
}
