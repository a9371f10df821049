"""Are the forms that nobody wrote a rule for read as well: other spacing, other words between, slips of the pen, and look-alikes?"""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.dossiers.citations import cite
from schakel.dossiers.citations.chapters import BUDGETS, CHAPTERS, FUNDS
from schakel.dossiers.scoring.labelled import rows
from shared import DATA, needs_shared

# One form a line; behind the bar what it names.
FORMS = """
Kamerstuk 33009,3|kst-33009-3
t.v.v. 33009,3|kst-33009-3
Kamerstuk 36200 XIV, nr.12|kst-36200-XIV-12
Kamerstuk 35 925-XV nr. 8|kst-35925-XV-8
t.v.v. 35925-XVI nr 12|kst-35925-XVI-12
t.v.v. 33 400 nr.16|kst-33400-16
tvv. 32123-XVI, nr. 41|kst-32123-XVI-41
t.v.v 33576, nr. 5|kst-33576-5
t.v.v. 33 576, nr. 5 (gewijzigd)|kst-33576-5
T.v.v. 33 576 nr.5 over iets|kst-33576-5
Tvv 33576-5|kst-33576-5
TVV 33576-5|kst-33576-5
t.v.v. 33576 -5|kst-33576-5
t.v.v. 33576- 5|kst-33576-5
t.v.v. 33576 - 5|kst-33576-5
t.v.v. 33576/5|kst-33576-5
t.v.v. 33576.5|kst-33576-5
t.v.v. 33576 5|kst-33576-5
t.v.v. 33576, 5|kst-33576-5
t.v.v. 33576; nr. 5|kst-33576-5
t.v.v. 33576, nr. 5 en nr. 6|kst-33576-5;kst-33576-6
t.v.v. 33576, nr. 5 en 33576, nr. 6|kst-33576-5;kst-33576-6
t.v.v. 33576-5 en 6|kst-33576-5;kst-33576-6
t.v.v. 33576-5 en -6|kst-33576-5;kst-33576-6
t.v.v. 33576-5 t/m 8|kst-33576-5;kst-33576-6;kst-33576-7;kst-33576-8
t.v.v. 33576, nrs. 5 t/m 7|kst-33576-5;kst-33576-6;kst-33576-7
t.v.v. 33576, nrs. 5-7|kst-33576-5;kst-33576-6;kst-33576-7
t.v.v. 33576, nr. 5, 6 en 7|kst-33576-5;kst-33576-6;kst-33576-7
t.v.v. 33576, nr. 5/6|kst-33576-5;kst-33576-6
Kamerstuk 31239-381 en 31239-382|kst-31239-381;kst-31239-382
Kamerstukken 31239-381 en 31239-382|kst-31239-381;kst-31239-382
Kamerstukken 31239-381, 31239-382 en 31240-5|kst-31239-381;kst-31239-382;kst-31240-5
Kamerstuk 31239-381 & 382|kst-31239-381;kst-31239-382
Kamerstuk 31239-381/382|kst-31239-381;kst-31239-382
Kamerstuk 31239-381, 382|kst-31239-381;kst-31239-382
Kamerstuk 31239-381 + 382|kst-31239-381;kst-31239-382
Kamerstuk 31239-381-382|kst-31239-381;kst-31239-382
Kamerstuk 31239-381 of 382|kst-31239-381;kst-31239-382
Kamerstuk 36410-A-5|kst-36410-A-5
Kamerstuk 36600-XXIII-15|kst-36600-XXIII-15
Kamerstuk 34298-(R2059)-10|kst-34298-(R2059)-10
Kamerstuk 34298 (R2059), nr. 10|kst-34298-(R2059)-10
Kamerstuk 34298-R2059-10|kst-34298-(R2059)-10
Kamerstuk 34 298 (R 2059), nr. 10|kst-34298-(R2059)-10
Kamerstuk 28286, nr. 1101 / 1102|kst-28286-1101;kst-28286-1102
Kamerstuknr 33750-5|kst-33750-5
Kamerstuknr. 33 750, nr. 5|kst-33750-5
kst. 33 750, nr. 5|kst-33750-5
KST 33 750, nr. 5|kst-33750-5
Kst 33750-5|kst-33750-5
Kamerstuk: 35 000, nr. 3|kst-35000-3
Kamerstuk nummer 35 000-3|kst-35000-3
kamerstuk nr. 35 000-3|kst-35000-3
kamerstuk nr 35 000 nr 3|kst-35000-3
Kamerstuk nr: 35000-3|kst-35000-3
Kamerstuk 35000 nr: 3|kst-35000-3
Kamerstuk 35000; nr. 3|kst-35000-3
Kamerstuk 35000: 3|kst-35000-3
Kamerstuk 35.000 nr.3|kst-35000-3
Kamerstuk 35.000, nr. 3|kst-35000-3
Kamerstuk (35000-3)|kst-35000-3
Kamerstuk 35000 (nr. 3)|kst-35000-3
Kamerstuk 35 000 (XIII), nr. 3|kst-35000-XIII-3
Kamerstuk 35 000-(XIII), nr. 3|kst-35000-XIII-3
Kamerstuk 35 000 hoofdstuk XIII, nr. 3|kst-35000-XIII-3
Kamerstuk 35000 onder nr. 3|kst-35000-3
Kamerstuk 35000, onder nr. 3|kst-35000-3
Kamerstuk 35000 stuk nr. 3|kst-35000-3
Kamerstuk 35000 xiii nr. 3|kst-35000-XIII-3
Kamerstuk 35000-viii-3|kst-35000-VIII-3
Kamerstuk 35000 VIII nr 3|kst-35000-VIII-3
Kamerstuk 35000VIII, nr. 3|kst-35000-VIII-3
Kamerstuk 35000-VIII,nr.3|kst-35000-VIII-3
Kamerstuk 35000 -VIII-3|kst-35000-VIII-3
Kamerstuk 35000 - VIII - 3|kst-35000-VIII-3
Kamerstuk 35000 - VIII -3|kst-35000-VIII-3
Kamerstuk 35000-VIII 3|kst-35000-VIII-3
Kamerstuk 35000 VIII 3|kst-35000-VIII-3
Kamerstuk 35000/VIII, nr. 3|kst-35000-VIII-3
Kamerstuk 35000-VIII/3|kst-35000-VIII-3
Kamerstuk 35000.VIII.3|kst-35000-VIII-3
Kamerstuk 35000-VIII.3|kst-35000-VIII-3
Kamerstuk 35000, VIII-3|kst-35000-VIII-3
Kamerstuk 35000, VIII, 3|kst-35000-VIII-3
Kamerstuk 35000-VIII--3|kst-35000-VIII-3
Kamerstuk 35000--3|kst-35000-3
Kamerstuk  35000 ,nr. 3|kst-35000-3
Kamerstuk 35000 , 3|kst-35000-3
t.v.v. 21 501-32, nr. 5|kst-21501-32-5
t.v.v. 21501 -32 nr. 5|kst-21501-32-5
t.v.v. 21501-32-nr. 5|kst-21501-32-5
t.v.v. 21501-32- 5|kst-21501-32-5
t.v.v. 21501-32 -5|kst-21501-32-5
t.v.v. 21501-32/5|kst-21501-32-5
t.v.v. 21501-32 5|kst-21501-32-5
Kamerstuk 21 501 20, nr. 700|kst-21501-20-700
Kamerstuk 21501 – 20 – 700|kst-21501-20-700
t.v.v. 21501-20|dossier 21501-20
Kamerstuk 36410-XIV- nr. 61|kst-36410-XIV-61
Kamerstuk 34550-XVI nr 21.|kst-34550-XVI-21
Kamerstuk 33 750 H, nr. 3|kst-33750-H-3
Kamerstuk 33750H, nr. 3|kst-33750-H-3
Kamerstuk 33750-H nr. 3|kst-33750-H-3
Kamerstuk 35 570 J-21|kst-35570-J-21
Kamerstuk 35300 VII, A|kst-35300-VII-A
Kamerstuk 35300-VII-A|kst-35300-VII-A
Kamerstuk 35301, A|kst-35301-A
Kamerstuk 35301-A|kst-35301-A
Kamerstuk 35301 A|kst-35301-A
Kamerstuk 35301, letter A|kst-35301-A
EK 35 301, A|kst-35301-A
EK, 35 301, A|kst-35301-A
Kamerstuk 32317, CV|kst-32317-CV
Kamerstuk 32317-CV|kst-32317-CV
Kamerstukken I, 32317, KS|kst-32317-KS
Kamerstuk 36202, T, U en V|kst-36202-T;kst-36202-U;kst-36202-V
Kamerstuk 36202-T en U|kst-36202-T;kst-36202-U
Kamerstuk 36202-T en 36202-U|kst-36202-T;kst-36202-U
Kamerstuk 36600-VII, 36600-X en 36600-V|dossier 36600-VII;dossier 36600-X;dossier 36600-V
Kamerstuk 36600 VII en X|dossier 36600-VII;dossier 36600-X
Kamerstuk 36 740|dossier 36740
Kamerstukken 36 740 en 36 741|dossier 36740;dossier 36741
Kamerstuk 36 740/36 741|dossier 36740;dossier 36741
Kamerstuk 36740, 36741|dossier 36740;dossier 36741
35971, 35972 en 35973|dossier 35971;dossier 35972;dossier 35973
36740-VI|dossier 36740-VI
36 740 VI|dossier 36740-VI
Kamerstuk 36 740-VI.|dossier 36740-VI
Kamerdossier 36740|dossier 36740
dossier 36740|dossier 36740
t.v.v. 35971-12 en 35972-14|kst-35971-12;kst-35972-14
t.v.v. de motie 35971-12|kst-35971-12
t.v.v. motie 35971, nr. 12|kst-35971-12
t.v.v. motie op stuk nr. 12|rel:12
t.v.v. de motie op Kamerstuk 35971, nr. 12|kst-35971-12
ter vervanging van Kamerstuk 35971, nr. 12|kst-35971-12
ter vervanging van 35971, nr. 12|kst-35971-12
ter vervanging van gedrukt onder nr. 12|rel:12
t.v.v. die gedrukt onder 35971, nr. 12|kst-35971-12
t.v.v. die gedrukt onder Kamerstuk 35971, nr. 12|kst-35971-12
t.v.v. nr.76|rel:76
tvv nr 36|rel:36
tvv nr.36 over x|rel:36
t.v.v. nrs. 12 en 13|rel:12;rel:13
t.v.v. nrs. 12, 13 en 14|rel:12;rel:13;rel:14
t.v.v. stuk nr. 12|rel:12
t.v.v. motie nr. 12|rel:12
t.v.v. amendement nr. 12|rel:12
t.v.v. amendement 12|rel:12
t.v.v. de motie gedrukt onder nr. 12|rel:12
t.v.v. die gedrukt onder nrs 12|rel:12
t.v.v. dat gedrukt onder nr. 12|rel:12
t.v.v. het amendement met nr. 12|rel:12
t.v.v. motie met nummer 12|rel:12
t.v.v. 12|rel:12
t.v.v. 12 over kinderopvang|rel:12
t.v.v. nummer 12|rel:12
t.v.v. nr, 12|rel:12
t.v.v. nr: 12|rel:12
t.v.v. nr.. 12|rel:12
t.v.v. no. 12|rel:12
t.v.v. nr. 12 en 13|rel:12;rel:13
t.v.v. nr. 12 en nr. 13|rel:12;rel:13
t.v.v. nr. 12 t/m 14|rel:12;rel:13;rel:14
t.v.v.nr. 12|rel:12
t.v.v.  nr. 12|rel:12
t.v.v nr. 12|rel:12
T.v.v. nr. 12|rel:12
t. v. v. nr. 12|rel:12
tvv. nr. 12|rel:12
(t.v.v. nr. 12)|rel:12
t.v.v. (nr. 12)|rel:12
t.v.v. nr. 12)|rel:12
t.v.v. 12)|rel:12
t.v.v nr 12 inzake|rel:12
ter vervanging van nummer 12|rel:12
ter vervanging nr. 12|rel:12
ter vervanging van dat gedrukt onder nr. 12|rel:12
t.v.v. die onder nr. 12|rel:12
gedrukt onder nr 12|rel:12
gedrukt onder nrs. 12 en 13|rel:12;rel:13
gedrukt onder nummer 12|rel:12
t.v.v. nr. 12 d.d. 3 mei 2012|rel:12
t.v.v. nr. 12 van het lid X|rel:12
t.v.v. nr. 4 lid Jansen|rel:4
t.v.v. nr. 1234|rel:1234
motie t.v.v. nr. 12 (35 971)|kst-35971-12
t.v.v. nr. 12 (35971)|kst-35971-12
op stuk nr. 12|rel:12
Kamerstuk nr. 12|rel:12
Kamerstukken nrs. 12 en 13|rel:12;rel:13
"""
EUROPEAN = """
Richtlijn nr. 2007/64/EG|CELEX 32007L0064
Richtlijn 97/7/EG|CELEX 31997L0007
Richtlijnen 97/7/EG, 2002/65/EG, 2005/60/EG en 2006/48/EG|CELEX 31997L0007;CELEX 32002L0065;CELEX 32005L0060;CELEX 32006L0048
richtlijn nr. 2015/2366/EU|CELEX 32015L2366
Verordening (EG) nr. 1907/2006|CELEX 32006R1907
Verordening 1907/2006|CELEX 32006R1907
Verordening (EG) nr. 2003/2003|CELEX 32003R2003
Verordening (EG) nr. 1998/2006|CELEX 32006R1998
Verordening (EU) 2016/679|CELEX 32016R0679
Verordening (EU) nr. 2016/679|CELEX 32016R0679
Verordening (EU) 2019/2006|CELEX 32019R2006
Verordening (EU) 2021/821|CELEX 32021R0821
Verordening (EEG) nr. 1408/71|CELEX 31971R1408
Verordening (EEG) nr. 2913/92|CELEX 31992R2913
Verordening nr. 17/62|CELEX 31962R0017
Besluit nr. 1313/2013/EU|CELEX 32013D1313
Besluit 2014/335/EU|CELEX 32014D0335
Besluit (EU) 2022/2481|CELEX 32022D2481
Kaderbesluit 2002/584/JBZ|CELEX 32002F0584
Aanbeveling (EU) 2023/2113|CELEX 32023H2113
Regulation (EU) 2023/1781|CELEX 32023R1781
Verordeningen (EU) nr. 1303/2013 en (EU) nr. 1304/2013|CELEX 32013R1303;CELEX 32013R1304
Trb. 2015, 171 en 182|trb-2015-171;trb-2015-182
Stb. 2024, 88|stb-2024-88
Stb. 2024, 88, 90 en 91|stb-2024-88;stb-2024-90;stb-2024-91
Staatscourant 2023, nr. 18212|stcrt-2023-18212
Stcrt. 2023, 18212, p. 3|stcrt-2023-18212
Stcrt-2023-18212|stcrt-2023-18212
Staatscourant 2023/18212|stcrt-2023-18212
COM(2022) 46 final|COM(2022)46
COM (2022) 46|COM(2022)46
COM/2022/46|COM(2022)46
COM(2022)46 final/2|COM(2022)46
COM 2022 46|COM(2022)46
SWD(2021)352|SWD(2021)352
JOIN(2023) 20 final|JOIN(2023)20
C(2023) 6689 final|C(2023)6689
COM(2023) 62 en 63|COM(2023)62;COM(2023)63
COM(2021)|
(2021/C 528/02)|CELEX 52021XC1230(02)
PB C 528 van 30.12.2021|OJ:C:2021:528
PB L 119 van 4.5.2016, blz. 1|OJ:L:2016:119
OJ L, 2023/1781, 18.9.2023|OJ:L:2023/1781
PB L, 2024/795, 29.2.2024|OJ:L:2024/795
2022/0032(COD)|2022/0032(COD)
2022/0032 (COD)|2022/0032(COD)
ECLI:NL:RVS:2023:1234|ECLI:NL:RVS:2023:1234
ECLI:EU:C:2020:559|ECLI:EU:C:2020:559
52022PC0046|CELEX 52022PC0046
CELEX: 32023R1781|CELEX 32023R1781
BWBR0005416|BWBR0005416
jci1.3:c:BWBR0005416&hoofdstuk=2&artikel=68|jci1.3:c:BWBR0005416&hoofdstuk=2&artikel=68
Aanhangsel Handelingen II 2023/24, nr. 1028|ah-tk-20232024-1028
Aanhangsel van de Handelingen, vergaderjaar 2023-2024, 1028|ah-tk-20232024-1028
Handelingen II 2020/21, nr. 55, item 2|h-tk-20202021-55-2
Handelingen I 2020/21, nr. 5, item 2|h-ek-20202021-5-2
Aanhangsel Handelingen EK 2020/21, nr. 5|ah-ek-20202021-5
ah-tk-20242025-1028|ah-tk-20242025-1028
TZ202509-007|TZ202509-007
toezegging TZ 202509-007|TZ202509-007
toezegging TZ202509–007|TZ202509-007
2024D12345|2024D12345
2024 D 12345|2024D12345
2024D12345/2024Z12346|2024D12345;2024Z12346
2024A01234|2024A01234
"""

