"""The synonyms of a new installation: abbreviations and everyday words for the same thing.

Left out on purpose: abbreviations that collide (EGFR and eGFR, EMR, Hp), and related diseases. Editors add
further ones in the admin.
"""

from __future__ import annotations

GROUPS: tuple[tuple[str, ...], ...] = (
    ("CAR-T", "嵌合抗原受体T细胞"),
    ("PD-1", "程序性死亡受体1", "程序性细胞死亡蛋白1"),
    ("PD-L1", "程序性死亡配体1"),
    ("TNF-α", "肿瘤坏死因子α"),
    ("GLP-1", "胰高血糖素样肽-1"),
    ("SGLT2", "钠-葡萄糖协同转运蛋白2"),
    ("HbA1c", "糖化血红蛋白"),
    ("COPD", "慢性阻塞性肺疾病", "慢阻肺"),
    ("NSCLC", "非小细胞肺癌"),
    ("SCLC", "小细胞肺癌"),
    ("HCC", "肝细胞癌"),
    ("ESD", "内镜黏膜下剥离术"),
    ("GERD", "胃食管反流病"),
    ("SLE", "系统性红斑狼疮"),
    ("MRI", "磁共振成像", "核磁共振"),
    ("心力衰竭", "心衰"),
    ("心肌梗死", "心梗", "心肌梗塞"),
    ("心房颤动", "房颤"),
    ("脑卒中", "中风"),
    ("乙型肝炎", "乙肝"),
    ("丙型肝炎", "丙肝"),
    ("幽门螺杆菌", "幽门螺旋杆菌"),
    ("发热", "发烧"),
    ("妊娠", "怀孕"),
)
NOTE = "Xinglin"
