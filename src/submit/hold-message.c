/* SPDX-License-Identifier: MIT */
/*
 * Writes a message to memory that a descriptor names, and reads it there.
 */
#include "submit/hold-message.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum {
	PIECE_SIZE = 65536
};

static int message_create(struct error *err);
static int message_copy(const struct smtp_body *body, int fd,
    struct error *err);
static long message_next_piece(void *context, void *out, size_t len,
    struct error *err);
static void message_to_start(void *context);

int
hold_message_write(const struct smtp_body *body, struct error *err)
{
	int fd = message_create(err);

	if (fd == -1 || message_copy(body, fd, err) == 0)
		return fd;
	close(fd);
	return -1;
}

int
hold_message_open(struct hold_message *message, int fd, struct smtp_body *body,
    struct error *err)
{
	struct stat status;

	if (fd == -1 || fstat(fd, &status) == -1 || !S_ISREG(status.st_mode) ||
	    status.st_size == 0)
		return error_set(err, ERROR_DATA, "no message came");
	message->fd = fd;
	message->size = (uint64_t)status.st_size;
	message->position = 0;
	body->next = message_next_piece;
	body->rewind = message_to_start;
	body->context = message;
	return 0;
}

static int
message_create(struct error *err)
{
#ifdef MFD_CLOEXEC
	int fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd != -1)
		return fd;
#endif
	return file_open_unnamed(err);
}

static int
message_copy(const struct smtp_body *body, int fd, struct error *err)
{
	char piece[PIECE_SIZE];
	long got;

	body->rewind(body->context);
	while (
	    (got = body->next(body->context, piece, sizeof piece, err)) > 0) {
		if (file_write(fd, piece, (size_t)got, err) == -1)
			return -1;
	}
#ifdef F_ADD_SEALS
	fcntl(fd, F_ADD_SEALS,
	    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
#endif
	return got == -1 ? -1 : 0;
}

static long
message_next_piece(void *context, void *out, size_t len, struct error *err)
{
	struct hold_message *message = context;
	ssize_t got = pread(message->fd, out, len, (off_t)message->position);

	if (got == -1)
		return error_set_errno(err, ERROR_IO, "the message");
	message->position += (uint64_t)got;
	if (got == 0 && message->position < message->size)
		return error_set(err, ERROR_IO, "the message became shorter");
	if (got > 0 && message->position >= message->size &&
	    message->before_end(message->context, err) == -1)
		return -1;
	return got;
}

static void
message_to_start(void *context)
{
	struct hold_message *message = context;

	message->position = 0;
}
