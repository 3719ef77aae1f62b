// What a program can do with the descriptors, signals, threads and processes around a camera: /dev/video0 captures, at 120 frames a
// second. Each case runs in a process of its own and prints a line. Built statically: nothing of it can be replaced by preloading.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(holds)                                                                                                  \
    do {                                                                                                              \
        if (!(holds)) {                                                                                               \
            printf("    line %d: %s (errno %d)\n", __LINE__, #holds, errno);                                          \
            fflush(stdout);                                                                                           \
            _exit(1);                                                                                                 \
        }                                                                                                             \
    } while (0)

enum { CAPTURE = V4L2_BUF_TYPE_VIDEO_CAPTURE, MMAP = V4L2_MEMORY_MMAP, BUFFERS = 4 };
static unsigned char *planes[BUFFERS];
static unsigned length;

static int camera(int flags) {
    int fd = open("/dev/video0", O_RDWR | flags);
    CHECK(fd >= 0);
    return fd;
}

static int answers(int fd) {
    struct v4l2_capability capability;
    return ioctl(fd, VIDIOC_QUERYCAP, &capability) == 0;
}

static int request(int fd, unsigned count) {
    struct v4l2_requestbuffers request = {.count = count, .type = CAPTURE, .memory = MMAP};
    return ioctl(fd, VIDIOC_REQBUFS, &request) ? -errno : (int)request.count;
}

static int queue(int fd, unsigned index) {
    struct v4l2_buffer buffer = {.index = index, .type = CAPTURE, .memory = MMAP};
    return ioctl(fd, VIDIOC_QBUF, &buffer);
}

static void start(int fd) {
    CHECK(request(fd, BUFFERS) == BUFFERS);
    for (unsigned index = 0; index < BUFFERS; index++) {
        struct v4l2_buffer buffer = {.index = index, .type = CAPTURE, .memory = MMAP};
        CHECK(!ioctl(fd, VIDIOC_QUERYBUF, &buffer));
        length = buffer.length;
        planes[index] = mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, buffer.m.offset);
        CHECK(planes[index] != MAP_FAILED);
        CHECK(!queue(fd, index));
    }
    int type = CAPTURE;
    CHECK(!ioctl(fd, VIDIOC_STREAMON, &type));
}

// A frame, handed back; its sequence number, or the error as a negative number.
static long frame(int fd) {
    struct v4l2_buffer buffer = {.type = CAPTURE, .memory = MMAP};
    if (ioctl(fd, VIDIOC_DQBUF, &buffer)) return -errno;
    CHECK(buffer.index < BUFFERS && !queue(fd, buffer.index));
    return buffer.sequence;
}

static void frames(int fd, int count) {
    long last = -1;
    while (count--) {
        long sequence = frame(fd);
        CHECK(sequence > last);
        last = sequence;
    }
}

static void ended(pid_t child, int status) {
    int got;
    CHECK(waitpid(child, &got, 0) == child && got == status);
}

static void send_descriptor(int over, int fd) {
    char room[CMSG_SPACE(sizeof fd)] = {0}, byte = 'x';
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof fd)};
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    CHECK(sendmsg(over, &message, 0) == 1);
}

