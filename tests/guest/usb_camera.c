// A USB camera in software: speaks USB/IP to the kernel's vhci-hcd over a socket pair, so that the real uvcvideo driver binds to it.
// No USB hardware, no network, no gadget driver. Wants root, and the modules vhci-hcd and uvcvideo.
//
//   usb_camera [--bulk] [--payload BYTES] [--no-dht] [--port N] [--count N] [--fault KIND@FRAME]...
//
// Three sizes, each as YUYV and MJPG, isochronous (default) or bulk. The frame's number is in it: bytes 0-3 of YUYV, a comment
// marker (FF FE 00 06, then 4 bytes) behind SOI in MJPG. Runs until it is killed, which is the unplug; --count N unplugs after N frames.
// KIND: err (error bit in a payload header), short (half a frame, properly ended), xact (iso packets fail with EXDEV),
//   lost (the end of the frame never comes: no EOF, next frame toggles FID), hang (no more data, control still works),
//   unplug (in the middle of that frame). FRAME counts from 0, over all streams.
//   commit, alt (no frame): the COMMIT control, the choice of the alternate setting is stalled: STREAMON fails (EIO, EPIPE).
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <arpa/inet.h>
#include "usb_controls.h"

enum { SUBMIT = 1, UNLINK = 2, RET_SUBMIT = 3, RET_UNLINK = 4 };
enum { EP_VIDEO = 1, ISO_SIZE = 3072 };

struct pdu { // all big-endian
    uint32_t command, seqnum, devid, direction, ep;
    uint32_t flags, length, start_frame, packets, interval;
    uint8_t setup[8];
};
struct iso { uint32_t offset, length, actual, status; };

static const struct { uint16_t w, h; uint32_t interval; } sizes[] = { // interval in 100 ns
    { 640, 480, 333333 }, { 320, 240, 333333 }, { 1280, 720, 1000000 },
};
enum { SIZES = sizeof sizes / sizeof *sizes };

static int sock, bulk, no_dht, port;
static long count = -1;
static unsigned payload_size = 0;
static struct { char kind[8]; long frame; } faults[16];
static int n_faults;

static int fault(const char *kind, long frame) {
    for (int i = 0; i < n_faults; i++)
        if (!strcmp(faults[i].kind, kind) && (faults[i].frame == frame || frame < 0)) return 1;
    return 0;
}

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static void unplug(const char *why) {
    fprintf(stderr, "usb_camera: unplugged: %s\n", why);
    shutdown(sock, SHUT_RDWR);
    exit(0);
}

static void put(const void *data, size_t n) {
    for (const char *p = data; n;) {
        ssize_t k = write(sock, p, n);
        if (k <= 0) unplug(strerror(errno));
        p += k, n -= k;
    }
}
static void get(void *data, size_t n) {
    for (char *p = data; n;) {
        ssize_t k = read(sock, p, n);
        if (k <= 0) unplug("the host hung up");
        p += k, n -= k;
    }
}

// ---- descriptors ----
static uint8_t config[1024];
static int config_len;
static void b(int v) { config[config_len++] = v; }
static void w(int v) { b(v & 255), b(v >> 8 & 255); }
static void d(uint32_t v) { w(v & 0xffff), w(v >> 16); }
static void bytes(const char *s, int n) { memcpy(config + config_len, s, n), config_len += n; }

