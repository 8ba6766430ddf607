"""Names, places and things of the fictional retailer. The first of each list is met most often."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MALE_NAMES = _words(
    """
    Timur Daniyar Arslan Ruslan Alisher Nurlan Bekzat Sanjar Rustam Azamat Jasur Eldar Marat
    Aibek Yerlan Sardor Farrukh Kanat Ulugbek Murat Dauren Otabek Ilyas Temirlan Bakhtiyar
    Askar Sherzod Adil Kairat Javlon Emre Orkhan Tahir Kuanysh Zafar Almaz Ibrahim Yusuf
    Galym Doniyor Serik Bolat Ravshan Tariel Nazim Erkin Samat Akmal Dilshod Ramil Chingiz
    Beksultan Anvar Islam Maksat Oybek Sultan Kemal Altay Yernar
    """
)
FEMALE_NAMES = _words(
    """
    Aigerim Dilnoza Madina Aliya Zarina Gulnara Kamila Leyla Nigora Saule Dinara Ayla Malika
    Sevara Asel Nargiza Feruza Aidana Lola Shahnoza Gulsara Ainur Zulfiya Jamila Elnura
    Nilufar Botagoz Dana Rano Meruert Gulchehra Aysel Umida Tomiris Raushan Iroda Zhanar
    Barno Sabina Mukhabbat Altynai Gozal Farida Karlygash Nazira Yulduz Aruzhan Oygul
    Perizat Mohira Symbat Kunduz Selin Dilorom Cholpon Gulmira Zebo Sholpan Togzhan Nodira
    """
)
FIRST_NAMES = (*MALE_NAMES, *FEMALE_NAMES)

_STEMS = _words(
    """
    Karim Rakhim Akhmed Yusup Nazar Ismail Sultan Abdulla Umar Ibragim Khasan Murat Temir
    Salim Kasym Tursun Ergash Alim Juma Mirza Zakir Saparbay Oraz Kurban Rustam Bayram Aman
    Sadyk Tash Nur Zhaksy Serik Kadyr Iskandar Halil Dzhabbar Yuldash Usman Rashid Shar
    Valikhan Musa Niyaz Omar Pulat Qodir Suleyman Toktar Abay Bektur Chingiz Davlat Ermek
    Fayzulla Gafur Hakim Ilyas Kenzhe Latif Mansur
    """
)
_ENDINGS = {"ov": 5.0, "bekov": 2.0, "bayev": 1.6, "khanov": 1.0, "kulov": 0.8, "zhanov": 0.6}
LAST_NAMES = tuple(stem + ending for stem in _STEMS for ending in _ENDINGS)
"""As men carry them; a woman's ends in -a."""
LAST_NAME_WEIGHTS = [
    weight / (rank + 10) for rank in range(len(_STEMS)) for weight in _ENDINGS.values()
]

CITIES = {
    "Almakent": 22.0,
    "Toshtepa": 20.0,
    "Altynqala": 12.0,
    "Samarbek": 10.0,
    "Nurabad": 8.0,
    "Bishtau": 7.0,
    "Khivaran": 6.0,
    "Turkestau": 5.0,
    "Qarasuv": 4.0,
    "Aktobay": 3.0,
    "Ferganov": 2.0,
    "Sarydala": 1.0,
}
STORES_PER_CITY = 2

CHANNELS = ("web", "store", "app")
CHANNEL_WEIGHTS = (0.42, 0.36, 0.22)
CONTACT_CHANNELS = ("email", "sms", "push", "phone")
TIERS = ("bronze", "silver", "gold")
RETURN_REASONS = ("damaged", "wrong size", "not as described", "changed mind", "late delivery")

EVENT_TYPES = {
    "page_view": 30.0,
    "product_view": 42.0,
    "search": 12.0,
    "cart_add": 11.0,
    "checkout": 5.0,
}
PAGES = ("/", "/product", "/search", "/cart", "/checkout")
"""By event type."""
PRODUCTS = 400

TICKET_CATEGORIES = {
    "delivery": 30.0,
    "product": 24.0,
    "billing": 18.0,
    "account": 13.0,
    "complaint": 15.0,
}
TICKET_STATUSES = ("resolved", "closed", "open", "in_progress")
PRIORITIES = {"low": 25.0, "medium": 45.0, "high": 22.0, "urgent": 8.0}

CAMPAIGNS = {  # id: (channel, age in days when it was sent)
    "CMP-2025-NAURYZ": ("email", 300),
    "CMP-2025-SUMMER": ("push", 195),
    "CMP-2025-SCHOOL": ("sms", 140),
    "CMP-2025-HARVEST": ("email", 84),
    "CMP-2025-YEAR-END": ("email", 32),
    "CMP-2026-WINTER": ("push", 3),
}
CONSENT_CHANNELS = ("web", "app", "store", "call_centre")
POLICY_VERSIONS = ("2024-03", "2025-02")
