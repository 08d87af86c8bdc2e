# headscale's configuration where nothing may be built while Nix evaluates: what the declaration decides ($node), over what the
# host and its modules have ($own). A value that the host wrote ($written: its paths) and the declaration decides otherwise
# is an error, as it is an assertion where the artifacts can be read in time.
$node[0].headscale.settings as $declared
| $own[0] as $own
| def decided($path):
    first(
      range(0; ($path | length) + 1)
      | . as $length
      | ($declared | getpath($path[:$length])) as $value
      | if $value == null then null
        elif ($value | type) != "object" or $value == {} then $path[:$length]
        else empty
        end
    );
  [
    $written[0][]
    | decided(.)
    | select(. != null)
    | select(. as $path | ($declared | getpath($path)) != ($own | getpath($path)))
  ]
| unique
| if length > 0 then
    map(
      . as $path
      | "TN601 tailnet.cluster and services.headscale.settings.\($path | join(".")): the declaration makes this \($declared | getpath($path) | tojson), and the host sets \($own | getpath($path) | tojson)"
    )
    | join("\n")
    | halt_error(1)
  else
    $own * $declared
  end
