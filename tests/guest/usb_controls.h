// Controls of the USB camera in software: those of a usual webcam, which is what the simulator's profile WEBCAM has. While a mode is
// automatic, what it sets cannot be set: the request is stalled, and the reason is "wrong state", as cameras have it.
#include <stdint.h>
#include <errno.h>

enum { SET_CUR = 0x01, GET_CUR = 0x81, GET_MIN, GET_MAX, GET_RES, GET_LEN, GET_INFO, GET_DEF };
enum { CAMERA = 1, PROCESSING = 2 }; // units
enum { WRONG_STATE = 2, NOT_A_CONTROL = 6, NOT_A_REQUEST = 7 };

static struct control {
    int unit, selector, size, min, max, step, at_first;
    int mode; // which other one has to be manual, from 1; 0: none
    int manual, now;
} controls[] = {
    { CAMERA, 2, 1, 0, 0, 9, 8, 0, 0, 8 },                   // exposure: 1 is by hand, 8 by aperture priority; 9 is which there are
    { CAMERA, 3, 1, 0, 1, 1, 0, 0, 0, 0 },                   // whether exposure changes the rate
    { CAMERA, 4, 4, 1, 10000, 1, 166, 1, 1, 166 },           // exposure, in 100 us
    { PROCESSING, 11, 1, 0, 1, 1, 1, 0, 0, 1 },              // white balance: 0 is by hand
    { PROCESSING, 10, 2, 2800, 6500, 10, 4000, 4, 0, 4000 }, // its temperature
    { PROCESSING, 2, 2, 0, 255, 1, 128, 0, 0, 128 },         // brightness
    { PROCESSING, 3, 2, 0, 255, 1, 32, 0, 0, 32 },           // contrast
    { PROCESSING, 7, 2, 0, 255, 1, 32, 0, 0, 32 },           // saturation
    { PROCESSING, 8, 2, 0, 255, 1, 24, 0, 0, 24 },           // sharpness
    { PROCESSING, 4, 2, 0, 255, 1, 64, 0, 0, 64 },           // gain
    { PROCESSING, 1, 2, 0, 1, 1, 0, 0, 0, 0 },               // back-light
    { PROCESSING, 5, 1, 0, 2, 1, 2, 0, 0, 2 },               // 50 or 60 Hz
};
// The same as bits of the two units' descriptors.
#define CAMERA_BITS "\x0e\0\0"
#define PROCESSING_BITS "\x5b\x17"

static int why_stalled;

static int stalled(int why) { why_stalled = why; return -EPIPE; }

// A request to a unit: the length of its answer, or -EPIPE for a stall. Unit 0 has the reason of the last one.
static int unit_request(int unit, int selector, int request, uint8_t *data) {
    if (unit == 0 && selector == 2 && request == GET_CUR) { data[0] = why_stalled; return 1; }
    struct control *c = controls, *end = controls + sizeof controls / sizeof *controls;
    while (c < end && (c->unit != unit || c->selector != selector)) c++;
    if (c == end) return stalled(NOT_A_CONTROL);
    int value;
    switch (request) {
    case SET_CUR:
        if (c->mode && controls[c->mode - 1].now != c->manual) return stalled(WRONG_STATE);
        for (c->now = 0, value = 0; value < c->size; value++) c->now |= data[value] << 8 * value;
        return 0;
    case GET_CUR: value = c->now; break;
    case GET_MIN: value = c->min; break;
    case GET_MAX: value = c->max; break;
    case GET_RES: value = c->step; break;
    case GET_DEF: value = c->at_first; break;
    case GET_LEN: data[0] = c->size, data[1] = 0; return 2;
    case GET_INFO: data[0] = 3; return 1;
    default: return stalled(NOT_A_REQUEST);
    }
    for (int i = 0; i < c->size; i++) data[i] = value >> 8 * i;
    return c->size;
}