static int receive_descriptor(int over) {
    char room[CMSG_SPACE(sizeof(int))], byte;
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    int fd = -1;
    CHECK(recvmsg(over, &message, 0) == 1 && CMSG_FIRSTHDR(&message));
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

static void duplicates(void) {
    int fd = camera(0), copy = dup(fd), high = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    CHECK(dup2(999999, copy) == -1 && errno == EBADF && answers(copy));
    start(fd);
    CHECK(!close(fd) && !close(copy));
    frames(high, 10);
    CHECK(!close(high));
    // The last descriptor is closed, but mappings keep the file, as they do in a kernel.
    int other = camera(0);
    CHECK(request(other, 1) == -EBUSY);
    for (int index = 0; index < BUFFERS; index++) CHECK(!munmap(planes[index], length));
    CHECK(request(other, 1) > 0);
}

static void fork_shares_the_stream(void) {
    int fd = camera(0);
    start(fd);
    frames(fd, 3);
    pid_t child = fork();
    if (!child) {
        frames(fd, 10);
        _exit(0);
    }
    ended(child, 0);
    frames(fd, 10);
}

static void exec_keeps_the_descriptor(char *self) {
    int fd = camera(0), closed = camera(O_CLOEXEC);
    pid_t child = fork();
    if (!child) {
        char open_number[12], closed_number[12];
        snprintf(open_number, sizeof open_number, "%d", fd);
        snprintf(closed_number, sizeof closed_number, "%d", closed);
        execl(self, self, "--exec", open_number, closed_number, (char *)0);
        _exit(9);
    }
    ended(child, 0);
}

static void passed_on_and_closed(void) {
    int pair[2], fd = camera(0), other = camera(0);
    CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    start(fd);
    for (int index = 0; index < BUFFERS; index++) munmap(planes[index], length);
    send_descriptor(pair[0], fd);
    CHECK(!close(fd));
    // Nobody has it but the message.
    CHECK(request(other, 1) == -EBUSY);
    int got = receive_descriptor(pair[1]);
    frames(got, 5);
    CHECK(!close(got));
    CHECK(request(other, 1) > 0);
}

static void closefrom_closes_it(void) {
    int fd = camera(0);
    CHECK(!syscall(SYS_close_range, 3, ~0U, 0));
    int now = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(now == fd && !answers(now) && errno == ENOTTY);
}

static void epoll_level_edge_nested(void) {
    int fd = camera(O_NONBLOCK), copy = dup(fd), level = epoll_create1(0), edge = epoll_create1(0), outer = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {0}}, edges = {EPOLLIN | EPOLLET, {0}}, got;
    CHECK(!epoll_ctl(level, EPOLL_CTL_ADD, fd, &event) && !epoll_ctl(edge, EPOLL_CTL_ADD, copy, &edges));
    CHECK(!epoll_ctl(outer, EPOLL_CTL_ADD, level, &event));
    // A kernel reports an error before anything streams.
    CHECK(epoll_wait(edge, &got, 1, 100) == 1);
    start(fd);
    epoll_wait(edge, &got, 1, 0);
    for (int count = 0; count < 10; count++) {
        CHECK(epoll_wait(outer, &got, 1, 1000) == 1);
        CHECK(epoll_wait(level, &got, 1, 0) == 1 && got.events == EPOLLIN);
        CHECK(epoll_wait(edge, &got, 1, 1000) == 1 && got.events == EPOLLIN);
        CHECK(epoll_wait(edge, &got, 1, 0) == 0);
        while (frame(fd) >= 0) {}
        CHECK(errno == EAGAIN && epoll_wait(level, &got, 1, 0) == 0);
    }
}

static void edges_are_as_many_as_frames(void) {
    int fd = camera(0), edge = epoll_create1(0), seen = 0;
    struct epoll_event event = {EPOLLIN | EPOLLET, {0}}, got;
    start(fd);
    CHECK(!epoll_ctl(edge, EPOLL_CTL_ADD, fd, &event));
    // Nothing is dequeued: so many frames as there are buffers.
    while (epoll_wait(edge, &got, 1, 200) == 1) seen++;
    CHECK(seen >= 2 && seen <= BUFFERS);
}

static void select_beyond_1024(void) {
    struct rlimit limit = {3000, 3000};
    setrlimit(RLIMIT_NOFILE, &limit);
    int fd = dup2(camera(0), 2000);
    CHECK(fd == 2000);
    start(fd);
    for (int count = 0; count < 5; count++) {
        unsigned long set[64] = {0};
        set[2000 / 64] = 1UL << (2000 % 64);
        CHECK(syscall(SYS_select, 2001, set, 0, 0, 0) == 1 && set[2000 / 64]);
        CHECK(frame(fd) >= 0);
    }
}

static void poll_reports_what_a_kernel_does(void) {
    int fd = camera(O_NONBLOCK);
    CHECK(request(fd, BUFFERS) == BUFFERS);
    struct pollfd poll_fd = {fd, POLLIN | POLLOUT | POLLPRI, 0};
    CHECK(poll(&poll_fd, 1, 0) == 1 && poll_fd.revents == POLLERR);
    start(fd);
    CHECK(poll(&poll_fd, 1, 0) >= 0 && !(poll_fd.revents & ~POLLIN));
    CHECK(poll(&poll_fd, 1, 1000) == 1 && poll_fd.revents == POLLIN);
    struct v4l2_event_subscription wish = {.type = V4L2_EVENT_CTRL, .id = V4L2_CID_BRIGHTNESS};
    CHECK(!ioctl(fd, VIDIOC_SUBSCRIBE_EVENT, &wish));
    int other = camera(0);
    struct v4l2_control control = {V4L2_CID_BRIGHTNESS, 33};
    CHECK(!ioctl(other, VIDIOC_S_CTRL, &control));
    CHECK(poll(&poll_fd, 1, 1000) == 1 && poll_fd.revents & POLLPRI);
    struct v4l2_event event;
    CHECK(!ioctl(fd, VIDIOC_DQEVENT, &event) && event.type == V4L2_EVENT_CTRL);
    poll_fd.events = POLLPRI;
    CHECK(poll(&poll_fd, 1, 0) == 0);
    int type = CAPTURE;
    CHECK(!ioctl(fd, VIDIOC_STREAMOFF, &type));
    poll_fd.events = POLLIN;
    CHECK(poll(&poll_fd, 1, 0) == 1 && poll_fd.revents == POLLERR);
}

