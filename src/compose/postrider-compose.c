/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-compose: writes a message from a text, files and header
 * fields. It knows no account and no server, and reads no configuration;
 * postrider adds From, Date and Message-ID, and sends the message.
 */
#include <errno.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/process.h"
#include "compose/arguments.h"
#include "compose/confinement.h"
#include "compose/fields.h"
#include "compose/file-type.h"
#include "compose/outline.h"

#define PROGRAM_NAME "postrider-compose"

/* What the message is made of. */
struct material {
	struct text_body text;
	struct text_body html;
	struct part_files inlines;
	struct part_files attachments;
};

static int report_error(const struct error *err);
static int run_program(const struct arguments *arguments);
static int compose(const struct arguments *arguments, struct error *err);
static int material_read(struct material *material,
    const struct arguments *arguments, struct error *err);
static int read_text(struct text_body *text, const struct arguments *arguments,
    struct error *err);
static int read_html(struct text_body *html, const struct arguments *arguments,
    struct error *err);
static int material_write(const struct material *material,
    const struct arguments *arguments, struct error *err);
static int write_message(const struct buf *head, GMimeObject *root,
    struct error *err);
static void material_done(struct material *material);

int
main(int argc, char *argv[])
{
	struct arguments arguments = {.help = false};
	struct error err;
	int status;

	if (process_start(&err) == -1)
		return report_error(&err);
	if (arguments_parse(&arguments, argc, argv, &err) == -1)
		status = report_error(&err);
	else
		status = run_program(&arguments);
	arguments_done(&arguments);
	return status;
}

static int
report_error(const struct error *err)
{
	fprintf(stderr, PROGRAM_NAME ": %s\n", err->message);
	if (err->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", err->hint);
	return error_exit_status(err->code);
}

static int
run_program(const struct arguments *arguments)
{
	struct error err;

	if (arguments->help)
		arguments_print_usage(stdout);
	if (arguments->version)
		puts(PROGRAM_NAME " " PACKAGE_VERSION);
	if (arguments->help || arguments->version)
		return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
	process_end_with_parent();
	return compose(arguments, &err) == 0 ? EX_OK : report_error(&err);
}

/* All files are open, and the text is read, before the sandbox is entered. */
static int
compose(const struct arguments *arguments, struct error *err)
{
	struct material material = {.inlines = {.count = 0}};
	int result = material_read(&material, arguments, err);

	if (result == 0) {
		compose_confine();
		result = material_write(&material, arguments, err);
	}
	material_done(&material);
	return result;
}

static int
material_read(struct material *material, const struct arguments *arguments,
    struct error *err)
{
	text_body_init(&material->text, "the text", true);
	text_body_init(&material->html, "the HTML", false);
	if (arguments->count[ARGUMENT_INLINE] > 0 &&
	    arguments->count[ARGUMENT_HTML] == 0)
		return error_set(err, ERROR_USAGE,
		    "--inline needs --html, which refers to the file");
	if (part_files_open(&material->inlines,
		arguments->value[ARGUMENT_INLINE],
		arguments->count[ARGUMENT_INLINE], true, err) == -1 ||
	    part_files_open(&material->attachments,
		arguments->value[ARGUMENT_ATTACH],
		arguments->count[ARGUMENT_ATTACH], false, err) == -1 ||
	    read_html(&material->html, arguments, err) == -1 ||
	    read_text(&material->text, arguments, err) == -1 ||
	    file_types_find(&material->inlines, err) == -1)
		return -1;
	return file_types_find(&material->attachments, err);
}

/* From --body, else from standard input ("-"); HTML alone needs no text. */
static int
read_text(struct text_body *text, const struct arguments *arguments,
    struct error *err)
{
	const char *body = arguments_text(arguments, ARGUMENT_BODY);

	if (body != NULL && strcmp(body, "-") != 0) {
		text->name = "--body";
		return text_body_copy(text, body, strlen(body), err);
	}
	if (body == NULL && arguments->count[ARGUMENT_HTML] > 0)
		return 0;
	text->name = "standard input";
	if (text_body_read(text, STDIN_FILENO, err) == -1)
		return -1;
	if (text->input.size > 0)
		return 0;
	if (arguments->count[ARGUMENT_ATTACH] == 0 &&
	    arguments->count[ARGUMENT_HTML] == 0) {
		error_set(err, ERROR_USAGE, "standard input has no message");
		return error_hint(err,
		    "pass the text on standard input, or with --body");
	}
	text_body_done(text);
	return 0;
}

static int
read_html(struct text_body *html, const struct arguments *arguments,
    struct error *err)
{
	const char *path = arguments_text(arguments, ARGUMENT_HTML);
	struct part_files file = {.count = 0};
	int result;

	if (path == NULL)
		return 0;
	html->name = path;
	result = part_files_open(&file, &path, 1, false, err);
	if (result == 0)
		result = text_body_read(html, file.file[0].fd, err);
	part_files_done(&file);
	return result;
}

static int
material_write(const struct material *material,
    const struct arguments *arguments, struct error *err)
{
	struct outline outline = {.text = &material->text,
	    .html = &material->html,
	    .inlines = &material->inlines,
	    .attachments = &material->attachments};
	struct header header;
	struct buf head;
	int result = -1;

	header_init(&header);
	buf_init(&head, (size_t)2 * HEADER_SIZE_MAX);
	g_mime_init();
	if (outline_init(&outline, err) == 0 &&
	    fields_add(&header, arguments, err) == 0 &&
	    header_append(&header, "MIME-Version", "1.0", err) == 0 &&
	    header_write(&header, &head, err) == 0) {
		head.len--; /* the fields of the root follow */
		result = write_message(&head, outline_build(&outline), err);
	}
	g_mime_shutdown();
	buf_done(&head);
	header_done(&header);
	return result;
}

/* Takes root. */
static int
write_message(const struct buf *head, GMimeObject *root, struct error *err)
{
	GMimeStream *out = g_mime_stream_pipe_new(STDOUT_FILENO);
	GMimeStream *stream =
	    g_mime_stream_buffer_new(out, GMIME_STREAM_BUFFER_BLOCK_WRITE);
	int result = 0;

	g_mime_stream_pipe_set_owner(GMIME_STREAM_PIPE(out), FALSE);
	errno = 0;
	if (g_mime_stream_write(stream, head->data, head->len) == -1 ||
	    g_mime_object_write_to_stream(root, NULL, stream) == -1 ||
	    g_mime_stream_flush(stream) == -1)
		result = error_set_errno(err, ERROR_IO,
		    "cannot read the parts, or write the message");
	g_object_unref(root);
	g_object_unref(stream);
	g_object_unref(out);
	return result;
}

static void
material_done(struct material *material)
{
	text_body_done(&material->text);
	text_body_done(&material->html);
	part_files_done(&material->inlines);
	part_files_done(&material->attachments);
}