# Form, literal identifier, best reading; each is reported and none has a link.
MALFORMED = """
3680, nr. 48|kst-3680-48|kst-36800-48
Motie over iets (3680, nr. 48)|kst-3680-48|kst-36800-48
Kamerstuk 36410-XVI148|kst-36410-XVI148|kst-36410-XVI-148
Kamerstuk 36410XVI148|kst-36410-XVI148|kst-36410-XVI-148
t.v.v. 34775-XV1, nr. 92|kst-34775-XV1-92|kst-34775-XVI-92
Kamerstuk 34775-VIIII-92|kst-34775-VIIII-92|
Kamerstuk 34775-XVIa-92|kst-34775-XVIa-92|
Kamerstuk 34775-Z-92|kst-34775-Z-92|
Kamerstuk 36410-VIII-VIII-12|kst-36410-VIII-VIII-12|kst-36410-VIII-12
Kamerstuk 36410-36410-VIII-12|kst-36410-36410-VIII-12|kst-36410-VIII-12
Kamerstuk 36410-VIII-123456|kst-36410-VIII-123456|
Kamerstuk 36410-12345|kst-36410-12345|
Kamerstuk 36410, nr. 0|kst-36410-0|
Kamerstuk 3680, nr. 48|kst-3680-48|kst-36800-48
t.v.v. 3680, nr. 48|kst-3680-48|kst-36800-48
tvv 3300-VI, nr. 4|kst-3300-VI-4|kst-35300-VI-4
Kamerstuk 2150-20-1234|kst-2150-20-1234|kst-21501-20-1234
Kamerstuk 21051-20-1234|kst-21051-20-1234|kst-21501-20-1234
Kamerstuk 332 42, nr. 5|kst-33242-5|kst-33242-5
Kamerstuk 36-600-VIII, nr. 3|kst-36600-VIII-3|kst-36600-VIII-3
Kamerstuk 21-501-20, nr. 700|kst-21501-20-700|kst-21501-20-700
Kamerstuk 36O00-3|kst-36O00-3|kst-36000-3
Kamerstuk 33000 XIII nr. l2|kst-33000-XIII-l2|kst-33000-XIII-12
Kamerstuk 00410-3|kst-00410-3|
Kamerstuk 36321-|dossier 36321|dossier 36321
Kamerstuk 36410-XVI-|dossier 36410-XVI|dossier 36410-XVI
Kamerstuk 36321, nr.|dossier 36321|dossier 36321
t.v.v. 36321, nr. over iets|dossier 36321|dossier 36321
Kamerstuk 5392|kst-5392|
Kamerstuk 53|rel:53|
Kamerstuk 2024-12345|kst-2024-12345|
2024Z1234|2024Z1234|
TZ2025-09-007|TZ2025-09-007|TZ202509-007
TZ202509007|TZ202509007|TZ202509-007
"""

