//! [`Bytes`]: where the bytes of buffers are.

use crate::kernel::PlaneMemory;

use super::picture::Picture;

/// One plane of one buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Place {
    /// Which buffer.
    pub index: u32,
    /// Which of its planes.
    pub plane: u32,
    /// Where its first byte is.
    pub memory: PlaneMemory,
    /// How many there are. Nothing beyond is read or written.
    pub length: usize,
}

/// The memory is there no more, for example because its process is gone. The frame ends with the ERROR flag.
///
/// A later version adds no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unreachable;

/// The memory of buffers, as the device reads and writes it.
///
/// An [`Engine`](super::Engine) reads and writes buffers that the driver has, which a program leaves alone; nothing else, with one
/// exception: [`write_shared`](Self::write_shared). Offsets are from the start of the plane, and inside it.
pub trait Bytes {
    /// The device writes `bytes`.
    ///
    /// # Errors
    ///
    /// The memory is gone.
    fn write(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable>;

    /// The device reads as many bytes as `bytes` has room for.
    ///
    /// # Errors
    ///
    /// The memory is gone.
    fn read(&mut self, place: &Place, offset: usize, bytes: &mut [u8]) -> Result<(), Unreachable>;

    /// The device writes a line that it wrote `from` there, of `length` bytes, so many times more, each `stride` bytes behind
    /// the one before.
    ///
    /// # Errors
    ///
    /// The memory is gone.
    fn repeat(
        &mut self,
        place: &Place,
        from: usize,
        length: usize,
        stride: usize,
        times: usize,
    ) -> Result<(), Unreachable> {
        let mut piece = [0; 64];
        for start in (from..from + length).step_by(piece.len()) {
            let piece = &mut piece[..(from + length - start).min(64)];
            self.read(place, start, piece)?;
            for time in 1..=times {
                self.write(place, start + time * stride, piece)?;
            }
        }
        Ok(())
    }

    /// A driver that does not keep to videobuf2's promises ([`Profile::exclusive`](crate::Profile::exclusive)) writes into a buffer that the
    /// program has, and may be reading.
    ///
    /// # Errors
    ///
    /// The memory is gone.
    fn write_shared(&mut self, place: &Place, offset: usize, bytes: &[u8]) -> Result<(), Unreachable> {
        self.write(place, offset, bytes)
    }

    /// The device writes a picture, line by line. Where a call of [`write`](Self::write) is expensive, [`Picture::draw`] into memory
    /// at hand, and write [`Picture::extent`] at once.
    ///
    /// # Errors
    ///
    /// The memory is gone.
    fn draw(&mut self, place: &Place, picture: &Picture) -> Result<(), Unreachable> {
        for band in picture.bands(place.plane as usize).into_iter().flatten() {
            let Some(room) = place.length.checked_sub(band.start + band.used) else { continue };
            let mut at = band.start;
            let mut outcome = Ok(());
            picture.draw_line(&band, |piece| {
                if outcome.is_ok() {
                    outcome = self.write(place, at, piece);
                }
                at += piece.len();
            });
            outcome?;
            // All lines look the same.
            let times = band.lines.saturating_sub(1).min(room / band.stride.max(1));
            self.repeat(place, band.start, band.used, band.stride, times)?;
        }
        Ok(())
    }
}
