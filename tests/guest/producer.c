// producer NODE FRAMES MS [MODE]: writes frames to a v4l2loopback node as programs there commonly do: it fills its buffers in
// turn and queues each with VIDIOC_QBUF, and never asks whether a reader is still looking at one. Every byte of a frame has
// the same value, the frame's number modulo 256, so a reader can tell a torn frame from a whole one.
//
// MODE: steady; short, empty: every third frame has 1000 or no bytes; odd-times: timestamps years apart and negative;
// same-time: all alike; mjpg: compressed frames, each of another size; idle: it sets the format and never streams.
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WIDTH = 320, HEIGHT = 240, SIZE = WIDTH * HEIGHT * 2, MOST = 8 };

static int node;
static const char *mode = "steady";

static int is(const char *name) { return strcmp(mode, name) == 0; }

static void call(const char *name, unsigned long request, void *argument) {
  if (ioctl(node, request, argument)) {
    perror(name);
    exit(1);
  }
}

static struct v4l2_buffer blank(unsigned index) {
  struct v4l2_buffer buffer = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT, .memory = V4L2_MEMORY_MMAP, .index = index};
  return buffer;
}

static void set_format(void) {
  struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_OUTPUT};
  format.fmt.pix.width = WIDTH;
  format.fmt.pix.height = HEIGHT;
  format.fmt.pix.pixelformat = is("mjpg") ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
  format.fmt.pix.field = V4L2_FIELD_NONE;
  format.fmt.pix.bytesperline = WIDTH * 2;
  format.fmt.pix.sizeimage = SIZE;
  call("VIDIOC_S_FMT", VIDIOC_S_FMT, &format);
}

// What is odd about frame `number` in this mode.
static void disturb(struct v4l2_buffer *buffer, unsigned char *bytes, int number) {
  static const long seconds[] = {4154505010, 1, -5, 100};
  if (is("short") && number % 3 == 1) buffer->bytesused = 1000;
  if (is("empty") && number % 3 == 1) buffer->bytesused = 0;
  if (is("odd-times")) buffer->timestamp.tv_sec = seconds[number % 4], buffer->timestamp.tv_usec = 207436;
  if (is("same-time")) buffer->timestamp.tv_sec = 7, buffer->timestamp.tv_usec = 7;
  if (is("mjpg")) {
    buffer->bytesused = 2000 + 37 * (number % 50);
    bytes[0] = bytes[buffer->bytesused - 2] = 0xff;
    bytes[1] = 0xd8, bytes[buffer->bytesused - 1] = 0xd9;
  }
}

int main(int count, char **words) {
  if (count < 4) {
    fprintf(stderr, "usage: producer NODE FRAMES MS [MODE]\n");
    return 2;
  }
  int frames = atoi(words[2]), milliseconds = atoi(words[3]), type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  if (count > 4) mode = words[4];
  node = open(words[1], O_RDWR);
  if (node < 0) {
    perror(words[1]);
    return 1;
  }
  set_format();
  if (is("idle")) {
    puts("idle");
    fflush(stdout);
    pause();
  }
  struct v4l2_requestbuffers request = {.count = 4, .type = type, .memory = V4L2_MEMORY_MMAP};
  call("VIDIOC_REQBUFS", VIDIOC_REQBUFS, &request);
  unsigned char *bytes[MOST];
  if (request.count > MOST) request.count = MOST;
  for (unsigned index = 0; index < request.count; index++) {
    struct v4l2_buffer buffer = blank(index);
    call("VIDIOC_QUERYBUF", VIDIOC_QUERYBUF, &buffer);
    bytes[index] = mmap(NULL, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, node, buffer.m.offset);
    if (buffer.length < SIZE || bytes[index] == MAP_FAILED) {
      perror("mmap");
      return 1;
    }
  }
  call("VIDIOC_STREAMON", VIDIOC_STREAMON, &type);
  for (int number = 0; number < frames; number++) {
    struct v4l2_buffer buffer = blank(number % request.count);
    memset(bytes[buffer.index], number & 255, SIZE);
    buffer.bytesused = SIZE;
    buffer.sequence = 1000 + 2 * number;
    disturb(&buffer, bytes[buffer.index], number);
    call("VIDIOC_QBUF", VIDIOC_QBUF, &buffer);
    usleep(milliseconds * 1000);
  }
  return 0;
}