# Nothing of this cites a paper.
NEGATIVES = """
(35 300 A)
De motor trekt 35 300 A.
dat kost 25 000 (nr. 3) in de lijst
De kabel van 20 000 V-3 voldoet
(20 000 V-3)
(33009,3)
zie 33009,3 miljoen
artikel 3680, nr. 48
Postbus 3680, nr. 48
(2020, nr. 48)
Postbus 20401 2500 EK Den Haag
Postbus 20011, 2500 EA Den Haag
Postbus 16180 2500 BD
2595 BD Den Haag
Bezuidenhoutseweg 73
T 070 379 8911
tel. 06-12345678
06 12 345 678
+31 70 12 345 67
0900-12345-67
25000 - 30 per stuk
25.000 - 30.000 euro
tussen 25 000 en 30 000 inwoners
EUR 25 000
€ 25.000, nr. 3 op de lijst
€ 25.000,00
20 000-25 000 woningen
25 000-30 bedrijven
ca. 25 000, 12 000 en 13 000 woningen
NL91 ABNA 0417 1643 00
IBAN NL91ABNA0417164300
KvK 27123456
KvK-nummer 12345-678
BTW NL001234567B01
12-10-2024
2024-10-12
12.345,67
artikel 25 345
artikel 12, lid 3, nr. 4
artikel 3:305a BW
art. 6, nr. 12
t.v.v. de Energieraad
t.v.v. van de bewoners
t.v.v. ouderen (12 000 personen)
ter vervanging van 12 bussen
ter vervanging van 25 000 woningen
ter vervanging van 12 000 oude ketels
ter vervanging van de 345 lampen
het dossier 12 maanden open
dossier Afval
het dossier van 25 000 mensen
dossiers over 36 000 mensen
kamerstukken 2020-2021
Kamerstukken II
de Kamerstukken van 2023
alle Kamerstukken uit 2024
30 000 kamerstukken
de Kamer heeft 36 000 brieven ontvangen
Kamerstuk van 12 maart 2023
nr. 12 van de lijst
nr. 12
de nummers 12 en 13
kamer 36410
zaal 36 410-A
lokaal 35 300 A
postcode 35 300
versie 35300-2
ISBN 978-90-12345-67-8
ISO 27001-2022
ISO 14001, nr. 3
NEN 15001-1
EN 16931-1
DIN 18015-3
NEN-EN 50001, nr 2
RFC 21001-5
CPV 45000000-7
SBI 26110-12
GS1 36410-12345
12345-67890
Boeing 777-300
36410 kg
36 410 MWh
36.410-37.000 ton
(25000) inwoners
een groei van 36 000 naar 36 410
op stuk van zaken
gedrukt onder de aandacht
in 2023, 18212 gevallen
Staatscourant van 2023
in de Staatscourant 12 keer
de wet van 2023/1781 mensen
COM-poort 2022 46
SEC 2010
besluit 12/13 maart
besluit 3/4 van de leden
richtlijn 1/2
JOIN 2024
in 2024 D66
2024 Z
op 12/2024
TZ
TZ 2024
10.000/12.000
schaal 1/25 000
1:25 000
25 000, 30 000 en 35 000
35 971 en 35 972 deelnemers
(36 000 / 37 000)
(25 000)
(25 000, 26 000)
[23 456]
begroting 2024 (36 000)
het bedrag (€ 36 000) 
het jaarverslag 36 000 exemplaren
Volkert 21 501-20
wet 25 000
wetsvoorstel 12 maanden
amendement 25 000 euro
amendement met 36 000 euro
motie 25 000 banen
brief 25 000 huishoudens
zie 25 000 woningen
zie ook bladzijde 36 410
nota 12 345 pagina's
TK 25 000 stemmen
EK 2024
EK 20 000 toeschouwers
EK, 20 000 toeschouwers
WK 2022-23
week 24 500-12
van 35 000 XII keer
ruim 15 000, nr. 1 in Europa
paleis 36 600 X
op plaats 20 100, nr 5 is gekozen
SWIFT 23456-12
met 21 501-02 als resultaat
een korting van 20 500-20
temperatuur 15 000 K-5
"""


