# SPDX-License-Identifier: MIT
# What later versions of Authen::SASL have: the mechanism for git's own SMTP.
package Authen::SASL::Perl::XOAUTH2;

use strict;
use warnings;

our @ISA = ('Authen::SASL::Perl');

sub _order { 1 }
sub _secflags { () }
sub mechanism { 'XOAUTH2' }

sub client_start {
	my $self = shift;
	my ($user, $token) = ($self->_call('user'), $self->_call('pass'));
	return "user=$user\001auth=Bearer $token\001\001";
}

sub client_step { '' }

1;
