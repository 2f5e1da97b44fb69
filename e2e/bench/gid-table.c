// Reads the GID tables of a device as a program in C does: by the one call of libibverbs, and by the files of sysfs.
// It answers on standard output what it is asked on standard input, so that rounds of it and of another program can
// follow each other. Its one line says first how many entries the last reading gave, then how many nanoseconds each
// sample took for one reading.
// usage: gid-table DEVICE SLOTS SYSFS; then lines "table SAMPLES READINGS" and "walk SAMPLES", a sample of the former
// being the mean of so many readings.
// It needs no headers of rdma-core: prototypes and layouts are those of infiniband/verbs.h.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

// struct ibv_gid_entry
struct entry {
  unsigned char gid[16];
  uint32_t index, port, type, ifindex;
};

// What libibverbs's inline ibv_query_gid_table calls.
typedef ssize_t (*query_table)(void *context, struct entry *entries, size_t capacity, uint32_t flags, size_t entry_size);

static query_table query;
static void *context;
static struct entry *entries;
static size_t slots;
static const char *device, *sysfs;

static void die(const char *what) {
  fprintf(stderr, "gid-table: %s\n", what);
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found) die(dlerror());
  return found;
}

static void open_device(void) {
  void *library = dlopen("libibverbs.so.1", RTLD_NOW);
  if (!library) die(dlerror());
  void **(*get_list)(int *) = symbol(library, "ibv_get_device_list");
  const char *(*name)(void *) = symbol(library, "ibv_get_device_name");
  void *(*open)(void *) = symbol(library, "ibv_open_device");
  query = symbol(library, "_ibv_query_gid_table");
  int count = 0;
  void **list = get_list(&count);
  for (int i = 0; list && i < count && !context; i++) {
    if (strcmp(name(list[i]), device) == 0) context = open(list[i]);
  }
  if (!context) die("no such device, or it does not open");
}

static ssize_t table(void) {
  ssize_t count = query(context, entries, slots, 0, sizeof *entries);
  if (count < 0) die(strerror((int)-count));
  return count;
}

// The text of an attribute of a slot; empty where the kernel refuses it, as it does for an empty slot.
static ssize_t attribute(const char *folder, size_t slot, char *text, size_t size) {
  char path[512];
  snprintf(path, sizeof path, "%s/class/infiniband/%s/ports/1/%s/%zu", sysfs, device, folder, slot);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, size);
  close(fd);
  return length < 0 ? 0 : length;
}

// Three files a slot, whatever is in it: that is what a program without the call has to read.
static ssize_t walk(void) {
  static const char none[] = "0000:0000:0000:0000:0000:0000:0000:0000";
  ssize_t count = 0;
  char gid[64], type[64], netdev[64];
  for (size_t slot = 0; slot < slots; slot++) {
    ssize_t length = attribute("gids", slot, gid, sizeof gid);
    attribute("gid_attrs/types", slot, type, sizeof type);
    attribute("gid_attrs/ndevs", slot, netdev, sizeof netdev);
    if (length >= (ssize_t)sizeof none - 1 && memcmp(gid, none, sizeof none - 1) != 0) count++;
  }
  return count;
}

static void measure(ssize_t (*reading)(void), int samples, int readings) {
  int64_t *took = calloc((size_t)samples, sizeof *took);
  if (!took) die("out of memory");
  ssize_t count = 0;
  for (int sample = 0; sample < samples; sample++) {
    int64_t begin = now();
    for (int i = 0; i < readings; i++) count = reading();
    took[sample] = (now() - begin) / readings;
  }
  printf("%zd", count);
  for (int sample = 0; sample < samples; sample++) printf(" %lld", (long long)took[sample]);
  printf("\n");
  fflush(stdout);
  free(took);
}

int main(int argc, char **argv) {
  if (argc != 4) die("usage: gid-table DEVICE SLOTS SYSFS");
  device = argv[1];
  slots = strtoul(argv[2], NULL, 10);
  sysfs = argv[3];
  entries = calloc(slots, sizeof *entries);
  if (!entries || slots == 0) die("SLOTS is no number that makes sense");
  open_device();
  char line[128];
  while (fgets(line, sizeof line, stdin)) {
    int samples = 0, readings = 0;
    if (sscanf(line, "table %d %d", &samples, &readings) == 2 && samples > 0 && readings > 0) {
      measure(table, samples, readings);
    } else if (sscanf(line, "walk %d", &samples) == 1 && samples > 0) {
      measure(walk, samples, 1);
    } else {
      die("not understood");
    }
  }
  return 0;
}
