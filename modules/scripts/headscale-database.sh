# Run before headscale starts (`prepare`) and before a switch (`check`): refuses what headscale itself would refuse, with the
# way out, and keeps a copy of the database before a new minor version changes it for good.
#
#   headscale-database check|prepare DATABASE BACKUPS
#
# The version that last used the database stands in its table `database_versions` since 0.29. 0.28 wrote none: such a
# database counts as 0.28, the oldest from which 0.29 takes over.

action=$1 database=$2 backups=$3

if [ ! -s "$database" ]; then
  exit 0 # the first start
fi

new=$(headscale version --output json | jq -r '.version | ltrimstr("v")')
if [[ ! $new =~ ^([0-9]+)\.([0-9]+)\. ]]; then
  echo "headscale calls itself \"$new\": no release, so neither is its database compared nor a copy made"
  exit 0
fi
new_major=${BASH_REMATCH[1]} new_minor=${BASH_REMATCH[2]}

# A copy of headscale's may be writing: wait for it instead of failing.
ask() { sqlite3 -readonly -cmd '.timeout 10000' "$database" "$1"; }

old=0.28.0
if [ "$(ask "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'database_versions'")" = 1 ]; then
  old=$(ask 'SELECT version FROM database_versions WHERE id = 1')
  old=${old#v}
fi
if [[ ! $old =~ ^([0-9]+)\.([0-9]+)\. ]]; then
  echo "the database was last used by headscale \"$old\", which is no release: left to headscale"
  exit 0
fi
old_major=${BASH_REMATCH[1]} old_minor=${BASH_REMATCH[2]}

if [ "$old_major" = "$new_major" ] && [ "$old_minor" = "$new_minor" ]; then
  exit 0
fi
if [ "$old_major" != "$new_major" ] || [ "$new_minor" -lt "$old_minor" ]; then
  echo "headscale $new cannot use a database last used by $old: headscale does not go back a minor version" >&2
  echo "go on with headscale $old, or stop it and restore a copy from $backups" >&2
  exit 1
fi
if [ "$new_minor" -gt $((old_minor + 1)) ]; then
  echo "headscale $new cannot use a database last used by $old: it upgrades one minor version at a time" >&2
  echo "run headscale $old_major.$((old_minor + 1)) first: set services.headscale.package to it, switch, then take the next" >&2
  exit 1
fi
if [ "$action" = check ]; then
  exit 0
fi

umask 077
mkdir -p "$backups"
copy=$backups/$old-before-$new.sqlite
if [ -e "$copy" ]; then
  exit 0 # an earlier start of this upgrade made it; what came after may be half migrated
fi
sqlite3 -cmd '.timeout 10000' "$database" ".backup '$copy.part'"
# One file, without a journal beside it.
sqlite3 "$copy.part" 'PRAGMA journal_mode = delete' >/dev/null
if [ "$(sqlite3 -readonly "$copy.part" 'PRAGMA integrity_check')" != ok ]; then
  echo "the copy of $database is damaged: not upgrading to headscale $new" >&2
  exit 1
fi
mv "$copy.part" "$copy"
echo "kept the database of headscale $old as $copy before headscale $new changes it"
