"""A pack is read whole or refused whole, and every mistake is told once with its file, line and field."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from nennep.packs.reading import BadPackError, find_mistakes, pack_digest, read_pack, shipped_pack

# The smallest pack that says a little of everything: one headquarters, two provinces of which the second merges
# into the first, two posts.
SOUND = {
    "pack.toml": """\
code = "tiny"
name = "Nhỏ"
name_en = "Tiny"
version = "1.0.0"
takes_effect_on = 2024-01-01
languages = ["vi", "en"]
default_language = "vi"
description = "Một bộ quy tắc nhỏ."

[[lines]]
code = "command"
name = "Chỉ huy"
name_en = "Command"
roots = ["headquarters"]
one_root = true

[[lines]]
code = "professional"
name = "Nghiệp vụ"
name_en = "Professional"
roots = ["headquarters"]
outside = ["province", "post"]
""",
    "unit_kinds.csv": """\
code,name,name_en,order
headquarters,Bộ Tư lệnh,Headquarters,1
province,Tỉnh,Province,2
post,Đồn,Post,3
""",
    "fields.csv": """\
code,name,name_en,order,starts_on,ends_on
patrol,Tuần tra,Patrol,1,2024-01-01,
""",
    "units_of_measure.csv": """\
code,name,name_en,decimals
turn,lượt,turns,0
percent,%,%,2
""",
    "statement_kinds.csv": """\
code,name,name_en,order
result,Kết quả,Result,1
""",
    "units.csv": """\
code,kind,demonstration,starts_on,ends_on
HQ,headquarters,no,2024-01-01,
P1,province,no,2024-01-01,
P2,province,no,2024-01-01,2025-07-01
P1-01,post,yes,2024-01-01,
P2-01,post,yes,2024-01-01,
""",
    "unit_names.csv": """\
unit,name,short_name,starts_on,ends_on,place
HQ,Bộ Tư lệnh,BTL,2024-01-01,,Hà Nội
P1,Bộ Chỉ huy Một,Một,2024-01-01,2025-07-01,Một
P1,Ban Chỉ huy Một,Một,2025-07-01,,Một
P2,Bộ Chỉ huy Hai,Hai,2024-01-01,2025-07-01,Hai
P1-01,Đồn Pá Hu,Pá Hu,2024-01-01,,Pá Hu
P2-01,Đồn Nậm Lìn,Nậm Lìn,2024-01-01,,Nậm Lìn
""",
    "edges.csv": """\
unit,parent,line,starts_on,ends_on
P1,HQ,command,2024-01-01,
P2,HQ,command,2024-01-01,2025-07-01
P1-01,P1,command,2024-01-01,
P2-01,P2,command,2024-01-01,2025-07-01
P2-01,P1,command,2025-07-01,
""",
    "successions.csv": """\
code,kind,predecessor,successor,effective_on,decision_number,decision_on,certainty,source,note
2025-merge,merge,P2,P1,2025-07-01,,2025-06-21,less_certain,Báo,
2025-rename,rename,P1,P1,2025-07-01,,2025-06-21,certain,Báo,
2025-transfer,transfer,P2-01,P2-01,2025-07-01,,2025-06-21,certain,Báo,
""",
    "posts.csv": """\
code,unit_kind,title,title_en,permissions,order
post.commander,post,Đồn trưởng,Commander,reporting.view reporting.submit,1
""",
    "indicators.csv": """\
