"""Names in a byline. Only a line in which every part is a name is believed; a doubtful line stays text."""

from __future__ import annotations

import re

from exchange.importing.draft import Author

# The surnames of more than nine in ten people in China; names with others are not recognised, and reported.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关"
    "兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
    "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝纳郜承"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "司空",
    "东方",
    "西门",
    "南宫",
)
_MARKS = re.compile(r"[\d\s*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰'’‘`´\".．△▲☆]+")
_BETWEEN = re.compile(r"[,，、;；]")
_LATIN = re.compile(r"^[A-Z][A-Za-z.'’-]*(?:\s{1,20}[A-Z][A-Za-z.'’-]*){1,3}$")
_LABEL = re.compile(
    r"^\s{,20}(?:作者|撰文|撰稿|文|编译|译者|译|编辑|[Aa]uthors?|[Bb]y)\s{,20}[:：/／|｜]\s{,20}"
)
_ORGANISATION = re.compile(
    r"医院|大学|学院|中心|研究所|研究院|学会|协会|委员会|编辑部|公司|集团|杂志|期刊|日报|资讯|出版社|科$|组$|网$|编委|专家组|团队|平台|频道"
)


def is_name(text: str) -> bool:
    """Whether a text is the name of one person, in Chinese or Latin letters."""
    if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", text):
        return text[:1] in _SURNAMES or text.startswith(_COMPOUND)
    return bool(_LATIN.fullmatch(text)) and len(text) <= 40


def names(line: str) -> tuple[Author, ...]:
    """The people of a line that holds nothing but names (with marks of affiliation); empty when in doubt."""
    line = _LABEL.sub("", line.strip())
    if _BETWEEN.search(line):
        parts = _BETWEEN.split(line)
    else:
        parts = [line] if _LATIN.fullmatch(line) else line.split()
    cleaned = [name for part in parts if (name := _without_marks(part))]
    if not cleaned or len(cleaned) > 40 or not all(is_name(part) for part in cleaned):
        return ()
    return tuple(dict.fromkeys(Author(part) for part in cleaned))


def _without_marks(part: str) -> str:
    """A name without the signs that tie it to an affiliation; Chinese names also lose inner spaces."""
    if re.search(r"[A-Za-z]", part):
        return re.sub(r"\s+", " ", re.sub(r"[\d*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰△▲☆]+", " ", part)).strip()
    return _MARKS.sub("", part)


def credited(text: str) -> tuple[Author, ...]:
    """Whoever a labelled line names (作者：…): people where every part is a name, else one organisation."""
    people = names(text)
    if people:
        return people
    text = _LABEL.sub("", text.strip()).strip(" 　|｜")
    if not text or len(text) > 60:
        return ()
    parts = [part.strip() for part in re.split(r"[,，、;；]", text) if part.strip()]
    return tuple(
        Author(part, organisation=bool(_ORGANISATION.search(part)) or not is_name(part)) for part in parts
    )