static volatile sig_atomic_t ticks;
static void tick(int signal) {
    (void)signal;
    ticks++;
}

static void every(int microseconds, int flags) {
    struct sigaction action = {.sa_handler = tick, .sa_flags = flags};
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    CHECK(!sigaction(SIGALRM, &action, 0) && !setitimer(ITIMER_REAL, &timer, 0));
}

static void signals_end_a_sleep(void) {
    int fd = camera(0);
    CHECK(request(fd, BUFFERS) == BUFFERS);
    int type = CAPTURE;
    CHECK(!queue(fd, 0) && !ioctl(fd, VIDIOC_STREAMON, &type));
    struct v4l2_buffer buffer = {.type = CAPTURE, .memory = MMAP};
    CHECK(!ioctl(fd, VIDIOC_DQBUF, &buffer));
    every(20000, 0);
    CHECK(ioctl(fd, VIDIOC_DQBUF, &buffer) == -1 && errno == EINTR && ticks >= 1);
    CHECK(ioctl(fd, VIDIOC_DQBUF, &buffer) == -1 && errno == EINTR && ticks >= 2);
}

static void no_frame_is_lost_to_signals(void) {
    int fd = camera(0);
    start(fd);
    every(1000, SA_RESTART);
    unsigned char owned[BUFFERS] = {0};
    for (int count = 0; count < 200; count++) {
        struct v4l2_buffer buffer = {.type = CAPTURE, .memory = MMAP};
        CHECK(!ioctl(fd, VIDIOC_DQBUF, &buffer));
        // A frame that was given to nobody would be missing from here on, one that was given twice would be refused.
        CHECK(buffer.index < BUFFERS && !owned[buffer.index]++);
        CHECK(!queue(fd, buffer.index));
        owned[buffer.index]--;
    }
    CHECK(ticks > 100);
    // All buffers are with the driver still.
    struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, 0);
    usleep(200000);
    for (int count = 0; count < BUFFERS; count++) {
        struct v4l2_buffer buffer = {.type = CAPTURE, .memory = MMAP};
        CHECK(!ioctl(fd, VIDIOC_DQBUF, &buffer) && !owned[buffer.index]++);
    }
}

static void mappings_are_made_under_signals(void) {
    int fd = camera(0);
    CHECK(request(fd, 1) > 0);
    struct v4l2_buffer buffer = {.index = 0, .type = CAPTURE, .memory = MMAP};
    CHECK(!ioctl(fd, VIDIOC_QUERYBUF, &buffer));
    unsigned char *first = mmap(0, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, buffer.m.offset);
    CHECK(first != MAP_FAILED);
    every(500, SA_RESTART);
    for (int count = 0; count < 2000; count++) {
        unsigned char *more = mmap(0, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, buffer.m.offset);
        CHECK(more != MAP_FAILED);
        first[count] = (unsigned char)count;
        CHECK(more[count] == (unsigned char)count && !munmap(more, buffer.length));
    }
    CHECK(ticks > 10 && open("/dev/null", O_RDONLY) == fd + 1);
}

static int shared;
static void *dequeues(void *nothing) {
    frame(shared);
    return nothing;
}

static void cancelled_threads(void) {
    shared = camera(0);
    CHECK(request(shared, BUFFERS) == BUFFERS);
    int type = CAPTURE;
    CHECK(!ioctl(shared, VIDIOC_STREAMON, &type));
    for (int count = 0; count < 20; count++) {
        pthread_t thread;
        void *result;
        CHECK(!pthread_create(&thread, 0, dequeues, 0));
        usleep(5000);
        // ioctl is no point of cancellation in every C library: a signal ends the sleep.
        CHECK(!pthread_cancel(thread));
        CHECK(!queue(shared, 0));
        CHECK(!pthread_join(thread, &result));
        int off = CAPTURE;
        CHECK(!ioctl(shared, VIDIOC_STREAMOFF, &off) && !ioctl(shared, VIDIOC_STREAMON, &off));
    }
}

