"""Elections as files: what is written is read again, and what is wrong is said with its line."""

from collections import Counter

import pytest

from flows.kinds.budget import pabulib
from flows.kinds.budget.outcome import Project

FILE = """META
key;value
description;A vote
budget;1000
vote_type;approval
PROJECTS
project_id;cost;votes;name;selected
1;600;2;"School; toilets";1
2;500;1;Lamps;0
VOTES
voter_id;age;vote
7;34;1,2
8;;1
9;20;
"""


def test_a_file_is_read() -> None:
    found = pabulib.read("\ufeff" + FILE.replace("\n", "\r\n"))
    assert found.budget == 1000
    assert found.projects == [Project("1", 600), Project("2", 500)]
    assert found.names["1"] == "School; toilets"
    assert found.ballots == Counter({frozenset({"1", "2"}): 1, frozenset({"1"}): 1, frozenset(): 1})


def test_what_is_written_is_read_again() -> None:
    found = pabulib.read(FILE)
    order = [*found.ballots.elements()]
    text = "\n".join(pabulib.write({"description": "x; y"}, found, ["1"], order))
    again = pabulib.read(text)
    assert again == found
    assert '"x; y"' in text
    assert "1;600;2;" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("approval", "cumulative", "vote_type is 'cumulative'"),
        ("vote_type;approval\n", "", "vote_type is ''"),
        ("budget;1000", "budget;0", "budget is '0'"),
        ("budget;1000", "budget;much", "budget is 'much'"),
        ("budget;1000", "budget;inf", "budget is 'inf'"),
        ("budget;1000", f"budget;{10**15}", "budget is '1000000000000000'"),
        ("1;600", "1;nan", "line 8: cost is 'nan'"),
        ("1;600", "1;600.5", "line 8: cost is '600.5'"),
        ("2;500", "1;500", "line 9: the project '1' stands twice"),
        ("8;;1", "8;;3", "line 13: a vote for '3'"),
        ("project_id;cost", "project_id;price", "line 7: PROJECTS has no column 'cost'"),
        ("VOTES\nvoter_id;age;vote\n7;34;1,2\n8;;1\n9;20;\n", "", "there is no table VOTES"),
        ("9;20;\n", "9;20\n", "line 14: nothing stands under 'vote'"),
        ("2;500;1;Lamps;0", "2", "line 9: nothing stands under 'cost'"),
        ("9;20;", "7;20;", "line 14: the voter '7' stands twice"),
        ("budget;1000", "budget;1000\nnum_votes;4", "num_votes is '4', and there are 3 votes"),
        ("budget;1000", "budget;1000\nnum_projects;x", "num_projects is 'x', and there are 2"),
        ("META\n", "", "line 1: a file begins with META"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(old: str, new: str, said: str) -> None:
    assert old in FILE
    with pytest.raises(pabulib.WrongFile, match=said):
        pabulib.read(FILE.replace(old, new))
