/* SPDX-License-Identifier: MIT */
/*
 * Builds the tree of parts, and chooses an encoding for each.
 */
#include "compose/outline.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum {
	LINE_LEN_MAX = 998, /* RFC 5322 2.1.1 */

	/* With more bytes of 8 bits, base64 is shorter than quoted-printable.
	 */
	QUOTED_PRINTABLE_SHARE = 6
};

static GMimeObject *new_body(const struct outline *outline);
static GMimeObject *new_html(const struct outline *outline);
static GMimeObject *new_multipart(const struct outline *outline,
    const char *subtype);
static void add_part(GMimeObject *multipart, GMimeObject *part);
static GMimeObject *new_text_part(const struct text_body *text,
    const char *subtype);
static GMimeContentEncoding choose_encoding(const struct text_facts *facts);
static GMimeObject *new_file_part(const struct part_file *file,
    const char *disposition);
static void set_file_name(GMimeObject *part, const char *name);
static GMimeStream *new_text_stream(const struct text_body *text);
static GMimeStream *new_file_stream(int fd);
static void set_content(GMimeObject *part, GMimeStream *source,
    GMimeContentEncoding encoding, bool as_crlf);

int
outline_init(struct outline *outline, struct error *err)
{
	unsigned char random[(OUTLINE_RANDOM_SIZE - 1) / 2];

	if (getentropy(random, sizeof random) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot get random bytes");
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(outline->random + 2 * i, 3, "%02x", random[i]);
	return 0;
}

GMimeObject *
outline_build(const struct outline *outline)
{
	GMimeObject *root = new_body(outline);
	GMimeObject *mixed;

	if (outline->attachments->count == 0)
		return root;
	mixed = new_multipart(outline, "mixed");
	if (root != NULL)
		add_part(mixed, root);
	for (size_t i = 0; i < outline->attachments->count; i++)
		add_part(mixed,
		    new_file_part(&outline->attachments->file[i],
			GMIME_DISPOSITION_ATTACHMENT));
	return mixed;
}

/* NULL if there is only what is attached. */
static GMimeObject *
new_body(const struct outline *outline)
{
	GMimeObject *html = outline->html->exists ? new_html(outline) : NULL;
	GMimeObject *text = outline->text->exists
	    ? new_text_part(outline->text, "plain")
	    : NULL;
	GMimeObject *both;

	if (html == NULL || text == NULL)
		return html != NULL ? html : text;
	both = new_multipart(outline, "alternative");
	add_part(both, text);
	add_part(both, html);
	return both;
}

static GMimeObject *
new_html(const struct outline *outline)
{
	GMimeObject *html = new_text_part(outline->html, "html");
	GMimeObject *related;

	if (outline->inlines->count == 0)
		return html;
	related = new_multipart(outline, "related");
	g_mime_object_set_content_type_parameter(related, "type", "text/html");
	add_part(related, html);
	for (size_t i = 0; i < outline->inlines->count; i++) {
		const struct part_file *file = &outline->inlines->file[i];
		GMimeObject *part =
		    new_file_part(file, GMIME_DISPOSITION_INLINE);

		g_mime_object_set_content_id(part, file->name);
		add_part(related, part);
	}
	return related;
}

/* "=_" cannot occur in quoted-printable and base64, and no text can predict the
 * rest. */
static GMimeObject *
new_multipart(const struct outline *outline, const char *subtype)
{
	GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
	char boundary[OUTLINE_RANDOM_SIZE + 16];

	snprintf(boundary, sizeof boundary, "=_%s.%s", outline->random,
	    subtype);
	g_mime_multipart_set_boundary(multipart, boundary);
	return GMIME_OBJECT(multipart);
}

/* Takes the part. */
static void
add_part(GMimeObject *multipart, GMimeObject *part)
{
	g_mime_multipart_add(GMIME_MULTIPART(multipart), part);
	g_object_unref(part);
}

static GMimeObject *
new_text_part(const struct text_body *text, const char *subtype)
{
	GMimeObject *part =
	    GMIME_OBJECT(g_mime_part_new_with_type("text", subtype));
	GMimeContentEncoding encoding = choose_encoding(&text->output);

	g_mime_object_set_content_type_parameter(part, "charset",
	    text->output.count_8bit > 0 ? "utf-8" : "us-ascii");
	if (text->is_flowed)
		g_mime_object_set_content_type_parameter(part, "format",
		    "flowed");
	set_content(part, new_text_stream(text), encoding,
	    encoding == GMIME_CONTENT_ENCODING_BASE64);
	return part;
}

static GMimeContentEncoding
choose_encoding(const struct text_facts *facts)
{
	if (facts->count_8bit > facts->size / QUOTED_PRINTABLE_SHARE)
		return GMIME_CONTENT_ENCODING_BASE64;
	if (facts->count_8bit > 0 || facts->longest_line > LINE_LEN_MAX)
		return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	return GMIME_CONTENT_ENCODING_7BIT;
}

/* Always base64: the recipient gets every byte. */
static GMimeObject *
new_file_part(const struct part_file *file, const char *disposition)
{
	GMimeContentType *type = g_mime_content_type_parse(NULL, file->type);
	GMimeObject *part = GMIME_OBJECT(g_mime_part_new());

	g_mime_object_set_content_type(part, type);
	g_object_unref(type);
	if (file->charset != NULL)
		g_mime_object_set_content_type_parameter(part, "charset",
		    file->charset);
	g_mime_object_set_disposition(part, disposition);
	set_file_name(part, file->name);
	set_content(part, new_file_stream(file->fd),
	    GMIME_CONTENT_ENCODING_BASE64, false);
	return part;
}

/* "name" is for old programs. GMime would choose a charset by the letters. */
static void
set_file_name(GMimeObject *part, const char *name)
{
	GMimeParamList *lists[] = {
	    g_mime_content_type_get_parameters(
		g_mime_object_get_content_type(part)),
	    g_mime_content_disposition_get_parameters(
		g_mime_object_get_content_disposition(part)),
	};
	static const char *const names[] = {"name", "filename"};

	g_mime_part_set_filename(GMIME_PART(part), name);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		GMimeParam *param =
		    g_mime_param_list_get_parameter(lists[i], names[i]);

		if (param != NULL)
			g_mime_param_set_charset(param, "utf-8");
	}
}

static GMimeStream *
new_text_stream(const struct text_body *text)
{
	if (text->fd != -1)
		return new_file_stream(text->fd);
	return g_mime_stream_mem_new_with_buffer(buf_text(&text->memory),
	    text->memory.len);
}

static GMimeStream *
new_file_stream(int fd)
{
	GMimeStream *stream = g_mime_stream_fs_new(fd);

	g_mime_stream_fs_set_owner(GMIME_STREAM_FS(stream), FALSE);
	return stream;
}

/* Takes source. Text in base64 has CRLF (RFC 2046 4.1.1). */
static void
set_content(GMimeObject *part, GMimeStream *source,
    GMimeContentEncoding encoding, bool as_crlf)
{
	GMimeStream *stream = source;
	GMimeDataWrapper *content;

	if (as_crlf) {
		GMimeFilter *filter = g_mime_filter_unix2dos_new(FALSE);

		stream = g_mime_stream_filter_new(source);
		g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), filter);
		g_object_unref(filter);
		g_object_unref(source);
	}
	content = g_mime_data_wrapper_new_with_stream(stream,
	    GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content(GMIME_PART(part), content);
	g_mime_part_set_content_encoding(GMIME_PART(part), encoding);
	g_object_unref(content);
	g_object_unref(stream);
}
