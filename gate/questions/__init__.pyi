from .answers import correct_answers as correct_answers
from .conditions import Condition as Condition
from .own_answers import AnswersEntry as AnswersEntry
from .own_answers import Given as Given
from .own_answers import answers_of as answers_of
from .publish import publish_questionnaire as publish_questionnaire
from .views import Questions as Questions
from .views import QuestionView as QuestionView
