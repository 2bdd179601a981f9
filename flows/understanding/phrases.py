"""The words that always work: commands, yes and no, and the names of the languages.

A message is a command only when the whole of it is one. "stop" stops; "il faut stopper les camions" is
somebody's idea for the town. Tables are keyed by `fold`, so case, accents, tashkeel, punctuation and
emoji never matter.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flows.understanding.scripts import fold


class Command(StrEnum):
    """What a citizen can ask for at any question."""

    BACK = "back"
    CANCEL = "cancel"
    SKIP = "skip"
    HELP = "help"
    LANGUAGE = "language"
    MENU = "menu"
    STOP = "stop"
    START = "start"
    MY_DATA = "my_data"
    CONTRIBUTIONS = "contributions"
    MORE = "more"
    RESUME = "resume"
    NOTICES = "notices"
    NEW_POLL = "new_poll"
    SUMMARY = "staff_summary"


# Phrases are separated by "/"; spelling variants that `fold` already unites appear once.
_COMMANDS: dict[Command, str] = {
    Command.BACK: (
        "back/go back/previous/undo/retour/retourner/revenir/precedent/arriere/en arriere/question precedente/"
        "رجوع/ارجع/رجع/الرجوع/للخلف/الخلف/العودة/عودة/السابق/السؤال السابق/رجعني/نرجع/بغيت نرجع/رجع لور/"
        "لور/رجوع لور/السؤال اللي قبل/rjou3/rjo3/rejou3/rje3/rja3/rj3/rje3 lor/nrje3/bghit nrje3/lor/rjou3 lor/"
        "aghul/uɣul/aɣul/ughul/ⴰⵖⵓⵍ/ⵓⵖⵓⵍ/ⴰⵖⵓⵍ ⵖⵔ ⴷⴼⴼⵉⵔ/ⵖⵔ ⴷⴼⴼⵉⵔ/ⴷⴼⴼⵉⵔ/ⵓⵔⵔⵉ/urri/ghr dffir/أغول/اوري"
    ),
    Command.CANCEL: (
        "cancel/abort/never mind/nevermind/forget it/annuler/annule/annulez/annulation/abandonner/laisse tomber/"
        "laissez tomber/إلغاء/الغاء/ألغ/الغي/الغيه/الإلغاء/إلغاء العملية/لغي/لغيه/بطل/بطلو/ابطل/خليها/"
        "صافي خليها/خلاص خليها/lghi/lghih/ilgha2/ilghae/annuli/annulih/anulih/anuler/anule/betel/"
        "khelliha/khliha/safi khliha/sr/ⵙⵔ/sser/ⵙⵙⵔ/ⴰⵙⵙⵔ"
    ),
    Command.SKIP: (
        "skip/pass/next/skip it/passer/passe/passez/sauter/suivant/question suivante/ignorer/"
        "تخطي/تخط/تخطى/تجاوز/التالي/السؤال التالي/تجاهل/فوت/دوز/دوزها/نقز/نقزها/فوتها/زيد السؤال الجاي/اللي موراها/"
        "ما عندي ما نزيد/بلاش/fout/fewet/doz/douz/douzha/dozha/n9ez/ne9ez/na99ez/skipi/zgel/زكل/زكلها/"
        "zri/zri t/ⵣⵔⵉ/ⵣⵔⵉ ⵜ/ⴰⵣⵔⵉ/zray/زري/passi/paser/suivan"
    ),
    Command.HELP: (
        "help/help me/info/how/how does it work/aide/aider/aidez moi/aide moi/a l aide/au secours/comment ca marche/"
        "comment faire/besoin d aide/مساعدة/المساعدة/ساعدني/ساعدوني/النجدة/كيف/عاونوني/عاوني/عاونني/معاونة/"
        "المعاونة/شرح/شرح ليا/كيفاش/كيفاش ندير/ما فهمتش/مافهمتش/ما فهمتش والو/3awni/3awenni/3awnoni/3awnouni/"
        "3awenouni/mosa3ada/mousa3ada/musa3ada/lmosa3ada/kifach/kifach ndir/mafhemtch/mafhamtch/ma fhemtch/"
        "mafhmtch/tiwisi/ⵜⵉⵡⵉⵙⵉ/ⴰⵡⵙ ⵉⵢⵉ/ⴰⵡⵙⵉⵢⵉ/aws iyi/awsiyi/ⵜⵉⵡⵙⵉ/ⴰⵎⴰⵡⴰⵙ/عاونيي/تيويسي"
    ),
    Command.LANGUAGE: (
        "language/languages/lang/change language/langue/langues/la langue/changer de langue/changer langue/"
        "changer la langue/لغة/اللغة/لغات/اللغات/تغيير اللغة/غير اللغة/بدل اللغة/تبديل اللغة/بدل اللغه ديالي/"
        "غير اللغه ديالي/lougha/logha/lugha/lloga/lougha/logha/bdel lougha/bdel logha/beddel lougha/bdl logha/"
        "beddel lugha/lggha/tutlayt/ⵜⵓⵜⵍⴰⵢⵜ/ⵙⵏⴼⵍ ⵜⵓⵜⵍⴰⵢⵜ/snfl tutlayt/تاتلايت/توتلايت/langage"
    ),
    Command.MENU: (
        "menu/main menu/home/menu principal/accueil/sommaire/قائمة/القائمة/القائمة الرئيسية/الرئيسية/قائمة رئيسية/"
        "لائحة/اللائحة/المنيو/منيو/المينو/مينو/البداية ديال البوت/9a2ima/l9a2ima/qaima/lqaima/9aima/l9aima/"
        "lmenu/lmeno/meno/umuɣ/umugh/ⵓⵎⵓⵖ/ⵓⵎⵓⵖ ⴰⴷⵙⵍⴰⵏ/أوموغ/menue/meniu"
    ),
    Command.STOP: (
        "stop/stopp/sttop/stop it/stop now/stop this/stop all/stopall/unsubscribe/unsub/quit/exit/end/opt out/optout/"
        "leave me alone/no more messages/stop sending/stop messages/do not contact me/remove me/"
        "arret/arreter/arrete/arretez/arrettez/areter/aret/arretter/j arrete/arretez vos messages/arreter les messages/"
        "plus de messages/plus de message/desabonner/desabonne/desabonnez moi/me desabonner/desabonnement/"
        "desinscrire/desinscription/me desinscrire/desinscrivez moi/je me desabonne/quitter/"
        "stopper/stoppez/laissez moi tranquille/"
        "توقف/قف/توقفوا/التوقف/أوقف/اوقفوا/إيقاف/ايقاف/أوقفوا الرسائل/إيقاف الرسائل/إلغاء الاشتراك/الغاء الاشتراك/"
        "إلغاء التسجيل/كفى/لا ترسلوا/لا تراسلوني/لا أريد رسائل/لا اريد رسائل/خروج/انسحاب/ستوب/سطوب/اسطوب/"
        "وقف/وقفو/وقفوا/وقفني/وقفوني/حبس/حبسو/حبسوا/حبسني/حبسوني/حبسها/وقفها/صافي وقف/صافي وقفو/صافي حبس/صافي حبسو/"
        "صافي بركة/صافي براكا/باركة/بركة/براكا/باراكا/بركة عليا/صافي باراكا/ما تصيفطوش/ما تبقاوش تصيفطو/"
        "ما تبقاوش تصيفطو ليا/ما تصيفطو ليا والو/ما بقيتش باغي/ما بقيتش باغية/مابقيتش باغي/ما بغيتش رسائل/خرجوني/"
        "خرجني/حيدوني/حيدني/حيدو ليا النمرة/عييتوني/"
        "iqaf/i9af/wa9ef/w9ef/wa9fo/w9fo/wa9fou/w9fou/wa9founi/we9fo/we99ef/waqef/waqfo/wqef/wqfo/wa9f/w9f/"
        "7bes/7bs/7abes/7besso/7bso/7bsou/7abso/hbes/hbess/habes/hbso/hbsso/habso/hbsou/habsou/"
        "safi baraka/safi barka/baraka/barka/barraka/baraka 3liya/safi w9ef/safi 7bes/safi stop/safi wa9ef/"
        "khrjoni/kherjouni/7iydoni/7iyedni/7ayedni/mab9itch baghi/ma b9itch baghi/mab9itch baghya/ma tsiftouch/"
        "matsiftouch/ma tsifto lia walo/"
        "bdd/bedd/beddat/bddat/bedd at/sbedd/sbdd/ⴱⴷⴷ/ⴱⴷⴷⴰⵜ/ⴱⴷⴷ ⴰⵜ/ⵙⴱⴷⴷ/ⵙⴱⴷⴷⴰⵜ/ⵙⴱⴷⴷ ⴰⵜ/ⴰⵙⴱⴷⴷ/"
        "ⴱⴰⵔⴰⴽⴰ/yuda/yuda ghid/ⵢⵓⴷⴰ/ⵉⵇⴷⴷⴰ/iqedda/iqqda/سبد/يودا/ⵙⵜⵓⴱ/ⵙⵟⵓⴱ/ffeɣ/ⴼⴼⵖ/"
        "estop/stope/stop bot/stop le bot/stop messages/stop message/stop sms/stop whatsapp/stop pub/stop notifications"
    ),
    Command.START: (
        "start/begin/restart/commencer/commence/demarrer/debut/debuter/demarre/recommencer/nouveau/"
        "بداية/البداية/بدء/البدء/نبدأ/نبداو/نبدا/بدا/بدينا/يالاه نبداو/يلاه نبداو/من اللول/"
        "إعادة البداية/nbdaw/nebdaw/nbda/bda/bdaw/yallah nbdaw/yalah nbdaw/mn lwl/"
        "bdu/ⴱⴷⵓ/ⵙⵙⵏⵜⵉ/ssnti/ⴰⴷ ⵏⴱⴷⵓ/ad nbdu/نبدو/بدو/demarer/comencer"
    ),
    Command.MY_DATA: (
        "my data/mydata/data/privacy/my information/my info/my account/delete my data/forget me/"
        "mes donnees/donnees/mes infos/mes informations/mon compte/vie privee/donnees personnelles/"
        "mes donnees personnelles/confidentialite/mesdonnees/oubliez moi/supprimer mes donnees/effacer mes donnees/"
        "معلوماتي/معطياتي/بياناتي/حسابي/المعلومات ديالي/معلومات ديالي/المعطيات ديالي/بيانات شخصية/بياناتي الشخصية/"
        "معطياتي الشخصية/معلوماتي الشخصية/الخصوصية/خصوصية/مسح بياناتي/مسح معلوماتي/مسحو معلوماتي/امسح بياناتي/"
        "انسوني/ma3loumati/ma3lomati/m3loumati/lma3loumat dyali/ma3loumat dyali/lma3lomat diali/ma3lomat diali/"
        "mo3tayati/bayanati/7issabi/7isabi/lkont dyali/isfka inu/isfka ino/isefka inu/ⵉⵙⴼⴽⴰ ⵉⵏⵓ/ⵉⵙⴼⴽⴰⵉⵏⵓ/"
        "ⵉⵏⵖⵎⵉⵙⵏ ⵉⵏⵓ/inghmisn inu"
    ),
    Command.CONTRIBUTIONS: (
        "my contributions/contributions/my answers/my ideas/history/my requests/track/follow up/"
        "mes contributions/mes reponses/mes idees/mes participations/mes demandes/historique/suivi/mes besoins/"
        "مساهماتي/مشاركاتي/مساهمات/أجوبتي/إجاباتي/اجاباتي/اقتراحاتي/طلباتي/تتبع/"
        "المساهمات ديالي/المشاركات ديالي/الأجوبة ديالي/المشاركة ديالي/الطلبات ديالي/الجوابات ديالي/"
        "mosahamati/mousahamati/mosharakati/moucharakati/lmosahamat dyali/lmoucharakat dyali/talabati/"
        "lajwiba dyali/timrarin inu/tirarin inu/ⵜⵉⵔⴰⵔⵉⵏ ⵉⵏⵓ/ⵜⵉⵎⵔⴰⵔⵉⵏ ⵉⵏⵓ/ⵜⵉⵡⵙⵉⵡⵉⵏ ⵉⵏⵓ/tiwsiwin inu"
    ),
    Command.MORE: (
        "more/show more/see more/plus/voir plus/plus de choix/la suite/afficher plus/encore/"
        "المزيد/مزيد/أكثر/اكثر/عرض المزيد/كتر/زيد/زيدني/كثر/شوف كتر/زيد شوف/كاين كتر/"
        "zid/zidni/ktar/kter/kter mn haka/ugar/ⵓⴳⴳⴰⵔ/uggar/ⵔⵏⵓ/rnu/ⵢⴰⴹⵏⵉⵏ/yadnin/اوكار/رنو"
    ),
    Command.RESUME: (
        "resume/continue/go on/carry on/keep going/reprendre/continuer/continuez/reprends/poursuivre/on continue/"
        "استئناف/متابعة/المتابعة/تابع/استمرار/أكمل/اكمل/استمر/واصل/مواصلة/الاستمرار/"
        "كمل/نكمل/نكملو/كملو/بغيت نكمل/زيد كمل/يالاه نكملو/نكملوا/kmel/kemmel/nkmel/nkemmel/nkmlo/nkemlo/nkemmlo/"
        "bghit nkmel/kml/nkml/kemel/kmml/ⴽⵎⵎⵍ/ⵙⵎⴷ/ⵙⵙⵎⴷ/smd/ssmd/كمّل/continu/contniuer"
    ),
    Command.NOTICES: (
        "settings/setting/message settings/notification settings/preferences/my settings/notifications/notification/"
        "parametre/parametres/les parametres/mes parametres/reglage/reglages/les reglages/mes reglages/"
        "reglage des messages/reglages des messages/mes notifications/paramettres/preference/mes preferences/"
        "الإعدادات/إعدادات/إعدادات الرسائل/إعدادات الميساجات/الضبط/التفضيلات/إشعارات/الإشعارات/إعدادات الإشعارات/"
        "التنبيهات/الباراميتر/باراميتر/i3dadat/l i3dadat/li3dadat/al i3dadat/ichaarat/lparametre/lparametrat/parametrat/"
        "ⵜⵉⵙⵖⴰⵍ/ⵜⵉⵙⵖⴰⵍ ⵏ ⵜⵓⵣⵉⵏⵉⵏ/tisghal/tisɣal/تيسغال"
    ),
    Command.NEW_POLL: (
        "new poll/new_poll/newpoll/create a poll/make a poll/new question/prepare a poll/"
        "nouveau sondage/creer un sondage/preparer un sondage/nouvelle question/nv sondage/"
        "استطلاع جديد/إنشاء استطلاع/إعداد استطلاع/استطلاع رأي جديد/سؤال جديد/تشاور جديد/استشارة جديدة/"
        "نوجد سؤال/صونداج جديد/so2al jdid/soal jdid/sou2al jdid/soual jdid/sondage jdid/stitla3 jdid/istitla3 jadid/"
        "ⴰⵙⵇⵙⵉ ⴰⵎⴰⵢⵏⵓ/ⴰⵎⵛⴰⵡⴰⵔ ⴰⵎⴰⵢⵏⵓ/asqsi amaynu/asksi amaynu/amcawar amaynu"
    ),
    Command.SUMMARY: (
        "summary/summaries/the summary/send summary/staff summary/"
        "le resume/synthese/la synthese/bilan/le bilan/"
        "ملخص/الملخص/حصيلة/الحصيلة/بغيت الحصيلة/l7asila/hasila/7asila/molakhas/"
        "ⴰⴳⵣⵓⵍ/agzul"
    ),
}

#: Courtesies that may surround a command and change nothing: "stop svp", "عافاك وقف", "safi".
_COURTESIES = (
    "svp/s il vous plait/s il te plait/stp/please/pls/plz/merci/thanks/thank you/bonjour/salut/hello/hi/salam/"
    "عافاك/عفاك/عافاكم/الله يخليك/الله يخليكم/من فضلك/من فضلكم/رجاء/شكرا/لو سمحت/لو سمحتم/سلام/السلام عليكم/دابا/الآن/"
    "3afak/3afakom/afak/3fak/lah ykhlik/allah ykhlik/lay khlik/min fadlik/chokran/choukran/daba/"
    "maintenant/tout de suite/now/immediatement/ghila/ⵖⵉⵍⴰ/tanmmirt/tanemmirt/ⵜⴰⵏⵎⵎⵉⵔⵜ/khoya/khouya/خويا/safi/صافي/"
    "bot/le bot/البوت/merci beaucoup/شكرا بزاف/monsieur/messieurs/madame"
)

_YES = (
    "oui/ouais/ouai/ouii/oui oui/yes/yep/yeah/yup/yes please/oui svp/oui merci/ok/okay/okey/oki/k/d accord/daccord/dac/"
    "bien sur/bien entendu/certainement/evidemment/tout a fait/absolument/exact/exactement/volontiers/parfait/sure/"
    "of course/correct/right/agreed/agree/i agree/j accepte/accepter/accepte/je confirme/confirmer/je suis d accord/"
    "confirm/accept/vrai/c est ca/c est bon/entendu/ça marche/yess/wi/"
    "نعم/أجل/اجل/بلى/طبعا/بالطبع/بالتأكيد/أكيد/موافق/موافقة/أوافق/اوافق/صحيح/أقبل/حسنا/تمام/أوكي/اوكي/اوك/أوكيه/"
    "ايه/إيه/اه/آه/أه/أيه/ايوا/إيوا/ايوه/واه/واخا/وخا/واخة/مزيان/صافي واخا/قبلت/كنقبل/كنوافق/متافق/متفق/متفقة/"
    "معلوم/كاين/هو هادا/هي هاديك/ييه/ييا/وي/ياه/ايييه/بطبيعة الحال/"
    "naam/n3am/na3am/n3m/aywa/ah/aah/ahh/eh/eyeh/ayeh/wah/waah/wakha/wakhha/wa5a/wa5kha/waxa/waxxa/ouakha/oukha/"
    "iyeh/iyyeh/iyih/iyyih/iyah/ih/iyy/iyya/ayyih/yah/yih/yyih/mezyan/mzyan/mwaf9/mowafi9/mouwafi9/mouafiq/mowafiq/"
    "mouafi9/sa7i7/akid/2akid/m3loum/ma3loum/mttaf9/motafi9/metaf9/9belt/tab3an/"
    "ⵢⴰⵀ/ⵉⵢⵀ/ⵉⵢⵢⵀ/ⵢⵢⵉⵀ/ⵉⵢⵉⵀ/ⵉⵢⵢⵉⵀ/ⵡⴰⵅⵅⴰ/ⵡⴰⵅⴰ/ⵢⵉⵀ/ⴰⵢⵢⵉⵀ/اييه/ايييه/يياه/si"
)
_NO = (
    "non/nan/nope/no/nah/non merci/no thanks/no thank you/non non/pas du tout/jamais/pas d accord/je refuse/refuser/"
    "refuse/je ne suis pas d accord/never/not at all/disagree/i disagree/i refuse/faux/incorrect/wrong/pas question/"
    "nn/nonn/pas vraiment/reject/decline/not really/"
    "لا/لأ/لاا/كلا/أبدا/غير موافق/غير موافقة/لا أوافق/لا اوافق/أرفض/ارفض/رفض/لا شكرا/غير صحيح/خطأ/لا أقبل/"
    "لالا/للا/لا لا/ماشي/ما بغيتش/مابغيتش/ما موافقش/ما متافقش/والو/ما كاينش/ماكاينش/ما شي/ما نقبلش/"
    "ما قابلش/لاواه/اوهو/أوهو/ماشي موافق/بلا شكرا/"
    "la/lla/laa/lala/la la/la chokran/la choukran/la merci/la shukran/lawah/la2/machi/mashi/mabghitch/mabghitch/"
    "ma bghitch/walou/walo/abadan/makaynch/makainch/ma mwaf9ch/machi mwaf9/machi mowafi9/"
    "uhu/uhuy/oho/ohoy/ouhou/ouhouy/uho/ur righ/urrigh/ur righ/uhouy/ⵓⵀⵓ/ⵓⵀⵓⵢ/ⵓⵀⵓⵀ/ⵓⵔ ⵔⵉⵖ/ⵍⴰ/lala/اوهوي"
)
_DONE = (
    "done/finished/that s all/thats all/that is all/finish/complete/ready/no more/nothing else/"
    "fini/finis/termine/terminer/c est tout/j ai fini/j ai termine/valider/valide/rien d autre/pret/c est bon/"
    "تم/انتهيت/انتهى/هذا كل شيء/هذا كل شئ/لا شيء آخر/كفى/اكتفيت/تأكيد/"
    "صافي/صافي كملت/كملت/ساليت/سالينا/هادشي اللي كاين/هادا ما كان/هادشي لي كاين/صافي ساليت/صافي هادشي/بركة/والو آخر/"
    "safi/safi/salit/salina/safi salit/kmelt/kemmelt/kmlt/hadchi li kayn/hadchi lli kayn/baraka/"
    "ⵙⵎⴷⵖ/smdgh/ⴽⵎⵎⵍⵖ/kmmlgh/ⵢⵓⴷⴰ/yuda/ⵙⴰⴼⵉ/ⵖⴰⵢⴰⴷ/ghayad/hayyagh"
)
_YES_SIGNS = "👍👌✅✔☑🆗💯🙋🤝👏⭕"
_NO_SIGNS = "👎❌✖🚫⛔🙅❎"

LANGUAGE_NAMES: dict[str, str] = {
    "ar": (
        "العربية/عربية/عربي/بالعربية/العربية الفصحى/الفصحى/عربية فصحى/بالفصحى/فصحى/اللغة العربية/العربية الفصيحة/"
        "ar/arab/arabe/arabic/l arabe/en arabe/in arabic/arabe classique/arabe standard/arabe litteraire/"
        "standard arabic/msa/3arabiya/l3arabiya/3arabia/l3arbiya/l3arabia/bel3arabiya/b l3arabiya/bl3arbiya/"
        "fos7a/lfos7a/fusha/al arabiya/alarabiya/ⵜⴰⵄⵔⴰⴱⵜ/taarabt/tarabt/taɛrabt/ⵙ ⵜⴰⵄⵔⴰⴱⵜ/تعرابت/عربيه"
    ),
    "ary": (
        "الدارجة/دارجة/بالدارجة/الدارجة المغربية/دارجة مغربية/مغربية/المغربية/عامية/العامية/بالمغربية/"
        "دارجه/دريجة/الدريجة/بالدريجة/ary/darija/darja/darrija/darijah/darijja/derija/drija/ddarija/edarija/eddarija/bdarija/"
        "b darija/bddarija/en darija/in darija/la darija/daridja/darija marocaine/arabe marocain/arabe dialectal/"
        "moroccan arabic/moroccan/marocain/dialecte marocain/dialecte/maghribiya/lmaghribiya/moroccan darija/"
        "l marocain/ⴷⴷⴰⵔⵉⵊⴰ/ⴷⴰⵔⵉⵊⴰ/ⵜⴰⴷⴰⵔⵉⵊⵜ/tadarijt"
    ),
    "fr": (
        "francais/french/fr/le francais/en francais/in french/langue francaise/francaise/fransais/francai/"
        "الفرنسية/فرنسية/فرنسي/بالفرنسية/اللغة الفرنسية/الفرونسي/فرونسي/بالفرونسي/فرانسي/بالفرانسي/الفرنسيس/"
        "fransawiya/fransiya/lfransiya/faransiya/lfaransiya/alfaransiya/français svp/fransi/fronsi/bel fransiya/"
        "blfransiya/bl fransiya/tafransist/tafransisst/ⵜⴰⴼⵔⴰⵏⵙⵉⵙⵜ/ⵙ ⵜⴰⴼⵔⴰⵏⵙⵉⵙⵜ/تافرانسيست"
    ),
    "zgh": (
        "tamazight/tamazight n lmghrib/amazigh/tamazirt/tamazighte/berbere/berber/chleuh/chelha/shelha/tachelhit/"
        "tashelhit/tachlhit/taclhit/tashlhit/tachelhite/tacelhit/tachelhiyt/tarifit/rif/rifain/tarifite/zgh/ber/tzm/"
        "en tamazight/en amazigh/l amazighe/amazighe/in tamazight/in amazigh/s tmazight/s tamazight/s tachelhit/"
        "standard moroccan tamazight/souss/soussi/chel7a/shel7a/chl7a/chelh/tachl7it/btamazight/"
        "الأمازيغية/أمازيغية/امازيغية/بالأمازيغية/أمازيغي/تمازيغت/تامازيغت/اللغة الأمازيغية/الشلحة/شلحة/بالشلحة/"
        "تشلحيت/تاشلحيت/تاشلحيث/تريفيت/تاريفيت/الريفية/ريفية/السوسية/سوسية/بالريفية/"
        "ⵜⴰⵎⴰⵣⵉⵖⵜ/ⵙ ⵜⵎⴰⵣⵉⵖⵜ/ⵜⵎⴰⵣⵉⵖⵜ/ⴰⵎⴰⵣⵉⵖ/ⵜⴰⵛⵍⵃⵉⵜ/ⵜⴰⵔⵉⴼⵉⵜ/ⵜⴰⵛⵍⵃⵉⵢⵜ/ⵙ ⵜⵛⵍⵃⵉⵜ/tifinagh/ⵜⵉⴼⵉⵏⴰⵖ/تيفيناغ"
    ),
    "en": (
        "english/en/anglais/l anglais/en anglais/in english/eng/englich/inglish/anglai/ang/"
        "الإنجليزية/إنجليزية/انجليزية/إنجليزي/انجليزي/بالإنجليزية/اللغة الإنجليزية/الانكليزية/بالانجليزية/النكليزية/"
        "نكليزية/نجليزية/النجليزية/بالنجليزية/ngliziya/lngliziya/lingliziya/injliziya/ingliziya/nglizia/lenglizia/"
        "tanglizt/tagnizt/tangliziyt/ⵜⴰⵏⴳⵍⵉⵣⵜ/ⵙ ⵜⴰⵏⴳⵍⵉⵣⵜ/ⵜⴰⴳⵏⵉⵣⵜ"
    ),
}


#: Signs that are a whole answer by themselves.
_SIGNS: dict[Command, str] = {
    Command.BACK: "⬅🔙↩◀",
    Command.SKIP: "⏭⏩",
    Command.HELP: "❓❔🆘ℹ",
    Command.MENU: "🏠📋",
    Command.STOP: "🛑⏹🔕",
    Command.LANGUAGE: "🌐🌍",
    Command.MORE: "➕",
    Command.RESUME: "▶⏯",
    Command.NOTICES: "⚙",
}

_LONGEST = 80
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s!.]")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_SLASH = re.compile(r"\s*/([a-z_]+)(?:@\w+)?\s*", re.IGNORECASE)
_START_WITH_PAYLOAD = re.compile(r"\s*/start(?:@\w+)?\s+\S+\s*", re.IGNORECASE)

# "Begin!" and "never" fold alike: only the last hamza tells them apart.
_BEGIN = re.compile(r"[اإ]بد[أئ]\W*")

_Meaning = TypeVar("_Meaning")


def _table(phrases: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Folded phrase -> meaning, also with the spaces left out ("nonmerci", "ⵉⵙⴼⴽⴰⵉⵏⵓ")."""
    table: dict[str, _Meaning] = {}
    for meaning, joined in phrases.items():
        for phrase in joined.split("/"):
            key = fold(phrase)
            if not key:
                raise ValueError(f"empty phrase among {joined!r}")
            table.setdefault(key, meaning)
            if len(key) > 6:
                table.setdefault(key.replace(" ", ""), meaning)
    return table


