/* SPDX-License-Identifier: MIT */
/*
 * The table of commands. verbs.h describes its columns.
 */
#include "cli/verbs.h"

#define SETTINGS(...)                      \
	(const enum setting_id[])          \
	{                                  \
		__VA_ARGS__, SETTING_COUNT \
	}

const struct verb verbs[] = {
    {.name = "login",
	.takes = VERB_NEEDS_AN_ARGUMENT,
	.argument = "ADDRESS|ACCOUNT",
	.help = "sign in, and store the password or token",
	.usage = "login [OPTION]... ADDRESS|ACCOUNT",
	.description =
	    "Finds the server of the address, prompts for the password or "
	    "opens a browser, signs in, stores the credential and adds the "
	    "account to the configuration. Settings given as options are "
	    "written there, too.",
	.settings = SETTINGS(SETTING_HOST, SETTING_PORT, SETTING_TLS,
	    SETTING_USER, SETTING_PROVIDER, SETTING_CLIENT_ID, SETTING_TENANT),
	.examples = {"postrider login me@gmail.com",
	    "postrider login me@corp.example --host smtp.corp.example"},
	.run = verb_login},
    {.name = "logout",
	.takes = VERB_NEEDS_AN_ARGUMENT,
	.argument = "ADDRESS|ACCOUNT",
	.help = "delete what login stored",
	.usage = "logout [OPTION]... ADDRESS|ACCOUNT",
	.description =
	    "Erases the credential that login stored, and revokes it if the "
	    "provider supports that. The account stays in the configuration.",
	.examples = {"postrider logout me@gmail.com",
	    "postrider logout --json work"},
	.run = verb_logout},
    {.name = "token",
	.takes = VERB_TAKES_AN_ARGUMENT,
	.argument = "[ADDRESS|ACCOUNT]",
	.help = "print a valid access token (OAuth2)",
	.usage = "token [OPTION]... [ADDRESS|ACCOUNT]",
	.description =
	    "Prints an OAuth2 access token for use by another program, such "
	    "as mbsync or mutt. A token that is about to expire is renewed "
	    "first. Without an argument, the default account is used.",
	.examples = {"postrider token me@gmail.com",
	    "postrider token --min-valid 10m me@gmail.com"},
	.run = verb_token},
    {.name = "check",
	.takes = VERB_TAKES_AN_ARGUMENT,
	.argument = "[ADDRESS|ACCOUNT]",
	.help = "test an account, step by step",
	.usage = "check [OPTION]... [ADDRESS|ACCOUNT]",
	.description =
	    "Connects to the server of the account, signs in, asks whether it "
	    "accepts the sender and quits. No message is sent and nothing is "
	    "stored. Each step is shown with its time, then warnings and "
	    "notes. Settings given as options override those of the account. "
	    "Without an argument, the default account is tested.",
	.settings = SETTINGS(SETTING_HOST, SETTING_PORT, SETTING_TLS,
	    SETTING_USER, SETTING_TIMEOUT),
	.examples = {"postrider check me@gmail.com",
	    "postrider check --to you@example.org work"},
	.run = verb_check},
    {.name = "send",
	.takes = VERB_TAKES_RECIPIENTS,
	.argument = "ADDRESS...",
	.help = "write and send a message",
	.usage = "send [OPTION]... [ADDRESS]...",
	.description =
	    "Writes a message, with the text from standard input, and sends "
	    "it.",
	.examples = {"postrider send alice@example.org -s Report -A report.pdf",
	    "date | postrider send --to alice@example.org --subject Done"},
	.run = verb_send},
    {.name = "accounts",
	.takes = VERB_TAKES_WORDS,
	.argument = "[default ...]",
	.help = "list the accounts, or choose the default",
	.usage = "accounts [OPTION]...\naccounts default [ACCOUNT]",
	.description =
	    "Lists each account with its server, its user and the state of "
	    "its credential. No secret is printed. \"accounts default\" "
	    "prints the account that is used if a message doesn't select "
	    "another, or makes ACCOUNT that account.",
	.examples = {"postrider accounts",
	    "postrider accounts default me@gmail.com"},
	.run = verb_accounts},
    {.name = "config",
	.takes = VERB_TAKES_WORDS,
	.argument = "[get|set ...]",
	.help = "show or change the configuration",
	.usage = "config [list [ACCOUNT]]\n"
		 "config get [ACCOUNT.]NAME\n"
		 "config set [ACCOUNT.]NAME VALUE...\n"
		 "config unset [ACCOUNT.]NAME\n"
		 "config edit | path",
	.description =
	    "Lists what is set and where, or prints, changes or removes one "
	    "setting, of an account or of all accounts. The rest of the file "
	    "stays as it is, and the result is checked before it replaces the "
	    "file. \"edit\" opens the file in an editor; \"path\" prints its "
	    "name.",
	.examples = {"postrider config set timeout 30s",
	    "postrider config set me@gmail.com.full-name \"My Name\""},
	.run = verb_config},
    {.name = "import",
	.takes = VERB_TAKES_WORDS,
	.argument = "[PROGRAM [FILE]]",
	.help = "take over the accounts of another program",
	.usage = "import [OPTION]... [PROGRAM [FILE]]",
	.description =
	    "Adds the accounts that msmtp, git, mutt, neomutt, aerc, himalaya, "
	    "ssmtp, esmtp, nullmailer or swaks is configured with. A password "
	    "in its file is stored as login stores one. What cannot be carried "
	    "over is listed. Without an argument, the programs that are "
	    "configured here are listed.",
	.examples = {"postrider import msmtp --dry-run",
	    "postrider import msmtp"},
	.run = verb_import},
    {.name = "queue",
	.takes = VERB_TAKES_WORDS,
	.argument = "[run|show ...]",
	.help = "list or send the messages in the queue",
	.usage = "queue [list]\nqueue run | stop\nqueue show | look | drop | "
		 "resend ID\n"
		 "queue hold | release [ACCOUNT|ID]\n"
		 "queue install [--remove | --cron]",
	.description =
	    "Lists the queued messages, or tries once all that wait. What was "
	    "refused, or may have arrived although the server's answer was "
	    "lost, stays until it is dropped or sent again. \"hold\" keeps "
	    "messages until \"release\", \"stop\" ends what sends in the "
	    "background, \"install\" has a timer of systemd start it.",
	.examples = {"postrider queue", "postrider queue run -v"},
	.run = verb_queue},
    {.name = "providers",
	.takes = VERB_TAKES_AN_ARGUMENT,
	.argument = "[PROVIDER]",
	.help = "list the known mail providers",
	.usage = "providers [OPTION]... [PROVIDER|DOMAIN|WORD]\n"
		 "providers [OPTION]... --find ADDRESS",
	.description =
	    "Lists the mail providers whose servers postrider knows, or those "
	    "whose name contains a word; or shows all about one of them: where "
	    "to create a password, its server and its limits. --find shows "
	    "which server login would use for an "
	    "address, without signing in.",
	.examples = {"postrider providers icloud",
	    "postrider providers --find me@corp.example"},
	.run = verb_providers},
    {.name = "help",
	.takes = VERB_TAKES_AN_ARGUMENT,
	.argument = "[COMMAND|options]",
	.help = "explain a command, or list all options",
	.usage = "help [COMMAND|options]\nCOMMAND --help",
	.description =
	    "Explains a command. \"postrider help options\" lists all options "
	    "and settings. Without an argument, the commands and the most "
	    "common options are listed.",
	.examples = {"postrider help login", "postrider help options"},
	.run = verb_help},
    {.name = "version",
	.takes = VERB_TAKES_NOTHING,
	.help = "show the version",
	.usage = "version",
	.description =
	    "Prints the version, and which parts of the sandbox this system "
	    "supports.",
	.examples = {"postrider version", "postrider --version"},
	.run = verb_version},
    {.name = NULL},
};
