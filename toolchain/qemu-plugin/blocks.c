/* A TCG plugin for qemu's user mode: how often every translated block of a program runs, as JSON lines.
 *
 *     qemu-aarch64 -plugin libpeepcc_blocks.so,out=FILE PROGRAM ...
 *
 * A line: {"function": NAME or null, "address": ADDRESS, "words": [HEX, ...], "executions": N}.
 * Instructions executed are executions times the number of words, summed over the lines of a function.
 *
 * What it does not promise: counts are exact for programs of one thread only, since qemu's inline addition is not
 * atomic; a block that a fault or a signal leaves early counts as a whole; a program that ends by a signal may leave
 * no file; the children of one that forks write to the same file. A block is qemu's: it ends at a branch, a page's
 * end or qemu's own limit, and a branch into its middle makes another one.
 *
 * Debian's qemu-user brings no qemu-plugin.h, so that the few declarations needed stand here, as the documented
 * interface, version 1, has them.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *, uint64_t);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);

#define EXPORT __attribute__((visibility("default")))
#define BUCKETS 65536

EXPORT int qemu_plugin_version = 1;

typedef struct block {
    struct block *next;
    char *function;
    uint64_t address, executions;
    size_t length;
    uint32_t words[];
} block;

static block *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *out;

static uint32_t word(const struct qemu_plugin_tb *tb, size_t index)
{
    uint32_t value;
    memcpy(&value, qemu_plugin_insn_data(qemu_plugin_tb_get_insn(tb, index)), sizeof value);
    return value;
}

static bool same(const block *b, const struct qemu_plugin_tb *tb, uint64_t address, size_t length)
{
    if (b->address != address || b->length != length) return false;
    for (size_t i = 0; i < length; i++)
        if (b->words[i] != word(tb, i)) return false;
    return true;
}

/* qemu translates a block again when its cache is full: the same words at the same address keep one counter. */
static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t length = qemu_plugin_tb_n_insns(tb);
    struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
    uint64_t address = qemu_plugin_insn_vaddr(first);
    pthread_mutex_lock(&lock);
    block **bucket = &buckets[address / 4 % BUCKETS], *b = *bucket;
    while (b && !same(b, tb, address, length)) b = b->next;
    if (!b) {
        const char *function = qemu_plugin_insn_symbol(first);
        b = calloc(1, sizeof *b + length * sizeof *b->words);
        if (!b) {
            fputs("peepcc: the block counter has no memory left\n", stderr);
            exit(1);
        }
        b->function = function && *function ? strdup(function) : NULL;
        b->address = address;
        b->length = length;
        for (size_t i = 0; i < length; i++) b->words[i] = word(tb, i);
        b->next = *bucket;
        *bucket = b;
    }
    pthread_mutex_unlock(&lock);
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &b->executions, 1);
}

static void print_name(const char *name)
{
    if (!name) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (; *name; name++) {
        if (*name == '"' || *name == '\\') fputc('\\', out);
        if ((unsigned char)*name < 0x20) fprintf(out, "\\u%04x", *name);
        else fputc(*name, out);
    }
    fputc('"', out);
}

static void ended(qemu_plugin_id_t id, void *unused)
{
    (void)id, (void)unused;
    for (size_t i = 0; i < BUCKETS; i++)
        for (const block *b = buckets[i]; b; b = b->next) {
            if (!b->executions) continue;
            fputs("{\"function\": ", out);
            print_name(b->function);
            fprintf(out, ", \"address\": %" PRIu64 ", \"words\": [", b->address);
            for (size_t w = 0; w < b->length; w++) fprintf(out, "%s\"%08" PRIx32 "\"", w ? ", " : "", b->words[w]);
            fprintf(out, "], \"executions\": %" PRIu64 "}\n", b->executions);
        }
    if (fclose(out)) perror("peepcc: the block counts could not be written");
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    (void)info;
    const char *file = argc == 1 && !strncmp(argv[0], "out=", 4) ? argv[0] + 4 : NULL;
    if (!file) {
        fputs("peepcc: the block counter takes one argument: out=FILE\n", stderr);
        return 1;
    }
    out = fopen(file, "w");
    if (!out) {
        perror(file);
        return 1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