code,name,name_en,field,unit_of_measure,kind,over_units,over_time,numerator,denominator,factor,part_of,\
balance,lower,upper,decimals,jump_ratio,cleared_by,source,starts_on,ends_on,opening_of
patrol.teams,Lượt tổ,Teams,patrol,turn,flow,sum,sum,,,,,no,0,,0,3,demo,Báo,2024-01-01,,
patrol.land,Đất liền,Land,patrol,turn,flow,sum,sum,,,,patrol.teams,yes,0,,0,3,demo,Báo,2024-01-01,,
patrol.sea,Biển,Sea,patrol,turn,flow,sum,sum,,,,patrol.teams,yes,0,,0,3,demo,Báo,2024-01-01,,
patrol.sea_share,Tỷ lệ,Share,patrol,percent,ratio,ratio,ratio,patrol.sea,patrol.teams,100,,no,0,100,2,,\
demo,Báo,2024-01-01,,
patrol.homes,Hộ,Homes,patrol,turn,distinct,none,last,,,,,no,0,,0,,demo,Báo,2024-01-01,2025-01-01,
""",
    "synonyms.csv": """\
indicator,phrase
patrol.teams,tuần tra
patrol.teams,tổ chức tuần tra
patrol.sea,tuần tra … trên biển
""",
    "forms/monthly-1.toml": """\
code = "monthly"
version = 1
name = "Báo cáo tháng"
name_en = "Monthly report"
frequency = "month"
starts_on = 2024-01-01
source = "Minh họa"
unit_kinds = ["post", "province"]

[[sections]]
kind = "cells"
letter = "I"
title = "Tuần tra"
title_en = "Patrol"
sentences = [
    "Tuần tra {patrol.teams} lượt tổ.",
]
rows = [
    { number = "1", indicator = "patrol.teams", required = true },
    { number = "1.1", indicator = "patrol.land", required = false },
    { number = "1.2", indicator = "patrol.sea", required = false },
    { number = "2", indicator = "patrol.sea_share", required = false },
]

[[sections]]
kind = "words"
letter = "II"
title = "Kết quả"
title_en = "Results"
heading = "Kết quả"
statement_kinds = ["result"]
required_kinds = ["result"]
""",
    "duties.csv": """\
form,unit_kind,line,frequency,calendar,due_days,due_time,starts_on,ends_on,clause
monthly,post,command,month,nd09,3,17:00,2024-01-01,,Điều 12
""",
    "calendars.toml": """\
[[calendars]]
code = "nd09"
name = "Nghị định 09"
name_en = "Decree 09"
source = "Nghị định 09/2019/NĐ-CP"

[[calendars.kinds]]
kind = "week"
first_weekday = 3
starts_on = 2024-01-01
clause = "Đơn vị"

[[calendars.kinds]]
kind = "month"
start_day = 15
start_month_offset = -1
months = 1
first_months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
starts_on = 2024-01-01
clause = "Điều 12"
""",
    "targets.csv": """\
unit,indicator,year,value,demonstration,source
HQ,patrol.teams,2024,1000,yes,Minh họa
""",
    "paper.toml": """\
[[layouts]]
unit_kind = "post"
starts_on = 2024-01-01
superior = "{superior}"
superior_line = "command"
issuer = "{unit}"
symbol = "ĐBP"
signer_title = "Đồn trưởng"
recipients = ["Lưu: VT"]
source = "Nghị định 30/2020/NĐ-CP"
""",
    "documents.toml": """\
[[series]]
code = "state_out"
name = "Văn bản đi"
name_en = "Outgoing"
family = "state"
clause = "Nghị định 30/2020/NĐ-CP Phụ lục I"

[[signing]]
code = "commander"
signers = [
  { unit_kind = "post", post = "post.commander", capacity = "OWN" },
]

[[types]]
code = "plan"
abbreviation = "KH"
name = "Kế hoạch"
name_en = "Plan"
group = "plan"
series = "state_out"
signing = "commander"
issuers = ["post"]
clause = "Nghị định 30/2020/NĐ-CP Điều 7"
starts_on = 2024-01-01
""",
    "planning.toml": """\
[[holidays]]
name = "Quốc khánh"
name_en = "National Day"
starts_on = 2024-09-01
ends_on = 2024-09-03
clause = "Bộ luật Lao động Điều 112"

