// Takes 60 frames of 640x480 YUYV without the C library, and writes them into a file.
package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

const (
	setFormat = 0xc0d05605 // VIDIOC_S_FMT
	request   = 0xc0145608 // VIDIOC_REQBUFS
	query     = 0xc0585609 // VIDIOC_QUERYBUF
	queue     = 0xc058560f // VIDIOC_QBUF
	dequeue   = 0xc0585611 // VIDIOC_DQBUF
	start     = 0x40045612 // VIDIOC_STREAMON
	capture   = 1          // V4L2_BUF_TYPE_VIDEO_CAPTURE
	mmap      = 1          // V4L2_MEMORY_MMAP
	buffers   = 4
)

// struct v4l2_format, as far as it is used.
type format struct {
	kind, _                     uint32
	width, height, pixel, field uint32
	rest                        [184]byte
}

// struct v4l2_buffer.
type buffer struct {
	index, kind, bytesused, flags, field, _ uint32
	timestamp                               [2]int64
	timecode                                [16]byte
	sequence, memory                        uint32
	offset                                  uint64
	length, _, _, _                         uint32
}

func call(camera uintptr, number uintptr, argument unsafe.Pointer) {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, camera, number, uintptr(argument)); errno != 0 {
		fmt.Printf("%#x: %v\n", number, errno)
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	fd, err := syscall.Open("/dev/video0", syscall.O_RDWR, 0)
	check(err)
	camera := uintptr(fd)
	file, err := os.Create(os.Args[1])
	check(err)
	size := format{kind: capture, width: 640, height: 480, pixel: 0x56595559, field: 1}
	call(camera, setFormat, unsafe.Pointer(&size))
	count := [5]uint32{buffers, capture, mmap}
	call(camera, request, unsafe.Pointer(&count))
	var planes [buffers][]byte
	for index := range planes {
		b := buffer{index: uint32(index), kind: capture, memory: mmap}
		call(camera, query, unsafe.Pointer(&b))
		planes[index], err = syscall.Mmap(fd, int64(b.offset), int(b.length), syscall.PROT_READ, syscall.MAP_SHARED)
		check(err)
		call(camera, queue, unsafe.Pointer(&b))
	}
	kind := uint32(capture)
	call(camera, start, unsafe.Pointer(&kind))
	for frame := 0; frame < 60; frame++ {
		b := buffer{kind: capture, memory: mmap}
		call(camera, dequeue, unsafe.Pointer(&b))
		_, err = file.Write(planes[b.index][:b.bytesused])
		check(err)
		call(camera, queue, unsafe.Pointer(&b))
	}
}
