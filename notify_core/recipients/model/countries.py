"""Countries and territories as they stand on the last line of an address, and what it costs to write there.

Names: the UK government's register of countries and territories, short forms; other spellings are those that
people and other countries' post offices write, in English, Welsh and the country's own language. Zones: Royal Mail,
"International zones".
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Zone(StrEnum):
    UK = "uk"
    EUROPE = "europe"
    REST_OF_WORLD = "rest-of-world"


@dataclass(frozen=True, slots=True)
class Country:
    """``name`` is what is printed on the letter."""

    name: str
    zone: Zone


# Where a postcode is enough, and the name is left out. One a line: the name, then other spellings.
_UK: Final = """
United Kingdom|UK|GB|GBR|Great Britain|Britain|Prydain Fawr|Y Deyrnas Unedig|Deyrnas Unedig
England|Lloegr
Scotland|Yr Alban|Alba
Wales|Cymru
Northern Ireland|Gogledd Iwerddon
Isle of Man|Ynys Manaw|Ellan Vannin
Jersey
Guernsey
Channel Islands|Ynysoedd y Sianel
Alderney
Sark
Herm
"""

_EUROPE: Final = """
Albania|Shqiperia
Andorra
Armenia
Austria|Österreich|Oesterreich|Awstria
Azerbaijan
Azores|Açores
Balearic Islands|Islas Baleares
Belarus
Belgium|België|Belgique|Belgien|Gwlad Belg
Bosnia and Herzegovina|Bosnia|Bosna i Hercegovina
Bulgaria|Bwlgaria
Canary Islands|Islas Canarias
Corsica|Corse
Croatia|Hrvatska
Cyprus|Kypros
Czechia|Czech Republic|Česko|Česká republika|Gweriniaeth Tsiec
Denmark|Danmark|Denmarc
Estonia|Eesti
Faroe Islands|Faroes|Føroyar
Finland|Suomi|Y Ffindir
France|Ffrainc
Georgia
Germany|Deutschland|Federal Republic of Germany|Yr Almaen
Gibraltar
Greece|Hellas|Ellada|Gwlad Groeg
Greenland|Kalaallit Nunaat
Hungary|Magyarország|Hwngari
Iceland|Ísland|Gwlad yr Iâ
Ireland|Republic of Ireland|Éire|Eire|Iwerddon
Italy|Italia|Yr Eidal
Kazakhstan
Kosovo
Kyrgyzstan
Latvia|Latvija
Liechtenstein
Lithuania|Lietuva
Luxembourg|Luxemburg|Lëtzebuerg
Madeira
Malta
Moldova
Monaco
Montenegro|Crna Gora
Netherlands|Holland|Nederland|Yr Iseldiroedd
North Macedonia|Macedonia
Norway|Norge|Noreg|Norwy
Poland|Polska|Gwlad Pwyl
Portugal|Portiwgal
Romania|România
Russia|Russian Federation|Rwsia
San Marino
Serbia|Srbija
Slovakia|Slovensko
Slovenia|Slovenija
Spain|España|Sbaen
Svalbard and Jan Mayen|Svalbard
Sweden|Sverige
Switzerland|Schweiz|Suisse|Svizzera|Y Swistir
Tajikistan
Turkey|Türkiye|Twrci
Turkmenistan
Ukraine|Wcráin
Uzbekistan
Vatican City|Holy See
"""

_REST_OF_WORLD: Final = """
Afghanistan
Algeria
American Samoa
Angola
Anguilla
Antigua and Barbuda|Antigua
Argentina
Aruba
Ascension
Australia|Awstralia
Bahamas|Commonwealth of The Bahamas
Bahrain
Bangladesh
Barbados
Belize
Benin
Bermuda
Bhutan
Bolivia
Bonaire
Botswana
Brazil|Brasil
British Antarctic Territory
British Indian Ocean Territory
British Virgin Islands
Brunei
Burkina Faso
Burundi
Cambodia
Cameroon
Canada
Cape Verde|Cabo Verde
Cayman Islands
Central African Republic
Chad
Chile
China|People's Republic of China|PRC|Tsieina
Christmas Island
Cocos (Keeling) Islands|Cocos Islands|Keeling Islands
Colombia
Comoros
Congo|Republic of the Congo
Congo (Democratic Republic)|Democratic Republic of the Congo|DR Congo|DRC
Cook Islands
Costa Rica
Cuba
Curaçao
Djibouti
Dominica
Dominican Republic
East Timor|Timor Leste
Ecuador
Egypt
El Salvador
Equatorial Guinea
Eritrea
Eswatini|Swaziland
Ethiopia
Falkland Islands|Falklands
Fiji
French Guiana
French Polynesia
French Southern Territories
Gabon
Gambia|The Gambia
Ghana
Grenada
Guadeloupe
Guam
Guatemala
Guinea
Guinea-Bissau
Guyana
Haiti
Honduras
Hong Kong|Hong Kong SAR
India
Indonesia
Iran
Iraq
Israel
Ivory Coast|Côte d'Ivoire
Jamaica
Japan|Nippon|Siapan
Jordan
Kenya
Kiribati
Kuwait
Laos
Lebanon
Lesotho
Liberia
Libya
Macao|Macau
Madagascar
Malawi
Malaysia
Maldives
Mali
Marshall Islands
Martinique
Mauritania
Mauritius
Mayotte
Mexico|México
Micronesia
Mongolia
Montserrat
Morocco
Mozambique
Myanmar (Burma)|Myanmar|Burma
Namibia
Nauru
Nepal
New Caledonia
New Zealand|Aotearoa|NZ|Seland Newydd
Nicaragua
Niger
Nigeria
Niue
Norfolk Island
North Korea|DPRK
Northern Mariana Islands
Occupied Palestinian Territories|Palestine
Oman
Pakistan
Palau
Panama
Papua New Guinea
Paraguay
Peru
Philippines
Pitcairn, Henderson, Ducie and Oeno Islands|Pitcairn Islands|Pitcairn
Puerto Rico
Qatar
Réunion
Rwanda
Samoa
Sao Tome and Principe
Saudi Arabia|KSA
Senegal
Seychelles
Sierra Leone
Singapore
Sint Maarten|St Maarten
Solomon Islands
Somalia
South Africa|De Affrica
South Georgia and the South Sandwich Islands|South Georgia
South Korea|Korea|Republic of Korea
South Sudan
Sri Lanka
St Barthélemy|Saint Barthélemy
St Helena|Saint Helena
St Kitts and Nevis|Saint Kitts and Nevis
St Lucia|Saint Lucia
St Martin|Saint Martin
St Pierre and Miquelon|Saint Pierre and Miquelon
St Vincent|Saint Vincent and the Grenadines|St Vincent and the Grenadines
Sudan
Suriname
Syria
Taiwan
Tanzania
Thailand
Togo
Tokelau
Tonga
Trinidad and Tobago|Trinidad
Tristan da Cunha
Tunisia
Turks and Caicos Islands
Tuvalu
Uganda
United Arab Emirates|UAE
United States|USA|US|United States of America|America|Unol Daleithiau America
United States Virgin Islands|US Virgin Islands
Uruguay
Vanuatu
Venezuela
Vietnam|Viet Nam
Wallis and Futuna
Western Sahara
Yemen
Zambia
Zimbabwe
"""

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_ARTICLE: Final = re.compile(r"^the (?=\S)")


def country_named(text: str) -> Country | None:
    """The country that a line of an address names, in any case and with or without accents."""
    return _BY_KEY.get(_key(text))


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("&", " and "))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    spaced = " ".join(_NOT_LETTERS.sub(" ", bare.replace("'", "").replace(".", "")).split())
    return _ARTICLE.sub("", spaced)


def _table() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    for zone, listed in ((Zone.UK, _UK), (Zone.EUROPE, _EUROPE), (Zone.REST_OF_WORLD, _REST_OF_WORLD)):
        for line in listed.split("\n"):
            name, *others = line.split("|")
            for spelling in (name, *others):
                found[_key(spelling)] = Country(name, zone)
    del found[""]
    return found


_BY_KEY: Final = _table()
