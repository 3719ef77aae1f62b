//! What the framework looks at before it reads or sets several controls at once.

use vidbuf::Errno;
use vidbuf::node::ControlFlags;
use vidbuf_abi::control::{
    V4L2_CID_PRIVATE_BASE, V4L2_CTRL_ID_MASK, V4L2_CTRL_WHICH_DEF_VAL, V4L2_CTRL_WHICH_REQUEST_VAL,
};

use super::super::super::super::NodeOf;
use super::super::super::super::controls::{Place, validated};
use super::super::super::super::room::Rooms;
use super::{CLASS_MASK, Call, EINVAL, Same, give_number, number_in};

impl<R: Rooms> NodeOf<R> {
    /// The elements from `first` on of one control; without clusters, each is alone.
    pub(super) fn same(&self, call: &mut Call<'_>, first: u32, clusters: bool, place: Place) -> Result<Same, Errno> {
        let mut same = Same::new();
        for index in first..if clusters { call.raw.count } else { first + 1 } {
            if self.place_of(call, index)?.number == place.number && same.push(index).is_err() {
                return Err(Errno::ENOMEM);
            }
        }
        Ok(same)
    }

    /// Whether there are controls of a class, for a call on none.
    pub(super) fn has_class(&self, which: u32) -> Result<(), Errno> {
        match which {
            0 | V4L2_CTRL_WHICH_DEF_VAL | V4L2_CTRL_WHICH_REQUEST_VAL => Ok(()),
            _ => self.place(which | 1).map(drop).ok_or(EINVAL),
        }
    }

    /// Looks at every element: which control it is of, and whether its memory is large enough. Whether there are clusters of several.
    pub(super) fn prepare(&self, call: &mut Call<'_>, get: bool) -> Result<bool, Errno> {
        let which = call.raw.which;
        let any_class = matches!(which, 0 | V4L2_CTRL_WHICH_DEF_VAL | V4L2_CTRL_WHICH_REQUEST_VAL);
        let mut clusters = false;
        for index in 0..call.raw.count {
            call.raw.error_idx = index;
            let mut element = call.element(index)?;
            let id = element.id & V4L2_CTRL_ID_MASK;
            if !any_class && id & CLASS_MASK != which || id >= V4L2_CID_PRIVATE_BASE {
                return Err(EINVAL);
            }
            let place = self.place(id).ok_or(EINVAL)?;
            if place.control.flags.contains(ControlFlags::DISABLED) {
                return Err(EINVAL);
            }
            clusters |= self.has_cluster(place);
            let fits = self.fit(place, &mut element.size, get);
            call.put(index, element)?;
            fits?;
        }
        Ok(clusters)
    }

    /// What becomes of the size that a program gives for a value of bytes.
    pub(super) fn fit(&self, place: Place, size: &mut u32, get: bool) -> Result<(), Errno> {
        let control = place.control;
        if control.is_text() || !control.has_payload() {
            return Ok(());
        }
        let needed = self.controls.elems(place).saturating_mul(control.elem_size());
        if control.is_dynamic() {
            *size = *size / control.elem_size() * control.elem_size();
            let most = control.most_elems().saturating_mul(control.elem_size());
            let (fails, errno, shown) = match get {
                true => (*size < needed, Errno::ENOSPC, needed),
                false => (*size > most, Errno::ENOSPC, most),
            };
            if get || fails {
                *size = shown;
            }
            return match fails {
                true => Err(errno),
                false if *size == 0 => Err(Errno::EFAULT),
                false => Ok(()),
            };
        }
        match *size < needed {
            true if get => {
                *size = needed;
                Err(Errno::ENOSPC)
            }
            true => Err(Errno::EFAULT),
            false => {
                *size = needed;
                Ok(())
            }
        }
    }

    /// Looks at every value that is to be set. Numbers are brought into range here; bytes are looked at later.
    pub(super) fn validate(&self, call: &mut Call<'_>, set: bool) -> Result<(), Errno> {
        call.raw.error_idx = call.raw.count;
        for index in 0..call.raw.count {
            call.raw.error_idx = index;
            let place = self.place_of(call, index)?;
            if place.control.flags.contains(ControlFlags::READ_ONLY) {
                return Err(Errno::EACCES);
            }
            if set {
                if self.control_flags(place).contains(ControlFlags::GRABBED) {
                    return Err(Errno::EBUSY);
                }
                let manual = self.sets_manual(call, place)?;
                self.check_follower(place, Some(manual))?;
            }
            if place.control.has_payload() {
                continue;
            }
            let mut element = call.element(index)?;
            let value = validated(place.control, number_in(&element, place.control.control_type))?;
            give_number(&mut element, place.control.control_type, value);
            call.put(index, element)?;
        }
        Ok(())
    }

    /// Whether the call sets what sets this control to its manual value.
    pub(super) fn sets_manual(&self, call: &mut Call<'_>, place: Place) -> Result<bool, Errno> {
        let Some((master, manual, _)) = self.master(place) else { return Ok(false) };
        for index in 0..call.raw.count {
            let element = call.element(index)?;
            if element.id == master.control.id.0 && number_in(&element, master.control.control_type) == manual {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn place_of(&self, call: &mut Call<'_>, index: u32) -> Result<Place, Errno> {
        self.place(call.element(index)?.id & V4L2_CTRL_ID_MASK).ok_or(EINVAL)
    }

    /// The first control of this one's cluster. A control of uvcvideo has no cluster.
    pub(super) fn master_of(&self, place: Place) -> Place {
        self.master(place).map_or(place, |(master, ..)| master)
    }

    pub(super) fn has_cluster(&self, place: Place) -> bool {
        let master = self.master_of(place);
        self.places().any(|other| other.number != master.number && self.master_of(other).number == master.number)
    }

    /// Whether no element before this one is of the same cluster.
    pub(super) fn is_first(&self, call: &mut Call<'_>, index: u32, clusters: bool) -> Result<bool, Errno> {
        if !clusters {
            return Ok(true);
        }
        let master = self.master_of(self.place_of(call, index)?);
        for earlier in 0..index {
            if self.master_of(self.place_of(call, earlier)?).number == master.number {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