def table(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.rsplit("|", text.strip().split("\n")[0].count("|"))) for line in text.strip().split("\n")]


def ids(text: str) -> list[str | None]:
    return [m.value["id"] for m in cite(text).citations]


@pytest.mark.parametrize(("text", "expected"), table(FORMS) + table(EUROPEAN))
def test_forms_alone_and_in_a_title(text: str, expected: str) -> None:
    wanted = sorted(e for e in expected.split(";") if e)
    assert sorted(map(str, ids(text))) == wanted
    if "(" in text or ")" not in text:
        cited = cite(f"Reactie op de motie van het lid Jansen over leerlingen ({text}) en verder")
        assert sorted(str(m.value["id"]) for m in cited.citations) == wanted
        assert all("malformed" not in f.kind for f in cited.findings) or text in ("Kamerstuk nr. 12",)


@pytest.mark.parametrize(("text", "literal", "reading"), table(MALFORMED))
def test_slips_keep_what_they_say_and_are_reported(text: str, literal: str, reading: str) -> None:
    cited = cite(text)
    assert [(m.value["id"], m.value["link"]) for m in cited.citations] == [(literal, None)]
    assert [f.best_reading for f in cited.findings] == [reading or None]
    (told,) = cited.findings
    assert text[told.start : told.end] == told.quote
    assert told.sentence["en"] != told.sentence["nl"]


