/* SPDX-License-Identifier: MIT */
#ifndef SMTP_GSSAPI_H
#define SMTP_GSSAPI_H

/*
 * The part of the GSS-API (RFC 2744 appendix A) that diagnostics need, from
 * MIT's library. It is loaded only when needed, so that it costs no time at
 * startup; GNU SASL links to it anyway, through a library of its own choice.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GSSAPI_INITIATE = 1,  /* gss_cred_usage_t */
	GSSAPI_MECH_CODE = 2, /* of gss_display_status */
	GSSAPI_MUTUAL = 2     /* a flag of gss_init_sec_context */
};

/* The routine errors in a major status (RFC 2744 section 3.9.1). */
#define GSSAPI_ROUTINE_ERROR(major) ((major) >> 16 & 0xff)
enum {
	GSSAPI_NO_CRED = 7,
	GSSAPI_CREDENTIALS_EXPIRED = 11
};

struct gssapi_buffer {
	size_t length;
	void *value;
};

struct gssapi_oid {
	uint32_t length;
	void *elements;
};

struct gssapi_oid_set {
	size_t count;
	struct gssapi_oid *elements;
};

/* Names, contexts and credentials are opaque pointers. */
struct gssapi {
	struct gssapi_oid **hostbased_service;
	uint32_t (*acquire_cred)(uint32_t *minor, void *name, uint32_t time,
	    struct gssapi_oid_set *mechanisms, int usage, void **ret_cred,
	    struct gssapi_oid_set **ret_mechanisms, uint32_t *ret_time);
	uint32_t (*inquire_cred)(uint32_t *minor, void *cred, void **ret_name,
	    uint32_t *ret_lifetime, int *ret_usage,
	    struct gssapi_oid_set **ret_mechanisms);
	uint32_t (*release_cred)(uint32_t *minor, void **cred);
	uint32_t (*import_name)(uint32_t *minor,
	    const struct gssapi_buffer *text, const struct gssapi_oid *type,
	    void **ret_name);
	uint32_t (*display_name)(uint32_t *minor, void *name,
	    struct gssapi_buffer *ret_text, struct gssapi_oid **ret_type);
	uint32_t (*release_name)(uint32_t *minor, void **name);
	uint32_t (*init_sec_context)(uint32_t *minor, void *cred,
	    void **context, void *target, const struct gssapi_oid *mechanism,
	    uint32_t flags, uint32_t time, void *bindings,
	    const struct gssapi_buffer *input,
	    struct gssapi_oid **ret_mechanism, struct gssapi_buffer *ret_output,
	    uint32_t *ret_flags, uint32_t *ret_time);
	uint32_t (*delete_sec_context)(uint32_t *minor, void **context,
	    struct gssapi_buffer *ret_output);
	uint32_t (*display_status)(uint32_t *minor, uint32_t status, int type,
	    const struct gssapi_oid *mechanism, uint32_t *context,
	    struct gssapi_buffer *ret_text);
	uint32_t (
	    *release_buffer)(uint32_t *minor, struct gssapi_buffer *buffer);
};

/* Fills gss; false if the library is missing. Nothing is to be freed. */
bool gssapi_open(struct gssapi *gss);

#endif
