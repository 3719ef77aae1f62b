// Preloaded into a program: a signal with a handler that does nothing, every ALARM_US microseconds, as a program with timers,
// children or a profiler has them. System calls that sleep return EINTR then (the handler is installed without SA_RESTART).
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

static void nothing(int number) { (void)number; }

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("ALARM_US");
  long us = text ? atol(text) : 0;
  struct sigaction action = {.sa_handler = nothing};
  struct itimerval timer = {{us / 1000000, us % 1000000}, {us / 1000000, us % 1000000}};
  if (us == 0) return;
  unsetenv("ALARM_US"); // not for the children
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}
