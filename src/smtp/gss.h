/* SPDX-License-Identifier: MIT */
#ifndef SMTP_GSS_H
#define SMTP_GSS_H

/*
 * The part of the GSS-API (RFC 2744 appendix A) that diagnoses need, from MIT's
 * library. It is loaded when it is needed, so that it costs no start-up; GNU
 * SASL links it anyway, through a library of its own choice.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GSS_INITIATE = 1,  /* gss_cred_usage_t */
	GSS_MECH_CODE = 2, /* of gss_display_status */
	GSS_MUTUAL = 2     /* a flag of gss_init_sec_context */
};

/* The routine errors of a major status (RFC 2744 3.9.1). */
#define GSS_ROUTINE_ERROR(major) ((major) >> 16 & 0xff)
enum {
	GSS_NO_CRED = 7,
	GSS_CREDENTIALS_EXPIRED = 11
};

struct gss_buffer {
	size_t length;
	void *value;
};

struct gss_oid {
	uint32_t length;
	void *elements;
};

struct gss_oid_set {
	size_t count;
	struct gss_oid *elements;
};

/* Names, contexts and credentials are opaque pointers. */
struct gss {
	struct gss_oid **hostbased_service;
	uint32_t (*acquire_cred)(uint32_t *minor, void *name, uint32_t time,
	    struct gss_oid_set *mechanisms, int usage, void **ret_cred,
	    struct gss_oid_set **ret_mechanisms, uint32_t *ret_time);
	uint32_t (*inquire_cred)(uint32_t *minor, void *cred, void **ret_name,
	    uint32_t *ret_lifetime, int *ret_usage,
	    struct gss_oid_set **ret_mechanisms);
	uint32_t (*release_cred)(uint32_t *minor, void **cred);
	uint32_t (*import_name)(uint32_t *minor, const struct gss_buffer *text,
	    const struct gss_oid *type, void **ret_name);
	uint32_t (*display_name)(uint32_t *minor, void *name,
	    struct gss_buffer *ret_text, struct gss_oid **ret_type);
	uint32_t (*release_name)(uint32_t *minor, void **name);
	uint32_t (*init_sec_context)(uint32_t *minor, void *cred,
	    void **context, void *target, const struct gss_oid *mechanism,
	    uint32_t flags, uint32_t time, void *bindings,
	    const struct gss_buffer *input, struct gss_oid **ret_mechanism,
	    struct gss_buffer *ret_output, uint32_t *ret_flags,
	    uint32_t *ret_time);
	uint32_t (*delete_sec_context)(uint32_t *minor, void **context,
	    struct gss_buffer *ret_output);
	uint32_t (*display_status)(uint32_t *minor, uint32_t status, int type,
	    const struct gss_oid *mechanism, uint32_t *context,
	    struct gss_buffer *ret_text);
	uint32_t (*release_buffer)(uint32_t *minor, struct gss_buffer *buffer);
};

/* Fills gss; false when there is no such library. Nothing is to be freed. */
bool gss_open(struct gss *gss);

#endif
