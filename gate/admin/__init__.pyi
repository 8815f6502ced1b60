from .desk.reasons import REASON_BY_CODE as REASON_BY_CODE
from .people.account_page import own_account as own_account
