# A certificate authority and one certificate for the names the tests use. Made when the test is built, worth nothing
# outside of it.
{ pkgs, names }:
pkgs.runCommand "tailnet-test-certificates" { nativeBuildInputs = [ pkgs.openssl ]; } ''
  mkdir -p $out
  cd $out
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj '/CN=tailnet tests' -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign' \
    -keyout ca.key -out ca.pem
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=${builtins.head names}' \
    -addext 'subjectAltName=${builtins.concatStringsSep "," (map (name: "DNS:" + name) names)}' \
    -keyout server.key -out server.csr
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -copy_extensions copy -out server.pem
  rm ca.key server.csr
''
