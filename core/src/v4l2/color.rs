//! What the numbers of a pixel mean: colour space, encoding, quantization, transfer function.

use super::FourCc;

/// A number of the kernel with names. A newtype, because newer kernels may know more.
macro_rules! numbers {
    ($(#[doc = $about:literal] $type:ident { $($name:ident = $value:literal, $doc:literal;)+ })+) => {$(
        #[doc = $about]
        ///
        /// A later version adds constants, no field.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[repr(transparent)]
        pub struct $type(pub u32);

        impl $type {
            $(
                #[doc = $doc]
                pub const $name: Self = Self($value);
            )+
        }
    )+};
}

numbers! {
    /// `enum v4l2_colorspace`: the primaries and the white that colours are relative to.
    Colorspace {
        DEFAULT = 0, "Not known: the driver's choice.";
        SMPTE170M = 1, "Standard-definition television.";
        SMPTE240M = 2, "Early high-definition television.";
        REC709 = 3, "High-definition television.";
        SYSTEM_470_M = 5, "NTSC of 1953.";
        SYSTEM_470_BG = 6, "EBU Tech 3213.";
        JPEG = 7, "sRGB, encoding 601, full range.";
        SRGB = 8, "sRGB: most cameras.";
        OPRGB = 9, "opRGB (Adobe RGB).";
        BT2020 = 10, "Ultra-high-definition television.";
        RAW = 11, "As the sensor has it.";
        DCI_P3 = 12, "Digital cinema.";
    }
    /// `enum v4l2_xfer_func`: how light becomes a number.
    TransferFunction {
        DEFAULT = 0, "That of the colour space.";
        REC709 = 1, "Rec. 709.";
        SRGB = 2, "sRGB.";
        OPRGB = 3, "opRGB.";
        SMPTE240M = 4, "SMPTE 240M.";
        NONE = 5, "Linear.";
        DCI_P3 = 6, "Digital cinema.";
        SMPTE2084 = 7, "Perceptual quantizer.";
    }
    /// `enum v4l2_ycbcr_encoding`, or `v4l2_hsv_encoding` (128 and 129): how red, green and blue become Y', Cb and Cr.
    YcbcrEncoding {
        DEFAULT = 0, "That of the colour space.";
        BT601 = 1, "BT.601.";
        REC709 = 2, "Rec. 709.";
        XV601 = 3, "xvYCC with BT.601.";
        XV709 = 4, "xvYCC with Rec. 709.";
        BT2020 = 6, "BT.2020.";
        BT2020_CONST_LUM = 7, "BT.2020 with constant luminance.";
        SMPTE240M = 8, "SMPTE 240M.";
    }
    /// `enum v4l2_quantization`: the numbers that black and white have.
    Quantization {
        DEFAULT = 0, "That of the colour space and the pixel format.";
        FULL_RANGE = 1, "0 to 255, of 8 bits.";
        LIMITED_RANGE = 2, "16 to 235, of 8 bits; 16 to 240 for colour differences.";
    }
}

/// What the numbers of a pixel mean ([`Format::colors`](crate::node::Format::colors)), with nothing left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Colors {
    /// The primaries. [`DEFAULT`](Colorspace::DEFAULT) stays: only the driver knows them.
    pub colorspace: Colorspace,
    /// Of Y'CbCr formats: how they are made of red, green and blue.
    pub encoding: YcbcrEncoding,
    /// The numbers of black and white.
    pub quantization: Quantization,
    /// How light becomes a number.
    pub transfer_function: TransferFunction,
}

