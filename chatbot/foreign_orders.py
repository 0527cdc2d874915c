"""Orders to the assistant in English and other languages, and in the markup of chat models: patterns only."""

from __future__ import annotations

from typing import Final

MARKUP: Final = (
    r"<\|[a-z_]+\|>|\[/?inst\]|<</?sys>>|</?(?:system|instructions?)>",
    r"(?:^|\n)\s*(?:system|시스템|assistant|developer)\s*:",
    r"[\[(#]\s*(?:새로운?|new)?\s*(?:시스템|system)\s*(?:메시지|message|prompt|프롬프트|지시)?\s*[\])"
    r":].{0,30}(?:지시|규칙|답|너는|you)",
    r"(?:새로운|새|new)\s*(?:시스템\s*)?(?:지시|명령|규칙|지침|메시지|instructions?|rules?|prompt|task)\s*(?"
    r":사항)?\s*:",
    r"\bsystem override\b|\bsafety (?:is )?off\b",
)

_EN_OBJECT: Final = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|constraints?|polic(?:y|ies)|restrictions?|"
    r"commands?|programming|filters?|orders)\b"
)
_EN_ORDER: Final = (
    r"(?<!to )(?<!who )(?<!that )(?<!they )(?<!officials )(?<!companies )(?<!company )(?<!agencies )(?<!ministry )"
)
ENGLISH: Final = (
    rf"{_EN_ORDER}\b(?:ignore|disregard|forget|override|bypass|neglect|drop|discard|set aside|stop following|"
    rf"do not follow|"
    rf"don't follow)\b(?:\W+\w+){{0,3}}?\W+(?:previous|prior|above|earlier|preceding|initial|original|system|"
    rf"your|all|any)\b"
    rf"(?:\W+\w+){{0,3}}?\W+{_EN_OBJECT}",
    rf"{_EN_ORDER}\b(?:ignore|disregard|override|bypass)\b\W+(?:previous|prior|above|your|the rules you|all)\b",
    rf"{_EN_ORDER}\b(?:ignore|disregard|forget)\b\W+(?:everything|anything|all|whatever)\b.{{0,20}}\b(?"
    rf":above|before|earlier|said|told)\b",
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:you were (?:given|told)|told above|said above|said before)",
    r"\b(?:reveal|show|print|output|display|repeat|leak|expose|dump|recite|tell|give|share|write|translate|"
    r"summari[sz]e)\b"
    r"(?:\W+\w+){0,4}?\W+(?:(?:your|hidden|secret)\W+(?:\w+\W+){0,2}?"
    r"(?:prompt|instructions?|messages?|rules|configuration|config|settings|guidelines)|"
    r"(?:system|initial|developer|internal)\W+(?:prompt|instructions?|messages?))\b",
    r"\b(?:repeat|output|print|show|copy)\b.{0,20}\b(?:text|words?|everything|message|configuration)\s+(?"
    r":above|before|you were)",
    r"\b(?:first|initial|original) (?:message|prompt|instruction)s? (?:of|in) (?:this|the) (?:conversation|chat)",
    r"\bwhat (?:\w+ )?(?:instructions?|rules|prompt|guidelines) (?:were|was|are|have|did) you\b|\byou(?:'re|"
    r" are) no longer\b",
    r"\byour new (?:role|persona|task|identity|instructions?)\b|\b(?:unfiltered|uncensored|unrestricted) (?"
    r":assistant|ai|mode|model|chatbot)\b",
    r"(?:^|[.,] ?|and |please )(?:say|print|output|write|respond with)\s*['\"“].{1,60}['\"”]\s*(?:and )?(?"
    r":nothing else|only|$)",
    rf"{_EN_ORDER}\bforget (?:your|the|all) (?:guidelines|rules|instructions|training)",
    r"\bsimulate\b.{0,30}\b(?:no|without) (?:restrictions|filters|rules|limits)\b",
    r"(?:^|[.,] ?|and |please )(?:answer|respond|reply|write|give)\b.{0,20}\b(?:fabricated|fake|invented|made-up)\b",
    r"\bwhat(?:'s| is| are| was| were)\s+your\s+(?:\w+\s+){0,2}(?:prompt|instructions?|rules|configuration)",
    r"\byou are now\b|\bfrom now on,? you\b|\bdo anything now\b|\bjailbreak\b|(?:^|and |please |, )act as (?"
    r":an?|if|my)\b",
    r"\bpretend (?:to be|you|that you)\b|\b(?:role-?play)\b.{0,20}\byou\b|\bwith(?:out)? (?:no|any) (?"
    r":restrictions|filters|rules)\b",
    r"\b(?:enable|enter|activate|switch to|turn on)\b.{0,12}\b(?:developer|debug|dan|god|admin) mode\b",
    rf"{_EN_ORDER}\b(?:make up|invent|fabricate|forge|hallucinate)\b.{{0,40}}\b(?:statistics?|numbers?|"
    rf"figures?|sources?|citations?|cases?|"
    rf"data|quotes?|references?)\b",
    r"\b(?:end|start|begin|finish|prefix)\b.{0,12}\b(?:every|each|all|your)\b.{0,20}(?:answers?|responses?|"
    r"repl(?:y|ies))\b.{0,12}\bwith\b",
    r"\b(?:append|add|put)\b.{0,40}\b(?:to|at the end of|in)\b.{0,8}\b(?:every|each|all|your)\b.{0,12}(?"
    r":answers?|responses?|repl(?:y|ies))",
    r"(?:^|[.,] ?|and )(?:respond|reply|answer|say)\b.{0,8}\b(?:only|just|exactly)\b.{0,6}(?:with|['\"“])",
    r"\banswer without (?:sources|citations|documents)\b",
)
OTHER_LANGUAGES: Final = (
    r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|绕过).{0,14}(?:指令|指示|规则|規則|提示|命令|设定|設定|要求)",
    r"(?:你(?:现在|從現在|从现在).{0,10}(?:没有|沒有|不受|是))|没有任何限制|沒有任何限制",
    r"(?:显示|顯示|告诉|告訴|输出|輸出|透露|公开).{0,10}(?:系统提示|系統提示|提示词|系统指令)",
    r"(?:指示|命令|ルール|規則|プロンプト|設定).{0,8}(?:無視|忘れ|従わない)|プロンプト.{0,8}(?:表示|見せ|教え|出力)",
    r"(?:ignora|olvida|ignorez|oubliez|ignoriere|vergiss|bỏ qua|игнорируй|забудь)\w*\s.{0,30}(?:instruc|"
    r"prompt|anweisung|r[eè]gl|hướng dẫn|инструкц)",
)
