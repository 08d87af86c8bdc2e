# Makes the users that the declaration has and headscale does not: a policy may name them, and keys are minted for them.
# Nobody is changed or removed.
#
#   headscale-users FILE      (a list of {name, email, displayName})

known=$(headscale users list --output json | jq -r '.[]?.name')
jq -c '.[]' "$1" | while read -r user; do
  name=$(jq -r '.name' <<<"$user")
  if grep --quiet --line-regexp --fixed-strings -- "$name" <<<"$known"; then
    continue
  fi
  mapfile -t flags < <(jq -r '
    (.email | select(. != null) | "--email=" + .),
    (.displayName | select(. != null) | "--display-name=" + .)' <<<"$user")
  headscale users create "${flags[@]}" -- "$name" >/dev/null </dev/null
  echo "made the user $name"
done
