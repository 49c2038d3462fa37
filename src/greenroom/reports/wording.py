"""Titles and sentences of the report that belong to no single answer. Pure data."""

from greenroom.grading.folds import Dimension
from greenroom.library.schemas import CriterionId

CRITERIA: dict[CriterionId, str] = {
    "relevance": "Relevance",
    "structure": "Structure",
    "specificity": "Specificity",
    "ownership": "Own part",
    "result": "Result",
    "reflection": "Reflection",
    "accuracy": "Accuracy",
    "depth": "Depth",
    "reasoning": "Reasoning",
    "clarity": "Clarity",
    "conciseness": "Conciseness",
}

DIMENSIONS: dict[Dimension, str] = {
    "content": "Content",
    "depth": "Depth",
    "structure": "Structure",
    "communication": "Communication",
    "soft_skills": "Soft skills",
    "timing": "Timing",
    "technical_accuracy": "Technical accuracy",
    "role_fit": "Role fit",
    "company_fit": "Company fit",
}
"""Titles, in the order in which they are shown."""

UNSCORED: dict[Dimension, str] = {
    "timing": "Part of no score. The times stand with the conversation.",
    "role_fit": "Part of no score. Shown apart when a job is given.",
    "company_fit": "Part of no score. No question is judged by it.",
}
"""Of the dimensions that no criterion of an answer's words belongs to: where to look instead."""

FLAGS: dict[str, str] = {
    "injection_phrase": "Words that address the evaluator were left out of the judgement. They changed nothing.",
    "score_request": "A request for a score was left out of the judgement. It changed nothing.",
    "hidden_characters": "Invisible characters were left out of the judgement.",
    "repeated": "Sentences said more than once count once.",
    "padded": "Filler text was left out of the judgement.",
    "word_list": "Part of the answer is a list of words without statements.",
    "negated_reference": "A point may be stated the other way round: look at it again.",
    "verbatim_anchor": "Part of the answer is word for word a sample of ours.",
    "copied_question": "The question itself was left out of the judgement.",
    "code": "Program code was not judged as an answer in words.",
}

MISCONCEPTION = "Possible contradiction: {text}"

BUILT_IN = (
    "The built-in evaluator, on this machine. It looks for each key point in the answer, quotes the words that show it, "
    "and adds up by fixed rules: no model and no guess. Stories from work are judged formatively: this part has not been "
    "validated against human graders. Personas, tone and medium do not enter."
)

BY_MODEL = (
    "A language model proposed each level and quoted the words it rests on. Code decided whether there was anything to "
    "judge, looked up every quote in the answer, held the limits of the rubric, took the middle one of three samples and "
    "did the arithmetic. No model has been measured against human graders here. Personas, tone and medium do not enter."
)


def say_how_judged(engines: set[str]) -> str:
    """How the levels came about, for the engines ('builtin', 'model') that gave them."""
    if engines <= {"builtin"}:
        return BUILT_IN
    if "builtin" not in engines:
        return BY_MODEL
    return f"A language model judged some answers, the built-in evaluator the others. {BY_MODEL} {BUILT_IN}"


NOT_ENOUGH = {
    "none": "No answer could be assessed.",
    "versions": "Different versions of the evaluator judged these answers, and their numbers are never averaged. Score the "
    "older ones again to see them together.",
    "few": "One assessed answer is not enough to judge an interview. The card below stands for itself.",
}


def held(scenario: str) -> str:
    """What was held, when it was no interview."""
    return "own description" if scenario == "own" else scenario