[[capacities]]
unit_kind = "post"
tasks_a_day = 5
clause = "Quy định của đơn vị"
starts_on = 2024-01-01
""",
}

# What stands in the pack, what is put in its place, and every mistake that must be told: file:line: field.
ROWS = [
    # A row alone
    ("a bad day", "units.csv", "P2,province,no,2024-01-01", "P2,province,no,01/01/2024", ["units.csv:4: starts_on"]),
    (
        "a day that is not one",
        "units.csv",
        "2024-01-01,2025-07-01",
        "2024-02-30,2025-07-01",
        ["units.csv:4: starts_on"],
    ),
    ("an end before its start", "units.csv", "2025-07-01", "2023-07-01", ["units.csv:4: ends_on"]),
    ("neither yes nor no", "units.csv", "P1,province,no", "P1,province,maybe", ["units.csv:3: demonstration"]),
    ("an empty cell that is needed", "unit_names.csv", "Đồn Pá Hu,", ",", ["unit_names.csv:6: name"]),
    ("a line of authority nobody has", "edges.csv", "P1,HQ,command", "P1,HQ,family", ["edges.csv:2: line"]),
    ("a badly made unit code", "posts.csv", "post.commander", "Commander", ["posts.csv:2: code"]),
    ("an unknown permission", "posts.csv", "reporting.submit", "reporting.everything", ["posts.csv:2: permissions[2]"]),
    ("a bad time of day", "duties.csv", "17:00", "17h", ["duties.csv:2: due_time"]),
    (
        "a flow that is averaged",
        "indicators.csv",
        "flow,sum,sum,,,,,no",
        "flow,sum,mean,,,,,no",
        ["indicators.csv:2: over_time"],
    ),
    (
        "a ratio without parts",
        "indicators.csv",
        "patrol.sea,patrol.teams,100",
        "patrol.sea,,100",
        ["indicators.csv:5: factor"],
    ),
    (
        "a count with a factor",
        "indicators.csv",
        "sum,sum,,,,patrol.teams,yes,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea,",
        "sum,sum,,,2,patrol.teams,yes,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea,",
        ["indicators.csv:3: factor"],
    ),
    ("bounds that cross", "indicators.csv", "no,0,100,2", "no,100,0,2", ["indicators.csv:5: upper"]),
    ("a merge into itself", "successions.csv", "merge,P2,P1", "merge,P1,P1", ["successions.csv:2: successor"]),
    ("a rename into another", "successions.csv", "rename,P1,P1", "rename,P1,P2", ["successions.csv:3: successor"]),
    (
        "a decision after its effect",
        "successions.csv",
        "2025-07-01,,2025-06-21,less",
        "2025-07-01,,2025-07-02,less",
        ["successions.csv:2: decision_on"],
    ),
    ("a language of no pack", "pack.toml", '["vi", "en"]', '["en"]', ["pack.toml:7: default_language"]),
    ("an unknown key", "pack.toml", "one_root = true", "only_root = true", ["pack.toml:15: lines[1].only_root"]),
    (
        "a required kind not taken",
        "forms/monthly-1.toml",
        'required_kinds = ["result"]',
        'required_kinds = ["task"]',
        ["forms/monthly-1.toml:32: sections[2].required_kinds"],
    ),
    (
        "a key missing in a cell",
        "forms/monthly-1.toml",
        'number = "1.2", ',
        "",
        ["forms/monthly-1.toml:21: sections[1].rows[3].number"],
    ),
    (
        "a section of no kind",
        "forms/monthly-1.toml",
        'kind = "words"',
        'kind = "music"',
        ["forms/monthly-1.toml:25: sections[2]"],
    ),
    (
        "a start day no February has",
        "calendars.toml",
        "start_day = 15",
        "start_day = 31",
        ["calendars.toml:15: calendars[1].kinds[2].start_day"],
    ),
    # A file
    (
        "an unknown column",
        "fields.csv",
        "order,starts_on,ends_on",
        "order,starts_on,ends_on,colour",
        ["fields.csv:1: colour"],
    ),
    (
        "a missing column",
        "fields.csv",
        "order,starts_on,ends_on",
        "order,starts_on,end",
        ["fields.csv:1: end", "fields.csv:1: ends_on"],
    ),
    ("a column twice", "fields.csv", "name,name_en,order", "name,name_en,name,order", ["fields.csv:1: name"]),
    ("a row too short", "targets.csv", ",yes,Minh họa", "", ["targets.csv:2"]),
    ("broken quotes", "targets.csv", "Minh họa", '"Minh" họa', ["targets.csv:2"]),
    ("broken TOML", "paper.toml", 'symbol = "ĐBP"', "symbol = ĐBP", ["paper.toml:7"]),
    ("a stray space", "unit_names.csv", "Đồn Pá Hu,", "Đồn Pá Hu ,", ["unit_names.csv:6: name"]),
    (
        "text in another Unicode form",
        "unit_names.csv",
        "Đồn Pá Hu,",
        unicodedata.normalize("NFD", "Đồn Pá Hu") + ",",
        ["unit_names.csv:6: name"],
    ),
    (
        "text in another Unicode form in TOML",
        "forms/monthly-1.toml",
        "lượt tổ.",
        unicodedata.normalize("NFD", "lượt tổ."),
        ["forms/monthly-1.toml:16: sections[1].sentences[1]"],
    ),
    # Between files
    (
        "a code twice",
        "units.csv",
        "P1-01,post,yes,2024-01-01,\n",
        "P1-01,post,yes,2024-01-01,\n" * 2,
        ["units.csv:6: code"],
    ),
    ("an unknown unit kind", "units.csv", "P1-01,post", "P1-01,fort", ["units.csv:5: kind"]),
    ("a name of no unit", "unit_names.csv", "P1-01,Đồn", "P9-01,Đồn", ["unit_names.csv:6: unit", "units.csv:5: code"]),
    ("an unknown superior", "edges.csv", "P1-01,P1", "P1-01,P9", ["edges.csv:4: parent"]),
    ("its own superior", "edges.csv", "P1-01,P1", "P1-01,P1-01", ["edges.csv:4: parent"]),
    (
        "a unit before the pack",
        "pack.toml",
        "2024-01-01",
        "2024-01-02",
        [f"units.csv:{line}: starts_on" for line in range(2, 7)],
    ),
    (
        "two names at once",
        "unit_names.csv",
        "Ban Chỉ huy Một,Một,2025-07-01",
        "Ban Chỉ huy Một,Một,2025-06-01",
        ["unit_names.csv:4: starts_on", "successions.csv:3: effective_on"],
    ),
    (
        "days without a name",
        "unit_names.csv",
        "Ban Chỉ huy Một,Một,2025-07-01",
        "Ban Chỉ huy Một,Một,2025-07-15",
        ["units.csv:3: code", "successions.csv:3: effective_on"],
    ),
    ("a name beyond its unit", "unit_names.csv", "2025-07-01,Hai", "2025-08-01,Hai", ["unit_names.csv:5: starts_on"]),
    (
        "two superiors at once",
        "edges.csv",
        "P2-01,P2,command,2024-01-01,2025-07-01",
        "P2-01,HQ,command,2024-01-01,",
        ["edges.csv:6: starts_on"],
    ),
    (
        "a superior that has ended",
        "edges.csv",
        "P2-01,P2,command,2024-01-01,2025-07-01\nP2-01,P1,command,2025-07-01,",
        "P2-01,P2,command,2024-01-01,",
        ["edges.csv:5: parent", "successions.csv:4: effective_on"],
    ),
    (
        "days without a superior",
        "edges.csv",
        "P2-01,P1,command,2025-07-01",
        "P2-01,P1,command,2025-08-01",
        ["units.csv:6: code", "successions.csv:4: effective_on"],
    ),
    (
        "a line that is not for it",
        "edges.csv",
        "P1-01,P1,command,2024-01-01,\n",
        "P1-01,P1,command,2024-01-01,\nP1-01,P1,professional,2024-01-01,\n",
        ["edges.csv:5: line"],
    ),
    ("a cycle", "edges.csv", "P1,HQ,command", "P1,P1-01,command", ["edges.csv:2: parent"]),
    (
        "no mistake: a headquarters under another is no second root",
        "units.csv",
        "P1-01,post,yes",
        "P1-01,headquarters,yes",
        [],
    ),
    ("a root beside the root", "edges.csv", "P1-01,P1,command,2024-01-01,\n", "", ["units.csv:5: code"]),
    (
        "a merged unit that goes on",
        "successions.csv",
        "merge,P2,P1",
        "merge,P2-01,P1",
        ["successions.csv:2: predecessor"],
    ),
    (
        "a successor that was there before",
        "successions.csv",
        "merge,P2,P1",
        "split,P2,P1",
        ["successions.csv:2: successor"],
    ),
    (
        "a rename without a name",
        "successions.csv",
        "rename,P1,P1",
        "rename,P1-01,P1-01",
        ["successions.csv:3: effective_on"],
    ),
    (
        "a transfer without an edge",
        "successions.csv",
        "transfer,P2-01,P2-01",
        "transfer,P1-01,P1-01",
        ["successions.csv:4: effective_on"],
    ),
    (
        "one event on two days",
        "successions.csv",
        "2025-transfer,transfer",
        "2025-rename,transfer",
        ["successions.csv:4: kind"],
    ),
    (
        "an unknown field of work",
        "indicators.csv",
        "Lượt tổ,Teams,patrol",
        "Lượt tổ,Teams,sport",
        ["indicators.csv:2: field"],
    ),
    (
        "a whole nobody knows",
        "indicators.csv",
        "patrol.teams,yes",
        "patrol.boats,yes",
        ["indicators.csv:3: part_of", "indicators.csv:4: part_of"],
    ),
    (
        "a cycle of parts",
        "indicators.csv",
        "turn,flow,sum,sum,,,,,no",
        "turn,flow,sum,sum,,,,patrol.land,no",
        ["indicators.csv:3: part_of"],
    ),
    (
        "a part in another measure",
        "indicators.csv",
        "Land,patrol,turn",
        "Land,patrol,percent",
        ["indicators.csv:3: unit_of_measure"],
    ),
    (
        "a ratio of what has no total",
        "indicators.csv",
        "ratio,ratio,ratio,patrol.sea,",
        "ratio,ratio,ratio,patrol.homes,",
        [
            "indicators.csv:5: numerator",
            "indicators.csv:5: numerator",
            "forms/monthly-1.toml:22: sections[1].rows[4].indicator",
        ],
    ),
    (
        "a balance of what is no part",
        "indicators.csv",
        "Teams,patrol,turn,flow,sum,sum,,,,,no",
        "Teams,patrol,turn,flow,sum,sum,,,,,yes",
        ["indicators.csv:2: balance"],
    ),
    (
        "an opening of what is no stock",
        "indicators.csv",
        "yes,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea,",
        "yes,0,,0,3,demo,Báo,2024-01-01,,patrol.homes\npatrol.sea,",
        ["indicators.csv:3: opening_of"],
    ),
    (
        "an opening of what is not there",
        "indicators.csv",
        "yes,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea,",
        "yes,0,,0,3,demo,Báo,2024-01-01,,patrol.boats\npatrol.sea,",
        ["indicators.csv:3: opening_of"],
    ),
    (
        "a balance of one part alone",
        "indicators.csv",
        "patrol.teams,yes,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea_share",
        "patrol.teams,no,0,,0,3,demo,Báo,2024-01-01,,\npatrol.sea_share",
        ["indicators.csv:3: balance"],
    ),
    (
        "one event known in two ways",
        "successions.csv",
        "2025-transfer,transfer,P2-01,P2-01,2025-07-01,,2025-06-21,certain,Báo,\n",
        (
            "2025-transfer,transfer,P2-01,P2-01,2025-07-01,,2025-06-21,certain,Báo,\n"
            "2025-merge,merge,P2,HQ,2025-07-01,,2025-06-21,certain,Báo,\n"
        ),
        ["successions.csv:5: certainty"],
    ),
    (
        "a section letter twice",
        "forms/monthly-1.toml",
        'letter = "II"',
        'letter = "I"',
        ["forms/monthly-1.toml:27: sections[2].letter"],
    ),
    (
        "finer than its measure",
        "indicators.csv",
        "sum,,,,,no,0,,0,3",
        "sum,,,,,no,0,,2,3",
        ["indicators.csv:2: decimals"],
    ),
    (
        "a cell of no indicator",
        "forms/monthly-1.toml",
        'indicator = "patrol.sea_share"',
        'indicator = "patrol.moon"',
        ["forms/monthly-1.toml:22: sections[1].rows[4].indicator"],
    ),
    (
        "a cell of an ended indicator",
        "forms/monthly-1.toml",
        'indicator = "patrol.sea_share"',
        'indicator = "patrol.homes"',
        ["forms/monthly-1.toml:22: sections[1].rows[4].indicator"],
    ),
    (
        "a cell twice",
        "forms/monthly-1.toml",
        'indicator = "patrol.sea_share"',
        'indicator = "patrol.sea"',
        ["forms/monthly-1.toml:22: sections[1].rows[4].indicator"],
    ),
    (
        "a ratio to be typed",
        "forms/monthly-1.toml",
        '"patrol.sea_share", required = false',
        '"patrol.sea_share", required = true',
        ["forms/monthly-1.toml:22: sections[1].rows[4].indicator"],
    ),
    (
        "a balance with a part left out",
        "forms/monthly-1.toml",
        '    { number = "1.1", indicator = "patrol.land", required = false },\n',
        "",
        ["forms/monthly-1.toml:20: sections[1].rows[2].indicator"],
    ),
    (
        "a sentence about nothing",
        "forms/monthly-1.toml",
        "{patrol.teams}",
        "{patrol.moons}",
        ["forms/monthly-1.toml:16: sections[1].sentences[1]"],
    ),
    (
        "a sentence about another form",
        "forms/monthly-1.toml",
        "{patrol.teams}",
        "{patrol.homes}",
        ["forms/monthly-1.toml:16: sections[1].sentences[1]"],
    ),
    (
        "an open brace",
        "forms/monthly-1.toml",
        "{patrol.teams} lượt",
        "{patrol.teams lượt",
        ["forms/monthly-1.toml:16: sections[1].sentences[1]"],
    ),
    (
        "an unknown statement kind",
        "forms/monthly-1.toml",
        '["result"]',
        '["song"]',
        ["forms/monthly-1.toml:31: sections[2].statement_kinds[1]"],
    ),
    (
        "a form of no kind of unit",
        "forms/monthly-1.toml",
        '["post", "province"]',
        '["post", "fort"]',
        ["forms/monthly-1.toml:8: unit_kinds[2]"],
    ),
    ("a duty without a form", "duties.csv", "monthly,post", "yearly,post", ["duties.csv:2: form"]),
    (
        "a duty older than its form",
        "duties.csv",
        "2024-01-01",
        "2023-01-01",
        ["duties.csv:2: calendar", "duties.csv:2: form"],
    ),
    (
        "a duty of those who have no such form",
        "duties.csv",
        "monthly,post",
        "monthly,headquarters",
        ["duties.csv:2: unit_kind"],
    ),
    ("a duty at another pace", "duties.csv", "month,nd09", "week,nd09", ["duties.csv:2: frequency"]),
    ("an unknown calendar", "duties.csv", "month,nd09", "month,lunar", ["duties.csv:2: calendar"]),
    (
        "a cut-off told twice",
        "calendars.toml",
        'kind = "week"\nfirst_weekday = 3\n',
        'kind = "month"\nstart_day = 1\nstart_month_offset = 0\nmonths = 1\nfirst_months = [1]\n',
        ["calendars.toml:22: calendars[1].kinds[2].starts_on"],
    ),
    ("a target of no unit", "targets.csv", "HQ,patrol", "HX,patrol", ["targets.csv:2: unit"]),
    ("a target of what has no total", "targets.csv", "patrol.teams", "patrol.homes", ["targets.csv:2: indicator"]),
    ("a wording of no indicator", "synonyms.csv", "patrol.sea,", "patrol.moon,", ["synonyms.csv:4: indicator"]),
    ("a wording told twice", "synonyms.csv", "tổ chức tuần tra", "tuần tra", ["synonyms.csv:3: indicator"]),
    ("a wording of a ratio", "synonyms.csv", "patrol.sea,", "patrol.sea_share,", ["synonyms.csv:4: indicator"]),
    ("a part's wording of a whole", "synonyms.csv", "tổ chức tuần tra", "… tuần tra", ["synonyms.csv:3: phrase"]),
    ("a target too fine", "targets.csv", "1000", "1000.5", ["targets.csv:2: value"]),
    ("a layout of no kind", "paper.toml", '"post"', '"fort"', ["paper.toml:2: layouts[1].unit_kind"]),
    ("a type of no series", "documents.toml", 'series = "s', 'series = "x', ["documents.toml:20: types[1].series"]),
    (
        "a type signed by nobody",
        "documents.toml",
        'signing = "c',
        'signing = "x',
        ["documents.toml:21: types[1].signing"],
    ),
    (
        "a type issued by no kind",
        "documents.toml",
        'issuers = ["post"]',
        'issuers = [\n  "fort",\n]',
        ["documents.toml:23: types[1].issuers[1]"],
    ),
    (
        "a signer in no post",
        "documents.toml",
        "post.commander",
        "post.captain",
        ["documents.toml:11: signing[1].signers[1]"],
    ),
    (
        "a signer for nobody",
        "documents.toml",
        '"OWN"',
        '"ORDER", in_place_of = ""',
        ["documents.toml:11: signing[1].signers[1].in_place_of"],
    ),
    (
        "a holiday that ends first",
        "planning.toml",
        "2024-09-03",
        "2024-08-03",
        ["planning.toml:5: holidays[1].ends_on"],
    ),
    (
        "a capacity of no kind",
        "planning.toml",
        '"post"',
        '"fort"',
        ["planning.toml:9: capacities[1].unit_kind"],
    ),
    ("a layout naming the unknown", "paper.toml", "{unit}", "{weather}", ["paper.toml:6: layouts[1].issuer"]),
    (
        "a root kind nobody has",
        "pack.toml",
        'outside = ["province", "post"]',
        'outside = ["province", "post", "fort"]',
        ["pack.toml:22: lines[2].outside[3]"],
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    for name, text in SOUND.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def told(folder: Path) -> list[str]:
    """Each mistake as file:line: field, without its sentence."""
    return sorted(
        f"{mistake.file}:{mistake.line}: {mistake.field}".removesuffix(": ") for mistake in find_mistakes(folder)
    )


def test_a_sound_pack_is_read_whole(folder: Path) -> None:
    pack = read_pack(folder)

    assert find_mistakes(folder) == ()
    assert [unit.code for unit in pack.units] == ["HQ", "P1", "P2", "P1-01", "P2-01"]
    assert pack.posts[0].permissions == ("reporting.view", "reporting.submit")
    assert [row.phrase for row in pack.synonyms if row.indicator == "patrol.teams"] == ["tuần tra", "tổ chức tuần tra"]
    assert [section.kind for section in pack.forms[0].sections] == ["cells", "words"]
    assert [cut_off.kind for cut_off in pack.calendars[0].kinds] == ["week", "month"]


@pytest.mark.parametrize(("name", "old", "new", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_mistake_is_told_where_it_stands_and_nowhere_else(
    folder: Path, name: str, old: str, new: str, expected: list[str]
) -> None:
    change(folder, name, old, new)

    assert told(folder) == sorted(expected)


def test_every_mistake_of_every_file_is_told_in_one_run(folder: Path) -> None:
    change(folder, "units.csv", "P1-01,post,yes", "P1-01,post,perhaps")
    change(folder, "targets.csv", "1000", "many")
    change(folder, "forms/monthly-1.toml", "patrol.sea_share", "patrol.moon")

    with pytest.raises(BadPackError) as refusal:
        read_pack(folder)

    assert [mistake.file for mistake in refusal.value.mistakes] == [
        "forms/monthly-1.toml",
        "targets.csv",
        "units.csv",
    ]
    assert "targets.csv:2: value: " in str(refusal.value)


def test_a_missing_file_is_told_once(folder: Path) -> None:
    (folder / "unit_kinds.csv").unlink()

    assert told(folder) == ["unit_kinds.csv:1"]


def test_a_pack_without_forms_is_refused(folder: Path) -> None:
    (folder / "forms/monthly-1.toml").unlink()

    assert told(folder) == ["forms:1"]


def test_a_file_no_pack_has_is_told(folder: Path) -> None:
    (folder / "unit.csv").write_text("code\n", encoding="utf-8")
    (folder / "NOTES.md").write_text("Ghi chú", encoding="utf-8")

    assert told(folder) == ["unit.csv:1"]


def test_a_file_that_is_not_utf_8_is_told_with_its_line(folder: Path) -> None:
    (folder / "targets.csv").write_bytes(b"unit,indicator\nHQ,\xff\n")

    assert told(folder) == ["targets.csv:2"]


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    content = (folder / "units.csv").read_bytes()
    (folder / "units.csv").write_bytes(b"\xef\xbb\xbf" + content)

    assert find_mistakes(folder) == ()


def test_lines_are_counted_through_cells_of_several_lines(folder: Path) -> None:
    change(folder, "successions.csv", "less_certain,Báo,\n", 'less_certain,"Báo,\nhai dòng",\n')
    change(folder, "successions.csv", "rename,P1,P1", "rename,P9,P9")

    assert told(folder) == ["successions.csv:4: predecessor", "successions.csv:4: successor"]


def test_a_second_root_is_refused_where_only_one_may_stand(folder: Path) -> None:
    change(folder, "units.csv", "P1-01,post,yes", "P1-01,headquarters,yes")
    change(folder, "edges.csv", "P1-01,P1,command,2024-01-01,\n", "")

    assert told(folder) == ["units.csv:5: code"]


def test_versions_of_a_form_may_follow_but_not_overlap(folder: Path) -> None:
    second = SOUND["forms/monthly-1.toml"].replace("version = 1", "version = 2").replace("2024-01-01", "2025-07-01")
    (folder / "forms/monthly-2.toml").write_text(second, encoding="utf-8")

    overlapping = told(folder)
    change(folder, "forms/monthly-1.toml", "starts_on = 2024-01-01", "starts_on = 2024-01-01\nends_on = 2025-07-01")

    assert overlapping == ["forms/monthly-2.toml:6: starts_on"]
    assert find_mistakes(folder) == ()


def test_the_digest_knows_the_content_and_not_the_order_of_rows(folder: Path) -> None:
    before = pack_digest(read_pack(folder))
    header, *rows = SOUND["units.csv"].splitlines()
    (folder / "units.csv").write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    reordered = pack_digest(read_pack(folder))
    change(folder, "targets.csv", "1000", "1001")
    changed = pack_digest(read_pack(folder))

    assert reordered == before
    assert changed != before


def test_a_pack_does_not_change_after_reading(folder: Path) -> None:
    pack = read_pack(folder)

    with pytest.raises(ValueError, match="frozen"):
        pack.about.version = "2.0.0"


def test_a_pack_nobody_ships_is_not_found() -> None:
    with pytest.raises(LookupError, match="moon"):
        shipped_pack("moon")


def test_a_folder_that_is_not_there_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        find_mistakes(tmp_path / "nowhere")