static void make_config(void) {
    bytes("\x09\x02\0\0\x02\x01\0\x80\xfa", 9);          // configuration, total length below
    bytes("\x08\x0b\0\x02\x0e\x03\0\0", 8);              // association of both interfaces
    bytes("\x09\x04\0\0\0\x0e\x01\0\0", 9);              // control interface, no endpoint
    bytes("\x0d\x24\x01\x10\x01\x34\0", 7), d(48000000), b(1), b(1); // header, UVC 1.1, 13 + 18 + 12 + 9 = 0x34 bytes
    bytes("\x12\x24\x02\x01\x01\x02\0\0\0\0\0\0\0\0\x03" CAMERA_BITS, 18); // camera terminal 1
    bytes("\x0c\x24\x05\x02\x01\0\0\x02" PROCESSING_BITS "\0\0", 12); // processing unit 2
    bytes("\x09\x24\x03\x03\x01\x01\0\x02\0", 9);        // output terminal 3, fed by 2
    bytes("\x09\x04\x01\0", 4), b(bulk), bytes("\x0e\x02\0\0", 4); // streaming interface, alternate setting 0
    int start = config_len;
    bytes("\x0f\x24\x01\x02\0\0\x81\0\x03\0\0\0\x01\0\0", 15); // input header, two formats
    for (int f = 0; f < 2; f++) {
        if (f == 0) {
            b(27), b(0x24), b(4), b(1), b(SIZES);
            bytes("YUY2\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 16), b(16), b(1), d(0);
        } else {
            b(11), b(0x24), b(6), b(2), b(SIZES), b(1), b(1), d(0);
        }
        for (int i = 0; i < SIZES; i++) {
            uint32_t size = sizes[i].w * sizes[i].h * 2;
            b(30), b(0x24), b(f ? 7 : 5), b(i + 1), b(0), w(sizes[i].w), w(sizes[i].h);
            d(size * 8), d(size * 8 * 30), d(size), d(sizes[i].interval), b(1), d(sizes[i].interval);
        }
        bytes("\x06\x24\x0d\x01\x01\x04", 6); // colours
    }
    config[start + 4] = (config_len - start) & 255, config[start + 5] = (config_len - start) >> 8;
    if (bulk) {
        bytes("\x07\x05\x81\x02\0\x02\0", 7);
    } else {
        bytes("\x09\x04\x01\x01\x01\x0e\x02\0\0", 9); // alternate setting 1
        bytes("\x07\x05\x81\x05\0\x14\x01", 7);       // 3 x 1024 bytes every microframe
    }
    config[2] = config_len & 255, config[3] = config_len >> 8;
}
static const uint8_t device[18] = "\x12\x01\0\x02\xef\x02\x01\x40\x6b\x1d\x02\x01\0\x01\x01\x02\x03\x01";

// ---- what is streamed ----
static uint8_t probe[34], committed[34];
static uint32_t le32(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }
static void set32(uint8_t *p, uint32_t v) { p[0] = v, p[1] = v >> 8, p[2] = v >> 16, p[3] = v >> 24; }

static void negotiate(uint8_t *p) {
    if (p[2] < 1 || p[2] > 2) p[2] = 1;
    if (p[3] < 1 || p[3] > SIZES) p[3] = 1;
    int i = p[3] - 1;
    set32(p + 4, sizes[i].interval);
    set32(p + 18, sizes[i].w * sizes[i].h * 2);
    set32(p + 22, payload_size ? payload_size : bulk ? 16384 : ISO_SIZE);
    set32(p + 26, 48000000);
    p[30] = 3, p[31] = p[32] = p[33] = 0;
}

static uint8_t frame[1280 * 720 * 2];
static uint32_t frame_len, frame_at, number;
static int in_frame, streaming, fid, hung;
static uint64_t frame_due, urb_due;

// MJPG with nothing but the DC of each block: 12 categories of 4 bits, and an end-of-block of 1 bit.
static uint64_t bits;
static int n_bits;
static void emit(uint32_t v, int n) {
    for (bits = bits << n | v, n_bits += n; n_bits >= 8; n_bits -= 8) {
        frame[frame_len++] = bits >> (n_bits - 8);
        if (frame[frame_len - 1] == 0xff) frame[frame_len++] = 0;
    }
}
static void block(int value, int *last) {
    int diff = value - *last, size = 0;
    *last = value;
    for (int a = abs(diff); a; a >>= 1) size++;
    emit(size, 4);
    if (size) emit(diff < 0 ? diff + (1 << size) - 1 : diff, size);
    emit(0, 1);
}
static void raw(const char *s, int n) { memcpy(frame + frame_len, s, n), frame_len += n; }

static void make_frame(void) {
    int i = committed[3] - 1, W = sizes[i].w, H = sizes[i].h;
    if (committed[2] == 1) {
        frame_len = W * H * 2;
        for (int y = 0; y < H; y++) {
            uint8_t *line = frame + y * W * 2;
            if (y) { memcpy(line, frame, W * 2); continue; }
            for (int x = 0; x < W * 2; x += 4) {
                int bar = (x / 2 + number * 8) / 80 % 8;
                line[x] = line[x + 2] = 255 - bar * 32, line[x + 1] = bar * 36, line[x + 3] = 255 - bar * 36;
            }
        }
        set32(frame, number);
        return;
    }
    frame_len = 0, bits = n_bits = 0;
    raw("\xff\xd8\xff\xfe\0\x06", 6), set32(frame + frame_len, number), frame_len += 4;
    raw("\xff\xdb\0\x43\0", 5), memset(frame + frame_len, 8, 64), frame_len += 64;
    raw("\xff\xc0\0\x11\x08", 5), raw((char[]) { H >> 8, H, W >> 8, W }, 4), raw("\3\1\x21\0\2\x11\0\3\x11\0", 10);
    if (!no_dht) {
        raw("\xff\xc4\0\x1f\0\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b", 33);
        raw("\xff\xc4\0\x14\x10\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    }
    raw("\xff\xda\0\x0c\3\1\0\2\0\3\0\0\x3f\0", 14);
    int ly = 0, lb = 0, lr = 0;
    for (int y = 0; y < H; y += 8)
        for (int x = 0; x < W; x += 16) {
            int bar = (x + number * 8) / 80 % 8;
            block(127 - bar * 32, &ly), block(127 - bar * 32, &ly), block(bar * 32 - 112, &lb), block(112 - bar * 32, &lr);
        }
    if (n_bits) emit(0x7f >> (n_bits - 1), 8 - n_bits);
    raw("\xff\xd9", 2);
}

// Writes one payload of at most max bytes, header included; returns its size, 0 when no frame is due.
static int payload(uint8_t *p, int max) {
    if (hung) return 0;
    if (!in_frame) {
        if (now_us() < frame_due) return 0;
        if (count >= 0 && number >= count) unplug("all frames sent");
        if (fault("hang", number)) { hung = 1, number++; return 0; }
        frame_due += sizes[committed[3] - 1].interval / 10;
        if (frame_due < now_us()) frame_due = now_us();
        make_frame();
        if (fault("short", number)) frame_len /= 2;
        frame_at = 0, in_frame = 1;
    }
    int n = frame_len - frame_at;
    if (n > max - 12) n = max - 12;
    p[0] = 12, p[1] = 0x8c | fid;
    set32(p + 2, frame_due * 48), set32(p + 6, now_us() * 48), p[10] = now_us() / 1000, p[11] = now_us() / 1000 >> 8;
    memcpy(p + 12, frame + frame_at, n);
    int before_half = frame_at < frame_len / 2;
    frame_at += n;
    if (before_half && frame_at >= frame_len / 2) {
        if (fault("unplug", number)) unplug("in the middle of a frame");
        if (fault("err", number)) p[1] |= 0x40;
    }
    int lost = fault("lost", number) && frame_at >= frame_len / 2;
    if (frame_at == frame_len || lost) {
        if (!lost) p[1] |= 2; // end of frame
        in_frame = 0, fid ^= 1, number++;
    }
    return n + 12;
}

// ---- pending video URBs, oldest first ----
static struct urb { struct pdu pdu; struct iso iso[128]; } pending[64];
static int n_pending;

static void answer(const struct pdu *to, int status, uint32_t actual, const void *data) {
    struct pdu r = {.command = htonl(RET_SUBMIT), .seqnum = to->seqnum};
    r.flags = htonl(status), r.length = htonl(actual), r.packets = to->packets;
    put(&r, sizeof r);
    if (data && actual) put(data, actual);
}

static void serve_video(void) {
    static uint8_t buffer[128 * ISO_SIZE + 65536];
    while (n_pending && now_us() >= urb_due) {
        struct urb *u = pending;
        uint32_t packets = ntohl(u->pdu.packets), total = 0, errors = 0;
        if (bulk) {
            uint32_t room = ntohl(u->pdu.length), size = le32(committed + 22);
            // One payload per URB keeps it simple: uvcvideo's URB is exactly one payload long.
            total = payload(buffer, room < size ? room : size);
            if (!total) return;
            answer(&u->pdu, 0, total, buffer);
        } else {
            for (uint32_t i = 0; i < packets; i++) {
                uint32_t of = number; // the payload may be the last of its frame
                uint32_t room = ntohl(u->iso[i].length), n = streaming ? payload(buffer + total, room < ISO_SIZE ? room : ISO_SIZE) : 0;
                int broken = n && fault("xact", of) && i % 4 == 1;
                u->iso[i].actual = htonl(broken ? 0 : n), u->iso[i].status = htonl(broken ? -EXDEV : 0);
                errors += broken, total += broken ? 0 : n;
            }
            struct pdu r = {.command = htonl(RET_SUBMIT), .seqnum = u->pdu.seqnum};
            r.length = htonl(total), r.packets = u->pdu.packets, r.interval = htonl(errors);
            put(&r, sizeof r), put(buffer, total), put(u->iso, packets * sizeof *u->iso);
            urb_due += packets * 125; // a microframe each
            if (urb_due + 20000 < now_us()) urb_due = now_us();
        }
        memmove(pending, pending + 1, --n_pending * sizeof *pending);
    }
}

static void start(int on) {
    streaming = on, in_frame = 0, hung = 0;
    frame_due = urb_due = now_us();
    fprintf(stderr, "usb_camera: %s\n", on ? "streaming" : "idle");
}

static int control(const uint8_t *s, uint8_t *data, int length) { // data length, or -EPIPE for a stall
    int value = s[2] | s[3] << 8, index = s[4] | s[5] << 8;
    switch (s[0] << 8 | s[1]) {
    case 0x8006: // get descriptor
        if (value >> 8 == 1) { memcpy(data, device, 18); return 18; }
        if (value >> 8 == 2) { memcpy(data, config, config_len); return config_len; }
        if (value >> 8 == 3) {
            static const char *strings[] = { 0, "vidbuf", "Soft camera", "0001" };
            if (!(value & 255)) { memcpy(data, "\4\3\x09\4", 4); return 4; }
            if ((value & 255) > 3) return -EPIPE;
            int n = strlen(strings[value & 255]);
            for (int i = 0; i < n; i++) data[2 + 2 * i] = strings[value & 255][i], data[3 + 2 * i] = 0;
            data[0] = 2 + 2 * n, data[1] = 3;
            return 2 + 2 * n;
        }
        return -EPIPE;
    case 0x8000: case 0x8100: case 0x8200: data[0] = data[1] = 0; return 2; // status
    case 0x0009: case 0x0003: case 0x0001: return 0;                       // configuration, features
    case 0x0201: if (bulk) start(0); return 0;                             // uvcvideo stops a bulk stream by clearing the halt
    case 0x010b: // interface
        if (value == 1 && fault("alt", -1)) return -EPIPE;
        if (index == 1 && !bulk) start(value == 1);
        return 0;
    }
    int cs = value >> 8;
    if ((s[0] & 0x7f) != 0x21) return -EPIPE;
    if (index == 1 && (cs == 1 || cs == 2)) { // probe, commit
        uint8_t *p = cs == 1 ? probe : committed;
        switch (s[1]) {
        case 0x01:
            if (cs == 2 && fault("commit", -1)) return -EPIPE;
            memcpy(p, data, length < 34 ? length : 34), negotiate(p);
            if (cs == 2 && bulk) start(1);
            return 0;
        case 0x81: case 0x82: case 0x83: case 0x87: memcpy(data, p, 34); return 34;
        case 0x85: data[0] = 34, data[1] = 0; return 2;
        case 0x86: data[0] = 3; return 1;
        }
    }
    if ((index & 255) == 0) return unit_request(index >> 8, cs, s[1], data);
    return -EPIPE;
}

// ---- transfers that are called back before they come: with several processors the host's two queues overtake each other ----
static struct pdu early[64];
static int n_early;
static uint32_t newest; // number of a transfer that came

static void call_back(struct pdu u, int status) {
    struct pdu r = {.command = htonl(RET_UNLINK), .seqnum = u.seqnum, .flags = htonl(status)};
    put(&r, sizeof r);
}

// Whether this transfer was called back; then that alone is answered. Answered before, the host would have given the transfer back
// twice, and hung up.
static int was_called_back(const struct pdu *p) {
    newest = ntohl(p->seqnum);
    for (int i = 0; i < n_early; i++)
        if (early[i].flags == p->seqnum) { // the field where SUBMIT has its flags
            call_back(early[i], -ECONNRESET);
            early[i] = early[--n_early];
            return 1;
        }
    return 0;
}

static void serve_host(void) {
    struct pdu p;
    get(&p, sizeof p);
    if (ntohl(p.command) == UNLINK) {
        if ((int32_t)(ntohl(p.flags) - newest) > 0 && n_early < 64) {
            early[n_early++] = p;
            return;
        }
        for (int i = 0; i < n_pending; i++)
            if (pending[i].pdu.seqnum == p.flags) {
                memmove(pending + i, pending + i + 1, (--n_pending - i) * sizeof *pending);
                return call_back(p, -ECONNRESET);
            }
        return call_back(p, 0);
    }
    uint32_t length = ntohl(p.length);
    if (ntohl(p.ep) == EP_VIDEO) {
        if (n_pending == sizeof pending / sizeof *pending) unplug("more transfers than uvcvideo has");
        struct urb *u = &pending[n_pending];
        u->pdu = p;
        if (!bulk) get(u->iso, ntohl(p.packets) * sizeof *u->iso);
        n_pending += !was_called_back(&p);
        return;
    }
    uint8_t data[4096] = { 0 };
    int in = ntohl(p.direction);
    if (!in) get(data, length);
    if (was_called_back(&p)) return;
    int n = control(p.setup, data, length);
    answer(&p, n < 0 ? n : 0, n < 0 ? 0 : !in ? length : (uint32_t)n < length ? (uint32_t)n : length, in ? data : 0);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(a, "--bulk")) bulk = 1;
        else if (!strcmp(a, "--no-dht")) no_dht = 1;
        else if (!strcmp(a, "--payload")) payload_size = atoi(v), i++;
        else if (!strcmp(a, "--port")) port = atoi(v), i++;
        else if (!strcmp(a, "--count")) count = atol(v), i++;
        else if (!strcmp(a, "--fault") && n_faults < 16) {
            sscanf(v, "%7[a-z]@%ld", faults[n_faults].kind, &faults[n_faults].frame), n_faults++, i++;
        } else return fprintf(stderr, "usb_camera: what is %s?\n", a), 2;
    }
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return perror("socketpair"), 1;
    sock = pair[0];
    make_config();
    negotiate(probe), memcpy(committed, probe, sizeof probe);
    int attach = open("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY);
    char line[64];
    // port, socket, device number (any), speed (3: high)
    int n = sprintf(line, "%d %d %d 3", port, pair[1], 0x10002);
    if (attach < 0 || write(attach, line, n) != n) return perror("usb_camera: vhci_hcd.0/attach"), 1;
    close(attach), close(pair[1]);
    for (;;) {
        struct pollfd f = { sock, POLLIN, 0 };
        int wait = -1;
        if (n_pending && streaming) {
            uint64_t due = bulk && !in_frame ? frame_due : urb_due, now = now_us();
            wait = hung && bulk ? 100 : due > now ? (due - now + 999) / 1000 : 0;
        }
        if (poll(&f, 1, wait) > 0) serve_host();
        else if (streaming) serve_video();
    }
}
