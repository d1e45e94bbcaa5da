# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# To be sourced by the scripts beside it. Packages of any Debian suite and architecture, from the
# mirror that this machine uses anyway, unpacked beside the system: an apt root of its own, so that
# the system's package lists and installed packages are neither used nor changed.

ARCHIVE_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

say() { echo "${0##*/}: $*" >&2; }

die() {
	say "$*"
	exit 1
}

# Where downloads that are never installed are kept.
cache_dir() {
	if [ -n "${SLICESTAT_CACHE:-}" ]; then
		echo "$SLICESTAT_CACHE"
	elif [ -n "${XDG_CACHE_HOME:-}" ]; then
		echo "$XDG_CACHE_HOME/slicestat"
	else
		echo "${HOME:-/var}/.cache/slicestat"
	fi
}

# lock_cache: until this script ends; the next one waits, and then finds the work done.
lock_cache() {
	mkdir -p "$(cache_dir)"
	exec 9>"$(cache_dir)/lock"
	flock 9
}

# This machine's suite, such as "bookworm".
own_suite() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "${VERSION_CODENAME:-${VERSION_CODENAME_TESTING:-sid}}")
}

# targets FORMAT [OPTION]: main's package indexes as apt's sources have them. apt does the reading,
# so all places and both forms of sources are understood.
targets() {
	apt-get indextargets 'Created-By: Packages' 'Component: main' --format "$@"
}

# own_source [SUITE]: prints "URI ENTRY" of the machine's own source of the Debian archive; ENTRY is
# the source's place, FILE:NUMBER. Before the first update apt does not know who made an archive: then
# the suite as written in the source decides.
own_source() {
	local suite=${1:-$(own_suite)} source

	# shellcheck disable=SC2016 # the variables are apt's
	source=$(targets '$(ORIGIN)|$(CODENAME)|$(REPO_URI) $(SOURCESENTRY)' |
		sed -n "s/^Debian|$suite|//p")
	if [ -z "$source" ]; then
		# shellcheck disable=SC2016
		source=$(targets '$(RELEASE)|$(REPO_URI) $(SOURCESENTRY)' --no-release-info |
			sed -n "s/^$suite|//p")
	fi
	echo "${source%%$'\n'*}"
}

own_mirror() {
	local source

	source=$(own_source)
	[ -n "$source" ] ||
		die "apt has no source of Debian $(own_suite): add one to /etc/apt/sources.list"
	echo "${source% *}"
}

# Security updates have an archive of their own, as a rule beside the other one.
security_mirror() {
	local source mirror

	source=$(own_source "$(own_suite)-security")
	if [ -n "$source" ]; then
		echo "${source% *}"
	else
		mirror=$(own_mirror)
		mirror=${mirror%/}
		echo "${mirror%/*}/debian-security"
	fi
}

# The key ring that the machine's own source names, else Debian's; nothing where neither is there,
# and apt's own then decide.
own_keyring() {
	local source entry named=

	source=$(own_source)
	entry=${source##* }
	case $entry in
	*.sources:*)
		named=$(awk -v RS= -v n="${entry##*:}" 'NR == n' "${entry%:*}" |
			sed -n 's/^[Ss]igned-[Bb]y: *\(\/[^ ]*\).*/\1/p')
		;;
	*:*)
		named=$(sed -n "${entry##*:}s/.*signed-by=\([^] ]*\).*/\1/p" "${entry%:*}")
		;;
	esac
	if [ -r "${named:-$ARCHIVE_KEYRING}" ]; then
		echo "${named:-$ARCHIVE_KEYRING}"
	fi
}

# suite_mirror SUITE
suite_mirror() {
	case $1 in
	*-security) security_mirror ;;
	*) own_mirror ;;
	esac
}

# source_lines SUITE...: of a sources.list. The indexes of a suite that has ended are not signed anew.
source_lines() {
	local mirror keyring suite options

	keyring=$(own_keyring)
	for suite; do
		mirror=$(suite_mirror "$suite")
		options=${keyring:+signed-by=$keyring}
		[[ $suite != bullseye* ]] || options+=" check-valid-until=no"
		echo "deb ${options:+[$options] }$mirror $suite main"
	done
}

# suites_config ROOT ARCH: what differs from the machine's own configuration, of which proxies must
# stay. Its hooks are for its own package lists and may need root.
suites_config() {
	cat <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear APT::Architectures;
		#clear APT::Default-Release;
		APT::Architecture "$2";
		APT::Architectures "$2";
		APT::Get::List-Cleanup "false";
		APT::Sandbox::User "";
		Acquire::GzipIndexes "true";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::Etc::sourcelist "$1/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::State "$1";
		Dir::State::lists "$1/lists";
		Dir::State::status "/dev/null";
		Dir::Cache "$1/cache";
	END
}

# suites_open ARCH SUITE...: makes the apt root and fetches the indexes. Caller holds the lock. A
# mirror may lack a suite: what is then missing is said by name later.
suites_open() {
	local root

	root=$(cache_dir)/apt/$1
	mkdir -p "$root/lists/partial" "$root/cache/archives/partial"
	suites_config "$root" "$1" >"$root/apt.conf"
	shift
	source_lines "$@" >"$root/sources.list"
	SUITES_CONFIG=$root/apt.conf
	say "reading the package indexes of $*"
	apt-get -c "$SUITES_CONFIG" -qq update || say "not every suite could be read"
}

# newest_version PACKAGE: in the suites opened; prints nothing where none has it.
newest_version() {
	apt-cache -c "$SUITES_CONFIG" madison "$1" | awk -F ' *[|] *' 'NR == 1 { print $2 }'
}

# matching_packages REGEX: prints the whole names that match, of the packages in the suites opened,
# the highest version in the name first.
matching_packages() {
	apt-cache -c "$SUITES_CONFIG" pkgnames | { grep -Ex "$1" || true; } | sort -rV
}

# unpack_files DIRECTORY PACKAGE=VERSION...: downloads into DIRECTORY, unpacks there, and leaves
# only what was in the packages.
unpack_files() {
	local directory=$1 deb

	shift
	say "downloading $*"
	(cd "$directory" && apt-get -c "$SUITES_CONFIG" -qq download "$@") || return
	for deb in "$directory"/*.deb; do
		dpkg-deb -x "$deb" "$directory"
		rm "$deb"
	done
}

# unpack_packages DIRECTORY PACKAGE=VERSION...: all or nothing; replaces DIRECTORY.
unpack_packages() {
	local directory=$1 new=$1.new

	shift
	rm -rf "$new"
	mkdir -p "$new"
	unpack_files "$new" "$@" || return
	rm -rf "$directory"
	mv "$new" "$directory"
}

# with_dependencies PACKAGE...: prints PACKAGE=VERSION of these and of all that they need, as apt
# would install them on a machine that has nothing.
with_dependencies() {
	apt-get -c "$SUITES_CONFIG" -qq -s --no-install-recommends install "$@" |
		sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p'
}