static void *maps(void *nothing) {
    for (int count = 0; count < 500; count++) {
        struct v4l2_buffer buffer = {.index = (unsigned)count % BUFFERS, .type = CAPTURE, .memory = MMAP};
        CHECK(!ioctl(shared, VIDIOC_QUERYBUF, &buffer));
        void *more = mmap(0, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, shared, buffer.m.offset);
        CHECK(more != MAP_FAILED && !munmap(more, buffer.length));
    }
    return nothing;
}

static void threads_map_while_frames_come(void) {
    shared = camera(0);
    start(shared);
    pthread_t threads[2];
    for (int count = 0; count < 2; count++) CHECK(!pthread_create(&threads[count], 0, maps, 0));
    frames(shared, 40);
    for (int count = 0; count < 2; count++) CHECK(!pthread_join(threads[count], 0));
}

static void two_processes(void) {
    int fd = camera(0);
    start(fd);
    pid_t child = fork();
    if (!child) {
        close(fd);
        int own = camera(0);
        CHECK(request(own, 1) == -EBUSY);
        __u32 priority = V4L2_PRIORITY_RECORD;
        CHECK(!ioctl(own, VIDIOC_S_PRIORITY, &priority));
        struct v4l2_control control = {V4L2_CID_BRIGHTNESS, 77};
        CHECK(!ioctl(own, VIDIOC_S_CTRL, &control));
        raise(SIGKILL);
    }
    ended(child, SIGKILL);
    // Its priority is gone with it; what it set is not.
    struct v4l2_control control = {V4L2_CID_BRIGHTNESS, 0};
    CHECK(!ioctl(fd, VIDIOC_G_CTRL, &control) && control.value == 77);
    CHECK(!ioctl(fd, VIDIOC_S_CTRL, &control));
    frames(fd, 5);
}

static void killed_in_a_call(void) {
    for (int count = 0; count < 10; count++) {
        pid_t child = fork();
        if (!child) {
            int fd = camera(0);
            start(fd);
            for (;;) frame(fd);
        }
        usleep(30000 + 1777 * (unsigned)count);
        CHECK(!kill(child, SIGKILL));
        ended(child, SIGKILL);
        int fd = camera(0);
        CHECK(request(fd, 1) > 0 && !close(fd));
    }
}

static void bad_pointers(void) {
    int fd = camera(0);
    CHECK(ioctl(fd, VIDIOC_QUERYCAP, 8) == -1 && errno == EFAULT);
    CHECK(ioctl(fd, VIDIOC_DQBUF, 0) == -1 && errno == EFAULT);
    CHECK(open((char *)8, O_RDWR) == -1 && errno == EFAULT);
    char *end = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(!munmap(end + 4096, 4096));
    char *name = strcpy(end + 4096 - sizeof "/dev/video0", "/dev/video0");
    int second = open(name, O_RDWR);
    CHECK(second >= 0 && answers(second));
    char *unwritable = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(ioctl(fd, VIDIOC_QUERYCAP, unwritable) == -1 && errno == EFAULT);
    CHECK(ioctl(fd, 0x5600, 0) == -1 && errno == ENOTTY);
    CHECK(ioctl(fd, VIDIOC_QUERYBUF, &(struct v4l2_buffer){.index = ~0U, .type = CAPTURE}) == -1 && errno == EINVAL);
    CHECK(answers(fd));
}

static void opened_a_thousand_times(void) {
    int count = 0, first = -1, fd;
    while ((fd = open("/dev/video0", O_RDWR | O_NONBLOCK)) >= 0) {
        if (first < 0) first = fd;
        count++;
    }
    CHECK((errno == EMFILE || errno == ENFILE) && count > 100);
    while (count--) CHECK(!close(first + count));
    for (count = 0; count < 1000; count++) CHECK((fd = camera(0)) >= 0 && !close(fd));
}

static void mappings_outlive_buffers(void) {
    int fd = camera(0);
    start(fd);
    CHECK(frame(fd) >= 0);
    struct v4l2_buffer buffer = {.index = 1, .type = CAPTURE, .memory = MMAP};
    CHECK(!ioctl(fd, VIDIOC_QUERYBUF, &buffer) && buffer.flags & V4L2_BUF_FLAG_MAPPED);
    CHECK(!munmap(planes[1], length) && !ioctl(fd, VIDIOC_QUERYBUF, &buffer) && !(buffer.flags & V4L2_BUF_FLAG_MAPPED));
    int type = CAPTURE;
    CHECK(!ioctl(fd, VIDIOC_STREAMOFF, &type) && request(fd, 0) == 0);
    planes[0][7] = 7;
    CHECK(planes[0][7] == 7 && request(fd, 2) == 2);
}

