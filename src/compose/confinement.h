/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_CONFINEMENT_H
#define COMPOSE_CONFINEMENT_H

/*
 * Puts the process into a sandbox once its files are open: then it has no
 * network, starts no program, changes no file, and reads none in the home
 * directory. A defect in a library that a file exploits gains little.
 */
void compose_confine(void);

#endif
