"""Recognises people in a byline, with their titles and affiliations.

As in `Jane O'Connor, MD`, `林小禾（示例医院 主任医师）`. Only a line in which every part is a name, a title
or an affiliation is accepted; a doubtful line stays text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from exchange.importing.draft import Author
from exchange.importing.recognition.labels import alternatives

# The surnames of more than nine in ten people in China; names with others are not recognised, and reported.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关"
    "兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
    "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝纳郜承"
)
_COMPOUND = re.compile("欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|东方|西门|南宫")
_MARKS = re.compile(r"[\d\s*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰'’‘`´\".．△▲☆]+")
_LATIN_MARKS = re.compile(r"[\d*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰△▲☆]+")
_BETWEEN = re.compile(r"[,，、;；]")
_BETWEEN_PEOPLE = re.compile(
    r"[,，、;；()（）|｜&]|\s(?:and|with)\s|\s[和与]\s|(?<=[\u4e00-\u9fff])[\s]{1,20}|\s{1,20}(?=[\u4e00-\u9fff])"
)
_AND_OTHERS = re.compile(r"[,，]?\s{,4}(?:等人?|et\s{1,4}al\.?|and colleagues)$")
_FORM_OF_ADDRESS = re.compile(r"^(Drs?|Prof|Professor)\b\.?\s{1,4}")
_LATIN_WORD = r"(?:[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’-]*|de|da|di|du|von|van|der|den|la|le|bin|al|el)"
_LATIN = re.compile(rf"^[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ.'’-]*(?:\s{{1,20}}{_LATIN_WORD}){{1,4}}$")
_LABEL = re.compile(
    r"^\s{,20}(?:作者|撰文|撰稿|文|编译|译者|译|编辑|[Aa]uthors?|[Bb]y)\s{,20}[:：/／|｜丨]\s{,20}"
)
_DEGREES = """
MD M.D PhD Ph.D DO MBBS MBChB BMBCh MPH M.P.H MSc M.Sc BSc MS MA BA BS RN NP DPhil DrPH DNP PharmD MBA MHS MHA
MRCP FRCP FRCPC FRCS FACC FACP FACS FAHA FESC FCCP FAAP FACOG PA-C RD RPh
"""
_TITLES = """
博士 硕士 博士后 教授 副教授 讲师 研究员 副研究员 助理研究员 院士 主任 副主任 科主任 科副主任 院长 副院长
所长 副所长 主任医师 副主任医师 主治医师 主治医生 住院医师 医师 医生 主任护师 副主任护师
主管护师 护师 护士 护士长 主任药师 副主任药师 主管药师 药师 主任技师 副主任技师 主管技师 技师
博士生导师 硕士生导师 Professor Associate_Professor Assistant_Professor Clinical_Professor
"""
_DEGREE = re.compile(rf"^(?:{alternatives(_DEGREES)})\.?$")
_TITLE = re.compile(
    rf"^(?:{alternatives(_TITLES)}|Professor of [A-Z][A-Za-z ]{{2,40}}|Consultant [A-Za-z ]{{3,40}})$"
)
_INSTITUTIONS = """
医院 大学 学院 中心 研究所 研究院 学会 协会 委员会 编辑部 公司 集团 杂志 期刊 日报 晚报 资讯 出版社 办公室
编委 专家组 团队 平台 频道
"""
_ORGANISATION = re.compile(
    rf"{alternatives(_INSTITUTIONS)}|[科处部组网]$|"
    r"\b(?:Hospital|University|College|School|Cent(?:er|re)|Institute|Clinic|Department|Society|Association|"
    r"Committee|Foundation|Group|Staff|News|Office|Team|Council)\b"
)
_TITLE_BEHIND = re.compile(rf"^(\S{{2,60}}?)((?:{alternatives(_TITLES)}))$")
# A name of two characters that is set as wide as one of three.
_CHAR = r"[\u4e00-\u9fff]"
_ONE_NAME = re.compile(rf"(?<!{_CHAR})({_CHAR})[ \u3000]{{1,4}}({_CHAR})(?!{_CHAR})")
_LED_BY_ORGANISATION = re.compile(r"^([^\s,，、;；()（）]{3,60})\s{1,20}(\S.*)$")
_AFFILIATION = re.compile(
    r"^(?:[\d¹²³⁴⁵⁶⁷⁸⁹*]|(?:Department|Division|School|Faculty|Institute|From|University|College)\b)|"
    r"^[A-Z][^.]*\b(?:University|Hospital|Institute|Clinic|Cent(?:er|re))\b[^.]*,"
)
_ENDS_AS_INSTITUTION = re.compile(rf"(?:{alternatives(_INSTITUTIONS)}|[科处部局组网])$")
_AROUND = " \u3000。|｜"
_LONGEST_CREDIT = 120


def is_name(text: str) -> bool:
    """Whether a text is the name of one person, in Chinese or Latin letters."""
    if re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", text):
        return text[:1] in _SURNAMES or bool(_COMPOUND.match(text))
    return bool(_LATIN.fullmatch(text)) and len(text) <= 40 and not _ORGANISATION.search(text)


def is_organisation(text: str) -> bool:
    return bool(_ORGANISATION.search(text))


def is_affiliation(line: str) -> bool:
    """Whether a line is no more than where people work, or who publishes."""
    if re.search(r"[\u4e00-\u9fff]", line):
        return (
            len(line) <= 60
            and bool(_ENDS_AS_INSTITUTION.search(line))
            and not re.search("[，。：！？]", line)
        )
    return is_organisation(line) and len(line) <= 200 and bool(_AFFILIATION.match(line))


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
    """A name without the signs that link it to an affiliation; Chinese names also lose inner spaces."""
    if re.search(r"[A-Za-z]", part):
        return re.sub(r"\s+", " ", _LATIN_MARKS.sub(" ", part)).strip()
    return _MARKS.sub("", part)


def people(text: str) -> tuple[Author, ...]:
    """People with titles and affiliations beside their names; empty where a part is none of these."""
    text = _ONE_NAME.sub(r"\1\2", _AND_OTHERS.sub("", text.strip()))
    led = _LED_BY_ORGANISATION.match(text)
    if led and is_organisation(led[1]) and (found := people(led[2])):
        return tuple(replace(one, affiliation=one.affiliation or led[1]) for one in found)
    authors: list[Author] = []
    for part in _BETWEEN_PEOPLE.split(text):
        if part.strip(_AROUND) and not _add(part.strip(_AROUND), authors):
            return ()
    return tuple(dict.fromkeys(authors)) if len(authors) <= 40 else ()


def _add(part: str, authors: list[Author]) -> bool:
    """Add a name, or a title or an affiliation to the last one; False for anything else."""
    bare = _LATIN_MARKS.sub("", part).strip()
    if authors and (_DEGREE.match(bare) or _TITLE.match(bare)):
        joint = " " if re.match(r"[\u4e00-\u9fff]", bare) else ", "
        authors[-1] = replace(authors[-1], title=joint.join(filter(None, (authors[-1].title, bare))))
        return True
    if authors and is_organisation(part):
        place, title = _apart(part)
        joined = " ".join(filter(None, (authors[-1].affiliation, place)))
        authors[-1] = replace(authors[-1], affiliation=joined, title=authors[-1].title or title)
        return True
    address = _FORM_OF_ADDRESS.match(part)
    name, title = _apart(_without_marks(part[address.end() :] if address else part))
    if is_name(name):
        authors.append(Author(name, title=address[1] if address else title))
        return True
    return False


def _apart(text: str) -> tuple[str, str]:
    """A name or an institution, and the title that is written on behind it: 林小禾教授."""
    found = _TITLE_BEHIND.match(text)
    return (found[1], found[2]) if found else (text, "")


def credited(text: str) -> tuple[Author, ...]:
    """The authors of a labelled line (作者：…): people where every part is a person, else organisations."""
    text = _LABEL.sub("", text.strip()).strip(_AROUND)
    if not text or len(text) > _LONGEST_CREDIT:
        return ()
    if found := people(text) or names(text):
        return found
    if len(text) > _LONGEST_CREDIT // 2:
        return ()
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    return tuple(Author(part, organisation=not _could_be_name(part)) for part in parts)


def _could_be_name(part: str) -> bool:
    """Behind a label three characters are a name, also with a rare surname."""
    return not is_organisation(part) and (is_name(part) or bool(re.fullmatch(r"[\u4e00-\u9fff]{3}", part)))