_COMMAND_OF = _table(_COMMANDS)
_ANSWER_OF = _table({True: _YES, False: _NO})
_DONE_WORDS = _table({True: _DONE})
_LANGUAGE_OF = _table(LANGUAGE_NAMES)
_COMMAND_SIGN = {sign: meaning for meaning, signs in _SIGNS.items() for sign in signs}
_ANSWER_SIGN = dict.fromkeys(_YES_SIGNS, True) | dict.fromkeys(_NO_SIGNS, False)

_COURTESY = "|".join(
    re.escape(key) for key in sorted(map(fold, _COURTESIES.split("/")), key=len, reverse=True)
)
_COURTEOUS = re.compile(rf"^(?:(?:{_COURTESY}) )+|(?: (?:{_COURTESY}))+$")


def _meaning(text: str, table: dict[str, _Meaning]) -> _Meaning | None:
    """What the whole of `text` means, allowing for courtesies, repetition and drawn-out letters."""
    if len(text) > _LONGEST:
        return None
    key = fold(text)
    if key in table:
        return table[key]
    if not key:
        return None
    spellings = [key]
    if _DRAWN_OUT.search(key):
        spellings += [_DRAWN_OUT.sub(r"\1", key), _DRAWN_OUT.sub(r"\1\1", key)]
    for written in spellings:
        words = written.split()
        if words.count(words[0]) == len(words):
            written = words[0]
        for candidate in (written, _COURTEOUS.sub("", written)):
            if candidate in table:
                return table[candidate]
    return None


