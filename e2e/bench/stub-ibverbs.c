// A libibverbs with one device, rxe0 with one port, on a machine without RDMA: so that what a program adds to the call
// can be measured there. The table is the file RDMAGID_STUB_TABLE, entries as the kernel gives them, an empty slot all
// zero; whoever changes the file changes the table. Events are what somebody writes to the FIFO RDMAGID_STUB_EVENTS.
// Layouts are those of infiniband/verbs.h (LP64).
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

struct entry {
  unsigned char gid[16];
  uint32_t index, port, type, ifindex;
};

// struct ibv_device
struct device {
  char before[24];
  char name[64];
  char dev_name[64];
  char after[512];
};

// struct ibv_context up to async_fd
struct context {
  struct device *device;
  char before[260];
  int async_fd;
  char after[64];
};

_Static_assert(sizeof(struct device) == 664, "struct ibv_device");
_Static_assert(__builtin_offsetof(struct context, async_fd) == 268, "struct ibv_context");

static struct device device = {.name = "rxe0", .dev_name = "uverbs0"};
static const struct entry *table;
static size_t slots;

static int map_table(void) {
  const char *path = getenv("RDMAGID_STUB_TABLE");
  struct stat file;
  if (table) return 0;
  if (!path) return ENOENT;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  if (fstat(fd, &file) != 0) return errno;
  slots = (size_t)file.st_size / sizeof(struct entry);
  void *map = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) return errno;
  table = map;
  return 0;
}

static int is_empty(const struct entry *slot) {
  static const unsigned char none[16];
  return memcmp(slot->gid, none, sizeof none) == 0;
}

struct device **ibv_get_device_list(int *count) {
  struct device **list = calloc(2, sizeof *list);
  if (!list) return NULL;
  list[0] = &device;
  if (count) *count = 1;
  return list;
}

void ibv_free_device_list(struct device **list) { free(list); }

const char *ibv_get_device_name(struct device *of) { return of->name; }

struct context *ibv_open_device(struct device *of) {
  const char *events = getenv("RDMAGID_STUB_EVENTS");
  int refused = map_table();
  if (refused) {
    errno = refused;
    return NULL;
  }
  struct context *context = calloc(1, sizeof *context);
  if (!context) return NULL;
  context->device = of;
  // Both ends, so that it is never at its end.
  context->async_fd = open(events ? events : "/dev/null", O_RDWR | O_CLOEXEC);
  if (context->async_fd < 0) {
    free(context);
    return NULL;
  }
  return context;
}

int ibv_close_device(struct context *context) {
  close(context->async_fd);
  free(context);
  return 0;
}

// struct ibv_device_attr: fw_ver, then phys_port_cnt.
int ibv_query_device(struct context *context, unsigned char *attributes) {
  (void)context;
  memset(attributes, 0, 232);
  attributes[227] = 1;
  return 0;
}

// struct _compat_ibv_port_attr: state ACTIVE, MTU 1024, the table's length, LINK_UP, Ethernet.
int ibv_query_port(struct context *context, uint8_t port, unsigned char *attributes) {
  (void)context;
  if (port != 1) return EINVAL;
  int32_t state = 4, mtu = 3, length = (int32_t)slots;
  memset(attributes, 0, 48);
  memcpy(attributes, &state, 4);
  memcpy(attributes + 8, &mtu, 4);
  memcpy(attributes + 12, &length, 4);
  attributes[45] = 5;
  attributes[46] = 2;
  return 0;
}

ssize_t _ibv_query_gid_table(struct context *context, struct entry *entries, size_t capacity, uint32_t flags, size_t size) {
  (void)context;
  if (flags != 0 || size != sizeof *entries) return -EINVAL;
  size_t count = 0;
  for (size_t slot = 0; slot < slots; slot++) {
    if (is_empty(&table[slot])) continue;
    if (count == capacity) return -EINVAL;
    entries[count++] = table[slot];
  }
  return (ssize_t)count;
}

int _ibv_query_gid_ex(struct context *context, uint32_t port, uint32_t index, struct entry *entry, uint32_t flags, size_t size) {
  (void)context;
  if (flags != 0 || size != sizeof *entry || port != 1 || index >= slots) return EINVAL;
  if (is_empty(&table[index])) return ENODATA;
  *entry = table[index];
  return 0;
}
