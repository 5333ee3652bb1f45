// The ways into a cage: listens on loopback ports of the machine, then moves into a network namespace of its own, runs the
// command there, and carries each connection to an address inside. (A socket stays in the namespace in which it was made.)
//   door <outer port>=<inner address>:<inner port> ... -- <command> [argument ...]
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 8

static struct sockaddr_in at(const char *address, int port) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
  place.sin_addr.s_addr = inet_addr(address);
  return place;
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

static void carry(int near, struct sockaddr_in target) {
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
  struct pollfd doors[MOST];
  struct sockaddr_in targets[MOST];
  int many = 0, word = 1;
  for (; word < count && strcmp(words[word], "--"); word++, many++) {
    char address[16];
    int outer, inner, on = 1;
    if (many == MOST || sscanf(words[word], "%d=%15[0-9.]:%d", &outer, address, &inner) != 3) return 2;
    struct sockaddr_in place = at("127.0.0.1", outer);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&place, sizeof place) || listen(door, 128)) return perror("door"), 1;
    doors[many] = (struct pollfd){door, POLLIN, 0};
    targets[many] = at(address, inner);
  }
  if (many == 0 || ++word >= count) return 2;
  if (unshare(CLONE_NEWNET)) return perror("network namespace"), 1;
  if (!fork()) {
    execv(words[word], words + word);
    perror(words[word]);
    _exit(127);
  }
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    if (poll(doors, many, -1) <= 0) continue;
    for (int i = 0; i < many; i++) {
      int near = doors[i].revents ? accept(doors[i].fd, 0, 0) : -1;
      if (near < 0) continue;
      if (!fork()) carry(near, targets[i]);
      close(near);
    }
  }
}
