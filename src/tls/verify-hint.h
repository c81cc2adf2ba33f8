/* SPDX-License-Identifier: MIT */
#ifndef TLS_VERIFY_HINT_H
#define TLS_VERIFY_HINT_H

/* Advice about certificates that are refused. Each returns -1. */

#include "base/error.h"
#include "tls/cert-chain.h"
#include "tls/verify.h"

/* Software that decrypts TLS has issued the certificate. */
int verify_hint_interception(const struct tls_policy *policy,
    const struct cert_chain *facts, struct error *err);

/* The CA is unknown. */
int verify_hint_settings(const struct tls_policy *policy,
    const struct cert_chain *facts, struct error *err);

/* The certificate is for other names: names lists them. */
int verify_hint_names(const struct tls_policy *policy, const char *names,
    struct error *err);

#endif
