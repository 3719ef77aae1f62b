//! dma-bufs, the heaps and memfds they are made of, and sync files.
//!
//! Kernel: `include/uapi/linux/{dma-buf,dma-heap,udmabuf,sync_file}.h`, `Documentation/driver-api/{dma-buf,sync_file}.rst`,
//! `Documentation/userspace-api/dma-buf-heaps.rst`.

use crate::define::{constants, structures};

structures! {
    /// Argument of DMA_BUF_IOCTL_SYNC. Kernel: `dma-buf.rst`.
    #[repr(C)]
    struct dma_buf_sync {
        flags: u64, "`DMA_BUF_SYNC_*`: begin or end, reading or writing.";
    }

    /// Argument of DMA_BUF_IOCTL_EXPORT_SYNC_FILE (since Linux 6.0). Kernel: `dma-buf.rst`.
    #[repr(C)]
    struct dma_buf_export_sync_file {
        flags: u32, "`DMA_BUF_SYNC_READ`, `DMA_BUF_SYNC_WRITE` or both.";
        fd: i32, "On return: the sync file.";
    }

    /// Argument of DMA_BUF_IOCTL_IMPORT_SYNC_FILE (since Linux 6.0). Kernel: `dma-buf.rst`.
    #[repr(C)]
    struct dma_buf_import_sync_file {
        flags: u32, "`DMA_BUF_SYNC_READ`, `DMA_BUF_SYNC_WRITE` or both.";
        fd: i32, "The sync file.";
    }

    /// Argument of DMA_HEAP_IOCTL_ALLOC. Kernel: `dma-buf-heaps.rst`.
    #[repr(C)]
    struct dma_heap_allocation_data {
        len: u64, "Bytes; rounded up to pages. A heap may not know an upper bound.";
        fd: u32, "Zero; on return, the dma-buf.";
        fd_flags: u32, "`O_CLOEXEC` and an access mode.";
        heap_flags: u64, "Zero.";
    }

    /// Argument of UDMABUF_CREATE. Kernel: `drivers/dma-buf/udmabuf.c`.
    #[repr(C)]
    struct udmabuf_create {
        memfd: u32, "The memfd; sealed against shrinking, and not against writing.";
        flags: u32, "`UDMABUF_FLAGS_CLOEXEC`, or 0.";
        offset: u64, "Where to begin; whole pages.";
        size: u64, "How much; whole pages.";
    }

    /// One part of a dma-buf made by UDMABUF_CREATE_LIST. Kernel: `drivers/dma-buf/udmabuf.c`.
    #[repr(C)]
    struct udmabuf_create_item {
        memfd: u32, "The memfd; sealed against shrinking, and not against writing.";
        __pad: u32, "Zero.";
        offset: u64, "Where to begin; whole pages.";
        size: u64, "How much; whole pages.";
    }

    /// The beginning of the argument of UDMABUF_CREATE_LIST. Kernel: `drivers/dma-buf/udmabuf.c`.
    #[repr(C)]
    struct udmabuf_create_list {
        flags: u32, "`UDMABUF_FLAGS_CLOEXEC`, or 0.";
        count: u32, "How many items there are.";
        list: [udmabuf_create_item; 0], "Here they begin.";
    }

    /// Argument of SYNC_IOC_MERGE. Kernel: `sync_file.rst`.
    #[repr(C)]
    struct sync_merge_data {
        name: [u8; 32], "The name of the new one.";
        fd2: i32, "The second sync file.";
        fence: i32, "On return: the new sync file.";
        flags: u32, "Zero.";
        pad: u32, "Zero.";
    }

    /// One fence of a sync file. Kernel: `sync_file.rst`.
    #[repr(C)]
    struct sync_fence_info {
        obj_name: [u8; 32], "The name of what it belongs to.";
        driver_name: [u8; 32], "The driver's name.";
        status: i32, "0 is not signalled, 1 is signalled, less is an error.";
        flags: u32, "Zero.";
        timestamp_ns: u64, "When it was signalled.";
    }

    /// Argument of SYNC_IOC_FILE_INFO. Kernel: `sync_file.rst`.
    #[repr(C)]
    struct sync_file_info {
        name: [u8; 32], "On return: its name.";
        status: i32, "On return: 0 is not signalled, 1 is signalled, less is an error.";
        flags: u32, "Zero.";
        num_fences: u32, "Room of the array; on return, how many fences there are.";
        pad: u32, "Zero.";
        sync_fence_info: u64, "The address of an array of `sync_fence_info`.";
    }

    /// Argument of SYNC_IOC_SET_DEADLINE (since Linux 6.7). Kernel: `sync_file.rst`.
    #[repr(C)]
    struct sync_set_deadline {
        deadline_ns: u64, "CLOCK_MONOTONIC.";
        pad: u64, "Zero.";
    }
}

constants! { u32:
    DMA_BUF_SYNC_READ = 0x1, "The CPU reads.";
    DMA_BUF_SYNC_WRITE = 0x2, "The CPU writes.";
    DMA_BUF_SYNC_RW = 0x3, "The CPU reads and writes.";
    DMA_BUF_SYNC_START = 0x0, "The access begins.";
    DMA_BUF_SYNC_END = 0x4, "The access has ended.";
    DMA_BUF_SYNC_VALID_FLAGS_MASK = 0x7, "Every flag.";
    DMA_BUF_NAME_LEN = 32, "Bytes of a name, with the zero.";
    UDMABUF_FLAGS_CLOEXEC = 0x1, "The dma-buf is closed by `exec`.";
}
