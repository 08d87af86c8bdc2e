use super::*;

#[track_caller]
fn becomes(text: &str, expected: &str) {
    let formatted = format(text, Flavour::Hujson).unwrap();
    assert_eq!(formatted, expected, "\n{formatted}");
    assert_eq!(
        format(&formatted, Flavour::Hujson).unwrap(),
        formatted,
        "not idempotent"
    );
}

#[test]
fn tabs_one_item_a_line_and_a_comma_after_each() {
    becomes(
        "// c\n{\"a\":1,\"b\":{\n\"c\":[1,2,3],\"d\":[{\"e\":null}]}}",
        "// c\n{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": [1, 2, 3],\n\t\t\"d\": [{\"e\": null}],\n\t},\n}\n",
    );
}

#[test]
fn plain_json_stays_plain_json() {
    becomes("{\"a\":1,\n\"b\":[\n1,\n2\n]}", "{\n\t\"a\": 1,\n\t\"b\": [1, 2]\n}\n");
    becomes("{\"a\":1,}", "{\n\t\"a\": 1,\n}\n");
    becomes(" 1 ", "1\n");
    becomes("[\n]", "[]\n");
    becomes("{ }", "{}\n");
}

#[test]
fn objects_keep_the_line_they_were_written_on_when_it_fits() {
    becomes(
        "{\"acls\": [{\"src\":[\"a\"],\"dst\":[\"b:*\",],},\n{\"src\": [\"a\"],\n\"dst\": [\"b:*\"]}]}",
        "{\n\t\"acls\": [\n\t\t{\"src\": [\"a\"], \"dst\": [\"b:*\"]},\n\t\t{\n\t\t\t\"src\": [\"a\"],\n\t\t\t\"dst\": [\"b:*\"],\n\t\t},\n\t],\n}\n",
    );
}

/// The width counts tabs as four columns, the name before and the comma behind.
#[test]
fn an_array_of_scalars_stands_on_one_line_exactly_as_long_as_it_fits() {
    let array = |length: usize| format!("{{\"a\": [1, \"{}\"],}}", "x".repeat(length));
    // 4 + `"a": [1, "` + x + `"],`
    let most = WIDTH - 4 - 10 - 3;
    assert_eq!(format(&array(most), Flavour::Hujson).unwrap().lines().count(), 3);
    assert_eq!(format(&array(most + 1), Flavour::Hujson).unwrap().lines().count(), 6);
}

#[test]
fn comments_stay_with_what_they_comment_on() {
    becomes(
        "// head\n\n\n/* second */ { // open\n  // above a\n  \"a\": 1 // behind a\n\n\n  , \"b\": [ // open b\n 1, // one\n /* in front */ 2\n // last\n ] /* behind b */ // too\n } // tail\n\n// end\n",
        "// head\n\n/* second */ { // open\n\t// above a\n\t\"a\": 1, // behind a\n\t\"b\": [ // open b\n\t\t1, // one\n\t\t/* in front */ 2,\n\t\t// last\n\t], /* behind b */ // too\n} // tail\n\n// end\n",
    );
}

#[test]
fn comments_between_a_name_and_its_value() {
    becomes("{\"a\" /* x */ : /* y */ 1}", "{\n\t\"a\": /* x */ /* y */ 1,\n}\n");
    becomes(
        "{\"z\": 0,\n\n\"a\" // x\n : /* y */ 1}",
        "{\n\t\"z\": 0,\n\n\t// x\n\t/* y */\n\t\"a\": 1,\n}\n",
    );
    becomes("{\"a\": // x\n [1]}", "{\n\t// x\n\t\"a\": [1],\n}\n");
}

#[test]
fn comments_around_commas() {
    becomes("[1 /* a */, 2]", "[\n\t1, /* a */\n\t2,\n]\n");
    becomes("[1, /* b */ 2]", "[\n\t1,\n\t/* b */ 2,\n]\n");
    becomes("[1 // a\n, 2 // b\n]", "[\n\t1, // a\n\t2, // b\n]\n");
    becomes("[1\n// a\n, /* b */ 2]", "[\n\t1,\n\t// a\n\t/* b */ 2,\n]\n");
    becomes("[1, /* c */]", "[\n\t1, /* c */\n]\n");
    becomes("[ /* c */ ]", "[\n\t/* c */\n]\n");
    becomes("{ // c\n}", "{ // c\n}\n");
}

#[test]
fn blank_lines_are_kept_one_at_a_time_and_not_at_brackets() {
    becomes(
        "{\n\n\n\"a\": {},\n\n\n\n\"b\": {},\n\n}",
        "{\n\t\"a\": {},\n\n\t\"b\": {},\n}\n",
    );
    becomes("[\n\n// c\n\n{}]", "[\n\t// c\n\n\t{},\n]\n");
}

#[test]
fn block_comments_move_with_their_first_line() {
    becomes(
        "{\n/*\n * stars\n   * more  \n */\n\"a\": 1}",
        "{\n\t/*\n\t * stars\n\t * more\n\t */\n\t\"a\": 1,\n}\n",
    );
    becomes(
        "{\n  /* text\n     in\n\n       it */\n\"a\": 1}",
        "{\n\t/* text\n\tin\n\n\t  it */\n\t\"a\": 1,\n}\n",
    );
}

#[test]
fn line_ends_of_other_systems_go() {
    becomes(
        "{\r\n\"a\": 1, // c\r\n\r\n\"b\": /* x\r\ny */ 2,\r\n}\r\n",
        "{\n\t\"a\": 1, // c\n\n\t/* x\n\ty */\n\t\"b\": 2,\n}\n",
    );
}

#[test]
fn strings_and_numbers_stay_as_written() {
    becomes("[\"\\u0041\\/\", 1.0e+5, -0]", "[\"\\u0041\\/\", 1.0e+5, -0]\n");
}

#[test]
fn json5_keeps_its_own_ways() {
    let formatted = format("{a:'x\\\ny',b:[+1,.5]}", Flavour::Json5).unwrap();
    assert_eq!(formatted, "{\n\ta: 'x\\\ny',\n\tb: [+1, .5]\n}\n");
}

#[test]
fn a_text_with_errors_is_not_touched() {
    assert_eq!(format("{\"a\": 1 \"b\": 2}", Flavour::Hujson).unwrap_err().len(), 1);
    assert_eq!(format("{\"a\": 1, \"a\": 2}", Flavour::Hujson).unwrap_err().len(), 1);
    assert_eq!(format("", Flavour::Hujson).unwrap_err().len(), 1);
}