@pytest.mark.parametrize(
    "text",
    ["Kamerstuk volgt", "Kamerstuk TBD", "Kamerstuk p.m.", "Kamerstuk XX XXX, nr. XX", "Kamerstuk 36321, nr. PM"],
)
def test_blanks_are_placeholders(text: str) -> None:
    cited = cite(text)
    assert [f.kind for f in cited.findings] == ["citation-placeholder"]
    assert all(m.value["link"] is None for m in cited.citations)


@pytest.mark.parametrize("text", NEGATIVES.strip().split("\n"))
def test_look_alikes_cite_nothing(text: str) -> None:
    assert ids(text) == []
    assert ids(f"In de brief staat: {text}. Daarna volgt meer.") == []


def test_an_official_paper_names_itself_and_lends_its_dossier_to_relative_numbers() -> None:
    text = (
        "Vergaderjaar 2024-2025\nTweede Kamer der Staten-Generaal\n2\nKamerstukken\n21 501\n-\n02\nRaad Algemene Zaken\nNr.\n2863\n"
        "GEWIJZIGDE MOTIE VAN HET LID JANSEN\nTER VERVANGING VAN DIE GEDRUKT ONDER NR. 2834\n"
    )
    found = cite(text).citations
    assert [(m.value["id"], m.value["relation"]) for m in found] == [
        ("kst-21501-02-2863", "own"),
        ("kst-21501-02-2834", "replaces"),
    ]
    assert cite(text, own_dossier="36600 X").citations[1].value["id"] == "kst-36600-X-2834"


