"""English word lists that observing needs. Data, kept as Python so that pure code reads it without I/O."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
a an the this that these those some any each every no both either neither all another such
i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we
us our ours
ourselves they them their theirs themselves who whom whose which what one ones someone somebody
something anyone
anything everyone everybody everything nobody nothing
am is are was were be been being have has had having do does did doing done can could will would
shall should may
might must 'd not
and or but nor so yet if then than because since although though while whereas unless until when
where why how as
of in on at by for from to with without within into onto over under about after before between
through during
against among across along around behind below above beside up down out off near per via toward towards
very too also just only even still already again ever never always often sometimes there here now well
much many more most less least few little quite rather really
""")

STOP_STEMS = FUNCTION_WORDS | _words("""
becaus sinc alreadi befor dure ani veri onli everi alway befor abov anoth someth somebodi anyth everyth noth
thing get got go come make like say use want need know think way lot kind sort
""")

META_STEMS = _words("""
describ explain say name give state show tell mention recogn list identifi point note discuss answer candid
choos report own outcom
""")

NEGATORS = _words("""
not no never none nobody nothing neither nor cannot without hardly barely n't nowhere unable fails
failed lack lacks
""")

CLAUSE_OPENERS = _words("""
and but because so then which while whereas although though however therefore since when where if
unless until
""")

FILLERS = _words("um uh uhm erm er hmm mm mhm ah eh uhh umm hm")

CONTRACTIONS: dict[str, tuple[str, ...]] = {
    "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "ain't": ("is", "not"),
    "cannot": ("can", "not"), "let's": ("let", "us"), "i'm": ("i", "am"), "o'clock": ("o'clock",),
}  # fmt: skip

OWN_WORDS = _words("i me my mine myself")
TEAM_WORDS = _words("we us our ours ourselves")

_IRREGULAR = """
be:am,is,are,was,were,been,being begin:began,begun break:broke,broken bring:brought build:built buy:bought
catch:caught choose:chose,chosen come:came cost:costed cut:cutting deal:dealt do:did,done,does
draw:drew,drawn
drive:drove,driven eat:ate,eaten fall:fell,fallen feel:felt fight:fought find:found forget:forgot,forgotten
get:got,gotten give:gave,given go:went,gone,goes grow:grew,grown have:has,had hear:heard
hide:hid,hidden hold:held
keep:kept know:knew,known lead:led leave:left lend:lent lose:lost make:made mean:meant meet:met pay:paid
rise:rose,risen run:ran say:said see:saw,seen sell:sold send:sent show:shown shrink:shrank,shrunk sit:sat
sleep:slept speak:spoke,spoken spell:spelt spend:spent spoil:spoilt smell:smelt burn:burnt dream:dreamt lean:leant learn:learnt stand:stood steal:stole,stolen stick:stuck swear:swore
take:took,taken
teach:taught tell:told think:thought throw:threw,thrown understand:understood wake:woke
wear:wore,worn win:won
write:wrote,written index:indices datum:data child:children man:men woman:women
foot:feet tooth:teeth good:better,best bad:worse,worst ring:rang,rung freeze:froze,frozen bind:bound
seek:sought drop:dropped swing:swung sink:sank,sunk drink:drank,drunk withdraw:withdrew,withdrawn
"""
IRREGULAR: dict[str, str] = {
    form: root
    for root, _, forms in (entry.partition(":") for entry in _IRREGULAR.split())
    for form in forms.split(",")
}

HEDGES = (
    "i think", "i guess", "i suppose", "i believe", "i feel like", "kind of", "sort of", "more or less",
    "maybe", "perhaps", "probably", "possibly", "somehow", "somewhat", "i would say", "i'd say",
    "if i remember", "or something", "or whatever", "and stuff", "and so on", "a bit", "pretty much",
    "basically", "i hope", "hopefully", "not sure", "might have", "in a way", "to be honest",
    "i don't really know",
)  # fmt: skip

_IZED = """
apologis authoris categoris centralis characteris criticis customis digitis emphasis equalis familiaris finalis
formalis generalis itemis legalis localis maximis memoris minimis mobilis modernis monetis neutralis
normalis optimis patronis penalis randomis recognis reorganis
scrutinis serialis socialis specialis stabilis sterilis summaris symbolis synchronis utilis vandalis
visualis
"""
SPELLINGS: dict[str, str] = {stem: stem[:-2] for stem in _IZED.split()} | {
    "organis": "organiz", "realis": "realiz", "initialis": "initi", "rationalis": "ration", "personalis": "person",
    "prioritis": "priorit", "standardis": "standard", "kilometr": "kilomet",
    "analys": "analyz", "paralys": "paralyz", "catalys": "catalyz",
    "behaviour": "behavior", "colour": "color", "endeavour": "endeavor", "favour": "favor", "favourit": "favorit",
    "flavour": "flavor", "harbour": "harbor", "honour": "honor", "humour": "humor", "labour": "labor",
    "neighbour": "neighbor", "rumour": "rumor", "vapour": "vapor",
    "centr": "center", "fibr": "fiber", "litr": "liter", "metr": "meter", "theatr": "theater",
    "catalogu": "catalog", "dialogu": "dialog", "chequ": "check", "programm": "program",
    "defenc": "defens", "licenc": "licens", "offenc": "offens", "practis": "practic",
    "judgement": "judgment", "grey": "gray", "mould": "mold", "plough": "plow",
    "sceptic": "skeptic", "storey": "stori", "tyre": "tire",
}  # fmt: skip
"""Stems of British spellings and what the American ones give: both count as the same word."""

NUMBER_WORDS = _words("""
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen half third quarter twice
double
""")

THIRD_PERSONS = _words("he she him her his hers himself herself")

UNCHOSEN = FILLERS | _words("""
the a an am is are was were be been being have has had having do does did doing done will would can could not
like so know mean just well ok okay actually basically 'd 's 'm 've 'll 're
""")
"""Words whose number is no choice: articles and auxiliaries, which second languages and dialects leave out, and what
speech puts in."""

CALENDAR = _words("""
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december
""")
"""Written with a capital, and no names."""