def _sign(text: str, table: dict[str, _Meaning]) -> _Meaning | None:
    """What a message of nothing but one sign, repeated or not, means."""
    if len(text) > _LONGEST or text.isascii():
        return None
    signs = set(_SKIN.sub("", text))
    return table.get(signs.pop()) if len(signs) == 1 else None


def command(text: str) -> Command | None:
    """The command that the whole of `text` is, in any of our languages and scripts, or None.

    "/stop", "/stop@SomeBot" and "STOP svp!!" are commands; a sentence that contains "stop" is not. What
    follows "/start" is a link's payload, which the caller reads.
    """
    if slash := _SLASH.fullmatch(text):
        return _COMMAND_OF.get(fold(slash[1]))
    if _START_WITH_PAYLOAD.fullmatch(text):
        return Command.START
    if _BEGIN.fullmatch(text.strip()):
        return Command.START
    return _meaning(text, _COMMAND_OF) or _sign(text, _COMMAND_SIGN)


def yes_no(text: str) -> bool | None:
    """True for yes, False for no, None for anything else, in any of our languages and scripts.

    Use it only where the question is a yes-or-no one: "la" and "ah" are ordinary words elsewhere.
    """
    if _BEGIN.fullmatch(text.strip()):
        return None
    answer = _meaning(text, _ANSWER_OF)
    if answer is not None:
        return answer
    return _sign(text, _ANSWER_SIGN)


def done(text: str) -> bool:
    """Whether the whole of `text` says "that is all", where several things may be chosen or sent.

    Some of these words ("baraka") are also a `command`; where the answer is expected, it comes first.
    """
    return _meaning(text, _DONE_WORDS) is True or _sign(text, _ANSWER_SIGN) is True


def language_named(text: str) -> str | None:
    """The language asked for by name: "ar", "ary", "fr", "zgh" or "en"; None if none is named.

    The names of Tachelhit, Tarifit and "berbère" all mean the one Tamazight that we write, "zgh".
    """
    return _meaning(text, _LANGUAGE_OF)
