//! Media devices: entities, pads, links, topology, requests.
//!
//! Functions of entities and kinds of interfaces are in [`media_function`](crate::media_function).
//!
//! Kernel: `include/uapi/linux/media.h`, `Documentation/userspace-api/media/mediactl/media-ioc-*.rst`.

use crate::define::{constants, structures, unions};

structures! {
    /// Argument of MEDIA_IOC_DEVICE_INFO. Kernel: `media-ioc-device-info.rst`.
    #[repr(C)]
    struct media_device_info {
        driver: [u8; 16], "The driver's name.";
        model: [u8; 32], "The device's name.";
        serial: [u8; 40], "Its serial number.";
        bus_info: [u8; 32], "Where it is connected.";
        media_version: u32, "The kernel's version: major << 16, minor << 8, patch.";
        hw_revision: u32, "The hardware's revision.";
        driver_version: u32, "The driver's version.";
        reserved: [u32; 31], "Zero.";
    }

    /// Argument of MEDIA_IOC_ENUM_ENTITIES. Kernel: `media-ioc-enum-entities.rst`.
    #[repr(C)]
    struct media_entity_desc {
        id: u32, "Which entity; with `MEDIA_ENT_ID_FLAG_NEXT`, the one after it.";
        name: [u8; 32], "On return: its name.";
        type_: u32, "On return: its function, as far as the old ioctl knows it.";
        revision: u32, "Zero.";
        flags: u32, "On return: `MEDIA_ENT_FL_*`.";
        group_id: u32, "Zero.";
        pads: u16, "On return: how many pads it has.";
        links: u16, "On return: how many links go out of it.";
        reserved: [u32; 4], "Zero.";
        node: media_entity_desc_node, "On return: its device node.";
    }

    /// `media_entity_desc.dev`, and the members `v4l` and `fb` beside it.
    #[repr(C)]
    part media_entity_desc_dev {
        major: u32, "The node's major number.";
        minor: u32, "The node's minor number.";
    }

    /// A pad of an entity. Kernel: `media-ioc-enum-links.rst`.
    #[repr(C)]
    struct media_pad_desc {
        entity: u32, "The entity.";
        index: u16, "Which pad of it.";
        flags: u32, "`MEDIA_PAD_FL_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// A link; argument of MEDIA_IOC_SETUP_LINK. Kernel: `media-ioc-setup-link.rst`.
    #[repr(C)]
    struct media_link_desc {
        source: media_pad_desc, "Where it comes from.";
        sink: media_pad_desc, "Where it goes to.";
        flags: u32, "`MEDIA_LNK_FL_*`.";
        reserved: [u32; 2], "Zero.";
    }

    /// Argument of MEDIA_IOC_ENUM_LINKS. Kernel: `media-ioc-enum-links.rst`.
    #[repr(C)]
    struct media_links_enum {
        entity: u32, "Which entity.";
        pads: usize, "The address of an array of `media_pad_desc`, or 0.";
        links: usize, "The address of an array of `media_link_desc`, or 0.";
        reserved: [u32; 4], "Zero.";
    }

    /// An entity of a topology. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_entity {
        id: u32, "Its id; another after each boot.";
        name: [u8; 64], "Its name.";
        function: u32, "`MEDIA_ENT_F_*`.";
        flags: u32, "`MEDIA_ENT_FL_*`, if `media_version` is at least 4.19.";
        reserved: [u32; 5], "Zero.";
    }

    /// The device node of an interface. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_intf_devnode {
        major: u32, "Its major number.";
        minor: u32, "Its minor number.";
    }

    /// An interface of a topology. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_interface {
        id: u32, "Its id.";
        intf_type: u32, "`MEDIA_INTF_T_*`.";
        flags: u32, "Zero.";
        reserved: [u32; 9], "Zero.";
        node: media_v2_interface_node, "Its device node.";
    }

    /// A pad of a topology. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_pad {
        id: u32, "Its id.";
        entity_id: u32, "The entity's id.";
        flags: u32, "`MEDIA_PAD_FL_*`.";
        index: u32, "Which pad of the entity, if `media_version` is at least 4.19.";
        reserved: [u32; 4], "Zero.";
    }

    /// A link of a topology. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_link {
        id: u32, "Its id.";
        source_id: u32, "The pad, interface or entity that it comes from.";
        sink_id: u32, "The pad or entity that it goes to.";
        flags: u32, "`MEDIA_LNK_FL_*`.";
        reserved: [u32; 6], "Zero.";
    }

    /// Argument of MEDIA_IOC_G_TOPOLOGY. Kernel: `media-ioc-g-topology.rst`.
    #[repr(C)]
    struct media_v2_topology {
        topology_version: u64, "On return: changes with every object that comes or goes.";
        num_entities: u32, "Room; on return, how many there are.";
        reserved1: u32, "Zero.";
        ptr_entities: u64, "The address of an array of `media_v2_entity`, or 0.";
        num_interfaces: u32, "Room; on return, how many there are.";
        reserved2: u32, "Zero.";
        ptr_interfaces: u64, "The address of an array of `media_v2_interface`, or 0.";
        num_pads: u32, "Room; on return, how many there are.";
        reserved3: u32, "Zero.";
        ptr_pads: u64, "The address of an array of `media_v2_pad`, or 0.";
        num_links: u32, "Room; on return, how many there are.";
        reserved4: u32, "Zero.";
        ptr_links: u64, "The address of an array of `media_v2_link`, or 0.";
    }
}

unions! {
    /// The unnamed union in `media_entity_desc`.
    anonymous media_entity_desc_node(u32, 184) {
        dev set_dev of_dev: media_entity_desc_dev, "The numbers of the node.";
        raw set_raw of_raw: [u8; 184], "All of it.";
    }

    /// The unnamed union in `media_v2_interface`.
    anonymous media_v2_interface_node(u32, 64) {
        devnode set_devnode of_devnode: media_v2_intf_devnode, "The numbers of the node.";
        raw set_raw of_raw: [u32; 16], "All of it.";
    }
}

constants! { u32:
    MEDIA_ENT_ID_FLAG_NEXT = 0x8000_0000, "In an id: the next entity after it.";
    MEDIA_ENT_FL_DEFAULT = 0x1, "The usual one of its kind.";
    MEDIA_ENT_FL_CONNECTOR = 0x2, "A connector.";
    MEDIA_PAD_FL_SINK = 0x1, "Data comes in.";
    MEDIA_PAD_FL_SOURCE = 0x2, "Data goes out.";
    MEDIA_PAD_FL_MUST_CONNECT = 0x4, "Needs an enabled link.";
    MEDIA_LNK_FL_ENABLED = 0x1, "In use.";
    MEDIA_LNK_FL_IMMUTABLE = 0x2, "Cannot be changed.";
    MEDIA_LNK_FL_DYNAMIC = 0x4, "Can be changed while data flows.";
    MEDIA_LNK_FL_LINK_TYPE = 0xf000_0000, "The bits that name the kind.";
    MEDIA_LNK_FL_DATA_LINK = 0, "From pad to pad.";
    MEDIA_LNK_FL_INTERFACE_LINK = 0x1000_0000, "From interface to entity.";
    MEDIA_LNK_FL_ANCILLARY_LINK = 0x2000_0000, "From entity to entity.";
}