static void exported_memory_is_the_buffers(void) {
    int fd = camera(0);
    start(fd);
    struct v4l2_exportbuffer wish = {.type = CAPTURE, .index = 2, .flags = O_RDWR | O_CLOEXEC};
    CHECK(!ioctl(fd, VIDIOC_EXPBUF, &wish));
    unsigned char *here = mmap(0, length, PROT_READ | PROT_WRITE, MAP_SHARED, wish.fd, 0);
    CHECK(here != MAP_FAILED && fcntl(wish.fd, F_GETFD) == FD_CLOEXEC && lseek(wish.fd, 0, SEEK_END) >= (off_t)length);
    planes[2][5] = 1;
    here[5] = 200;
    CHECK(planes[2][5] == 200);
    __u64 sync = 1;
    CHECK(!ioctl(wish.fd, _IOW('b', 0, __u64), &sync));
    sync = 1 << 9;
    CHECK(ioctl(wish.fd, _IOW('b', 0, __u64), &sync) == -1 && errno == EINVAL);
}

static void names_of_all_kinds(void) {
    int fd = camera(0), directory = open("/dev", O_RDONLY | O_DIRECTORY);
    char name[64], text[64] = {0};
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    CHECK(readlink(name, text, sizeof text - 1) == 11 && !strcmp(text, "/dev/video0"));
    CHECK(answers(open(name, O_RDWR)) && answers(openat(directory, "video0", O_RDWR)));
    CHECK(answers(open("/dev/../dev//./video0", O_RDWR)) && openat(directory, "null", O_WRONLY) >= 0);
    snprintf(name, sizeof name, "/tmp/vidbuf-link-%d", getpid());
    CHECK(!symlink("/dev/video0", name));
    int linked = open(name, O_RDWR), refused = open(name, O_RDWR | O_NOFOLLOW), error = errno;
    CHECK(!unlink(name) && answers(linked) && refused == -1 && error == ELOOP);
    CHECK(!chdir("/dev") && answers(open("video0", O_RDWR)) && open("/dev/video17", O_RDWR) == -1);
    CHECK(open("/dev/video0", O_RDWR | O_CREAT | O_EXCL, 0600) == -1 && errno == EEXIST);
}

static void read_reads_frames(void) {
    int fd = camera(0);
    struct v4l2_format format = {.type = CAPTURE};
    CHECK(!ioctl(fd, VIDIOC_G_FMT, &format));
    unsigned size = format.fmt.pix.sizeimage;
    unsigned char *bytes = malloc(size);
    for (int count = 0; count < 3; count++) CHECK(read(fd, bytes, size) == (ssize_t)size && bytes[0]);
    struct iovec part = {bytes, size};
    CHECK(readv(fd, &part, 1) == (ssize_t)size && write(fd, bytes, 1) == -1 && errno == EINVAL);
    CHECK(lseek(fd, 0, SEEK_SET) == -1 && errno == ESPIPE);
}

#define CASE(name) {#name, (void (*)(char *))name}
static const struct {
    const char *name;
    void (*run)(char *);
} cases[] = {
    CASE(duplicates), CASE(fork_shares_the_stream), CASE(exec_keeps_the_descriptor), CASE(passed_on_and_closed),
    CASE(closefrom_closes_it), CASE(epoll_level_edge_nested), CASE(edges_are_as_many_as_frames), CASE(select_beyond_1024),
    CASE(poll_reports_what_a_kernel_does), CASE(signals_end_a_sleep), CASE(no_frame_is_lost_to_signals),
    CASE(mappings_are_made_under_signals), CASE(cancelled_threads), CASE(threads_map_while_frames_come), CASE(two_processes),
    CASE(killed_in_a_call), CASE(bad_pointers), CASE(opened_a_thousand_times), CASE(mappings_outlive_buffers),
    CASE(exported_memory_is_the_buffers), CASE(names_of_all_kinds), CASE(read_reads_frames),
};

int main(int count, char **words) {
    if (count == 4 && !strcmp(words[1], "--exec")) {
        int closed = atoi(words[3]);
        return answers(atoi(words[2])) && fcntl(closed, F_GETFD) == -1 ? 0 : 1;
    }
    int passed = 0, failed = 0;
    for (size_t place = 0; place < sizeof cases / sizeof *cases; place++) {
        if (count > 1 && strcmp(words[1], cases[place].name)) continue;
        fflush(stdout);
        pid_t child = fork();
        if (!child) {
            alarm(30);
            cases[place].run(words[0]);
            fflush(stdout);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        printf("%s %s%s\n", status ? "FAILED " : "ok     ", cases[place].name, WIFSIGNALED(status) ? " (killed)" : "");
        if (status) failed++;
        else passed++;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
