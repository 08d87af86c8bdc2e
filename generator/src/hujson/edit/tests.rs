use super::*;
use crate::hujson::parse;
use crate::source::SourceId;

fn tree(text: &str) -> Value {
    let parsed = parse(SourceId(0), text, Flavour::Hujson);
    assert_eq!(parsed.errors, [], "{text}");
    parsed.root.unwrap()
}

#[track_caller]
fn removing(text: &str, indices: &[usize], expected: &str) {
    let edits = remove(text, Flavour::Hujson, &tree(text), indices).unwrap();
    assert_eq!(apply(text, &edits).unwrap(), expected);
    tree(expected);
}

#[track_caller]
fn inserting(text: &str, index: usize, new: &str, expected: &str) {
    let edits = insert(text, Flavour::Hujson, &tree(text), index, new).unwrap();
    assert_eq!(apply(text, &edits).unwrap(), expected);
    tree(expected);
}

#[test]
fn an_element_goes_with_its_comma() {
    removing("[1, 2, 3]", &[0], "[2, 3]");
    removing("[1, 2, 3]", &[1], "[1, 3]");
    removing("[1, 2, 3]", &[2], "[1, 2]");
    removing("[1, 2, 3,]", &[2], "[1, 2,]");
    removing("[1, 2, 3]", &[1, 2], "[1]");
    removing("[1, 2, 3]", &[0, 2], "[2]");
    removing("[1, 2, 3]", &[0, 1, 2, 7], "[]");
    removing("[ 1 ]", &[0], "[]");
    removing("[1,\n 2, 3]", &[0], "[\n 2, 3]");
    removing("[1, 2,\n 3]", &[1], "[1,\n 3]");
    removing("[\n 1, 2]", &[0], "[\n 2]");
}

#[test]
fn a_member_goes_with_its_comments_and_lines() {
    let text = "{\n\t// about a\n\t\"a\": 1, // behind a\n\n\t// a heading\n\n\t// about b\n\t/* too */ \"b\": 2, // behind b\n\t\"c\": 3 // behind c\n}\n";
    removing(
        text,
        &[0],
        "{\n\n\t// a heading\n\n\t// about b\n\t/* too */ \"b\": 2, // behind b\n\t\"c\": 3 // behind c\n}\n",
    );
    removing(
        text,
        &[1],
        "{\n\t// about a\n\t\"a\": 1, // behind a\n\n\t// a heading\n\n\t\"c\": 3 // behind c\n}\n",
    );
    removing(
        text,
        &[2],
        "{\n\t// about a\n\t\"a\": 1, // behind a\n\n\t// a heading\n\n\t// about b\n\t/* too */ \"b\": 2 // behind b\n}\n",
    );
    removing(text, &[0, 1, 2], "{\n\n\t// a heading\n\n}\n");
}

#[test]
fn comments_of_the_neighbours_stay() {
    removing(
        "[ // the list\n 1, // one\n 2, // two\n]",
        &[0],
        "[ // the list\n 2, // two\n]",
    );
    removing("[1, /* two */ 2, 3]", &[0], "[/* two */ 2, 3]");
    removing("[1, /* two */ 2, 3]", &[1], "[1, 3]");
    removing("[1 /* one */, 2]", &[1], "[1 /* one */]");
}

#[test]
fn an_element_comes_with_a_comma() {
    inserting("[]", 0, "9", "[9]");
    inserting("[1, 2]", 0, "9", "[9, 1, 2]");
    inserting("[1, 2]", 1, "9", "[1, 9, 2]");
    inserting("[1, 2]", 2, "9", "[1, 2, 9]");
    inserting("[1, 2,]", 5, "9", "[1, 2, 9,]");
    inserting("[1 /* one */]", 1, "9", "[1 /* one */, 9]");
    inserting("[1, /* one */]", 1, "9", "[1, /* one */\n9,]");
    inserting("[ /* none */ ]", 0, "9", "[ /* none */ 9 ]");
}

#[test]
fn a_member_comes_on_a_line_of_its_own_where_the_others_have_one() {
    let text = "{\n\t// about a\n\t\"a\": 1, // behind a\n\t// end\n}\n";
    inserting(
        text,
        0,
        "\"z\": 9",
        "{\n\t\"z\": 9,\n\t// about a\n\t\"a\": 1, // behind a\n\t// end\n}\n",
    );
    inserting(
        text,
        1,
        "\"z\": 9",
        "{\n\t// about a\n\t\"a\": 1, // behind a\n\t\"z\": 9,\n\t// end\n}\n",
    );
    inserting(
        "{\n  \"a\": 1 // x\n}",
        1,
        "\"z\": 9",
        "{\n  \"a\": 1, // x\n  \"z\": 9\n}",
    );
    inserting(
        "{\n\t// nothing yet\n}",
        0,
        "\"z\": 9",
        "{\n\t// nothing yet\n\t\"z\": 9\n}",
    );
}

#[test]
fn what_is_no_array_or_object_has_no_inside() {
    assert_eq!(remove("1", Flavour::Hujson, &tree("1"), &[0]), None);
    assert_eq!(insert("1", Flavour::Hujson, &tree("1"), 0, "2"), None);
    assert_eq!(remove("[1]", Flavour::Hujson, &tree("[1]"), &[1]), None);
    assert_eq!(remove("[2 1]", Flavour::Hujson, &tree("[2,1]"), &[5]), None);
}

#[test]
fn names_are_quoted() {
    let text = "{\"a\": 1}";
    let name = tree(text).member("a").unwrap().name.span;
    assert_eq!(
        apply(text, &[rename(name, "tab\t\"q\"")]).unwrap(),
        "{\"tab\\t\\\"q\\\"\": 1}"
    );
}

#[test]
fn replacements_come_in_order_and_may_not_overlap() {
    let at = |start, end, text: &str| replace(Span::new(SourceId(0), start, end), text);
    assert_eq!(
        apply("abc", &[at(2, 3, "C"), at(0, 1, "A"), at(2, 2, "+")]).unwrap(),
        "Ab+C"
    );
    assert_eq!(apply("abc", &[at(0, 2, ""), at(1, 3, "")]), Err(EditError::Overlap(1)));
    assert_eq!(apply("ä", &[at(1, 2, "")]), Err(EditError::NoCharacter(1)));
    assert_eq!(apply("a", &[at(0, 9, "")]), Err(EditError::NoCharacter(0)));
    let other = replace(Span::new(SourceId(1), 1, 1), "");
    assert_eq!(apply("a", &[at(0, 0, ""), other]), Err(EditError::Sources));
}
