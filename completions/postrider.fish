# SPDX-License-Identifier: MIT
# fish completion for postrider. Accounts and providers are asked of the program
# itself; the rest is written down here, and a test compares it with --help.

function __postrider_accounts
    # Their names alone: no keyring is asked how each stands.
    env POSTRIDER_EXEC_PATH=/dev/null postrider accounts 2>/dev/null |
        string replace -r '  .*' '' | string match -v ''
end

function __postrider_providers
    postrider providers 2>/dev/null |
        string replace -r '^(\S+)\s+\S.*?\s{2,}(.*)$' '$1\t$2'
end

function __postrider_at_verb
    test (count (commandline -opc)) -eq 1
end

function __postrider_verb_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- "$words[2]" $argv
end

complete -c postrider -f
complete -c postrider -n __postrider_at_verb -a login -d 'Sign in, and keep the password or token'
complete -c postrider -n __postrider_at_verb -a logout -d 'Forget what login has kept'
complete -c postrider -n __postrider_at_verb -a token -d 'Print a valid access token'
complete -c postrider -n __postrider_at_verb -a accounts -d 'List the accounts'
complete -c postrider -n __postrider_at_verb -a providers -d 'List the mail providers'
complete -c postrider -n __postrider_at_verb -a help -d 'Show a summary'
complete -c postrider -n __postrider_at_verb -a version -d 'Show the version'
complete -c postrider -n '__postrider_verb_is login logout token' -a '(__postrider_accounts)'
complete -c postrider -n '__postrider_verb_is providers' -a '(__postrider_providers)'

complete -c postrider -s t -d 'Take the recipients from To, Cc and Bcc too'
complete -c postrider -s i -d 'A lone dot doesn\'t end the message'
complete -c postrider -s f -x -d 'The envelope sender; <> for none'
complete -c postrider -s F -x -d 'The full name in a From that is added'
complete -c postrider -s a -l account -x -a '(__postrider_accounts)' -d 'The account to use'
complete -c postrider -s C -l config -r -F -d 'Another configuration file'
complete -c postrider -s N -x -a 'never success failure delay' -d 'Delivery reports'
complete -c postrider -s R -x -a 'full hdrs' -d 'What a report returns'
complete -c postrider -s V -x -d 'A name for this message in reports'
complete -c postrider -s B -x -a '7BIT 8BITMIME' -d 'Kind of body'
complete -c postrider -l dry-run -d 'Do all but connect'
complete -c postrider -l json -d 'Report as JSON'
complete -c postrider -s v -l verbose -d 'Show the dialogue, without secrets'
complete -c postrider -l device -d 'login: by a code that is typed elsewhere'
complete -c postrider -l paste -d 'login: the browser is elsewhere'
complete -c postrider -l min-valid -x -d 'token: valid at least so long'
complete -c postrider -l help -d 'Show a summary'
complete -c postrider -l version -d 'Show the version'

complete -c postrider -l provider -x -a '(__postrider_providers)' -d 'The mail provider'
complete -c postrider -l host -x -a '(__fish_print_hostnames)' -d 'The submission server'
complete -c postrider -l port -x -a '465 587' -d 'Its port'
complete -c postrider -l tls -x -a 'starttls implicit none' -d 'How TLS begins'
complete -c postrider -l tls-trust-file -r -F -d 'CA certificates instead of the system\'s'
complete -c postrider -l tls-crl-file -r -F -d 'Certificates that were revoked'
complete -c postrider -l tls-fingerprint -x -d 'The certificates to accept (SHA-256)'
complete -c postrider -l tls-cert-file -r -F -d 'Client certificate'
complete -c postrider -l tls-key-file -r -F -d 'Its private key'
complete -c postrider -l user -x -d 'Name to sign in with'
complete -c postrider -l authzid -x -d 'Identity to act as'
complete -c postrider -l auth -x -a 'auto secure external scram-sha-256-plus scram-sha-1-plus scram-sha-256 scram-sha-1 gssapi gs2-krb5 plain login digest-md5 cram-md5 ntlm oauthbearer xoauth2 anonymous' -d 'Sign-in mechanisms allowed'
complete -c postrider -l prefer -x -a 'strong simple' -d 'Which mechanisms are taken first'
complete -c postrider -l fallback -d 'Another may follow one that fails'
complete -c postrider -l no-fallback -d 'None follows one that fails'
complete -c postrider -l realm -x -d 'The realm of the user'
complete -c postrider -l ntlm-domain -x -d 'The domain of the user, for NTLM'
complete -c postrider -l target-name -x -a 'smtp@' -d 'The name of the server in Kerberos'
complete -c postrider -l credential -x -a 'keyring env: file: systemd: command:' -d 'Where the credential is'
complete -c postrider -l credential-helper -x -a 'cache libsecret osxkeychain store' -d 'A git credential helper'
complete -c postrider -l credential-folder -x -a '(__fish_complete_directories)' -d 'Keep credentials there'
complete -c postrider -l credential-encrypt -x -a 'plain-text' -d 'Encrypts what is kept there'
complete -c postrider -l credential-decrypt -x -d 'Decrypts it'
complete -c postrider -l mailbox -x -d 'The shared mailbox that the user sends from'
complete -c postrider -l grant -x -a 'authorization-code device-code client-credentials' -d 'How a token is got'
complete -c postrider -l client-id -x -d 'As what postrider is registered'
complete -c postrider -l client-secret -x -a 'keyring env: file: systemd: command:' -d 'Where its secret is'
complete -c postrider -l client-cert-file -r -F -d 'Its certificate'
complete -c postrider -l client-key -r -F -d 'Its private key'
complete -c postrider -l client-signature -x -a 'ps256 rs256' -d 'How an RSA key signs'
complete -c postrider -l tenant -x -a 'common organizations consumers' -d 'The organisation at Microsoft'
complete -c postrider -l scope -x -d 'What to ask for'
complete -c postrider -l refresh-margin -x -d 'How long before its end a token is replaced'
complete -c postrider -l token-trust-file -r -F -d 'CA certificates where tokens come from'
complete -c postrider -l from -x -d 'The account\'s addresses'
complete -c postrider -l full-name -x -d 'The name in a From field that is added'
complete -c postrider -l domain -x -d 'How to name this computer (EHLO)'
complete -c postrider -l region -x -d 'The provider\'s data centre'
complete -c postrider -l chunking -d 'Send by BDAT where the server can'
complete -c postrider -l no-chunking -d 'Never send by BDAT'
complete -c postrider -l timeout -x -d 'For the connection and each command'
complete -c postrider -l retries -x -d 'How often to try again'
complete -c postrider -l retry-delay -x -d 'Before the second try'
complete -c postrider -l deadline -x -d 'For everything, retries included'
complete -c postrider -l aliases -r -F -d 'Addresses of local recipients'
complete -c postrider -l local-recipient -x -d 'Who gets mail for local names'
complete -c postrider -l extract-addresses -x -a 'add remove' -d 'What -t does with recipients in the arguments'
complete -c postrider -l log-file -r -F -d 'A line for each message'
complete -c postrider -l syslog -d 'The same line to the system\'s log'
complete -c postrider -l no-syslog -d 'No line to the system\'s log'
