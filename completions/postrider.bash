# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# bash completion for postrider. Accounts and providers are asked of the program
# itself; the rest is written down here, and a test compares it with --help.

_postrider_verbs='login logout token accounts providers help version'
_postrider_options='-t -i -f -F -a -C -N -R -V -B -v --account= --config=
	--dry-run --json --verbose --device --paste --min-valid= --help --version --provider= --host= --port=
	--tls= --tls-trust-file= --tls-crl-file= --tls-fingerprint=
	--tls-cert-file= --tls-key-file= --user= --authzid= --auth=
	--prefer= --fallback --no-fallback --realm= --ntlm-domain= --target-name= --credential=
	--credential-helper= --credential-folder= --credential-encrypt=
	--credential-decrypt= --mailbox= --grant= --client-id= --client-secret=
	--client-cert-file= --client-key= --client-signature= --tenant= --scope=
	--refresh-margin= --token-trust-file= --from= --full-name= --domain= --region= --chunking
	--no-chunking --timeout= --retries= --retry-delay= --deadline= --aliases=
	--local-recipient= --extract-addresses= --log-file= --syslog --no-syslog'

# The line is read anew: bash would part "--tls=none" and "me@example.org".
_postrider()
{
	local program=$1 line=${COMP_LINE:0:COMP_POINT} words word before=
	read -ra words <<<"$line"
	[[ $line == *[[:blank:]] ]] && words+=('')
	word=${words[-1]}
	COMPREPLY=()

	if [[ $word == --*=* ]]; then
		before=${word%%=*}=
		_postrider_value "${word%%=*}" "${word#*=}"
	elif _postrider_awaits_value "${words[-2]}"; then
		_postrider_value "${words[-2]}" "$word"
	elif [[ $word == -* ]]; then
		_postrider_offer "$_postrider_options" "$word"
	elif ((${#words[@]} == 2)); then
		_postrider_offer "$_postrider_verbs" "$word"
	elif [[ ${words[1]} == @(login|logout|token) ]]; then
		_postrider_offer "$(_postrider_accounts "$program")" "$word"
	elif [[ ${words[1]} == providers ]]; then
		_postrider_offer "$("$program" providers 2>/dev/null |
			sed 's/ .*//')" "$word"
	fi
	_postrider_cut "$before" "$word"
}

# Their names alone: no keyring is asked how each stands.
_postrider_accounts()
{
	POSTRIDER_EXEC_PATH=/dev/null "$1" accounts 2>/dev/null |
		sed 's/  .*//; /^$/d'
}

_postrider_awaits_value()
{
	[[ $1 == -[fFaCNRVBr] ]] ||
		[[ " ${_postrider_options//[[:space:]]/ } " == *" $1= "* ]]
}

_postrider_value()
{
	case $1 in
	-a | --account)
		_postrider_offer "$(_postrider_accounts "$program")" "$2" ;;
	--provider)
		_postrider_offer "$("$program" providers 2>/dev/null |
			sed 's/ .*//')" "$2" ;;
	-C | --config | --tls-trust-file | --tls-crl-file | --tls-cert-file | \
	    --tls-key-file | --client-cert-file | --client-key | \
	    --token-trust-file | --aliases | --log-file)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	--tls) _postrider_offer 'starttls implicit none' "$2" ;;
	--auth) _postrider_offer 'auto secure external scram-sha-256-plus
		scram-sha-1-plus scram-sha-256 scram-sha-1 gssapi gs2-krb5 plain
		login digest-md5 cram-md5 ntlm oauthbearer xoauth2 anonymous' \
		"$2" ;;
	--prefer) _postrider_offer 'strong simple' "$2" ;;
	--grant) _postrider_offer \
		'authorization-code device-code client-credentials' "$2" ;;
	--client-signature) _postrider_offer 'ps256 rs256' "$2" ;;
	--credential-folder)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	--credential-encrypt) _postrider_offer 'plain-text' "$2" ;;
	--tenant) _postrider_offer 'common organizations consumers' "$2" ;;
	--credential | --client-secret)
		compopt -o nospace 2>/dev/null
		_postrider_offer 'keyring env: file: systemd: command:' "$2" ;;
	--credential-helper)
		_postrider_offer 'cache libsecret osxkeychain store' "$2" ;;
	--extract-addresses) _postrider_offer 'add remove' "$2" ;;
	--chunking | --fallback | --syslog) _postrider_offer 'yes no' "$2" ;;
	--host) mapfile -t COMPREPLY < <(compgen -A hostname -- "$2") ;;
	--port) _postrider_offer '465 587' "$2" ;;
	-N) _postrider_offer 'never success failure delay' "$2" ;;
	-R) _postrider_offer 'full hdrs' "$2" ;;
	-B) _postrider_offer '7BIT 8BITMIME' "$2" ;;
	esac
}

_postrider_offer()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
	[[ ${COMPREPLY[*]} == *= ]] && compopt -o nospace 2>/dev/null
}

# Readline only replaces what stands behind the last of its word breaks; "@",
# which is one where hosts can be completed, it replaces too.
_postrider_cut()
{
	local kept=${2%"${2##*["$COMP_WORDBREAKS"]}"} i

	kept=${kept%@}
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=$1${COMPREPLY[i]}
		COMPREPLY[i]=${COMPREPLY[i]#"$kept"}
	done
}

complete -F _postrider postrider
