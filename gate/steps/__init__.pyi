from .admissions import enter as enter
