// The one way into the cage: listens on a loopback port of the machine, then moves into a network namespace of its own, runs
// the command there, and carries each connection to 127.0.0.1:<inner port> inside. (A socket stays in the namespace in
// which it was made.)   door <outer port> <inner port> <command> [argument ...]
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in loopback(const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static int pass(int from, int to) {
  char piece[65536];
  ssize_t got = read(from, piece, sizeof piece);
  if (got <= 0) return 0;
  for (ssize_t sent = 0; sent < got;) {
    ssize_t n = write(to, piece + sent, got - sent);
    if (n <= 0) return 0;
    sent += n;
  }
  return 1;
}

static void carry(int near, const char *port) {
  struct sockaddr_in target = loopback(port);
  int far = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(far, (struct sockaddr *)&target, sizeof target)) _exit(1);
  struct pollfd ends[2] = {{near, POLLIN, 0}, {far, POLLIN, 0}};
  while (poll(ends, 2, -1) > 0) {
    for (int i = 0; i < 2; i++) {
      if (!ends[i].revents || pass(ends[i].fd, ends[1 - i].fd)) continue;
      shutdown(ends[1 - i].fd, SHUT_WR);
      ends[i].fd = -1;
    }
    if (ends[0].fd < 0 || ends[1].fd < 0) break;
  }
  _exit(0);
}

int main(int count, char **words) {
  if (count < 4) return 2;
  struct sockaddr_in outer = loopback(words[1]);
  int on = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(door, (struct sockaddr *)&outer, sizeof outer) || listen(door, 128)) return perror("door"), 1;
  if (unshare(CLONE_NEWNET)) return perror("network namespace"), 1;
  if (!fork()) {
    execv(words[3], words + 3);
    perror(words[3]);
    _exit(127);
  }
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int near = accept(door, 0, 0);
    if (near < 0) continue;
    if (!fork()) carry(near, words[2]);
    close(near);
  }
}
