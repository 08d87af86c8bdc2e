// Says what headscale's two parsers say to texts. Reads one JSON string a line, writes one object a line:
// {"text": TEXT} when both take it, with "parser" and "error" when one refuses it.
package main

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"os"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/tailscale/hujson"
)

type verdict struct {
	Text   string `json:"text"`
	Parser string `json:"parser,omitempty"`
	Error  string `json:"error,omitempty"`
}

func judge(text string) verdict {
	tree, err := hujson.Parse([]byte(text))
	if err != nil {
		return verdict{text, "hujson", err.Error()}
	}
	tree.Standardize()
	// What json.Unmarshal with DefaultOptionsV2 checks of the text, before anything is known of the types.
	if _, err := jsontext.NewDecoder(bytes.NewReader(tree.Pack())).ReadValue(); err != nil {
		return verdict{text, "jsontext", err.Error()}
	}
	return verdict{Text: text}
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := stdjson.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		var text string
		if err := stdjson.Unmarshal(in.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := out.Encode(judge(text)); err != nil {
			panic(err)
		}
	}
}