impl Colors {
    /// Of a pixel format with these properties; each that is `DEFAULT` becomes what the kernel's header has for it
    /// (`V4L2_MAP_YCBCR_ENC_DEFAULT` and the like).
    pub const fn new(
        pixel_format: FourCc,
        colorspace: Colorspace,
        encoding: YcbcrEncoding,
        quantization: Quantization,
        transfer_function: TransferFunction,
    ) -> Self {
        let encoding = match (encoding, colorspace) {
            (YcbcrEncoding::DEFAULT, Colorspace::REC709 | Colorspace::DCI_P3) => YcbcrEncoding::REC709,
            (YcbcrEncoding::DEFAULT, Colorspace::BT2020) => YcbcrEncoding::BT2020,
            (YcbcrEncoding::DEFAULT, Colorspace::SMPTE240M) => YcbcrEncoding::SMPTE240M,
            (YcbcrEncoding::DEFAULT, _) => YcbcrEncoding::BT601,
            _ => encoding,
        };
        let quantization = match (quantization, colorspace) {
            (Quantization::DEFAULT, Colorspace::JPEG) => Quantization::FULL_RANGE,
            (Quantization::DEFAULT, _) if pixel_format.is_rgb_or_hsv() => Quantization::FULL_RANGE,
            (Quantization::DEFAULT, _) => Quantization::LIMITED_RANGE,
            _ => quantization,
        };
        let transfer_function = match (transfer_function, colorspace) {
            (TransferFunction::DEFAULT, Colorspace::OPRGB) => TransferFunction::OPRGB,
            (TransferFunction::DEFAULT, Colorspace::SMPTE240M) => TransferFunction::SMPTE240M,
            (TransferFunction::DEFAULT, Colorspace::DCI_P3) => TransferFunction::DCI_P3,
            (TransferFunction::DEFAULT, Colorspace::RAW) => TransferFunction::NONE,
            (TransferFunction::DEFAULT, Colorspace::SRGB | Colorspace::JPEG) => TransferFunction::SRGB,
            (TransferFunction::DEFAULT, _) => TransferFunction::REC709,
            _ => transfer_function,
        };
        Self { colorspace, encoding, quantization, transfer_function }
    }
}

#[cfg(test)]
mod tests {
    use super::{Colors, Colorspace, FourCc, Quantization, TransferFunction, YcbcrEncoding};

    fn colors(pixel_format: FourCc, colorspace: Colorspace) -> Colors {
        Colors::new(pixel_format, colorspace, YcbcrEncoding(0), Quantization(0), TransferFunction(0))
    }

    #[test]
    fn defaults_are_the_kernels() {
        let (full, limited) = (Quantization::FULL_RANGE, Quantization::LIMITED_RANGE);
        let table = [
            (FourCc::YUYV, Colorspace::SRGB, YcbcrEncoding::BT601, limited, TransferFunction::SRGB),
            (FourCc::RGB24, Colorspace::SRGB, YcbcrEncoding::BT601, full, TransferFunction::SRGB),
            (FourCc::MJPEG, Colorspace::JPEG, YcbcrEncoding::BT601, full, TransferFunction::SRGB),
            (FourCc::NV12, Colorspace::REC709, YcbcrEncoding::REC709, limited, TransferFunction::REC709),
            (FourCc::NV12, Colorspace::BT2020, YcbcrEncoding::BT2020, limited, TransferFunction::REC709),
            (FourCc::UYVY, Colorspace::SMPTE240M, YcbcrEncoding::SMPTE240M, limited, TransferFunction::SMPTE240M),
            (FourCc::SRGGB10P, Colorspace::RAW, YcbcrEncoding::BT601, full, TransferFunction::NONE),
            (FourCc::HSV24, Colorspace::OPRGB, YcbcrEncoding::BT601, full, TransferFunction::OPRGB),
            (FourCc::YUYV, Colorspace::DCI_P3, YcbcrEncoding::REC709, limited, TransferFunction::DCI_P3),
            (FourCc::YUYV, Colorspace(99), YcbcrEncoding::BT601, limited, TransferFunction::REC709),
        ];
        for (format, colorspace, encoding, quantization, transfer_function) in table {
            let wanted = Colors { colorspace, encoding, quantization, transfer_function };
            assert_eq!(colors(format, colorspace), wanted, "{format} {colorspace:?}");
        }
    }

    #[test]
    fn what_a_driver_sets_stays() {
        let set = (YcbcrEncoding(129), Quantization(77), TransferFunction::SMPTE2084);
        let colors = Colors::new(FourCc::HSV24, Colorspace::SRGB, set.0, set.1, set.2);
        assert_eq!((colors.encoding, colors.quantization, colors.transfer_function), set);
    }
}
