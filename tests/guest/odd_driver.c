// Preloaded into a program: makes the driver behind its ioctls behave oddly in the ways that the words in ODD name.
//
//   same-cookie      VIDIOC_QUERYBUF: each odd buffer has the mmap offset of the one before it
//   endless-formats  VIDIOC_ENUM_FMT: the index is ignored, so the list has no end
//   endless-sizes    VIDIOC_ENUM_FRAMESIZES: a range of sizes for every index
//   no-nul           VIDIOC_QUERYCAP: names that fill their fields, without a NUL and not UTF-8
//   no-rate          VIDIOC_G_PARM: a frame takes 0/0 seconds
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int (*kernel)(int, unsigned long, ...);

static int is_odd(const char *word) {
  const char *words = getenv("ODD");
  return words && strstr(words, word);
}

static void any_size(struct v4l2_frmsizeenum *size) {
  static const struct v4l2_frmsize_stepwise all = {1, 0xffffffff, 1, 1, 0xffffffff, 1};
  size->type = V4L2_FRMSIZE_TYPE_CONTINUOUS;
  size->stepwise = all;
}

static int first_format(int file, struct v4l2_fmtdesc *format) {
  unsigned index = format->index;
  format->index = 0;
  int result = kernel(file, VIDIOC_ENUM_FMT, format);
  format->index = index;
  return result;
}

static void cookie_of_the_one_before(int file, struct v4l2_buffer *buffer) {
  struct v4l2_buffer other = {.type = buffer->type, .memory = buffer->memory, .index = buffer->index - 1};
  if (buffer->index % 2 == 1 && kernel(file, VIDIOC_QUERYBUF, &other) == 0) buffer->m.offset = other.m.offset;
}

int ioctl(int file, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (!kernel) kernel = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
  request &= 0xffffffff; // some callers hand over a sign-extended int
  if (request == VIDIOC_ENUM_FRAMESIZES && is_odd("endless-sizes")) return any_size(argument), 0;
  if (request == VIDIOC_ENUM_FMT && is_odd("endless-formats")) return first_format(file, argument);
  int result = kernel(file, request, argument), error = errno;
  if (result == 0 && request == VIDIOC_QUERYBUF && is_odd("same-cookie")) cookie_of_the_one_before(file, argument);
  if (result == 0 && request == VIDIOC_QUERYCAP && is_odd("no-nul")) {
    struct v4l2_capability *capability = argument;
    memset(capability->driver, 0xff, sizeof capability->driver);
    memset(capability->card, 0xc3, sizeof capability->card);
    memset(capability->bus_info, 'b', sizeof capability->bus_info);
  }
  if (result == 0 && request == VIDIOC_G_PARM && is_odd("no-rate"))
    memset(&((struct v4l2_streamparm *)argument)->parm.capture.timeperframe, 0, sizeof(struct v4l2_fract));
  errno = error;
  return result;
}
