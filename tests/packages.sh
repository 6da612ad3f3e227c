#!/usr/bin/env bash
# Debian packages without installing them. Sourced by the tests that need programs which few machines have.
# In: a folder and names of packages. Out: their files below that folder, and what they need and this machine lacks; 1 if they
# cannot be had.

# unpack FOLDER PACKAGE...
unpack() {
  local folder=$1
  shift
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  mkdir -p "$folder/debs/partial" "$folder/lists/partial" "$folder/root"
  local options=(
    -o Dir::Cache::archives="$folder/debs" -o APT::Sandbox::User= -o Debug::NoLocking=1
    -o Acquire::Retries=2 -o Acquire::http::Timeout=20
  )
  fetch() {
    timeout 180 apt-get "${options[@]}" "$@" install --yes --download-only --reinstall --no-install-recommends "${names[@]}"
  }
  local names=("$@")
  # Lists of packages may be absent or old; new ones go into the folder, so that the machine stays as it was.
  local lists=(-o Dir::State::lists="$folder/lists")
  fetch >"$folder/apt.log" 2>&1 ||
    { timeout 180 apt-get "${options[@]}" "${lists[@]}" update && fetch "${lists[@]}"; } >>"$folder/apt.log" 2>&1 || return 1
  local package
  for package in "$folder"/debs/*.deb; do dpkg -x "$package" "$folder/root" || return 1; done
}