NOTES = """De brief gaat over groei.1 En over kennis.2 Meer.3 Nog meer.4

1 TNO, 2024. Grip op schakels
2 Bron: CBS, Nederlanders steeds vaardiger, juni 2023.
3 Innovatieplan voor de regio 8 juli 2022.
4 Gezamenlijke mededeling van de Commissie en HV over “lacunes in defensie-investeringen”.
"""


def test_notes_cite_by_author_title_and_day() -> None:
    found = {m.value["id"]: m for m in cite(NOTES).citations}
    assert set(found) == {
        "TNO: Grip op schakels (2024)",
        "CBS: Nederlanders steeds vaardiger (2023)",
        "Innovatieplan voor de regio (2022-07-08)",
        "EU:lacunes in defensie-investeringen",
    }
    assert found["EU:lacunes in defensie-investeringen"].value["candidates"] == ["JOIN(2022)24"]
    assert all(m.quote == NOTES[m.start : m.end] for m in found.values())
    assert ids(NOTES.split("\n\n")[0] + " TNO, 2024. Grip op schakels") == []  # a sentence is no note


def test_the_day_of_a_debate_is_not_that_of_the_letter() -> None:
    assert ids("Kamerbrief over toezeggingen uit het commissiedebat Economie van 7 november 2024") == []
    assert ids("Kamerbrief over de economie van 7 november 2024") == ["Kamerbrief:2024-11-07"]


