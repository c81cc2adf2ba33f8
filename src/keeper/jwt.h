#ifndef KEEPER_JWT_H
#define KEEPER_JWT_H
#include <time.h>
#include "base/error.h"
#include "base/secret.h"
enum jwt_rsa { JWT_PS256, JWT_RS256 };
struct jwt_request { const char *client_id, *audience, *certificate, *key, *key_id; enum jwt_rsa rsa; time_t now; };
static inline int jwt_assertion(const struct jwt_request *r, struct secret *out, struct error *err) { (void)r; (void)out; return error_set(err, ERROR_BUG, "no jwt yet"); }
#endif
