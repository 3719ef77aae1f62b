/*
 * The floor: raw ioctls, blocking, nothing checked but that a call succeeded. The same run as src/lib.rs and ../src/marks.rs tell.
 *
 * -DSYSCALLS makes the calls without the C library, -DNOTHING takes no frames at all: what the loop itself costs.
 */
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BUFFERS = 4, WARM = 12 };

static int device;
static void *places[BUFFERS];
static unsigned long touched;

/* Neither is inlined: callgrind begins a new count at one, and takes the other off. */
__attribute__((noinline)) void mark(const char *text)
{
	if (write(1, text, strlen(text)) < 0)
		_exit(1);
}

__attribute__((noinline)) unsigned long touch(const unsigned char *bytes, size_t length)
{
	unsigned long sum = 0;
	for (size_t at = 0; at < length; at += 4096)
		sum += bytes[at];
	return sum;
}

#ifdef SYSCALLS
/* As the C library's ioctl, but that the error comes back as the answer. */
static inline int raw_ioctl(long file, long number, void *argument)
{
	long answer;
	__asm__ volatile("syscall" : "=a"(answer) : "0"(16L), "D"(file), "S"(number), "d"(argument) : "rcx", "r11", "memory");
	return answer;
}
#define ioctl raw_ioctl
#endif

static int frame(void)
{
#ifdef NOTHING
	touched += touch((const unsigned char *)places, 1);
	return 0;
#endif
	struct v4l2_buffer buffer = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP };
	if (ioctl(device, VIDIOC_DQBUF, &buffer) < 0)
		return -1;
	touched += touch(places[buffer.index], buffer.bytesused);
	return ioctl(device, VIDIOC_QBUF, &buffer);
}

__attribute__((noinline)) static int window(int frames)
{
	for (int count = 0; count < frames; count++)
		if (frame() < 0)
			return -1;
	return 0;
}

static int start(const char *node)
{
#ifdef NOTHING
	return 0;
#endif
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	struct v4l2_format format = { .type = type };
	struct v4l2_requestbuffers request = { .count = BUFFERS, .type = type, .memory = V4L2_MEMORY_MMAP };
	device = open(node, O_RDWR | O_CLOEXEC);
	format.fmt.pix.width = 320;
	format.fmt.pix.height = 180;
	format.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
	if (device < 0 || ioctl(device, VIDIOC_S_FMT, &format) < 0 || ioctl(device, VIDIOC_REQBUFS, &request) < 0)
		return -1;
	for (unsigned index = 0; index < BUFFERS; index++) {
		struct v4l2_buffer buffer = { .index = index, .type = type, .memory = V4L2_MEMORY_MMAP };
		if (ioctl(device, VIDIOC_QUERYBUF, &buffer) < 0)
			return -1;
		places[index] = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, device, buffer.m.offset);
		if (places[index] == MAP_FAILED || ioctl(device, VIDIOC_QBUF, &buffer) < 0)
			return -1;
	}
	return ioctl(device, VIDIOC_STREAMON, &type);
}

static long long processor_time(void)
{
	char text[128] = "";
	int file = open("/proc/self/schedstat", O_RDONLY);
	if (file < 0 || read(file, text, sizeof text - 1) < 0)
		return 0;
	close(file);
	return atoll(text);
}

int main(int count, char **arguments)
{
	if (count < 4)
		return 2;
	int few = atoi(arguments[2]), many = atoi(arguments[3]);
	long long before;
	mark("open\n");
	if (start(arguments[1]) < 0 || window(1) < 0)
		return 1;
	mark("frame first\n");
	if (window(WARM) < 0)
		return 1;
	mark("frame short\n");
	if (window(few) < 0)
		return 1;
	mark("frame pause\n");
	before = processor_time();
	mark("frame long\n");
	if (window(many) < 0)
		return 1;
	mark("frame end\n");
	printf("nanoseconds %lld\n", (processor_time() - before) / many);
	if (count > 4) {
		puts("waiting");
		fflush(stdout);
		getchar();
	}
	return 0;
}