# Every labelled shape with other numbers

LONG = sorted(c for c in CHAPTERS if len(c) > 1)
TOKEN = re.compile(r"\d{2} \d{3}(?!\d)|\d+|[A-Z]+(?![a-z])")


def other_numbers(text: str, gold: list[str], choose: random.Random) -> tuple[str, list[str]]:
    """Give a shape another dossier, addition and numbers; return it with what it then names."""
    parts = [
        re.match(r"(?:kst|dossier)-(\d{5})(?:-([IVX]+[ABC]?|[A-N]|\d\d)(?=-|$))?(?:-(\d+|[A-Z]{1,2}))?$", g)
        for g in gold
    ]
    named = [m.groups() for m in parts if m]
    named = [
        (d, None, a) if g.startswith("kst") and n is None else (d, a, n)
        for (d, a, n), g in zip(named, gold, strict=True)
    ]
    dossiers: dict[str, str] = {}
    additions: dict[str, str] = {}
    for dossier, addition, _ in named:
        fixed = dossier.startswith("2150")
        budget = str(choose.choice(sorted(BUDGETS.values())))
        plain = str(choose.randint(22000, 36900))
        dossiers.setdefault(dossier, dossier if fixed else budget if addition else plain)
        if addition and not addition.isdigit() and addition not in additions:
            free = sorted(FUNDS - set(additions.values()))
            additions[addition] = (
                choose.choice(LONG) if len(addition) > 1 else choose.choice(free) if addition in FUNDS else addition
            )
    shift = choose.randint(1, 900)
    numbers = {n: str(int(n) + shift) for _, _, n in named if n and n.isdigit()}

    def changed(m: re.Match[str]) -> str:
        token, bare = m.group(), m.group().replace(" ", "")
        if bare in dossiers:
            new = dossiers[bare]
            return f"{new[:2]} {new[2:]}" if " " in token else new
        if token in additions and re.search(r"\d[ ,.-]*$", text[: m.start()]):
            return additions[token]
        return numbers.get(token, token)

    wanted = []
    for dossier, addition, number in named:
        tail = [
            dossiers[dossier],
            additions.get(addition, addition) if addition else None,
            numbers.get(number, number) if number else None,
        ]
        wanted.append(("kst-" if number else "dossier ") + "-".join(p for p in tail if p))
    return TOKEN.sub(changed, text), wanted


@needs_shared
@given(st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_labelled_shapes_with_other_numbers_and_typography(choose: random.Random) -> None:
    for row in rows(DATA / "truth", "wild_citations"):
        if row["kind"] not in ("ok", "dossier", "relative"):
            continue
        if row["kind"] == "relative":
            number = str(choose.randint(1, 2500))
            text, wanted = re.sub(r"\d+", number, row["text"], count=1), [f"rel:{number}"]
        else:
            text, wanted = other_numbers(row["text"], row["gold"].split(";"), choose)
        text = re.sub(r"(?<! ) (?! )", lambda _: choose.choice([" ", " ", "\u00a0", "\u2009", "\n"]), text)
        text = "".join(choose.choice("--–\u2011−") if c == "-" else c for c in text)
        before, behind = (
            choose.choice(["", "Reactie op de motie (", "Zie "]),
            choose.choice(["", ")", " over iets", "."]),
        )
        whole = before + text + behind
        cited = cite(whole)
        assert sorted(str(m.value["id"]) for m in cited.citations) == sorted(wanted), whole
        assert cited.findings == (), whole
        assert all(whole[m.start : m.end] == m.quote for m in cited.citations)
