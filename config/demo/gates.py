"""The demo's agreements, questionnaires and the full gate of its zone for professionals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cms.models import ZonePage
from gate.consent import publish_agreement
from gate.models import Agreement, AgreementLink, GateStep, Question, Questionnaire, ZoneGate
from gate.questions import publish_questionnaire

AGREEMENTS: dict[str, dict[str, Any]] = {
    "agreement": {
        "kind": Agreement.Kind.IDENTITY,
        "title": "身份声明",
        "draft_text": (
            "<p>本专区的内容仅供医疗卫生专业人士参考。继续之前，请确认您具备相应的执业或从业身份，并已阅读下列文件。</p>"
            "<p>我们只在核验身份所必需的范围内使用您填写的信息，您可以随时撤回同意，撤回后本专区将不再向您开放。</p>"
            "<p>您作出的每一次选择都会留下凭证，可在“我的”页面查看。</p>"
        ),
        "next_version": "<p>审核通过的结果保留十二个月，到期前我们会提醒您更新。</p>",
        "links": [("服务协议", "https://example.org/terms"), ("隐私政策", "https://example.org/privacy")],
    },
    "consent": {
        "kind": Agreement.Kind.CONSENT,
        "title": "知情同意书",
        "draft_text": (
            "<p>为了改进教学内容，我们希望了解您的科室和常见问题。是否参与完全由您决定。</p>"
            "<p>不同意并不影响您阅读本专区：只是有几个问题不会再问您。</p>"
            "<p>同意之后，您也可以随时撤回；撤回时，已收集的这几项回答会一并删除。</p>"
        ),
        "links": [],
    },
    "separate_consent": {
        "kind": Agreement.Kind.SHARING,
        "title": "信息共享单独同意书",
        "draft_text": (
            "<p>如果您同意，我们会把您的姓名与机构提供给本专区的学术合作方，用于寄送会议通知。</p>"
            "<p>这一项单独征求您的同意。不同意不影响阅读，也不影响您对其他文件的决定。</p>"
        ),
        "links": [],
    },
}
CREDENTIALS: dict[str, Any] = {
    "kind": Agreement.Kind.SENSITIVE,
    "title": "敏感个人信息单独同意书",
    "draft_text": (
        "<p>执业证书、工作证等认证材料属于敏感个人信息。只有在您单独同意之后，我们才会接收和使用这些材料。</p>"
        "<p>您可以不同意：不影响您浏览公开内容，也不影响您对其他文件的决定；但面向专业人士的专区需要认证，因此无法开放。</p>"
        "<p>您可以随时在“我的”页面撤回：材料图片立即删除，审核中的申请退回给您，已通过的认证保留至到期。</p>"
    ),
    "purpose": "核实您的医疗卫生专业人士身份。",
    "necessity": (
        "法规要求部分内容只向专业人士提供，不查看证件无法确认身份。"
        "材料一旦泄露可能被他人冒用，因此加密保存并限制查看。"
    ),
    "controller": "示范医学出版社（虚构）",
    "recipients": "仅限本站指定的审核员，每次查看都有记录；不向其他机构提供，不传输至境外。",
    "retention": "审核作出决定后三十天内删除图片；认证结果保留至到期后一年。",
    "contact": "privacy@example.org",
    "links": [("隐私政策", "https://example.org/privacy")],
}
QUESTIONNAIRES: dict[str, dict[str, Any]] = {
    "profile": {
        "kind": Questionnaire.Kind.PROFILE,
        "title": "完善信息",
        "introduction": "用于安排与您的工作相关的内容。",
        "questions": [
            {
                "text": "您目前工作的科室类型",
                "kind": "single",
                "choices": "消化内科\n消化外科\n内镜中心\n药学\n其他",
            },
            {"text": "从业年限", "kind": "number", "hint": "整年，不足一年填 0"},
            {
                "text": "您最关注的方向",
                "kind": "multiple",
                "choices": "感染与炎症\n肿瘤\n内镜\n合理用药",
                "required": False,
            },
        ],
    },
    "survey": {
        "kind": Questionnaire.Kind.SURVEY,
        "title": "收集问题",
        "introduction": "只在您同意知情同意书之后才会询问其中的部分问题。",
        "questions": [
            {"text": "您希望编辑部回答的一个问题", "kind": "text"},
            {"text": "您所在的科室", "kind": "department", "required": False},
            {"text": "您从事内镜操作吗", "kind": "single", "choices": "独立操作\n学习中\n不从事"},
            {
                "text": "您每年大约完成多少例内镜检查",
                "kind": "number",
                "after": ("您从事内镜操作吗", "独立操作"),
            },
            {
                "text": "每周接诊的相关患者大约有多少人",
                "kind": "single",
                "choices": "少于 10\n10 至 30\n多于 30",
                "consent_bound": True,
            },
        ],
    },
}
TITLES = {"verification": "专业身份认证"}
STEPS = (
    ("agreement", 1),
    ("consent", 1),
    ("separate_consent", 1),
    ("profile", 1),
    ("survey", 1),
    ("verification", 2),
)


def build_gate(zone: ZonePage) -> None:
    """Give `zone` its steps, each with a published text or questionnaire."""
    gate, _made = ZoneGate.objects.get_or_create(zone=zone)
    if gate.steps.exists():
        return
    if not Agreement.objects.filter(kind=Agreement.Kind.SENSITIVE).exists():
        _agreement(CREDENTIALS)
    for order, (kind, minutes) in enumerate(STEPS):
        GateStep.objects.create(
            gate=gate,
            sort_order=order,
            kind=kind,
            minutes=minutes,
            title=TITLES.get(kind, ""),
            agreement=_agreement(AGREEMENTS[kind]) if kind in AGREEMENTS else None,
            questionnaire=_questionnaire(QUESTIONNAIRES[kind]) if kind in QUESTIONNAIRES else None,
        )


def _agreement(facts: dict[str, Any]) -> Agreement:
    own = {key: value for key, value in facts.items() if key not in ("links", "next_version")}
    agreement = Agreement.objects.create(**own)
    for order, (label, url) in enumerate(facts["links"]):
        AgreementLink.objects.create(agreement=agreement, label=label, url=url, sort_order=order)
    publish_agreement(agreement=agreement, by=None)
    # A draft of the next version waits, so that the admin has a change to show.
    agreement.draft_text += facts.get("next_version", "")
    agreement.save(update_fields=["draft_text"])
    return agreement


def _questionnaire(facts: dict[str, Any]) -> Questionnaire:
    own = {key: value for key, value in facts.items() if key != "questions"}
    questionnaire = Questionnaire.objects.create(**own)
    keys: dict[str, UUID] = {}
    for order, question in enumerate(facts["questions"]):
        own = {key: value for key, value in question.items() if key != "after"}
        if "after" in question:
            other, value = question["after"]
            own |= {"condition_question": keys[other], "condition_value": value}
        row = Question.objects.create(questionnaire=questionnaire, sort_order=order, **own)
        keys[row.text] = row.key
    publish_questionnaire(questionnaire=questionnaire, by=None)
    return questionnaire
